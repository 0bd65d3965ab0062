import { NO_NODE, type Node } from "../json/index.ts";
import type { Cause } from "./cause.ts";
import { pythonType } from "./dict.ts";
import { type Frame, inner, type Load, type PythonError, type Task } from "./load.ts";
import * as messages from "./messages.ts";
import { pythonRepr } from "./pythonRepr.ts";

const optimizerKey = "optimizer_config";

/** The arguments of `compile` that hold losses and metrics, with the table that answers for them. */
const compiled = [
  ["loss", "losses"],
  ["metrics", "metrics"],
  ["weighted_metrics", "metrics"],
] as const;

/** A loss or metric, or what stands for one. */
export interface Compiled {
  readonly node: Node;
  readonly table: (typeof compiled)[number][1];
  /** The argument that it stands in. */
  readonly argument: (typeof compiled)[number][0];
  /** Whether it is the whole argument, and not in a list or dict. */
  readonly isWhole: boolean;
}

/** What each release's deserializers make of the optimizer, and of each loss and metric. */
export interface CompileSteps {
  optimizer(node: Node, frame: Frame): void;
  lossOrMetric(compiled: Compiled, frame: Frame): void;
}

/** `compile_args_from_training_config` of legacy/saving/saving_utils.py, which goes the same way in Keras 2 and 3. */
export function planCompileArguments(load: Load, trainingConfig: Node, frame: Frame, steps: CompileSteps): void {
  const { tree } = load;
  const inScope = inner(frame, { calls: 2, nested: true });
  const type = pythonType(tree, { node: trainingConfig });
  const fail = (error: PythonError, rule: Cause, node = trainingConfig) =>
    load.fail(node, { rule, node, error }, inScope);
  if (type !== "dict") {
    if (type !== "str") fail(messages.subscriptFails(type, optimizerKey), "wrong-field-type");
    return;
  }
  const optimizer = tree.member(trainingConfig, optimizerKey);
  const tasks: Task[] = [
    optimizer === NO_NODE
      ? () => fail(messages.keyError(optimizerKey), "missing-key")
      : () => steps.optimizer(optimizer, inScope),
  ];
  for (const [argument, table] of compiled) {
    const node = tree.member(trainingConfig, argument);
    if (node === NO_NODE) continue;
    const one = (found: Compiled) => steps.lossOrMetric(found, inScope);
    const refuse = (at: Node) => fail(notUnderstood(pythonRepr(tree, { node: at })), "wrong-field-type", at);
    tasks.push(() => eachCompiled(load, { node, table, argument, isWhole: true }, one, refuse));
  }
  if (tree.member(trainingConfig, "loss_weights") === NO_NODE)
    tasks.push(() => fail(messages.keyError("loss_weights"), "missing-key"));
  load.next(tasks);
}

/** Names that `_deserialize_metric` leaves to `compile`. */
const metricsOfCompile = new Set(["accuracy", "acc", "crossentropy", "ce"]);

/** What `_deserialize_nested_config` says of a number or a boolean. */
function notUnderstood(printed: string): PythonError {
  return messages.valueError(
    "Saved configuration not understood. Configuration should be a dictionary, string, tuple or list. " +
      `Received: config=${printed}.`,
  );
}

/** `_deserialize_nested_config`: one object or string, or lists and dicts of them. */
function eachCompiled(
  load: Load,
  found: Compiled,
  one: (compiled: Compiled) => void,
  refuse: (node: Node) => void,
): void {
  const { tree } = load;
  const { node, table } = found;
  const kind = tree.kind(node);
  if (kind === "string" || (kind === "object" && tree.member(node, "class_name") !== NO_NODE)) {
    if (kind === "string" && table === "metrics" && metricsOfCompile.has(tree.string(node))) return;
    one(found);
    return;
  }
  if (kind === "number" || kind === "boolean") refuse(node);
  if (kind !== "object" && kind !== "array") return;
  const tasks: Task[] = [];
  for (let child = tree.firstChild(node); child !== NO_NODE; child = tree.nextSibling(child)) {
    const element = child;
    if (kind === "object" && tree.member(node, tree.key(child)) !== child) continue;
    tasks.push(() => eachCompiled(load, { ...found, node: element, isWhole: false }, one, refuse));
  }
  load.next(tasks);
}
