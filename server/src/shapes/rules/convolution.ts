/** Layers of keras/src/layers/convolutional. */
import type { Call } from "../call.ts";
import type { LayerConfig } from "../layerConfig.ts";
import { type Built, type LayerRule, trainable } from "../rule.ts";
import {
  type Dim,
  dimAt,
  NotKnown,
  numpyShown,
  product,
  type Shape,
  shown,
  sizeAt,
  valueError,
  weightSize,
} from "../values.ts";

/** A shape taken apart: the axis of the channels, and the axes between. */
export function spatial(shape: Shape, channelsLast: boolean): { batch: Dim; dims: Shape; channels: Dim } {
  if (shape.length < 2) throw new NotKnown();
  const batch = shape[0] as Dim;
  if (channelsLast) return { batch, dims: shape.slice(1, -1), channels: shape.at(-1) as Dim };
  return { batch, dims: shape.slice(2), channels: shape[1] as Dim };
}

/** The parts put together again. */
export function joined(batch: Dim, dims: Shape, channels: Dim, channelsLast: boolean): Shape {
  return channelsLast ? [batch, ...dims, channels] : [batch, channels, ...dims];
}

/**
 * Layers that change nothing but the sizes of their `rank` spatial axes: `sizes` says these by what they are in the input, whose
 * whole shape comes last.
 */
export function resizing(rank: number, sizes: (config: LayerConfig, dims: Shape, shape: Shape) => Shape): LayerRule {
  return {
    spec: () => ({ ndim: rank + 2 }),
    output(config, call) {
      const last = config.channelsLast();
      const shape = call.input();
      const { batch, dims, channels } = spatial(shape, last);
      return [joined(batch, sizes(config, dims, shape), channels, last)];
    },
  };
}

/** Which sizes of outputs a release refuses. */
export interface RefusedSizes {
  /** Zero, too (convolutions from 3.14, poolings from 3.15), and in other words. */
  readonly zero: boolean;
  /** Whether depthwise and separable convolutions do so when they are built (from 3.15), and not only when they are called. */
  readonly whenBuilt: boolean;
}

export const refusedFrom315: RefusedSizes = { zero: true, whenBuilt: true };

/** `compute_conv_output_shape` of keras/src/ops/operation_utils.py. */
function convolved(config: LayerConfig, rank: number, call: Call, filters: number, refused: RefusedSizes): Shape {
  const shape = call.input();
  const last = config.channelsLast();
  const { batch, dims, channels } = spatial(shape, last);
  const kernel = config.tuple("kernel_size", rank);
  const strides = config.tuple("strides", rank, 1);
  const dilation = config.tuple("dilation_rate", rank, 1);
  const padding = config.string("padding", "valid").toLowerCase();
  if (dims.length !== rank)
    throw valueError(
      "Kernel shape must have the same length as input, but received kernel of shape " +
        `${shown([...kernel, channels, filters])} and input of shape ${call.shown(shape)}.`,
    );
  const sizes = dims.map((dim, i): Dim => {
    if (dim === null) return null;
    const reach = padding === "valid" ? (dilation[i] as number) * ((kernel[i] as number) - 1) : 0;
    const size = Math.floor((dim - reach - 1) / (strides[i] as number)) + 1;
    if (size > 0 || padding !== "valid" || (size === 0 && !refused.zero)) return size;
    const received =
      `Received \`inputs shape=${call.shown(shape)}\`, ` +
      `\`kernel shape=${shown([...kernel, channels, filters])}\`, \`dilation_rate=${numpyShown(dilation)}\``;
    throw valueError(
      refused.zero
        ? `Computed output size would be zero or negative. ${received}, \`strides=${shown(strides)}\`, \`padding=${padding}\`.`
        : `Computed output size would be negative. ${received}.`,
    );
  });
  return joined(batch, sizes, filters, last);
}

/** The number of channels, and the `input_spec` that `build` makes of it. */
function channelsOf(config: LayerConfig, rank: number, call: Call) {
  const axis = config.channelsLast() ? -1 : 1;
  const channels = sizeAt(call.input(), axis);
  return { channels, spec: { minNdim: rank + 2, axes: new Map([[axis, channels]]) } };
}

const bias = (config: LayerConfig, count: number) => (config.boolean("use_bias", true) ? count : 0);

/** What a convolution of Keras 2 does with each axis; NotKnown where its constructor refuses an argument. */
export function convolutionArguments(config: LayerConfig, rank: number) {
  checkArguments(config, rank, true);
  return {
    kernel: config.tuple("kernel_size", rank),
    strides: config.tuple("strides", rank, 1),
    dilation: config.tuple("dilation_rate", rank, 1),
    padding: config.string("padding", "valid").toLowerCase(),
  };
}

/** The constructors refuse these with other errors than those of shapes. */
function checkArguments(config: LayerConfig, rank: number, isDense: boolean): void {
  const filters = config.int("filters", 1);
  const groups = config.int("groups", 1);
  const strides = config.tuple("strides", rank, 1);
  const dilation = config.tuple("dilation_rate", rank, 1);
  const positive = [filters, groups, ...strides, ...dilation, ...config.tuple("kernel_size", rank)];
  const both = isDense && Math.max(...strides) > 1 && Math.max(...dilation) > 1;
  if (positive.some((number) => number <= 0) || filters % groups !== 0 || both) throw new NotKnown();
}

