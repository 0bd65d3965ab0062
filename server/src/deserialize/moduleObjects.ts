import type { BuiltinSymbol, TableName } from "../catalogue/keras.ts";
import type { Node } from "../json/index.ts";
import type { Unknown } from "../registry/view.ts";
import { type Dict, field, hashable, isNull, type PythonType, pythonType, text, type Value } from "./dict.ts";
import { optimizerEntry } from "./keras2/optimizers.ts";
import type { Failure, Frame, Load } from "./load.ts";
import * as messages from "./messages.ts";
import { elided, pythonRepr } from "./pythonRepr.ts";
import { decidingField, fieldNode } from "./retrievalFailures.ts";
import { replacesKey } from "./retrievalWarnings.ts";
import { handedIn, lookUpKey } from "./retrieve.ts";
import type { Warning } from "./warning.ts";

/** What the `module_objects` part of `deserialize_keras_object` makes of a value. */
export type TableResolution =
  /** A custom object answers: the dict goes the ordinary way. */
  | { readonly is: "custom" }
  /** The table answers: this dict, written by `serialize_with_public_class` or `_fn`, is deserialized instead. */
  | { readonly is: "dict"; readonly dict: Dict; readonly warning?: Warning | undefined }
  /** The table answers with what another package defines, which is imported by its own module. */
  | { readonly is: "found"; readonly symbol: BuiltinSymbol }
  /** Nothing answers: the bare string is returned, and the caller objects to it. */
  | { readonly is: "string"; readonly text: string }
  /** `returned`: the type of what is returned as it stands, where that is a name that is no string. */
  | { readonly is: "plain"; readonly returned?: PythonType }
  | { readonly is: "failure"; readonly failure: Failure }
  | { readonly is: "unknown"; readonly unknown: Unknown; readonly at: Node };

/** Step 4 of `deserialize_keras_object` (keras/src/saving/serialization_lib.py): `module` is ignored for classes. */
export function resolveInTable(load: Load, value: Value, frame: Frame, table: TableName): TableResolution {
  const { tree } = load;
  const type = pythonType(tree, value);
  if (type === "str") return resolveName(load, { node: value.node }, value, undefined, undefined, table);
  if (type !== "dict") return { is: "plain" };
  const dict: Dict = { node: value.node };
  const config = field(tree, dict, "config");
  const className = field(tree, dict, "class_name");
  if (className === undefined) {
    const error = messages.valueError(`Unknown \`config\` as a \`dict\`, config=${elided}`);
    return { is: "failure", failure: { rule: "unknown-identifier", node: dict.node, error } };
  }
  const custom = customObject(load, dict, className, config, frame);
  if (custom === "found") return { is: "custom" };
  if (custom && "failure" in custom) return { is: "failure", failure: custom.failure };
  const outcome = resolveBuiltin(load, dict, className, config, table);
  if (outcome.is !== "string" && outcome.is !== "failure") return outcome;
  const key = text(tree, field(tree, dict, "registered_name") ?? className) ?? "";
  const name = text(tree, className) ?? "";
  const module = text(tree, field(tree, dict, "module")) ?? null;
  const unknown =
    custom ??
    load.registry.whyOpen(key, name, module) ??
    (key === name ? undefined : load.registry.whyOpen(name, name, module));
  return unknown
    ? { is: "unknown", unknown, at: fieldNode(load, dict, decidingField(load, dict, "class", name)) }
    : outcome;
}

/**
 * Whether `class_name`, `registered_name` or a string `config` names a custom object. Asked only where there are any, and
 * then a list or dict for a name is an error of Python's.
 */
function customObject(
  load: Load,
  dict: Dict,
  className: Value,
  config: Value | undefined,
  frame: Frame,
): "found" | Unknown | { readonly failure: Failure } | undefined {
  const { tree } = load;
  let unknown: Unknown | undefined;
  for (const value of [className, field(tree, dict, "registered_name"), config]) {
    if (value !== undefined && value !== config && !hashable(tree, value) && hasCustomObjects(load, frame)) {
      return { failure: unhashable(load, value) };
    }
    const key = text(tree, value);
    const registered = key === undefined ? undefined : lookUpKey(load, key, frame);
    if (registered && "found" in registered) return "found";
    unknown ??= registered?.unknown;
  }
  return unknown;
}

