/** Layers of tf_keras/src/layers/pooling. */
import type { LayerConfig } from "../../layerConfig.ts";
import type { LayerRule } from "../../rule.ts";
import { joined, spatial } from "../../rules/convolution.ts";
import { NotKnown, type Shape } from "../../values.ts";
import { keras3Rule, weightless } from "../reused.ts";
import { windowed } from "../tensorflow.ts";

function pooling(rank: number): LayerRule {
  const pooled = (config: LayerConfig, dims: Shape) => {
    const pool = config.tuple("pool_size", rank, 2);
    const strides = config.has("strides") ? config.tuple("strides", rank) : pool;
    const padding = config.string("padding", "valid").toLowerCase();
    // The operation refuses a window or a stride of zero.
    if (dims.length !== rank || [...pool, ...strides].some((size) => size <= 0)) throw new NotKnown();
    return dims.map((dim, i) => windowed(dim, pool[i] as number, strides[i] as number, 1, padding));
  };
  return weightless(
    (config, call) => {
      const last = config.channelsLast();
      const { batch, dims, channels } = spatial(call.input(), last);
      return [joined(batch, pooled(config, dims), channels, last)];
    },
    () => ({ ndim: rank + 2 }),
  );
}

export const poolingRules: readonly (readonly [string, LayerRule])[] = ["Max", "Average"].flatMap((kind) =>
  [1, 2, 3].flatMap((rank): [string, LayerRule][] => [
    [`keras.layers.${kind}Pooling${rank}D`, pooling(rank)],
    [`keras.layers.Global${kind}Pooling${rank}D`, keras3Rule(`keras.layers.Global${kind}Pooling${rank}D`)],
  ]),
);
