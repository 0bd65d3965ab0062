/** Layers of keras/src/layers/reshaping. */
import { elementsOf } from "../../json/index.ts";
import { intsAt, type LayerConfig } from "../layerConfig.ts";
import type { LayerRule } from "../rule.ts";
import { dimAt, NotKnown, product, type Shape, shown, valueError } from "../values.ts";
import { resizing } from "./convolution.ts";

/** `compute_reshape_output_shape` of keras/src/ops/operation_utils.py. */
export function reshaped(input: Shape, target: Shape, argument: string, asList = false): Shape {
  if (target.filter((dim) => dim === -1).length > 1)
    throw valueError(
      `There must be at most one unknown dimension (-1) in \`${argument}\`. Received: ${argument}=${shown(target)}.`,
    );
  const size = product(input);
  if (size === null || target.includes(null)) return target.map((dim) => (dim === -1 ? null : dim));
  const known = product(target.filter((dim) => dim !== -1)) as number;
  const received = `Received: input_shape=${shown(input, asList)}, ${argument}=${shown(target)}`;
  if (!target.includes(-1)) {
    if (known !== size) throw valueError(`The total size of the tensor must be unchanged. ${received}`);
    return target;
  }
  if (known === 0 || size % known !== 0)
    throw valueError(
      "The total size of the tensor must be unchanged, however, the input size cannot by divided by the specified dimensions " +
        `in ${argument}. ${received}`,
    );
  return target.map((dim) => (dim === -1 ? size / known : dim));
}

const reshape: LayerRule = {
  spec(config) {
    // The constructor refuses these.
    const target = config.shape("target_shape") ?? [];
    if (target.some((dim) => dim !== null && dim < -1) || target.filter((dim) => dim === -1).length > 1)
      throw new NotKnown();
    return {};
  },
  output(config, call) {
    const [batch, ...rest] = call.input();
    const target = config.shape("target_shape");
    if (batch === undefined || !target) throw new NotKnown();
    return [[batch, ...reshaped(rest, target, "target_shape")]];
  },
};

const flatten: LayerRule = {
  spec: () => ({ minNdim: 1 }),
  output(_, call) {
    const [batch, ...rest] = call.input();
    if (batch === undefined) throw new NotKnown();
    return [[batch, product(rest)]];
  },
};

const permute: LayerRule = {
  spec(config) {
    const dims = config.ints("dims") ?? [];
    // The constructor refuses what is no permutation of 1 … n.
    if ([...dims].sort((a, b) => a - b).some((dim, i) => dim !== i + 1)) throw new NotKnown();
    return { ndim: dims.length + 1 };
  },
  output(config, call) {
    const shape = call.input();
    const dims = config.ints("dims");
    if (!dims) throw new NotKnown();
    return [[dimAt(shape, 0), ...dims.map((dim) => dimAt(shape, dim))]];
  },
};

const repeatVector: LayerRule = {
  spec: () => ({ ndim: 2 }),
  output(config, call) {
    const [batch, size] = call.input();
    if (batch === undefined || size === undefined) throw new NotKnown();
    return [[batch, config.int("n"), size]];
  },
};

/** The two numbers for each axis of `padding` and `cropping`: one for all, one for each axis, or two for each. */
export function bothSides(config: LayerConfig, name: string, rank: number): [number, number][] {
  const node = config.value(name);
  if (config.tree.kind(node) === "number") return Array(rank).fill([config.int(name), config.int(name)]);
  if (rank === 1) {
    const [before, after] = config.tuple(name, 2);
    return [[before as number, after as number]];
  }
  const each = elementsOf(config.tree, node);
  if (each.length !== rank) throw new NotKnown();
  return each.map((one) => {
    const [before, after = before] = intsAt(config.tree, one, 2);
    if (before === undefined || after === undefined) throw new NotKnown();
    return [before, after];
  });
}

function zeroPadding(rank: number): LayerRule {
  return resizing(rank, (config, dims) => {
    const sides = bothSides(config, "padding", rank);
    return dims.map((dim, i) => (dim === null ? null : dim + sum(sides[i])));
  });
}

function cropping(rank: number): LayerRule {
  return resizing(rank, (config, dims, shape) => {
    const sides = bothSides(config, "cropping", rank);
    const sizes = dims.map((dim, i) => (dim === null ? null : dim - sum(sides[i])));
    if (sizes.some((size) => size !== null && size <= 0)) throw valueError(croppedAway(rank, shape, sides));
    return sizes;
  });
}

function croppedAway(rank: number, shape: Shape, sides: readonly [number, number][]): string {
  const each = sides.map((side) => shown(side));
  if (rank === 1)
    return (
      "`cropping` parameter of `Cropping1D` layer must be smaller than the input length. Received: " +
      `input_shape=${shown(shape)}, cropping=${each[0]}`
    );
  return (
    "Values in `cropping` argument should be smaller than the corresponding spatial dimension of the input. Received: " +
    `input_shape=${shown(shape)}, cropping=(${each.join(", ")})`
  );
}

const sum = (side: [number, number] | undefined) => (side ? side[0] + side[1] : 0);

function upSampling(rank: number): LayerRule {
  return resizing(rank, (config, dims) => {
    const size = config.tuple("size", rank, 2);
    return dims.map((dim, i) => (dim === null ? null : dim * (size[i] as number)));
  });
}

export const reshapingRules: ReadonlyMap<string, LayerRule> = new Map([
  ["keras.layers.Reshape", reshape],
  ["keras.layers.Flatten", flatten],
  ["keras.layers.Permute", permute],
  ["keras.layers.RepeatVector", repeatVector],
  ...[1, 2, 3].flatMap((rank): [string, LayerRule][] => [
    [`keras.layers.ZeroPadding${rank}D`, zeroPadding(rank)],
    [`keras.layers.Cropping${rank}D`, cropping(rank)],
    [`keras.layers.UpSampling${rank}D`, upSampling(rank)],
  ]),
]);
