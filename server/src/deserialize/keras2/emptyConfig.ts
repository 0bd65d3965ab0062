import { text, truthy, type Value } from "../dict.ts";
import type { Frame, Load, PythonError } from "../load.ts";
import { valueError } from "../messages.ts";
import { elided, pythonRepr } from "../pythonRepr.ts";

/** `layers.deserialize` of tf_keras/src/layers/serialization.py refuses whatever is falsy. Says whether it did. */
export function failsOnEmpty(load: Load, value: Value, frame: Frame): boolean {
  const { tree } = load;
  if (truthy(tree, value)) return false;
  const printed = tree.kind(value.node) === "object" ? elided : (text(tree, value) ?? pythonRepr(tree, value));
  load.fail(value.node, { rule: "wrong-field-type", node: value.node, error: emptyConfig(printed) }, frame);
  return true;
}

/** What it says; the value as `str()` prints it. */
export function emptyConfig(printed: string): PythonError {
  return valueError(`Cannot deserialize empty config. Received: config=${printed}`);
}
