import { NO_NODE, type Node, type ValueTree } from "../json/index.ts";
import type { Fix, Hint, Place } from "./fixes.ts";
import { nearest } from "./nearest.ts";

/** What arguments of Keras 2 are called now. */
const renamedArguments: ReadonlyMap<string, string> = new Map([
  ["lr", "learning_rate"],
  ["batch_input_shape", "batch_shape"],
  ["output_dim", "units"],
  ["init", "kernel_initializer"],
  ["nb_filter", "filters"],
  ["border_mode", "padding"],
  ["subsample", "strides"],
  ["W_regularizer", "kernel_regularizer"],
]);

/** An argument that the constructor does not take: it has another name, or goes. */
export function argumentHint({ failure, tree }: Place): Hint {
  const { name = "", node, allowed = [] } = failure;
  const object = tree.parent(node);
  // Of a key that stands twice, more would have to go than one.
  if (tree.keyStart(node) < 0 || isTwice(tree, object, name)) return { places: [], fixes: [] };
  const isFree = (key: string) => tree.member(object, key) === NO_NODE;
  const renamed = renamedArguments.get(name);
  const isRenamed = renamed !== undefined && allowed.includes(renamed) && isFree(renamed);
  const similar = isRenamed ? renamed : nearest(name, allowed.filter(isFree));
  const remove: Fix = { kind: "remove", node };
  if (similar === undefined) return { places: [], fixes: [remove] };
  const text = isRenamed ? `It is called \`${similar}\` now.` : `Did you mean \`${similar}\`?`;
  return { text, places: [], fixes: [{ kind: "rename", node, key: similar }, remove] };
}

/** An argument that is missing is added, with its default where it has one. */
export function missingHint({ failure, node, tree }: Place): Hint | undefined {
  const { name, initial } = failure;
  const config = tree.member(node, "config");
  if (name === undefined || config === NO_NODE || tree.kind(config) !== "object") return undefined;
  if (tree.member(config, name) !== NO_NODE) return undefined;
  const fix: Fix = { kind: "insert", node: config, key: name, ...(initial !== undefined && { initial }) };
  return { places: [], fixes: [fix] };
}

function isTwice(tree: ValueTree, object: Node, key: string): boolean {
  let count = 0;
  for (let child = tree.firstChild(object); child !== NO_NODE; child = tree.nextSibling(child))
    if (tree.key(child) === key) count++;
  return count > 1;
}

/** A string that is none of those that the constructor takes, or a layer that a class of the workspace builds once more. */
export function allowedHint({ failure, tree }: Place): Hint | undefined {
  const { node, allowed = [], own } = failure;
  if (own?.method === "build" && tree.kind(node) === "object" && tree.member(node, "build_config") !== NO_NODE) {
    const text = "Its `build_config` has built it: let `build` ask for its `built` first, or leave it to `call`.";
    return { text, places: [], fixes: [] };
  }
  if (tree.kind(node) !== "string" || allowed.length === 0) return undefined;
  const similar = nearest(tree.string(node), allowed);
  const fixes = allowed.slice(0, 10).map((value): Fix => ({ kind: "write", node, value }));
  if (similar === undefined) return { places: [], fixes };
  return { text: `Did you mean \`${similar}\`?`, places: [], fixes: [{ kind: "write", node, value: similar }] };
}

/** An object that is written down, and that a class of the workspace gets as a dict: how its `from_config` makes one of it. */
export function deserializeHint({ failure, tree }: Place): Hint {
  const { name = "", node } = failure;
  const isElement = tree.kind(tree.parent(node)) === "array";
  const one = "keras.saving.deserialize_keras_object";
  const made = isElement ? `[${one}(one) for one in config["${name}"]]` : `${one}(config["${name}"])`;
  return { text: `Let \`from_config\` make an object of it: \`config["${name}"] = ${made}\`.`, places: [], fixes: [] };
}
