import { NO_NODE, type Node } from "../../json/index.ts";
import { callFailure } from "../build/building.ts";
import { pythonType, truthy } from "../dict.ts";
import { type Frame, inner, type Load } from "../load.ts";
import * as messages from "../messages.ts";
import { pythonRepr } from "../pythonRepr.ts";
import { lookUpKey } from "../retrieve.ts";
import * as graphMessages from "./graphMessages.ts";
import type { Blocked, GraphLayer, LayerGraph, Refused } from "./layerGraph.ts";
import { derivesFrom, lineageOf } from "./lineage.ts";
import { type NodeReferences, referencesOf } from "./nodeReferences.ts";
import { resolveReference } from "./resolveReference.ts";

/** A node of few tensors takes some microseconds. */
const NODES_PER_TASK = 32;

/**
 * The loop of `functional_from_config` in keras/src/models/functional.py that makes the nodes: every layer has a turn, in which its
 * nodes are made until one has to wait; then whoever got what it waited for has another. Linear in all references: each is looked
 * up when it can be there.
 */
export class NodeMaker {
  private readonly graph: LayerGraph;
  private readonly inCall: Frame;
  /** How many layers have had their first turn, and how many of those that got what they waited for their next one. */
  private turns = 0;
  private laterTurns = 0;
  private layer: GraphLayer | undefined;

  constructor(graph: LayerGraph) {
    this.graph = graph;
    this.inCall = callFrame(graph);
  }

  /** Goes on until the arguments of an entry are to be deserialized, behind which it comes back. */
  readonly proceed = (): void => {
    const { graph, inCall } = this;
    const { load } = graph;
    for (let made = 0; made < NODES_PER_TASK; ) {
      if (!this.layer) {
        this.layer = this.nextLayer();
        if (!this.layer) return;
      }
      const { layer } = this;
      const entry = layer.blocked ? undefined : layer.entries[layer.done];
      if (entry === undefined) this.layer = undefined;
      else if (load.tree.kind(entry) === "object") {
        load.next([this.make]);
        deserializeArguments(load, entry, inCall);
        return;
      } else {
        makeNode(graph, layer, entry);
        made++;
      }
    }
    load.next([this.proceed]);
  };

  private readonly make = (): void => {
    const { graph, layer } = this;
    const entry = layer?.entries[layer.done];
    if (layer && entry !== undefined) makeNode(graph, layer, entry);
    this.proceed();
  };

  private nextLayer(): GraphLayer | undefined {
    const { graph } = this;
    while (this.turns < graph.order.length) {
      const listed = graph.order[this.turns++] as GraphLayer;
      // Of two layers of one name the last has the turns of both.
      const layer = graph.duplicates.length === 0 ? listed : (graph.named(listed.name) ?? listed);
      if (layer.done === 0 && !layer.blocked) return layer;
    }
    for (let layer = graph.ready[this.laterTurns]; layer; layer = graph.ready[this.laterTurns]) {
      this.laterTurns++;
      const { blocked } = layer;
      if (!blocked) continue;
      layer.blocked = undefined;
      if (lookUp(graph, layer, blocked.read, blocked.position, blocked.parents)) return layer;
    }
    return undefined;
  }
}

/** Where the arguments of calls are deserialized: without `custom_objects`, which reach there only in a scope. */
export function callFrame({ frame }: LayerGraph): Frame {
  return inner(frame, { calls: 2, handed: frame.nested && frame.handed });
}

/** The args and kwargs of one call, which are deserialized before the layer is called. */
export function deserializeArguments(load: Load, entry: Node, inCall: Frame): void {
  const { tree } = load;
  const args = tree.member(entry, "args");
  const kwargs = tree.member(entry, "kwargs");
  if (kwargs !== NO_NODE && tree.kind(kwargs) !== "null" && tree.firstChild(kwargs) !== NO_NODE) {
    load.next([() => void load.keras.deserializeKerasObject(load, { node: kwargs }, inCall)]);
  }
  if (args !== NO_NODE) load.keras.deserializeKerasObject(load, { node: args }, inCall);
}

/** `process_node`: the layer is called, or has to wait. */
function makeNode(graph: LayerGraph, layer: GraphLayer, entry: Node): void {
  const { tree } = graph.load;
  if (!truthy(tree, { node: entry })) {
    // The layer is called without arguments: what it says of that is its own.
    graph.broken = true;
    finishEntry(graph, layer, []);
    return;
  }
  const refused = refusedEntry(graph.load, entry);
  if (refused) {
    graph.failures.push({ ...refused, layer });
    finishEntry(graph, layer, []);
    return;
  }
  lookUp(graph, layer, referencesOf(tree, entry), 0, []);
}

