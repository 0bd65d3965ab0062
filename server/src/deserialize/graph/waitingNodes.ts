import type { Node } from "../../json/index.ts";
import type { Cause } from "../cause.ts";
import type { PythonError } from "../load.ts";
import { pythonRepr } from "../pythonRepr.ts";
import { isBuilt } from "./builtLayers.ts";
import type { GraphFacts } from "./graphFacts.ts";
import * as graphMessages from "./graphMessages.ts";
import { type Blocked, type GraphLayer, keyOf, type LayerGraph, type Waiting } from "./layerGraph.ts";
import { derivesFrom, lineageOf } from "./lineage.ts";

/** What is to blame for nodes that are never made. */
export interface Culprit {
  readonly rule: Cause;
  /** The layer, and the value that is shown. */
  readonly layer: GraphLayer;
  readonly at: Node;
  readonly facts: GraphFacts;
}

/** Keras tells one. */
const MOST_CULPRITS = 100;
/** Nobody reads on; each is printed whole, with all that stands in its entries. */
const MOST_PRINTED = 50;

/** The layers some of whose nodes were not made, in order. */
export function waitingLayers(graph: LayerGraph): GraphLayer[] {
  return graph.order.filter((layer) => layer.done < layer.entries.length);
}

/**
 * What is wrong with the graph where nodes are never made: layers of one name, references that no node answers, circles. Linear:
 * every layer waits for one other at most.
 */
export function culpritsOf(graph: LayerGraph, waiting: readonly GraphLayer[]): Culprit[] {
  const model = graph.config;
  const duplicates = duplicateNames(graph, waiting);
  if (duplicates.length > 0) return duplicates;
  const culprits: Culprit[] = [];
  const seen = new Map<GraphLayer, GraphLayer>();
  for (const start of waiting) {
    const path: GraphLayer[] = [];
    let layer: GraphLayer | undefined = start;
    while (layer && !seen.has(layer)) {
      seen.set(layer, start);
      path.push(layer);
      layer = waitsFor(layer);
    }
    if (layer && seen.get(layer) === start) culprits.push(circle(graph, path.slice(path.indexOf(layer))));
    const why = start.blocked?.why;
    if (start.blocked && why && isUnanswered(why)) {
      // What refers to its own layer is wrong about the layer, whichever node it names.
      const isOwn = why.never === "node" && why.of === start;
      culprits.push(isOwn ? circle(graph, [start]) : unanswered(model, start, start.blocked));
    }
    if (culprits.length >= MOST_CULPRITS) break;
  }
  return culprits;
}

/** A layer took the place of another one that had nodes to make, or that others refer to. */
export function duplicateNames(graph: LayerGraph, waiting: readonly GraphLayer[]): Culprit[] {
  if (graph.duplicates.length === 0 || waiting.length === 0) return [];
  return graph.duplicates.slice(0, MOST_CULPRITS).map((layer) => ({
    rule: "duplicate-layer-name",
    layer,
    at: layer.name,
    facts: { model: graph.config, layer: layer.node, named: layer.name },
  }));
}

/** No node will ever answer: there is none, or the layer was called without a tensor, and made none. */
function isUnanswered(why: Waiting): boolean {
  return why.never !== undefined || (why.of.computed !== undefined && why.of.done === why.of.entries.length);
}

function waitsFor({ blocked }: GraphLayer): GraphLayer | undefined {
  return blocked && blocked.why.never === undefined ? blocked.why.of : undefined;
}

function circle(graph: LayerGraph, layers: readonly GraphLayer[]): Culprit {
  // The one that stands first in the file refers to what comes behind it.
  let first = layers[0] as GraphLayer;
  for (const layer of layers) if (layer.node < first.node) first = layer;
  const from = layers.indexOf(first);
  const nodes = [...layers.slice(from), ...layers.slice(0, from)].map(({ node }) => node);
  const at = nameOfReference(graph, first);
  return { rule: "cyclic-graph", layer: first, at, facts: { model: graph.config, layer: first.node, circle: nodes } };
}

function nameOfReference(graph: LayerGraph, { blocked, node }: GraphLayer): Node {
  const reference = blocked?.read.references[blocked.position];
  if (reference === undefined) return node;
  return graph.load.tree.kind(reference) === "array" ? graph.load.tree.firstChild(reference) : reference;
}

function unanswered(model: Node, layer: GraphLayer, { why }: Blocked): Culprit {
  const rules = {
    node: "node-index-out-of-range",
    tensor: "tensor-index-out-of-range",
    shape: "malformed-reference",
  } as const;
  const { of, index, count } = why.never === undefined ? { ...why, count: undefined } : why;
  if (of?.computed !== undefined && (why.never ?? "node") === "node")
    return { rule: "malformed-reference", layer: of, at: of.computed, facts: { model, layer: of.node } };
  const facts: GraphFacts = {
    model,
    layer: layer.node,
    ...(of && { named: of.name }),
    ...(index !== undefined && { index }),
    ...(count !== undefined && { count }),
  };
  return { rule: rules[why.never ?? "node"], layer, at: why.at, facts };
}

/** What Keras says of the nodes that are never made, or that it never returns. */
export function loopError(graph: LayerGraph, waiting: readonly GraphLayer[]): PythonError {
  if (!graph.load.behaviour.detectsGraphLoops) return graphMessages.neverReturns();
  const { tree } = graph.load;
  const printed = waiting.slice(0, MOST_PRINTED).map((layer) => {
    const left = layer.entries.slice(layer.done).map((node) => pythonRepr(tree, { node }));
    return `${layerRepr(graph, layer)}: [${left.join(", ")}]`;
  });
  if (waiting.length > MOST_PRINTED) printed.push("…");
  return graphMessages.loopsOrDisconnected(printed.join(", "));
}

/** To 3.6: what it says of the first node that came too early. */
export function earlyError(graph: LayerGraph, { why }: Blocked, nodesThen: number): PythonError {
  const { of, index = 0 } = why;
  if (!of) return graphMessages.listIndexOutOfRange();
  const layer = layerRepr(graph, of, nodesThen);
  const node = graphMessages.nodeRepr(graph.load.behaviour, layer, nameOfLayer(graph, of));
  return graphMessages.nodeIndexOutOfBounds(layer, Array<string>(Math.min(nodesThen, MOST_PRINTED)).fill(node), index);
}

/** `repr(layer)`. */
export function layerRepr(graph: LayerGraph, layer: GraphLayer, nodes = layer.calls.length): string {
  const { load } = graph;
  if (!layer.object) return "<…>";
  const lineage = lineageOf(load, layer.object);
  if (lineage.defines("__repr__") || lineage.defines("__str__")) return "<…>";
  const isLayer = derivesFrom(lineage, "Layer");
  const built = isLayer && (nodes > 0 || layer.computed !== undefined || isBuilt(load, layer.node, layer.object));
  return graphMessages.layerRepr(layer.object, isLayer, nameOfLayer(graph, layer), built);
}

/** `operation.name`: the name in its config, which is rarely not the one under which the model has it. */
export function nameOfLayer({ load: { tree } }: LayerGraph, layer: GraphLayer): string {
  const own = tree.member(tree.member(layer.node, "config"), "name");
  return own >= 0 && tree.kind(own) === "string" ? tree.string(own) : keyOf(tree, layer.name);
}
