import { elementsOf, NO_NODE, type Node } from "../../json/index.ts";
import { pythonType } from "../dict.ts";
import { isInstance } from "../instances.ts";
import { type FoundObject, kindOf, type PythonError } from "../load.ts";
import * as messages from "../messages.ts";
import { objectMade, type PrintedObject } from "../objectRepr.ts";
import { pythonRepr } from "../pythonRepr.ts";
import { refusedByHeader } from "./callHeader.ts";
import { callOfOther } from "./callOfOther.ts";
import * as graphMessages from "./graphMessages.ts";
import { expectsOneInput, nameOfOneInput } from "./inputSpecs.ts";
import type { Call, GraphLayer, LayerGraph, Leaf, Refused } from "./layerGraph.ts";
import { derivesFrom, type Lineage, lineageOf } from "./lineage.ts";
import { flatten } from "./nodeReferences.ts";
import { refusedShape } from "./shapeArguments.ts";
import { layerRepr, nameOfLayer } from "./waitingNodes.ts";

/** What a call comes to: a node, nothing of the kind since it computes, an error, or what is not known. */
export type CallOutcome = "node" | "nothing" | "unknown" | Refused;

/** Operations of numbers that take nothing else, on every backend. */
const elementwise = new Set([
  ...[
    "Absolute",
    "Add",
    "Divide",
    "Equal",
    "Exp",
    "Greater",
    "GreaterEqual",
    "Less",
    "LessEqual",
    "Maximum",
    "Minimum",
  ],
  ...["Multiply", "Negative", "NotEqual", "Relu", "Sigmoid", "Sqrt", "Square", "Subtract", "Tanh", "TrueDivide"],
]);

/** Layers that add what they are handed, and the like: `compute_output_shape` asks each of its shape. */
const merging = ["Add", "Average", "Concatenate", "Maximum", "Minimum", "Multiply", "Subtract"];

/** What stands for the words of a backend. */
const ofBackend = "…";

/** What one value has become that a layer is handed by position; `found` says as what an object was. */
export function leafOf(graph: LayerGraph, at: Node, found: (node: Node) => FoundObject | undefined): Leaf {
  const { load, frame } = graph;
  const { tree } = load;
  const made = objectMade(load, at, frame, found);
  if (made) return { at, made, isArray: false };
  if (tree.kind(at) === "object") {
    const className = tree.member(at, "class_name");
    const name = className !== NO_NODE && tree.kind(className) === "string" ? tree.string(className) : "";
    const special = name === "__ellipsis__" ? { printed: "Ellipsis", type: "<class 'ellipsis'>" } : undefined;
    return { at, made: special, isArray: name === "__numpy__" || name === "__tensor__" };
  }
  const printed = tree.kind(at) === "string" ? tree.string(at) : pythonRepr(tree, { node: at });
  return { at, made: { printed, type: `<class '${pythonType(tree, { node: at })}'>` }, isArray: false };
}

/** What comes of calling a layer without any argument, which an entry says. */
export function callWithoutArguments(graph: LayerGraph, layer: GraphLayer, entry: Node): CallOutcome {
  const lineage = calledAsKerasDoes(graph, layer);
  if (!lineage) return "unknown";
  if (!derivesFrom(lineage, "Layer")) return "nothing";
  const unbound = refusedByHeader(graph, layer, entry);
  if (unbound) return unbound;
  const [own] = lineage.keras;
  const takesInputs = own && !lineage.defines("call") && withInputs.test(own.module);
  return takesInputs ? refusal(messages.typeError("missing a required argument: 'inputs'"), entry) : "nothing";
}

/** Modules of Keras in which the `call` of all layers has `inputs` before all else. */
const withInputs =
  /^keras\.src\.(?:layers\.(?:activations|convolutional|merging|normalization|pooling|regularization|reshaping)\.|layers\.core\.dense$|models\.)/;

/** Modules of Keras in which the `call` of all layers takes nothing but `inputs`, in every release. */
const withInputsAlone =
  /^keras\.src\.layers\.(?:(?:convolutional|merging|reshaping)\.|activations\.(?!softmax)|pooling\.(?!global_average_pooling1d)|core\.(?:embedding|identity|masking)$|normalization\.(?:group|layer|unit)_normalization$|regularization\.activity_regularization$)/;

