/** Layers of tf_keras/src/layers/convolutional, and of tf_keras/src/layers/locally_connected. */
import type { Call } from "../../call.ts";
import type { LayerConfig } from "../../layerConfig.ts";
import { type Built, type InputSpec, type LayerRule, trainable } from "../../rule.ts";
import { convolutionArguments, joined, spatial, transposed } from "../../rules/convolution.ts";
import { type Dim, NotKnown, product, type Shape, shown, valueError } from "../../values.ts";
import { windowed } from "../tensorflow.ts";

/** `_get_channel_axis`. */
const channelAxis = (config: LayerConfig, rank: number) => (config.channelsLast() ? -1 : -1 - rank);

function channelsOf(config: LayerConfig, rank: number, call: Call, to = ""): number {
  const shape = call.input();
  const axis = channelAxis(config, rank);
  const channels = shape.at(axis);
  if (channels === undefined) throw new NotKnown();
  if (channels === null)
    throw valueError(
      `The channel dimension of the inputs ${to}should be defined. The input_shape received is ${call.shown(shape)}, ` +
        `where axis ${axis} (0-based) is the channel dimension, which found to be \`None\`.`,
    );
  return channels;
}

const bias = (config: LayerConfig, count: number) => (config.boolean("use_bias", true) ? count : 0);

function specOf(config: LayerConfig, rank: number, channels: number) {
  return { minNdim: rank + 2, axes: new Map([[channelAxis(config, rank), channels]]) };
}

/** `conv_output_length` of tf_keras/src/utils/conv_utils.py, for all axes. */
function lengths(config: LayerConfig, rank: number, dims: Shape): Dim[] {
  const { kernel, strides, dilation, padding } = convolutionArguments(config, rank);
  return dims.map((dim, i): Dim => {
    if (dim === null) return null;
    const reach = padding === "valid" ? ((kernel[i] as number) - 1) * (dilation[i] as number) : 0;
    return Math.floor((dim - reach + (strides[i] as number) - 1) / (strides[i] as number));
  });
}

/** The axes of the batch, those between, and the others; `Conv` takes several for the batch. */
function parts(config: LayerConfig, rank: number, shape: Shape): { batch: Shape; dims: Shape } {
  const batches = shape.length - rank - 1;
  // A shape without a batch is built for, within a `TimeDistributed`, and refused then.
  if (batches < 0) throw new NotKnown();
  const batch = shape.slice(0, batches);
  return { batch, dims: config.channelsLast() ? shape.slice(batches, -1) : shape.slice(batches + 1) };
}

function downsampled(config: LayerConfig, shape: string): Error {
  return valueError(
    `One of the dimensions in the output is <= 0 due to downsampling in ${config.string("name", "")}. Consider increasing the input size. ` +
      `Received input shape ${shape} which would produce output shape with a zero or negative value in a dimension.`,
  );
}

/** What the operation itself makes of the sizes, which may refuse what `conv_output_length` has let pass. */
function convolved(config: LayerConfig, rank: number, dims: Shape, isDepthwise = false): Dim[] {
  const { kernel, strides, dilation, padding } = convolutionArguments(config, rank);
  // A depthwise convolution puts what lies between its places into the batch: `SpaceToBatchND`.
  for (const [i, dim] of isDepthwise && padding === "valid" ? dims.entries() : [])
    if (dim !== null) windowed(Math.ceil(dim / (dilation[i] as number)), kernel[i] as number, 1, 1, padding);
  return dims.map((dim, i) => windowed(dim, kernel[i] as number, strides[i] as number, dilation[i] as number, padding));
}

function conv(rank: number): LayerRule {
  return {
    spec: (config) => specBeforeBuild(config, rank),
    build(config, call): Built {
      const shape = call.input();
      convolutionArguments(config, rank);
      const channels = channelsOf(config, rank, call);
      const groups = config.int("groups", 1);
      const filters = config.int("filters");
      if (channels % groups !== 0)
        throw valueError(
          "The number of input channels must be evenly divisible by the number of groups. Received " +
            `groups=${groups}, but the input has ${channels} channels (full input shape is ${call.shown(shape)}).`,
        );
      const { dims } = parts(config, rank, shape);
      if (lengths(config, rank, dims).some((length) => length !== null && length < 0))
        throw downsampled(config, shown(shape, true));
      const kernel = product(config.tuple("kernel_size", rank)) * (channels / groups) * filters;
      return { ...trainable(kernel + bias(config, filters)), spec: specOf(config, rank, channels) };
    },
    unfit(config, spec, shape) {
      const [built, given] = [spec.axes?.get(-1), shape.at(-1)];
      if (shape.length !== rank + 2 || config.int("groups", 1) !== 1 || typeof built !== "number") return undefined;
      if (typeof given !== "number" || given % built === 0) return undefined;
      return `Depth of input (${given}) is not a multiple of input depth of filter (${built})`;
    },
    output(config, call) {
      const { batch, dims } = parts(config, rank, call.input());
      if (batch.length === 0) throw new NotKnown();
      const filters = config.int("filters");
      const made = convolved(config, rank, dims);
      return [config.channelsLast() ? [...batch, ...made, filters] : [...batch, filters, ...made]];
    },
  };
}

