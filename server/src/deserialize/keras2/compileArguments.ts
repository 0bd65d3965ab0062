import type { TableName } from "../../catalogue/keras.ts";
import { NO_NODE, type Node } from "../../json/index.ts";
import { field, pythonType, type Value } from "../dict.ts";
import { type Frame, inner, type Load, type Task } from "../load.ts";
import { eachCompiled } from "../trainingConfig.ts";
import { deserializeLegacy } from "./legacy.ts";

/**
 * `compile_args_from_training_config` of tf_keras/src/saving/legacy/saving_utils.py. A loss or metric whose name nobody
 * knows is left as its name there, and `try_build_compiled_arguments` only warns of it.
 */
export function compileArguments(load: Load, trainingConfig: Node, frame: Frame): void {
  const { tree } = load;
  if (tree.kind(trainingConfig) !== "object") return;
  const inScope = inner(frame, { calls: 2, nested: true });
  const tasks: Task[] = [];
  const optimizer = tree.member(trainingConfig, "optimizer_config");
  if (optimizer !== NO_NODE) tasks.push(() => optimizerOf(load, optimizer, inScope));
  for (const [key, table] of compiled) {
    const value = tree.member(trainingConfig, key);
    const one = (element: Node) =>
      load.keras.deserializeKerasObject(load, { node: element }, inner(inScope, { calls: 2 }), table);
    if (value !== NO_NODE) tasks.push(() => eachCompiled(load, value, table, one));
  }
  load.next(tasks);
}

const compiled: readonly (readonly [string, TableName])[] = [
  ["loss", "losses"],
  ["metrics", "metrics"],
  ["weighted_metrics", "metrics"],
];

/** `optimizers.deserialize`; a name that it leaves is sought again by `compile`, in the older format. */
function optimizerOf(load: Load, node: Node, frame: Frame): void {
  const result = load.keras.deserializeKerasObject(load, { node }, inner(frame, { calls: 2 }), "optimizers");
  if (result.is !== "plain" || result.text === undefined) return;
  deserializeLegacy(load, { node, literal: result.text }, inner(frame, { calls: 3 }), "optimizers");
}

/** A dict that is not a serialized object. */
export function isPlainDict(load: Load, value: Value): boolean {
  const { tree } = load;
  if (pythonType(tree, value) !== "dict") return false;
  return ["class_name", "config"].some((key) => field(tree, { node: value.node }, key) === undefined);
}

/** `Model._get_optimizer` of a dict: `optimizers.get` of every leaf, by sorted keys, as `tf.nest.map_structure` goes. */
export function optimizerLeaves(load: Load, node: Node, frame: Frame): Task[] {
  const { tree } = load;
  const leaves: [string, Node][] = [];
  for (let child = tree.firstChild(node); child !== NO_NODE; child = tree.nextSibling(child)) {
    if (tree.kind(child) === "string") leaves.push([tree.key(child), child]);
  }
  leaves.sort(([a], [b]) => (a < b ? -1 : 1));
  return leaves.map(
    ([, leaf]) =>
      () =>
        load.keras.deserializeSlot(load, "optimizers.get", { node: leaf }, frame),
  );
}
