import type { Node } from "../../../json/index.ts";
import { buildMap, isTooDeep, tellSameNames } from "../../graph/function.ts";
import type { GraphFacts } from "../../graph/graphFacts.ts";
import type { GraphLayer } from "../../graph/layerGraph.ts";
import { lineageOf } from "../../graph/lineage.ts";
import { nameOfLayer } from "../../graph/waitingNodes.ts";
import type { PythonError } from "../../load.ts";
import * as messages from "../../messages.ts";
import * as own from "./graphMessages.ts";
import type { ModelGraph, ModelLayer, Tensor } from "./modelLayers.ts";
import type { EndTensor, ModelEnds } from "./modelTensors.ts";
import { reprOf, strOf } from "./printedTensors.ts";

/**
 * `Functional.__init__` of tf_keras/src/engine/functional.py: whether the outputs come of the inputs, and whether the names of the
 * layers differ; then `connect_ancillary_layers`, which wants layers.
 */
export function createModel(model: ModelGraph, ends: ModelEnds): void {
  const { graph } = model;
  if (model.isInexact) {
    // Of its nodes too little is known.
    tellBare(model);
    return;
  }
  const { load } = graph;
  // A constructor of the user's own may do anything, and one that cannot be seen.
  const lineage = lineageOf(load, graph.model);
  if (!lineage.complete || lineage.defines("__init__") || lineage.defines("__new__")) return;
  const isPlain = ends.inputs.every(({ call }) => isInput(model, call));
  if (!isPlain) {
    // The nodes from such inputs on are made once more, on inputs of their own.
    if (tellUnreached(model, ends)) return;
  } else if (tellSameInputs(model, ends.inputs)) return;
  const { calls, depth } = buildMap(graph, ends.outputs);
  if (isTooDeep(graph, depth)) return;
  if (isPlain && tellDisconnected(model, ends, calls)) return;
  if (isPlain && tellSameNames(graph, ends, calls, own.nameUsedTwice)) return;
  tellBare(model);
}

/** `node.is_input`: it is that of an InputLayer. */
function isInput({ graph, inputs }: ModelGraph, call: number): boolean {
  const layer = graph.callees[call] as ModelLayer;
  return layer.hasOneNode && inputs[call]?.length === 0;
}

function keyOf({ call, index }: Tensor): string {
  return `${call}:${index}`;
}

/** `_validate_graph_inputs_and_outputs`. */
function tellSameInputs(model: ModelGraph, inputs: readonly EndTensor[]): boolean {
  const seen = new Set<string>();
  for (const input of inputs) {
    if (seen.has(keyOf(input))) {
      const { graph } = model;
      const error = own.sameInputs(inputs.map((one) => reprOf(graph, one)));
      const { name } = graph.callees[input.call] as GraphLayer;
      tell(model, "malformed-reference", input.at, error, { ends: "input_layers", named: name });
      return true;
    }
    seen.add(keyOf(input));
  }
  return false;
}

/** `find_nodes_by_inputs_and_outputs` of tf_keras/src/engine/functional_utils.py: from the outputs back to the inputs. */
function tellUnreached(model: ModelGraph, { inputs, outputs }: ModelEnds): boolean {
  const { graph } = model;
  const wanted = new Set(inputs.map(keyOf));
  const found = new Set<string>();
  const seen = new Set<number>();
  const queue = outputs.map(({ call }) => call);
  for (let next = 0; next < queue.length; next++) {
    const call = queue[next] as number;
    if (seen.has(call)) continue;
    seen.add(call);
    for (const tensor of model.inputs[call] ?? []) {
      if (wanted.has(keyOf(tensor))) found.add(keyOf(tensor));
      else if (isInput(model, tensor.call)) {
        const layer = graph.callees[call] as GraphLayer;
        tellLoose(model, own.unreachable(strOf(graph, tensor)), layer, tensor);
        return true;
      } else queue.push(tensor.call);
    }
  }
  const idle = inputs.filter((one) => !found.has(keyOf(one)));
  const [first] = idle;
  if (!first) {
    // `_init_graph_network` asserts that an input is the first of its node; where that node is made again, it is none.
    const again = inputs.find(({ call }) => seen.has(call) && !isInput(model, call));
    if (again) tell(model, "malformed-reference", again.at, own.assertion(), { ends: "input_layers" });
    return again !== undefined;
  }
  const { name } = graph.callees[first.call] as GraphLayer;
  const error = own.unvisited(idle.map((one) => reprOf(model.graph, one)));
  tell(model, "disconnected-graph", first.at, error, { ends: "input_layers", named: name });
  return true;
}

