import { NO_NODE, type Node } from "../json/index.ts";
import type { Load, Task } from "./load.ts";

/**
 * One task per element or per member that Python keeps (the last of a key, in the place of the first). Scalars are left
 * out: `deserialize_keras_object` returns them as they are, or as a custom object that needs no further work.
 */
export function childTasks(load: Load, container: Node, visit: (child: Node) => void): Task[] {
  const { tree } = load;
  const isObject = tree.kind(container) === "object";
  const kept = new Map<string | Node, Node>();
  for (let child = tree.firstChild(container); child !== NO_NODE; child = tree.nextSibling(child)) {
    const kind = tree.kind(child);
    if (kind === "object" || kind === "array") kept.set(isObject ? tree.key(child) : child, child);
    else if (isObject && kept.size > 0) kept.delete(tree.key(child));
  }
  return [...kept.values()].map((child) => () => visit(child));
}
