import { NO_NODE, type Node } from "../../json/index.ts";
import type { PythonError } from "../load.ts";
import type { GraphFacts } from "./graphFacts.ts";
import * as graphMessages from "./graphMessages.ts";
import type { GraphLayer, LayerGraph } from "./layerGraph.ts";
import { lineageOf } from "./lineage.ts";
import type { EndTensor, ModelEnds } from "./modelTensors.ts";

/** Python's recursion limit is 1000; `_build_map` goes one frame deeper with every layer of a chain, in Keras 2 too. */
const chainLimit = 900;

/** Whether a chain of so many layers may be deeper than Python goes; an event then says so. */
export function isTooDeep({ load, config, frame }: LayerGraph, depth: number): boolean {
  if (depth + frame.depth <= chainLimit) return false;
  const reason = `its layers follow one another ${depth} deep, so that Python's recursion limit may stop the load`;
  load.unknown(config, config, { reason, names: [] });
  return true;
}

/**
 * `Functional.__init__` and `Function.__init__` (keras/src/models/functional.py, keras/src/ops/function.py): which layers the
 * model has, whether their names differ, and whether its outputs come of its inputs. All that Keras itself wrote passes.
 */
export function createFunction(graph: LayerGraph, ends: ModelEnds): void {
  const { load } = graph;
  // A constructor of the user's own may do anything, and one that cannot be seen.
  const lineage = lineageOf(load, graph.model);
  if (!lineage.complete || lineage.defines("__init__") || lineage.defines("__new__")) return;
  const { inputs, outputs } = ends;
  for (const key of ["input_layers", "output_layers"] as const) {
    if ((key === "input_layers" ? inputs : outputs).length > 0) continue;
    tellOfEnds(graph, key, graphMessages.emptyEnds(key === "input_layers" ? "inputs" : "outputs"));
    return;
  }
  // What stands behind such an input is cloned: of that nothing is said.
  if (inputs.some(({ call }) => !isInput(graph, call))) return;
  const built = buildMap(graph, outputs);
  if (isTooDeep(graph, built.depth)) return;
  if (tellSameNames(graph, ends, built.calls) || tellDisconnected(graph, ends, built.calls)) return;
  warnOfUnreached(graph, ends, built.calls);
}

/** `map_graph` keeps the layers from which the outputs come; the model has no others. */
function warnOfUnreached(graph: LayerGraph, { inputs }: ModelEnds, calls: readonly number[]): void {
  const { load } = graph;
  const kept = new Set<GraphLayer | undefined>();
  for (const call of calls) kept.add(graph.callees[call]);
  for (const { call } of inputs) kept.add(graph.callees[call]);
  for (const layer of graph.order) {
    if (kept.has(layer) || load.tree.kind(layer.name) !== "string") continue;
    const warning = { rule: "unreachable-layer", at: layer.name, name: load.tree.string(layer.name) } as const;
    load.warn(layer.node, warning, graph.frame);
  }
}

/** `node.is_input`: it takes no tensor. */
function isInput({ parents }: LayerGraph, call: number): boolean {
  return parents[call]?.length === 0;
}

/** `_build_map`: the nodes from which the outputs come, each behind those that it takes, and the length of the longest way. */
export function buildMap(
  { parents }: LayerGraph,
  outputs: readonly Pick<EndTensor, "call">[],
): { calls: number[]; depth: number } {
  const calls: number[] = [];
  const seen = new Uint8Array(parents.length);
  const stack: number[] = [];
  const next: number[] = [];
  let depth = 0;
  for (const { call: output } of outputs) {
    if (seen[output] !== 0) continue;
    seen[output] = 1;
    stack.push(output);
    next.push(0);
    while (stack.length > 0) {
      depth = Math.max(depth, stack.length);
      const call = stack[stack.length - 1] as number;
      const step = next[next.length - 1] as number;
      const parent = parents[call]?.[step];
      if (parent === undefined) {
        calls.push(call);
        stack.pop();
        next.pop();
        continue;
      }
      next[next.length - 1] = step + 1;
      if (seen[parent] !== 0) continue;
      seen[parent] = 1;
      stack.push(parent);
      next.push(0);
    }
  }
  return { calls, depth };
}

