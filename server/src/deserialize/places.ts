import { NO_NODE, type Node } from "../json/index.ts";
import type { Load } from "./load.ts";

/** The object whose config it is, or the config itself where it stands alone. */
export function objectOfConfig({ tree }: Load, config: Node): Node {
  const parent = tree.parent(config);
  return parent !== NO_NODE && tree.member(parent, "config") === config ? parent : config;
}

/** Where the problem of a whole object is shown: at its class name, else at all of it. */
export function placeOfObject({ tree }: Load, object: Node): Node {
  const className = tree.member(object, "class_name");
  return className === NO_NODE ? object : className;
}
