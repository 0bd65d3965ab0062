import type { BuiltinSymbol, Refusal } from "../../catalogue/keras.ts";
import { NO_NODE, type Node, type ValueTree } from "../../json/index.ts";
import { isPythonFloat, truthy } from "../dict.ts";
import { pythonRepr } from "../pythonRepr.ts";
import { isDtype, isIntegerDtype, noDtype } from "./dtypes.ts";
import { refusal } from "./refusal.ts";

/** The config of a layer of tf_keras as its constructor reads it. */
interface Given {
  readonly tree: ValueTree;
  readonly config: Node;
  readonly className: string;
}

/** What of an argument is refused beside the others; undefined where nothing is. */
type Together = (given: Given, node: Node) => Refusal | undefined;

const lookup = {
  dtype: integerWhereIndices,
  idf_weights: onlyWithTfIdf,
  pad_to_max_tokens: onlyWithMaxTokens,
  sparse: sparseUnlessIndices("`'one_hot'`, `'multi_hot'`, `'count'` or `'tf_idf'`"),
};

/** By class and argument, from layers/preprocessing and metrics/confusion_metrics.py, the same in 2.15.1 and 2.21.0. */
const together: Readonly<Record<string, Readonly<Record<string, Together>>>> = {
  AUC: { num_labels: onlyWithMultiLabel },
  Discretization: { sparse: sparseUnlessIndices("`'one_hot'`, `'multi_hot'`, or `'count'`") },
  HashedCrossing: { dtype: integerWhereIndices },
  Hashing: { sparse: sparseUnlessIndices('`"one_hot"`, `"multi_hot"`, or `"count"`') },
  InputLayer: { input_shape: onlyWithoutBatch },
  IntegerLookup: lookup,
  Normalization: { mean: onlyWithTheOther("mean"), variance: onlyWithTheOther("variance") },
  RandomFlip: { mode: namedMode },
  StringLookup: lookup,
  TextVectorization: { ...lookup, dtype: text, output_sequence_length: lengthOfIndices },
};

/** What the constructor of a class refuses of an argument, given the others. */
export function refusedBesideOthers(
  tree: ValueTree,
  { qualname }: BuiltinSymbol,
  argument: string,
  node: Node,
): Refusal | undefined {
  const refused = Object.hasOwn(together, qualname) ? together[qualname]?.[argument] : undefined;
  return refused?.({ tree, config: tree.parent(node), className: qualname }, node);
}

function printed(tree: ValueTree, node: Node): string {
  return node !== NO_NODE && tree.kind(node) === "string" ? tree.string(node) : pythonRepr(tree, { node });
}

/** None, or absent where that is the default. */
function isNone({ tree, config }: Given, argument: string): boolean {
  const node = tree.member(config, argument);
  return node === NO_NODE || tree.kind(node) === "null";
}

/** The `output_mode` by its newer name; undefined where that is none. */
function outputMode({ tree, config, className }: Given): string | undefined {
  const node = tree.member(config, "output_mode");
  if (node === NO_NODE) return "int";
  if (tree.kind(node) === "null") return className === "TextVectorization" ? "int" : undefined;
  if (tree.kind(node) !== "string") return undefined;
  const mode = tree.string(node);
  return { binary: "multi_hot", "tf-idf": "tf_idf" }[mode] ?? mode;
}

function onlyWithMaxTokens(given: Given, node: Node): Refusal | undefined {
  if (!truthy(given.tree, { node }) || !isNone(given, "max_tokens")) return undefined;
  return refusal("ValueError", "If pad_to_max_tokens is True, must set `max_tokens`. Received: max_tokens=None");
}

function sparseUnlessIndices(modes: string): Together {
  return (given, node) => {
    if (!truthy(given.tree, { node }) || outputMode(given) !== "int") return undefined;
    const received = `sparse=${printed(given.tree, node)} and output_mode=int`;
    return refusal("ValueError", `\`sparse\` may only be true if \`output_mode\` is ${modes}. Received: ${received}`);
  };
}

