import type { BuiltinSymbol } from "../../catalogue/keras.ts";
import { elementsOf, NO_NODE, type Node, type ValueTree } from "../../json/index.ts";
import { bindingError } from "../building/binding.ts";
import { callError } from "../building/callError.ts";
import { pythonType } from "../dict.ts";
import { derivesFrom, lineageOf } from "../graph/lineage.ts";
import { isInstance } from "../instances.ts";
import { type FoundObject, kindOf, type Load, type PythonError, type Result, type SlotArgument } from "../load.ts";
import * as messages from "../messages.ts";
import { pythonRepr } from "../pythonRepr.ts";
import { isBuilt, isCalledByModel } from "./building.ts";
import { holdsMore, noDtype } from "./dtypes.ts";
import { getsTwice, useOfWeight } from "./weights.ts";

/** Where Keras 2 uses what an argument has become: it makes a weight by it, calls it, or asks it for a dtype. */

/**
 * What `add_weight` of tf_keras/src/engine/base_layer.py raises where a layer is built and its initializer has become an object:
 * `initializer(shape, dtype=dtype)`.
 */
export function weightNotMade(
  load: Load,
  symbol: BuiltinSymbol,
  { slot, node, revival }: SlotArgument,
  result: Result,
): PythonError | undefined {
  if (slot.by !== "initializers.get" || result.is !== "object" || !buildsAsKeras(load, revival.object))
    return undefined;
  const { object } = result;
  const error =
    object.from === "keras"
      ? wrongSeed(load.tree, object.symbol, node)
      : (lacksCall(load, object) ?? callError(load, object, { positional: 1, keywords: ["dtype"] }));
  if (!error) return undefined;
  const use = useOfWeight(load.tree, symbol, revival.config.node, slot.argument);
  if (use === "kept" || use === "not known") return undefined;
  return isBuilt(load, load.tree.parent(revival.config.node), false) === "built" ? error : undefined;
}

/** Methods that a class of the workspace may have of its own, and then what is built and called is not said. */
const decides = [
  "__init__",
  "__call__",
  "call",
  "build",
  "add_weight",
  "build_from_config",
  "__setattr__",
  "__getattribute__",
];

/** Whether a layer is built and called as the class of Keras that it derives from. */
export function buildsAsKeras(load: Load, object: FoundObject): boolean {
  if (object.from === "keras") return true;
  const lineage = lineageOf(load, object);
  return lineage.complete && isInstance(load, object) && !decides.some(lineage.defines);
}

/** `Initializer.__call__`, which is there to be overridden. */
function lacksCall(load: Load, object: FoundObject): PythonError | undefined {
  if (object.from !== "workspace" || kindOf(object) !== "class" || !isInstance(load, object)) return undefined;
  const lineage = lineageOf(load, object);
  if (lineage.defines("__call__") || lineage.keras[0]?.qualname !== "Initializer") return undefined;
  return {
    exception: "NotImplementedError",
    message: "Initializer subclasses must implement the `__call__()` method.",
  };
}

/** Initializers of tf_keras/src/initializers/initializers.py whose weights are random. */
const random = ["RandomUniform", "RandomNormal", "TruncatedNormal", "VarianceScaling", "Orthogonal"];

/** What TensorFlow says of a seed that is no integer, when random numbers are drawn. */
function wrongSeed(tree: ValueTree, { mro }: BuiltinSymbol, initializer: Node): PythonError | undefined {
  if (!mro.some(({ qualname }) => random.includes(qualname)) || tree.kind(initializer) !== "object") return undefined;
  const seed = tree.member(tree.member(initializer, "config"), "seed");
  if (seed === NO_NODE || pythonType(tree, { node: tree.member(initializer, "config") }) !== "dict") return undefined;
  const kind = tree.kind(seed);
  if (kind === "string" || kind === "boolean")
    return messages.valueError("Can't convert Python sequence with mixed types to Tensor.");
  if (
    kind === "array" &&
    elementsOf(tree, seed).every((one) => tree.kind(one) === "number") &&
    tree.childCount(seed) > 0
  )
    return messages.valueError("Can't convert non-rectangular Python sequence to Tensor.");
  if (kind !== "object" || holdsMore(tree, seed)) return undefined;
  return messages.valueError(
    `Attempt to convert a value (DictWrapper(${pythonRepr(tree, { node: seed })})) with an unsupported type ` +
      "(<class 'tensorflow.python.trackable.data_structures._DictWrapper'>) to a Tensor.",
  );
}