/** `inspect.Signature.bind` of more than one positional argument, where `call` takes `inputs` alone. */
function tooManyInputs({ load: { tree } }: LayerGraph, lineage: Lineage, args: Node): Refused | undefined {
  const [own] = lineage.keras;
  if (!own || lineage.defines("call") || !withInputsAlone.test(own.module)) return undefined;
  const second = tree.kind(args) === "array" ? elementsOf(tree, args)[1] : undefined;
  if (second === undefined) return undefined;
  return { ...refusal(messages.typeError("too many positional arguments"), second), unbound: true };
}

/** The lineage of an operation that is called by Keras's own `__call__`; undefined of others. */
function calledAsKerasDoes(graph: LayerGraph, { object }: GraphLayer): Lineage | undefined {
  if (!object || kindOf(object) !== "class") return undefined;
  const lineage = lineageOf(graph.load, object);
  const own = ["__call__", "__new__", "symbolic_call", "_allow_non_tensor_positional_args"];
  if (!lineage.complete || own.some(lineage.defines) || derivesFrom(lineage, "InputLayer")) return undefined;
  // A `from_config` of its own may return anything.
  if (lineage.defines("from_config") && !isInstance(graph.load, object)) return undefined;
  return derivesFrom(lineage, "Operation") ? lineage : undefined;
}

/**
 * `Layer.__call__` of keras/src/layers/layer.py and `Operation.__call__` of keras/src/ops/operation.py, as far as that is not about
 * the shapes of tensors: what they refuse, and that without a tensor they compute.
 */
export function callLayer(graph: LayerGraph, layer: GraphLayer, call: Call): CallOutcome {
  const otherwise = call.tensors > 0 ? "node" : "unknown";
  if (!layer.isOperation) return callOfOther(graph, layer, call) ?? otherwise;
  // Nobody refuses one tensor, and that is what nearly all layers are called with.
  const kwargs = graph.load.tree.member(call.entry, "kwargs");
  const isPlain = call.single && call.leaves.length === 0 && kwargs !== NO_NODE;
  const isOfKeras = layer.object?.from !== "workspace";
  if (isPlain && layer.object && graph.load.tree.kind(kwargs) === "object") {
    const shape = refusedShape(graph.load, layer.object, layer.node);
    if (shape) return { rule: "invalid-argument", ...shape };
    if (isOfKeras) return "node";
  }
  const lineage = call.form === "arguments" ? calledAsKerasDoes(graph, layer) : undefined;
  if (!lineage) return otherwise;
  const { tree } = graph.load;
  const isEmpty = (key: string) => {
    const node = tree.member(call.entry, key);
    return (tree.kind(node) === "array" || tree.kind(node) === "object") && tree.childCount(node) === 0;
  };
  if (isEmpty("args") && isEmpty("kwargs")) return callWithoutArguments(graph, layer, call.entry);
  const refused =
    refusedUnpacking(graph, layer, call) ??
    (derivesFrom(lineage, "Layer")
      ? refusedByLayer(graph, layer, call, lineage)
      : refusedByOperation(graph, layer, call));
  if (refused) return refused;
  return call.tensors === 0 && call.leaves.every(({ made, isArray }) => made || isArray) ? "nothing" : otherwise;
}

/** `layer(*args, **kwargs)`, of which Python speaks. */
function refusedUnpacking(graph: LayerGraph, layer: GraphLayer, { entry, leaves }: Call): Refused | undefined {
  const { tree } = graph.load;
  const whole = leaves.find(({ at, made }) => made?.lineage && at === tree.member(entry, "args"));
  if (whole?.made) {
    const type = shortType(whole.made);
    return refusal(graphMessages.notUnpacked(layerRepr(graph, layer), "*", type), whole.at);
  }
  for (const [key, stars] of [
    ["args", "*"],
    ["kwargs", "**"],
  ] as const) {
    const at = tree.member(entry, key);
    const type = pythonType(tree, { node: at });
    if (type === "dict" || (stars === "*" && (type === "list" || type === "str"))) continue;
    // The key of a custom object has become another thing.
    if (type === "str" && leafOf(graph, at, () => undefined).made?.type !== "<class 'str'>") continue;
    return refusal(graphMessages.notUnpacked(layerRepr(graph, layer), stars, type), at);
  }
  return undefined;
}

