import { elementsOf, NO_NODE } from "../../../json/index.ts";
import { pythonType } from "../../dict.ts";
import type { GraphLayer, LayerGraph } from "../../graph/layerGraph.ts";
import { derivesFrom, lineageOf } from "../../graph/lineage.ts";
import { nameOfLayer } from "../../graph/waitingNodes.ts";
import { pythonRepr, reprString } from "../../pythonRepr.ts";
import type { Tensor } from "./modelLayers.ts";

/** What stands for a tensor that is printed otherwise than that of an InputLayer. */
const someTensor = "…";

/** `str(tensor)` of a KerasTensor (tf_keras/src/engine/keras_tensor.py), where it is that of an InputLayer. */
export function strOf(graph: LayerGraph, { call }: Tensor): string {
  const known = printedInput(graph, graph.callees[call] as GraphLayer);
  if (!known) return someTensor;
  const { shape, dtype, name } = known;
  const spec = `TensorSpec(shape=${shape}, dtype=tf.${dtype}, name=${name})`;
  return `KerasTensor(type_spec=${spec}, name=${name}, description="created by layer ${name}")`;
}

/** `repr(tensor)` of the same, as it is printed in a list. */
export function reprOf(graph: LayerGraph, { call }: Tensor): string {
  const known = printedInput(graph, graph.callees[call] as GraphLayer);
  return known
    ? `<KerasTensor: shape=${known.shape} dtype=${known.dtype} (created by layer ${known.name})>`
    : someTensor;
}

/** What is printed of a dense input whose shape and dtype are written down: its name as a literal. */
export function printedInput(
  graph: LayerGraph,
  layer: GraphLayer,
): { readonly shape: string; readonly dtype: string; readonly name: string } | undefined {
  const { load } = graph;
  const { tree } = load;
  const { object, node } = layer;
  if (!object || !derivesFrom(lineageOf(load, object), "InputLayer")) return undefined;
  const config = tree.member(node, "config");
  const shape = tree.member(config, "batch_input_shape");
  const dtype = tree.member(config, "dtype");
  const isSpecial = ["sparse", "ragged"].some((key) => {
    const flag = tree.member(config, key);
    return flag !== NO_NODE && !(tree.kind(flag) === "boolean" && !tree.boolean(flag));
  });
  if (shape === NO_NODE || pythonType(tree, { node: shape }) !== "list" || isSpecial) return undefined;
  if (dtype === NO_NODE || tree.kind(dtype) !== "string") return undefined;
  const parts = elementsOf(tree, shape).map((part) => pythonRepr(tree, { node: part }));
  const printed = parts.length === 1 ? `(${parts[0]},)` : `(${parts.join(", ")})`;
  return { shape: printed, dtype: tree.string(dtype), name: reprString(nameOfLayer(graph, layer)) };
}
