import type { BuiltinSymbol } from "../../catalogue/keras.ts";
import { elementsOf, NO_NODE, type Node, type ValueTree } from "../../json/index.ts";
import { isPythonFloat } from "../dict.ts";
import { valueError } from "../messages.ts";
import { pythonRepr } from "../pythonRepr.ts";
import type { ConstructorProblem } from "./call.ts";

/** The value of an argument; NO_NODE where it is not given. */
type NodeOf = (name: string) => Node;
type Judge = (tree: ValueTree, nodeOf: NodeOf) => ConstructorProblem | undefined;

const judges: ReadonlyMap<string, Judge> = new Map([
  ...[1, 2, 3].flatMap((rank): [string, Judge][] => [
    [`Conv${rank}D`, (tree, nodeOf) => groupsOfFilters(tree, nodeOf) ?? dilatedStrides(tree, nodeOf, rank)],
    [`Conv${rank}DTranspose`, (tree, nodeOf) => transposedStrides(tree, nodeOf, rank)],
  ]),
  ...[2, 3].flatMap((rank): [string, Judge][] => [
    [`ZeroPadding${rank}D`, (tree, nodeOf) => pairs(tree, nodeOf("padding"), "padding", rank)],
    [`Cropping${rank}D`, (tree, nodeOf) => pairs(tree, nodeOf("cropping"), "cropping", rank)],
  ]),
  ["Permute", permutation],
]);

/** What a layer of Keras 3 refuses of arguments each of which it takes; the same in all releases. */
export function refusedTogether(
  tree: ValueTree,
  { qualname, module }: BuiltinSymbol,
  nodeOf: NodeOf,
): ConstructorProblem | undefined {
  const judge = module.startsWith("keras.src.layers.") ? judges.get(qualname) : undefined;
  return judge?.(tree, nodeOf);
}

function refused(argument: string, node: Node, message: string): ConstructorProblem {
  return { rule: "invalid-argument", argument, node, error: valueError(message) };
}

/** `BaseConv.__init__` of keras/src/layers/convolutional/base_conv.py. */
function groupsOfFilters(tree: ValueTree, nodeOf: NodeOf): ConstructorProblem | undefined {
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
function dilatedStrides(tree: ValueTree, nodeOf: NodeOf, rank: number): ConstructorProblem | undefined {
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

function transposedStrides(tree: ValueTree, nodeOf: NodeOf, rank: number): ConstructorProblem | undefined {
  const padding = nodeOf("output_padding");
  // That is looked at before.
  if (padding !== NO_NODE && tree.kind(padding) !== "null") return undefined;
  return dilatedStrides(tree, nodeOf, rank);
}

/** `Permute.__init__` of keras/src/layers/reshaping/permute.py. */
function permutation(tree: ValueTree, nodeOf: NodeOf): ConstructorProblem | undefined {
  const node = nodeOf("dims");
  if (node === NO_NODE || tree.kind(node) !== "array") return undefined;
  const dims = integersOf(tree, node, 1);
  if (!dims || [...dims].sort((a, b) => a - b).every((dim, index) => dim === index + 1)) return undefined;
  const received = `Received dims=${pythonRepr(tree, { node })}`;
  const rule = "The set of indices in `dims` must be consecutive and start from 1.";
  return refused("dims", node, `Invalid permutation argument \`dims\` for Permute Layer. ${rule} ${received}`);
}

/** The constructors of keras/src/layers/reshaping/zero_padding2d.py and the like: one number for both sides of an axis, or two. */
function pairs(tree: ValueTree, list: Node, argument: string, rank: number): ConstructorProblem | undefined {
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
  const isInteger = (one: Node) => tree.kind(one) === "number" && !isPythonFloat(tree.raw(one));
  if (!nodes.every(isInteger)) return undefined;
  const values = nodes.map((one) => tree.number(one));
  if (!values.every(Number.isSafeInteger)) return undefined;
  return kind === "number" ? Array(rank).fill(values[0]) : values;
}

function tuple(values: readonly number[]): string {
  return values.length === 1 ? `(${values[0]},)` : `(${values.join(", ")})`;
}