function onlyWithTfIdf(given: Given, node: Node): Refusal | undefined {
  const { tree } = given;
  const mode = outputMode(given);
  if (tree.kind(node) === "null" || mode === undefined || mode === "tf_idf") return undefined;
  return refusal(
    "ValueError",
    "`idf_weights` should only be set if `output_mode` is `'tf_idf'`. " +
      `Received: idf_weights=${printed(tree, node)} and output_mode=${mode}`,
  );
}

/** `get_policy` comes before, which makes the global policy of what is falsy. */
function integerWhereIndices(given: Given, node: Node): Refusal | undefined {
  const { tree, className } = given;
  const kind = tree.kind(node);
  if (outputMode(given) !== "int" || kind === "object" || kind === "number") return undefined;
  if (!isDtype(tree, node)) {
    return refusal("TypeError", noDtype(pythonRepr(tree, { node })));
  }
  if (className === "HashedCrossing" && kind === "null") return undefined;
  // That is what older configs say, and it is forgotten.
  if (className === "StringLookup" && kind === "string" && tree.string(node) === "string") return undefined;
  if (kind === "string" && isIntegerDtype(tree.string(node))) return undefined;
  return refusal(
    "ValueError",
    `When \`output_mode='int'\`, \`dtype\` should be an integer type. Received: dtype=${printed(tree, node)}`,
  );
}

function text({ tree }: Given, node: Node): Refusal | undefined {
  const kind = tree.kind(node);
  if (kind === "number" || kind === "object" || (kind === "string" && tree.string(node) === "string")) return undefined;
  const received = printed(tree, node);
  return refusal("ValueError", `\`TextVectorization\` may only have a dtype of string. Received dtype: ${received}.`);
}

function lengthOfIndices(given: Given, node: Node): Refusal | undefined {
  const { tree, config } = given;
  const kind = tree.kind(node);
  const isInteger = kind === "boolean" || (kind === "number" && !isPythonFloat(tree.raw(node)));
  // A mode that is None is no `int` here.
  const mode = tree.member(config, "output_mode");
  if (kind === "null" || isInteger || outputMode(given) !== "int" || (mode !== NO_NODE && tree.kind(mode) === "null"))
    return undefined;
  return refusal(
    "ValueError",
    "`output_sequence_length` must be either None or an integer when `output_mode` is 'int'. " +
      `Received: output_sequence_length=${printed(tree, node)}`,
  );
}

function onlyWithTheOther(argument: "mean" | "variance"): Together {
  return (given, node) => {
    const { tree, config } = given;
    const other = argument === "mean" ? "variance" : "mean";
    // Of the two, the one that is there is to blame.
    if (tree.kind(node) === "null" || !isNone(given, other)) return undefined;
    const shown = (name: string) => (isNone(given, name) ? "None" : printed(tree, tree.member(config, name)));
    return refusal(
      "ValueError",
      "When setting values directly, both `mean` and `variance` must be set. " +
        `Got mean: ${shown("mean")} and variance: ${shown("variance")}`,
    );
  };
}

function onlyWithMultiLabel({ tree, config }: Given, node: Node): Refusal | undefined {
  const multiLabel = tree.member(config, "multi_label");
  if (!truthy(tree, { node }) || (multiLabel !== NO_NODE && truthy(tree, { node: multiLabel }))) return undefined;
  return refusal("ValueError", "`num_labels` is needed only when `multi_label` is True.");
}

function onlyWithoutBatch({ tree, config }: Given, node: Node): Refusal | undefined {
  const batch = tree.member(config, "batch_input_shape");
  if (!truthy(tree, { node }) || batch === NO_NODE || !truthy(tree, { node: batch })) return undefined;
  return refusal(
    "ValueError",
    "Only provide the input_shape OR batch_input_shape argument to InputLayer, not both at the same time.",
  );
}

/** What is no string is no mode, and the layer says who it is. */
function namedMode({ tree, config }: Given, node: Node): Refusal | undefined {
  const name = tree.member(config, "name");
  if (tree.kind(node) === "string" || name === NO_NODE || tree.kind(name) !== "string") return undefined;
  const mode = pythonRepr(tree, { node });
  return refusal("ValueError", `RandomFlip layer ${tree.string(name)} received an unknown mode argument ${mode}`);
}
