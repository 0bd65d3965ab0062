import { NO_NODE, type Node } from "../../json/index.ts";
import { failAtConfig, failOwnWithoutDict } from "../configWithoutDict.ts";
import type { FromConfigPlan } from "../constructorSlots.ts";
import { hashable, type PythonType, pythonType, text } from "../dict.ts";
import { lineageOf } from "../graph/lineage.ts";
import { type FoundObject, kindOf, type Load, type PythonError, type Revival } from "../load.ts";
import * as messages from "../messages.ts";
import { objectOfConfig, placeOfObject } from "../places.ts";
import { pythonRepr, reprString } from "../pythonRepr.ts";
import { isNoSymbol } from "./tensorflowSymbols.ts";

/** What a `from_config` of Keras 2 does first with its config. */
type FirstUse =
  /** `cls(**config)` */
  | { readonly does: "hand on" }
  /** `"key" in config`, then as above */
  | { readonly does: "ask"; readonly key: string }
  /** `config.pop("key")`, or `config.pop("key", None)` where `hasDefault` */
  | { readonly does: "pop"; readonly key: string; readonly hasDefault: boolean }
  /** `"module" not in config`, then `config.pop("layer")` */
  | { readonly does: "ask and pop"; readonly key: string }
  /** `config["key"]` */
  | { readonly does: "subscript"; readonly key: string }
  /** `config.copy()`, then `config["key"]` */
  | { readonly does: "copy"; readonly key: string };

const pop = (key: string, hasDefault = false): FirstUse => ({ does: "pop", key, hasDefault });

/** By the class whose `from_config` it is, as tf_keras has them in 2.15.1 and 2.21.0. */
const firstUses: ReadonlyMap<string, FirstUse> = new Map<string, FirstUse>([
  ...["Layer", "Regularizer", "Constraint", "ConvLSTM", "LearningRateSchedule"].map((name): [string, FirstUse] => [
    name,
    { does: "hand on" },
  ]),
  ...["GRU", "LSTM", "SimpleRNN"].map((name): [string, FirstUse] => [name, { does: "ask", key: "implementation" }]),
  ["_BaseOptimizer", { does: "ask", key: "learning_rate" }],
  ["OptimizerV2", { does: "ask", key: "lr" }],
  ["Policy", { does: "ask", key: "loss_scale" }],
  ["Initializer", pop("dtype", true)],
  ["Constant", pop("dtype", true)],
  ["MeanMetricWrapper", pop("fn", true)],
  ["Bidirectional", pop("num_constants", true)],
  ["RNN", pop("cell")],
  ["StackedRNNCells", pop("cells")],
  ["Wrapper", { does: "ask and pop", key: "layer" }],
  ["Embedding", { does: "subscript", key: "input_dim" }],
  ["TextVectorization", { does: "subscript", key: "standardize" }],
  ["LossScaleOptimizerV3", { does: "copy", key: "inner_optimizer" }],
  ["TFOpLambda", { does: "copy", key: "function" }],
]);

/**
 * What Keras 2 raises of a config that is no dict, or is empty, where that is known; whether it is no dict, so that nothing
 * comes after it. The format before `module` reads the members of a config that is no list by itself.
 */
export function failOnConfig(load: Load, revival: Revival, plan: FromConfigPlan): boolean {
  const { tree } = load;
  const { config, object, legacy } = revival;
  if (kindOf(object) !== "class") return false;
  const type = pythonType(tree, config);
  if (legacy && type !== "dict" && type !== "list") {
    failAtConfig(load, revival, noAttribute(type, "items"));
    return true;
  }
  if (plan.by === "sequential" || plan.by === "model") return false;
  const use = plan.by === "keras" ? firstUses.get(plan.definer.slice(plan.definer.lastIndexOf(".") + 1)) : undefined;
  if (config.literal !== undefined) {
    // A dict that is written down is for the constructor to judge, and what a class of the workspace makes of none.
    const isWritten = tree.kind(config.node) === "object";
    if ((isWritten || object.from === "workspace") && plan.by !== "lambda") {
      if (isWritten) failOnAttention(load, revival);
      return isWritten && failOnMetric(load, revival);
    }
    const error = ofNothing(revival, plan, use);
    if (error) failAtConfig(load, revival, error);
    return true;
  }
  if (type === "dict") {
    failOnInputLayer(load, revival);
    failOnAttention(load, revival);
    return failOnMetric(load, revival) || failOnSymbol(load, revival, use);
  }
  if (plan.by === "workspace") failOwnWithoutDict(load, revival, plan);
  const error = use && ofNoDict(load, revival, use, type);
  if (error) failAtConfig(load, revival, plan.wrapsConstructor ? wrapped(load, revival, error) : error);
  return true;
}

function wrapped(load: Load, { config, object }: Revival, error: PythonError): PythonError {
  const printed = text(load.tree, config) ?? pythonRepr(load.tree, config);
  return messages.errorWhenDeserializing(messages.nameOf(object), error, printed);
}

function ofNoDict(load: Load, { config, object }: Revival, use: FirstUse, type: PythonType): PythonError | undefined {
  const isSequence = type === "str" || type === "list";
  const asks = use.does === "ask" || use.does === "ask and pop";
  if (asks && !isSequence) return messages.typeError(`argument of type '${type}' is not iterable`);
  // Where the key is in it, what comes next fails in its own way.
  if (use.does === "ask" && load.tree.raw(config.node).includes(use.key)) return undefined;
  switch (use.does) {
    case "hand on":
    case "ask":
      return messages.noMapping(object, type);
    case "pop":
    case "ask and pop":
      if (type !== "list") return noAttribute(type, "pop");
      return messages.typeError(
        use.does === "pop" && use.hasDefault
          ? "pop expected at most 1 argument, got 2"
          : "'str' object cannot be interpreted as an integer",
      );
    case "copy":
      return type === "list" ? messages.subscriptFails(type, use.key) : noAttribute(type, "copy");
    case "subscript":
      return messages.subscriptFails(type, use.key);
  }
}

