import type { SymbolKind, TableName } from "../../src/catalogue/keras.ts";
import { externalKind } from "./externalKinds.ts";
import type { Machine } from "./interpreter/machine.ts";
import { type ClassValue, type ModuleValue, shownAs, type Value } from "./interpreter/values.ts";
import { tablesOfKeras2 } from "./keras2.ts";
import { keras2, keras3 } from "./kerasPackage.ts";
import { tryImport } from "./session.ts";

export const tableNames: readonly TableName[] = [
  "activations",
  "constraints",
  "dtype_policies",
  "initializers",
  "losses",
  "metrics",
  "optimizers",
  "quantizers",
  "regularizers",
];

/** An object as written in the data: "module:qualname" of a class or function, or only what kind of thing it is. */
export interface Reference {
  readonly kind: SymbolKind;
  /** Absent for values that are neither a class nor a function. */
  readonly key?: string;
  /** Set for modules. */
  readonly isModule?: true;
}

/** What one environment sees of a release. */
export interface Namespaces {
  /** Members of every module that can be imported there. */
  readonly modules: Map<string, Map<string, Reference>>;
  /** The package that is missing, for every module that cannot. */
  readonly missing: Map<string, string>;
  /** Every class of Keras that a namespace or an order of bases holds. */
  readonly classes: Map<string, ClassValue>;
  readonly exports: { readonly paths: readonly string[]; readonly reference: Reference }[];
  readonly tables: Map<TableName, Map<string, Reference>>;
}

export function keyOfClass(cls: ClassValue): string {
  return `${cls.module}:${cls.qualname}`;
}

const builtinClass =
  /^(?:object|bool|bytes|dict|float|frozenset|int|list|set|str|tuple|type)$|(?:Error|Exception|Warning)$/;

/** The reference to a value, or undefined for None and for what may be None. */
export function referenceTo(value: Value): Reference | undefined {
  switch (value.t) {
    case "constant":
      return value.value === null ? undefined : { kind: "other" };
    case "class":
      return { kind: "class", key: keyOfClass(value) };
    case "function": {
      const { module, qualname } = shownAs(value);
      return { kind: "function", key: `${module}:${qualname}` };
    }
    case "module":
      return { kind: "other", isModule: true };
    case "external": {
      if (value.isModule) return { kind: "other", isModule: true };
      const kind = externalKind(value.path);
      const dot = value.path.lastIndexOf(".");
      return kind === "other"
        ? { kind, isModule: true }
        : { kind, key: `${value.path.slice(0, dot)}:${value.path.slice(dot + 1)}` };
    }
    case "builtin":
      return { kind: builtinClass.test(value.name) ? "class" : "function", key: `builtins:${value.name}` };
    case "union": {
      const references = value.options.map(referenceTo);
      const known = references.find((reference) => reference?.key !== undefined);
      return known ?? references.find((reference) => reference !== undefined);
    }
    default:
      return { kind: "other" };
  }
}

/** Names that every module has. */
export const moduleAttributes: ReadonlySet<string> = new Set([
  "__name__",
  "__doc__",
  "__file__",
  "__path__",
  "__package__",
  "__loader__",
  "__spec__",
  "__cached__",
  "__builtins__",
]);

/** Imports every module (that is wanted), each as if it were the only one besides `import keras`, and takes it down. */
export function describeNamespaces(machine: Machine, wanted: (module: string) => boolean = () => true): Namespaces {
  const result: Namespaces = {
    modules: new Map(),
    missing: new Map(),
    classes: new Map(),
    exports: [],
    tables: new Map(),
  };
  const loaded = new Set(machine.modules.keys());
  for (const { paths, value } of machine.exports) {
    const reference = referenceTo(value);
    if (reference) result.exports.push({ paths, reference });
    if (value.t === "class") keepClass(result.classes, value);
  }
  for (const [table, entries] of machine.source.package === keras2 ? tablesOfKeras2(machine) : []) {
    result.tables.set(table, described(entries));
  }
  for (const table of tableNames) {
    const entries = machine.modules.get(`keras.src.${table}`)?.namespace.get("ALL_OBJECTS_DICT");
    if (entries?.t !== "dict") continue;
    result.tables.set(table, described(entries.entries));
  }
  const exported = machine.exports.length;
  for (const name of moduleNames(machine)) {
    if (!wanted(name)) continue;
    const answer = tryImport(machine, name);
    if ("missing" in answer) result.missing.set(name, answer.missing);
    else if (answer.value.t === "module") {
      result.modules.set(name, describeMembers(answer.value, result.classes));
    }
    forget(machine, loaded);
    machine.exports.length = exported;
  }
  return result;
}

function described(entries: ReadonlyMap<unknown, Value>): Map<string, Reference> {
  const references = new Map<string, Reference>();
  for (const [name, value] of entries) {
    const reference = referenceTo(value);
    if (reference) references.set(String(name), reference);
  }
  return references;
}

/** Every module that has a file, under every name that it can be imported by. */
function moduleNames(machine: Machine): string[] {
  const names = new Set<string>();
  const { name: top } = machine.source.package;
  const root = machine.modules.get(top);
  for (const path of machine.source.paths()) {
    const module = path.replace(/(?:\/__init__)?\.py$/, "");
    names.add(module.replaceAll("/", "."));
    // `keras/api` may be a second folder of the package `keras`.
    for (const folder of root?.path ?? []) {
      if (folder !== top && module.startsWith(`${folder}/`)) {
        names.add(`${top}${module.slice(folder.length)}`.replaceAll("/", "."));
      }
    }
  }
  return [...names].sort();
}

function describeMembers(module: ModuleValue, classes: Map<string, ClassValue>): Map<string, Reference> {
  const members = new Map<string, Reference>();
  for (const [name, value] of module.namespace) {
    if (moduleAttributes.has(name)) continue;
    const reference = referenceTo(value);
    if (!reference) continue;
    members.set(name, reference);
    for (const option of value.t === "union" ? value.options : [value]) {
      if (option.t === "class") keepClass(classes, option);
    }
  }
  return members;
}

function isOfKeras({ module }: ClassValue): boolean {
  const top = module.split(".")[0];
  return top === keras3.name || top === keras2.name;
}

/** Keeps a class of Keras, its bases, and the classes that are defined inside them. */
function keepClass(classes: Map<string, ClassValue>, cls: ClassValue): void {
  for (const entry of cls.mro) {
    if (entry.t !== "class" || !isOfKeras(entry) || classes.has(keyOfClass(entry))) continue;
    classes.set(keyOfClass(entry), entry);
    for (const value of entry.namespace.values()) {
      if (value.t === "class" && value.qualname === `${entry.qualname}.${value.name}`) keepClass(classes, value);
    }
  }
}

/** Takes back imports, as if they had not happened. */
function forget(machine: Machine, keep: ReadonlySet<string>): void {
  for (const [name, module] of machine.modules) {
    if (keep.has(name)) continue;
    machine.modules.delete(name);
    const dot = name.lastIndexOf(".");
    const parent = machine.modules.get(name.slice(0, dot));
    const last = name.slice(dot + 1);
    if (parent?.namespace.get(last) === module) parent.namespace.delete(last);
  }
}
