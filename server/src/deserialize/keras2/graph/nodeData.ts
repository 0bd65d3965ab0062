import { NO_NODE, type Node, type ValueTree } from "../../../json/index.ts";
import type { Call } from "../../graph/layerGraph.ts";

/** What stands for a layer's name where a value is handed on as it is (`_CONSTANT_VALUE` of tf_keras/src/engine/node.py). */
const CONSTANT = "_CONSTANT_VALUE";
/** Each level of lists takes Python two frames of its thousand. */
const DEEPEST = 300;

/** What Keras does with one of the values that an entry of `inbound_nodes` comes to. */
export type Use =
  /** It is the tensor of another layer, handed to the layer by position. */
  | "tensor"
  /** It is one among the arguments by keyword. */
  | "argument"
  /** It is a constant. */
  | "constant"
  /** It is no list of three or four, and Keras has no use for it. */
  | "none";

/** One entry of `inbound_nodes`, as `process_node` of tf_keras/src/engine/functional.py reads it. */
export interface NodeData extends Call {
  /** What becomes of each of `references`, which are in the order in which Keras comes to them. */
  readonly uses: readonly Use[];
  /** What the layer is handed by keyword: that of the last of the tensors. NO_NODE where it is nothing. */
  readonly kwargs: Node;
  /** From which of the references on they are those of these kwargs. */
  readonly kwargsFrom: number;
  /** Whether it nests so deep that Python may not get to the end of it. */
  readonly isTooDeep: boolean;
}

const oneTensor: readonly Use[] = ["tensor"];
const none: readonly never[] = [];

/** Reads an entry. Iterative, and linear in its size. */
export function readNodeData(tree: ValueTree, entry: Node): NodeData {
  const single = singleTensor(tree, entry);
  if (single !== NO_NODE)
    return {
      entry,
      form: "list",
      references: [single],
      single: true,
      others: none,
      tensors: 1,
      leaves: none,
      uses: oneTensor,
      kwargs: NO_NODE,
      kwargsFrom: 0,
      isTooDeep: false,
    };
  return readAll(tree, entry);
}

/** The one tensor of an entry that has no other and no arguments, as nearly all are; NO_NODE of others. */
function singleTensor(tree: ValueTree, entry: Node): Node {
  if (tree.kind(entry) !== "array" || tree.childCount(entry) !== 1) return NO_NODE;
  const tensor = tree.firstChild(entry);
  if (!isWrapped(tree, tensor)) return NO_NODE;
  const name = tree.firstChild(tensor);
  const kwargs = tree.nextSibling(tree.nextSibling(tree.nextSibling(name)));
  const isPlain = kwargs === NO_NODE || (tree.kind(kwargs) === "object" && tree.firstChild(kwargs) === NO_NODE);
  return isPlain && tree.string(name) !== CONSTANT ? tensor : NO_NODE;
}

function readAll(tree: ValueTree, entry: Node): NodeData {
  const references: Node[] = [];
  const uses: Use[] = [];
  const constants: Node[] = [];
  let kwargs = NO_NODE;
  let kwargsFrom = 0;
  let tensors = 0;
  const items = leavesOf(tree, entry);
  let isTooDeep = items.isTooDeep;
  for (const item of items.leaves) {
    if (!isWrapped(tree, item)) {
      references.push(item);
      uses.push("none");
      continue;
    }
    const name = tree.firstChild(item);
    kwargs = tree.childCount(item) === 4 ? lastChild(tree, item) : NO_NODE;
    kwargsFrom = references.length;
    // Nearly all are empty.
    if (kwargs !== NO_NODE && tree.firstChild(kwargs) !== NO_NODE) {
      const handed = leavesOf(tree, kwargs);
      isTooDeep ||= handed.isTooDeep;
      for (const leaf of handed.leaves) {
        if (!isWrapped(tree, leaf)) continue;
        references.push(leaf);
        uses.push("argument");
      }
    }
    const isConstant = tree.string(name) === CONSTANT;
    references.push(item);
    uses.push(isConstant ? "constant" : "tensor");
    if (isConstant) constants.push(item);
    else tensors++;
  }
  const single = references.length === 1 && tensors === 1;
  const read = { entry, form: "list", references, single, others: constants, tensors, leaves: [] } as const;
  return { ...read, uses, kwargs, kwargsFrom, isTooDeep };
}

/** Whether `convert_inner_node_data` of tf_keras/src/utils/tf_utils.py takes a value for a tensor's: `[name, node, tensor]`, or four. */
export function isWrapped(tree: ValueTree, node: Node): boolean {
  if (tree.kind(node) !== "array") return false;
  const count = tree.childCount(node);
  return (count === 3 || count === 4) && tree.kind(tree.firstChild(node)) === "string";
}

/**
 * What `tf.nest.flatten` comes to behind `convert_inner_node_data`: what is no list and no dict, and the lists that stand for tensors.
 * Dicts go by their sorted keys.
 */
export function leavesOf(
  tree: ValueTree,
  root: Node,
): { readonly leaves: readonly Node[]; readonly isTooDeep: boolean } {
  const leaves: Node[] = [];
  const stack: { readonly node: Node; readonly depth: number }[] = [{ node: root, depth: 0 }];
  for (let item = stack.pop(); item; item = stack.pop()) {
    const { node, depth } = item;
    const kind = tree.kind(node);
    if ((kind !== "array" && kind !== "object") || isWrapped(tree, node)) {
      leaves.push(node);
      continue;
    }
    if (depth > DEEPEST) return { leaves, isTooDeep: true };
    const from = stack.length;
    if (kind === "array") {
      for (let child = tree.firstChild(node); child !== NO_NODE; child = tree.nextSibling(child))
        stack.push({ node: child, depth: depth + 1 });
    } else for (const child of sortedMembers(tree, node)) stack.push({ node: child, depth: depth + 1 });
    reverseFrom(stack, from);
  }
  return { leaves, isTooDeep: false };
}

/** The members that Python keeps, the last of a key, by their keys. */
function sortedMembers(tree: ValueTree, object: Node): Node[] {
  const kept = new Map<string, Node>();
  for (let child = tree.firstChild(object); child !== NO_NODE; child = tree.nextSibling(child))
    kept.set(tree.key(child), child);
  return [...kept].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, node]) => node);
}

/** The last of what was put on a stack comes first. */
function reverseFrom<T>(stack: T[], from: number): void {
  for (let i = from, j = stack.length - 1; i < j; i++, j--) [stack[i], stack[j]] = [stack[j] as T, stack[i] as T];
}

function lastChild(tree: ValueTree, node: Node): Node {
  let last = NO_NODE;
  for (let child = tree.firstChild(node); child !== NO_NODE; child = tree.nextSibling(child)) last = child;
  return last;
}
