import type { SlotFunction, TableName } from "../../catalogue/keras.ts";
import { field, pythonType, text, type Value } from "../dict.ts";
import { type Frame, inner, type Load, type Result } from "../load.ts";
import * as messages from "../messages.ts";
import { pythonRepr } from "../pythonRepr.ts";
import { failsOnEmpty } from "./emptyConfig.ts";
import { nameNode } from "./leftInPlace.ts";
import { deserializeLegacy, deserializeNamed } from "./legacy.ts";
import { failsAsOptimizer } from "./optimizers.ts";

/** Whose `get(str)` makes a dict of the string, which has no module and so goes the legacy way; losses go it as they are. */
const stringsGoLegacy = new Set<TableName>(["constraints", "initializers", "losses", "optimizers"]);

/** Deserializes one argument as its slot says: the `get` and `deserialize` of tf_keras's modules. */
export function deserializeSlot(load: Load, by: SlotFunction, value: Value, frame: Frame): Result {
  if (by === "deserialize_keras_object")
    return load.keras.deserializeKerasObject(load, value, inner(frame, { calls: 1 }));
  const isLayer = by.startsWith("layers.deserialize");
  if (isLayer && failsOnEmpty(load, value, frame)) return { is: "failed" };
  if (by === "layers.deserialize(use_legacy_format=True)")
    return deserializeLegacy(load, value, inner(frame, { calls: 2 }), "layers");
  const isOld = load.question.loader === "load_model_from_hdf5";
  if (isLayer && !isOld && !["str", "dict", "list"].includes(pythonType(load.tree, value)))
    return { is: "plain", returned: pythonType(load.tree, value) };
  const [table, method] = by.split(".") as [TableName, "get" | "deserialize"];
  if (method === "get" && table !== "dtype_policies") return getIdentifier(load, table, value, frame);
  if (table === "dtype_policies" && pythonType(load.tree, value) !== "dict") return { is: "plain" };
  if (table === "optimizers" && failsAsOptimizer(load, value, frame)) return { is: "failed" };
  return byTable(load, table, value, frame);
}

/** `get(identifier)` of tf_keras/src/{activations,initializers,…}. */
function getIdentifier(load: Load, table: TableName, value: Value, frame: Frame): Result {
  const { tree } = load;
  const type = pythonType(tree, value);
  if (type === "NoneType" && table !== "metrics" && table !== "optimizers") return { is: "plain" };
  if (type === "str") {
    const legacy = stringsGoLegacy.has(table) && !(table === "losses" && text(tree, value)?.includes("module"));
    const called = inner(frame, { calls: 3 });
    if (legacy)
      return table === "losses"
        ? deserializeLegacy(load, value, called, table)
        : deserializeNamed(load, value, called, table);
    if (table === "regularizers" && text(tree, value) === "l1_l2") return { is: "plain" };
    return byTable(load, table, value, frame);
  }
  if (type === "dict") {
    if (table === "optimizers" && failsAsOptimizer(load, value, frame)) return { is: "failed" };
    const legacy = table !== "losses" && field(tree, { node: value.node }, "module") === undefined;
    if (legacy) return deserializeLegacy(load, value, inner(frame, { calls: 3 }), table);
    return byTable(load, table, value, frame);
  }
  const kinds: Partial<Record<TableName, string>> = {
    activations: "activation function",
    constraints: "constraint function",
    losses: "loss function",
  };
  const what = kinds[table] ?? table.replace(/s$/, "");
  const message = `Could not interpret ${what} identifier: ${pythonRepr(tree, value)}`;
  const error = table === "activations" ? messages.typeError(message) : messages.valueError(message);
  load.fail(value.node, { rule: "unknown-identifier", node: value.node, error }, frame);
  return { is: "failed" };
}

/** `deserialize` in the format with `module`: what the table does not know comes back as its bare name. */
function byTable(load: Load, table: TableName, value: Value, frame: Frame): Result {
  const { tree } = load;
  const result = load.keras.deserializeKerasObject(load, value, inner(frame, { calls: 2 }), table);
  if (result.is !== "plain" || result.text === undefined || table !== "activations") return result;
  const isDict = pythonType(tree, value) === "dict";
  const shown = isDict ? pythonRepr(tree, value) : result.text;
  const error = messages.valueError(`Unknown activation function '${shown}' cannot be deserialized.`);
  const node = nameNode(load, value.node, result.text);
  load.fail(value.node, { rule: "unknown-identifier", node, error, lookedUp: result.text, name: result.text }, frame);
  return { is: "failed" };
}
