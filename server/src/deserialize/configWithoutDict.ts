import { elementsOf } from "../json/index.ts";
import { constructorProblems, report } from "./constructor/index.ts";
import type { FromConfigPlan } from "./constructorSlots.ts";
import { type PythonType, pythonType, text } from "./dict.ts";
import type { FoundObject, Frame, Load, PythonError, Revival } from "./load.ts";
import * as messages from "./messages.ts";
import { objectOfConfig } from "./places.ts";
import { pythonRepr } from "./pythonRepr.ts";

/** The first thing that a `from_config` does with its config: it fails on what is no dict, and which words depends on it. */
type FirstUse =
  /** `cls(**config)` */
  | { readonly does: "hand on" }
  /** `"key" in config`, then as above */
  | { readonly does: "ask"; readonly key: string }
  /** `config.pop("key")` */
  | { readonly does: "pop" }
  /** `config["key"]` */
  | { readonly does: "subscript"; readonly key: string }
  /** `config.copy()`, then `config.get("key")` */
  | { readonly does: "copy" };

const handingOn = [
  ...["Constraint", "DTypePolicy", "Initializer", "LearningRateSchedule", "Loss", "Metric", "Quantizer", "Regularizer"],
  ...["ConvLSTM", "GRU", "LSTM", "SeedGenerator", "SimpleRNN"],
];

/** By the class of Keras whose `from_config` it is; the same in all releases to 3.14 but for `Operation`. */
const firstUses: ReadonlyMap<string, FirstUse> = new Map<string, FirstUse>([
  ...handingOn.map((name): [string, FirstUse] => [name, { does: "hand on" }]),
  ["BaseOptimizer", { does: "ask", key: "learning_rate" }],
  ["LossFunctionWrapper", { does: "ask", key: "fn" }],
  ["MeanMetricWrapper", { does: "ask", key: "fn" }],
  ...["LossScaleOptimizer", "RNN", "StackedRNNCells", "Wrapper"].map((name): [string, FirstUse] => [
    name,
    { does: "pop" },
  ]),
  ["Bidirectional", { does: "subscript", key: "layer" }],
  ...["Dense", "EinsumDense", "Embedding"].map((name): [string, FirstUse] => [name, { does: "copy" }]),
]);

/**
 * What `cls.from_config(config)` raises where `config` is no dict: Keras checks that from 3.15 on, and hands it on before.
 * No event where the class's own `from_config` is not known to fail so.
 */
export function failWithoutDict(load: Load, revival: Revival, plan: FromConfigPlan): void {
  // The older format of Keras 2 hands on a list as it is.
  if (revival.legacy && load.behaviour.package === "keras") return;
  if (plan.by === "model") failModelWithoutDict(load, revival);
  if (plan.by === "workspace") failOwnWithoutDict(load, revival, plan);
  if (plan.by !== "keras") return;
  const { tree, behaviour } = load;
  const { config, object } = revival;
  const use =
    plan.definer === "Operation"
      ? ({ does: behaviour.asksConfigForDtype ? "ask" : "hand on", key: "dtype" } as const)
      : firstUses.get(plan.definer);
  if (!use) return;
  const type = pythonType(tree, config);
  const isSequence = type === "str" || type === "list";
  // Where the key is in it, what comes next fails in its own way.
  if (use.does === "ask" && isSequence && tree.raw(config.node).includes(use.key)) return;
  const handedOn = use.does === "hand on" || (use.does === "ask" && isSequence);
  let error = handedOn ? messages.noMapping(object, type) : firstUseFails(use, type);
  if (handedOn && plan.wrapsConstructor) {
    const printed = text(tree, config) ?? pythonRepr(tree, config);
    error = messages.errorWhenDeserializing(messages.nameOf(object), error, printed);
  }
  failAtConfig(load, revival, error);
}

/** A `from_config` of the workspace's own that asks the config for a key before all else. */
export function failOwnWithoutDict(
  load: Load,
  revival: Revival,
  { flow }: Extract<FromConfigPlan, { by: "workspace" }>,
): void {
  const [key] = flow?.demands ?? [];
  if (!flow?.subscripts || flow.isDecorated || key === undefined) return;
  failAtConfig(load, revival, messages.subscriptFails(pythonType(load.tree, revival.config), key));
}

/** `Model.from_config` looks for the keys of a graph in a list and a text, too, and then hands it on. */
function failModelWithoutDict(load: Load, revival: Revival): void {
  const { tree } = load;
  const { config, object } = revival;
  const type = pythonType(tree, config);
  if (type !== "list" && type !== "str") {
    failAtConfig(load, revival, messages.notAContainer(type));
    return;
  }
  // The keys could be among strings.
  const strings = elementsOf(tree, config.node).filter((child) => tree.kind(child) === "string");
  const texts = new Set(strings.map((child) => tree.string(child)));
  const hasKeys = ["name", "layers", "input_layers", "output_layers"].every((key) => texts.has(key));
  if (hasKeys || text(tree, config)?.includes("input_layers")) return;
  const [repr, name] = [messages.classRepr(object), messages.nameOf(object)];
  const printed = text(tree, config) ?? pythonRepr(tree, config);
  const error = messages.unableToRevive(repr, name, messages.noMapping(object, type), printed);
  failAtConfig(load, revival, error);
}

/** The object is the one whose config it is, or a bare config itself. */
export function failAtConfig(load: Load, { config, frame }: Revival, error: PythonError): void {
  load.fail(objectOfConfig(load, config.node), { rule: "wrong-field-type", node: config.node, error }, frame);
}

/** To 3.14 `Sequential.from_config` takes the characters of a text for layers, without `module`. */
export function failOnText(load: Load, revival: Revival): void {
  if (text(load.tree, revival.config)?.includes("name") === false) failAtConfig(load, revival, messages.textIndexed());
}

/**
 * What `cls.from_config({})` raises, to which a config that is null or the like has come. No event where that is not known.
 */
export function failOnEmptyConfig(load: Load, revival: Revival, plan: FromConfigPlan, inConstructor: Frame): void {
  const [problem] = constructorProblems(load, revival, plan);
  if (problem && load.tree.kind(revival.config.node) === "string") {
    report(load, revival, problem, inConstructor);
    return;
  }
  const error = problem?.error ?? refusalOfNothing(revival.object, plan);
  const frame = problem && !problem.beforeConstructor ? inConstructor : revival.frame;
  if (error) failAtConfig(load, { ...revival, frame }, error);
}

/** The same of classes whose constructors have no rules. */
function refusalOfNothing(object: FoundObject, plan: FromConfigPlan): PythonError | undefined {
  if (plan.by !== "keras") return undefined;
  if (plan.definer === "JaxLayer") return messages.keyError("call_fn");
  if (plan.definer === "LossScaleOptimizer") return messages.keyError("inner_optimizer");
  const name = messages.nameOf(object);
  if (plan.definer !== "Operation" || name !== "TFSMLayer") return undefined;
  return messages.errorWhenDeserializing(name, messages.missingArguments(name, ["filepath"]));
}

/** Python's own words. */
function firstUseFails(use: FirstUse, type: PythonType): PythonError {
  if (use.does === "ask") return messages.typeError(`argument of type '${type}' is not iterable`);
  if (use.does === "subscript") return messages.subscriptFails(type, use.key);
  if (type === "list" && use.does === "pop") {
    return messages.typeError("'str' object cannot be interpreted as an integer");
  }
  const attribute = use.does === "pop" ? "pop" : type === "list" ? "get" : "copy";
  return { exception: "AttributeError", message: `'${type}' object has no attribute '${attribute}'` };
}
