import { NO_NODE, type Node } from "../../json/index.ts";
import type { Cause } from "../cause.ts";
import { hashable, pythonType, text } from "../dict.ts";
import type { PythonError } from "../load.ts";
import * as messages from "../messages.ts";
import { pythonRepr } from "../pythonRepr.ts";
import type { GraphFacts } from "./graphFacts.ts";
import * as graphMessages from "./graphMessages.ts";
import type { GraphLayer, LayerGraph } from "./layerGraph.ts";
import { outputsOf } from "./layerOutputs.ts";
import { derivesFrom, lineageOf } from "./lineage.ts";
import { indexOf, isBeyond } from "./resolveReference.ts";

/** One tensor that a model takes or gives: the number of its node, and where it stands. */
export interface EndTensor {
  readonly call: number;
  readonly at: Node;
  /** Its place among the tensors as Keras names it: `0`, `classes`, or nothing where there is but one. */
  readonly path: string;
}

/** The tensors of `input_layers` and `output_layers`. */
export interface ModelEnds {
  readonly inputs: readonly EndTensor[];
  readonly outputs: readonly EndTensor[];
}

const endKeys = ["input_layers", "output_layers"] as const;
type EndKey = (typeof endKeys)[number];

/**
 * `map_tensors` of `functional_from_config` in keras/src/models/functional.py: the tensors that the model takes and gives, in
 * order; undefined where one of them fails, which an event says. Where layers are `incomplete`, only names are looked up.
 */
export function mapTensors(graph: LayerGraph, incomplete: boolean): ModelEnds | undefined {
  const { load, config } = graph;
  const found: EndTensor[][] = [];
  let failed = false;
  for (const key of endKeys) {
    const ends = load.tree.member(config, key);
    const tensors: EndTensor[] = [];
    if (ends !== NO_NODE && !walk(graph, key, ends, tensors, incomplete)) failed = true;
    found.push(tensors);
  }
  const [inputs = [], outputs = []] = found;
  return failed || incomplete ? undefined : { inputs, outputs };
}

/** Walks one list, dict or tensor; false after a failure of its form. Iterative: lists nest as deep as they like. */
function walk(graph: LayerGraph, key: EndKey, root: Node, into: EndTensor[], incomplete: boolean): boolean {
  const { tree, behaviour } = graph.load;
  let good = true;
  const take = (node: Node, path: string) => {
    const tensor = getTensor(graph, key, node, path, incomplete);
    if (tensor === "failed") good = false;
    else if (tensor) into.push(tensor);
  };
  const fail = (at: Node, error: PythonError) => {
    good = false;
    failEnd(graph, key, at, "malformed-reference", error, {});
  };
  const stack: { node: Node; path: string }[] = [{ node: root, path: "" }];
  for (let item = stack.pop(); item && good; item = stack.pop()) {
    const { node, path } = item;
    const type = pythonType(tree, { node });
    const isTop = node === root;
    if (behaviour.nestsEnds && isLeaf(graph, node)) {
      take(node, path);
      continue;
    }
    if (!behaviour.nestsEnds && !isTop) {
      const count = type === "str" ? [...tree.string(node)].length : tree.childCount(node);
      if (type !== "list" && type !== "str" && type !== "dict") {
        fail(
          node,
          messages.typeError(
            `keras.src.models.functional.functional_from_config.<locals>.get_tensor() argument after * must be an iterable, not ${type}`,
          ),
        );
      } else if (count !== 3) fail(node, graphMessages.getTensorArguments(count));
      else if (type === "list") take(node, path);
      else fail(node, characterError(graph, type === "str" ? tree.string(node) : tree.key(tree.firstChild(node))));
      continue;
    }
    if (type === "str") {
      // Each of its characters is a string again.
      if (tree.string(node) !== "")
        fail(node, behaviour.nestsEnds ? graphMessages.recursion() : graphMessages.getTensorArguments(1));
      continue;
    }
    const notIterated = graphMessages.notIterated(tree, node);
    if (notIterated) {
      fail(node, notIterated);
      continue;
    }
    const children: { node: Node; path: string }[] = [];
    let index = 0;
    for (let child = tree.firstChild(node); child !== NO_NODE; child = tree.nextSibling(child)) {
      const step = type === "dict" ? tree.key(child) : `${index++}`;
      children.push({ node: child, path: path === "" ? step : `${path}.${step}` });
    }
    while (children.length > 0) stack.push(children.pop() as (typeof children)[number]);
  }
  return good;
}

/** `get_tensor` of what is no list, but goes for one of three: the first is a layer's name, and the second no index. */
function characterError(graph: LayerGraph, text: string): PythonError {
  const [name = ""] = text;
  return graph.layers.has(name)
    ? graphMessages.noListIndex("str")
    : graphMessages.noSuchEnd(graph.load.behaviour, name);
}