/** Layers that return what their activation returns. */
const returning =
  /^(?:Activation|Dense|EinsumDense|LocallyConnected[12]D|(?:Depthwise|Separable)?Conv[123]D(?:Transpose)?)$/;

/**
 * What a model makes of a layer that returns no tensor: the key of a class stands for the class, which the layer calls, and an
 * instance of it is what comes out.
 */
export function noActivation(
  load: Load,
  symbol: BuiltinSymbol,
  { slot, node, revival }: SlotArgument,
  result: Result,
): PythonError | undefined {
  if (slot.argument !== "activation" || result.is !== "object" || !buildsAsKeras(load, revival.object))
    return undefined;
  const { object } = result;
  if (load.tree.kind(node) !== "string" || !returning.test(symbol.qualname) || !makesNoTensor(load, object))
    return undefined;
  if (!isCalledByModel(load, load.tree.parent(revival.config.node))) return undefined;
  const instance = messages.instanceRepr(object);
  return messages.typeError(
    `Could not build a TypeSpec for ${instance} of unsupported type ${messages.classRepr(object)}.`,
  );
}

/**
 * What a layer makes of an activation of which no function was found: it is called with the layer, but for None; some seek it once
 * more in the constructor of their base.
 */
export function bareActivation(
  load: Load,
  symbol: BuiltinSymbol,
  { object, config }: SlotArgument["revival"],
  { type, shown }: { readonly type: string; readonly shown: string },
): (PythonError & { readonly inConstructor?: boolean }) | "kept" | "not known" {
  if (!returning.test(symbol.qualname) || !buildsAsKeras(load, object)) return "not known";
  if (type === "NoneType" && !/^(?:Activation|LocallyConnected)/.test(symbol.qualname)) return "kept";
  if (getsTwice(symbol)) {
    const error = messages.typeError(`Could not interpret activation function identifier: ${shown}`);
    return { ...error, inConstructor: true };
  }
  const { tree } = load;
  const layer = tree.parent(config.node);
  const name = tree.member(config.node, "name");
  if (isBuilt(load, layer, true) === "not built") return "kept";
  if (!isCalledByModel(load, layer) || name === NO_NODE || tree.kind(name) !== "string") return "not known";
  const told = `'${type}' object is not callable`;
  return messages.typeError(messages.callOfLayer(tree.string(name), object, told, "inputs=…"));
}

/** Whether a class of the workspace takes a tensor, and makes an instance that is none. */
function makesNoTensor(load: Load, object: FoundObject): boolean {
  if (object.from !== "workspace" || kindOf(object) !== "class") return false;
  const lineage = lineageOf(load, object);
  if (!lineage.complete || ["__new__", "__repr__", "__str__"].some(lineage.defines)) return false;
  if (!["Initializer", "Regularizer", "Constraint"].some((base) => derivesFrom(lineage, base))) return false;
  const signature = load.registry.signatureOf(object.module, `${object.qualname}.__init__`, object.location.uri);
  return signature !== undefined && bindingError(signature, { positional: 1, keywords: [] }, 1) === undefined;
}

/** `get_policy` of tf_keras/src/mixed_precision/policy.py asks what it got for its name. */
export function noPolicy(load: Load, { slot, node }: SlotArgument, result: Result): PythonError | undefined {
  if (slot.by !== "dtype_policies.get" || result.is !== "object" || result.object.from !== "workspace")
    return undefined;
  const { object } = result;
  if (kindOf(object) === "function") {
    // A string that the older format has made a function of is no dict that is deserialized.
    return load.tree.kind(node) === "string"
      ? messages.typeError(noDtype(messages.functionRepr(object)))
      : messages.attributeError("function", "name");
  }
  const lineage = lineageOf(load, object);
  const isNone = ["Initializer", "Regularizer", "Constraint"].some((base) => derivesFrom(lineage, base));
  const answers = ["name", "__getattr__", "__getattribute__"].some(lineage.defines);
  return isNone && !answers && isInstance(load, object)
    ? messages.attributeError(messages.nameOf(object), "name")
    : undefined;
}
