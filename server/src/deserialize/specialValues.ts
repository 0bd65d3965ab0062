import { refusalOfString } from "./constructor/values.ts";
import { type Dict, field, hashable, isNull, pythonType, text, truthy, type Value } from "./dict.ts";
import { type Failure, type Frame, inner, type Load, type PythonError, type Result, type Task } from "./load.ts";
import * as messages from "./messages.ts";

/** The parts of a slice, which are deserialized one after the other. */
const sliceParts = ["start", "stop", "step"];

/**
 * What `deserialize_keras_object` of keras/src/saving/serialization_lib.py makes of a `class_name` that stands for a value, so that
 * nothing is retrieved for it: each asks its `config` for the keys that it needs. Undefined where the name is one of a class; of
 * lambdas and type specs the caller knows more. `isSafe`: whether lambdas are refused before all else.
 */
export function specialValue(
  load: Load,
  dict: Dict,
  className: string,
  config: Value,
  frame: Frame,
  isSafe: boolean,
): Result | undefined {
  const { readsGraphValues, readsEllipsis } = load.behaviour;
  switch (className) {
    case "__lambda__":
      // The caller says what becomes of one that is whole.
      if (isSafe) return undefined;
      return isError(subscript(load, config, "value")) ? keyed(load, dict, config, ["value"], frame) : undefined;
    case "__tensor__":
    case "__numpy__":
      return keyed(load, dict, config, ["value", "dtype"], frame);
    case "__bytes__":
      return bytes(load, dict, config, frame);
    case "__keras_tensor__":
      return readsGraphValues ? kerasTensor(load, dict, config, frame) : undefined;
    case "__ellipsis__":
      return readsEllipsis ? { is: "plain" } : undefined;
    case "__slice__":
      return readsGraphValues ? slice(load, dict, config, frame) : undefined;
    default:
      return undefined;
  }
}

/** A falsy `config` has become an empty dict, but where its type is checked: there only null has. */
function heldIn({ tree, behaviour }: Load, config: Value): Value {
  const isEmptied = isNull(tree, config) || (!behaviour.checksConfigType && !truthy(tree, config));
  return isEmptied ? { node: config.node, literal: { emptyDict: true } } : config;
}

/** `config[key]`, or what Python raises of it. */
function subscript(load: Load, config: Value, key: string): Value | PythonError {
  const held = heldIn(load, config);
  const type = pythonType(load.tree, held);
  const value = type === "dict" && held.literal === undefined ? field(load.tree, { node: held.node }, key) : undefined;
  return value ?? messages.subscriptFails(type, key);
}

function isError(value: Value | PythonError): value is PythonError {
  return "exception" in value;
}

function fail(load: Load, dict: Dict, config: Value, error: PythonError, frame: Frame): Result {
  load.fail(dict.node, { rule: "wrong-field-type", node: config.node, error }, frame);
  return { is: "failed" };
}

function keyed(load: Load, dict: Dict, config: Value, keys: readonly string[], frame: Frame): Result {
  const error = keys.map((key) => subscript(load, config, key)).find(isError);
  return error ? fail(load, dict, config, error, frame) : { is: "plain" };
}

/** `config["value"].encode("utf-8")` */
function bytes(load: Load, dict: Dict, config: Value, frame: Frame): Result {
  const value = subscript(load, config, "value");
  if (isError(value)) return fail(load, dict, config, value, frame);
  const type = pythonType(load.tree, value);
  return type === "str" ? { is: "plain" } : fail(load, dict, value, messages.attributeError(type, "encode"), frame);
}

function slice(load: Load, dict: Dict, config: Value, frame: Frame): Result {
  const tasks: Task[] = [];
  let isWhole = true;
  for (const key of sliceParts) {
    const part = subscript(load, config, key);
    isWhole = !isError(part);
    tasks.push(
      isError(part)
        ? () => fail(load, dict, config, part, frame)
        : () => load.keras.deserializeKerasObject(load, part, inner(frame, { calls: 1 })),
    );
    if (!isWhole) break;
  }
  load.next(tasks);
  return isWhole ? { is: "plain" } : { is: "failed" };
}

/**
 * `KerasTensor(shape, dtype)` of keras/src/backend/common/keras_tensor.py knows the same dtypes as an InputLayer. A dtype is looked
 * up in a dict, and the key of the history is asked for behind.
 */
function kerasTensor(load: Load, dict: Dict, config: Value, frame: Frame): Result {
  const { tree } = load;
  const ofShape = keyed(load, dict, config, ["shape", "dtype"], frame);
  if (ofShape.is === "failed") return ofShape;
  const part = (key: string) => field(tree, { node: config.node }, key);
  const failBy = (failure: Failure): Result => {
    load.fail(dict.node, failure, frame);
    return { is: "failed" };
  };
  const dtype = part("dtype");
  const name = text(tree, dtype);
  if (dtype && !hashable(tree, dtype)) {
    const error = messages.unhashable(pythonType(tree, dtype));
    return failBy({ rule: "invalid-argument", node: dtype.node, error, name: "dtype" });
  }
  const inputLayer = load.release.resolve("keras.layers.InputLayer");
  const refusal = name === undefined ? undefined : refusalOfString(inputLayer, "dtype", name);
  if (dtype && refusal) {
    const allowed = refusal.accepted.filter((one) => !one.includes("*"));
    return failBy({ rule: "invalid-argument", node: dtype.node, error: refusal.error, name: "dtype", allowed });
  }
  return keyed(load, dict, config, ["keras_history"], frame);
}
