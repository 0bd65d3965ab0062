import { NO_NODE, type Node } from "../../../json/index.ts";
import { pythonType } from "../../dict.ts";
import { waitFor } from "../../graph/layerGraph.ts";
import { inner } from "../../load.ts";
import * as messages from "../../messages.ts";
import { callLayer } from "./callLayer.ts";
import { addCall, type ModelGraph, type ModelLayer, type Refused, type Tensor } from "./modelLayers.ts";
import { type NodeData, readNodeData } from "./nodeData.ts";
import { resolveReference } from "./resolveReference.ts";

/** A node of few tensors takes some microseconds. */
const NODES_PER_TASK = 32;
/** More than Python has. */
const PYTHON_FRAMES = 1000;

/**
 * The loop of `reconstruct_from_config` in tf_keras/src/engine/functional.py that makes the nodes: every layer has a turn in each
 * round, in which its nodes are made until one has to wait. Here whoever got what it waited for has the next turn, and it is kept
 * in which round that is. Linear in all references.
 */
export function makeNodes(model: ModelGraph): void {
  const { graph } = model;
  let turns = 0;
  let later = 0;
  let layer: ModelLayer | undefined;
  const proceed = () => {
    for (let made = 0; made < NODES_PER_TASK; ) {
      layer ??= nextLayer();
      if (!layer) return;
      const entry = layer.blocked ? undefined : layer.entries[layer.done];
      if (entry === undefined) layer = undefined;
      else {
        const read = readNodeData(graph.load.tree, entry);
        if (read.isTooDeep) passOver(model, layer, entry);
        else lookUp(model, layer, read, 0, []);
        made++;
      }
    }
    graph.load.next([proceed]);
  };
  const nextLayer = (): ModelLayer | undefined => {
    while (turns < graph.order.length) return graph.order[turns++] as ModelLayer;
    for (let ready = graph.ready[later]; ready; ready = graph.ready[later]) {
      later++;
      const one = ready as ModelLayer;
      const { blocked } = one;
      if (!blocked) continue;
      one.blocked = undefined;
      if (lookUp(model, one, blocked.read, blocked.position, blocked.tensors)) return one;
    }
    return undefined;
  };
  proceed();
}

/** An entry in which Python may run out of its stack: of what comes of it nothing is known. */
function passOver(model: ModelGraph, layer: ModelLayer, entry: Node): void {
  const { graph } = model;
  graph.load.isTooDeep(entry, inner(graph.frame, { calls: PYTHON_FRAMES }));
  graph.broken = true;
  layer.done++;
  addCall(model, layer, [], layer.round);
}

/** `process_node`: looks up what an entry refers to, from a position on, and calls the layer. Whether it does not have to wait. */
function lookUp(model: ModelGraph, layer: ModelLayer, read: NodeData, position: number, tensors: Tensor[]): boolean {
  const { graph } = model;
  const { references, uses } = read;
  let refused = false;
  for (let i = position; i < references.length; i++) {
    const reference = references[i] as Node;
    const use = uses[i] ?? "none";
    // Keras stops at what it refuses; the others are looked up, so that all are told.
    const found = use === "tensor" || use === "argument" ? resolveReference(model, reference, use) : undefined;
    if (!found) {
      const failure = use === "constant" ? refusedConstant(model, reference) : noTensor(model, reference);
      if (failure) {
        refused = true;
        addFailure(model, layer, tensors, failure);
      }
    } else if ("error" in found) {
      refused = true;
      addFailure(model, layer, tensors, found);
    } else if ("call" in found) tensors.push(found);
    else {
      layer.blocked = { read, position: i, parents: [], tensors, why: found };
      waitFor(layer, found);
      return false;
    }
  }
  const outcome = refused ? "node" : callLayer(model, layer, read);
  if (typeof outcome === "object") addFailure(model, layer, tensors, outcome);
  if (outcome === "unknown") graph.broken = true;
  layer.round = roundOf(model, layer, tensors);
  layer.done++;
  addCall(model, layer, handed(read, tensors), layer.round);
  return true;
}

function addFailure(model: ModelGraph, layer: ModelLayer, tensors: readonly Tensor[], failure: Refused): void {
  const round = roundOf(model, layer, tensors);
  model.failures.push({ ...failure, layer, round, place: layer.place, entry: layer.done });
}

/** In which round the next node of a layer can be made: behind its last one, and behind those whose tensors it takes. */
function roundOf({ graph, rounds }: ModelGraph, layer: ModelLayer, tensors: readonly Tensor[]): number {
  let round = layer.round;
  for (const { call } of tensors) {
    const callee = graph.callees[call] as ModelLayer;
    const isLater = callee.place > layer.place;
    round = Math.max(round, (rounds[call] ?? 0) + (isLater ? 1 : 0));
  }
  return round;
}

/** The tensors that the layer is called with: those by position, and those among the arguments of the last of them. */
function handed({ uses, kwargsFrom }: NodeData, tensors: readonly Tensor[]): readonly Tensor[] {
  if (!uses.includes("argument") || uses.length !== tensors.length) return tensors;
  const byPosition = tensors.filter((_, i) => uses[i] === "tensor");
  return byPosition.concat(tensors.filter((_, i) => uses[i] === "argument" && i >= kwargsFrom));
}

/** `input_data.as_list()` of what is no list of three or four. */
function noTensor({ graph }: ModelGraph, at: Node): Refused {
  const type = pythonType(graph.load.tree, { node: at });
  return { rule: "malformed-reference", error: messages.attributeError(type, "as_list"), at };
}

/** `assert input_data[1] == -1` */
function refusedConstant({ graph }: ModelGraph, constant: Node): Refused | undefined {
  const { tree } = graph.load;
  const index = tree.nextSibling(tree.firstChild(constant));
  if (index !== NO_NODE && tree.kind(index) === "number" && tree.number(index) === -1) return undefined;
  return { rule: "malformed-reference", error: { exception: "AssertionError", message: "" }, at: index };
}
