/** Layers of keras/src/layers/pooling. */
import type { LayerConfig } from "../layerConfig.ts";
import type { LayerRule } from "../rule.ts";
import { type Dim, NotKnown, numpyShown, type Shape, shown, valueError } from "../values.ts";
import { joined, type RefusedSizes, refusedFrom315, resizing, spatial } from "./convolution.ts";

/** The sizes of the axes that are pooled: `compute_pooling_output_shape` of keras/src/ops/operation_utils.py. */
function pooled(config: LayerConfig, rank: number, dims: Shape, shape: Shape, refused: RefusedSizes): Shape {
  const pool = config.tuple("pool_size", rank, 2);
  const strides = config.has("strides") ? config.tuple("strides", rank) : pool;
  const padding = config.string("padding", "valid").toLowerCase();
  if (dims.length !== rank) throw new NotKnown();
  return dims.map((dim, i): Dim => {
    if (dim === null) return null;
    const reach = padding === "valid" ? (pool[i] as number) : 1;
    const size = Math.floor((dim - reach) / (strides[i] as number)) + 1;
    if (size > 0 || padding !== "valid" || (size === 0 && !refused.zero)) return size;
    // NumPy prints the shape: an array of objects where the batch is None.
    const numbers = shape.includes(null)
      ? `[${shape.map((one) => one ?? "None").join(" ")}]`
      : numpyShown(shape as readonly number[]);
    throw valueError(
      refused.zero
        ? `Computed output size would be zero or negative. Received: \`inputs.shape=${numbers}\`, ` +
            `\`pool_size=${numpyShown(pool)}\`, \`strides=${shown(strides)}\`, \`padding=${padding}\`.`
        : `Computed output size would be negative. Received: \`inputs.shape=${numbers}\` and \`pool_size=${numpyShown(pool)}\`.`,
    );
  });
}

function pooling(rank: number, refused: RefusedSizes): LayerRule {
  return resizing(rank, (config, dims, shape) => pooled(config, rank, dims, shape, refused));
}

function globalPooling(rank: number): LayerRule {
  return {
    spec: () => ({ ndim: rank + 2 }),
    output(config, call) {
      const last = config.channelsLast();
      const { batch, dims, channels } = spatial(call.input(), last);
      if (!config.boolean("keepdims", false)) return [[batch, channels]];
      return [
        joined(
          batch,
          dims.map(() => 1),
          channels,
          last,
        ),
      ];
    },
  };
}

function adaptivePooling(rank: number): LayerRule {
  // These have no `input_spec`.
  return { output: resizing(rank, (config) => config.tuple("output_size", rank)).output };
}

const kinds = ["Max", "Average"];
const ranks = [1, 2, 3];

/** The poolings with windows of a release that refuses such sizes. */
export function poolings(refused: RefusedSizes): [string, LayerRule][] {
  return kinds.flatMap((kind) =>
    ranks.map((rank): [string, LayerRule] => [`keras.layers.${kind}Pooling${rank}D`, pooling(rank, refused)]),
  );
}

export const poolingRules: ReadonlyMap<string, LayerRule> = new Map([
  ...poolings(refusedFrom315),
  ...kinds.flatMap((kind) =>
    ranks.flatMap((rank): [string, LayerRule][] => [
      [`keras.layers.Global${kind}Pooling${rank}D`, globalPooling(rank)],
      [`keras.layers.Adaptive${kind}Pooling${rank}D`, adaptivePooling(rank)],
    ]),
  ),
]);
