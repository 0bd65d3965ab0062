import { NO_NODE, type Node } from "../../json/index.ts";
import { field, pythonType, type Value } from "../dict.ts";
import { type Frame, inner, type Load, type Task } from "../load.ts";
import { planCompileArguments } from "../trainingConfig.ts";
import { deserializeLegacy } from "./legacy.ts";
import { failsAsOptimizer } from "./optimizers.ts";

/**
 * The `training_config` of a file in HDF5. A loss or metric whose name nobody knows is left as its name there, and
 * `try_build_compiled_arguments` only warns of it.
 */
export function compileArguments(load: Load, trainingConfig: Node, frame: Frame): void {
  planCompileArguments(load, trainingConfig, frame, {
    optimizer: (node, inScope) => optimizerOf(load, node, inScope),
    lossOrMetric({ node, table }, inScope) {
      load.keras.deserializeKerasObject(load, { node }, inner(inScope, { calls: 2 }), table);
    },
  });
}

/** `optimizers.deserialize`; a name that it leaves is sought again by `compile`, in the older format. */
function optimizerOf(load: Load, node: Node, frame: Frame): void {
  if (failsAsOptimizer(load, { node }, frame)) return;
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