function hasCustomObjects(load: Load, frame: Frame): boolean {
  const { registry } = load;
  if (handedIn(load, frame).some((objects) => objects.size > 0)) return true;
  return registry.keys().some((key) => registry.declarations(key).some(({ when }) => when === "import"));
}

function unhashable(load: Load, value: Value): Failure {
  const error = messages.unhashable(pythonType(load.tree, value));
  return { rule: "wrong-field-type", node: value.node, error };
}

function resolveBuiltin(
  load: Load,
  dict: Dict,
  className: Value,
  config: Value | undefined,
  table: TableName,
): TableResolution {
  const { tree } = load;
  if (text(tree, className) === "function") {
    const module = field(tree, dict, "module");
    if (module === undefined) return keyError(load, dict, "module");
    const name = field(tree, dict, text(tree, module) === "builtins" ? "config" : "registered_name");
    if (name === undefined) return keyError(load, dict, "registered_name");
    return resolveName(load, dict, name, module, undefined, table);
  }
  if (isNull(tree, field(tree, dict, "module"))) {
    const spelled = text(tree, className) ?? pythonRepr(tree, className);
    const name = builtinSpelling(load, spelled, table);
    return {
      is: "failure",
      failure: {
        rule: "null-module",
        node: fieldNode(load, dict, decidingField(load, dict, "class", name)),
        error: messages.cannotDeserializeType(name),
        lookedUp: text(tree, field(tree, dict, "registered_name")) ?? name,
        name,
        module: null,
      },
    };
  }
  const resolution = resolveName(load, dict, className, undefined, config, table);
  if (resolution.is !== "dict") return resolution;
  const resolved = () => ["module", "class_name"].map((key) => text(tree, field(tree, resolution.dict, key))).join(".");
  const warning = replacesKey(load, dict, text(tree, className) ?? "", resolved);
  return warning ? { ...resolution, warning } : resolution;
}

function keyError(load: Load, dict: Dict, key: string): TableResolution {
  const error = messages.keyError(key);
  return { is: "failure", failure: { rule: "wrong-field-type", node: fieldNode(load, dict, key), error } };
}

/** Looks a name up in `ALL_OBJECTS_DICT` and writes the dict that Keras would go on with. */
function resolveName(
  load: Load,
  dict: Dict,
  name: Value,
  functionModule: Value | undefined,
  config: Value | undefined,
  table: TableName,
): TableResolution {
  const { tree } = load;
  if (!hashable(tree, name)) return { is: "failure", failure: unhashable(load, name) };
  const spelled = text(tree, name);
  if (spelled === undefined) return { is: "plain", returned: pythonType(tree, name) };
  const symbol =
    table === "optimizers" && load.behaviour.package === "tf_keras"
      ? optimizerEntry(load, spelled, config)
      : load.release.tableEntry(table, builtinSpelling(load, spelled, table));
  if (!symbol) return { is: "string", text: spelled };
  const moduleGiven = functionModule && text(tree, functionModule);
  if (symbol.module.startsWith("tensorflow.") && !moduleGiven) return { is: "found", symbol };
  const literal = (value: string | null): Value => ({ node: name.node, literal: value });
  const replaced = new Map<string, Value>();
  if (symbol.kind === "function") {
    replaced.set("module", literal(moduleGiven || moduleOf(symbol)));
    replaced.set("class_name", literal("function"));
    replaced.set("config", literal(spelled));
    replaced.set("registered_name", literal(moduleGiven || symbol.canonical ? spelled : symbol.qualname));
  } else {
    replaced.set("module", literal(moduleOf(symbol)));
    replaced.set("class_name", literal(lastPart(symbol.canonical ?? symbol.qualname)));
    replaced.set("config", config ?? literal(null));
    replaced.set("registered_name", literal(symbol.canonical ? null : symbol.qualname));
  }
  return { is: "dict", dict: { node: dict.node, replaced } };
}

/** `optimizers.deserialize` makes the names of the built-ins case-insensitive by writing them in lower case. */
function builtinSpelling(load: Load, name: string, table: TableName): string {
  const lower = name.toLowerCase();
  return table === "optimizers" && load.release.tableEntry(table, lower) ? lower : name;
}

function moduleOf(symbol: BuiltinSymbol): string {
  return symbol.canonical ? symbol.canonical.slice(0, symbol.canonical.lastIndexOf(".")) : symbol.module;
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}
