/** Layers of tf_keras/src/layers/reshaping. */
import type { LayerConfig } from "../../layerConfig.ts";
import type { LayerRule } from "../../rule.ts";
import { joined, spatial } from "../../rules/convolution.ts";
import { keepingShape } from "../../rules/regularization.ts";
import { bothSides } from "../../rules/reshaping.ts";
import { type Dim, NotKnown, product, type Shape, shown, valueError } from "../../values.ts";
import { operationError } from "../callError.ts";
import { keras3Rule, weightless } from "../reused.ts";

/** `Reshape._fix_unknown_dimension`. */
function fixed(input: readonly number[], target: readonly number[]): number[] {
  const unknown = target.filter((dim) => dim < 0).length;
  const known = product(target.filter((dim) => dim >= 0));
  const size = product(input);
  const refused = valueError(
    `total size of new array must be unchanged, input_shape = ${shown(input, true)}, output_shape = ${shown(target, true)}`,
  );
  if (unknown > 1)
    throw valueError(
      `There must be at most one unknown dimension in output_shape. Received: output_shape=${shown(target, true)}.`,
    );
  if (unknown === 0) {
    if (size !== known) throw refused;
    return [...target];
  }
  if (known === 0 || size % known !== 0) throw refused;
  return target.map((dim) => (dim < 0 ? size / known : dim));
}

const reshape: LayerRule = weightless((config, call) => {
  const [batch, ...rest] = call.input();
  const target = config.ints("target_shape");
  if (batch === undefined || !target || config.tree.kind(config.value("target_shape")) !== "array")
    throw new NotKnown();
  // `tf.reshape` comes first, and refuses these itself.
  if (target.some((dim) => dim < -1) || target.filter((dim) => dim === -1).length > 1) throw new NotKnown();
  const input = rest.filter((dim): dim is number => dim !== null);
  if (input.length < rest.length) {
    if (batch !== null) throw new NotKnown();
    return [[batch, ...target.map((dim) => (dim === -1 ? null : dim))]];
  }
  if (batch !== null && !target.includes(-1) && product(input) !== product(target)) {
    const [from, to] = [batch * product(input), batch * product(target)];
    throw operationError(
      `Cannot reshape a tensor with ${from} elements to shape [${[batch, ...target].join(",")}] (${to} elements)`,
    );
  }
  if (batch !== null && target.includes(-1)) {
    const size = batch * product(input);
    const known = batch * product(target.filter((dim) => dim !== -1));
    if (known === 0) throw new NotKnown();
    if (size % known !== 0) throw operationError(`Dimension size must be evenly divisible by ${known} but is ${size}`);
  }
  return [[batch, ...fixed(input, target)]];
});

const flatten: LayerRule = weightless(
  (_, call) => {
    const [batch, ...rest] = call.input();
    if (batch === undefined) throw new NotKnown();
    return [[batch, rest.length === 0 ? 1 : product(rest)]];
  },
  () => ({ minNdim: 1 }),
);

/** A layer of Keras 3 that has nothing to build. */
function like(key: string): LayerRule {
  const rule = keras3Rule(key);
  return weightless((config, call) => rule.output(config, call, noLayers) as readonly Shape[], rule.spec);
}

const noLayers = {
  build: () => {
    throw new NotKnown();
  },
  output: () => {
    throw new NotKnown();
  },
};

/** `UpSampling3D` sets its `input_spec` before the constructor of its base takes it away. */
const upSampling3D: LayerRule = weightless((config, call) => {
  // What it makes of other ranks is not followed.
  if (call.input().length !== 5 || call.input().includes(0)) throw new NotKnown();
  return keras3Rule("keras.layers.UpSampling3D").output(config, call, noLayers) as readonly Shape[];
});

/** `UpSampling1D` repeats by splitting, which nothing of no length can be. */
const upSampling1D: LayerRule = weightless(
  (config, call) => {
    if (call.input()[1] === 0) throw valueError("Attr 'num_split' of 'Split' Op passed 0 less than minimum 1.");
    return keras3Rule("keras.layers.UpSampling1D").output(config, call, noLayers) as readonly Shape[];
  },
  () => ({ ndim: 3 }),
);

function cropping(rank: number): LayerRule {
  return weightless(
    (config, call) => {
      const last = config.channelsLast();
      const shape = call.input();
      const { batch, dims, channels } = spatial(shape, last);
      const sides = bothSides(config, "cropping", rank);
      const sizes = dims.map((dim, i): Dim => {
        const [before, after] = sides[i] as [number, number];
        if (before < 0 || after < 0) throw new NotKnown();
        return dim === null ? null : dim - before - after;
      });
      if (sizes.some((size) => size !== null && size <= 0)) {
        // What slices leave of a volume is nothing.
        if (rank === 3) throw new NotKnown();
        throw valueError(croppedAway(rank, call.shown(shape), sides));
      }
      return [joined(batch, sizes, channels, last)];
    },
    () => ({ ndim: rank + 2 }),
  );
}

function croppedAway(rank: number, shape: string, sides: readonly [number, number][]): string {
  const each = sides.map((side) => shown(side));
  if (rank === 1)
    return (
      "cropping parameter of Cropping layer must be greater than the input shape. " +
      `Received: inputs.shape=${shape}, and cropping=${each[0]}`
    );
  return `Argument \`cropping\` must be greater than the input shape. Received: inputs.shape=${shape}, and cropping=(${each.join(", ")})`;
}

export const reshapingRules: readonly (readonly [string, LayerRule])[] = [
  ["keras.layers.Reshape", reshape],
  ["keras.layers.Flatten", flatten],
  ["keras.layers.Permute", like("keras.layers.Permute")],
  ["keras.layers.RepeatVector", like("keras.layers.RepeatVector")],
  ...[1, 2, 3].flatMap((rank): [string, LayerRule][] => [
    [`keras.layers.ZeroPadding${rank}D`, like(`keras.layers.ZeroPadding${rank}D`)],
    [`keras.layers.Cropping${rank}D`, cropping(rank)],
    [
      `keras.layers.UpSampling${rank}D`,
      [upSampling1D, like("keras.layers.UpSampling2D"), upSampling3D][rank - 1] as LayerRule,
    ],
  ]),
];

export const regularizationRules: readonly (readonly [string, LayerRule])[] = [
  ...keepingShape.map((name): [string, LayerRule] => [`keras.layers.${name}`, weightless((_, call) => [call.input()])]),
  ...[1, 2, 3].map((rank): [string, LayerRule] => [
    `keras.layers.SpatialDropout${rank}D`,
    weightless(
      (_, call) => [call.input()],
      () => ({ ndim: rank + 2 }),
    ),
  ]),
  ["tf_keras.src.applications.inception_resnet_v2.CustomScaleLayer", weightless((_, call) => [firstOf(call.inputs())])],
  ["keras.layers.Resizing", weightless((config, call) => [resized(config, call.input())])],
];

function firstOf(shapes: readonly Shape[]): Shape {
  const [first] = shapes;
  if (!first) throw new NotKnown();
  return first;
}

/** `Resizing` of tf_keras/src/layers/preprocessing/image_preprocessing.py: the channels stand last. */
function resized(config: LayerConfig, shape: Shape): Shape {
  if (shape.length !== 3 && shape.length !== 4) throw new NotKnown();
  return [...shape.slice(0, -3), config.int("height"), config.int("width"), shape.at(-1) as Dim];
}
