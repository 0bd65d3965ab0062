import { NO_NODE, type Node, type ValueTree } from "./valueTree.ts";

const none: readonly Node[] = [];

/** The elements of an array, in order; none of what is no array, or of NO_NODE. */
export function elementsOf(tree: ValueTree, array: Node): readonly Node[] {
  if (array === NO_NODE || tree.kind(array) !== "array") return none;
  let child = tree.firstChild(array);
  if (child === NO_NODE) return none;
  const elements: Node[] = [];
  for (; child !== NO_NODE; child = tree.nextSibling(child)) elements.push(child);
  return elements;
}
