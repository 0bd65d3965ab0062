import type { Node } from "../json/index.ts";
import { importablePackages } from "./behaviour.ts";
import type { Cause } from "./cause.ts";
import { type Dict, field, isNull, pythonType, text, type Value } from "./dict.ts";
import type { Load, PythonError } from "./load.ts";
import * as messages from "./messages.ts";
import { pythonRepr } from "./pythonRepr.ts";
import type { Retrieval, Wanted } from "./retrieval.ts";

/** How `_retrieve_class_or_fn` of keras/src/saving/serialization_lib.py fails, and the field of the object that decides it. */

/** No step of `_retrieve_class_or_fn` found it. */
export function notLocated(load: Load, wanted: Wanted): Retrieval {
  const name = nameText(load, wanted);
  const keyValue = wanted.kind === "function" ? wanted.name : wanted.registeredName;
  const key = text(load.tree, keyValue) ?? (keyValue === undefined ? undefined : pythonRepr(load.tree, keyValue));
  const rule = wanted.kind === "function" ? "function-not-registered" : "class-not-registered";
  return failure(
    load,
    wanted,
    rule,
    decidingField(load, wanted.dict, wanted.kind, name),
    messages.notLocated(load.behaviour, wanted.kind, name),
    key,
  );
}

/** The module is there, and holds no KerasSaveable class of the name. */
export function notSaveable(load: Load, wanted: Wanted, module: string, name: string, ofModule = false): Retrieval {
  const error = messages.notSaveable(module, name);
  return failure(
    load,
    wanted,
    "not-a-saveable-class",
    ofModule ? "module" : decidingField(load, wanted.dict, wanted.kind, name),
    error,
    `${module}.${name}`,
  );
}

/** Importing the module raises ModuleNotFoundError. */
export function moduleMissing(load: Load, wanted: Wanted, module: string, name: string): Retrieval {
  const error = messages.moduleNotImportable(wanted.kind, name, module);
  return failure(
    load,
    wanted,
    "module-not-importable",
    decidingField(load, wanted.dict, wanted.kind, name, true),
    error,
    module,
  );
}

/**
 * The field whose value decides that an object is not found: where the problem is shown. `registered_name` where it holds
 * a key, is another than a class of that name is registered under, or is null on a class of the workspace; `module` where it
 * is null or empty, cannot be imported, belongs to no known package, is `builtins` for a class, or keeps a registered function from
 * being found by its bare name; else the name.
 */
export function decidingField(
  load: Load,
  dict: Dict,
  kind: "class" | "function",
  name: string,
  unimportable = false,
): string {
  const { tree, registry } = load;
  const module = field(tree, dict, "module");
  const moduleText = text(tree, module);
  if (kind === "class") {
    const registeredName = field(tree, dict, "registered_name");
    if (text(tree, registeredName)?.includes(">")) return "registered_name";
    if (registeredName !== undefined && registry.declarationsNamed(name).length > 0) return "registered_name";
    if (isNull(tree, registeredName) && registry.definitionsNamed(name).length > 0) return "registered_name";
  }
  if (module !== undefined && (unimportable || isNull(tree, module) || moduleText === "")) return "module";
  if (kind === "class" ? moduleText === "builtins" : hidesFunction(load, moduleText, name)) return "module";
  const top = moduleText?.split(".", 1)[0];
  const belongs = top === undefined || top === "" || top === "builtins" || importablePackages.has(top);
  return belongs || registry.hasModule(moduleText ?? "") ? (kind === "function" ? "config" : "class_name") : "module";
}

/** Functions are found by the end of their key only where their module is `builtins`. */
function hidesFunction(load: Load, module: string | undefined, name: string): boolean {
  if (module === undefined || module === "builtins" || load.behaviour.functionFallback === "none") return false;
  return load.registry.declarationsEndingWith(`>${name}`).length > 0;
}

/** The field that holds the name. */
export function nameField(wanted: Wanted): "config" | "class_name" {
  return wanted.kind === "function" ? "config" : "class_name";
}

/** `str(name)` as an f-string prints it. */
export function nameText(load: Load, wanted: Wanted): string {
  return text(load.tree, wanted.name) ?? pythonRepr(load.tree, wanted.name);
}

/** Python's own TypeError of a list or dict for a key. */
export function unhashable(load: Load, value: Value): PythonError {
  return messages.unhashable(pythonType(load.tree, value));
}

/** A field is of a type that Keras stumbles over. */
export function wrongType(load: Load, wanted: Wanted, at: string, error: PythonError): Retrieval {
  return failure(load, wanted, "wrong-field-type", at, error);
}

/** A failure that is shown at a field of the object. */
export function failure(
  load: Load,
  wanted: Wanted,
  rule: Cause,
  at: string,
  error: PythonError,
  lookedUp?: string,
): Retrieval {
  return {
    failure: {
      rule,
      node: fieldNode(load, wanted.dict, at),
      error,
      ...(lookedUp === undefined ? {} : { lookedUp }),
      name: nameText(load, wanted),
      module: text(load.tree, wanted.module) ?? null,
    },
  };
}

/** The value of a field, or where it is absent that of `class_name`, or else the object itself. */
export function fieldNode(load: Load, dict: Dict, key: string): Node {
  const value = field(load.tree, dict, key) ?? field(load.tree, dict, "class_name");
  return value?.node ?? dict.node;
}
