/** Wrappers of keras/src/layers/rnn: layers that hold layers. */
import { type Call, callWith } from "../call.ts";
import type { LayerConfig } from "../layerConfig.ts";
import type { Built, HeldLayers, LayerRule, Weights } from "../rule.ts";
import type { Step } from "../steps.ts";
import { type Dim, MOST_OUTPUTS, NotKnown, type Shape, valueError } from "../values.ts";

/** The shape of one step of a sequence. */
function stepOf(call: Call): Shape {
  const shape = call.input();
  if (shape.length < 3)
    throw valueError(
      `\`TimeDistributed\` Layer should be passed an \`input_shape\` with at least 3 dimensions, received: ${call.shown(shape)}`,
    );
  return [shape[0] as Dim, ...shape.slice(2)];
}

const timeDistributed: LayerRule = {
  holds: ["layer"],
  *build(config, call, held) {
    const weights = (yield held.build(config.value("layer"), callWith(call.tree, stepOf(call)))) as Weights | undefined;
    return weights && { trainable: weights.trainable, nonTrainable: weights.nonTrainable };
  },
  *output(config, call, held) {
    const outputs = (yield held.output(config.value("layer"), callWith(call.tree, stepOf(call)))) as readonly Shape[];
    const [output] = outputs;
    if (!output || outputs.length !== 1) throw new NotKnown();
    return [[output[0] as Dim, call.input()[1] as Dim, ...output.slice(1)]];
  },
};

/** The weights of both layers of a `Bidirectional`, the names of which begin otherwise; of which one is copied where none is given. */
export function* builtBothWays(
  config: LayerConfig,
  call: Call,
  held: HeldLayers,
  [ahead, back]: readonly [string?, string?] = [],
): Step<Built | undefined> {
  const sequences = callWith(call.tree, call.input());
  const forward = (yield held.build(config.value("layer"), sequences, ahead)) as Weights | undefined;
  const backward = config.has("backward_layer")
    ? ((yield held.build(config.value("backward_layer"), sequences, back)) as Weights | undefined)
    : forward;
  if (!forward || !backward) return undefined;
  return {
    trainable: forward.trainable + backward.trainable,
    nonTrainable: forward.nonTrainable + backward.nonTrainable,
  };
}

/** The outputs of a `Bidirectional`, by those of one of its layers. */
export function mergedBothWays(config: LayerConfig, output: Shape, states: readonly Shape[]): readonly Shape[] {
  const both = [...states, ...states];
  const mode = config.tree.member(config.node, "merge_mode");
  if (mode >= 0 && config.tree.kind(mode) === "null") return [output, output, ...both];
  if (config.string("merge_mode", "concat") !== "concat") return [output, ...both];
  const last = output.at(-1) as Dim;
  return [[...output.slice(0, -1), last === null ? null : last * 2], ...both];
}

const bidirectional: LayerRule = {
  holds: ["layer", "backward_layer"],
  build: (config, call, held) => builtBothWays(config, call, held, ["forward_", "backward_"]),
  *output(config, call, held) {
    const layer = config.value("layer");
    const [output, ...states] = (yield held.output(layer, callWith(call.tree, call.input()))) as readonly Shape[];
    if (!output || states.length > MOST_OUTPUTS) throw new NotKnown();
    return mergedBothWays(config, output, states);
  },
};

export const wrapperRules: ReadonlyMap<string, LayerRule> = new Map<string, LayerRule>([
  ["keras.layers.TimeDistributed", timeDistributed],
  ["keras.layers.Bidirectional", bidirectional],
]);
