import type { SlotFunction, TableName } from "../catalogue/keras.ts";
import { needsArguments } from "./constructor/builtin.ts";
import { reviveKey } from "./deserializeKerasObject.ts";
import { field, pythonType, text, type Value } from "./dict.ts";
import { getDtypePolicy } from "./dtypePolicy.ts";
import { isNoOptimizer, isNotCallable } from "./instances.ts";
import { deserializeLayer } from "./layersDeserialize.ts";
import { type FoundObject, type Frame, inner, kindOf, type Load, type PythonError, type Result } from "./load.ts";
import * as messages from "./messages.ts";
import { failsOnOptimizer } from "./optimizerName.ts";
import { pythonRepr } from "./pythonRepr.ts";
import { decidingField, fieldNode } from "./retrievalFailures.ts";
import { lookUpKey } from "./retrieve.ts";

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
  const { pending } = load;
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
    // What stands in a plain dict is deserialized before.
    load.nextAfter(pending, () => load.fail(value.node, failure, frame));
    return { is: "failed" };
  }
  if (result.is === "object" && isRefused(load, table, result.object)) {
    const error = messages.uninterpretable(identifierKinds[table], pythonRepr(tree, value));
    load.nextAfter(pending, () => refuse(load, value, error, frame));
  }
  return result;
}

/** Whether `get` wants another thing than what has become of the identifier: something to call, or an optimizer. */
function isRefused(load: Load, table: IdentifierTable, object: FoundObject): boolean {
  if (load.behaviour.package !== "keras" || object.from === "other") return false;
  if (table !== "optimizers") return isNotCallable(load, object);
  return kindOf(object) === "function" || isNoOptimizer(load, object);
}

function refuse(load: Load, value: Value, error: PythonError, frame: Frame): void {
  load.fail(value.node, { rule: "unknown-identifier", node: value.node, error }, frame);
}

function getString(load: Load, table: IdentifierTable, value: Value, frame: Frame): Result {
  const { tree, behaviour, release, registry } = load;
  const name = text(tree, value) as string;
  const wanted = table === "optimizers" ? name.toLowerCase() : name;
  const entry = release.tableEntry(table, wanted) ?? release.tableEntry(table, name);
  if (entry) {
    const isMadeOfConfig = stringsThroughDeserialize.has(table) && behaviour.package === "keras";
    // Nearly all can be made of an empty config.
    if (isMadeOfConfig && needsArguments(entry) && !lookUpKey(load, name, frame))
      reviveKey(load, value.node, { from: "keras", symbol: entry }, inner(frame, { calls: 2 }));
    return { is: "plain" };
  }
  if (stringsThroughDeserialize.has(table) || behaviour.stringsConsultCustomObjects) {
    const registered = lookUpKey(load, name, frame);
    if (registered && "found" in registered) {
      const { found } = registered;
      const { pending } = load;
      // Whose `get` makes a dict of the string, and whose takes the class and calls it, comes to the same.
      if (behaviour.package === "keras") reviveKey(load, value.node, found, inner(frame, { calls: 2 }));
      if (isRefused(load, table, found)) {
        const error = messages.uninterpretable(identifierKinds[table], name);
        load.nextAfter(pending, () => refuse(load, value, error, frame));
      }
      return { is: "object", object: found };
    }
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
