import type { BuiltinSymbol } from "../../catalogue/keras.ts";
import { elementsOf, NO_NODE, type Node, type ValueTree } from "../../json/index.ts";
import { isPythonFloat, pythonType } from "../dict.ts";
import { typeError, valueError } from "../messages.ts";
import { pythonRepr } from "../pythonRepr.ts";
import type { ConstructorProblem } from "./call.ts";
import { shown } from "./values.ts";

type Judge = (call: CallOfLayer) => ConstructorProblem | undefined;

/** A call of a layer's constructor, each of whose arguments is taken by itself. */
export interface CallOfLayer {
  readonly tree: ValueTree;
  readonly symbol: BuiltinSymbol;
  /** Whether all arguments are given that there are. */
  readonly isWhole: boolean;
  /** The value of an argument; NO_NODE where it is not given. */
  readonly nodeOf: (name: string) => Node;
}

const judges: ReadonlyMap<string, Judge> = new Map([
  ...[1, 2, 3].flatMap((rank): [string, Judge][] => [
    [`Conv${rank}D`, (call) => groupsOfFilters(call) ?? dilatedStrides(call, rank)],
    [`Conv${rank}DTranspose`, (call) => transposedStrides(call, rank)],
  ]),
  ...[2, 3].flatMap((rank): [string, Judge][] => [
    [`ZeroPadding${rank}D`, (call) => pairs(call, "padding", rank)],
    [`Cropping${rank}D`, (call) => pairs(call, "cropping", rank)],
  ]),
  ["Permute", permutation],
  ["TextVectorization", textVectorization],
  ["Discretization", discretization],
]);

/** What a constructor of a layer of Keras 3 raises of arguments that do not go together; undefined where they do. */
export function problemTogether(call: CallOfLayer): ConstructorProblem | undefined {
  const { module, qualname } = call.symbol;
  return module.startsWith("keras.src.layers.") ? judges.get(qualname)?.(call) : undefined;
}

/** The length of sequences of keras/src/layers/preprocessing/text_vectorization.py (3.0 to 3.15). */
function textVectorization({ tree, nodeOf }: CallOfLayer): ConstructorProblem | undefined {
  const argument = "output_sequence_length";
  const [length, mode] = [nodeOf(argument), nodeOf("output_mode")];
  if (length === NO_NODE || isNull(tree, length)) return undefined;
  const isInt = mode === NO_NODE || (tree.kind(mode) === "string" && tree.string(mode) === "int");
  const isCount = tree.kind(length) === "boolean" || isInteger(tree, length);
  if (isInt && (isCount || tree.member(length, "class_name") !== NO_NODE)) return undefined;
  const value = shown(tree, length, undefined);
  const message = isInt
    ? `\`${argument}\` must be either None or an integer when \`output_mode\` is 'int'. Received: ${argument}=${value}`
    : `\`${argument}\` must not be set if \`output_mode\` is not 'int'. Received ${argument}=${value}.`;
  return refused(argument, length, message);
}

/** The bins of keras/src/layers/preprocessing/discretization.py: in number or by their boundaries, and to 3.8 also by both where these agree. */
function discretization({ tree, symbol, isWhole, nodeOf }: CallOfLayer): ConstructorProblem | undefined {
  const [bins, boundaries] = [nodeOf("num_bins"), nodeOf("bin_boundaries")];
  const isGiven = (node: Node) => node !== NO_NODE && !isNull(tree, node);
  if (symbol.fromConfig?.endsWith(".Discretization")) {
    if (!isWhole || isGiven(bins) || isGiven(boundaries)) return undefined;
    const error = valueError("You need to set either `num_bins` or `bin_boundaries`.");
    return { rule: "missing-argument", argument: "num_bins", error };
  }
  if (!isGiven(bins)) return undefined;
  const number = numberOf(tree, bins);
  if (number === undefined) {
    if (tree.member(bins, "class_name") !== NO_NODE) return undefined;
    const error = typeError(`'<' not supported between instances of '${pythonType(tree, { node: bins })}' and 'int'`);
    return { rule: "invalid-argument", argument: "num_bins", node: bins, error };
  }
  const value = shown(tree, bins, undefined);
  if (number < 0)
    return refused(
      "num_bins",
      bins,
      `\`num_bins\` must be greater than or equal to 0. Received: \`num_bins=${value}\``,
    );
  if (!isGiven(boundaries) || tree.kind(boundaries) === "object") return undefined;
  const count = lengthOf(tree, boundaries);
  if (count === undefined) {
    const error = typeError(`object of type '${pythonType(tree, { node: boundaries })}' has no len()`);
    return { rule: "invalid-argument", argument: "bin_boundaries", node: boundaries, error };
  }
  if (count === number - 1) return undefined;
  const both = `Received: \`num_bins=${value}\` and \`bin_boundaries=${shown(tree, boundaries, undefined)}\``;
  return refused("num_bins", bins, `Both \`num_bins\` and \`bin_boundaries\` should not be set. ${both}`);
}

function refused(argument: string, node: Node, message: string): ConstructorProblem {
  return { rule: "invalid-argument", argument, node, error: valueError(message) };
}

