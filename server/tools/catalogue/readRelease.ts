import type { TableName } from "../../src/catalogue/keras.ts";
import { describeNamespaces, keyOfClass, type Namespaces, type Reference, referenceTo } from "./describe.ts";
import { type Documentation, readDocstring } from "./documentation.ts";
import { documentation } from "./interpreter/attributes.ts";
import type { Machine } from "./interpreter/machine.ts";
import { type ClassValue, PythonError, type Value } from "./interpreter/values.ts";
import { keras2 } from "./kerasPackage.ts";
import { headerParameters, type ParameterFact } from "./parameters.ts";
import type { ReleaseSource } from "./releaseSource.ts";
import { environments, importKeras } from "./session.ts";

/** What the data say of one module in one release. */
export interface ModuleFacts {
  /** The package that it needs besides what Keras itself needs; absent where every user can import it. */
  readonly needs?: string;
  readonly members: ReadonlyMap<string, Reference>;
}

export interface ClassFacts {
  /** Keys of the classes of Keras behind the class itself, in method resolution order. */
  readonly bases: readonly string[];
  readonly ownMethods: readonly string[];
  /** The class's own `__init__`, where it has one. */
  readonly init?: { readonly parameters: readonly ParameterFact[]; readonly kwargs: boolean };
}

/** One release, read. */
export interface ReleaseFacts {
  readonly version: string;
  /** Whether `api_export.get_symbol_from_name` returns what it looks up, which 3.0.0 and 3.0.1 forgot. */
  readonly exportsCanBeFound: boolean;
  readonly modules: ReadonlyMap<string, ModuleFacts>;
  readonly classes: ReadonlyMap<string, ClassFacts>;
  readonly exports: readonly { readonly paths: readonly string[]; readonly reference: Reference }[];
  readonly tables: ReadonlyMap<TableName, ReadonlyMap<string, Reference>>;
  /** What the docstrings of classes and of exported functions say, by "module:qualname". */
  readonly documents: ReadonlyMap<string, Documentation>;
  /** A process in which `import keras` ran and no package is missing, and every class as it is there. */
  readonly complete: { readonly machine: Machine; readonly classes: ReadonlyMap<string, ClassValue> };
}

/** Methods that take part in loading. */
const decisive: ReadonlySet<string> = new Set([
  "__init__",
  "__new__",
  "from_config",
  "get_config",
  "build",
  "build_from_config",
  "get_build_config",
  "call",
  "compile",
  "compile_from_config",
  "get_compile_config",
  "load_own_variables",
  "save_own_variables",
]);

/** Reads a release in each of the environments and says what holds in all of them. */
export function readRelease(source: ReleaseSource): ReleaseFacts {
  const machine = importKerasAnywhere(source);
  const recorded = describeNamespaces(machine);
  const environmentsOfUsers =
    source.package === keras2 ? [environments.keras2] : [environments.tensorflow, environments.torch, environments.jax];
  const users = environmentsOfUsers.map((environment) => describeNamespaces(importKeras(source, environment)));
  const modules = new Map<string, ModuleFacts>();
  const classes = new Map<string, ClassValue>();
  for (const namespaces of [...users].reverse()) for (const [key, cls] of namespaces.classes) classes.set(key, cls);
  for (const [key, cls] of recorded.classes) classes.set(key, cls);
  for (const name of new Set([...recorded.modules.keys(), ...recorded.missing.keys()])) {
    const seen = [recorded, ...users].find((namespaces) => namespaces.modules.has(name));
    const needs = neededBy(name, users);
    const members = seen?.modules.get(name) ?? new Map<string, Reference>();
    modules.set(name, needs === undefined ? { members } : { needs, members });
  }
  const facts = new Map<string, ClassFacts>();
  for (const [key, cls] of classes) facts.set(key, classFacts(cls));
  return {
    version: source.version,
    exportsCanBeFound: returnsSymbols(source),
    modules,
    classes: facts,
    exports: recorded.exports,
    tables: recorded.tables,
    documents: readDocuments(machine, classes),
    // What no environment can import are tests, which generate their cases by the thousand while they are imported.
    complete: completely(source, (module) => [recorded, ...users].some(({ modules }) => modules.has(module))),
  };
}

function completely(source: ReleaseSource, wanted: (module: string) => boolean): ReleaseFacts["complete"] {
  const machine = importKeras(source, environments.complete);
  return { machine, classes: describeNamespaces(machine, wanted).classes };
}

/** 3.0.4 and 3.0.5 do not start with the numpy backend where torch is missing. */
function importKerasAnywhere(source: ReleaseSource): Machine {
  if (source.package === keras2) return importKeras(source, environments.keras2);
  try {
    return importKeras(source, environments.recorded);
  } catch (error) {
    if (!(error instanceof PythonError)) throw error;
    return importKeras(source, environments.jax);
  }
}

/** What is missing in an environment where the module cannot be imported. */
function neededBy(name: string, users: readonly Namespaces[]): string | undefined {
  const missing = new Set(users.flatMap((namespaces) => namespaces.missing.get(name) ?? []));
  return missing.size === 0 ? undefined : [...missing].sort().join("+");
}

function returnsSymbols(source: ReleaseSource): boolean {
  if (source.package === keras2) return true;
  const { text } = source.tree("keras/src/api_export.py");
  return /def get_symbol_from_name\(name\):\s+return\b/.test(text);
}

function readDocuments(machine: Machine, classes: ReadonlyMap<string, ClassValue>): Map<string, Documentation> {
  const documents = new Map<string, Documentation>();
  const read = (key: string | undefined, doc: Value | undefined): void => {
    if (key === undefined || doc?.t !== "constant" || typeof doc.value !== "string") return;
    documents.set(key, readDocstring(doc.value));
  };
  for (const [key, cls] of classes) {
    const init = cls.namespace.get("__init__");
    const own = cls.namespace.get("__doc__");
    read(key, own);
    // Some classes document their arguments in the constructor.
    const inner = init?.t === "function" ? documentation(init) : undefined;
    if (inner?.t !== "constant" || typeof inner.value !== "string") continue;
    const { arguments: list } = readDocstring(inner.value);
    const before = documents.get(key);
    documents.set(key, { summary: before?.summary ?? "", arguments: new Map([...list, ...(before?.arguments ?? [])]) });
  }
  for (const { value } of machine.exports) {
    if (value.t === "function") read(referenceTo(value)?.key, documentation(value));
  }
  return documents;
}

function classFacts(cls: ClassValue): ClassFacts {
  const own = keyOfClass(cls);
  const bases: string[] = [];
  for (const entry of cls.mro) {
    if (entry.t !== "class") continue;
    const key = keyOfClass(entry);
    if (key !== own && !bases.includes(key)) bases.push(key);
  }
  const ownMethods = [...cls.namespace.keys()].filter((name) => decisive.has(name)).sort();
  const init = cls.namespace.get("__init__");
  return {
    bases,
    ownMethods,
    ...(init?.t === "function" ? { init: headerParameters(init) } : {}),
  };
}
