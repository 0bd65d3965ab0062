import type { TableName } from "../../catalogue/keras.ts";
import { NO_NODE } from "../../json/index.ts";
import { type Dict, field, hashable, pythonType, text, truthy, type Value } from "../dict.ts";
import { type FoundObject, type Frame, inner, kindOf, type Load, type Result } from "../load.ts";
import * as messages from "../messages.ts";
import { pythonRepr } from "../pythonRepr.ts";
import { fieldNode, lookUpKey } from "../retrieve.ts";

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
  if (type === "str") return named(load, value, value.node, value, frame, table);
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
  const isLegacyOptimizer = table === "optimizers" && readsAsLegacyOptimizer(load, config);
  const result = named(load, className, value.node, { node: at }, frame, table, isLegacyOptimizer);
  if (result.is !== "object") return result;
  const { object } = result;
  if (object.from === "other" || kindOf(object) !== "class") return result;
  const revival = { object, config, frame: inner(frame, { calls: 3, nested: true }), legacy: true };
  load.next([() => load.keras.reviveFromConfig(load, revival)]);
  return result;
}

/** `get_registered_object(name, custom_objects, module_objects)`, and what is said where it is not there. */
function named(
  load: Load,
  name: Value,
  node: Value["node"],
  at: Value,
  frame: Frame,
  table: TableName | undefined,
  isLegacyOptimizer = false,
): Result {
  const { tree, release } = load;
  const shown = text(tree, name) ?? pythonRepr(tree, name);
  const custom = lookUpKey(load, shown, frame);
  if (custom && "unknown" in custom) {
    load.unknown(node, at.node, custom.unknown);
    return { is: "failed" };
  }
  const entry =
    text(tree, name) === undefined || table === undefined
      ? undefined
      : release.tableEntry(table, builtinName(load, shown, table));
  const legacy = isLegacyOptimizer ? release.exported(`keras.optimizers.legacy.${entry?.qualname ?? ""}`) : undefined;
  const symbol = legacy ?? entry;
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

/** A config that is not empty and does not say otherwise is that of an optimizer of `keras.optimizers.legacy`. */
function readsAsLegacyOptimizer({ tree }: Load, config: Value): boolean {
  if (config.literal !== undefined || tree.kind(config.node) !== "object") return false;
  const flag = tree.member(config.node, "is_legacy_optimizer");
  return tree.childCount(config.node) > 0 && (flag === NO_NODE || truthy(tree, { node: flag }));
}

/** `optimizers.deserialize` makes the names of the built-ins case-insensitive. */
function builtinName(load: Load, name: string, table: TableName): string {
  const lower = name.toLowerCase();
  return table === "optimizers" && load.release.tableEntry(table, lower) ? lower : name;
}
