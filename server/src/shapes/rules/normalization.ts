/** Layers of keras/src/layers/normalization, and `Normalization` of keras/src/layers/preprocessing. */
import type { Call } from "../call.ts";
import type { LayerConfig } from "../layerConfig.ts";
import { type Built, type LayerRule, NO_WEIGHTS, trainable } from "../rule.ts";
import {
  dimAt,
  MOST_DIMENSIONS,
  NotKnown,
  product,
  type Shape,
  shown,
  sizeAt,
  valueError,
  weightSize,
} from "../values.ts";

/** How many of the arguments that switch a weight on are true. */
function switched(config: LayerConfig, ...names: readonly string[]): number {
  return names.filter((name) => config.boolean(name, true)).length;
}

/** The number of values of a weight along the axes; throws NotKnown for an axis that the shape does not have. */
function along(shape: Shape, axes: readonly number[], weight: string): number {
  if (axes.length > MOST_DIMENSIONS) throw new NotKnown();
  return weightSize(weight, ...axes.map((axis) => dimAt(shape, axis)));
}

/** `compute_output_shape` of all of them; `UnitNormalization` does not repeat its argument. */
function output(config: LayerConfig, call: Call, repeats = true): Shape[] {
  const shape = call.input();
  for (const axis of config.ints("axis") ?? [-1]) {
    if (axis < shape.length && axis >= -shape.length) continue;
    throw valueError(
      `Axis ${axis} is out of bounds for input shape ${call.shown(shape)}.${repeats ? ` Received: axis=${config.tree.raw(config.value("axis"))}` : ""}`,
    );
  }
  return [shape];
}

const batchNormalization: LayerRule = {
  build(config, call) {
    const shape = call.input();
    const axis = config.int("axis", -1);
    const first = ["gamma", "beta", "moving_mean"][
      config.boolean("scale", true) ? 0 : config.boolean("center", true) ? 1 : 2
    ];
    const size = weightSize(first ?? "", dimAt(shape, axis));
    const fixed = config.boolean("renorm", false) ? 5 : 2;
    const spec = { ndim: shape.length, axes: new Map([[axis, size]]) };
    return { trainable: size * switched(config, "center", "scale"), nonTrainable: size * fixed, spec };
  },
  output: (config, call) => output(config, call),
};

const layerNormalization: LayerRule = {
  build(config, call) {
    const isRms = config.boolean("rms_scaling", false);
    const count = isRms ? 1 : switched(config, "center", "scale");
    if (count === 0) return trainable(0);
    const isScaled = isRms || config.boolean("scale", true);
    return trainable(count * along(call.input(), config.ints("axis") ?? [-1], isScaled ? "gamma" : "beta"));
  },
  output: (config, call) => output(config, call),
};

const rmsNormalization: LayerRule = {
  build: (config, call) => trainable(along(call.input(), config.ints("axis") ?? [-1], "scale")),
  output: (config, call) => output(config, call),
};

const groupNormalization: LayerRule = {
  spec(config) {
    const groups = config.int("groups", 32);
    // The constructor refuses these.
    if (groups <= 0 && groups !== -1) throw new NotKnown();
    return {};
  },
  build(config, call): Built {
    const shape = call.input();
    const axis = config.int("axis", -1);
    const size = dimAt(shape, axis);
    if (size === null)
      throw valueError(
        `Axis ${axis} of input tensor should have a defined dimension but the layer received an input with shape ${call.shown(shape)}.`,
      );
    const stated = config.int("groups", 32);
    const groups = stated === -1 ? size : stated;
    if (size < groups)
      throw valueError(`Number of groups (${groups}) cannot be more than the number of channels (${size}).`);
    if (size % groups !== 0)
      throw valueError(`Number of groups (${groups}) must be a multiple of the number of channels (${size}).`);
    const spec = { ndim: shape.length, axes: new Map([[axis, size]]) };
    return { ...trainable(size * switched(config, "center", "scale")), spec };
  },
  output: (config, call) => output(config, call),
};

const normalization: LayerRule = {
  build(config, call) {
    const shape = call.input();
    const axes = config.ints("axis") ?? (config.tree.member(config.node, "axis") < 0 ? [-1] : []);
    const tuple = shown(axes);
    const rank = shape.length;
    if (axes.some((axis) => axis < -rank || axis >= rank))
      throw valueError(
        `All \`axis\` values must be in the range [-ndim, ndim). Received inputs with ndim=${rank}, while axis=${tuple}`,
      );
    const kept = axes.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
    const open = kept.find((axis) => shape[axis] === null);
    if (open !== undefined)
      throw valueError(
        `All \`axis\` values to be kept must have a known shape. Received axis=${tuple}, ` +
          `inputs.shape=${call.shown(shape)}, with unknown axis at index ${open}`,
      );
    if (config.has("mean")) {
      return { ...NO_WEIGHTS };
    }
    const size = product(axes.map((axis) => sizeAt(shape, axis)));
    return { trainable: 0, nonTrainable: 2 * size + 1 };
  },
  output: (_, call) => [call.input()],
};

/** `SpectralNormalization`: the layer that it holds, and a vector beside its kernel. */
const spectralNormalization: LayerRule = {
  holds: ["layer"],
  *build(config, call, held) {
    const layer = config.value("layer");
    const weights = (yield held.build(layer, call)) as Built | undefined;
    const shape = call.input();
    const kernel = lastOfKernel(config, layer);
    const spec = { minNdim: 1, axes: new Map([[-1, dimAt(shape, -1)]]) };
    if (!weights || kernel === undefined) return undefined;
    return { trainable: weights.trainable, nonTrainable: weights.nonTrainable + kernel, spec };
  },
  *output(config, call, held) {
    return (yield held.output(config.value("layer"), call)) as readonly Shape[];
  },
};

/** The last axis of the kernel of a layer whose last axis is an argument; undefined for others. */
function lastOfKernel({ tree }: LayerConfig, layer: number): number | undefined {
  const inner = tree.member(layer, "config");
  const name = tree.string(tree.member(layer, "class_name"));
  const argument = { Dense: "units", Embedding: "output_dim", Conv1D: "filters", Conv2D: "filters", Conv3D: "filters" }[
    name
  ];
  const number = argument === undefined ? Number.NaN : tree.number(tree.member(inner, argument));
  return Number.isSafeInteger(number) ? number : undefined;
}

export const normalizationRules: ReadonlyMap<string, LayerRule> = new Map<string, LayerRule>([
  ["keras.layers.BatchNormalization", batchNormalization],
  ["keras.layers.LayerNormalization", layerNormalization],
  ["keras.layers.RMSNormalization", rmsNormalization],
  ["keras.layers.GroupNormalization", groupNormalization],
  ["keras.layers.UnitNormalization", { output: (config, call) => output(config, call, false) }],
  ["keras.layers.Normalization", normalization],
  ["keras.layers.SpectralNormalization", spectralNormalization],
]);
