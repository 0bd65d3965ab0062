/** Layers of tf_keras/src/layers/attention. */
import type { Call } from "../../call.ts";
import type { LayerConfig } from "../../layerConfig.ts";
import { type LayerRule, trainable } from "../../rule.ts";
import { NotKnown, product, type Shape, sizeAt } from "../../values.ts";
import { keras3Rule } from "../reused.ts";
import { broadcasted, equalDims } from "../tensorflow.ts";

/** What is followed: tensors of the same number of axes, all between the first and the last of which are attended to. */
function queryValueKey(config: LayerConfig, call: Call): { query: Shape; value: Shape; key: Shape } {
  const query = call.shape(0, "query");
  const value = call.shape(1, "value");
  const key = call.shape(2, "key") ?? value;
  if (!query || !value || !key || query.length < 3) throw new NotKnown();
  if (value.length !== query.length || key.length !== query.length) throw new NotKnown();
  const axes = config.ints("attention_axes");
  if (axes && (axes.length !== query.length - 2 || axes.some((axis, i) => axis !== i + 1))) throw new NotKnown();
  return { query, value, key };
}

/** The last axes of what it returns: `from_config` has it made for the shape of the query that was saved. */
function outputDims(config: LayerConfig, query: Shape): Shape {
  const saved = config.shape("query_shape");
  if (saved && saved.length !== query.length) throw new NotKnown();
  return config.ints("output_shape") ?? (saved ?? query).slice(-1);
}

const multiHeadAttention: LayerRule = {
  build(config, call) {
    const { query, value, key } = queryValueKey(config, call);
    for (const name of ["value_shape", "key_shape"]) {
      const saved = config.shape(name);
      if (saved && saved.length !== query.length) throw new NotKnown();
    }
    const heads = config.int("num_heads");
    const keyDim = config.int("key_dim");
    const valueDim = config.int("value_dim", keyDim);
    const bias = config.boolean("use_bias", true) ? 1 : 0;
    const projected = (inputs: Shape, size: number) => (sizeAt(inputs, -1) + bias) * heads * size;
    const outputs = product(outputDims(config, query));
    if (outputs === null) throw new NotKnown();
    const projections = projected(query, keyDim) + projected(key, keyDim) + projected(value, valueDim);
    return trainable(projections + (heads * valueDim + bias) * outputs);
  },
  output(config, call) {
    const { query, value, key } = queryValueKey(config, call);
    for (let axis = 1; axis < query.length - 1; axis++) equalDims(value[axis] ?? null, key[axis] ?? null);
    if (call.boolean(4, "return_attention_scores", false)) throw new NotKnown();
    return [[...query.slice(0, -1), ...outputDims(config, query)]];
  },
};

function dotProduct(name: string): LayerRule {
  const rule = keras3Rule(`keras.layers.${name}`);
  return {
    build(config, call, held) {
      const [, value] = call.inputs();
      if (!value) throw new NotKnown();
      if (name === "Attention") return rule.build(config, call, held);
      return trainable(config.boolean("use_scale", true) ? sizeAt(value, -1) : 0);
    },
    output(config, call) {
      const [query, value, key = value] = call.inputs();
      if (!query || !value || !key || query.length < 2) throw new NotKnown();
      if (value.length !== query.length || key.length !== query.length) throw new NotKnown();
      if (call.boolean(3, "return_attention_scores", false)) throw new NotKnown();
      const [features, size] = [query.at(-1) ?? null, key.at(-1) ?? null];
      const scored = broadcasted(query.slice(0, -2), key.slice(0, -2));
      const isDot = name === "Attention" && config.string("score_mode", "dot") === "dot";
      // What is added is broadcast, also where it has one feature.
      if (!isDot && features !== size && (features === 1 || size === 1)) throw new NotKnown();
      equalDims(features, size);
      if (!isDot && features === null) throw new NotKnown();
      equalDims(key.at(-2) ?? null, value.at(-2) ?? null);
      const batch = broadcasted(scored, value.slice(0, -2));
      return [[...batch, query.at(-2) ?? null, value.at(-1) ?? null]];
    },
  };
}

export const attentionRules: readonly (readonly [string, LayerRule])[] = [
  ["keras.layers.MultiHeadAttention", multiHeadAttention],
  ["keras.layers.Attention", dotProduct("Attention")],
  ["keras.layers.AdditiveAttention", dotProduct("AdditiveAttention")],
];
