import type { Node } from "../../../json/index.ts";
import { pythonType } from "../../dict.ts";
import type { GraphFacts } from "../../graph/graphFacts.ts";
import * as graphMessages from "../../graph/graphMessages.ts";
import { inner } from "../../load.ts";
import * as messages from "../../messages.ts";
import * as own from "./graphMessages.ts";
import { layerOf, type ModelGraph, type Refused, type Tensor } from "./modelLayers.ts";
import { isWrapped, leavesOf } from "./nodeData.ts";
import { nodeOf, tensorOf } from "./resolveReference.ts";

/** A tensor that a model takes or gives, and where it stands. */
export interface EndTensor extends Tensor {
  readonly at: Node;
}

/** The tensors of `input_layers` and `output_layers`. */
export interface ModelEnds {
  readonly inputs: readonly EndTensor[];
  readonly outputs: readonly EndTensor[];
}

type EndKey = "input_layers" | "output_layers";

/**
 * The end of `reconstruct_from_config` in tf_keras/src/engine/functional.py: the tensors that the model takes and gives, in order;
 * undefined where one of them fails, which an event says. Where layers are `incomplete`, only names are looked up.
 */
export function mapTensors(model: ModelGraph, incomplete: boolean): ModelEnds | undefined {
  const inputs = endsOf(model, "input_layers", incomplete);
  const outputs = endsOf(model, "output_layers", incomplete);
  return inputs && outputs && { inputs, outputs };
}

function endsOf(model: ModelGraph, key: EndKey, incomplete: boolean): EndTensor[] | undefined {
  const { load, config, frame } = model.graph;
  const root = load.tree.member(config, key);
  const { leaves, isTooDeep } = leavesOf(load.tree, root);
  if (isTooDeep) {
    load.isTooDeep(root, inner(frame, { calls: 1000 }));
    return undefined;
  }
  const found: EndTensor[] = [];
  for (const at of leaves) {
    const tensor = endTensor(model, at, incomplete);
    if (tensor && "error" in tensor) tell(model, key, tensor);
    else if (tensor) found.push({ ...tensor, at });
  }
  return found.length === leaves.length ? found : undefined;
}

/** One tensor; undefined where it is not known, or is told already. */
function endTensor(model: ModelGraph, at: Node, incomplete: boolean): Tensor | Refused | undefined {
  const { graph } = model;
  const { tree } = graph.load;
  const refusal = (error: Refused["error"], where = at): Refused => ({ rule: "malformed-reference", error, at: where });
  if (!isWrapped(tree, at)) return refusal(messages.attributeError(pythonType(tree, { node: at }), "as_list"));
  if (tree.childCount(at) === 4) return refusal(own.notUnpacked());
  const name = tree.firstChild(at);
  const index = tree.nextSibling(name);
  const layer = layerOf(model, name);
  if (!layer) return missing(model, name);
  if (layer.planned === Number.POSITIVE_INFINITY || (incomplete && layer.done < layer.entries.length)) return undefined;
  const node = nodeOf(model, layer, index);
  if (typeof node === "object") {
    if ("error" in node) return node;
    // `get_node_index` gives None, and that is no index.
    const error = graphMessages.noListIndex("NoneType");
    if (node.index === undefined) return refusal(error, index);
    const facts = { named: name, index: node.index, count: layer.calls.length };
    return { rule: "node-index-out-of-range", error, at: index, facts };
  }
  if (layer.calls.length === 0) return undefined;
  const tensor = tensorOf(model, layer, node, tree.nextSibling(index), "tensor");
  return "never" in tensor || "wants" in tensor ? undefined : tensor;
}

/** Of a layer that is not there, enough was said where another one took its name, or it has none. */
function missing({ graph }: ModelGraph, name: Node): Refused | undefined {
  const [duplicate] = graph.duplicates;
  if (graph.lacksLayers || (duplicate && graph.toldDuplicates)) return undefined;
  if (!duplicate) return { rule: "unknown-layer-reference", error: own.assertion(), at: name, facts: { named: name } };
  graph.toldDuplicates = true;
  const facts: Partial<GraphFacts> = { layer: duplicate.node, named: duplicate.name };
  return { rule: "duplicate-layer-name", error: own.assertion(), at: duplicate.name, facts };
}

function tell({ graph }: ModelGraph, ends: EndKey, { rule, error, at, facts, identifier }: Refused): void {
  const { load, config, frame } = graph;
  const isOfLayer = facts?.layer !== undefined;
  const known = { model: config, ...(!isOfLayer && { ends }), ...facts };
  const named = identifier === undefined ? { graph: known } : { lookedUp: identifier, name: identifier };
  load.fail(facts?.layer ?? config, { rule, node: at, error, ...named }, frame);
}
