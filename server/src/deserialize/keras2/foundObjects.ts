import type { Node } from "../../json/index.ts";
import type { FoundObject, Load } from "../load.ts";

interface Found {
  readonly objects: Map<Node, FoundObject>;
  /** How many events of the load are in it. */
  read: number;
}

const foundByLoad = new WeakMap<Load, Found>();

/** What the serialized object at a node was found as so far; undefined where it was not. */
export function foundAt(load: Load, node: Node): FoundObject | undefined {
  let found = foundByLoad.get(load);
  if (!found) {
    found = { objects: new Map(), read: 0 };
    foundByLoad.set(load, found);
  }
  for (; found.read < load.events.length; found.read++) {
    const event = load.events[found.read];
    if (event?.kind === "found") found.objects.set(event.node, event.object);
  }
  return found.objects.get(node);
}
