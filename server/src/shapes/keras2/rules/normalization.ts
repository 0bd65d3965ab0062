/** Layers of tf_keras/src/layers/normalization, and `Normalization` of tf_keras/src/layers/preprocessing. */
import type { Node } from "../../../json/index.ts";
import type { Call } from "../../call.ts";
import type { LayerConfig } from "../../layerConfig.ts";
import { type Built, type LayerRule, NO_WEIGHTS, trainable } from "../../rule.ts";
import { type Dim, NotKnown, product, type Shape, shown, valueError } from "../../values.ts";
import { unequal } from "../tensorflow.ts";

/** `validate_axis` of tf_keras/src/utils/tf_utils.py. */
function validAxes(config: LayerConfig, shape: Shape): number[] {
  const rank = shape.length;
  const axes = (config.ints("axis") ?? [-1]).map((axis) => (axis < 0 ? rank + axis : axis));
  if (rank === 0) throw valueError("Input has undefined rank. Received: input_shape=()");
  if (axes.some((axis) => axis < 0 || axis >= rank))
    throw valueError(
      `Invalid value for \`axis\` argument. Expected 0 <= axis < inputs.rank (with inputs.rank=${rank}). Received: axis=${shown(axes)}`,
    );
  if (new Set(axes).size < axes.length) throw valueError(`Duplicate axis: ${shown(axes)}`);
  return axes;
}

const switched = (config: LayerConfig) => ["center", "scale"].filter((name) => config.boolean(name, true)).length;

const same = (_: LayerConfig, call: Call): Shape[] => [call.input()];

const batchNormalization: LayerRule = {
  build(config, call): Built {
    const shape = call.input();
    const axes = validAxes(config, shape);
    const isNull = (name: string) => !config.has(name);
    // With these the constructor and `build` refuse more.
    if (!isNull("virtual_batch_size") || !isNull("fused") || !isNull("adjustment")) throw new NotKnown();
    // Other numbers are not fused.
    const isFloat64 = config.tree.string(config.value("dtype")) === "float64";
    const isFused = shape.length === 4 || shape.length === 5;
    const [axis] = axes;
    const stated = config.ints("axis") ?? [-1];
    const canBeFused =
      stated.length === 1 &&
      [-4, -3, -1, 1, 3, 4].includes(stated[0] as number) &&
      !config.boolean("renorm", false) &&
      !isFloat64;
    if (isFused && canBeFused && shape.length === 4 && axis !== 1 && axis !== 3)
      throw valueError(
        "Unsupported axis. The use of `fused=True` is only possible with `axis=1` or `axis=3` for 4D input tensors. " +
          `Received: axis=${shown(axes)}`,
      );
    const dims = axes.map((one) => shape[one] as Dim);
    if (dims.includes(null))
      throw valueError(
        `Input has undefined \`axis\` dimension. Received input with shape ${shown(shape)} and axis=${shown(axes)}`,
      );
    const size = product(dims) ?? 0;
    const fixed = config.boolean("renorm", false) ? 5 : 2;
    const spec = { ndim: shape.length, axes: new Map(axes.map((one, i) => [one, dims[i] as Dim])) };
    return { trainable: size * switched(config), nonTrainable: size * fixed, spec };
  },
  unfit: (_, spec, shape) =>
    shape.length === spec.ndim && spec.axes?.size === 1 && spec.axes.has(shape.length - 1)
      ? unequal(spec, shape)
      : undefined,
  output: same,
};

const layerNormalization: LayerRule = {
  build(config, call): Built {
    const shape = call.input();
    const size = product(validAxes(config, shape).map((axis) => shape[axis] as Dim));
    const count = switched(config);
    // TensorFlow refuses a weight of such a shape.
    if (size === null && count > 0) throw new NotKnown();
    return trainable(count * (size ?? 0));
  },
  output: same,
};

const groupNormalization: LayerRule = {
  build(config, call): Built {
    const shape = call.input();
    validAxes(config, shape);
    const axis = config.int("axis", -1);
    const size = shape.at(axis) as Dim;
    if (size === null)
      throw valueError(
        `Axis ${axis} of input tensor should have a defined dimension but the layer received an input with shape ${call.shown(shape)}.`,
      );
    const stated = config.int("groups", 32);
    const groups = stated === -1 ? size : stated;
    if (groups <= 0) throw new NotKnown();
    if (size < groups)
      throw valueError(`Number of groups (${groups}) cannot be more than the number of channels (${size}).`);
    if (size % groups !== 0)
      throw valueError(`Number of groups (${groups}) must be a multiple of the number of channels (${size}).`);
    const spec = { ndim: shape.length, axes: new Map([[axis, size]]) };
    return { ...trainable(size * switched(config)), spec };
  },
  // What its operations leave of the shape is up to them.
  output(config, call) {
    if (config.int("axis", -1) !== -1) throw new NotKnown();
    return same(config, call);
  },
};

const unitNormalization: LayerRule = {
  build(config, call) {
    validAxes(config, call.input());
    return NO_WEIGHTS;
  },
  output: same,
};

const normalization: LayerRule = {
  build(config, call): Built {
    const shape = call.input();
    const rank = shape.length;
    const axes = config.ints("axis") ?? (config.tree.member(config.node, "axis") < 0 ? [-1] : []);
    if (axes.some((axis) => axis < -rank || axis >= rank))
      throw valueError(
        `All \`axis\` values must be in the range [-ndim, ndim). Found ndim: \`${rank}\`, axis: ${shown(axes)}`,
      );
    const kept = axes.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
    const open = kept.find((axis) => shape[axis] === null);
    if (open !== undefined)
      throw valueError(
        `All \`axis\` values to be kept must have known shape. Got axis: ${shown(axes)}, ` +
          `input shape: ${shown(shape, true)}, with unknown axis at index: ${open}`,
      );
    // Numbers that do not fit the axes are refused by NumPy.
    if (config.has("mean")) {
      const fits = (node: Node) =>
        config.tree.kind(node) === "number" ||
        (config.tree.kind(node) === "array" && config.tree.childCount(node) === shape[kept.at(-1) ?? -1]);
      if (!["mean", "variance"].every((name) => fits(config.value(name)))) throw new NotKnown();
      return NO_WEIGHTS;
    }
    return { trainable: 0, nonTrainable: 2 * (product(kept.map((axis) => shape[axis] as Dim)) ?? 0) + 1 };
  },
  output: same,
};

export const normalizationRules: readonly (readonly [string, LayerRule])[] = [
  ["keras.layers.BatchNormalization", batchNormalization],
  ["keras.layers.LayerNormalization", layerNormalization],
  ["keras.layers.GroupNormalization", groupNormalization],
  ["keras.layers.UnitNormalization", unitNormalization],
  ["keras.layers.Normalization", normalization],
];