/** A shape of one axis for the batch; others are refused by what comes before. */
function single(config: LayerConfig, rank: number, shape: Shape) {
  if (shape.length !== rank + 2) throw new NotKnown();
  return spatial(shape, config.channelsLast());
}

/** What a convolution demands of its input before it is built; its constructor refuses arguments that go together with none. */
function specBeforeBuild(config: LayerConfig, rank: number): InputSpec {
  convolutionArguments(config, rank);
  return { minNdim: rank + 2 };
}

function depthwiseConv(rank: number): LayerRule {
  return {
    spec: (config) => specBeforeBuild(config, rank),
    build(config, call): Built {
      const shape = call.input();
      if (shape.length !== rank + 2)
        throw valueError(
          `Inputs to \`DepthwiseConv\` should have rank ${rank + 2}. Received input_shape=${call.shown(shape)}.`,
        );
      const channels = channelsOf(config, rank, call, "to `DepthwiseConv` ");
      const made = channels * config.int("depth_multiplier", 1);
      const kernel = product(config.tuple("kernel_size", rank)) * made;
      return { ...trainable(kernel + bias(config, made)), spec: specOf(config, rank, channels) };
    },
    output(config, call) {
      const { batch, dims, channels } = single(config, rank, call.input());
      if (channels === null) throw new NotKnown();
      const filters = channels * config.int("depth_multiplier", 1);
      return [joined(batch, convolved(config, rank, dims, true), filters, config.channelsLast())];
    },
  };
}

function separableConv(rank: number): LayerRule {
  return {
    spec: (config) => specBeforeBuild(config, rank),
    build(config, call): Built {
      const channels = channelsOf(config, rank, call);
      const between = channels * config.int("depth_multiplier", 1);
      const filters = config.int("filters");
      const kernel = product(config.tuple("kernel_size", rank)) * between;
      const axes = new Map([[channelAxis(config, rank), channels]]);
      return { ...trainable(kernel + between * filters + bias(config, filters)), spec: { ndim: rank + 2, axes } };
    },
    output(config, call) {
      const { batch, dims } = single(config, rank, call.input());
      return [joined(batch, convolved(config, rank, dims, true), config.int("filters"), config.channelsLast())];
    },
  };
}

function convTranspose(rank: number): LayerRule {
  return {
    spec: (config) => specBeforeBuild(config, rank),
    build(config, call): Built {
      const shape = call.input();
      if (shape.length !== rank + 2)
        throw valueError(`Inputs should have rank ${rank + 2}. Received input_shape=${call.shown(shape)}.`);
      const channels = channelsOf(config, rank, call, `to \`Conv${rank}DTranspose\` `);
      const filters = config.int("filters");
      const kernel = product(config.tuple("kernel_size", rank)) * filters * channels;
      const axes = new Map([[channelAxis(config, rank), channels]]);
      return { ...trainable(kernel + bias(config, filters)), spec: { ndim: rank + 2, axes } };
    },
    output(config, call) {
      const shape = call.input();
      const { dilation } = convolutionArguments(config, rank);
      if (dilation.some((one) => one !== dilation[0])) {
        if (rank !== 2) throw new NotKnown();
        throw valueError(
          "Expected the 2 dimensions of the `dilation_rate` argument to be equal to each other. " +
            `Received: dilation_rate=${shown(dilation)}`,
        );
      }
      single(config, rank, shape);
      return [transposed(config, rank, shape)];
    },
  };
}

/** `LocallyConnected1D` and `LocallyConnected2D`: a kernel for each place. */
function locallyConnected(rank: number): LayerRule {
  return {
    spec: () => ({ ndim: rank + 2 }),
    build(config, call): Built {
      const shape = call.input();
      const { dims, channels } = single(config, rank, shape);
      const made = lengths(config, rank, dims);
      if (dims.includes(null)) {
        if (rank === 1) throw new NotKnown();
        throw valueError(
          "The spatial dimensions of the inputs to  a LocallyConnected2D layer should be fully-defined, but layer received " +
            `the inputs shape ${call.shown(shape)}`,
        );
      }
      if (made.some((length) => length !== null && length <= 0)) throw downsampled(config, call.shown(shape));
      const filters = config.int("filters");
      const places = product(made) ?? 0;
      const sizes = { 1: product(config.tuple("kernel_size", rank)), 2: product(dims) ?? 0 }[
        config.int("implementation", 1)
      ];
      if (sizes === undefined || channels === null) throw new NotKnown();
      return trainable(places * sizes * channels * filters + bias(config, places * filters));
    },
    output(config, call) {
      const { batch, dims } = single(config, rank, call.input());
      return [joined(batch, lengths(config, rank, dims), config.int("filters"), config.channelsLast())];
    },
  };
}

export const convolutionRules: readonly (readonly [string, LayerRule])[] = [
  ...[1, 2, 3].flatMap((rank): [string, LayerRule][] => [
    [`keras.layers.Conv${rank}D`, conv(rank)],
    [`keras.layers.Conv${rank}DTranspose`, convTranspose(rank)],
  ]),
  ...[1, 2].flatMap((rank): [string, LayerRule][] => [
    [`keras.layers.DepthwiseConv${rank}D`, depthwiseConv(rank)],
    [`keras.layers.SeparableConv${rank}D`, separableConv(rank)],
    [`keras.layers.LocallyConnected${rank}D`, locallyConnected(rank)],
  ]),
];
