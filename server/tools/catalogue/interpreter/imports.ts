import type { ImportStatement } from "../../../src/python/tree.ts";
import type { Machine } from "./machine.ts";
import { standardLibrary } from "./standardLibrary.ts";
import { executeModule } from "./statements.ts";
import { constant, external, list, type ModuleValue, NONE, PythonError, type Scope, type Value } from "./values.ts";

/** `importlib.import_module(name)`; throws a PythonError as Python would. */
export function importModule(machine: Machine, name: string): Value {
  const loaded = machine.modules.get(name);
  if (loaded) return loaded;
  const dot = name.lastIndexOf(".");
  const top = dot < 0 ? name : name.slice(0, name.indexOf("."));
  if (top !== machine.source.package.name) {
    if (!standardLibrary.has(top) && !machine.environment.installed.has(top)) {
      throw new PythonError("ModuleNotFoundError", { missing: top });
    }
    return external(name, true);
  }
  const parent = dot < 0 ? undefined : (importModule(machine, name.slice(0, dot)) as ModuleValue);
  // Running the parent may have imported this module already.
  const meanwhile = machine.modules.get(name);
  if (meanwhile) return meanwhile;
  const last = name.slice(dot + 1);
  const folders = parent ? (parent.path ?? []) : [""];
  const file = folders.map((folder) => machine.source.find(folder, last)).find((found) => found !== undefined);
  if (!file) throw new PythonError("ModuleNotFoundError", { missing: name });
  const module: ModuleValue = {
    t: "module",
    name,
    namespace: new Map(),
    path: file.isPackage ? [file.folder] : undefined,
    state: "running",
  };
  machine.modules.set(name, module);
  const { namespace } = module;
  namespace.set("__name__", constant(name));
  namespace.set("__doc__", NONE);
  if (file.path !== undefined) namespace.set("__file__", constant(file.path));
  if (module.path) namespace.set("__path__", list([constant(file.folder)]));
  if (file.path !== undefined) {
    try {
      executeModule(machine, module, machine.source.tree(file.path));
    } catch (error) {
      machine.modules.delete(name);
      throw error;
    }
  }
  const path = namespace.get("__path__");
  if (module.path && path?.t === "sequence") {
    for (const item of path.items) {
      if (item.t === "constant" && typeof item.value === "string" && !module.path.includes(item.value)) {
        module.path.push(item.value);
      }
    }
  }
  module.state = "loaded";
  parent?.namespace.set(last, module);
  return module;
}

/** `name` of `from module import name`: an attribute, else a module inside. */
function importedName(machine: Machine, module: Value, name: string): Value {
  if (module.t !== "module") return module.t === "external" ? external(`${module.path}.${name}`) : { t: "unknown" };
  const value = module.namespace.get(name);
  if (value) return value;
  if (module.path) {
    try {
      return importModule(machine, `${module.name}.${name}`);
    } catch (error) {
      if (!(error instanceof PythonError) || error.missing !== `${module.name}.${name}`) throw error;
    }
  }
  const partial = machine.modules.get(`${module.name}.${name}`);
  if (partial) return partial;
  throw new PythonError("ImportError", { missing: `${module.name}.${name}` });
}

/** Runs an import statement, binding its names in `scope`. */
export function runImport(
  machine: Machine,
  scope: Scope,
  statement: ImportStatement,
  bind: (name: string, value: Value) => void,
): void {
  const imported = machine.imports.get(scope.module.name) ?? new Set();
  machine.imports.set(scope.module.name, imported);
  if (statement.from === undefined) {
    for (const { name, as } of statement.names) {
      imported.add(name);
      const module = importModule(machine, name);
      if (as !== undefined) bind(as, module);
      else {
        const top = name.split(".")[0] as string;
        bind(top, machine.modules.get(top) ?? external(top, true));
      }
    }
    return;
  }
  const from = absoluteName(scope.module, statement.from, statement.level);
  const module = importModule(machine, from);
  imported.add(from);
  for (const { name, as } of statement.names) {
    imported.add(`${from}.${name}`);
    if (name !== "*") {
      bind(as ?? name, importedName(machine, module, name));
      continue;
    }
    if (module.t !== "module") continue;
    const all = module.namespace.get("__all__");
    const names =
      all?.t === "sequence" && !all.open
        ? all.items.flatMap((item) => (item.t === "constant" && typeof item.value === "string" ? [item.value] : []))
        : [...module.namespace.keys()].filter((key) => !key.startsWith("_"));
    for (const key of names) bind(key, importedName(machine, module, key));
  }
}

function absoluteName(module: ModuleValue, from: string, level: number): string {
  if (level === 0) return from;
  const parts = module.name.split(".");
  const drop = module.path ? level - 1 : level;
  const base = parts.slice(0, parts.length - drop).join(".");
  return from === "" ? base : `${base}.${from}`;
}
