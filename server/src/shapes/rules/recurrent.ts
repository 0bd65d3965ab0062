/** Layers of keras/src/layers/rnn, but for wrappers. */

import { elementsOf, NO_NODE, type Node, type ValueTree } from "../../json/index.ts";
import type { Call } from "../call.ts";
import { LayerConfig, shapeAt } from "../layerConfig.ts";
import { type LayerRule, trainable } from "../rule.ts";
import { type Dim, dimAt, NotKnown, product, type Shape, sizeAt, weightSize } from "../values.ts";

/** One of the three cells: how many times its units its kernels have. */
const gates: Readonly<Record<string, number>> = { SimpleRNN: 1, GRU: 3, LSTM: 4 };

/** The names of the cells that the layers make for themselves. */
const cellNames: Readonly<Record<string, string>> = {
  SimpleRNN: "simple_rnn_cell",
  GRU: "gru_cell",
  LSTM: "lstm_cell",
};

/** The weights of a cell for inputs of a size. */
function cellWeights(kind: string, config: LayerConfig, inputs: Dim, name: string): number {
  const factor = gates[kind];
  if (factor === undefined) throw new NotKnown();
  const units = config.int("units");
  const biases = kind === "GRU" && config.boolean("reset_after", true) ? 2 : 1;
  const bias = config.boolean("use_bias", true) ? biases * factor * units : 0;
  return weightSize(`${name}/kernel`, inputs, factor * units) + units * factor * units + bias;
}

function isStacked(config: LayerConfig): boolean {
  return config.tree.string(config.tree.member(config.value("cell"), "class_name")) === "StackedRNNCells";
}

/** The cells of an RNN, each with its kind, and the units of each. */
function cellsOf(config: LayerConfig): {
  kind: string;
  config: LayerConfig;
  units: number;
  /** The size of the inputs with which it was built when it was saved; such a cell is not built again. */
  builtWith: number | undefined;
}[] {
  const { tree } = config;
  const cell = config.value("cell");
  const inner = new LayerConfig(tree, tree.member(cell, "config"));
  const stacked = isStacked(config);
  const nodes = stacked ? elementsOf(tree, inner.value("cells")) : [cell];
  if (nodes.length === 0) throw new NotKnown();
  return nodes.map((node, index) => {
    const kind = /^(SimpleRNN|GRU|LSTM)Cell$/.exec(tree.string(tree.member(node, "class_name")))?.[1];
    // A class of somebody else may have the same name.
    const module = tree.member(node, "module");
    const isKeras = module === NO_NODE || tree.string(module) === "keras.layers";
    if (kind === undefined || !isKeras) throw new NotKnown();
    const own = new LayerConfig(tree, tree.member(node, "config"));
    const from = builtWith(tree, node) ?? (index === 0 && stacked ? builtWith(tree, cell) : undefined);
    return { kind, config: own, units: own.int("units"), builtWith: from };
  });
}

function builtWith(tree: ValueTree, node: Node): number | undefined {
  const shape = tree.member(tree.member(node, "build_config"), "input_shape");
  return shape === NO_NODE || tree.kind(shape) === "null" ? undefined : sizeAt(shapeAt(tree, shape), -1);
}

function checkSequence(shape: Shape): void {
  if (shape.length !== 3) throw new NotKnown();
}

/** `RNN.compute_output_shape`: the outputs, and the states behind them. */
function sequences(config: LayerConfig, call: Call, units: number, states: readonly number[]): Shape[] {
  const shape = call.input();
  checkSequence(shape);
  const [batch, length] = shape as [Dim, Dim, Dim];
  const output = config.boolean("return_sequences", false) ? [batch, length, units] : [batch, units];
  if (!config.boolean("return_state", false)) return [output];
  return [output, ...states.map((size): Shape => [batch, size])];
}

function recurrent(kind: string): LayerRule {
  return {
    spec: () => ({ ndim: 3 }),
    build(config, call) {
      const shape = call.input();
      if (config.boolean("stateful", false)) return undefined;
      return trainable(cellWeights(kind, config, dimAt(shape, -1), cellNames[kind] ?? ""));
    },
    output(config, call) {
      const units = config.int("units");
      return sequences(config, call, units, kind === "LSTM" ? [units, units] : [units]);
    },
  };
}

/** `RNN`, whose cells may have been built when they were saved. */
export const rnn = (cellsAreBuilt: boolean): LayerRule => ({
  build(config, call) {
    if (config.boolean("stateful", false)) return undefined;
    const cells = cellsOf(config);
    // How stacked cells name their weights is not followed.
    let inputs = isStacked(config) ? sizeAt(call.input(), -1) : dimAt(call.input(), -1);
    let weights = 0;
    for (const cell of cells) {
      weights += cellWeights(
        cell.kind,
        cell.config,
        (cellsAreBuilt ? cell.builtWith : undefined) ?? inputs,
        cell.config.string("name", ""),
      );
      inputs = cell.units;
    }
    return trainable(weights);
  },
  output(config, call) {
    const cells = cellsOf(config);
    const states = cells.flatMap(({ kind, units }) => (kind === "LSTM" ? [units, units] : [units]));
    return sequences(config, call, cells.at(-1)?.units ?? 0, states);
  },
});

/** `ConvLSTM` of keras/src/layers/rnn/conv_lstm.py. */
function convLstm(rank: number): LayerRule {
  const kernel = (config: LayerConfig) => product(config.tuple("kernel_size", rank));
  return {
    spec: () => ({ ndim: rank + 3 }),
    build(config, call) {
      const shape = call.input();
      const channels = sizeAt(shape, config.channelsLast() ? -1 : 2);
      if (shape.slice(2).includes(null)) throw new NotKnown();
      if (config.boolean("stateful", false)) return undefined;
      const filters = config.int("filters");
      const bias = config.boolean("use_bias", true) ? 4 * filters : 0;
      return trainable(kernel(config) * (channels + filters) * 4 * filters + bias);
    },
    output(config, call) {
      const shape = call.input();
      const last = config.channelsLast();
      const filters = config.int("filters");
      const dims = last ? shape.slice(2, -1) : shape.slice(3);
      const [sizes, strides, dilation] = [
        config.tuple("kernel_size", rank),
        config.tuple("strides", rank, 1),
        config.tuple("dilation_rate", rank, 1),
      ];
      if (dims.length !== rank) throw new NotKnown();
      const isValid = config.string("padding", "valid").toLowerCase() === "valid";
      const made = dims.map((dim, i): Dim => {
        if (dim === null) throw new NotKnown();
        const reach = isValid ? (dilation[i] as number) * ((sizes[i] as number) - 1) : 0;
        const size = Math.floor((dim - reach - 1) / (strides[i] as number)) + 1;
        if (size <= 0) throw new NotKnown();
        return size;
      });
      const state = last ? [...made, filters] : [filters, ...made];
      const [batch, steps] = shape as [Dim, Dim];
      const output = config.boolean("return_sequences", false) ? [batch, steps, ...state] : [batch, ...state];
      if (!config.boolean("return_state", false)) return [output];
      return [output, [batch, ...state], [batch, ...state]];
    },
  };
}

export const recurrentRules: ReadonlyMap<string, LayerRule> = new Map([
  ...Object.keys(gates).map((kind): [string, LayerRule] => [`keras.layers.${kind}`, recurrent(kind)]),
  ["keras.layers.RNN", rnn(true)],
  ...[1, 2, 3].map((rank): [string, LayerRule] => [`keras.layers.ConvLSTM${rank}D`, convLstm(rank)]),
]);
