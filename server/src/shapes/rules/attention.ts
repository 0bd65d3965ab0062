/** Layers of keras/src/layers/attention. */
import type { Call } from "../call.ts";
import type { LayerConfig } from "../layerConfig.ts";
import { type LayerRule, trainable } from "../rule.ts";
import { NotKnown, product, type Shape, sizeAt, valueError } from "../values.ts";

function queryValueKey(call: Call): { query: Shape; value: Shape; key: Shape } {
  const query = call.shape(0, "query");
  const value = call.shape(1, "value");
  if (!query || !value) throw new NotKnown();
  return { query, value, key: call.shape(2, "key") ?? value };
}

function checkValueAndKey(call: Call, value: Shape, key: Shape): void {
  const [a, b] = [value.slice(1, -1), key.slice(1, -1)];
  if (a.length === b.length && a.every((dim, i) => dim === b[i])) return;
  throw valueError(
    "All dimensions of `value` and `key`, except the last one, must be equal. Received: " +
      `value_shape=${call.shown(value)} and key_shape=${call.shown(key)}`,
  );
}

/** The outputs of a call, with the scores where they are asked for. */
function withScores(call: Call, position: number, output: Shape, scores: () => Shape): Shape[] {
  return call.boolean(position, "return_attention_scores", false) ? [output, scores()] : [output];
}

/** `MultiHeadAttention`, which compares the shapes when it is built, too, from 3.5 on. */
export const multiHead = (comparesWhenBuilt: boolean): LayerRule => ({
  build(config, call) {
    const { query, value, key } = queryValueKey(call);
    if (comparesWhenBuilt) checkValueAndKey(call, value, key);
    const heads = config.int("num_heads");
    const keyDim = config.int("key_dim");
    const valueDim = config.int("value_dim", keyDim);
    const outputs = product(outputDims(config) ?? [sizeAt(query, -1)]);
    if (outputs === null) throw new NotKnown();
    const bias = config.boolean("use_bias", true) ? 1 : 0;
    const projected = (inputs: Shape, size: number) => (sizeAt(inputs, -1) + bias) * heads * size;
    const gate = config.boolean("use_gate", false) ? projected(query, valueDim) : 0;
    const projections = projected(query, keyDim) + projected(key, keyDim) + projected(value, valueDim) + gate;
    return trainable(projections + (heads * valueDim + bias) * outputs);
  },
  output(config, call) {
    const { query, value, key } = queryValueKey(call);
    checkValueAndKey(call, value, key);
    const output = [...query.slice(0, -1), ...(outputDims(config) ?? query.slice(-1))];
    const length = query[1] ?? null;
    return withScores(call, 7, output, () => [query[0] ?? null, config.int("num_heads"), length, length]);
  },
});

function outputDims(config: LayerConfig): number[] | undefined {
  return config.ints("output_shape");
}

const groupedQuery: LayerRule = {
  build(config, call) {
    const { query, value, key } = queryValueKey(call);
    const heads = config.int("num_query_heads");
    const pairs = config.int("num_key_value_heads");
    const dim = config.int("head_dim");
    const bias = config.boolean("use_bias", true) ? 1 : 0;
    const features = sizeAt(query, -1);
    const projected = (inputs: Shape, count: number) => (sizeAt(inputs, -1) + bias) * count * dim;
    const gate = config.boolean("use_gate", false) ? projected(query, heads) : 0;
    const all = projected(query, heads) + projected(key, pairs) + projected(value, pairs) + gate;
    return trainable(all + heads * dim * features + bias * features);
  },
  output(config, call) {
    const { query, value, key } = queryValueKey(call);
    const [last, other] = [query.at(-1) ?? "None", value.at(-1) ?? "None"];
    if (last !== other)
      throw valueError(
        `The last dimension of \`query_shape\` and \`value_shape\` must be equal, but are ${last}, ${other}. ` +
          `Received: query_shape=${call.shown(query)}, value_shape=${call.shown(value)}`,
      );
    checkValueAndKey(call, value, key);
    const scores = () => [query[0] ?? null, config.int("num_query_heads"), query[1] ?? null, key[1] ?? null];
    return withScores(call, 7, query, scores);
  },
};

function dotProduct(weights: (config: LayerConfig, query: Shape) => number): LayerRule {
  return {
    build: (config, call) => trainable(weights(config, call.inputs()[0] ?? [])),
    output(_, call) {
      const [query, value, key = value] = call.inputs();
      if (!query || !value || !key || value.length === 0) throw new NotKnown();
      const output = [...query.slice(0, -1), value.at(-1) ?? null];
      return withScores(call, 2, output, () => [...query.slice(0, -1), key.at(-2) ?? null]);
    },
  };
}

const attention = dotProduct(
  (config) => (config.boolean("use_scale", false) ? 1 : 0) + (config.string("score_mode", "dot") === "concat" ? 1 : 0),
);
const additive = dotProduct((config, query) => (config.boolean("use_scale", true) ? sizeAt(query, -1) : 0));

export const attentionRules: ReadonlyMap<string, LayerRule> = new Map([
  ["keras.layers.MultiHeadAttention", multiHead(true)],
  ["keras.layers.GroupQueryAttention", groupedQuery],
  ["keras.layers.Attention", attention],
  ["keras.layers.AdditiveAttention", additive],
]);
