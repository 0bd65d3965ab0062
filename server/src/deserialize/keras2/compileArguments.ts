import { elementsOf, NO_NODE, type Node, type ValueTree } from "../../json/index.ts";
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

/**
 * `Model._get_optimizer` of what is no string and no object: `optimizers.get` of every leaf, in the order of `tf.nest.map_structure`, which sorts
 * keys. What is no string is the last one that is asked, since it fails.
 */
export function optimizerLeaves(load: Load, node: Node, frame: Frame): Task[] {
  const { tree } = load;
  const tasks: Task[] = [];
  const open: Node[] = [node];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const kind = tree.kind(at);
    if (kind === "array" || (kind === "object" && (at === node || isPlainDict(load, { node: at })))) {
      const children = kind === "array" ? [...elementsOf(tree, at)] : membersByKey(tree, at);
      for (const child of children.reverse()) open.push(child);
      continue;
    }
    const leaf = at;
    if (kind !== "object") tasks.push(() => load.keras.deserializeSlot(load, "optimizers.get", { node: leaf }, frame));
    if (kind !== "object" && kind !== "string") break;
  }
  return tasks;
}

function membersByKey(tree: ValueTree, object: Node): Node[] {
  const members: Node[] = [];
  for (let child = tree.firstChild(object); child !== NO_NODE; child = tree.nextSibling(child)) members.push(child);
  return members.sort((a, b) => (tree.key(a) < tree.key(b) ? -1 : 1));
}
