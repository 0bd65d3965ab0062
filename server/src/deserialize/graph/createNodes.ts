import { NO_NODE, type Node } from "../../json/index.ts";
import { callFailure } from "../building/layers.ts";
import { pythonType, truthy } from "../dict.ts";
import { type Frame, inner, type Load } from "../load.ts";
import * as messages from "../messages.ts";
import { foundSince } from "../objectRepr.ts";
import { type CallOutcome, callLayer, callWithoutArguments, leafOf } from "./layerCall.ts";
import {
  type Blocked,
  type Call,
  type GraphLayer,
  type LayerGraph,
  type Leaf,
  type Refused,
  refusedBy,
  waitFor,
} from "./layerGraph.ts";
import { referencesOf } from "./nodeReferences.ts";
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
  /** How many events there were before the arguments of the entry were deserialized. */
  private events = 0;

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
        this.events = load.events.length;
        load.next([this.make]);
        deserializeArguments(load, entry, inCall);
        return;
      } else {
        makeNode(graph, layer, entry, load.events.length);
        made++;
      }
    }
    load.next([this.proceed]);
  };

  private readonly make = (): void => {
    const { graph, layer } = this;
    const entry = layer?.entries[layer.done];
    if (layer && entry !== undefined) makeNode(graph, layer, entry, this.events);
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

const noLeaves: readonly Leaf[] = [];

function leavesOf(graph: LayerGraph, others: readonly Node[], since: number): Leaf[] {
  const found = foundSince(graph.load, since);
  return others.map((node) => leafOf(graph, node, found));
}

/** `process_node`: the layer is called, or has to wait. What its arguments have become are events from `since` on. */
function makeNode(graph: LayerGraph, layer: GraphLayer, entry: Node, since: number): void {
  const { tree } = graph.load;
  if (!truthy(tree, { node: entry })) {
    finishEntry(graph, layer, callWithoutArguments(graph, layer, entry), [], entry);
    return;
  }
  const refused = refusedEntry(graph.load, entry);
  if (refused) {
    graph.failures.push({ ...refused, layer });
    finishEntry(graph, layer, "node", [], entry);
    return;
  }
  const read = referencesOf(tree, entry);
  const leaves = read.others.length === 0 ? noLeaves : leavesOf(graph, read.others, since);
  lookUp(graph, layer, { ...read, entry, leaves }, 0, []);
}

/** Looks up what an entry refers to, from a position on, and makes its node where all is there. Whether it is. */
function lookUp(graph: LayerGraph, layer: GraphLayer, read: Call, position: number, parents: number[]): boolean {
  const { references, form } = read;
  for (let i = position; i < references.length; i++) {
    const found = resolveReference(graph, references[i] as Node, form);
    if (typeof found === "number") parents.push(found);
    // Keras stops here; the others are looked up, so that all are told.
    else if ("error" in found) graph.failures.push({ ...found, layer });
    else {
      layer.blocked = { read, position: i, parents, why: found };
      noteEarly(graph, layer, layer.blocked);
      waitFor(layer, found);
      return false;
    }
  }
  const outcome = callLayer(graph, layer, read);
  finishEntry(graph, layer, outcome, parents, read.leaves[0]?.at ?? read.entry);
  return true;
}

/** The layer was called, after which it has one more node, or none. */
function finishEntry(
  graph: LayerGraph,
  layer: GraphLayer,
  outcome: CallOutcome,
  parents: readonly number[],
  at: Node,
): void {
  const entry = layer.entries[layer.done];
  const failure = layer.done === 0 ? callFailure(graph.load, layer.node, layer.object, undefined, entry) : undefined;
  layer.done++;
  if (typeof outcome === "object") graph.failures.push({ ...outcome, layer });
  else if (failure) graph.failures.push({ ...refusedBy(failure), layer });
  if (outcome === "nothing") {
    layer.planned--;
    layer.computed ??= at;
    return;
  }
  if (outcome === "unknown") graph.broken = true;
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
