import type { BuiltinSymbol, TableName } from "../../catalogue/keras.ts";
import { NO_NODE } from "../../json/index.ts";
import { callError } from "../building/callError.ts";
import { problemsWithoutArguments } from "../constructor/index.ts";
import { type Dict, field, hashable, pythonType, text, type Value } from "../dict.ts";
import { type FoundObject, type Frame, inner, kindOf, type Load, type Result } from "../load.ts";
import * as messages from "../messages.ts";
import { pythonRepr } from "../pythonRepr.ts";
import { fieldNode } from "../retrievalFailures.ts";
import { lookUpKey } from "../retrieve.ts";
import { optimizerEntry } from "./optimizers.ts";

/** What each table's objects are called in "Unknown …": the `printable_module_name` of its `deserialize`. */
const printableNames: Readonly<Partial<Record<TableName, string>>> = {
  activations: "activation function",
  constraints: "constraint",
  initializers: "initializer",
  layers: "layer",
  losses: "loss function",
  metrics: "metric function",
  dtype_policies: "dtype policy",
  optimizers: "optimizer",
  regularizers: "regularizer",
  schedules: "decay",
};

/**
 * `deserialize_keras_object` of tf_keras/src/saving/legacy/serialization.py: a class is sought by `class_name` alone, a
 * string as it is, among custom objects and then in the table.
 */
export function deserializeLegacy(load: Load, value: Value, frame: Frame, table: TableName | undefined): Result {
  const { tree } = load;
  if (load.isTooDeep(value.node, frame)) return { is: "failed" };
  const type = pythonType(tree, value);
  if (type === "NoneType") return { is: "plain" };
  if (table === undefined && wordsOfTextVectorization.has(text(tree, value) ?? "")) return { is: "plain" };
  if (type === "str") {
    const result = named(load, value, value.node, value, frame, table);
    if (result.is === "object") load.next([() => failWithoutArguments(load, value.node, result.object, frame)]);
    return result;
  }
  const what = printableName(table);
  if (type !== "dict") {
    const error = messages.valueError(`Could not interpret serialized ${what}: ${pythonRepr(tree, value)}`);
    load.fail(value.node, { rule: "unknown-identifier", node: value.node, error }, frame);
    return { is: "failed" };
  }
  const dict: Dict = { node: value.node };
  const className = field(tree, dict, "class_name");
  const config = field(tree, dict, "config");
  if (className === undefined || config === undefined) {
    const error = messages.valueError(
      `Improper config format for ${pythonRepr(tree, value)}. Expecting python dict contains \`class_name\` and \`config\` as keys`,
    );
    load.fail(value.node, { rule: "wrong-field-type", node: value.node, error }, frame);
    return { is: "failed" };
  }
  const at = fieldNode(load, dict, "class_name");
  if (!hashable(tree, className)) {
    const error = messages.unhashable(pythonType(tree, className));
    load.fail(value.node, { rule: "wrong-field-type", node: at, error }, frame);
    return { is: "failed" };
  }
  const result = named(load, className, value.node, { node: at }, frame, table, config);
  return result.is === "object" ? made(load, result.object, config, at, frame) : result;
}

/**
 * `{"class_name": name, "config": {}}`, which the `get` of initializers, constraints and optimizers makes of a string: a class is
 * revived without arguments.
 */
export function deserializeNamed(load: Load, value: Value, frame: Frame, table: TableName): Result {
  const result = named(load, value, value.node, value, frame, table);
  if (result.is !== "object") return result;
  if (result.object.from === "keras" && kindOf(result.object) === "class") return result;
  return made(load, result.object, { node: value.node, literal: { emptyDict: true } }, value.node, frame);
}

/** What becomes of a class or function that was found, and of its config; `at` is the value that names it. */
function made(load: Load, object: FoundObject, config: Value, at: Value["node"], frame: Frame): Result {
  const result: Result = { is: "object", object };
  if (object.from === "other") return result;
  if (kindOf(object) === "function") return calledWith(load, object, config, at, frame);
  if (kindOf(object) !== "class") return result;
  const revival = { object, config, frame: inner(frame, { calls: 3, nested: true }), legacy: true };
  load.next([() => load.keras.reviveFromConfig(load, revival)]);
  return result;
}

