import type { BuiltinSymbol, Refusal } from "../../catalogue/keras.ts";
import { NO_NODE, type Node, type ValueTree } from "../../json/index.ts";
import { pythonType } from "../dict.ts";
import { refusedByKeras2 } from "../keras2/argumentValues.ts";
import { unhashable } from "../messages.ts";
import { notCompared } from "./constructorMessages.ts";

/**
 * What a constructor refuses beside the rules that are read off its source: a slash in the name of an operation
 * (`Operation.__init__`), a dtype that is no key of a dict (`standardize_dtype`) where it is not deserialized before, and a
 * dropout that is no number (`min(1.0, max(0.0, dropout))` of the cells in layers/rnn).
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
  return undefined;
}

function refusedName(tree: ValueTree, { constructorRules }: BuiltinSymbol, node: Node): Refusal | undefined {
  if (tree.kind(node) !== "string" || !tree.string(node).includes("/")) return undefined;
  const rule = constructorRules?.values.find((one) => one.argument === "name" && one.forms.includes("zero"));
  return rule?.refusal.text?.includes("cannot contain character `/`") ? rule.refusal : undefined;
}

function refusedDtype(tree: ValueTree, symbol: BuiltinSymbol, node: Node): Refusal | undefined {
  const kind = tree.kind(node);
  if (symbol.qualname !== "InputLayer" || isOfKeras2(symbol) || (kind !== "array" && kind !== "object"))
    return undefined;
  if (kind === "object" && symbol.slots.some((slot) => slot.argument === "dtype")) return undefined;
  const { exception, message } = unhashable(pythonType(tree, { node }));
  return { exception, text: message };
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
