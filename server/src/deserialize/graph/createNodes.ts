import { NO_NODE, type Node } from "../../json/index.ts";
import { pythonType, truthy } from "../dict.ts";
import { inner, type Load, type Task } from "../load.ts";
import * as messages from "../messages.ts";
import { pythonRepr } from "../pythonRepr.ts";
import { lookUpKey } from "../retrieve.ts";
import * as graphMessages from "./graphMessages.ts";
import { type Blocked, type GraphLayer, keyOf, type LayerGraph, type Refused } from "./layerGraph.ts";
import { referencesOf } from "./nodeReferences.ts";
import { resolveReference } from "./resolveReference.ts";

/**
 * The first turn of the loop in `functional_from_config` of keras/src/models/functional.py: for each layer in order one task,
 * which makes its nodes until one has to wait.
 */
export function firstTurns(graph: LayerGraph): Task[] {
  return graph.order.map((listed) => () => {
    // Of two layers of one name the last has the turns of both.
    const layer = graph.layers.get(keyOf(graph.load.tree, listed.name)) ?? listed;
    if (layer.done === 0 && !layer.blocked) graph.load.next(entryTasks(graph, layer));
  });
}

/** The turns after it: whoever got what it waited for goes on. Linear in all references: each is looked up when it can be there. */
export function laterTurns(graph: LayerGraph): Task {
  let next = 0;
  const turn = () => {
    for (let layer = graph.ready[next]; layer; layer = graph.ready[next]) {
      next++;
      if (!layer.blocked || !proceed(graph, layer, layer.blocked)) continue;
      if (layer.done === layer.entries.length) continue;
      graph.load.next([...entryTasks(graph, layer), turn]);
      return;
    }
  };
  return turn;
}

/** One task per entry that is not processed yet. */
function entryTasks(graph: LayerGraph, layer: GraphLayer): Task[] {
  const left = layer.done === 0 ? layer.entries : layer.entries.slice(layer.done);
  return left.map((entry) => () => {
    if (layer.blocked) return;
    const make = () => makeNode(graph, layer, entry);
    if (graph.load.tree.kind(entry) === "object") graph.load.next([...argumentTasks(graph, entry), make]);
    else make();
  });
}

/** The args and kwargs of one call, which are deserialized before the layer is called. */
export function argumentTasks({ load, frame }: LayerGraph, entry: Node): Task[] {
  const { tree } = load;
  // They are deserialized without `custom_objects`: these reach here only in a scope.
  const inCall = inner(frame, { calls: 2, handed: frame.nested && frame.handed });
  return ["args", "kwargs"].flatMap((key) => {
    const node = tree.member(entry, key);
    if (node === NO_NODE) return [];
    return [() => void load.keras.deserializeKerasObject(load, { node }, inCall)];
  });
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
  const read = referencesOf(tree, entry);
  lookUp(graph, layer, { read, position: 0, parents: [] });
}

/** Goes on with a node that had to wait. Whether it is made now. */
function proceed(graph: LayerGraph, layer: GraphLayer, { read, position, parents }: Blocked): boolean {
  layer.blocked = undefined;
  return lookUp(graph, layer, { read, position, parents });
}

function lookUp(graph: LayerGraph, layer: GraphLayer, { read, position, parents }: Omit<Blocked, "why">): boolean {
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
  if (plain === undefined || object?.from !== "keras") return undefined;
  const { module, mro } = object.symbol;
  const derives = (name: string) => mro.some(({ qualname }) => qualname === name);
  if (!derives("Layer") || derives("Functional") || module.startsWith("keras.src.layers.preprocessing."))
    return undefined;
  const { tree } = graph.load;
  const text = tree.kind(plain) === "string" ? tree.string(plain) : undefined;
  // The key of a custom object has become that object.
  if (text !== undefined && lookUpKey(graph.load, text, graph.frame)) return undefined;
  const shown = text ?? pythonRepr(tree, { node: plain });
  const error = graphMessages.onlyTensors(shown, pythonType(tree, { node: plain }));
  return { rule: "malformed-reference", error, at: plain };
}

function finishEntry(graph: LayerGraph, layer: GraphLayer, parents: readonly number[]): void {
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
  const rule = "malformed-reference";
  const type = pythonType(tree, { node: entry });
  if (type === "list") return undefined;
  if (type === "str") return { rule, error: messages.textIndexed(), at: entry };
  if (type !== "dict") return { rule, error: messages.typeError(`'${type}' object is not subscriptable`), at: entry };
  const missing = ["args", "kwargs"].find((key) => tree.member(entry, key) === NO_NODE);
  return missing === undefined ? undefined : { rule: "missing-key", error: messages.keyError(missing), at: entry };
}