function refusedByLayer(graph: LayerGraph, layer: GraphLayer, call: Call, lineage: Lineage): Refused | undefined {
  const { tree, behaviour } = graph.load;
  const isModel = derivesFrom(lineage, "Functional");
  const takesAll = isModel || lineage.keras.some(({ module }) => module.startsWith("keras.src.layers.preprocessing."));
  const isRefused = ({ at, made }: Leaf) => made && !(tree.kind(at) === "null" && behaviour.takesOptionalInputs);
  const other = takesAll ? undefined : call.leaves.find(isRefused);
  if (other?.made) return refusal(graphMessages.onlyTensors(other.made.printed, other.made.type), other.at);
  const args = tree.member(call.entry, "args");
  const first = tree.kind(args) === "array" ? tree.firstChild(args) : NO_NODE;
  const unbound = refusedByHeader(graph, layer, call.entry) ?? tooManyInputs(graph, lineage, args);
  if (unbound) return unbound;
  if (first === NO_NODE) return undefined;
  return refusedBySpec(graph, layer, call, lineage, first) ?? refusedByMerging(graph, lineage, first);
}

/** What the input spec of a layer of one input says of its first argument. */
function refusedBySpec(
  graph: LayerGraph,
  layer: GraphLayer,
  call: Call,
  lineage: Lineage,
  first: Node,
): Refused | undefined {
  const { tree, behaviour } = graph.load;
  const input = derivesFrom(lineage, "Functional") ? nameOfOneInput(graph, layer) : undefined;
  if (input === undefined && !expectsOneInput(graph, layer, lineage)) return undefined;
  const { tensors, others } = flatten(tree, first);
  const name = nameOfLayer(graph, layer);
  // A dict is asked for the names of a model's inputs.
  if (tensors + others.length === 0)
    return input !== undefined && tree.kind(first) === "object"
      ? undefined
      : refusal(graphMessages.noInputs(behaviour, name, input), first);
  const [at] = others;
  if (tensors > 0 || others.length > 1 || at === undefined) return undefined;
  // An input of a model may be optional.
  if (input !== undefined && tree.kind(at) === "null" && behaviour.takesOptionalInputs) return undefined;
  const made = call.leaves.find((leaf) => leaf.at === at)?.made;
  return made && refusal(graphMessages.noTensor(made.printed, made.type, name), at);
}

/** What a merging layer says of a list that holds something else beside tensors. */
function refusedByMerging({ load: { tree } }: LayerGraph, lineage: Lineage, first: Node): Refused | undefined {
  const name = merging.find((one) => derivesFrom(lineage, one));
  const own = lineage.keras[0];
  if (name === undefined || own?.qualname !== name || !own.module.startsWith("keras.src.layers.merging."))
    return undefined;
  if (tree.kind(first) !== "array" || lineage.defines("call") || lineage.defines("build")) return undefined;
  const flattened = elementsOf(tree, first).map((node) => ({ node, ...flatten(tree, node) }));
  const isNone = (at: Node) => tree.kind(at) === "null";
  const none = flattened.find(({ tensors, others }) => tensors === 0 && others.every(isNone));
  if (!none || flattened.every(({ tensors }) => tensors === 0)) return undefined;
  const type = pythonType(tree, { node: none.node });
  const error: PythonError = { exception: "AttributeError", message: `'${type}' object has no attribute 'shape'` };
  return refusal(graphMessages.failedCall(name, error), none.node);
}

/** Without a tensor an operation is handed to the backend, which has words of its own for what is no number. */
function refusedByOperation(graph: LayerGraph, { object }: GraphLayer, call: Call): Refused | undefined {
  const { tree } = graph.load;
  if (call.tensors > 0 || object?.from !== "keras") return undefined;
  const name = object.symbol.qualname;
  const [first] = call.leaves;
  // It is Python that is asked for the item.
  const isFirst = first && first.at === tree.firstChild(tree.member(call.entry, "args"));
  if (name === "GetItem" && isFirst && first.made && tree.kind(first.at) !== "string") {
    const error = messages.typeError(`'${shortType(first.made)}' object is not subscriptable`);
    return refusal(graphMessages.failedCall(name, error), first.at);
  }
  const other = elementwise.has(name) ? call.leaves.find(({ made }) => made && !isNumber(made)) : undefined;
  if (!other?.made) return undefined;
  const isText = other.made.type === "<class 'str'>";
  const error = isText ? messages.typeError(ofBackend) : messages.valueError(ofBackend);
  return refusal(graphMessages.failedCall(name, error), other.at);
}

/** `type(value).__name__`. */
function shortType({ type }: PrintedObject): string {
  return /'(?:.*\.)?(.*)'/.exec(type)?.[1] ?? "";
}

function isNumber({ type }: PrintedObject): boolean {
  return /^<class '(?:int|float|bool)'>$/.test(type);
}

function refusal(error: PythonError, at: Node): Refused {
  return { rule: "malformed-reference", error, at };
}
