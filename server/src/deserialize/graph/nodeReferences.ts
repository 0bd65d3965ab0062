import { elementsOf, NO_NODE, type Node, type ValueTree } from "../../json/index.ts";

/** What one entry of `inbound_nodes` refers to, as `deserialize_node` of keras/src/models/functional.py reads it. */
export interface NodeReferences {
  /** The list form of Keras 2, or `args` and `kwargs`. */
  readonly form: "list" | "arguments";
  /** The `keras_history` of every tensor, or the items of the list form, in the order in which they are looked up. */
  readonly references: readonly Node[];
  /** Whether nothing but one tensor, by itself, is handed to the layer. */
  readonly single: boolean;
  /** What `tree.flatten` comes to in the positional arguments beside tensors, null included. */
  readonly others: readonly Node[];
  /** How many tensors the layer is handed. */
  readonly tensors: number;
}

/** Reads an entry that is a list, or a dict with `args` and `kwargs`. Linear in its size. */
export function referencesOf(tree: ValueTree, entry: Node): NodeReferences {
  if (tree.kind(entry) === "array") {
    const references = elementsOf(tree, entry);
    return { form: "list", references, single: references.length === 1, others: [], tensors: references.length };
  }
  const args = tree.member(entry, "args");
  return oneTensor(tree, entry, args) ?? allReferences(tree, entry, args);
}

/** The references of an entry with one tensor and nothing else, as nearly all are; undefined of others. */
function oneTensor(tree: ValueTree, entry: Node, args: Node): NodeReferences | undefined {
  if (tree.kind(args) !== "array" || tree.childCount(args) !== 1) return undefined;
  const tensor = tree.firstChild(args);
  const kwargs = tree.member(entry, "kwargs");
  if (tree.kind(kwargs) !== "object" || tree.firstChild(kwargs) !== NO_NODE || !isTensor(tree, tensor))
    return undefined;
  const history = tree.member(tree.member(tensor, "config"), "keras_history");
  if (history === NO_NODE || tree.kind(history) === "null") return undefined;
  return { form: "arguments", references: [history], single: true, others: [], tensors: 1 };
}

function allReferences(tree: ValueTree, entry: Node, args: Node): NodeReferences {
  const positional = flatten(tree, args);
  const keyword = flatten(tree, tree.member(entry, "kwargs"));
  // What is pushed spread stands on the stack, and a document can hold more than goes there.
  const references = [...positional.references, ...keyword.references];
  const isDirect = tree.kind(args) === "array" && isTensor(tree, tree.firstChild(args));
  return {
    form: "arguments",
    references,
    single: isDirect && positional.references.length === 1 && references.length === 1,
    others: positional.others,
    tensors: positional.tensors + keyword.tensors,
  };
}

/** What `tree.flatten` comes to. */
export interface Flattened {
  /** The `keras_history` of every tensor that has one. */
  readonly references: Node[];
  readonly tensors: number;
  /** All but the tensors. */
  readonly others: Node[];
}

/** The leaves of an argument: what stands in lists and plain dicts, not in objects that have been deserialized. */
export function flatten(tree: ValueTree, structure: Node): Flattened {
  const references: Node[] = [];
  const others: Node[] = [];
  let tensors = 0;
  let node = structure;
  while (node !== NO_NODE) {
    let below = NO_NODE;
    const kind = tree.kind(node);
    if (kind === "array") below = tree.firstChild(node);
    else if (kind !== "object") others.push(node);
    else if (isTensor(tree, node)) {
      tensors++;
      const history = tree.member(tree.member(node, "config"), "keras_history");
      if (history !== NO_NODE && tree.kind(history) !== "null") references.push(history);
    } else if (isRevived(tree, node)) others.push(node);
    else below = tree.firstChild(node);
    node = below === NO_NODE ? following(tree, node, structure) : below;
  }
  return { references, tensors, others };
}

/** Whether a value becomes a tensor. */
export function isTensor(tree: ValueTree, node: Node): boolean {
  if (node === NO_NODE || tree.kind(node) !== "object") return false;
  const className = tree.member(node, "class_name");
  if (className === NO_NODE || tree.kind(className) !== "string") return false;
  return tree.string(className) === "__keras_tensor__" && tree.member(node, "config") !== NO_NODE;
}

/** Whether `deserialize_keras_object` makes an object of a dict, whose content is nobody's argument then. */
function isRevived(tree: ValueTree, node: Node): boolean {
  return tree.member(node, "class_name") !== NO_NODE && tree.member(node, "config") !== NO_NODE;
}

/** The next value in document order behind a value and all that it holds, within `root`. */
function following(tree: ValueTree, node: Node, root: Node): Node {
  let at = node;
  while (at !== root) {
    const sibling = tree.nextSibling(at);
    if (sibling !== NO_NODE) return sibling;
    at = tree.parent(at);
  }
  return NO_NODE;
}
