import { elementsOf, NO_NODE, type Node } from "../../json/index.ts";
import { childTasks } from "../childTasks.ts";
import { hashable, pythonType, text, truthy } from "../dict.ts";
import { type FoundObject, inner, kindOf, type Load, type PythonError, type Result, type Revival } from "../load.ts";
import * as messages from "../messages.ts";
import { failWithoutConfig, isDictWithModule } from "../missingConfig.ts";
import { pythonRepr } from "../pythonRepr.ts";
import { callFrame, deserializeArguments, NodeMaker } from "./createNodes.ts";
import { createFunction } from "./function.ts";
import * as graphMessages from "./graphMessages.ts";
import { type GraphLayer, LayerGraph } from "./layerGraph.ts";
import { layerTasks } from "./layerTasks.ts";
import { derivesFrom, isCertainlyNo, lineageOf } from "./lineage.ts";
import { mapTensors } from "./modelTensors.ts";
import { culpritsOf, duplicateNames, earlyError, loopError, waitingLayers } from "./waitingNodes.ts";

/**
 * `functional_from_config` of keras/src/models/functional.py: first all layers, then their nodes, each when what it takes is
 * there, then the tensors of the model and the model itself.
 */
export function functionalFromConfig(load: Load, revival: Revival): void {
  const config = revival.config.node;
  const graph = new LayerGraph(load, config, inner(revival.frame, { calls: 2 }), revival.object);
  const tasks = layerTasks(graph, (layer) => processLayer(graph, layer));
  if (!tasks) return;
  tasks.push(new NodeMaker(graph).proceed, () => finish(graph));
  load.next(tasks);
}

/** `process_layer`. */
function processLayer(graph: LayerGraph, node: Node): void {
  const { load, config, frame } = graph;
  const { tree } = load;
  const type = pythonType(tree, { node });
  if (type !== "dict") {
    failLayer(graph, node, messages.subscriptFails(type, "name"));
    if (type === "list")
      load.next(childTasks(load, node, (child) => load.keras.layerFromConfig(load, child, frame, "functional")));
    return;
  }
  const name = tree.member(node, "name");
  if (name === NO_NODE) {
    graph.lacksLayers = graph.broken = true;
    const facts = { model: config, layer: node, key: "name" };
    load.fail(node, { rule: "missing-key", node, error: messages.keyError("name"), graph: facts }, frame);
  }
  if (isDictWithModule(load, node)) {
    graph.lacksLayers = graph.broken = true;
    failWithoutConfig(load, node, messages.notAnOperation(load.behaviour), frame);
    return;
  }
  const behind = load.pending;
  const result = load.keras.layerFromConfig(load, node, frame, "functional");
  addLayer(graph, node, name, result, behind);
}

/**
 * The layer is made: it is kept under its name, and its nodes are to come. What fails does so after all that stands in the layer,
 * `behind` which nothing was to do.
 */
function addLayer(graph: LayerGraph, node: Node, name: Node, result: Result, behind: number): void {
  const { load, config, frame } = graph;
  const { tree, behaviour } = load;
  const object = result.is === "object" ? result.object : undefined;
  if (!object) graph.broken = true;
  const { isInput, isOperation } = object ? kindFor(graph, object) : anyKind;
  if (!isOperation && !behaviour.importsAnyModule && object) {
    const type = kindOf(object) === "function" ? "<class 'function'>" : messages.classRepr(object);
    graph.lacksLayers = graph.broken = true;
    load.nextAfter(behind, () => failLayer(graph, node, graphMessages.notAnOperation(type)));
    return;
  }
  if (name === NO_NODE) return;
  if (!hashable(tree, { node: name })) {
    const error = messages.unhashable(pythonType(tree, { node: name }));
    graph.lacksLayers = graph.broken = true;
    load.nextAfter(behind, () => failAt(graph, node, name, "malformed-reference", error));
    return;
  }
  const inboundNodes = tree.member(node, "inbound_nodes");
  const form = inboundNodes === NO_NODE ? "list" : pythonType(tree, { node: inboundNodes });
  const entries = form === "list" ? elementsOf(tree, inboundNodes) : [];
  const own = isInput ? 1 : 0;
  // Without that key nobody knows how often it is called.
  const planned = inboundNodes === NO_NODE ? Number.POSITIVE_INFINITY : own + entries.length;
  const layer: GraphLayer = {
    node,
    name,
    object,
    isOperation,
    calls: [],
    planned,
    computed: undefined,
    entries,
    done: 0,
    blocked: undefined,
    waiters: undefined,
  };
  graph.add(layer);
  if (own === 1) graph.addCall(layer, []);
  if (inboundNodes === NO_NODE) {
    graph.broken = true;
    const facts = { model: config, layer: node, key: "inbound_nodes" };
    const failure = { rule: "missing-key", node, error: messages.keyError("inbound_nodes"), graph: facts } as const;
    load.nextAfter(behind, () => load.fail(node, failure, frame));
    return;
  }
  // The characters of a text and the keys of a dict are texts, which hold no arguments.
  if ((form === "str" || form === "dict") && truthy(tree, { node: inboundNodes }))
    graph.failures.push({ layer, rule: "malformed-reference", error: messages.textIndexed(), at: inboundNodes });
  const error = graphMessages.notIterated(tree, inboundNodes);
  if (!error) return;
  graph.broken = true;
  load.nextAfter(behind, () => failAt(graph, node, inboundNodes, "malformed-reference", error));
}

interface Kind {
  /** Whether it is an InputLayer, which has a node from the beginning. */
  readonly isInput: boolean;
  /** False where it is certain that it is no layer and no other operation. */
  readonly isOperation: boolean;
}

