import type { TableName } from "../catalogue/keras.ts";
import { NO_NODE, type Node } from "../json/index.ts";
import type { Load, Task } from "./load.ts";

/** Names that `_deserialize_metric` leaves to `compile`. */
const metricsOfCompile = new Set(["accuracy", "acc", "crossentropy", "ce"]);

/**
 * `_deserialize_nested_config` of legacy/saving/saving_utils.py, the same in Keras 2 and 3: one object or string, or lists
 * and dicts of them. Plans `one` for each; `isWhole` where it is the whole argument.
 */
export function eachCompiled(
  load: Load,
  node: Node,
  table: TableName,
  one: (node: Node, isWhole: boolean) => void,
  isWhole = true,
): void {
  const { tree } = load;
  const kind = tree.kind(node);
  if (kind === "string" || (kind === "object" && tree.member(node, "class_name") !== NO_NODE)) {
    if (kind === "string" && table === "metrics" && metricsOfCompile.has(tree.string(node))) return;
    one(node, isWhole);
    return;
  }
  if (kind !== "object" && kind !== "array") return;
  const tasks: Task[] = [];
  for (let child = tree.firstChild(node); child !== NO_NODE; child = tree.nextSibling(child)) {
    const element = child;
    if (kind === "object" && tree.member(node, tree.key(child)) !== child) continue;
    tasks.push(() => eachCompiled(load, element, table, one, false));
  }
  load.next(tasks);
}
