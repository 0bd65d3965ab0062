import { NO_NODE, type Node, type ValueTree } from "./valueTree.ts";

/** The index of every array element within its array, made at the first question: a pointer then costs its own length. */
const elementIndices = new WeakMap<ValueTree, Int32Array>();

function indicesOf(tree: ValueTree): Int32Array {
  let indices = elementIndices.get(tree);
  if (!indices) {
    indices = new Int32Array(tree.size);
    const counts = new Int32Array(tree.size);
    for (let node = 0; node < tree.size; node++) {
      const parent = tree.parent(node);
      if (parent >= 0) indices[node] = counts[parent]!++;
    }
    elementIndices.set(tree, indices);
  }
  return indices;
}

/**
 * The RFC 6901 JSON Pointer of a value; "" for the root. Members with the same key have the same pointer, which names
 * the one that Python keeps, the last.
 */
export function jsonPointer(tree: ValueTree, node: Node): string {
  const parts: string[] = [];
  for (let at = node; at !== NO_NODE; ) {
    const parent = tree.parent(at);
    if (parent === NO_NODE) break;
    if (tree.kind(parent) === "object") parts.push(tree.key(at).replaceAll("~", "~0").replaceAll("/", "~1"));
    else parts.push(String(indicesOf(tree)[at]));
    at = parent;
  }
  return parts.length === 0 ? "" : `/${parts.reverse().join("/")}`;
}

/** The value that a JSON Pointer names (for duplicate keys the last), or NO_NODE. */
export function nodeAtPointer(tree: ValueTree, pointer: string): Node {
  if (pointer === "") return tree.root;
  if (pointer[0] !== "/") return NO_NODE;
  let node = tree.root;
  for (const part of pointer.slice(1).split("/")) {
    if (node === NO_NODE) return NO_NODE;
    if (tree.kind(node) === "object") node = tree.member(node, part.replaceAll("~1", "/").replaceAll("~0", "~"));
    else if (tree.kind(node) === "array" && /^(?:0|[1-9]\d*)$/.test(part)) node = element(tree, node, Number(part));
    else return NO_NODE;
  }
  return node;
}

function element(tree: ValueTree, array: Node, index: number): Node {
  if (index >= tree.childCount(array)) return NO_NODE;
  let child = tree.firstChild(array);
  for (let i = 0; i < index && child !== NO_NODE; i++) child = tree.nextSibling(child);
  return child;
}

/**
 * The innermost value that holds a UTF-16 offset, its key and what stands between key and value included; NO_NODE
 * outside the document's value. With `touching` an offset at a value's very end belongs to it, unless the next value or
 * key begins there. Logarithmic in the size of the tree, plus its depth.
 */
export function nodeAtOffset(tree: ValueTree, offset: number, touching = false): Node {
  let low = 0;
  let high = tree.size;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (fullStart(tree, middle) <= offset) low = middle + 1;
    else high = middle;
  }
  let node = low - 1;
  while (node >= 0 && (touching ? offset > tree.end(node) : offset >= tree.end(node))) node = tree.parent(node);
  return node < 0 ? NO_NODE : node;
}

function fullStart(tree: ValueTree, node: Node): number {
  const key = tree.keyStart(node);
  return key < 0 ? tree.start(node) : key;
}