/** A list of three of which the first is a string. */
function isLeaf({ load: { tree } }: LayerGraph, node: Node): boolean {
  return tree.kind(node) === "array" && tree.childCount(node) === 3 && tree.kind(tree.firstChild(node)) === "string";
}

/** `get_tensor`; undefined where it is not known which node it is. */
function getTensor(
  graph: LayerGraph,
  ends: EndKey,
  triple: Node,
  path: string,
  incomplete: boolean,
): EndTensor | "failed" | undefined {
  const { load } = graph;
  const { tree } = load;
  const name = tree.firstChild(triple);
  const index = tree.nextSibling(name);
  const tensor = tree.nextSibling(index);
  const fail = (at: Node, rule: Cause, error: PythonError, facts: Partial<GraphFacts> = {}) => {
    failEnd(graph, ends, at, rule, error, facts);
    return "failed" as const;
  };
  if (!hashable(tree, { node: name }))
    return fail(name, "malformed-reference", messages.unhashable(pythonType(tree, { node: name })));
  const layer = graph.named(name);
  if (!layer) {
    const printed = text(tree, { node: name }) ?? pythonRepr(tree, { node: name });
    return tellMissing(graph, ends, name, printed);
  }
  // What is no operation is refused before, from 3.9 on; calling it may have failed.
  if (!layer.isOperation && layer.object) {
    if (graph.broken) return "failed";
    const facts = { layer: layer.node, named: name };
    return fail(name, "not-a-layer", graphMessages.noInboundNodes(layer.object), facts);
  }
  if (layer.planned === Number.POSITIVE_INFINITY) return undefined;
  if (incomplete && layer.done < layer.entries.length) return undefined;
  const number = indexOf(graph, index);
  if (typeof number === "string") return fail(index, "malformed-reference", graphMessages.noListIndex(number));
  const { calls } = layer;
  const place = number - (isOffset(graph, layer, number) ? 1 : 0);
  const at = place < 0 ? calls.length + place : place;
  const call = calls[at];
  if (call === undefined) {
    const facts = { named: name, index: number, count: calls.length };
    return fail(index, "node-index-out-of-range", graphMessages.listIndexOutOfRange(), facts);
  }
  const output = indexOf(graph, tensor);
  if (typeof output === "string") return fail(tensor, "malformed-reference", graphMessages.noListIndex(output));
  const count = output === 0 ? undefined : outputsOf(graph, layer, at);
  if (isBeyond(output, count)) {
    const facts = { named: name, index: output, ...(count !== undefined && { count }) };
    return fail(tensor, "tensor-index-out-of-range", graphMessages.listIndexOutOfRange(), facts);
  }
  return { call, at: triple, path };
}

/**
 * Since 3.3, a Functional's own nodes are counted from one. A Model of the workspace is one where its constructor is handed inputs and
 * outputs: then that is read which refers to a node.
 */
function isOffset({ load }: LayerGraph, { object, calls }: GraphLayer, number: number): boolean {
  if (!load.behaviour.countsFunctionalFromOne || !object) return false;
  const lineage = lineageOf(load, object);
  if (derivesFrom(lineage, "Functional")) return true;
  const mayBeOne = object.from === "workspace" && (derivesFrom(lineage, "Model") || !lineage.complete);
  return mayBeOne && number > 0 && number === calls.length && !derivesFrom(lineage, "Sequential");
}

/** Of a layer that is not there, enough was said where another one took its name, or it has none. */
function tellMissing(graph: LayerGraph, ends: EndKey, name: Node, printed: string): "failed" {
  const [duplicate] = graph.duplicates;
  const error = graphMessages.noSuchEnd(graph.load.behaviour, printed);
  if (graph.lacksLayers) return "failed";
  if (duplicate) {
    if (graph.toldDuplicates) return "failed";
    graph.toldDuplicates = true;
    const facts = { model: graph.config, layer: duplicate.node, named: duplicate.name };
    const failure = { rule: "duplicate-layer-name", node: duplicate.name, error, graph: facts } as const;
    graph.load.fail(duplicate.node, failure, graph.frame);
  } else failEnd(graph, ends, name, "unknown-layer-reference", error, { named: name });
  return "failed";
}

function failEnd(
  graph: LayerGraph,
  ends: EndKey,
  at: Node,
  rule: Cause,
  error: PythonError,
  facts: Partial<GraphFacts>,
): void {
  const { load, config, frame } = graph;
  load.fail(config, { rule, node: at, error, graph: { model: config, ends, ...facts } }, frame);
}
