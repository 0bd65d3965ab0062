import type { BuiltinSymbol, Refusal } from "../../catalogue/keras.ts";
import { elementsOf, NO_NODE, type Node, type ValueTree } from "../../json/index.ts";
import { pythonType } from "../dict.ts";
import { refusedByKeras2 } from "../keras2/argumentValues.ts";
import { unhashable } from "../messages.ts";
import { pythonRepr } from "../pythonRepr.ts";
import { notCompared } from "./constructorMessages.ts";
import { formOf, refuses } from "./values.ts";

/**
 * What a constructor refuses beside the rules that are read off its source: a slash in the name of an operation
 * (`Operation.__init__`), a dtype that is no key of a dict (`standardize_dtype`) where it is not deserialized before, a
 * dropout that is no number (`min(1.0, max(0.0, dropout))` of the cells in layers/rnn), and a list of factors.
 */
export function refusedByHand(
  tree: ValueTree,
  symbol: BuiltinSymbol,
  argument: string,
  node: Node,
  isWhole: boolean,
): Refusal | undefined {
  if (isOfKeras2(symbol)) {
    const refused = refusedByKeras2(tree, symbol, argument, node, isWhole);
    if (refused) return refused;
  }
  switch (argument) {
    case "name":
      return refusedName(tree, symbol, node);
    case "dtype":
      return refusedDtype(tree, symbol, node);
    case "dropout":
    case "recurrent_dropout":
      return refusedDropout(tree, symbol, node);
  }
  return refusedFactor(tree, symbol, argument, node);
}

/**
 * `_check_factor_range` of layers that change images (layers/preprocessing, 3.0 to 3.15): what it says of one number is among the
 * rules, and it is asked of both numbers of a list.
 */
function refusedFactor(
  tree: ValueTree,
  { module, constructorRules }: BuiltinSymbol,
  argument: string,
  node: Node,
): Refusal | undefined {
  // Lists of two are the sizes and strides of most layers.
  if (!module.startsWith("keras.src.layers.preprocessing.")) return undefined;
  if (tree.kind(node) !== "array" || tree.childCount(node) !== 2) return undefined;
  const received = `Received: input_number={${argument}}`;
  const rules = constructorRules?.values.filter((rule) => {
    return rule.argument === argument && rule.refusal.text?.endsWith(received);
  });
  if (!rules || rules.length === 0) return undefined;
  for (const element of elementsOf(tree, node)) {
    const form = formOf(tree, element);
    if (form === undefined || !/^(?:number|boolean)$/.test(tree.kind(element))) return undefined;
    const rule = rules.find((one) => refuses(one, tree, element, form));
    if (!rule?.refusal.text) continue;
    const printed = `Received: input_number=${pythonRepr(tree, { node: element })}`;
    return { ...rule.refusal, text: rule.refusal.text.replace(received, () => printed) };
  }
  return undefined;
}

function refusedName(tree: ValueTree, symbol: BuiltinSymbol, node: Node): Refusal | undefined {
  const { constructorRules } = symbol;
  if (symbol.qualname.endsWith("DTypePolicy")) return refusedPolicy(tree, symbol, node);
  if (tree.kind(node) !== "string" || !tree.string(node).includes("/")) return undefined;
  const rule = constructorRules?.values.find((one) => one.argument === "name" && one.forms.includes("zero"));
  return rule?.refusal.text?.includes("cannot contain character `/`") ? rule.refusal : undefined;
}

/** What the name of a dtype policy may be beside those of quantized ones: `standardize_dtype` (3.1 to 3.3). */
const policyNames = new Set([
  ...["float16", "float32", "float64", "uint8", "uint16", "uint32", "uint64", "int16", "int32", "int64", "int"],
  ...["bfloat16", "bool", "string", "mixed_float16", "mixed_bfloat16"],
]);

/** `DTypePolicy.__new__` of keras/src/dtype_policies/dtype_policy.py, which makes another policy by its name (3.1 to 3.3). */
function refusedPolicy(tree: ValueTree, symbol: BuiltinSymbol, node: Node): Refusal | undefined {
  const { name: missing } = symbol.constructorRules?.missing ?? {};
  if (!missing?.text?.startsWith("DTypePolicy.__new__()")) return undefined;
  if (tree.kind(node) !== "string") {
    if (tree.member(node, "class_name") !== NO_NODE) return undefined;
    const text = "'name' must be a string, such as 'mixed_float16'. Received: name={name} (of type {name!t})";
    return { exception: "TypeError", text };
  }
  const name = tree.string(node);
  if (symbol.qualname !== "DTypePolicy" || policyNames.has(name) || /int8|float8/.test(name)) return undefined;
  const text =
    "Cannot convert '{name}' to a mixed precision FloatDTypePolicy. Valid policies include 'mixed_float16', " +
    "'mixed_bfloat16', and the name of any float dtype such as 'float32'.";
  return { exception: "ValueError", text };
}

function refusedDtype(tree: ValueTree, symbol: BuiltinSymbol, node: Node): Refusal | undefined {
  const kind = tree.kind(node);
  if (isOfKeras2(symbol) || (kind !== "array" && kind !== "object")) return undefined;
  const isDeserialized = symbol.slots.some((slot) => slot.argument === "dtype");
  const isInput = symbol.qualname === "InputLayer" && !(isDeserialized && kind === "object");
  if (!isInput && (isDeserialized || !makesVariables(symbol) || tree.childCount(node) === 0)) return undefined;
  const { exception, message } = unhashable(pythonType(tree, { node }));
  return { exception, text: message };
}

/** Whether the constructor of a metric makes variables of its dtype, which nobody deserializes to 3.4 (metrics/reduction_metrics.py). */
function makesVariables({ mro }: BuiltinSymbol): boolean {
  return mro.some(({ module, qualname }) => {
    return module === "keras.src.metrics.reduction_metrics" && (qualname === "Mean" || qualname === "Sum");
  });
}

const recurrent = /^(?:GRU|LSTM|SimpleRNN|ConvLSTM)(?:Cell|[123]D)?$/;

function refusedDropout(tree: ValueTree, symbol: BuiltinSymbol, node: Node): Refusal | undefined {
  const kind = tree.kind(node);
  if (!recurrent.test(symbol.qualname) || kind === "number" || kind === "boolean") return undefined;
  // Some dicts are something else by then.
  if (tree.member(node, "class_name") !== NO_NODE) return undefined;
  const { exception, message } = notCompared(pythonType(tree, { node }), "float");
  return { exception, text: message };
}

/** Whether a class is one of tf_keras. */
export function isOfKeras2({ module }: BuiltinSymbol): boolean {
  return module.startsWith("tf_keras.");
}
