import type { KerasConfigs } from "../catalogue/configs.ts";
import type { BuiltinSymbol, KerasRelease, SlotFunction, TableName } from "../catalogue/keras.ts";
import { acceptedArguments } from "../deserialize/acceptedArguments.ts";
import { slotFunction } from "../deserialize/constructorSlots.ts";
import { lastSegment } from "../python/words.ts";
import type { WorkspaceClass } from "../registry/view.ts";
import { jsonOfPython } from "./pythonLiteral.ts";

/** A key that a config of a class may have. */
export interface ConfigKey {
  readonly key: string;
  /** Whether the object cannot be made without it. */
  readonly required: boolean;
  /** What Keras writes where nothing else is given, as JSON on one line; absent where that is not known. */
  readonly json?: string;
  /** The default in Python's spelling, where the constructor has one. */
  readonly default?: string;
  /** Set where `get_config` does not write it, though the constructor takes it. */
  readonly isUnwritten?: true;
  /** By which function the value is deserialized, and whether its elements are. */
  readonly slot?: { readonly by: SlotFunction; readonly each: boolean };
  /** The class of Keras whose documentation tells of the argument. */
  readonly documentedBy?: BuiltinSymbol;
}

/** A class whose config is spoken of. */
export type ConfigClass =
  | { readonly from: "keras"; readonly symbol: BuiltinSymbol }
  | { readonly from: "workspace"; readonly cls: WorkspaceClass };

/** Where a class is imported from: its public path, or its module and qualified name. */
export function pathOf(cls: ConfigClass): string {
  if (cls.from === "workspace") return `${cls.cls.module}.${cls.cls.qualname}`;
  const { canonical, module, qualname } = cls.symbol;
  return canonical ?? `${module}.${qualname}`;
}

/** The name of a class without those of what it is defined in. */
export function simpleNameOf(cls: ConfigClass): string {
  return lastSegment(cls.from === "keras" ? cls.symbol.qualname : cls.cls.qualname);
}

/**
 * The keys of a config of the class, in the order in which Keras writes them: what `get_config` writes, then what else the
 * constructor names.
 */
export function configKeys(release: KerasRelease, configs: KerasConfigs, cls: ConfigClass): readonly ConfigKey[] {
  return cls.from === "keras" ? keysOfKeras(release, configs, cls.symbol) : keysOfWorkspace(release, configs, cls.cls);
}

interface KeptKeys {
  readonly release: KerasRelease;
  readonly configs: KerasConfigs;
  readonly keys: readonly ConfigKey[];
}

/** The keys of classes of Keras, made once; a load of several releases hands the symbols of one to the others. */
const kept = new WeakMap<BuiltinSymbol, KeptKeys>();

function keysOfKeras(release: KerasRelease, configs: KerasConfigs, symbol: BuiltinSymbol): readonly ConfigKey[] {
  const known = kept.get(symbol);
  if (known?.release === release && known.configs === configs) return known.keys;
  const keys = [...makeKeys(release, configs, symbol)];
  kept.set(symbol, { release, configs, keys });
  return keys;
}

function makeKeys(release: KerasRelease, configs: KerasConfigs, symbol: BuiltinSymbol): Iterable<ConfigKey> {
  const accepted = acceptedArguments(release, symbol).arguments;
  const defaults = new Map(accepted.map((argument) => [argument.name, argument]));
  const keys = new Map<string, ConfigKey>();
  const add = (key: string, json: string | undefined, required: boolean): void => {
    const value = defaults.get(key)?.default;
    const slot = symbol.slots.find(({ argument }) => argument === key);
    keys.set(key, {
      key,
      required,
      ...(json === undefined ? {} : { json }),
      ...(value === undefined ? {} : { default: value }),
      ...(slot ? { slot: { by: slot.by, each: slot.each === true } } : {}),
      documentedBy: symbol,
    });
  };
  for (const { key, json } of configs.written(release.version, symbol)?.config ?? [])
    add(key, json, json === undefined);
  const own = accepted[0]?.of;
  const isNamed = (name: string) => keys.has(name);
  for (const { name, default: value, required, of } of accepted) {
    // What is only a base's may be what the class gives it by itself.
    if (!isNamed(name) && (of === own || of.endsWith(".Layer"))) add(name, jsonOfPython(value), required);
  }
  return keys.values();
}

