/** Layers of tf_keras/src/layers/core and tf_keras/src/layers/activation. */
import type { Call } from "../../call.ts";
import type { LayerConfig } from "../../layerConfig.ts";
import { type Built, type LayerRule, trainable } from "../../rule.ts";
import { layerRules } from "../../rules/table.ts";
import {
  type Dim,
  dimAt,
  KerasRaises,
  NotKnown,
  product,
  type Shape,
  UndefinedWeight,
  valueError,
} from "../../values.ts";
import { keras3Rule, weightless } from "../reused.ts";
import { equalDims, unequal } from "../tensorflow.ts";

const dense: LayerRule = {
  spec: () => ({ minNdim: 2 }),
  build(config, call) {
    const shape = call.input();
    const inputs = dimAt(shape, -1);
    if (inputs === null)
      throw valueError(
        "The last dimension of the inputs to a Dense layer should be defined. Found None. Full input shape received: " +
          call.shown(shape),
      );
    const units = config.int("units");
    const spec = { minNdim: 2, axes: new Map([[-1, inputs]]) };
    return { ...trainable(inputs * units + (config.boolean("use_bias", true) ? units : 0)), spec };
  },
  // Of more axes the tensor is reshaped first, which says nothing of shapes that are not known in full.
  unfit: (_, spec, shape) => (shape.length === 2 || !shape.includes(null) ? unequal(spec, shape) : undefined),
  output: (config, call) => [[...call.input().slice(0, -1), config.int("units")]],
};

const embedding: LayerRule = {
  build: (config) => trainable(config.int("input_dim") * config.int("output_dim")),
  output: (config, call) => [[...call.input(), config.int("output_dim")]],
};

const prelu: LayerRule = {
  build(config, call) {
    const shape = call.input();
    const shared = config.ints("shared_axes") ?? [];
    // An axis outside of the shape is one that Python does not assign to.
    if (shared.some((axis) => axis < 1 || axis >= shape.length)) throw new NotKnown();
    const size = product(shape.slice(1).map((dim, i) => (shared.includes(i + 1) ? 1 : dim)));
    // TensorFlow refuses a weight of such a shape.
    if (size === null) throw new NotKnown();
    const axes = new Map<number, Dim>();
    if (shared.length > 0) for (let i = 1; i < shape.length; i++) if (!shared.includes(i)) axes.set(i, shape[i] as Dim);
    return { ...trainable(size), spec: { ndim: shape.length, axes } };
  },
  output: (_, call) => [call.input()],
};

const softmax: LayerRule = weightless((config, call) => {
  const shape = call.input();
  const rank = shape.length;
  const axes = config.ints("axis") ?? [-1];
  const outside = axes.find((axis) => axis >= rank || axis < -rank);
  if (outside !== undefined && axes.length > 1) throw new NotKnown();
  if (outside !== undefined)
    throw new KerasRaises(
      "InvalidArgumentError",
      `\`dim\` must be in the range [${-rank}, ${rank}) where ${rank} is the number of dimensions in the input. Received: dim=${outside}`,
    );
  return [shape];
});

/** The shapes that these were built with. */
const builtWith = new WeakMap<LayerConfig, Shape>();

/** What `EinsumDense` makes, which is the sum itself: the dimensions are those of the tensors. */
function summed(config: LayerConfig, call: Call): Shape {
  const input = call.input();
  const equation = config.string("equation", "");
  const match = /^(\.\.\.)?([a-zA-Z]+)(\.\.\.)?,([a-zA-Z]+)->(\.\.\.)?([a-zA-Z]+)(\.\.\.)?$/.exec(equation);
  const partial = outputShape(config);
  if (!match || !partial) throw new NotKnown();
  const [, left, inputs = "", right, kernel = "", leftOut, outputs = "", rightOut] = match;
  if (left !== leftOut || right !== rightOut || (left && right)) throw new NotKnown();
  const elided = input.length - inputs.length;
  if (elided < 0 || (elided > 0 && !left && !right)) throw new NotKnown();
  const offset = left ? elided : 0;
  const dims = new Map([...inputs].map((label, i) => [label, input[i + offset] as Dim]));
  const built = builtWith.get(config);
  if (built && built.length !== input.length) throw new NotKnown();
  for (const [i, label] of [...inputs].entries())
    if (built && kernel.includes(label)) equalDims(dims.get(label) ?? null, built[i + offset] as Dim);
  // A label of the kernel alone has the size that `output_shape` states, which says none for the batch.
  if (left && elided === 0) throw new NotKnown();
  const stated = new Map([...outputs].map((label, i) => [label, partial[left ? i : i - 1] ?? null]));
  const made = [...outputs].map(
    (label): Dim => (dims.has(label) ? (dims.get(label) as Dim) : (stated.get(label) ?? null)),
  );
  if (left) return [...input.slice(0, elided), ...made];
  return right ? [...made, ...input.slice(input.length - elided)] : made;
}

function outputShape(config: LayerConfig): Shape | undefined {
  const node = config.value("output_shape");
  return config.tree.kind(node) === "number" ? [config.int("output_shape")] : config.shape("output_shape");
}

/** What a computation comes to; TensorFlow refuses a weight with a dimension that is None. */
function fullyDefined<T>(compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    throw error instanceof UndefinedWeight ? new NotKnown() : error;
  }
}

const einsumDense: LayerRule = {
  build: (config, call, held) => {
    builtWith.set(config, call.input());
    // What it says of shapes that do not fit is the same.
    const built = fullyDefined(() => layerRules.get("keras.layers.EinsumDense")?.build?.(config, call, held)) as
      | Built
      | undefined;
    // It has no `input_spec`.
    return built && { trainable: built.trainable, nonTrainable: built.nonTrainable };
  },
  output: (config, call) => [summed(config, call)],
};

const same = ["Activation", "ReLU", "LeakyReLU", "ELU", "ThresholdedReLU", "Identity", "Masking"];

export const coreRules: readonly (readonly [string, LayerRule])[] = [
  ["keras.layers.Dense", dense],
  ["keras.layers.Embedding", embedding],
  ["keras.layers.EinsumDense", einsumDense],
  ["keras.layers.PReLU", prelu],
  ["keras.layers.Softmax", softmax],
  ["keras.layers.InputLayer", keras3Rule("keras.layers.InputLayer")],
  ...same.map((name): [string, LayerRule] => [`keras.layers.${name}`, weightless((_, call) => [call.input()])]),
];
