/** What layers and operations of Keras 3 did with shapes before 3.15, where it differs. */

import type { BuiltinSymbol } from "../../catalogue/keras.ts";
import type { ShapeBound, ShapeRelease } from "../../catalogue/shapeRelease.ts";
import { elementsOf, type Node, type ValueTree } from "../../json/index.ts";
import type { Call } from "../call.ts";
import type { LayerConfig } from "../layerConfig.ts";
import { type Built, type LayerRule, NO_WEIGHTS, type Weights } from "../rule.ts";
import { KerasRaises, NotKnown, valueError } from "../values.ts";
import { multiHead } from "./attention.ts";
import { convolutions } from "./convolution.ts";
import { concatenate } from "./merging.ts";
import { poolings } from "./pooling.ts";
import { reshaped } from "./reshaping.ts";
import { layerRules, ruleOf } from "./table.ts";

type Rules = readonly (readonly [string, LayerRule])[];

const ruleBy = (key: string) => layerRules.get(key) as LayerRule;
const operation = (name: string) => `keras.src.ops.numpy.${name}`;

/** `compute_transpose_output_shape` before 3.15: axes outside of the shape raise what nodes wait for, and may be repeated. */
const transpose: LayerRule = {
  output(config, call, held) {
    const axes = config.ints("axes");
    const rank = call.input().length;
    const within = new Set(
      axes?.map((axis) => (axis < 0 ? axis + rank : axis)).filter((axis) => axis >= 0 && axis < rank),
    );
    if (axes?.length === rank && within.size < rank) throw new NotKnown();
    return ruleBy(operation("Transpose")).output(config, call, held);
  },
};

/** `Split` before 3.14, whose word for it is another. */
const split: LayerRule = {
  output(config, call, held) {
    try {
      return ruleBy(operation("Split")).output(config, call, held);
    } catch (error) {
      if (!(error instanceof KerasRaises)) throw error;
      throw valueError(error.message.replace("must be divisible by", "must be dividible by"));
    }
  },
};

/** `Reshape` before 3.12, which works out its shape when it is built, too. */
const reshape: LayerRule = {
  ...ruleBy("keras.layers.Reshape"),
  build(config, call) {
    const target = config.shape("target_shape");
    if (!target) throw new NotKnown();
    reshaped(call.input().slice(1), target, "target_shape", call.fromBuildConfig);
    return NO_WEIGHTS;
  },
};

/** `SpectralNormalization` before 3.11: what it is called with has the shape that it was built with. */
const spectralNormalization: LayerRule = {
  ...ruleBy("keras.layers.SpectralNormalization"),
  *build(config, call, held) {
    const made = ruleBy("keras.layers.SpectralNormalization").build?.(config, call, held);
    const built = (made && "next" in made ? yield made : made) as Built | undefined;
    const shape = call.input();
    return built && { ...built, spec: { ndim: shape.length, shape: [null, ...shape.slice(1)] } };
  },
};

/** `Dot.build` before 3.2 takes nothing but tuples, and a `build_config` has lists. */
const dot: LayerRule = {
  ...ruleBy("keras.layers.Dot"),
  build(config, call, held) {
    if (call.fromBuildConfig)
      throw valueError(
        `A \`Dot\` layer should be called on a list of 2 inputs. Received: input_shape=[${call
          .inputs()
          .map((shape) => call.shown(shape))
          .join(", ")}]`,
      );
    return ruleBy("keras.layers.Dot").build?.(config, call, held);
  },
};

/** `GetItem` before 3.2 takes nothing but tuples and numbers, and a config has lists. */
const getItem: LayerRule = {
  output(config, call, held) {
    const key = call.args[1] ?? call.kwargs.get("key");
    if (key?.is === "plain" && call.tree.kind(key.node) !== "number")
      throw valueError(`Unsupported key type for array slice. Recieved: \`${keyShown(call.tree, key.node)}\``);
    return ruleBy(operation("GetItem")).output(config, call, held);
  },
};

/** A key as Python prints it. */
function keyShown(tree: ValueTree, node: Node): string {
  if (tree.kind(node) === "array")
    return `[${elementsOf(tree, node)
      .map((one) => partShown(tree, one))
      .join(", ")}]`;
  return partShown(tree, node);
}

function partShown(tree: ValueTree, node: Node): string {
  const kind = tree.kind(node);
  if (kind === "null") return "None";
  if (kind === "number") return tree.raw(node);
  const name = tree.string(tree.member(node, "class_name"));
  if (name === "__ellipsis__") return "Ellipsis";
  if (name !== "__slice__") throw new NotKnown();
  const limits = ["start", "stop", "step"].map((limit) => tree.member(tree.member(node, "config"), limit));
  if (limits.some((limit) => limit < 0 || !["null", "number"].includes(tree.kind(limit)))) throw new NotKnown();
  return `slice(${limits.map((limit) => (tree.kind(limit) === "null" ? "None" : tree.raw(limit))).join(", ")})`;
}

