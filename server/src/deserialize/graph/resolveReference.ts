import { NO_NODE, type Node } from "../../json/index.ts";
import { hashable, pythonType, text } from "../dict.ts";
import * as messages from "../messages.ts";
import { pythonRepr } from "../pythonRepr.ts";
import * as graphMessages from "./graphMessages.ts";
import type { GraphLayer, LayerGraph, Refused, Waiting } from "./layerGraph.ts";
import { outputsOf } from "./layerOutputs.ts";

/**
 * Looks up the tensor of one reference (`convert_revived_tensor`, and the loop over the list form, of `deserialize_node` in
 * keras/src/models/functional.py). Returns the number of the node that the tensor comes from, or why it is not there.
 */
export function resolveReference(
  graph: LayerGraph,
  reference: Node,
  form: "list" | "arguments",
): number | Waiting | Refused {
  const parts = partsOf(graph, reference);
  if ("error" in parts) return parts;
  const [name, index, tensor] = parts.parts;
  if (form === "list") {
    if (tensor === undefined) return { never: "shape", at: reference };
    if (parts.count > 4) {
      const error = messages.valueError("Cannot deserialize the model (invalid config data?)");
      return { rule: "malformed-reference", error, at: reference };
    }
  } else if (name === undefined) return { never: "shape", at: reference };
  const layer = layerOf(graph, name as Part, reference, form);
  if ("error" in layer) return layer;
  if (!layer.isOperation && layer.object) {
    const error = graphMessages.noInboundNodes(layer.object);
    return { rule: "not-a-layer", error, at: nodeOf(name as Part, reference) };
  }
  if (index === undefined || tensor === undefined) return { never: "shape", at: reference };
  const at = nodeOf(index, reference);
  const number = indexOf(graph, index);
  if (typeof number === "string") {
    const compared = messages.typeError(`'<=' not supported between instances of 'int' and '${number}'`);
    const error = number === "float" ? graphMessages.noListIndex(number) : compared;
    return { rule: "malformed-reference", error, at };
  }
  const { calls } = layer;
  const place = number < 0 ? calls.length + number : number;
  const call = calls[place];
  if (call === undefined) {
    const wants = number < 0 ? -number - 1 : number;
    if (wants < layer.planned) return { of: layer, index: number, wants, at };
    return { never: "node", of: layer, index: number, count: layer.planned, at };
  }
  const output = indexOf(graph, tensor);
  const tensorAt = nodeOf(tensor, reference);
  if (typeof output === "string")
    return { rule: "malformed-reference", error: graphMessages.noListIndex(output), at: tensorAt };
  // Nearly all are the first, and every node has that.
  const count = output === 0 ? undefined : outputsOf(graph, layer, place);
  if (isBeyond(output, count))
    return { never: "tensor", of: layer, index: output, ...(count !== undefined && { count }), at: tensorAt };
  return call;
}

/** Whether Python raises an IndexError; false where the length is not known. */
export function isBeyond(index: number, length: number | undefined): boolean {
  return length !== undefined && (index < 0 ? -index > length : index >= length);
}

/** A value of the document, or one character of a string that stands for a list. */
export type Part = Node | { readonly character: string };

function nodeOf(part: Part, otherwise: Node): Node {
  return typeof part === "number" ? part : otherwise;
}

/** `history[0]`, `history[1]` and `history[2]`, as far as they are there. */
function partsOf(graph: LayerGraph, reference: Node): { parts: (Part | undefined)[]; count: number } | Refused {
  const { tree } = graph.load;
  const kind = tree.kind(reference);
  if (kind === "array") {
    const first = tree.firstChild(reference);
    const second = first === NO_NODE ? NO_NODE : tree.nextSibling(first);
    const third = second === NO_NODE ? NO_NODE : tree.nextSibling(second);
    const parts = [first, second, third].map((node) => (node === NO_NODE ? undefined : node));
    return { parts, count: tree.childCount(reference) };
  }
  if (kind === "string") {
    const characters = [...tree.string(reference)];
    const parts = [0, 1, 2].map((i) => (characters[i] === undefined ? undefined : { character: characters[i] }));
    return { parts, count: characters.length };
  }
  const type = pythonType(tree, { node: reference });
  const error =
    kind === "object"
      ? { exception: "KeyError", message: "0" }
      : messages.typeError(`'${type}' object is not subscriptable`);
  return { rule: "malformed-reference", error, at: reference };
}

/** `created_layers.get(name)`, and what is raised where it is not there. */
function layerOf(graph: LayerGraph, name: Part, reference: Node, form: "list" | "arguments"): GraphLayer | Refused {
  const { tree, behaviour } = graph.load;
  if (typeof name === "number" && !hashable(tree, { node: name })) {
    const error = messages.unhashable(pythonType(tree, { node: name }));
    return { rule: "malformed-reference", error, at: name };
  }
  const layer = typeof name === "number" ? graph.named(name) : graph.layers.get(name.character);
  if (layer) return layer;
  const printed =
    typeof name === "number" ? (text(tree, { node: name }) ?? pythonRepr(tree, { node: name })) : name.character;
  const repr = typeof name === "number" ? pythonRepr(tree, { node: name }) : `'${name.character}'`;
  const error =
    form === "arguments"
      ? graphMessages.unknownLayer(printed)
      : behaviour.detectsGraphLoops
        ? graphMessages.missingNode(printed)
        : { exception: "KeyError", message: repr };
  const isName = typeof name === "number" && tree.kind(name) === "string";
  const at = nodeOf(name, reference);
  return isName
    ? ({ rule: "unknown-layer-reference", error, at, named: name } as const)
    : { rule: "malformed-reference", error, at };
}

/** An index as Python takes it for a list, or the type of what is none. */
export function indexOf(graph: LayerGraph, part: Part): number | string {
  const { tree } = graph.load;
  if (typeof part !== "number") return "str";
  const type = pythonType(tree, { node: part });
  if (type === "bool") return tree.boolean(part) ? 1 : 0;
  return type === "int" ? tree.number(part) : type;
}
