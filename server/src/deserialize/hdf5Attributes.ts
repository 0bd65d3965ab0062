import { NO_NODE, type Node } from "../json/index.ts";
import { pythonType } from "./dict.ts";
import type { Frame, Load, PythonError } from "./load.ts";
import * as messages from "./messages.ts";

/** A node of the document is looked at in some nanoseconds. */
const NODES_PER_TASK = 8192;

/** What `_decode_helper` asks of an object by its `class_name`. */
const demanded: ReadonlyMap<string, string> = new Map([
  ["__bytes__", "value"],
  ["__tuple__", "items"],
]);

/**
 * `json_utils.decode` of keras/src/legacy/saving/json_utils.py, which reads an attribute of a file in HDF5 before anything is made
 * of it: what is no JSON, and the tuples and bytes that are not written as this format has them.
 */
export function decodeAttribute(load: Load, root: Node, frame: Frame): void {
  const { tree } = load;
  if (tree.kind(root) === "string") {
    const error = notJson(tree.string(root));
    if (error) load.fail(root, { rule: "wrong-field-type", node: root, error }, frame);
    return;
  }
  const end = tree.end(root);
  const lookFrom = (first: Node) => {
    let node = first;
    for (; node < first + NODES_PER_TASK; node++) {
      if (node >= tree.size || tree.start(node) >= end) return;
      if (tree.kind(node) === "string") decodeObject(load, node, frame);
    }
    load.next([() => lookFrom(node)]);
  };
  lookFrom(root);
}

/** The object that a string names as its class. */
function decodeObject(load: Load, className: Node, frame: Frame): void {
  const { tree } = load;
  const key = demanded.get(tree.string(className));
  if (key === undefined) return;
  const object = tree.parent(className);
  if (object === NO_NODE || tree.member(object, "class_name") !== className) return;
  const value = tree.member(object, key);
  const error = value === NO_NODE ? messages.keyError(key) : refusal(key, pythonType(tree, { node: value }));
  if (error) load.fail(object, { rule: "wrong-field-type", node: value === NO_NODE ? object : value, error }, frame);
}

function refusal(key: string, type: string): PythonError | undefined {
  if (key === "items")
    return ["dict", "list", "str"].includes(type) ? undefined : messages.typeError(`'${type}' object is not iterable`);
  const message = `'${type}' object has no attribute 'encode'`;
  return type === "str" ? undefined : { exception: "AttributeError", message };
}

/** What Python's `json.loads` says of a text that begins no JSON value; undefined where it may be one. */
function notJson(attribute: string): PythonError | undefined {
  const start = /^[ \t\n\r]*/.exec(attribute)?.[0] ?? "";
  if (/^(?:["{[\uFEFF]|-?\d|true|false|null|NaN|-?Infinity)/.test(attribute.slice(start.length))) return undefined;
  const lines = start.split("\n");
  const column = (lines.at(-1) as string).length + 1;
  const message = `Expecting value: line ${lines.length} column ${column} (char ${start.length})`;
  return { exception: "JSONDecodeError", message };
}
