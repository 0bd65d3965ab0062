/** Layers of tf_keras/src/layers/attention. */
import type { Call } from "../../call.ts";
import type { LayerConfig } from "../../layerConfig.ts";
import { type LayerRule, trainable } from "../../rule.ts";
import { type Dim, type KerasRaises, NotKnown, product, type Shape, sizeAt } from "../../values.ts";
import { callError, operationError } from "../callError.ts";
import { keras3Rule } from "../reused.ts";
import { broadcasted, equalDims } from "../tensorflow.ts";

interface Tensors {
  readonly query: Shape;
  readonly value: Shape;
  readonly key: Shape;
}

const parts = ["query", "key", "value"] as const;

/** The shapes that these were built for by their first call. */
const builtWith = new WeakMap<LayerConfig, Tensors>();

function queryValueKey(call: Call): Tensors {
  const query = call.shape(0, "query");
  const value = call.shape(1, "value");
  const key = call.shape(2, "key") ?? value;
  if (!query || !value || !key) throw new NotKnown();
  return { query, value, key };
}

/** The number of axes that `from_config` has each projection made for: that of the shapes that were saved. */
function savedRank(config: LayerConfig, part: (typeof parts)[number]): number | undefined {
  return config.shape(`${part}_shape`)?.length;
}

/** What the projections refuse in their calls, each an `EinsumDense` within the layer. */
function checkProjections(config: LayerConfig, tensors: Tensors): void {
  const built = builtWith.get(config);
  for (const part of parts) {
    const shape = tensors[part];
    const rank = savedRank(config, part) ?? built?.[part].length ?? shape.length;
    if (rank < 2 || rank > 20) throw new NotKnown();
    const refuse = (error: KerasRaises) => callError(part, "EinsumDense", true, error);
    // Too few axes fail before that.
    if (shape.length < rank) throw new NotKnown();
    if (shape.length > rank)
      throw refuse(
        operationError(
          `Shape must be rank ${rank} but is rank ${shape.length}\n\t for 0th input and equation: ${projection(rank)}`,
        ),
      );
    const [now, then] = [shape.at(-1), built?.[part].at(-1)];
    if (now !== null && then !== null && then !== undefined && now !== then)
      throw refuse(operationError(`Dimensions must be equal, but are ${now} and ${then}`));
  }
}

/** `_build_proj_equation` for one axis that is bound, and two that are made. */
function projection(rank: number): string {
  const letters = "abcdefghijklmnopqrstuvwxyz";
  const free = letters.slice(0, rank - 1);
  const made = letters.slice(rank, rank + 2);
  return `${free}${letters[rank - 1]},${letters[rank - 1]}${made}->${free}${made}`;
}

/** What is followed: tensors of the same number of axes, all between the first and the last of which are attended to. */
function checkAxes(config: LayerConfig, { query, value, key }: Tensors): void {
  if (query.length < 3 || value.length !== query.length || key.length !== query.length) throw new NotKnown();
  const axes = config.ints("attention_axes");
  if (axes && (axes.length !== query.length - 2 || axes.some((axis, i) => axis !== i + 1))) throw new NotKnown();
}

/** The last axes of what it returns: `from_config` has it made for the shape of the query that was saved. */
function outputDims(config: LayerConfig, query: Shape): Shape {
  return config.ints("output_shape") ?? (config.shape("query_shape") ?? query).slice(-1);
}

const multiHeadAttention: LayerRule = {
  build(config, call) {
    const tensors = queryValueKey(call);
    const { query, value, key } = tensors;
    // The projections are built when they are called, and refuse what they are not made for.
    if (parts.some((part) => (savedRank(config, part) ?? tensors[part].length) !== tensors[part].length))
      return undefined;
    builtWith.set(config, tensors);
    checkAxes(config, tensors);
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
    const tensors = queryValueKey(call);
    checkProjections(config, tensors);
    checkAxes(config, tensors);
    const { query, value, key } = tensors;
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
      if (!query || !value || !key || [query, value, key].some(({ length }) => length < 2)) throw new NotKnown();
      if (call.boolean(3, "return_attention_scores", false)) throw new NotKnown();
      const isDot = name === "Attention" && config.string("score_mode", "dot") === "dot";
      if (isDot) equalDims(query.at(-1) as Dim, key.at(-1) as Dim);
      else {
        // What is added is broadcast, also where it has one feature.
        broadcasted(
          [...query.slice(0, -1), 1, query.at(-1) as Dim],
          [...key.slice(0, -2), 1, key.at(-2) as Dim, key.at(-1) as Dim],
        );
        if (query.at(-1) !== key.at(-1) || query.at(-1) === null) throw new NotKnown();
      }
      if (value.length !== query.length || key.length !== query.length) throw new NotKnown();
      const scored = broadcasted(query.slice(0, -2), key.slice(0, -2));
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