/** What functions cannot do without that tf_keras/src/constraints.py has beside its constraints, and answers by their names. */
const requiredBy: Readonly<Record<string, string>> = {
  deserialize: "config",
  deserialize_keras_object: "config",
  get: "identifier",
  serialize: "constraint",
  serialize_keras_object: "obj",
};

/** `cls(**config)` of what has no `from_config`: a function is called, and what it returns stands there. */
function calledWith(load: Load, object: FoundObject, config: Value, at: Value["node"], frame: Frame): Result {
  const { tree } = load;
  const keywords: string[] = [];
  if (config.literal === undefined) {
    if (tree.kind(config.node) !== "object") return { is: "object", object: { from: "other", kind: "other" } };
    for (let child = tree.firstChild(config.node); child !== NO_NODE; child = tree.nextSibling(child))
      keywords.push(tree.key(child));
  }
  const required = object.from === "keras" ? requiredBy[object.symbol.qualname] : undefined;
  const isMissing = required !== undefined && object.from === "keras" && !keywords.includes(required);
  const error = isMissing
    ? messages.missingFrom(`${messages.nameOf(object)}()`, [required], "positional")
    : callError(load, object, { positional: 0, keywords: [...new Set(keywords)] });
  // What it returns is not known.
  if (!error) return { is: "object", object: { from: "other", kind: "other" } };
  load.fail(at, { rule: "invalid-argument", node: at, error, name: messages.nameOf(object) }, frame);
  return { is: "failed" };
}

/** A class that is passed by its name is made without arguments; what it misses then is raised as it is. */
function failWithoutArguments(load: Load, node: Value["node"], object: FoundObject, frame: Frame): void {
  const [problem] = problemsWithoutArguments(load, object);
  if (!problem) return;
  const { argument, error } = problem;
  load.fail(node, { rule: "missing-argument", node, error, name: argument }, frame);
}

/** `get_registered_object(name, custom_objects, module_objects)`, and what is said where it is not there. */
function named(
  load: Load,
  name: Value,
  node: Value["node"],
  at: Value,
  frame: Frame,
  table: TableName | undefined,
  config?: Value,
): Result {
  const { tree } = load;
  const shown = text(tree, name) ?? pythonRepr(tree, name);
  const custom = lookUpKey(load, shown, frame);
  if (custom && "unknown" in custom) {
    load.unknown(node, at.node, custom.unknown);
    return { is: "failed" };
  }
  const symbol =
    text(tree, name) === undefined || table === undefined ? undefined : builtinNamed(load, shown, table, config);
  const object: FoundObject | undefined = custom?.found ?? (symbol && { from: "keras", symbol });
  if (object) {
    load.found(node, object);
    return { is: "object", object };
  }
  const unknown = load.registry.whyOpen(shown, shown, null);
  if (unknown) {
    load.unknown(node, at.node, unknown);
    return { is: "failed" };
  }
  const rule = table === "layers" ? "unknown-layer" : "unknown-identifier";
  const error = messages.unknownLegacy(load.behaviour, printableName(table), shown);
  load.fail(node, { rule, node: at.node, error, lookedUp: shown, name: shown }, frame);
  return { is: "failed" };
}

/** Words of TextVectorization's `standardize` and `split`, which its `from_config` leaves alone. */
const wordsOfTextVectorization = new Set([
  "lower_and_strip_punctuation",
  "lower",
  "strip_punctuation",
  "whitespace",
  "character",
]);

/** What `deserialize` calls the objects of a table. */
export function printableName(table: TableName | undefined): string {
  return (table && printableNames[table]) ?? "object";
}

function builtinNamed(
  load: Load,
  name: string,
  table: TableName,
  config: Value | undefined,
): BuiltinSymbol | undefined {
  return table === "optimizers" ? optimizerEntry(load, name, config) : load.release.tableEntry(table, name);
}
