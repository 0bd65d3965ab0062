/** Operations of keras.ops that stand as layers in a functional model. */

import { elementsOf } from "../../json/index.ts";
import { broadcast } from "../broadcast.ts";
import { type Call, shapeOf } from "../call.ts";
import { intAt } from "../layerConfig.ts";
import type { LayerRule } from "../rule.ts";
import { type Dim, MOST_OUTPUTS, NotKnown, product, type Shape, shown, type Value, valueError } from "../values.ts";
import { indexed } from "./indexing.ts";
import { reshaped } from "./reshaping.ts";

type Rule = LayerRule["output"];

function within(axis: number, rank: number): number {
  const at = axis < 0 ? axis + rank : axis;
  if (at < 0 || at >= rank) throw new NotKnown();
  return at;
}

/** The shape of an operand: a tensor's, or that of a number. */
function operand(call: Call, position: number, name: string): Shape {
  const value = call.value(position, name);
  if (value === undefined) throw new NotKnown();
  if (value.is !== "plain") return shapeOf(value);
  const kind = call.tree.kind(value.node);
  if (kind === "number" || kind === "boolean") return [];
  throw new NotKnown();
}

const same: Rule = (_, call) => [call.input()];
const elementwise: Rule = (_, call) => [broadcast(operand(call, 0, "x1"), operand(call, 1, "x2"))];

const reduce: Rule = (config, call) => {
  const shape = call.input();
  const axes = config.ints("axis")?.map((axis) => within(axis, shape.length));
  const keeps = config.boolean("keepdims", false);
  const isReduced = (i: number) => axes === undefined || axes.includes(i);
  if (keeps) return [shape.map((dim, i) => (isReduced(i) ? 1 : dim))];
  return [shape.filter((_, i) => !isReduced(i))];
};

const where: Rule = (_, call) => [
  broadcast(broadcast(operand(call, 0, "condition"), operand(call, 1, "x1")), operand(call, 2, "x2")),
];

const expandDims: Rule = (config, call) => {
  const shape = call.input();
  const axes = config.ints("axis") ?? [];
  const rank = shape.length + axes.length;
  const made = new Set(axes.map((axis) => within(axis, rank)));
  if (made.size !== axes.length || axes.length === 0) throw new NotKnown();
  let next = 0;
  return [Array.from({ length: rank }, (_, i): Dim => (made.has(i) ? 1 : (shape[next++] as Dim)))];
};

const squeeze: Rule = (config, call) => {
  const shape = call.input();
  const axes = config.ints("axis")?.map((axis) => within(axis, shape.length));
  if (axes?.some((axis) => shape[axis] !== 1)) throw new NotKnown();
  return [shape.filter((dim, i) => (axes ? !axes.includes(i) : dim !== 1))];
};

const concatenate: Rule = (config, call) => {
  const shapes = call.inputs();
  const [first] = shapes;
  if (!first) throw new NotKnown();
  const at = within(config.int("axis", -1), first.length);
  let total: Dim = 0;
  const output = [...first];
  for (const shape of shapes) {
    if (shape.length !== first.length) throw new NotKnown();
    total = total === null || shape[at] === null ? null : total + (shape[at] as number);
    for (const [i, dim] of shape.entries()) {
      if (i === at) continue;
      const known = output[i] as Dim;
      if (known !== null && dim !== null && known !== dim)
        throw valueError(
          `Every value in \`xs\` must have the same shape except on the \`axis\` dim. But found element of shape ${shown(shape)}, ` +
            `which is different from the first element's shape ${shown(first)}.`,
        );
      output[i] = known ?? dim;
    }
  }
  output[at] = total;
  return [output];
};

const stack: Rule = (config, call) => {
  const shapes = call.inputs();
  const [first] = shapes;
  if (!first || shapes.some((shape) => shape.length !== first.length)) throw new NotKnown();
  const at = within(config.int("axis", 0), first.length + 1);
  const merged = first.map(
    (dim, i) => dim ?? shapes.map((shape) => shape[i] ?? null).find((one) => one !== null) ?? null,
  );
  return [[...merged.slice(0, at), shapes.length, ...merged.slice(at)]];
};

