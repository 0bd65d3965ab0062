import { NO_NODE, type Node } from "../../../json/index.ts";
import type { Cause } from "../../cause.ts";
import { hashable, pythonType, truthy } from "../../dict.ts";
import * as graphMessages from "../../graph/graphMessages.ts";
import { LayerGraph } from "../../graph/layerGraph.ts";
import { layerTasks } from "../../graph/layerTasks.ts";
import { derivesFrom, isCertainlyNo, lineageOf } from "../../graph/lineage.ts";
import { culpritsOf, duplicateNames, waitingLayers } from "../../graph/waitingNodes.ts";
import { type FoundObject, inner, kindOf, type Load, type PythonError, type Result, type Revival } from "../../load.ts";
import * as messages from "../../messages.ts";
import { layerFromConfig } from "../layers.ts";
import { bareOf } from "../leftInPlace.ts";
import { createModel } from "./createModel.ts";
import { inferFirstCalls } from "./firstCalls.ts";
import { makeNodes } from "./makeNodes.ts";
import { addCall, firstCall, layerOf, type ModelGraph, type ModelLayer, type TimedFailure } from "./modelLayers.ts";
import { mapTensors } from "./modelTensors.ts";
import { isWrapped } from "./nodeData.ts";

/**
 * `Functional.from_config` of tf_keras/src/engine/training.py and `reconstruct_from_config` of its functional.py: first all layers,
 * then their nodes, each when what it takes is there, then the tensors of the model and the model itself.
 */
export function functionalFromConfig(load: Load, revival: Revival): void {
  const config = revival.config.node;
  const graph = new LayerGraph(load, config, inner(revival.frame, { calls: 2 }), revival.object);
  const model: ModelGraph = { graph, inputs: [], rounds: [], failures: [], isInexact: false };
  const tasks = layerTasks(graph, (layer) => processLayer(model, layer));
  if (!tasks) return;
  tasks.push(
    () => inferFirstCalls(model),
    () => makeNodes(model),
    () => finish(model),
  );
  load.next(tasks);
}

/** `process_layer`. */
function processLayer(model: ModelGraph, node: Node): void {
  const { graph } = model;
  const { load } = graph;
  const { tree } = load;
  const type = pythonType(tree, { node });
  if (type !== "dict") {
    graph.lacksLayers = true;
    failAt(model, node, node, "not-a-layer", messages.subscriptFails(type, "name"));
    return;
  }
  const name = tree.member(node, "name");
  const isHashable = name !== NO_NODE && hashable(tree, { node: name });
  if (name === NO_NODE) failWithoutKey(model, node, "name");
  else if (!isHashable)
    failAt(model, node, name, "malformed-reference", messages.unhashable(pythonType(tree, { node: name })));
  if (!isHashable) graph.lacksLayers = true;
  const known = isHashable ? layerOf(model, name) : undefined;
  const behind = load.pending;
  // What has the name of another layer is not made: it is that layer once more.
  const result = known ? undefined : layerFromConfig(load, node, graph.frame, "functional");
  if (!isHashable) return;
  const layer = known ?? addLayer(model, node, name, result);
  if (known) graph.duplicates.push({ ...known, node, name });
  addEntries(model, layer, node, behind);
}

/** The layer is made, and kept under its name. */
function addLayer(model: ModelGraph, node: Node, name: Node, result: Result | undefined): ModelLayer {
  const { graph } = model;
  const { load } = graph;
  const object = result?.is === "object" ? result.object : undefined;
  const bare = result && bareOf(load, node, result);
  const hasFailed = !object && !bare;
  if (hasFailed) graph.broken = true;
  const { isInput, isOperation } = object ? kindFor(model, object) : { isInput: false, isOperation: !bare };
  const layer: ModelLayer = {
    node,
    name,
    object,
    bare,
    isOperation,
    entries: [],
    calls: [],
    computed: undefined,
    hasOneNode: isInput || hasFailed,
    first: firstCall(graph, node, object),
    place: graph.order.length,
    planned: 0,
    done: 0,
    round: 0,
    blocked: undefined,
    waiters: undefined,
  };
  graph.add(layer);
  if (layer.hasOneNode) {
    layer.planned = 1;
    addCall(model, layer, [], 0);
  }
  return layer;
}

