import type { BuiltinSymbol, TableName } from "../../catalogue/keras.ts";
import type { Node } from "../../json/index.ts";
import { heldBy } from "../building/heldValues.ts";
import { field, type PythonType, pythonType, text } from "../dict.ts";
import type { FoundObject, Frame, Load, PythonError, Result, Revival, SlotArgument } from "../load.ts";
import * as messages from "../messages.ts";
import { pythonRepr } from "../pythonRepr.ts";
import { decidingField, fieldNode } from "../retrievalFailures.ts";

import { noDtypeOfInput } from "./argumentValues.ts";
import { isBuilt, isCalledByModel } from "./building.ts";
import { noDirection, noLayer, noLayerFor } from "./layersDemanded.ts";
import { printableName } from "./legacy.ts";
import { noOptimizerMade } from "./optimizersMade.ts";
import { bareActivation, buildsAsKeras, noActivation, noPolicy, weightNotMade } from "./uses.ts";
import { useOfWeight } from "./weights.ts";

/**
 * `deserialize` of the modules of Keras 2 gives back the bare name of what it does not know. What becomes of that string
 * is decided by whoever asked: some constructors object to it, a layer that is built seeks it once more, others keep it.
 */

/** What is raised once the class has all of its arguments; it gets the frame of the constructor. */
export type Refusal = (inConstructor: Frame) => void;

/** What the class whose argument it is makes of a result. */
export function judgeInPlace(load: Load, argument: SlotArgument, result: Result): Refusal | undefined {
  return leftInPlace(load, argument, result) ?? refusalInPlace(load, argument, result);
}

/** The same of a result that is no object. */
function leftInPlace(load: Load, argument: SlotArgument, result: Result): Refusal | undefined {
  if (result.is !== "plain") return undefined;
  const { slot, node, frame } = argument;
  const { tree } = load;
  if (slot.by === "dtype_policies.get") {
    if (tree.kind(node) === "object") askedForName(load, argument, result.text === undefined ? result.returned : "str");
    return undefined;
  }
  const bare = bareOf(load, node, result);
  if (!bare || slot.by === "deserialize_keras_object") return undefined;
  const outcome = made(load, argument, bare);
  const { at, shown: name } = bare;
  if (outcome === "kept") {
    if (bare.type === "str") load.warn(node, { rule: "unknown-identifier", at, name }, frame);
  } else if (outcome === "not known") leftAsName(load, node, at, name);
  else {
    const { exception, message } = outcome;
    const error = { exception, message };
    const failure = { rule: "unknown-identifier", node: at, error, lookedUp: name, name } as const;
    // Who builds the layer is no longer in its constructor.
    if (slot.phase === "init" && !outcome.inConstructor) return () => load.fail(node, failure, argument.revival.frame);
    load.fail(node, failure, frame);
  }
  return undefined;
}

/** What stands in place of an object: the name of its class or function, which need not be a string. */
export interface Bare {
  /** As Python's `str()` shows it. */
  readonly shown: string;
  readonly type: PythonType;
  /** The value that holds it. */
  readonly at: Node;
}

/** What a result that is no object leaves of the serialized object at a node. */
export function bareOf(load: Load, node: Node, result: Result): Bare | undefined {
  if (result.is !== "plain") return undefined;
  const { text: name, returned } = result;
  if (name !== undefined) return { shown: name, type: "str", at: nameNode(load, node, name) };
  if (returned === undefined) return undefined;
  const { tree } = load;
  const member = (key: string) => field(tree, { node }, key);
  const isFunction = text(tree, member("class_name")) === "function";
  const key = !isFunction ? "class_name" : text(tree, member("module")) === "builtins" ? "config" : "registered_name";
  const value = member(key);
  return value && { shown: pythonRepr(tree, value), type: returned, at: fieldNode(load, { node }, key) };
}

