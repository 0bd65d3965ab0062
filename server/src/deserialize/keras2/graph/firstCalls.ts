import type { Node } from "../../../json/index.ts";
import { layerOf, type ModelGraph, type ModelLayer } from "./modelLayers.ts";
import { isWrapped, leavesOf, readNodeData } from "./nodeData.ts";

/**
 * Where it is not known of a layer whether it counts its calls from 0 or from 1 (a model of the workspace may be a Functional), its
 * references tell: one to 0, or one to the number of its calls. Of a model that Keras loads, no other can be there.
 */
export function inferFirstCalls(model: ModelGraph): void {
  const { graph } = model;
  const { load, config } = graph;
  // Few models hold such a layer.
  if (graph.order.every((layer) => (layer as ModelLayer).first !== undefined)) return;
  for (const { entries } of graph.order) {
    for (const entry of entries) {
      const { references, uses } = readNodeData(load.tree, entry);
      for (const [i, reference] of references.entries())
        if (uses[i] === "tensor" || uses[i] === "argument") infer(model, reference);
    }
  }
  for (const ends of ["input_layers", "output_layers"]) {
    for (const leaf of leavesOf(load.tree, load.tree.member(config, ends)).leaves)
      if (isWrapped(load.tree, leaf)) infer(model, leaf);
  }
}

function infer(model: ModelGraph, reference: Node): void {
  const { tree } = model.graph.load;
  const name = tree.firstChild(reference);
  const layer = layerOf(model, name);
  if (layer?.first !== undefined || !layer) return;
  const index = tree.nextSibling(name);
  if (tree.kind(index) !== "number") return;
  if (tree.number(index) === 0) layer.first = 0;
  else if (tree.number(index) === layer.entries.length) layer.first = 1;
}