function rule(
  rank: number,
  isDense: boolean,
  build: (config: LayerConfig, call: Call) => Built,
  output: (config: LayerConfig, call: Call) => Shape,
): LayerRule {
  return {
    spec(config) {
      checkArguments(config, rank, isDense);
      return { minNdim: rank + 2 };
    },
    build,
    output: (config, call) => [output(config, call)],
  };
}

function conv(rank: number, refused: RefusedSizes): LayerRule {
  const output = (config: LayerConfig, call: Call) => convolved(config, rank, call, config.int("filters"), refused);
  const build = (config: LayerConfig, call: Call): Built => {
    const { channels, spec } = channelsOf(config, rank, call);
    const groups = config.int("groups", 1);
    const filters = config.int("filters");
    if (config.has("lora_rank")) throw new NotKnown();
    if (channels % groups !== 0)
      throw valueError(
        "The number of input channels must be evenly divisible by the number of groups. Received " +
          `groups=${groups}, but the input has ${channels} channels (full input shape is ${call.shown(call.input())}).`,
      );
    output(config, call);
    const kernel = product(config.tuple("kernel_size", rank)) * (channels / groups) * filters;
    return { ...trainable(kernel + bias(config, filters)), spec };
  };
  return rule(rank, true, build, output);
}

function depthwiseConv(rank: number, refused: RefusedSizes): LayerRule {
  const output = (config: LayerConfig, call: Call) => {
    const channels = sizeAt(call.input(), config.channelsLast() ? -1 : 1);
    return convolved(config, rank, call, channels * config.int("depth_multiplier", 1), refused);
  };
  const build = (config: LayerConfig, call: Call): Built => {
    const { channels, spec } = channelsOf(config, rank, call);
    if (refused.whenBuilt) output(config, call);
    const made = channels * config.int("depth_multiplier", 1);
    return { ...trainable(product(config.tuple("kernel_size", rank)) * made + bias(config, made)), spec };
  };
  return rule(rank, false, build, output);
}

function separableConv(rank: number, refused: RefusedSizes): LayerRule {
  const output = (config: LayerConfig, call: Call) => convolved(config, rank, call, config.int("filters"), refused);
  const build = (config: LayerConfig, call: Call): Built => {
    const { channels, spec } = channelsOf(config, rank, call);
    if (refused.whenBuilt) output(config, call);
    const between = channels * config.int("depth_multiplier", 1);
    const filters = config.int("filters");
    const depthwise = product(config.tuple("kernel_size", rank)) * between;
    return { ...trainable(depthwise + between * filters + bias(config, filters)), spec };
  };
  return rule(rank, false, build, output);
}

/** `compute_conv_transpose_output_shape` of keras/src/backend/common/backend_utils.py. */
export function transposed(config: LayerConfig, rank: number, shape: Shape): Shape {
  const last = config.channelsLast();
  const { batch, dims } = spatial(shape, last);
  const kernel = config.tuple("kernel_size", rank);
  const strides = config.tuple("strides", rank, 1);
  const dilation = config.tuple("dilation_rate", rank, 1);
  const added = config.has("output_padding") ? config.tuple("output_padding", rank) : undefined;
  const isValid = config.string("padding", "valid").toLowerCase() === "valid";
  if (dims.length !== rank) throw new NotKnown();
  const sizes = dims.map((dim, i): Dim => {
    if (dim === null) return null;
    const stride = strides[i] as number;
    const reach = ((kernel[i] as number) - 1) * (dilation[i] as number) + 1;
    if (isValid) return (dim - 1) * stride + reach + (added?.[i] ?? Math.max(reach, stride) - reach);
    return added ? (dim - 1) * stride + (reach % 2) + (added[i] as number) : dim * stride;
  });
  return joined(batch, sizes, config.int("filters"), last);
}

function convTranspose(rank: number): LayerRule {
  const build = (config: LayerConfig, call: Call): Built => {
    const axis = config.channelsLast() ? -1 : 1;
    const channels = dimAt(call.input(), axis);
    const filters = config.int("filters");
    const kernel = weightSize("kernel", ...config.tuple("kernel_size", rank), filters, channels);
    const spec = { minNdim: rank + 2, axes: new Map([[axis, channels]]) };
    return { ...trainable(kernel + bias(config, filters)), spec };
  };
  return rule(rank, true, build, (config, call) => transposed(config, rank, call.input()));
}

/** The convolutions of a release that refuses such sizes. */
export function convolutions(refused: RefusedSizes): [string, LayerRule][] {
  return [
    ...[1, 2, 3].map((rank): [string, LayerRule] => [`keras.layers.Conv${rank}D`, conv(rank, refused)]),
    ...[1, 2].flatMap((rank): [string, LayerRule][] => [
      [`keras.layers.DepthwiseConv${rank}D`, depthwiseConv(rank, refused)],
      [`keras.layers.SeparableConv${rank}D`, separableConv(rank, refused)],
    ]),
  ];
}

export const convolutionRules: ReadonlyMap<string, LayerRule> = new Map([
  ...convolutions(refusedFrom315),
  ...[1, 2, 3].map((rank): [string, LayerRule] => [`keras.layers.Conv${rank}DTranspose`, convTranspose(rank)]),
]);