/** Keras 2 does not object to a name that it does not know, until something is done with it. */
export function leftAsName(load: Load, node: Node, at: Node, name: string): void {
  const reason = `Keras 2 leaves the bare name \`${name}\` in its place, and fails only where something is done with it`;
  load.unknown(node, at, { reason, names: [name] });
}

/** The value that holds the name which was left: a field of a dict, or the string itself. */
export function nameNode(load: Load, node: Node, name: string): Node {
  const { tree } = load;
  const dict = { node };
  if (pythonType(tree, dict) !== "dict") return node;
  const kind = text(tree, field(tree, dict, "class_name")) === "function" ? "function" : "class";
  return fieldNode(load, dict, decidingField(load, dict, kind, name));
}

/** `get_policy` of tf_keras/src/mixed_precision/policy.py asks what it got for its name. */
function askedForName(load: Load, { node, frame }: SlotArgument, type: string | undefined): void {
  if (type === undefined) return;
  const error = { exception: "AttributeError", message: `'${type}' object has no attribute 'name'` };
  const at = load.tree.member(node, "class_name");
  const name = type === "str" ? load.tree.string(at) : undefined;
  const named = name === undefined ? {} : { lookedUp: name, name };
  load.fail(node, { rule: "unknown-identifier", error, node: at, ...named }, frame);
}

/** What is made of a name: an error, nothing while the config is loaded, or what cannot be known. */
type Made = (PythonError & { readonly inConstructor?: boolean }) | "kept" | "not known";

