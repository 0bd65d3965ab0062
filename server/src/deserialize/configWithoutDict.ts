import { NO_NODE } from "../json/index.ts";
import type { FromConfigPlan } from "./constructorSlots.ts";
import { type PythonType, pythonType, text } from "./dict.ts";
import type { Load, PythonError, Revival } from "./load.ts";
import * as messages from "./messages.ts";
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
  | { readonly does: "subscript" }
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
  ["Bidirectional", { does: "subscript" }],
  ...["Dense", "EinsumDense", "Embedding"].map((name): [string, FirstUse] => [name, { does: "copy" }]),
]);

/**
 * What `cls.from_config(config)` raises where `config` is no dict: Keras checks that from 3.15 on, and hands it on before.
 * No event where the class's own `from_config` is not known to fail so.
 */
export function failWithoutDict(load: Load, revival: Revival, plan: FromConfigPlan): void {
  if (plan.by !== "keras" || revival.legacy) return;
  const { tree, behaviour } = load;
  const { config, frame, object } = revival;
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
  const parent = tree.parent(config.node);
  load.fail(parent === NO_NODE ? config.node : parent, { rule: "wrong-field-type", node: config.node, error }, frame);
}

/** Python's own words. */
function firstUseFails(use: FirstUse, type: PythonType): PythonError {
  if (use.does === "ask") return messages.typeError(`argument of type '${type}' is not iterable`);
  if (use.does === "subscript") {
    if (type === "list") return messages.typeError("list indices must be integers or slices, not str");
    if (type === "str") return messages.typeError("string indices must be integers, not 'str'");
    return messages.typeError(`'${type}' object is not subscriptable`);
  }
  if (type === "list" && use.does === "pop") {
    return messages.typeError("'str' object cannot be interpreted as an integer");
  }
  const attribute = use.does === "pop" ? "pop" : type === "list" ? "get" : "copy";
  return { exception: "AttributeError", message: `'${type}' object has no attribute '${attribute}'` };
}