/** `_map_graph_network`: whether all that the nodes take can be computed of the inputs, the farthest from the outputs first. */
function tellDisconnected(model: ModelGraph, { inputs }: ModelEnds, calls: readonly number[]): boolean {
  const { graph } = model;
  const computable = new Uint8Array(graph.parents.length);
  for (const { call } of inputs) computable[call] = 1;
  const before: string[] = [];
  for (const call of byDepth(model, inputs, calls)) {
    const layer = graph.callees[call] as ModelLayer;
    if (isInput(model, call)) continue;
    const missing = model.inputs[call]?.find((tensor) => computable[tensor.call] === 0);
    if (missing) {
      tellLoose(model, own.disconnected(strOf(graph, missing), nameOfLayer(graph, layer), before), layer, missing);
      return true;
    }
    computable[call] = 1;
    before.push(nameOfLayer(graph, layer));
  }
  return false;
}

/** The nodes by their depth, which is that of their layer at least; of one depth in the order in which it was set first. */
function byDepth({ graph }: ModelGraph, inputs: readonly EndTensor[], calls: readonly number[]): number[] {
  const { callees, parents } = graph;
  const depths = new Int32Array(parents.length).fill(-1);
  const order: number[] = [];
  const deepen = (call: number, depth: number) => {
    if (depths[call] === -1) order.push(call);
    depths[call] = Math.max(depth, depths[call] as number);
  };
  const ofLayers = new Map<GraphLayer, number>();
  for (let i = calls.length - 1; i >= 0; i--) {
    const call = calls[i] as number;
    const layer = callees[call] as GraphLayer;
    deepen(call, ofLayers.get(layer) ?? 0);
    const depth = depths[call] as number;
    ofLayers.set(layer, depth);
    for (const parent of parents[call] ?? []) deepen(parent, depth + 1);
  }
  for (const { call } of inputs) if (!ofLayers.has(callees[call] as GraphLayer)) deepen(call, 0);
  const levels: number[][] = [];
  for (const call of order) {
    const depth = depths[call] as number;
    levels[depth] ??= [];
    levels[depth]?.push(call);
  }
  return levels.reverse().flat();
}

/** `connect_ancillary_layers` asks all layers for their nodes where one of them is not in the model. */
function tellBare({ graph }: ModelGraph): void {
  for (const one of graph.order) {
    const { bare, node } = one as ModelLayer;
    if (!bare) continue;
    const { at, shown, type } = bare;
    const error = messages.attributeError(type, "inbound_nodes");
    graph.load.fail(node, { rule: "unknown-layer", node: at, error, lookedUp: shown, name: shown }, graph.frame);
    return;
  }
}

/** A tensor of an InputLayer that is none of the model's inputs. */
function tellLoose(model: ModelGraph, error: PythonError, layer: GraphLayer, tensor: Tensor): void {
  const { graph } = model;
  const { name } = graph.callees[tensor.call] as GraphLayer;
  const at = graph.load.tree.member(graph.config, "input_layers");
  tell(model, "disconnected-graph", at, error, { layer: layer.node, named: name });
}

function tell(
  { graph }: ModelGraph,
  rule: "disconnected-graph" | "malformed-reference",
  node: Node,
  error: PythonError,
  facts: Partial<GraphFacts>,
): void {
  graph.load.fail(graph.config, { rule, node, error, graph: { model: graph.config, ...facts } }, graph.frame);
}
