import type { SlotFunction, TableName } from "../catalogue/keras.ts";
import { field, pythonType, text, type Value } from "./dict.ts";
import { getDtypePolicy } from "./dtypePolicy.ts";
import { deserializeLayer } from "./layersDeserialize.ts";
import { type Frame, inner, type Load, type Result } from "./load.ts";
import * as messages from "./messages.ts";
import { pythonRepr } from "./pythonRepr.ts";
import { decidingField, fieldNode, lookUpKey } from "./retrieve.ts";

/** Tables of Keras 3 that have a `get()` of identifiers. */
export type IdentifierTable = Exclude<TableName, "dtype_policies" | "layers" | "registered" | "schedules">;

/** What the tables' `get()` call their objects in "Could not interpret … identifier". */
const identifierKinds: Readonly<Record<IdentifierTable, string>> = {
  activations: "activation function",
  constraints: "constraint",
  initializers: "initializer",
  losses: "loss",
  metrics: "metric",
  optimizers: "optimizer",
  quantizers: "quantizer",
  regularizers: "regularizer",
};

/** Tables whose `get(str)` goes through `deserialize`, where custom objects are consulted, in every release. */
const stringsThroughDeserialize = new Set<TableName>(["initializers", "optimizers"]);

/** Deserializes one argument as its slot says: by `deserialize_keras_object`, or a table's `get` or `deserialize`. */
export function deserializeSlot(load: Load, by: SlotFunction, value: Value, frame: Frame): Result {
  if (by === "deserialize_keras_object")
    return load.keras.deserializeKerasObject(load, value, inner(frame, { calls: 1 }));
  const [table, method] = by.split(".") as [TableName, "get" | "deserialize"];
  if (table === "layers") return deserializeLayer(load, value, inner(frame, { calls: 2 }), false);
  if (table === "schedules" || table === "registered")
    return load.keras.deserializeKerasObject(load, value, inner(frame, { calls: 2 }));
  if (table === "dtype_policies") return getDtypePolicy(load, value, frame);
  if (method === "deserialize" && table === "optimizers" && failsOnOptimizer(load, value, frame))
    return { is: "failed" };
  if (method === "deserialize")
    return load.keras.deserializeKerasObject(load, value, inner(frame, { calls: 2 }), table);
  return getIdentifier(load, table, value, frame);
}

/** `get(identifier)` of keras/src/{activations,initializers,…}/__init__.py. */
export function getIdentifier(load: Load, table: IdentifierTable, value: Value, frame: Frame): Result {
  const { tree, behaviour } = load;
  const type = pythonType(tree, value);
  if (type === "str") return getString(load, table, value, frame);
  if (type === "NoneType") return { is: "plain" };
  if (type !== "dict") {
    const error = messages.uninterpretable(identifierKinds[table], pythonRepr(tree, value));
    load.fail(value.node, { rule: "unknown-identifier", node: value.node, error }, frame);
    return { is: "failed" };
  }
  if (table === "optimizers" && failsOnOptimizer(load, value, frame)) return { is: "failed" };
  const byTable = table !== "activations" || behaviour.activationsByTable;
  const result = load.keras.deserializeKerasObject(
    load,
    value,
    inner(frame, { calls: 2 }),
    byTable ? table : undefined,
  );
  if (result.is === "plain") {
    const dict = { node: value.node };
    const name = text(tree, field(tree, dict, "class_name")) ?? result.text ?? "";
    const kind = name === "function" ? "function" : "class";
    const node = fieldNode(load, dict, decidingField(load, dict, kind, name));
    const error = messages.uninterpretable(identifierKinds[table], pythonRepr(tree, value));
    const failure = { rule: "unknown-identifier" as const, node, error, lookedUp: result.text ?? name, name };
    load.fail(value.node, failure, frame);
    return { is: "failed" };
  }
  return result;
}

/**
 * `optimizers.deserialize` of keras/src/optimizers/__init__.py asks a dict for its `class_name`, and that for its lower case,
 * before all else. Whether one of them is not there, which an event then says.
 */
export function failsOnOptimizer(load: Load, value: Value, frame: Frame): boolean {
  const { tree, behaviour } = load;
  if (behaviour.package !== "keras") return false;
  const type = pythonType(tree, value);
  const className = type === "dict" ? field(tree, { node: value.node }, "class_name") : undefined;
  const nameType = className && pythonType(tree, className);
  if (nameType === "str") return false;
  const error = nameType
    ? { exception: "AttributeError", message: `'${nameType}' object has no attribute 'lower'` }
    : messages.subscriptFails(type, "class_name");
  load.fail(value.node, { rule: "wrong-field-type", node: className?.node ?? value.node, error }, frame);
  return true;
}

function getString(load: Load, table: IdentifierTable, value: Value, frame: Frame): Result {
  const { tree, behaviour, release, registry } = load;
  const name = text(tree, value) as string;
  const wanted = table === "optimizers" ? name.toLowerCase() : name;
  if (release.tableEntry(table, wanted) ?? release.tableEntry(table, name)) return { is: "plain" };
  if (stringsThroughDeserialize.has(table) || behaviour.stringsConsultCustomObjects) {
    const registered = lookUpKey(load, name, frame);
    if (registered && "found" in registered) return { is: "object", object: registered.found };
    const unknown = registered?.unknown ?? registry.whyOpen(name, name, null);
    if (unknown) {
      load.unknown(value.node, value.node, unknown);
      return { is: "failed" };
    }
  }
  const error = messages.uninterpretable(identifierKinds[table], name);
  load.fail(value.node, { rule: "unknown-identifier", node: value.node, error, lookedUp: name, name }, frame);
  return { is: "failed" };
}
