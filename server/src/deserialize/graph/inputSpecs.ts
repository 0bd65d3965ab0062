import { NO_NODE } from "../../json/index.ts";
import { truthy } from "../dict.ts";
import type { GraphLayer, LayerGraph } from "./layerGraph.ts";
import { derivesFrom, type Lineage } from "./lineage.ts";

/** Layers whose constructor sets an `input_spec` of one input, in all releases. */
const fromConstructor = [
  ...["BaseConv", "BaseConvTranspose", "BaseDepthwiseConv", "BaseSeparableConv", "BaseGlobalPooling", "BasePooling"],
  ...["ConvLSTM", "Dense", "Flatten", "GRU", "LSTM", "Permute", "RepeatVector", "SimpleRNN"],
  ...["Cropping", "SpatialDropout", "UpSampling", "ZeroPadding"].flatMap((name) =>
    ["1D", "2D", "3D"].map((dimensions) => `${name}${dimensions}`),
  ),
];

/** Layers that set it when they are built, in all releases. */
const fromBuild = ["BatchNormalization", "GroupNormalization", "PReLU"];

/** Whether `self.input_spec` is certainly that of one input when the layer is called. */
export function expectsOneInput(graph: LayerGraph, layer: GraphLayer, lineage: Lineage): boolean {
  if (["__init__", "build", "input_spec"].some(lineage.defines)) return false;
  if (fromConstructor.some((name) => derivesFrom(lineage, name))) return true;
  return fromBuild.some((name) => derivesFrom(lineage, name)) && wasBuilt(graph, layer);
}

function wasBuilt({ load: { tree } }: LayerGraph, { node, calls }: GraphLayer): boolean {
  const buildConfig = tree.member(node, "build_config");
  const isRead = tree.member(node, "module") !== NO_NODE;
  return calls.length > 0 || (isRead && buildConfig !== NO_NODE && truthy(tree, { node: buildConfig }));
}

/** The name of the one input of a model in the graph that is Keras's own Functional; undefined of others. */
export function nameOfOneInput({ load: { tree } }: LayerGraph, { node, object }: GraphLayer): string | undefined {
  if (object?.from !== "keras") return undefined;
  const inputs = tree.member(tree.member(node, "config"), "input_layers");
  if (inputs === NO_NODE || tree.kind(inputs) !== "array") return undefined;
  let first = tree.firstChild(inputs);
  if (first !== NO_NODE && tree.kind(first) === "array" && tree.childCount(inputs) === 1)
    first = tree.firstChild(first);
  else if (tree.childCount(inputs) !== 3) return undefined;
  return first !== NO_NODE && tree.kind(first) === "string" ? tree.string(first) : undefined;
}
