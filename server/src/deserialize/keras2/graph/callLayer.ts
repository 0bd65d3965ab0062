import { NO_NODE, type Node } from "../../../json/index.ts";
import { ownCallFailure } from "../../building/ownMethods.ts";
import { pythonType } from "../../dict.ts";
import { refusedBy } from "../../graph/layerGraph.ts";
import { derivesFrom, lineageOf } from "../../graph/lineage.ts";
import type { FoundObject } from "../../load.ts";
import * as messages from "../../messages.ts";
import * as graphMessages from "./graphMessages.ts";
import { nameFailure } from "./layerNames.ts";
import { layerOf, type ModelGraph, type ModelLayer, type Refused } from "./modelLayers.ts";
import { isWrapped, type NodeData } from "./nodeData.ts";
import { printedInput } from "./printedTensors.ts";

/** What a call comes to: a node, an error, or what is not known. */
export type CallOutcome = "node" | "unknown" | Refused;

/** Layers of tf_keras/src/layers/merging that are built as `_Merge` is. */
const asMerge = new Set(["Add", "Average", "Maximum", "Minimum", "Multiply", "Subtract"]);

/** `layer(input_tensors, **kwargs)`, as far as that is not about the shapes of tensors. */
export function callLayer(model: ModelGraph, layer: ModelLayer, read: NodeData): CallOutcome {
  const { load } = model.graph;
  const { bare, object } = layer;
  if (read.references.length === 0)
    return { rule: "malformed-reference", error: graphMessages.unboundKwargs(), at: read.entry };
  const refused = refusedKwargs(model, layer, read);
  if (refused) return refused;
  if (bare) {
    const error = messages.typeError(`'${bare.type}' object is not callable`);
    return { rule: "unknown-layer", error, at: bare.at, identifier: bare.shown };
  }
  if (!object) return "node";
  // A tensor may also be handed on by keyword: `1 - x`.
  const hasTensor = read.tensors > 0 || read.uses.indexOf("argument", read.kwargsFrom) >= 0;
  if (!layer.isOperation || !hasTensor) {
    const what = layer.isOperation ? "what a layer makes of constants alone" : "what comes of calling what is no layer";
    load.unknown(layer.node, read.entry, { reason: `${what} is not known`, names: [] });
    return "unknown";
  }
  // A name is the same in every call.
  const refusedOnce = layer.done === 0 ? refusedName(model, layer, object) : undefined;
  return refusedOnce ?? refusedByMerging(model, layer, read) ?? refusedByOwn(model, layer) ?? "node";
}

/** What the layer's own class raises, in every call alike. */
function refusedByOwn({ graph }: ModelGraph, { node, object, done }: ModelLayer): Refused | undefined {
  const failure = done === 0 ? ownCallFailure(graph.load, node, object) : undefined;
  return failure && refusedBy(failure);
}

/** What is handed on by keyword must be a dict. */
function refusedKwargs({ graph }: ModelGraph, { object, bare }: ModelLayer, { kwargs }: NodeData): Refused | undefined {
  const { tree } = graph.load;
  if (kwargs === NO_NODE) return undefined;
  const type = isWrapped(tree, kwargs) ? "KerasTensor" : pythonType(tree, { node: kwargs });
  if (type === "dict") return undefined;
  const printed = bare?.shown ?? (object ? messages.instanceRepr(object) : "<…>");
  return { rule: "malformed-reference", error: graphMessages.noMapping(printed, type), at: kwargs };
}

/** The name opens a scope. */
function refusedName({ graph }: ModelGraph, { node }: ModelLayer, object: FoundObject): Refused | undefined {
  const failure = nameFailure(graph.load, node, object);
  return failure && refusedBy(failure);
}

/**
 * `_Merge.build` of tf_keras/src/layers/merging/base_merge.py, and those of Concatenate and Dot: they want several tensors, and of
 * constants no list of lists, as an array is saved: its shape is a list of lists again.
 */
function refusedByMerging(model: ModelGraph, { object }: ModelLayer, read: NodeData): Refused | undefined {
  const { load } = model.graph;
  const { tree } = load;
  if (object?.from !== "keras" || (!read.single && read.others.length === 0)) return undefined;
  const { qualname } = object.symbol;
  if (!derivesFrom(lineageOf(load, object), "_Merge") || read.uses[0] !== "tensor") return undefined;
  const [reference] = read.references;
  if (read.single && reference !== undefined) {
    // A dict is handed on as it is.
    if (tree.kind(read.entry) !== "array") return undefined;
    const shape = shapeOfInput(model, tree.firstChild(reference)) ?? "…";
    return { rule: "malformed-reference", error: graphMessages.noListOfInputs(qualname, shape), at: read.entry };
  }
  if (!asMerge.has(qualname)) return undefined;
  const value = (constant: Node) => tree.nextSibling(tree.nextSibling(tree.firstChild(constant)));
  const at = read.others.map(value).find((one) => {
    const first = tree.kind(one) === "array" ? tree.firstChild(one) : NO_NODE;
    return first !== NO_NODE && tree.kind(first) === "array";
  });
  return at === undefined ? undefined : { rule: "malformed-reference", error: graphMessages.unhashableDimension(), at };
}

/** The shape of the tensor of an InputLayer, as Python prints it. */
function shapeOfInput(model: ModelGraph, name: Node): string | undefined {
  const layer = layerOf(model, name);
  return layer && printedInput(model.graph, layer)?.shape;
}
