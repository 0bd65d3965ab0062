import type { BuiltinSymbol } from "../../catalogue/keras.ts";
import { elementsOf, NO_NODE, type Node, type ValueTree } from "../../json/index.ts";
import type { Load } from "../load.ts";
import type { GraphLayer, LayerGraph } from "./layerGraph.ts";
import { referencesOf } from "./nodeReferences.ts";

/** Layers that make one tensor of one tensor. */
const oneOfOne = [
  "keras.src.layers.activations.",
  "keras.src.layers.convolutional.",
  "keras.src.layers.core.dense",
  "keras.src.layers.core.einsum_dense",
  "keras.src.layers.core.embedding",
  "keras.src.layers.core.identity",
  "keras.src.layers.core.masking",
  "keras.src.layers.normalization.",
  "keras.src.layers.pooling.",
  "keras.src.layers.regularization.",
  "keras.src.layers.reshaping.",
];

/** Operations of keras.ops.numpy and keras.ops.nn that may make another number of tensors than one. */
const several = new Set([
  ...["ArraySplit", "CTCDecode", "Dsplit", "Histogram", "Hsplit", "Linspace", "Meshgrid", "Moments", "NanToNum"],
  ...["Nonzero", "Slogdet", "Split", "Unique", "UnravelIndex", "Vsplit"],
]);

const wrappers = new Set(["TimeDistributed", "SpectralNormalization"]);
const models = new Set(["Functional", "Model", "Sequential"]);

/**
 * How many tensors the node at `place` among a layer's own has; undefined where that is not known (a class of the workspace, a
 * layer whose outputs follow its inputs).
 */
export function outputsOf(graph: LayerGraph, layer: GraphLayer, place: number): number | undefined {
  const { outputs } = graph;
  const call = layer.calls[place];
  if (call === undefined) return undefined;
  // Every reference to a node may ask.
  if (!outputs.has(call)) outputs.set(call, countOutputs(graph, layer, place));
  return outputs.get(call);
}

function countOutputs(graph: LayerGraph, layer: GraphLayer, place: number): number | undefined {
  const { tree } = graph.load;
  const { object } = layer;
  if (object?.from !== "keras") return undefined;
  const entry = layer.entries[place - (layer.planned - layer.entries.length)];
  if (entry === undefined) return object.symbol.qualname === "InputLayer" ? 1 : undefined;
  const { single } = referencesOf(tree, entry);
  return outputsOfObject(graph.load, object.symbol, layer.node, single);
}

/** The same of an object in the config; a model's are those of its outputs, a wrapper's those of what it wraps. */
function outputsOfObject(load: Load, symbol: BuiltinSymbol, object: Node, single: boolean): number | undefined {
  const { tree } = load;
  let found: BuiltinSymbol | undefined = symbol;
  let node = object;
  while (found) {
    const { module, qualname, mro } = found;
    const config = tree.member(node, "config");
    if (models.has(qualname)) {
      if (tree.member(config, "output_layers") !== NO_NODE) return leaves(tree, tree.member(config, "output_layers"));
      node = elementsOf(tree, tree.member(config, "layers")).at(-1) ?? NO_NODE;
    } else if (wrappers.has(qualname)) node = tree.member(config, "layer");
    else {
      if (module.startsWith("keras.src.layers.merging.")) return 1;
      if (module === "keras.src.ops.numpy" || module === "keras.src.ops.nn")
        return several.has(qualname) && !(qualname === "Nonzero" && load.behaviour.nonzeroIsOne) ? undefined : 1;
      const isRecurrent = mro.some((cls) => cls.qualname === "RNN") || qualname === "Bidirectional";
      if (isRecurrent) return returnsMore(tree, config) ? undefined : 1;
      return single && oneOfOne.some((start) => module.startsWith(start)) ? 1 : undefined;
    }
    found = node === NO_NODE ? undefined : builtinOf(load, node);
  }
  return undefined;
}

/** The class of Keras that an object names, where no custom object can stand in for it. */
function builtinOf(load: Load, node: Node): BuiltinSymbol | undefined {
  const { tree } = load;
  const registered = tree.member(node, "registered_name");
  const className = tree.member(node, "class_name");
  const module = tree.member(node, "module");
  if (module === NO_NODE && className !== NO_NODE && tree.kind(className) === "string") {
    const layers = load.release.importModule("keras.src.layers");
    const isOpen = load.registry.declarations(tree.string(className)).length > 0;
    return layers.status === "importable" && !isOpen ? layers.member(tree.string(className)) : undefined;
  }
  const isPlain = registered !== NO_NODE && tree.kind(registered) === "null";
  if (!isPlain || className === NO_NODE || module === NO_NODE) return undefined;
  return load.release.resolve(`${tree.string(module)}.${tree.string(className)}`);
}

/** A recurrent layer hands out its state where it says so, and a Bidirectional both ways where nothing merges them. */
export function returnsMore(tree: ValueTree, config: Node): boolean {
  const own = tree.member(config, "return_state");
  const wrapped = tree.member(tree.member(tree.member(config, "layer"), "config"), "return_state");
  const merged = tree.member(config, "merge_mode");
  const isUnmerged = merged !== NO_NODE && tree.kind(merged) === "null";
  return (
    isUnmerged ||
    [own, wrapped].some((node) => node !== NO_NODE && !(tree.kind(node) === "boolean" && !tree.boolean(node)))
  );
}

/** How many tensors `output_layers` names; undefined where that is written in another way. */
export function leaves(tree: ValueTree, ends: Node): number | undefined {
  if (tree.kind(ends) !== "array") return undefined;
  const first = tree.firstChild(ends);
  if (first === NO_NODE) return 0;
  if (tree.kind(first) === "string") return 1;
  let count = 0;
  for (let child = first; child !== NO_NODE; child = tree.nextSibling(child)) {
    const name = tree.kind(child) === "array" ? tree.firstChild(child) : NO_NODE;
    if (name === NO_NODE || tree.kind(name) !== "string") return undefined;
    count++;
  }
  return count;
}
