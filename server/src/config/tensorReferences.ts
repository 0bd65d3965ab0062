import { NO_NODE, type Node, type ValueTree } from "../json/index.ts";

/**
 * Is told of one reference to a tensor of the layer graph: the values of the layer's name, of the index of its node and of
 * the index of the tensor, as nodes of the tree. The name is a string; the indices are whatever stands there. `inKwargs` is true
 * of a leaf among the kwargs of another one, which only Keras 2 takes for a tensor.
 */
export type VisitReference = (layer: Node, nodeIndex: Node, tensorIndex: Node, inKwargs: boolean) => void;

/** What stands for a layer's name where Keras 2 writes a constant in place of a tensor (`_CONSTANT_VALUE` of node.py). */
const CONSTANT = "_CONSTANT_VALUE";

/**
 * Visits the tensors that one entry of `inbound_nodes` takes, in document order, in either format: `args` and `kwargs` with
 * `__keras_tensor__` objects (`serialize_node` of Keras 3), or nested lists whose leaves are `[name, node, tensor, kwargs]`
 * (Keras 2, and Keras 3 in the legacy format), where tensors among the kwargs are leaves too. Mirrors `deserialize_node`
 * (keras/src/models/functional.py) and `convert_inner_node_data` (tf_keras/src/utils/tf_utils.py). What is written otherwise is
 * passed over: whoever judges the shape has to look at it.
 */
export function visitInboundNode(tree: ValueTree, inboundNode: Node, visit: VisitReference): void {
  if (tree.kind(inboundNode) === "array") visitLeaves(tree, inboundNode, visit);
  else {
    visitKerasTensors(tree, tree.member(inboundNode, "args"), visit);
    visitKerasTensors(tree, tree.member(inboundNode, "kwargs"), visit);
  }
}

/**
 * Visits the tensors that `input_layers` or `output_layers` name, in document order: one `[name, node, tensor]`, or lists and
 * dicts of them, nested or not. Mirrors `map_tensors` in `functional_from_config` (keras/src/models/functional.py).
 */
export function visitModelTensors(tree: ValueTree, tensors: Node, visit: VisitReference): void {
  visitLeaves(tree, tensors, visit);
}

function visitLeaves(tree: ValueTree, structure: Node, visit: VisitReference): void {
  const end = structure === NO_NODE ? -1 : tree.end(structure);
  let leafEnd = -1;
  for (let node = structure; node >= 0 && node < tree.size && tree.start(node) < end; ) {
    const kind = tree.kind(node);
    if (kind === "array" && isLeaf(tree, node)) {
      visitTriple(tree, node, tree.start(node) < leafEnd, visit);
      leafEnd = Math.max(leafEnd, tree.end(node));
    } else if (kind === "object" && isOfItsOwn(tree, node)) {
      node = following(tree, node);
      continue;
    }
    node++;
  }
}

function isLeaf(tree: ValueTree, array: Node): boolean {
  const count = tree.childCount(array);
  if (count !== 3 && count !== 4) return false;
  const name = tree.firstChild(array);
  return tree.kind(name) === "string" && tree.string(name) !== CONSTANT;
}

function visitTriple(tree: ValueTree, array: Node, inKwargs: boolean, visit: VisitReference): void {
  const name = tree.firstChild(array);
  const nodeIndex = tree.nextSibling(name);
  visit(name, nodeIndex, tree.nextSibling(nodeIndex), inKwargs);
}

function visitKerasTensors(tree: ValueTree, structure: Node, visit: VisitReference): void {
  const end = structure === NO_NODE ? -1 : tree.end(structure);
  for (let node = structure; node >= 0 && node < tree.size && tree.start(node) < end; ) {
    if (tree.kind(node) !== "object" || !isOfItsOwn(tree, node)) {
      node++;
      continue;
    }
    const className = classNameOf(tree, node);
    if (className === "__keras_tensor__") visitHistory(tree, node, visit);
    node = className === "__tuple__" ? node + 1 : following(tree, node);
  }
}

function visitHistory(tree: ValueTree, kerasTensor: Node, visit: VisitReference): void {
  const history = tree.member(tree.member(kerasTensor, "config"), "keras_history");
  if (history === NO_NODE || tree.kind(history) !== "array" || tree.childCount(history) !== 3) return;
  if (tree.kind(tree.firstChild(history)) === "string") visitTriple(tree, history, false, visit);
}

/** Whether an object among the arguments is a serialized object or a model's config, in which other names hold. */
function isOfItsOwn(tree: ValueTree, object: Node): boolean {
  return tree.member(object, "class_name") !== NO_NODE || tree.member(object, "layers") !== NO_NODE;
}

function classNameOf(tree: ValueTree, object: Node): string | undefined {
  const className = tree.member(object, "class_name");
  return className === NO_NODE ? undefined : tree.string(className);
}

/** The first value after a value and all that it holds. */
function following(tree: ValueTree, node: Node): Node {
  const end = tree.end(node);
  let low = node + 1;
  let high = tree.size;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (tree.start(middle) < end) low = middle + 1;
    else high = middle;
  }
  return low;
}
