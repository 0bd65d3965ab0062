/** Layers of tf_keras/src/layers/rnn. */
import { type Call, callWith } from "../../call.ts";
import type { LayerConfig } from "../../layerConfig.ts";
import type { Built, LayerRule, Weights } from "../../rule.ts";
import { convolutionArguments } from "../../rules/convolution.ts";
import { rnn } from "../../rules/recurrent.ts";
import { builtBothWays, mergedBothWays } from "../../rules/wrappers.ts";
import { type Dim, KerasRaises, NotKnown, type Shape, valueError } from "../../values.ts";
import { asInKeras3, keras3Rule } from "../reused.ts";
import { unequal, windowed } from "../tensorflow.ts";

/** What is not followed: states that are handed in or kept, and time in the first axis. */
function checkPlain(config: LayerConfig, call: Call): void {
  if (config.boolean("time_major", false) || config.boolean("stateful", false)) throw new NotKnown();
  if (call.first().is === "list" || call.args.length > 1 || call.kwargs.has("initial_state")) throw new NotKnown();
  // Keras refuses to unroll what has no length.
  if (config.boolean("unroll", false) && call.input()[1] === null) throw new NotKnown();
}

/** `LSTM`, `GRU`, `SimpleRNN` and `RNN`. */
function recurrent(rule: ReturnType<typeof asInKeras3>, ndim: number | undefined): LayerRule {
  return {
    ...(ndim === undefined ? {} : { spec: () => ({ ndim }) }),
    build(config, call, held) {
      checkPlain(config, call);
      const shape = call.input();
      if (ndim === 3 && shape[2] === null) throw new KerasRaises("TypeError", NO_NUMBER);
      const built = rule.build(config, call, held) as Built | undefined;
      const spec = { ndim: shape.length, shape: shape.map((dim, i) => (i < 2 ? null : dim)) };
      return built && { ...built, spec };
    },
    output(config, call, held) {
      checkPlain(config, call);
      return rule.output(config, call, held);
    },
  };
}

/** What Python says of a weight whose shape has None in it. */
const NO_NUMBER = "int() argument must be a string, a bytes-like object or a real number, not 'NoneType'";

/** `LSTM` and `GRU`, whose cells are one function. */
function fused(name: string): LayerRule {
  return {
    ...recurrent(keras3Rule(`keras.layers.${name}`), 3),
    unfit: (_, spec, shape) => (shape.length === 3 ? unequal(spec, shape) : undefined),
  };
}

/** `ConvLSTM`: the convolution of the input is the first to refuse its sizes. */
function convLstm(rank: number): LayerRule {
  const rule = recurrent(keras3Rule(`keras.layers.ConvLSTM${rank}D`), rank + 3);
  return {
    ...rule,
    output(config, call, held) {
      checkPlain(config, call);
      const shape = call.input();
      const dims = config.channelsLast() ? shape.slice(2, -1) : shape.slice(3);
      const { kernel, strides, dilation, padding } = convolutionArguments(config, rank);
      for (const [i, dim] of dims.entries())
        windowed(dim, kernel[i] as number, strides[i] as number, dilation[i] as number, padding);
      return rule.output(config, call, held);
    },
  };
}

/** The shape of one step of a sequence. */
function stepOf(call: Call): Shape {
  const shape = call.input();
  if (shape.length < 3)
    throw valueError(
      "`TimeDistributed` Layer should be passed an `input_shape ` with at least 3 dimensions, received: " +
        call.shown(shape),
    );
  return [shape[0] as Dim, ...shape.slice(2)];
}

const timeDistributed: LayerRule = {
  holds: ["layer"],
  *build(config, call, held) {
    const shape = call.input();
    const weights = (yield held.build(config.value("layer"), callWith(call.tree, stepOf(call)))) as Weights | undefined;
    const spec = { ndim: shape.length, shape: [null, null, ...shape.slice(2)] };
    return weights && { trainable: weights.trainable, nonTrainable: weights.nonTrainable, spec };
  },
  *output(config, call, held) {
    const [batch, steps, ...rest] = call.input();
    if (batch === undefined || steps === undefined) throw new NotKnown();
    // The steps are put into the batch, and taken out again.
    const all = batch === null || steps === null ? null : batch * steps;
    const outputs = (yield held.output(config.value("layer"), callWith(call.tree, [all, ...rest]))) as readonly Shape[];
    const [output] = outputs;
    if (!output || outputs.length !== 1) throw new NotKnown();
    return [[batch, steps, ...output.slice(1)]];
  },
};

const bidirectional: LayerRule = {
  holds: ["layer", "backward_layer"],
  spec: (config) => {
    const { tree } = config;
    const layer = config.value("layer");
    const name = tree.string(tree.member(layer, "class_name"));
    return ["LSTM", "GRU", "SimpleRNN"].includes(name) ? { ndim: 3 } : {};
  },
  build: (config, call, held) => builtBothWays(config, call, held),
  *output(config, call, held) {
    if (call.first().is === "list") throw new NotKnown();
    const layer = config.value("layer");
    const [output, ...states] = (yield held.output(layer, callWith(call.tree, call.input()))) as readonly Shape[];
    if (!output || config.has("backward_layer")) throw new NotKnown();
    return mergedBothWays(config, output, states);
  },
};

export const recurrentRules: readonly (readonly [string, LayerRule])[] = [
  ["keras.layers.LSTM", fused("LSTM")],
  ["keras.layers.GRU", fused("GRU")],
  ["keras.layers.SimpleRNN", recurrent(keras3Rule("keras.layers.SimpleRNN"), 3)],
  ["keras.layers.RNN", recurrent(asInKeras3(rnn(false)), undefined)],
  ...[1, 2, 3].map((rank): [string, LayerRule] => [`keras.layers.ConvLSTM${rank}D`, convLstm(rank)]),
  ["keras.layers.TimeDistributed", timeDistributed],
  ["keras.layers.Bidirectional", bidirectional],
];