function made(load: Load, argument: SlotArgument, bare: Bare): Made {
  const { slot, revival } = argument;
  const name = bare.shown;
  const symbol = constructing(load, revival.object);
  if (!symbol) return madeByOwn(load, argument, bare) ?? "not known";
  const table = slot.by.split(/[.(]/)[0] as TableName;
  switch (table) {
    case "initializers":
    case "constraints":
      return madeOfWeight(load, argument, table, bare);
    case "regularizers":
      if (slot.argument === "activity_regularizer") return calledWithOutput(load, revival, bare);
      return isNameOrNone(bare) ? "kept" : madeOfWeight(load, argument, table, bare);
    case "losses":
    case "metrics":
      return "kept";
    case "schedules":
      return bare.type === "str" ? madeByOptimizer(symbol, name) : "not known";
    case "optimizers":
      return madeByLossScale(symbol, name);
    case "layers":
      return noLayerFor(symbol, slot.argument, name) ?? "not known";
    case "activations":
      return bareActivation(load, symbol, revival, bare);
    default:
      return "not known";
  }
}

/** A class of the workspace that makes a weight of it whenever it is built. */
function madeByOwn(load: Load, { slot, revival }: SlotArgument, bare: Bare): Made | undefined {
  const values = slot.by.startsWith("initializers.") ? heldBy(load, revival.object) : undefined;
  const { attribute } = values?.held.find(({ parameter }) => parameter === slot.argument) ?? {};
  const isUsed = values?.build.some((use) => use.is === "initializer" && use.attribute === attribute && !use.each);
  if (!isUsed || bare.type !== "str" || isBuilt(load, load.tree.parent(revival.config.node), false) !== "built")
    return undefined;
  return messages.unknownLegacy(load.behaviour, "initializer", bare.shown);
}

/** What a constructor of Keras 2 raises over an argument that has become an object, or a value which stays what it is. */
function refusalInPlace(load: Load, argument: SlotArgument, result: Result): Refusal | undefined {
  const { slot, node, revival } = argument;
  const symbol = result.is === "failed" ? undefined : constructing(load, revival.object);
  if (!symbol) return undefined;
  const inConstructor =
    noLayer(load, symbol, slot, node, result) ??
    noDirection(load, symbol, argument, result) ??
    noOptimizerMade(load, symbol, slot, result) ??
    noPolicy(load, argument, result) ??
    noDtypeOfInput(load, symbol, argument, result);
  const error =
    inConstructor ?? weightNotMade(load, symbol, argument, result) ?? noActivation(load, symbol, argument, result);
  if (!error) return undefined;
  const failure = { rule: "invalid-argument", node, error, name: slot.argument } as const;
  // Who builds or calls the layer is no longer in its constructor.
  return (frame) => load.fail(node, failure, inConstructor ? frame : revival.frame);
}

/** The class of Keras whose constructor gets the argument, where no constructor of the workspace stands before it. */
function constructing(load: Load, object: FoundObject): BuiltinSymbol | undefined {
  if (object.from === "keras") return object.symbol;
  if (object.from !== "workspace") return undefined;
  const cls = load.registry.classOf(object.module, object.qualname, object.location);
  for (const entry of cls?.mro ?? []) {
    if (entry.kind === "external") return load.release.resolve(entry.path);
    if (entry.class.members.has("__init__") || entry.class.members.has("from_config")) return undefined;
  }
  return undefined;
}

function isNameOrNone({ type }: Bare): boolean {
  return type === "str" || type === "NoneType";
}

/**
 * Convolutions call `get` in their own constructor and in that of `Conv`, where the name then is unknown; a weight that is
 * made calls it in `add_weight` of tf_keras/src/engine/base_layer.py.
 */
function madeOfWeight(load: Load, { slot, revival }: SlotArgument, table: WeightTable, bare: Bare): Made {
  const { object, config } = revival;
  const symbol = buildsAsKeras(load, object) ? constructing(load, object) : undefined;
  if (!symbol) return "not known";
  const use = useOfWeight(load.tree, symbol, config.node, slot.argument);
  if (use === "kept") return "kept";
  const isNone = bare.type === "NoneType";
  const error =
    bare.type === "str"
      ? messages.unknownLegacy(load.behaviour, printableName(table), bare.shown)
      : messages.valueError(`Could not interpret ${identifiers[table]} identifier: ${bare.shown}`);
  if (use === "twice") return isNone ? "kept" : { ...error, inConstructor: true };
  const built = isBuilt(load, load.tree.parent(config.node), true);
  if (built !== "built") return built === "not built" ? "kept" : "not known";
  if (use === "called") return messages.typeError(`'${bare.type}' object is not callable`);
  // Without an initializer the weight takes that of its dtype.
  return isNone ? "kept" : use === "got" ? error : "not known";
}

type WeightTable = "initializers" | "constraints" | "regularizers";

/** What `get` of the module calls what it does not understand. */
const identifiers: Readonly<Record<WeightTable, string>> = {
  initializers: "initializer",
  constraints: "constraint function",
  regularizers: "regularizer",
};

/** `_handle_activity_regularization` of tf_keras/src/engine/base_layer.py calls a regularizer where the layer is called. */
function calledWithOutput(load: Load, { config, object }: Revival, { type }: Bare): Made {
  const layer = load.tree.parent(config.node);
  if (!buildsAsKeras(load, object)) return "not known";
  if (isBuilt(load, layer, true) === "not built" || type === "NoneType") return "kept";
  return isCalledByModel(load, layer) ? messages.typeError(`'${type}' object is not callable`) : "not known";
}

/** The optimizers of tf_keras/src/optimizers make a variable of their learning rate, those of its `legacy` keep it. */
function madeByOptimizer(symbol: BuiltinSymbol, name: string): PythonError | "kept" {
  if (symbol.module.startsWith("tf_keras.src.optimizers.legacy")) return "kept";
  return messages.typeError(`Cannot convert '${name}' to EagerTensor of dtype float`);
}

function madeByLossScale(symbol: BuiltinSymbol, name: string): PythonError {
  const due = symbol.qualname === "LossScaleOptimizerV3" ? "Optimizer" : "`tf.keras.optimizers.Optimizer`";
  const end = symbol.qualname === "LossScaleOptimizerV3" ? "." : ". ";
  return messages.typeError(`"inner_optimizer" must be an instance of ${due}, but got: ${name}${end}`);
}
