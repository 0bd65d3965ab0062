import type { BuiltinSymbol, KerasRelease, TableName } from "../catalogue/keras.ts";
import type { Declaration, RegistryView, SourceLocation, WorkspaceClass } from "../registry/view.ts";
import type { ConfigClass, ConfigKey } from "./configKeys.ts";
import { exportedSymbols } from "./exportedSymbols.ts";
import type { ObjectIdentity } from "./wholeObject.ts";

/** Where the words about a choice come from. */
export type ChoiceAbout =
  | { readonly builtin: string; readonly argument?: string }
  | { readonly workspace: SourceLocation }
  | undefined;

/** A class of which an object can be written. */
export interface ObjectChoice {
  readonly cls: ConfigClass;
  readonly identity: ObjectIdentity;
  readonly about: ChoiceAbout;
}

/** The classes of which an object is due at a key: of the kind that its slot deserializes, Keras's and the workspace's. */
export function* offeredObjects(
  { key, slot }: ConfigKey,
  holder: ConfigClass,
  { release, registry }: { readonly release: KerasRelease; readonly registry: RegistryView },
): Iterable<ObjectChoice> {
  if (!slot) return;
  const kind = kindOf(key, slot.by, holder);
  const base = baseOf(release, kind);
  if (!base) return;
  for (const declared of registry.keys()) {
    for (const declaration of registry.declarations(declared)) {
      const cls = workspaceClass(registry, declaration);
      if (cls && derives(release, cls, base)) yield ofWorkspace(cls, declaration);
    }
  }
  for (const { path, symbol } of exportedSymbols(release)) {
    if (symbol.kind !== "class" || isSame(symbol, base) || !symbol.mro.some((one) => isSame(one, base))) continue;
    const dot = path.lastIndexOf(".");
    const identity = { module: path.slice(0, dot), className: path.slice(dot + 1), registeredName: null };
    if (!path.startsWith("keras._legacy."))
      yield { cls: { from: "keras", symbol }, identity, about: { builtin: path } };
  }
}

/** Which kind of object a slot takes: what `deserialize_keras_object` revives in a wrapper is a layer. */
function kindOf(key: string, by: string, holder: ConfigClass): TableName | undefined {
  const table = by.slice(0, Math.max(0, by.indexOf("."))) as TableName | "";
  if (table !== "") return table;
  if (/(?:^|_)(?:layers?|cells?)$/.test(key)) return "layers";
  if (/(?:^|_)optimizer$/.test(key)) return "optimizers";
  return holder.from === "keras" && key === "learning_rate" ? "schedules" : undefined;
}

const bases: Readonly<Partial<Record<TableName, string>>> = {
  constraints: "keras.constraints.Constraint",
  dtype_policies: "keras.dtype_policies.DTypePolicy",
  initializers: "keras.initializers.Initializer",
  layers: "keras.layers.Layer",
  losses: "keras.losses.Loss",
  metrics: "keras.metrics.Metric",
  optimizers: "keras.optimizers.Optimizer",
  quantizers: "keras.quantizers.Quantizer",
  regularizers: "keras.regularizers.Regularizer",
  schedules: "keras.optimizers.schedules.LearningRateSchedule",
};

function baseOf(release: KerasRelease, kind: TableName | undefined): BuiltinSymbol | undefined {
  const path = kind && bases[kind];
  return path === undefined ? undefined : release.resolve(path);
}

function workspaceClass(registry: RegistryView, { kind, module, qualname, location }: Declaration) {
  return kind === "class" ? registry.classOf(module, qualname, location) : undefined;
}

function derives(release: KerasRelease, cls: WorkspaceClass, base: BuiltinSymbol): boolean {
  return cls.mro.some((entry) => {
    const symbol = entry.kind === "external" ? release.resolve(entry.path) : undefined;
    return symbol?.mro.some((one) => isSame(one, base)) === true;
  });
}

function ofWorkspace(cls: WorkspaceClass, { module, key, location }: Declaration): ObjectChoice {
  const identity = { module, className: cls.name, registeredName: key };
  return { cls: { from: "workspace", cls }, identity, about: { workspace: location } };
}

function isSame(a: BuiltinSymbol, b: BuiltinSymbol): boolean {
  return a.module === b.module && a.qualname === b.qualname;
}
