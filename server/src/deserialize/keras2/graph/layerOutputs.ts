import type { BuiltinSymbol } from "../../../catalogue/keras.ts";
import { elementsOf, NO_NODE, type Node, type ValueTree } from "../../../json/index.ts";
import { leaves, returnsMore } from "../../graph/layerOutputs.ts";
import type { Load } from "../../load.ts";
import type { ModelGraph, ModelLayer } from "./modelLayers.ts";
import { readNodeData } from "./nodeData.ts";

const layers = "tf_keras.src.layers.";

/** Layers that make one tensor of one tensor. */
const oneOfOne = [
  ...["activation.", "convolutional.", "core.activation", "core.dense", "core.einsum_dense", "core.embedding"],
  ...["core.masking", "locally_connected.", "normalization.", "pooling.", "regularization.", "reshaping."],
].map((start) => layers + start);

const wrappers = new Set(["TimeDistributed", "SpectralNormalization"]);
const models = new Set(["Functional", "Model", "Sequential"]);
/** Those of no other cell than Keras's own, whose output is one tensor. */
const recurrent = new Set(["ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "GRU", "LSTM", "SimpleRNN"]);

/** Functions of TensorFlow that make one tensor, whatever they are called with: by their module, or by their name. */
const severalInMath = new Set(["math.approx_max_k", "math.approx_min_k", "math.top_k"]);
const oneOfAny = new Set([
  ...["cast", "clip_by_value", "concat", "expand_dims", "gather", "identity", "linalg.matmul", "one_hot", "ones_like"],
  ...["pad", "reshape", "reverse", "squeeze", "stack", "stop_gradient", "tile", "transpose", "where", "zeros_like"],
  ...["bias_add", "elu", "gelu", "l2_normalize", "leaky_relu", "log_softmax", "relu", "relu6", "selu"].map(inNn),
  ...["sigmoid", "silu", "softmax", "softplus", "softsign", "swish", "tanh"].map(inNn),
]);

function inNn(name: string): string {
  return `nn.${name}`;
}

/** How many tensors the node at `place` among a layer's own has; undefined where that is not known. */
export function outputsOf({ graph }: ModelGraph, layer: ModelLayer, place: number): number | undefined {
  const { outputs } = graph;
  const call = layer.calls[place];
  if (call === undefined) return undefined;
  // Every reference to a node may ask.
  if (!outputs.has(call)) outputs.set(call, countOutputs(graph.load, layer, place));
  return outputs.get(call);
}

function countOutputs(load: Load, layer: ModelLayer, place: number): number | undefined {
  const { object, entries, planned, hasOneNode } = layer;
  if (object?.from !== "keras") return undefined;
  if (hasOneNode && place === 0) return 1;
  const entry = entries[place - (planned - entries.length)];
  if (entry === undefined) return undefined;
  return outputsOfObject(load, object.symbol, layer.node, readNodeData(load.tree, entry).single);
}

/** The same of an object in the config; a model's are those of its outputs, a wrapper's those of what it wraps. */
function outputsOfObject(load: Load, symbol: BuiltinSymbol, object: Node, single: boolean): number | undefined {
  const { tree } = load;
  let found: BuiltinSymbol | undefined = symbol;
  let node = object;
  while (found) {
    const { module, qualname } = found;
    const config = tree.member(node, "config");
    if (models.has(qualname)) {
      if (tree.member(config, "output_layers") !== NO_NODE) return leaves(tree, tree.member(config, "output_layers"));
      node = elementsOf(tree, tree.member(config, "layers")).at(-1) ?? NO_NODE;
    } else if (wrappers.has(qualname)) node = tree.member(config, "layer");
    else if (qualname === "Bidirectional" && !returnsMore(tree, config)) node = tree.member(config, "layer");
    else return outputsOfLayer(tree, module, qualname, config, single);
    const within = node === NO_NODE ? undefined : load.foundAt(node);
    found = within?.from === "keras" ? within.symbol : undefined;
  }
  return undefined;
}

function outputsOfLayer(
  tree: ValueTree,
  module: string,
  qualname: string,
  config: Node,
  single: boolean,
): number | undefined {
  if (module.startsWith(`${layers}merging.`)) return 1;
  if (module === `${layers}core.tf_op_layer`) return outputsOfFunction(tree, tree.member(config, "function"));
  if (recurrent.has(qualname)) return returnsMore(tree, config) ? undefined : 1;
  return single && oneOfOne.some((start) => module.startsWith(start)) ? 1 : undefined;
}

/** The function of TensorFlow that a TFOpLambda or a SlicingOpLambda calls, by its name below `tf`. */
function outputsOfFunction(tree: ValueTree, node: Node): number | undefined {
  if (node === NO_NODE || tree.kind(node) !== "string") return undefined;
  const name = tree.string(node);
  if (name.startsWith("math.")) return severalInMath.has(name) ? undefined : 1;
  return name.startsWith("__operators__.") || oneOfAny.has(name) ? 1 : undefined;
}