/** `map_graph` counts the names of all operations; it says so of the first that is not alone. */
export function tellSameNames(
  graph: LayerGraph,
  { inputs }: { readonly inputs: readonly Pick<EndTensor, "call">[] },
  calls: readonly number[],
  usedTwice = graphMessages.nameUsedTwice,
): boolean {
  const { tree } = graph.load;
  const ownName = ({ node }: GraphLayer) => tree.member(tree.member(node, "config"), "name");
  const isUsual = (layer: GraphLayer) => {
    const own = ownName(layer);
    return own !== NO_NODE && tree.raw(own) === tree.raw(layer.name);
  };
  // The names under which the model keeps its layers differ.
  if (graph.duplicates.length === 0 && graph.order.every(isUsual)) return false;
  const layers = new Set<GraphLayer>();
  for (const call of calls) layers.add(graph.callees[call] as GraphLayer);
  for (const { call } of inputs) layers.add(graph.callees[call] as GraphLayer);
  const named = new Map<string, GraphLayer[]>();
  for (const layer of layers) {
    const own = ownName(layer);
    // Without a name of its own, a layer gets one that is free.
    if (own === NO_NODE || tree.kind(own) !== "string") continue;
    const name = tree.string(own);
    const others = named.get(name);
    if (others) others.push(layer);
    else named.set(name, [layer]);
  }
  let told = false;
  for (const [name, [first, second, ...rest]] of named) {
    if (!first || !second) continue;
    told = true;
    const layer = first.node > second.node ? first : second;
    const node = tree.member(tree.member(layer.node, "config"), "name");
    const error = usedTwice(name, rest.length + 2);
    const facts: GraphFacts = { model: graph.config, layer: layer.node, named: node };
    graph.load.fail(layer.node, { rule: "duplicate-layer-name", node, error, graph: facts }, graph.frame);
  }
  return told;
}

/** What releases say of inputs that lead nowhere, and of outputs that come from somewhere else; whether they do. */
function tellDisconnected(graph: LayerGraph, { inputs, outputs }: ModelEnds, calls: readonly number[]): boolean {
  const { behaviour } = graph.load;
  if (behaviour.connects === "inputs") {
    const used = new Set<GraphLayer | undefined>();
    for (const parents of graph.parents) for (const parent of parents) used.add(graph.callees[parent]);
    const idle = inputs.find(({ call }) => !used.has(graph.callees[call]));
    if (idle) tellOfTensor(graph, "input_layers", idle, graphMessages.inputsNotConnected());
    return idle !== undefined;
  }
  if (behaviour.connects !== "outputs") return false;
  const known = new Uint8Array(graph.parents.length);
  for (const { call } of inputs) known[call] = 1;
  for (const call of calls) {
    const parents = graph.parents[call] ?? [];
    if (parents.length > 0 && parents.every((parent) => known[parent] === 1)) known[call] = 1;
  }
  const loose = outputs.find(({ call }) => known[call] === 0);
  if (loose) tellOfTensor(graph, "output_layers", loose, graphMessages.outputNotConnected(loose.path));
  return loose !== undefined;
}

function tellOfTensor(
  graph: LayerGraph,
  ends: "input_layers" | "output_layers",
  { at, call }: EndTensor,
  error: PythonError,
): void {
  const layer = graph.callees[call] as GraphLayer;
  const facts: GraphFacts = { model: graph.config, ends, layer: layer.node, named: layer.name };
  graph.load.fail(graph.config, { rule: "disconnected-graph", node: at, error, graph: facts }, graph.frame);
}

function tellOfEnds(graph: LayerGraph, ends: "input_layers" | "output_layers", error: PythonError): void {
  const node: Node = graph.load.tree.member(graph.config, ends);
  const facts: GraphFacts = { model: graph.config, ends };
  graph.load.fail(graph.config, { rule: "disconnected-graph", node, error, graph: facts }, graph.frame);
}