/** `layer_data["inbound_nodes"]` and what is in it. What fails does so after all that stands in the layer, `behind` which nothing was to do. */
function addEntries(model: ModelGraph, layer: ModelLayer, node: Node, behind: number): void {
  const { load } = model.graph;
  const { tree } = load;
  const inboundNodes = tree.member(node, "inbound_nodes");
  if (inboundNodes === NO_NODE) {
    // Nobody knows how often it is called.
    layer.planned = Number.POSITIVE_INFINITY;
    model.graph.broken = true;
    load.nextAfter(behind, () => failWithoutKey(model, node, "inbound_nodes"));
    return;
  }
  const fail = (error: PythonError) => {
    model.graph.broken = true;
    load.nextAfter(behind, () => failAt(model, node, inboundNodes, "malformed-reference", error));
  };
  const type = pythonType(tree, { node: inboundNodes });
  if (isWrapped(tree, inboundNodes)) fail(messages.typeError("'ListWrapper' object is not iterable"));
  else if (type === "list") {
    for (let entry = tree.firstChild(inboundNodes); entry !== NO_NODE; entry = tree.nextSibling(entry)) {
      layer.entries.push(entry);
      layer.planned++;
    }
  } else if ((type === "str" || type === "dict") && truthy(tree, { node: inboundNodes })) {
    // What it holds are the characters of a text, or the keys of a dict.
    fail(messages.attributeError("str", "as_list"));
  } else {
    const error = graphMessages.notIterated(tree, inboundNodes);
    if (error) fail(error);
  }
}

function kindFor({ graph }: ModelGraph, object: FoundObject): { isInput: boolean; isOperation: boolean } {
  if (object.from === "other" || kindOf(object) !== "class")
    return { isInput: false, isOperation: kindOf(object) !== "function" };
  const known = object.from === "keras" ? graph.kinds.get(object.symbol) : undefined;
  if (known) return known;
  const lineage = lineageOf(graph.load, object);
  const isInput = derivesFrom(lineage, "InputLayer");
  const kind = { isInput, isOperation: !isCertainlyNo("Layer", lineage) };
  if (object.from === "keras") graph.kinds.set(object.symbol, kind);
  return kind;
}

function failWithoutKey({ graph }: ModelGraph, layer: Node, key: string): void {
  const { load, config, frame } = graph;
  graph.broken = true;
  const facts = { model: config, layer, key };
  load.fail(layer, { rule: "missing-key", node: layer, error: messages.keyError(key), graph: facts }, frame);
}

function failAt({ graph }: ModelGraph, layer: Node, node: Node, rule: Cause, error: PythonError): void {
  graph.broken = true;
  graph.load.fail(layer, { rule, node, error, graph: { model: graph.config, layer } }, graph.frame);
}

/** What becomes of the nodes that were made, and of those that were not. */
function finish(model: ModelGraph): void {
  const { graph } = model;
  const waiting = waitingLayers(graph);
  tellFailures(model);
  const culprits = graph.toldDuplicates ? [] : culpritsOf(graph, waiting);
  for (const { rule, layer, at, facts } of culprits)
    graph.load.fail(layer.node, { rule, node: at, error: graphMessages.neverReturns(), graph: facts }, graph.frame);
  if (culprits[0]?.rule === "duplicate-layer-name") graph.toldDuplicates = true;
  if (model.failures.length > 0 || waiting.length > 0) graph.broken = true;
  const ends = mapTensors(model, waiting.length > 0);
  if (ends && !graph.broken) createModel(model, ends);
}

/** Tells what Keras raises over the nodes, in its order. */
function tellFailures({ graph, failures }: ModelGraph): void {
  const { load, config, frame } = graph;
  const [culprit] = duplicateNames(
    graph,
    failures.map(({ layer }) => layer),
  );
  for (const failure of failures.toSorted(inTime)) {
    const { rule, layer, at, error, facts, identifier, argument, own } = failure;
    const isMissing = rule === "unknown-layer-reference";
    // What was said of the layer that is not there is enough.
    if (isMissing && graph.lacksLayers) continue;
    // The layer that is not there may be the one whose name another one took.
    if (culprit && isMissing) {
      const failed = { rule: culprit.rule, node: culprit.at, error, graph: culprit.facts };
      if (!graph.toldDuplicates) load.fail(culprit.layer.node, failed, frame);
      graph.toldDuplicates = true;
      continue;
    }
    const known = { model: config, layer: layer.node, ...facts };
    const named =
      identifier !== undefined
        ? { lookedUp: identifier, name: identifier }
        : argument !== undefined
          ? { name: argument }
          : { graph: known };
    load.fail(layer.node, { rule, node: at, error, ...named, ...(own && { own }) }, frame);
  }
}

function inTime(a: TimedFailure, b: TimedFailure): number {
  return a.round - b.round || a.place - b.place || a.entry - b.entry;
}
