import { elementsOf, NO_NODE, type Node, type ValueTree } from "../../json/index.ts";
import { childTasks } from "../childTasks.ts";
import { hashable, pythonType } from "../dict.ts";
import { type Frame, inner, type Load, type PythonError, type Revival, type Task } from "../load.ts";
import * as messages from "../messages.ts";
import { layerFromConfig } from "./layers.ts";
import { type Bare, bareOf, leftAsName } from "./leftInPlace.ts";

/** A layer of which Keras has nothing but the name of its class. */
interface BareLayer extends Bare {
  readonly layer: Node;
}

/** `reconstruct_from_config` of tf_keras/src/engine/functional.py: makes all layers, and then calls them. */
export function functionalFromConfig(load: Load, revival: Revival): void {
  const { tree } = load;
  const config = revival.config.node;
  const layers = tree.member(config, "layers");
  if (tree.kind(layers) !== "array") return;
  const frame = inner(revival.frame, { calls: 2 });
  const created = new Set<string>();
  const bare = new Map<string, BareLayer>();
  const start = load.events.length;
  const tasks: Task[] = childTasks(load, layers, (layer) => {
    const name = layerName(load, layer, frame);
    if (name === undefined || !created.has(name)) {
      if (name !== undefined) created.add(name);
      const left = bareOf(load, layer, layerFromConfig(load, layer, frame, "functional"));
      if (left) bare.set(name ?? "", { ...left, layer });
    }
    load.next([() => failWithoutKey(load, layer, "inbound_nodes", frame)]);
  });
  tasks.push(() => {
    const stops = load.events.slice(start).some(({ kind }) => kind === "failed");
    if (!stops && bare.size > 0) callLayers(load, config, bare, frame);
  });
  load.next(tasks);
}

/** `layer_data["name"]`, and whether it is among the layers that are made; undefined where it is no string, or fails. */
function layerName(load: Load, layer: Node, frame: Frame): string | undefined {
  const { tree } = load;
  if (failWithoutKey(load, layer, "name", frame)) return undefined;
  const name = tree.member(layer, "name");
  if (hashable(tree, { node: name })) return tree.kind(name) === "string" ? tree.string(name) : undefined;
  const error = messages.unhashable(pythonType(tree, { node: name }));
  load.fail(layer, { rule: "wrong-field-type", node: name, error }, frame);
  return undefined;
}

/** `layer_data[key]` where there is none. */
function failWithoutKey(load: Load, layer: Node, key: string, frame: Frame): boolean {
  const { tree } = load;
  const type = pythonType(tree, { node: layer });
  if (type === "dict" && tree.member(layer, key) !== NO_NODE) return false;
  load.fail(layer, { rule: "wrong-field-type", node: layer, error: messages.subscriptFails(type, key) }, frame);
  return true;
}

function askedForName({ type }: Bare): PythonError {
  return { exception: "AttributeError", message: `'${type}' object has no attribute 'name'` };
}

/** What calling the layers comes to where some are bare names. */
function callLayers(load: Load, config: Node, bare: ReadonlyMap<string, BareLayer>, frame: Frame): void {
  const stumble = firstStumble(load.tree, config, bare);
  if (stumble) {
    const { layer, at, shown } = stumble.over;
    load.fail(layer, { rule: "unknown-layer", node: at, error: stumble.error, lookedUp: shown, name: shown }, frame);
    return;
  }
  for (const { layer, at, shown } of bare.values()) leftAsName(load, layer, at, shown);
}

/**
 * `process_node` of one layer after the other, as far as the first that is a bare name or takes something from one. Undefined
 * where a layer comes before what it takes: it is put off, and in which order such are called is not followed.
 */
function firstStumble(
  tree: ValueTree,
  config: Node,
  bare: ReadonlyMap<string, BareLayer>,
): { readonly over: BareLayer; readonly error: PythonError } | undefined {
  const called = new Set<string>();
  const layers = tree.member(config, "layers");
  for (let layer = tree.firstChild(layers); layer !== NO_NODE; layer = tree.nextSibling(layer)) {
    const name = tree.member(layer, "name");
    const inputs = inputsOf(tree, tree.member(layer, "inbound_nodes"));
    if (name === NO_NODE || tree.kind(name) !== "string" || !inputs) return undefined;
    for (const input of inputs) {
      const over = bare.get(input);
      if (over) return { over, error: askedForName(over) };
      if (!called.has(input)) return undefined;
    }
    const over = bare.get(tree.string(name));
    if (over && inputs.length > 0) return { over, error: messages.typeError(`'${over.type}' object is not callable`) };
    called.add(tree.string(name));
  }
  for (const key of ["input_layers", "output_layers"]) {
    const named = inputsOf(tree, tree.member(config, key)) ?? [];
    const over = named.map((name) => bare.get(name)).find((one) => one !== undefined);
    if (over) return { over, error: askedForName(over) };
  }
  return undefined;
}

/** The layers whose tensors nested lists name (`[name, node, tensor]`, or four with the arguments); undefined where others stand there. */
function inputsOf(tree: ValueTree, structure: Node): string[] | undefined {
  const names: string[] = [];
  const pending: Node[] = structure === NO_NODE ? [] : [structure];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (tree.kind(node) !== "array") return undefined;
    const first = tree.firstChild(node);
    if (first !== NO_NODE && tree.kind(first) === "string") {
      names.push(tree.string(first));
      continue;
    }
    for (const child of elementsOf(tree, node).toReversed()) pending.push(child);
  }
  return names;
}