const transpose: Rule = (config, call) => {
  const shape = call.input();
  const axes = config.ints("axes") ?? shape.map((_, i) => i).reverse();
  const rank = shape.length;
  if (axes.length !== rank)
    throw valueError(
      `axis must be a list of the same length as the input shape, expected ${rank}, but received ${axes.length}.`,
    );
  if (axes.some((axis) => axis < -rank || axis >= rank))
    throw valueError(
      `Each axis in \`axes\` must be an integer in [-${rank}, ${rank}). Received: axes=[${axes.join(", ")}].`,
    );
  if (new Set(axes.map((axis) => within(axis, shape.length))).size < axes.length)
    throw valueError(
      "`axes` must be a valid permutation of the input dimensions (no duplicates). " +
        `Received: axes=[${axes.join(", ")}] for input of rank ${shape.length}.`,
    );
  return [axes.map((axis) => shape[within(axis, shape.length)] as Dim)];
};

const swapaxes: Rule = (config, call) => {
  const shape = [...call.input()];
  const [a, b] = [within(config.int("axis1"), shape.length), within(config.int("axis2"), shape.length)];
  [shape[a], shape[b]] = [shape[b] as Dim, shape[a] as Dim];
  return [shape];
};

/** `compute_matmul_output_shape` of keras/src/ops/operation_utils.py, for two tensors of two axes or more. */
const matmul: Rule = (_, call) => {
  const [a, b] = [operand(call, 0, "x1"), operand(call, 1, "x2")];
  if (a.length < 2 || b.length < 2) throw new NotKnown();
  const [inner, other] = [a.at(-1) as Dim, b.at(-2) as Dim];
  if (inner !== null && other !== null && inner !== other)
    throw valueError(
      "Inner dimensions (`x1.shape[-1]` and `x2.shape[-2]`) must be equal, but received " +
        `\`x1.shape=${shown(a)}\` and \`x2.shape=${shown(b)}\`.`,
    );
  return [[...broadcast(a.slice(0, -2), b.slice(0, -2)), a.at(-2) as Dim, b.at(-1) as Dim]];
};

const reshape: Rule = (config, call) => {
  const target = config.shape("newshape");
  if (!target) throw new NotKnown();
  return [reshaped(call.input(), target, "newshape")];
};

/** `Split`, in the words of 3.14. */
const split: Rule = (config, call) => {
  const shape = call.input();
  const at = within(config.int("axis", 0), shape.length);
  const size = shape[at] as Dim;
  const sections = config.value("indices_or_sections");
  const each = (dims: readonly Dim[]) => dims.map((dim) => shape.map((one, i) => (i === at ? dim : one)));
  if (config.tree.kind(sections) === "number") {
    const count = intAt(config.tree, sections);
    if (count <= 0 || count > MOST_OUTPUTS) throw new NotKnown();
    if (size !== null && size % count !== 0)
      throw valueError(
        "`x` size on given `axis` must be divisible by `indices_or_sections` when `indices_or_sections` is an int. " +
          `But received ${size} and ${count}.`,
      );
    return each(Array(count).fill(size === null ? null : size / count));
  }
  const points = config.ints("indices_or_sections") ?? [];
  if (size === null) throw new NotKnown();
  const ends = [...points, size];
  return each(ends.map((end, i) => end - (i === 0 ? 0 : (ends[i - 1] as number))));
};

const repeat: Rule = (config, call) => {
  const shape = call.input();
  const repeats = config.int("repeats");
  if (!config.has("axis")) {
    const size = product(shape);
    return [[size === null ? null : size * repeats]];
  }
  const at = within(config.int("axis"), shape.length);
  return [shape.map((dim, i) => (i === at && dim !== null ? dim * repeats : dim))];
};

