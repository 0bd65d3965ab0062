/** Layers of keras/src/layers/core and keras/src/layers/activations. */
import type { LayerConfig } from "../layerConfig.ts";
import { type LayerRule, sameShape, trainable } from "../rule.ts";
import { type Dim, dimAt, NotKnown, product, type Shape, valueError, weightSize } from "../values.ts";

const dense: LayerRule = {
  spec: () => ({ minNdim: 2 }),
  build(config, call) {
    const shape = call.input();
    const inputs = dimAt(shape, -1);
    const units = config.int("units");
    if (isAdapted(config)) return undefined;
    const spec = { minNdim: 2, axes: new Map([[-1, inputs]]) };
    return { ...trainable(weightSize("kernel", inputs, units) + (config.boolean("use_bias", true) ? units : 0)), spec };
  },
  output: (config, call) => [[...call.input().slice(0, -1), config.int("units")]],
};

/** Whether quantization or LoRA gives the layer other weights. */
function isAdapted(config: LayerConfig): boolean {
  const { tree } = config;
  const dtype = config.value("dtype");
  const isQuantized =
    dtype >= 0 && tree.kind(dtype) === "object" && tree.string(tree.member(dtype, "class_name")) !== "DTypePolicy";
  return isQuantized || config.has("lora_rank") || config.has("quantization_config");
}

const embedding: LayerRule = {
  build(config) {
    if (isAdapted(config)) return undefined;
    return trainable(config.int("input_dim") * config.int("output_dim"));
  },
  output: (config, call) => [[...call.input(), config.int("output_dim")]],
};

/** The shapes that an equation of `EinsumDense` gives: `_analyze_einsum_string` of keras/src/layers/core/einsum_dense.py. */
function einsumDenseShapes(equation: string, biasAxes: string | undefined, input: Shape, partial: Shape) {
  const match = /^(\.\.\.)?([a-zA-Z]+)(\.\.\.)?,([a-zA-Z]+)->(\.\.\.)?([a-zA-Z]+)(\.\.\.)?$/.exec(equation);
  if (!match) throw new NotKnown();
  const [, left, inputSpec = "", right, weightSpec = "", leftOut, outputSpec = "", rightOut] = match;
  if (left !== leftOut || right !== rightOut || (left && right)) throw new NotKnown();
  const elided = input.length - inputSpec.length;
  if (elided < 0 || (elided > 0 && !left && !right)) throw new NotKnown();
  const output: Dim[] = [input[0] as Dim, ...partial];
  // Keras puts each one before those that it has put there.
  if (left) output.splice(1, 0, ...input.slice(1, Math.max(1, elided)).reverse());
  else if (right) output.push(...input.slice(input.length - elided));
  const offset = left ? elided : 0;
  if (output.length < outputSpec.length + offset) throw new NotKnown();
  const inputDims = new Map([...inputSpec].map((name, i) => [name, input[i + offset] as Dim]));
  const outputDims = new Map([...outputSpec].map((name, i) => [name, output[i + offset] as Dim]));
  for (const name of inputSpec) {
    const [given, made] = [inputDims.get(name), outputDims.get(name)];
    if (made !== undefined && made !== null && made !== given)
      throw valueError(
        `Input shape and output shape do not match at shared dimension '${name}'. Input shape is ${given ?? "None"}, and output shape is ${made}.`,
      );
  }
  const sizeOf = (name: string): Dim => {
    const size = outputDims.get(name) ?? inputDims.get(name);
    if (size === undefined) throw new NotKnown();
    return size;
  };
  const kernel = [...weightSpec].map(sizeOf);
  const bias = biasAxes === undefined ? 0 : product([...biasAxes].map((name) => outputDims.get(name) ?? null));
  return { kernel, bias, output };
}

const einsumDense: LayerRule = {
  build(config, call) {
    const shape = call.input();
    const { kernel, bias } = shapesOf(config, shape);
    if (isAdapted(config)) return undefined;
    const size = weightSize("kernel", ...kernel);
    if (bias === null) throw new NotKnown();
    return { ...trainable(size + bias), spec: { ndim: shape.length } };
  },
  output: (config, call) => [shapesOf(config, call.input()).output],
};

function shapesOf(config: LayerConfig, shape: Shape) {
  const given = config.value("output_shape");
  const partial = config.tree.kind(given) === "number" ? [config.int("output_shape")] : config.shape("output_shape");
  if (!partial) throw new NotKnown();
  const bias = config.has("bias_axes") ? config.string("bias_axes", "") : undefined;
  return einsumDenseShapes(config.string("equation", ""), bias, shape, partial);
}

const prelu: LayerRule = {
  build(config, call) {
    const shape = call.input();
    const shared = config.ints("shared_axes");
    const parameters = shape.slice(1).map((dim, i) => (shared?.includes(i + 1) ? 1 : dim));
    const count = weightSize("alpha", ...parameters);
    const axes = new Map<number, Dim>();
    if (shared?.length) for (let i = 1; i < shape.length; i++) if (!shared.includes(i)) axes.set(i, shape[i] as Dim);
    return { ...trainable(count), spec: { ndim: shape.length, axes } };
  },
  output: (_, call) => [call.input()],
};

const inputLayer: LayerRule = {
  output() {
    throw new NotKnown();
  },
};

export const coreRules: ReadonlyMap<string, LayerRule> = new Map([
  ["keras.layers.Dense", dense],
  ["keras.layers.Embedding", embedding],
  ["keras.layers.EinsumDense", einsumDense],
  ["keras.layers.InputLayer", inputLayer],
  ["keras.layers.PReLU", prelu],
  ...["Activation", "ReLU", "LeakyReLU", "ELU", "Softmax", "Identity", "Masking", "ThresholdedReLU"].map(
    (name): [string, LayerRule] => [`keras.layers.${name}`, sameShape],
  ),
]);