const anyKind: Kind = { isInput: false, isOperation: true };

function kindFor(graph: LayerGraph, object: FoundObject): Kind {
  if (object.from === "other" || kindOf(object) !== "class")
    return { isInput: false, isOperation: kindOf(object) !== "function" };
  const known = object.from === "keras" ? graph.kinds.get(object.symbol) : undefined;
  if (known) return known;
  const lineage = lineageOf(graph.load, object);
  const isOperation = !isCertainlyNo("Operation", lineage);
  const kind: Kind = { isInput: derivesFrom(lineage, "InputLayer"), isOperation };
  if (object.from === "keras") graph.kinds.set(object.symbol, kind);
  return kind;
}

function failLayer(graph: LayerGraph, node: Node, error: PythonError): void {
  graph.lacksLayers = true;
  failAt(graph, node, node, "not-a-layer", error);
}

function failAt(
  graph: LayerGraph,
  layer: Node,
  node: Node,
  rule: "not-a-layer" | "malformed-reference",
  error: PythonError,
): void {
  graph.broken = true;
  graph.load.fail(layer, { rule, node, error, graph: { model: graph.config, layer } }, graph.frame);
}

/** What becomes of the nodes that were made, and of those that were not. */
function finish(graph: LayerGraph): void {
  const { load } = graph;
  const waiting = waitingLayers(graph);
  const failed = graph.broken || graph.failures.length > 0 || waiting.length > 0;
  tellFailures(graph, waiting);
  if (failed) graph.broken = true;
  const ends = mapTensors(graph, waiting.length > 0);
  if (ends && !graph.broken && !failsOnName(graph)) createFunction(graph, ends);
  // Behind what Keras fails on, the arguments of nodes that were not made are looked at too.
  const inCall = callFrame(graph);
  const tasks = waiting.flatMap((layer) => {
    const left = layer.entries.slice(layer.done + (layer.blocked ? 1 : 0));
    const written = left.filter((entry) => load.tree.kind(entry) === "object");
    return written.map((entry) => () => deserializeArguments(load, entry, inCall));
  });
  if (tasks.length > 0) load.next(tasks);
}

/** `Operation.__init__` of keras/src/ops/operation.py takes a string for the name of a model, or makes one. */
function failsOnName({ load, config, frame, model }: LayerGraph): boolean {
  const { tree } = load;
  const node = tree.member(config, "name");
  const type = pythonType(tree, { node });
  const isName = type === "str" ? !tree.string(node).includes("/") : type === "NoneType";
  const lineage = lineageOf(load, model);
  if (isName || !lineage.complete || ["__init__", "__new__", "from_config"].some(lineage.defines)) return false;
  const error = messages.noName(text(tree, { node }) ?? pythonRepr(tree, { node }), type);
  load.fail(config, { rule: "invalid-argument", node, error, name: "name" }, frame);
  return true;
}

/** Tells what Keras raised over the nodes, in its order, and what it is that others wait for. */
function tellFailures(graph: LayerGraph, waiting: readonly GraphLayer[]): void {
  const { load, config, frame } = graph;
  const named = duplicateNames(graph, [...waiting, ...graph.failures.map(({ layer }) => layer)]);
  let toldWaiting = false;
  for (const failure of graph.failures) {
    if ("early" in failure) {
      toldWaiting = true;
      const error = earlyError(graph, failure.early, failure.nodesThen);
      tellWaiting(graph, waiting, error, failure);
      continue;
    }
    const [culprit] = named;
    // The layer that is not there may be the one whose name another one took.
    if (culprit && failure.rule === "unknown-layer-reference") {
      const { rule, at, facts, layer } = culprit;
      if (!graph.toldDuplicates) load.fail(layer.node, { rule, node: at, error: failure.error, graph: facts }, frame);
      graph.toldDuplicates = true;
      continue;
    }
    const { rule, at, error, layer, argument, unbound, own, named: reference } = failure;
    // What was said of the layer that is not there is enough.
    if (rule === "unknown-layer-reference" && graph.lacksLayers) continue;
    const facts = {
      ...{ model: config, layer: layer.node },
      ...(reference !== undefined && { named: reference }),
      ...(unbound && { unbound }),
    };
    const more = { ...(argument !== undefined && { name: argument }), ...(own && { own }) };
    load.fail(layer.node, { rule, node: at, error, graph: facts, ...more }, frame);
  }
  if (waiting.length > 0 && !toldWaiting) tellWaiting(graph, waiting, loopError(graph, waiting), undefined);
}

function tellWaiting(
  graph: LayerGraph,
  waiting: readonly GraphLayer[],
  error: PythonError,
  early:
    | { readonly layer: GraphLayer; readonly early: { readonly why: { readonly at: Node; readonly of?: GraphLayer } } }
    | undefined,
): void {
  const culprits = graph.toldDuplicates ? [] : culpritsOf(graph, waiting);
  for (const { rule, layer, at, facts } of culprits)
    graph.load.fail(layer.node, { rule, node: at, error, graph: facts }, graph.frame);
  if (culprits[0]?.rule === "duplicate-layer-name") graph.toldDuplicates = true;
  if (culprits.length > 0 || graph.toldDuplicates || !early) return;
  // All of them can be made, in another order than that of the file.
  const { layer } = early;
  const { of, at } = early.early.why;
  const facts = { model: graph.config, layer: layer.node, ...(of && { named: of.name }) };
  graph.load.fail(layer.node, { rule: "layer-order", node: at, error, graph: facts }, graph.frame);
}