function noAttribute(type: string, attribute: string): PythonError {
  return { exception: "AttributeError", message: `'${type}' object has no attribute '${attribute}'` };
}

/** Of `{}`, to which every falsy config has come: a key that is needed, or an argument. */
function ofNothing({ object }: Revival, plan: FromConfigPlan, use: FirstUse | undefined): PythonError | undefined {
  if (plan.by === "lambda") return messages.keyError("function_type");
  if (!use || object.from !== "keras") return undefined;
  const isNeeded = use.does === "ask and pop" || use.does === "subscript" || use.does === "copy";
  if (isNeeded || (use.does === "pop" && !use.hasDefault)) return messages.keyError(use.key);
  if (object.symbol.qualname === "Bidirectional") return messages.keyError("layer");
  if (object.symbol.qualname === "MeanMetricWrapper") return noMetric;
  const error = missingArguments(object);
  return error && plan.wrapsConstructor ? messages.errorWhenDeserializing(messages.nameOf(object), error) : error;
}

/** What Python raises where a class of Keras is called without any argument; undefined where it may be. */
export function missingArguments(object: FoundObject): PythonError | undefined {
  if (object.from !== "keras") return undefined;
  const { mro, parameters } = object.symbol;
  const required = parameters.filter((parameter) => parameter.default === undefined);
  const definer = mro.find((cls) => cls.ownMethods.includes("__init__"));
  if (!definer || required.length === 0 || required.some(({ kind }) => kind !== "positional")) return undefined;
  return messages.missingArguments(
    definer.qualname,
    required.map(({ name }) => name),
  );
}

/** `InputLayer.__init__` of tf_keras/src/engine/input_layer.py names the arguments that it does not have. */
function failOnInputLayer(load: Load, revival: Revival): void {
  const { tree } = load;
  const { object, config } = revival;
  const lineage = lineageOf(load, object);
  const [symbol] = lineage.keras;
  if (symbol?.qualname !== "InputLayer" || !lineage.complete) return;
  if (["__init__", "__new__", "from_config"].some(lineage.defines)) return;
  const known = new Set([...symbol.parameters.map(({ name }) => name), "batch_input_shape"]);
  const others = new Map<string, Node>();
  for (let node = tree.firstChild(config.node); node !== NO_NODE; node = tree.nextSibling(node)) {
    if (!known.has(tree.key(node))) others.set(tree.key(node), node);
  }
  const [entry] = others;
  if (!entry) return;
  const [name, node] = entry;
  const named = [...others.keys()].map((key) => reprString(key)).join(", ");
  const error = messages.valueError(`Unrecognized keyword arguments: [${named}]`);
  const wrapped = messages.errorWhenDeserializing(messages.nameOf(object), error);
  load.fail(
    objectOfConfig(load, config.node),
    { rule: "unknown-argument", node, error: wrapped, name, allowed: [...known] },
    revival.frame,
  );
}

/** `MultiHeadAttention.from_config` of tf_keras/src/layers/attention takes out what its layer was built with. */
function failOnAttention(load: Load, { object, config, frame }: Revival): void {
  if (object.from !== "keras" || object.symbol.qualname !== "MultiHeadAttention") return;
  const { tree } = load;
  const missing = ["query_shape", "key_shape", "value_shape"].find((key) => tree.member(config.node, key) === NO_NODE);
  if (missing === undefined) return;
  const node = objectOfConfig(load, config.node);
  const failure = { rule: "missing-argument", node: placeOfObject(load, node), name: missing } as const;
  load.fail(node, { ...failure, error: messages.keyError(missing) }, frame);
}

/** `metrics.get` of tf_keras/src/metrics refuses None. */
const noMetric = messages.valueError("Could not interpret metric identifier: None");

/** `MeanMetricWrapper.from_config` of tf_keras/src/metrics/base_metric.py asks `get` for its `fn` first. Says whether that fails. */
function failOnMetric(load: Load, { object, config, frame }: Revival): boolean {
  if (object.from !== "keras" || object.symbol.qualname !== "MeanMetricWrapper") return false;
  const { tree } = load;
  const fn = tree.member(config.node, "fn");
  if (fn === NO_NODE) {
    const node = objectOfConfig(load, config.node);
    const failure = { rule: "missing-argument", node: placeOfObject(load, node), name: "fn" } as const;
    load.fail(node, { ...failure, error: noMetric }, frame);
    return true;
  }
  if (tree.kind(fn) !== "null") return false;
  load.fail(fn, { rule: "unknown-identifier", node: fn, error: noMetric }, frame);
  return true;
}

/** The function of TensorFlow that an operation is: `get_symbol_from_name(config["function"])`. */
function failOnSymbol(load: Load, revival: Revival, use: FirstUse | undefined): boolean {
  const { tree } = load;
  if (use?.does !== "copy" || use.key !== "function") return false;
  const node = tree.member(revival.config.node, "function");
  const error =
    node === NO_NODE
      ? messages.keyError("function")
      : hashable(tree, { node })
        ? tree.kind(node) === "string" && isNoSymbol(tree.string(node))
          ? messages.valueError(`TF symbol \`${tree.string(node)}\` could not be found.`)
          : undefined
        : messages.unhashable(pythonType(tree, { node }));
  if (!error) return false;
  const at = node === NO_NODE ? revival.config.node : node;
  load.fail(at, { rule: "wrong-field-type", node: at, error }, revival.frame);
  return true;
}
