import type { Node } from "../../../json/index.ts";
import { hashable, pythonType } from "../../dict.ts";
import * as graphMessages from "../../graph/graphMessages.ts";
import type { Waiting } from "../../graph/layerGraph.ts";
import { indexOf, isBeyond } from "../../graph/resolveReference.ts";
import * as messages from "../../messages.ts";
import { pythonRepr } from "../../pythonRepr.ts";
import type { Bare } from "../leftInPlace.ts";
import { outputsOf } from "./layerOutputs.ts";
import { layerOf, type ModelGraph, type ModelLayer, type Refused, type Tensor } from "./modelLayers.ts";
import type { Use } from "./nodeData.ts";

/**
 * Looks up the tensor of one reference (`process_node` and `_deserialize_keras_tensor` of tf_keras/src/engine/functional.py): a list
 * of three or four whose first is a string. Returns the tensor, or why it is not there.
 */
export function resolveReference(model: ModelGraph, reference: Node, use: Use): Tensor | Waiting | Refused {
  const { tree } = model.graph.load;
  const name = tree.firstChild(reference);
  const index = tree.nextSibling(name);
  const layer = layerOf(model, name);
  if (!layer) {
    const error = { exception: "KeyError", message: pythonRepr(tree, { node: name }) };
    return { rule: "unknown-layer-reference", error, at: name, facts: { named: name } };
  }
  const node = nodeOf(model, layer, index);
  if (typeof node === "object") return node;
  return tensorOf(model, layer, node, tree.nextSibling(index), use);
}

/** `get_node_index`: the place of the node among the layer's own, or why there is none yet. */
export function nodeOf(model: ModelGraph, layer: ModelLayer, index: Node): number | Waiting | Refused {
  const { tree } = model.graph.load;
  if (layer.bare) return withoutName(layer.bare);
  if (layer.hasOneNode) return 0;
  if (!layer.isOperation)
    return { rule: "not-a-layer", error: messages.attributeError("function", "name"), at: layer.node };
  if (!hashable(tree, { node: index })) {
    const error = messages.unhashable(pythonType(tree, { node: index }));
    return { rule: "malformed-reference", error, at: index };
  }
  const number = keyOfIndex(model, index);
  if (number === undefined) return { never: "shape", of: layer, at: index };
  if (layer.first === undefined) model.isInexact = true;
  // Where it is not known from which number on its calls count, the reference may mean the one or the other.
  const place = layer.first === undefined ? Math.max(number - 1, 0) : number - layer.first;
  const count = layer.first === undefined ? layer.planned + 1 : layer.planned;
  if (place < 0 || number - (layer.first ?? 0) >= count)
    return { never: "node", of: layer, index: number, count: layer.planned, at: index };
  return place < layer.calls.length ? place : { of: layer, index: number, wants: place, at: index };
}

/** `tf.nest.flatten(node.outputs)[tensor_index]`; among the arguments by keyword, one that is too large is waited for. */
export function tensorOf(
  model: ModelGraph,
  layer: ModelLayer,
  place: number,
  tensor: Node,
  use: Use,
): Tensor | Waiting | Refused {
  const call = layer.calls[place] as number;
  const output = indexOf(model.graph, tensor);
  if (typeof output === "string")
    return { rule: "malformed-reference", error: graphMessages.noListIndex(output), at: tensor };
  const count = output === 0 ? undefined : outputsOf(model, layer, place);
  if (!isBeyond(output, count)) return { call, index: output < 0 ? (count ?? 0) + output : output };
  const counted = count === undefined ? {} : { count };
  const never = { never: "tensor", of: layer, index: output, ...counted, at: tensor } as const;
  if (use === "argument") return never;
  const facts = { named: layer.name, index: output, ...counted };
  return { rule: "tensor-index-out-of-range", error: graphMessages.listIndexOutOfRange(), at: tensor, facts };
}

/** What is no layer is asked for its name. */
export function withoutName({ type, at, shown }: Bare): Refused {
  return { rule: "unknown-layer", error: messages.attributeError(type, "name"), at, identifier: shown };
}

/** What Python's dict takes for the same index: a number of that value. Undefined of all else, which no node answers. */
function keyOfIndex({ graph }: ModelGraph, index: Node): number | undefined {
  const { tree } = graph.load;
  const kind = tree.kind(index);
  if (kind === "boolean") return tree.boolean(index) ? 1 : 0;
  const number = kind === "number" ? tree.number(index) : undefined;
  return Number.isInteger(number) ? number : undefined;
}
