import type { BuiltinSymbol } from "../../catalogue/keras.ts";
import { NO_NODE } from "../../json/index.ts";
import { field, pythonType, text, truthy, type Value } from "../dict.ts";
import type { Frame, Load, PythonError } from "../load.ts";
import * as messages from "../messages.ts";
import { fieldNode } from "../retrievalFailures.ts";

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

/**
 * What `optimizers.deserialize` of tf_keras/src/optimizers/__init__.py has in `all_classes` under a class name, whose case does not
 * matter where it is one of them: of the two kinds of optimizers the older one where the config is not empty and does not say
 * otherwise.
 */
export function optimizerEntry(load: Load, name: string, config: Value | undefined): BuiltinSymbol | undefined {
  const { release } = load;
  const lower = name.toLowerCase();
  const entry = (key: string) => release.tableEntry("optimizers", key);
  if (!config || !readsAsLegacyOptimizer(load, config)) return entry(lower) ?? entry(name);
  if (lower === "lossscaleoptimizer") return entry("lossscaleoptimizerv1");
  const newer = entry(lower);
  if (!newer || lower.startsWith("experimental") || lower.startsWith("lossscale")) return newer ?? entry(name);
  return release.exported(`keras.optimizers.legacy.${newer.qualname}`);
}

/** A config that is not empty and does not say otherwise is that of an optimizer of `keras.optimizers.legacy`. */
function readsAsLegacyOptimizer({ tree }: Load, config: Value): boolean {
  if (config.literal !== undefined || tree.kind(config.node) !== "object") return false;
  const flag = tree.member(config.node, "is_legacy_optimizer");
  return tree.childCount(config.node) > 0 && (flag === NO_NODE || truthy(tree, { node: flag }));
}

const argumentsOfLegacyOptimizers = new Set(["decay", "gradient_aggregator", "gradient_transformers"]);

/** What `_BaseOptimizer._process_kwargs` of tf_keras/src/optimizers/optimizer.py says of an argument that its optimizers lost. */
export function argumentOfLegacyOptimizer(
  symbol: BuiltinSymbol,
  className: string,
  name: string,
): PythonError | undefined {
  const isNew = symbol.mro.some(({ qualname }) => qualname === "_BaseOptimizer");
  if (!isNew || !argumentsOfLegacyOptimizers.has(name)) return undefined;
  return messages.valueError(
    `${name} is deprecated in the new TF-Keras optimizer, please check the docstring for valid arguments, or use the legacy ` +
      `optimizer, e.g., tf.keras.optimizers.legacy.${className}.`,
  );
}
