import type { BuiltinSymbol } from "../../catalogue/keras.ts";
import { NO_NODE, type Node, type ValueTree } from "../../json/index.ts";

/**
 * What a layer does with an initializer or constraint of its weights: its constructor calls `get` twice; `build` calls `get`,
 * or calls the initializer itself; nobody uses it; or that is not known.
 */
export type UseOfWeight = "twice" | "got" | "called" | "kept" | "not known";

/** Layers of tf_keras/src/layers/convolutional whose bases call `get` once more. */
const callingGetTwice = /^(Conv[123]D(Transpose)?|SeparableConv[12]D)$/;

/** Whether the constructor of a layer gets its arguments once more in that of its base. */
export function getsTwice({ qualname }: BuiltinSymbol): boolean {
  return callingGetTwice.test(qualname);
}

/** What a layer does not make, by the argument that says so. */
const switches: readonly (readonly [weight: string, argument: string])[] = [
  ["bias", "use_bias"],
  ["gamma", "scale"],
  ["beta", "center"],
];

/** What the class does with the argument of this config. */
export function useOfWeight(tree: ValueTree, symbol: BuiltinSymbol, config: Node, argument: string): UseOfWeight {
  const { qualname } = symbol;
  if (qualname.startsWith("SeparableConv") && argument.startsWith("kernel")) return "kept";
  if (callingGetTwice.test(qualname)) return "twice";
  const isOff = switches.some(([weight, key]) => argument.startsWith(weight) && isFalse(tree, config, key));
  if (isOff) return "kept";
  if (qualname === "EinsumDense" && argument.startsWith("bias")) {
    const axes = tree.member(config, "bias_axes");
    return axes === NO_NODE || tree.kind(axes) === "null" ? "kept" : "got";
  }
  if (/^(LSTM|LSTMCell|ConvLSTM[123]D)$/.test(qualname) && argument === "bias_initializer") {
    return isFalse(tree, config, "unit_forget_bias") ? "got" : "called";
  }
  return qualname === "MultiHeadAttention" ? "not known" : "got";
}

function isFalse(tree: ValueTree, config: Node, key: string): boolean {
  const node = tree.member(config, key);
  return node !== NO_NODE && tree.raw(node) === "false";
}