/** Looks up what an entry refers to, from a position on, and makes its node where all is there. Whether it is. */
function lookUp(
  graph: LayerGraph,
  layer: GraphLayer,
  read: NodeReferences,
  position: number,
  parents: number[],
): boolean {
  const { references, form } = read;
  for (let i = position; i < references.length; i++) {
    const found = resolveReference(graph, references[i] as Node, form);
    if (typeof found === "number") parents.push(found);
    // Keras stops here; the others are looked up, so that all are told.
    else if ("error" in found) graph.failures.push({ ...found, layer });
    else {
      layer.blocked = { read, position: i, parents, why: found };
      noteEarly(graph, layer, layer.blocked);
      if (found.never === undefined) {
        found.of.waiters ??= new Map();
        const others = found.of.waiters.get(found.wants);
        if (others) others.push(layer);
        else found.of.waiters.set(found.wants, [layer]);
      }
      return false;
    }
  }
  const refused = form === "arguments" ? refusedArgument(graph, layer, read.plain) : undefined;
  if (refused) graph.failures.push({ ...refused, layer });
  // Called without a tensor, an operation computes, and makes no node.
  else if (references.length === 0) graph.broken = true;
  finishEntry(graph, layer, parents);
  return true;
}

/** `Layer.__call__` of keras/src/layers/layer.py takes only tensors by position; some of Keras's layers take more. */
function refusedArgument(graph: LayerGraph, { object }: GraphLayer, plain: Node | undefined): Refused | undefined {
  if (plain === undefined || !object) return undefined;
  const lineage = lineageOf(graph.load, object);
  if (!lineage.complete || !derivesFrom(lineage, "Layer") || derivesFrom(lineage, "Functional")) return undefined;
  const own = ["__call__", "from_config", "_allow_non_tensor_positional_args"];
  if (own.some(lineage.defines)) return undefined;
  if (lineage.keras.some(({ module }) => module.startsWith("keras.src.layers.preprocessing."))) return undefined;
  const { tree } = graph.load;
  const text = tree.kind(plain) === "string" ? tree.string(plain) : undefined;
  // The key of a custom object has become that object.
  const custom = text === undefined ? undefined : lookUpKey(graph.load, text, graph.frame);
  if (custom) {
    const found = "found" in custom ? custom.found : undefined;
    if (found?.from !== "workspace" || found.kind === "other") return undefined;
    const isClass = found.kind === "class";
    const shown = isClass ? messages.classRepr(found) : messages.functionRepr(found);
    const error = graphMessages.onlyTensors(shown, isClass ? "type" : "function");
    return { rule: "malformed-reference", error, at: plain };
  }
  const error = graphMessages.onlyTensors(text ?? pythonRepr(tree, { node: plain }), pythonType(tree, { node: plain }));
  return { rule: "malformed-reference", error, at: plain };
}

function finishEntry(graph: LayerGraph, layer: GraphLayer, parents: readonly number[]): void {
  const failure = layer.done === 0 ? callFailure(graph.load, layer.node, layer.object, undefined) : undefined;
  if (failure) {
    const { rule, error, node, name } = failure;
    graph.failures.push({ rule, error, at: node, layer, ...(name !== undefined && { argument: name }) });
  }
  layer.done++;
  graph.addCall(layer, parents);
}

/** To 3.6 Keras raises where a node of `args` and `kwargs` has to wait for another one. */
function noteEarly(graph: LayerGraph, layer: GraphLayer, blocked: Blocked): void {
  const { why, read } = blocked;
  if (!graph.load.behaviour.nodesMustExist || read.form !== "arguments" || why.never === "tensor" || !why.of) return;
  if (why.index === undefined || why.index < 0 || graph.isEarly) return;
  graph.isEarly = true;
  graph.failures.push({ layer, early: blocked, nodesThen: why.of.calls.length });
}

/** What Python says of an entry that is no list and no dict with `args` and `kwargs`. */
function refusedEntry({ tree }: Load, entry: Node): Refused | undefined {
  const type = pythonType(tree, { node: entry });
  if (type === "list") return undefined;
  const missing = ["args", "kwargs"].find((key) => tree.member(entry, key) === NO_NODE);
  if (missing === undefined) return undefined;
  const rule = type === "dict" ? "missing-key" : "malformed-reference";
  return { rule, error: messages.subscriptFails(type, missing), at: entry };
}