/** The keys of the base in Keras, as it writes them, then those of the class's own constructors. */
function keysOfWorkspace(release: KerasRelease, configs: KerasConfigs, cls: WorkspaceClass): ConfigKey[] {
  const { arguments: accepted } = acceptedArguments(release, cls);
  const bases = cls.mro.flatMap((entry) => (entry.kind === "external" ? [release.resolve(entry.path)] : []));
  const base = bases.find((symbol) => symbol !== undefined);
  const bodies = cls.mro.flatMap((entry) => (entry.kind === "workspace" ? [entry.class] : []));
  const names = new Set(bodies.map(({ module, qualname }) => `${module}.${qualname}`));
  const own = accepted.filter(({ of }) => names.has(of));
  const handedOn = new Set(accepted.map(({ name }) => name));
  const keys = new Map<string, ConfigKey>();
  const basesName = base && JSON.stringify(snakeCase(base.qualname));
  const ownName = JSON.stringify(snakeCase(cls.name));
  const writtenOfBase = base && configs.written(release.version, base)?.config;
  const isWrittenOfBase = (key: string) => !writtenOfBase || writtenOfBase.some((one) => one.key === key);
  for (const key of base ? keysOfKeras(release, configs, base) : []) {
    // What the class names itself keeps the place that the base gives it.
    if (!handedOn.has(key.key)) continue;
    // Layers are named after their class; the name of an optimizer is a default like others.
    const isNamed = key.key === "name" && key.json === basesName && jsonOfPython(key.default) !== key.json;
    const named = isNamed ? { ...key, json: ownName } : key;
    keys.set(key.key, isWrittenOfBase(key.key) ? named : { ...named, isUnwritten: true });
  }
  const uses = bodies.flatMap(({ init }) => init?.uses ?? []);
  for (const { name, default: value, required } of own) {
    const json = jsonOfPython(value);
    const ofBase = writtenOfBase?.find(({ key }) => key === name)?.json;
    const written = name === "name" && ofBase === basesName ? ownName : ofBase;
    const use = uses.find(
      (one) => one.parameter === name && one.key === undefined && slotFunction(one.callee) !== undefined,
    );
    const by = use && slotFunction(use.callee);
    const asObject = by && json !== undefined ? serializedIdentifier(release, configs, by, json) : undefined;
    keys.set(name, {
      key: name,
      required,
      // `name=None` that is handed to Layer is written as Layer writes it.
      ...(json === "null" && written !== undefined
        ? { json: written }
        : json === undefined
          ? {}
          : { json: asObject ?? json }),
      ...(value === undefined ? {} : { default: value }),
      ...(by ? { slot: { by, each: use.each === true } } : {}),
      ...(base ? { documentedBy: base } : {}),
    });
  }
  const isLast = ({ key, isUnwritten }: ConfigKey) => isUnwritten || unwritten.has(key);
  return [...[...keys.values()].filter((key) => !isLast(key)), ...[...keys.values()].filter(isLast)];
}

/** Tables whose `serialize` writes an object of a class, also where its name was given. */
const serializedAsObjects: ReadonlySet<string> = new Set(["constraints", "initializers", "regularizers"]);

/** What `serialize` of a table writes of an object that was got by its name, as JSON; undefined where that is no class of Keras. */
function serializedIdentifier(
  release: KerasRelease,
  configs: KerasConfigs,
  by: SlotFunction,
  json: string,
): string | undefined {
  const table = by.slice(0, by.indexOf(".")) as TableName;
  const name: unknown = JSON.parse(json);
  if (typeof name !== "string" || !serializedAsObjects.has(table)) return undefined;
  const symbol = release.tableEntry(table, name);
  const written = symbol && configs.written(release.version, symbol);
  if (!written || symbol.canonical === undefined || written.config.some((one) => one.json === undefined))
    return undefined;
  const dot = symbol.canonical.lastIndexOf(".");
  const config = written.config.map((one) => `${JSON.stringify(one.key)}:${one.json}`).join();
  const [module, className] = [symbol.canonical.slice(0, dot), symbol.canonical.slice(dot + 1)];
  return `{"module":"${module}","class_name":"${className}","config":{${config}},"registered_name":null}`;
}

/** What Layer takes, and writes only where it is set. */
export const unwritten: ReadonlySet<string> = new Set(["activity_regularizer", "autocast"]);

/** `to_snake_case` of keras/src/utils/naming.py. */
export function snakeCase(name: string): string {
  return name
    .replace(/\W+/g, "")
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}
