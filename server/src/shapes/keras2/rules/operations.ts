/** Functions of TensorFlow that stand as layers in a functional model: tf_keras/src/layers/core/tf_op_layer.py. */
import { elementsOf, NO_NODE, type Node, type ValueTree } from "../../../json/index.ts";
import type { Call } from "../../call.ts";
import { intAt, intsAt } from "../../layerConfig.ts";
import type { LayerRule } from "../../rule.ts";
import { type Slice, sliced } from "../../rules/indexing.ts";
import { type Dim, NotKnown, type Shape, type Value } from "../../values.ts";
import { operationError } from "../callError.ts";
import { weightless } from "../reused.ts";
import { broadcasted } from "../tensorflow.ts";

type Operation = (call: Call) => Shape;

/** An argument that is no tensor, by its name; NO_NODE where it is absent or null. */
function plain(call: Call, name: string): Node {
  const value = call.kwargs.get(name);
  if (value === undefined) return NO_NODE;
  if (value.is !== "plain") throw new NotKnown();
  return call.tree.kind(value.node) === "null" ? NO_NODE : value.node;
}

function operand(call: Call, value: Value | undefined): Shape {
  if (value?.is === "plain" && call.tree.kind(value.node) === "number") return [];
  if (value?.is !== "tensor" || !value.tensor) throw new NotKnown();
  return value.tensor.shape;
}

const within = (axis: number, rank: number): number => {
  const at = axis < 0 ? axis + rank : axis;
  if (at < 0 || at >= rank) throw new NotKnown();
  return at;
};

const unary: Operation = (call) => call.input();
const binary: Operation = (call) =>
  broadcasted(operand(call, call.args[0] ?? call.kwargs.get("x")), operand(call, call.args[1] ?? call.kwargs.get("y")));

const reduce: Operation = (call) => {
  const shape = call.input();
  const axis = plain(call, "axis");
  const axes = axis === NO_NODE ? undefined : intsAt(call.tree, axis, 1).map((one) => within(one, shape.length));
  const keeps = plain(call, "keepdims");
  const isReduced = (i: number) => axes === undefined || axes.includes(i);
  if (keeps !== NO_NODE && call.tree.boolean(keeps)) return shape.map((dim, i) => (isReduced(i) ? 1 : dim));
  return shape.filter((_, i) => !isReduced(i));
};

const transpose: Operation = (call) => {
  const shape = call.input();
  const perm = plain(call, "perm");
  if (perm === NO_NODE) return [...shape].reverse();
  const axes = intsAt(call.tree, perm, 1);
  if (new Set(axes).size !== shape.length || axes.length !== shape.length) throw new NotKnown();
  return axes.map((axis) => shape[within(axis, shape.length)] as Dim);
};

const expandDims: Operation = (call) => {
  const shape = call.input();
  const axis = intAt(call.tree, plain(call, "axis"));
  const at = within(axis, shape.length + 1);
  return [...shape.slice(0, at), 1, ...shape.slice(at)];
};

/** `ConcatV2`: the axes before the one of the concatenation are to be equal, and those behind. */
const concat: Operation = (call) => {
  const shapes = call.inputs();
  const [first] = shapes;
  if (!first) throw new NotKnown();
  const other = shapes.find(({ length }) => length !== first.length);
  if (other) throw operationError(`Shape must be rank ${first.length} but is rank ${other.length}`);
  const at = within(intAt(call.tree, plain(call, "axis")), first.length);
  let before: Shape = first.slice(0, at);
  let after: Shape = first.slice(at + 1);
  let sum: Dim = first[at] as Dim;
  for (const shape of shapes.slice(1)) {
    before = equalShapes(before, shape.slice(0, at));
    after = equalShapes(after, shape.slice(at + 1));
    sum = sum === null || shape[at] === null ? null : sum + (shape[at] as number);
  }
  return [...before, sum, ...after];
};

/** `InferenceContext::Merge` of two shapes of one rank. */
function equalShapes(a: Shape, b: Shape): Shape {
  const shownDims = (shape: Shape) => `[${shape.map((dim) => dim ?? "?").join(",")}]`;
  return a.map((dim, i): Dim => {
    const other = b[i] as Dim;
    if (dim !== null && other !== null && dim !== other)
      throw operationError(
        `Dimension ${i} in both shapes must be equal, but are ${dim} and ${other}. Shapes are ${shownDims(a)} and ${shownDims(b)}.`,
      );
    return dim ?? other;
  });
}

/** `x[slice_spec]`. */
const getItem: Operation = (call) => {
  const shape = call.input();
  const { tree } = call;
  const spec = plain(call, "slice_spec");
  const keys =
    tree.kind(spec) === "object" && tree.member(spec, "items") !== NO_NODE ? tree.member(spec, "items") : spec;
  const parts = tree.kind(keys) === "array" ? elementsOf(tree, keys) : [keys];
  const isEllipsis = (node: Node) => tree.string(tree.member(node, "class_name")) === "__ellipsis__";
  const taken = parts.filter((node) => tree.kind(node) !== "null" && !isEllipsis(node)).length;
  if (taken > shape.length || parts.filter(isEllipsis).length > 1) throw new NotKnown();
  const output: Dim[] = [];
  let at = 0;
  for (const node of parts) {
    if (tree.kind(node) === "null") output.push(1);
    else if (isEllipsis(node))
      for (const end = at + shape.length - taken; at < end; at++) output.push(shape[at] as Dim);
    else {
      const dim = shape[at++] as Dim;
      if (tree.kind(node) !== "number") output.push(sliced(tree, sliceOf(tree, node), dim));
      else if (dim !== null && (intAt(tree, node) >= dim || intAt(tree, node) < -dim)) throw new NotKnown();
    }
  }
  return [...output, ...shape.slice(at)];
};

function sliceOf(tree: ValueTree, node: Node): Slice {
  if (tree.kind(node) !== "object" || tree.member(node, "start") === NO_NODE) throw new NotKnown();
  return node;
}

const operations = new Map<string, Operation>([
  ...["add", "sub", "mul", "truediv", "floordiv", "radd", "rsub", "rmul", "rtruediv"].map(
    (name): [string, Operation] => [`__operators__.${name}`, binary],
  ),
  ...["add", "subtract", "multiply", "truediv", "divide", "maximum", "minimum", "floordiv"].map(
    (name): [string, Operation] => [`math.${name}`, binary],
  ),
  ...[
    "__operators__.neg",
    "math.negative",
    "math.sigmoid",
    "math.tanh",
    "math.exp",
    "math.log",
    "math.sqrt",
    "math.square",
    "math.abs",
    "nn.relu",
    "nn.relu6",
    "nn.sigmoid",
    "nn.swish",
    "nn.silu",
    "nn.gelu",
    "nn.softplus",
    "identity",
    "cast",
    "clip_by_value",
  ].map((name): [string, Operation] => [name, unary]),
  ...["mean", "sum", "max", "min", "prod"].map((name): [string, Operation] => [`math.reduce_${name}`, reduce]),
  ["compat.v1.transpose", transpose],
  ["expand_dims", expandDims],
  ["concat", concat],
  ["__operators__.getitem", getItem],
]);

const operation: LayerRule = weightless((config, call) => {
  const made = operations.get(config.string("function", ""));
  if (!made) throw new NotKnown();
  return [made(call)];
});

export const operationRules: readonly (readonly [string, LayerRule])[] = [
  ["tf_keras.src.layers.core.tf_op_layer.TFOpLambda", operation],
  ["tf_keras.src.layers.core.tf_op_layer.SlicingOpLambda", operation],
];
