import { NO_NODE, type Node, type ValueTree } from "../json/index.ts";

/**
 * Whether a value is the list of a model's layers: `layers` of a config, or the config itself of the first Sequential models,
 * beginning with a serialized object.
 */
export function isLayerList(tree: ValueTree, node: Node): boolean {
  if (tree.kind(node) !== "array") return false;
  const length = tree.keyEnd(node) - tree.keyStart(node) - 2;
  if (length !== "layers".length) return false;
  const key = tree.key(node);
  const parent = tree.parent(node);
  if (key !== "layers" && (key !== "config" || !isSequential(tree, parent))) return false;
  const first = tree.firstChild(node);
  return first !== NO_NODE && isPair(tree, first) && tree.member(parent, key) === node;
}

/** Whether both keys are there: without one of them Keras takes a dict for a plain dict. */
export function isPair(tree: ValueTree, node: Node): boolean {
  return tree.member(node, "class_name") !== NO_NODE && tree.member(node, "config") !== NO_NODE;
}

function isSequential(tree: ValueTree, object: Node): boolean {
  const className = tree.member(object, "class_name");
  return className !== NO_NODE && tree.string(className) === "Sequential";
}
