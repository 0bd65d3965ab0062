import { field, pythonType, text, type Value } from "../dict.ts";
import type { Frame, Load, PythonError } from "../load.ts";
import * as messages from "../messages.ts";
import { fieldNode } from "../retrieve.ts";

/**
 * What `optimizers.deserialize` of tf_keras/src/optimizers/__init__.py asks of a config before it seeks the class: the length of
 * the inner config, whether that is a legacy optimizer's, and the class name in lower case. Says whether it failed there.
 */
export function failsAsOptimizer(load: Load, value: Value, frame: Frame): boolean {
  const { tree } = load;
  const type = pythonType(tree, value);
  const error = type === "dict" ? ofDict(load, value) : messages.subscriptFails(type, "config");
  if (!error) return false;
  const key = error.exception === "AttributeError" && error.message.endsWith("'lower'") ? "class_name" : "config";
  const node = type === "dict" ? fieldNode(load, { node: value.node }, key) : value.node;
  load.fail(value.node, { rule: "wrong-field-type", node, error }, frame);
  return true;
}

function ofDict({ tree }: Load, value: Value): PythonError | undefined {
  const dict = { node: value.node };
  const config = field(tree, dict, "config");
  if (config === undefined) return messages.keyError("config");
  const type = pythonType(tree, config);
  if (type !== "dict" && type !== "list" && type !== "str")
    return messages.typeError(`object of type '${type}' has no len()`);
  const isEmpty = type === "str" ? text(tree, config) === "" : tree.childCount(config.node) === 0;
  if (type !== "dict" && !isEmpty) return noAttribute(type, "get");
  const className = field(tree, dict, "class_name");
  if (className === undefined) return messages.keyError("class_name");
  return text(tree, className) === undefined ? noAttribute(pythonType(tree, className), "lower") : undefined;
}

function noAttribute(type: string, attribute: string): PythonError {
  return { exception: "AttributeError", message: `'${type}' object has no attribute '${attribute}'` };
}
