import type { Node } from "../../json/index.ts";
import type { Cause } from "../cause.ts";
import type { PythonError } from "../load.ts";
import type { GraphFacts } from "./graphFacts.ts";
import * as graphMessages from "./graphMessages.ts";
import type { GraphLayer, LayerGraph } from "./layerGraph.ts";
import { lineageOf } from "./lineage.ts";
import type { EndTensor, ModelEnds } from "./modelTensors.ts";

/** Python's recursion limit is 1000; `_build_map` goes one frame deeper with every layer of a chain. */
const chainLimit = 900;

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
  if (built.depth + graph.frame.depth > chainLimit) {
    const reason = `its layers follow one another ${built.depth} deep, so that Python's recursion limit may stop the load`;
    load.unknown(graph.config, graph.config, { reason, names: [] });
    return;
  }
  const taken = new Set(built.calls);
  for (const { call } of inputs) taken.add(call);
  const layers = new Set<GraphLayer>();
  for (const call of taken) layers.add(graph.callees[call] as GraphLayer);
  if (tellSameNames(graph, layers)) return;
  tellDisconnected(graph, ends, built.calls);
}

/** `node.is_input`: it takes no tensor. */
function isInput({ parents }: LayerGraph, call: number): boolean {
  return parents[call]?.length === 0;
}

/** `_build_map`: the nodes from which the outputs come, each behind those that it takes, and the length of the longest way. */
function buildMap({ parents }: LayerGraph, outputs: readonly EndTensor[]): { calls: number[]; depth: number } {
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
function tellSameNames(graph: LayerGraph, layers: ReadonlySet<GraphLayer>): boolean {
  const { tree } = graph.load;
  const named = new Map<string, GraphLayer[]>();
  for (const layer of layers) {
    const own = tree.member(tree.member(layer.node, "config"), "name");
    // Without a name of its own, a layer gets one that is free.
    if (own < 0 || tree.kind(own) !== "string") continue;
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
    const error = graphMessages.nameUsedTwice(name, rest.length + 2);
    const facts: GraphFacts = { model: graph.config, layer: layer.node, named: node };
    graph.load.fail(layer.node, { rule: "duplicate-layer-name", node, error, graph: facts }, graph.frame);
  }
  return told;
}

/** What releases say of inputs that lead nowhere, and of outputs that come from somewhere else. */
function tellDisconnected(graph: LayerGraph, { inputs, outputs }: ModelEnds, calls: readonly number[]): void {
  const { behaviour } = graph.load;
  if (behaviour.connects === "inputs") {
    const used = new Set(graph.parents.flat().map((call) => graph.callees[call]));
    const idle = inputs.find(({ call }) => !used.has(graph.callees[call]));
    if (idle) tellOfTensor(graph, "input_layers", idle, "disconnected-graph", graphMessages.inputsNotConnected());
    return;
  }
  if (behaviour.connects !== "outputs") return;
  const known = new Set(inputs.map(({ call }) => call));
  for (const call of calls) {
    const parents = graph.parents[call] ?? [];
    if (parents.length > 0 && parents.every((parent) => known.has(parent))) known.add(call);
  }
  const loose = outputs.find(({ call }) => !known.has(call));
  if (!loose) return;
  tellOfTensor(graph, "output_layers", loose, "disconnected-graph", graphMessages.outputNotConnected(loose.path));
}

function tellOfTensor(
  graph: LayerGraph,
  ends: "input_layers" | "output_layers",
  { at, call }: EndTensor,
  rule: Cause,
  error: PythonError,
): void {
  const layer = graph.callees[call] as GraphLayer;
  const facts: GraphFacts = { model: graph.config, ends, layer: layer.node, named: layer.name };
  graph.load.fail(graph.config, { rule, node: at, error, graph: facts }, graph.frame);
}

function tellOfEnds(graph: LayerGraph, ends: "input_layers" | "output_layers", error: PythonError): void {
  const node: Node = graph.load.tree.member(graph.config, ends);
  const facts: GraphFacts = { model: graph.config, ends };
  graph.load.fail(graph.config, { rule: "disconnected-graph", node, error, graph: facts }, graph.frame);
}