/** `BaseConv.__init__` of keras/src/layers/convolutional/base_conv.py. */
function groupsOfFilters({ tree, nodeOf }: CallOfLayer): ConstructorProblem | undefined {
  const node = nodeOf("groups");
  const [groups] = integersOf(tree, node, 1) ?? [];
  const [filters] = integersOf(tree, nodeOf("filters"), 1) ?? [];
  if (groups === undefined || filters === undefined || tree.kind(node) !== "number") return undefined;
  if (groups <= 0 || filters <= 0 || filters % groups === 0) return undefined;
  // What is no size is told before.
  if (integersOf(tree, nodeOf("kernel_size"), 1)?.every((one) => one > 0) !== true) return undefined;
  const received = `Received: groups=${groups}, filters=${filters}.`;
  return refused("groups", node, `The number of filters must be evenly divisible by the number of groups. ${received}`);
}

/** The same, and of base_conv_transpose.py: what is dilated takes single steps. */
function dilatedStrides({ tree, nodeOf }: CallOfLayer, rank: number): ConstructorProblem | undefined {
  const node = nodeOf("dilation_rate");
  const strides = integersOf(tree, nodeOf("strides"), rank);
  const dilation = integersOf(tree, node, rank);
  const isWhole = (values: readonly number[] | undefined) => values?.length === rank && values.every((one) => one > 0);
  if (!strides || !dilation || !isWhole(strides) || !isWhole(dilation)) return undefined;
  if (integersOf(tree, nodeOf("kernel_size"), rank)?.every((one) => one > 0) !== true) return undefined;
  if (strides.every((one) => one === 1) || dilation.every((one) => one === 1)) return undefined;
  const received = `Received: strides=${tuple(strides)} and dilation_rate=${tuple(dilation)}`;
  const message = `\`strides > 1\` not supported in conjunction with \`dilation_rate > 1\`. ${received}`;
  return refused("dilation_rate", node, message);
}

function transposedStrides(call: CallOfLayer, rank: number): ConstructorProblem | undefined {
  const { tree } = call;
  const padding = call.nodeOf("output_padding");
  // That is looked at before.
  if (padding !== NO_NODE && tree.kind(padding) !== "null") return undefined;
  return dilatedStrides(call, rank);
}

/** `Permute.__init__` of keras/src/layers/reshaping/permute.py. */
function permutation({ tree, nodeOf }: CallOfLayer): ConstructorProblem | undefined {
  const node = nodeOf("dims");
  if (node === NO_NODE || tree.kind(node) !== "array") return undefined;
  const dims = integersOf(tree, node, 1);
  if (!dims || [...dims].sort((a, b) => a - b).every((dim, index) => dim === index + 1)) return undefined;
  const received = `Received dims=${pythonRepr(tree, { node })}`;
  const rule = "The set of indices in `dims` must be consecutive and start from 1.";
  return refused("dims", node, `Invalid permutation argument \`dims\` for Permute Layer. ${rule} ${received}`);
}

/** The constructors of keras/src/layers/reshaping/zero_padding2d.py and the like: one number for both sides of an axis, or two. */
function pairs({ tree, nodeOf }: CallOfLayer, argument: string, rank: number): ConstructorProblem | undefined {
  const list = nodeOf(argument);
  if (list === NO_NODE || tree.kind(list) !== "array" || tree.childCount(list) !== rank) return undefined;
  for (const [index, entry] of elementsOf(tree, list).entries()) {
    const sides = integersOf(tree, entry, 2);
    if (!sides?.every((side) => side >= 0)) return undefined;
    if (sides.length === 2) continue;
    const name = `${["1st", "2nd", "3rd"][index]} entry of ${argument}`;
    const received = `Received ${name}=${pythonRepr(tree, { node: entry })}`;
    return refused(argument, entry, `The \`${name}\` argument must be a tuple of 2 integers. ${received}`);
  }
  return undefined;
}

/** One integer as often as there are axes, or a list of them; undefined of everything else. */
function integersOf(tree: ValueTree, node: Node, rank: number): readonly number[] | undefined {
  if (node === NO_NODE) return undefined;
  const kind = tree.kind(node);
  if (kind !== "number" && kind !== "array") return undefined;
  const nodes = kind === "number" ? [node] : elementsOf(tree, node);
  if (!nodes.every((one) => isInteger(tree, one))) return undefined;
  const values = nodes.map((one) => tree.number(one));
  if (!values.every(Number.isSafeInteger)) return undefined;
  return kind === "number" ? Array(rank).fill(values[0]) : values;
}

function tuple(values: readonly number[]): string {
  return values.length === 1 ? `(${values[0]},)` : `(${values.join(", ")})`;
}

function isNull(tree: ValueTree, node: Node): boolean {
  return tree.kind(node) === "null";
}

function isInteger(tree: ValueTree, node: Node): boolean {
  return tree.kind(node) === "number" && !isPythonFloat(tree.raw(node));
}

/** A number, or a bool as Python counts with it. */
function numberOf(tree: ValueTree, node: Node): number | undefined {
  if (tree.kind(node) === "boolean") return Number(tree.boolean(node));
  return tree.kind(node) === "number" ? tree.number(node) : undefined;
}

/** `len(value)`; undefined where it has none. */
function lengthOf(tree: ValueTree, node: Node): number | undefined {
  if (tree.kind(node) === "array") return tree.childCount(node);
  return tree.kind(node) === "string" ? [...tree.string(node)].length : undefined;
}