/** The shapes that these were built with. */
const builtWith = new WeakMap<LayerConfig, Call>();

/** `EinsumDense` of 3.0 has no `input_spec`, and whatever it is called with, returns the shape that it was built for. */
const einsumDense: LayerRule = {
  build(config, call, held) {
    builtWith.set(config, call);
    const made = ruleBy("keras.layers.EinsumDense").build?.(config, call, held) as Built | undefined;
    return made && { trainable: made.trainable, nonTrainable: made.nonTrainable };
  },
  output: (config, call, held) =>
    ruleBy("keras.layers.EinsumDense").output(config, builtWith.get(config) ?? call, held),
};

/** `GroupQueryAttention` of 3.0: of more than three axes its `EinsumDense` make other kernels. */
const groupedQuery: LayerRule = {
  ...ruleBy("keras.layers.GroupQueryAttention"),
  build(config, call, held) {
    if ((call.shape(0, "query")?.length ?? 0) > 3) return undefined;
    return ruleBy("keras.layers.GroupQueryAttention").build?.(config, call, held);
  },
};

/** `Bidirectional` before 3.3 holds the layer that it copies, too, which is built where the config has a `build_config` of it. */
const bidirectional: LayerRule = {
  ...ruleBy("keras.layers.Bidirectional"),
  *build(config, call, held) {
    const made = ruleBy("keras.layers.Bidirectional").build?.(config, call, held);
    const built = (made && "next" in made ? yield made : made) as Built | undefined;
    const layer = config.value("layer");
    const { tree } = config;
    const from = tree.member(tree.member(layer, "build_config"), "input_shape");
    if (!built || from < 0 || tree.kind(from) === "null") return built;
    const copied = (yield held.build(layer, call)) as Weights | undefined;
    return (
      copied && {
        ...built,
        trainable: built.trainable + copied.trainable,
        nonTrainable: built.nonTrainable + copied.nonTrainable,
      }
    );
  },
};

/** `Cropping1D` and so on of 3.0.0 and 3.0.1, whose word for it is the opposite. */
function cropping(rank: number): [string, LayerRule] {
  const key = `keras.layers.Cropping${rank}D`;
  return [
    key,
    {
      ...ruleBy(key),
      output(config, call, held) {
        try {
          return ruleBy(key).output(config, call, held);
        } catch (error) {
          if (!(error instanceof KerasRaises)) throw error;
          throw valueError(error.message.replace(/(must|should) be smaller than/, "$1 be greater than"));
        }
      },
    },
  ];
}

const to314: Rules = [
  ...poolings({ zero: false, whenBuilt: false }),
  ...convolutions({ zero: true, whenBuilt: false }),
  [operation("Transpose"), transpose],
];
const to313: Rules = [...convolutions({ zero: false, whenBuilt: false }), [operation("Split"), split]];
const to311: Rules = [["keras.layers.Reshape", reshape]];
const to310: Rules = [["keras.layers.SpectralNormalization", spectralNormalization]];
const to31: Rules = [
  ["keras.layers.Dot", dot],
  [operation("GetItem"), getItem],
];
const to36: Rules = [["keras.layers.Concatenate", concatenate(true)]];
/** Normalization before 3.6 returns the shape that it is given, whatever its axes are. */
const to35: Rules = ["Batch", "Group", "Layer", "Unit"].map((kind): [string, LayerRule] => {
  const key = `keras.layers.${kind}Normalization`;
  return [key, { ...ruleBy(key), output: (_, call) => [call.input()] }];
});
const to34: Rules = [["keras.layers.MultiHeadAttention", multiHead(false)]];
const to32: Rules = [["keras.layers.Bidirectional", bidirectional]];
const of30: Rules = [
  ["keras.layers.EinsumDense", einsumDense],
  ["keras.layers.GroupQueryAttention", groupedQuery],
];

/** What releases before a bound do, the oldest first: where several have a class, it is the first that holds. */
const before: readonly (readonly [ShapeBound, Rules])[] = [
  ["3.0.2", [1, 2, 3].map(cropping)],
  ["3.1.0", of30],
  ["3.2.0", to31],
  ["3.3.0", to32],
  ["3.5.0", to34],
  ["3.6.0", to35],
  ["3.7.0", to36],
  ["3.11.0", to310],
  ["3.12.0", to311],
  ["3.14.0", to313],
  ["3.15.0", to314],
];

const byClass = new Map<string, [ShapeBound, LayerRule][]>();
for (const [bound, rules] of before)
  for (const [key, rule] of rules) byClass.set(key, [...(byClass.get(key) ?? []), [bound, rule]]);

/** The rule of a class in a release of Keras 3; undefined where there is none. */
export function keras3RuleOf(symbol: BuiltinSymbol, shapes: ShapeRelease["shapes"]): LayerRule | undefined {
  const others = byClass.get(symbol.canonical ?? "") ?? byClass.get(`${symbol.module}.${symbol.qualname}`);
  return others?.find(([bound]) => !shapes[bound])?.[1] ?? ruleOf(symbol);
}