const pad: Rule = (config, call) => {
  const shape = call.input();
  const { tree } = config;
  const each = elementsOf(tree, config.value("pad_width")).map((node) =>
    elementsOf(tree, node).map((one) => intAt(tree, one)),
  );
  const all = each.length === 1 ? shape.map(() => each[0] as number[]) : each;
  if (all.length !== shape.length || all.some((pair) => pair.length !== 2)) throw new NotKnown();
  return [shape.map((dim, i) => (dim === null ? null : dim + (all[i]?.[0] ?? 0) + (all[i]?.[1] ?? 0)))];
};

/** `Einsum`, without ellipses. */
const einsum: Rule = (config, call) => {
  const match = /^([a-zA-Z,]+)->([a-zA-Z]*)$/.exec(config.string("subscripts", "").replaceAll(" ", ""));
  const inputs = match?.[1]?.split(",");
  if (!match || !inputs || inputs.length !== call.args.length) throw new NotKnown();
  const sizes = new Map<string, Dim>();
  for (const [i, names] of inputs.entries()) {
    const shape = shapeOf(call.args[i] as Value);
    if (shape.length !== names.length) throw new NotKnown();
    for (const [at, name] of [...names].entries()) {
      const known = sizes.get(name);
      const dim = shape[at] as Dim;
      if (known !== undefined && known !== null && dim !== null && known !== dim && known !== 1 && dim !== 1)
        throw new NotKnown();
      if (known === undefined || known === null || known === 1) sizes.set(name, dim);
    }
  }
  return [[...(match[2] ?? "")].map((name) => sizes.get(name) ?? null)];
};

const getItem: Rule = (_, call) => [indexed(call)];

/** By the class of `keras.src.ops`, module and name. */
const outputs: readonly (readonly [string, string, Rule])[] = [
  [
    "numpy",
    "Absolute Negative Exp Expm1 Log Log1p Log2 Log10 Sqrt Square Sin Cos Tan Tanh Sinh Cosh Sign Floor Ceil Round Abs",
    same,
  ],
  [
    "numpy",
    "Clip ZerosLike OnesLike Copy Isnan Isinf Isfinite LogicalNot Reciprocal Arctan Arcsin Arccos Flip Roll Cumsum NanToNum",
    same,
  ],
  [
    "nn",
    "Relu Relu6 Sigmoid Softplus Softsign Silu Gelu Elu Selu LeakyRelu HardSigmoid HardSilu LogSigmoid Softmax LogSoftmax Celu",
    same,
  ],
  ["core", "Cast StopGradient", same],
  ["math", "Rsqrt Erf", same],
  [
    "numpy",
    "Add Subtract Multiply Divide TrueDivide FloorDivide Power Maximum Minimum Mod Arctan2 LogicalAnd LogicalOr LogicalXor",
    elementwise,
  ],
  ["numpy", "Greater GreaterEqual Less LessEqual Equal NotEqual", elementwise],
  ["numpy", "Mean Sum Max Min Prod Std Var Any All Argmax Argmin Median", reduce],
  ["math", "Logsumexp", reduce],
  ["numpy", "Where", where],
  ["numpy", "ExpandDims", expandDims],
  ["numpy", "Squeeze", squeeze],
  ["numpy", "Concatenate", concatenate],
  ["numpy", "Stack", stack],
  ["numpy", "Transpose", transpose],
  ["numpy", "Swapaxes", swapaxes],
  ["numpy", "Matmul", matmul],
  ["numpy", "Reshape", reshape],
  ["numpy", "Split", split],
  ["numpy", "Repeat", repeat],
  ["numpy", "Pad", pad],
  ["numpy", "Einsum", einsum],
  ["numpy", "GetItem", getItem],
];

export const operationRules: ReadonlyMap<string, LayerRule> = new Map(
  outputs.flatMap(([module, names, output]) =>
    names.split(" ").map((name): [string, LayerRule] => [`keras.src.ops.${module}.${name}`, { output }]),
  ),
);
