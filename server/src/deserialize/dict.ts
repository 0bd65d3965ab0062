import type { Node, ValueTree } from "../json/index.ts";
import { NO_NODE } from "../json/index.ts";

/**
 * A value as Keras holds it during a load: one of the document, or one that Keras itself put in its place (the
 * canonical module that `serialize_with_public_class` writes, a lower-cased optimizer name).
 */
export type Value =
  | { readonly node: Node; readonly literal?: undefined }
  | { readonly node: Node; readonly literal: Literal };

export type Literal = string | null | { readonly emptyDict: true };

export type PythonType = "dict" | "list" | "str" | "int" | "float" | "bool" | "NoneType";

/** A dict that Keras looks at: an object of the document, with the fields that Keras replaced. */
export interface Dict {
  /** The document's object, or the value it stands in for; where problems are shown. */
  readonly node: Node;
  readonly replaced?: ReadonlyMap<string, Value>;
}

/** The field as Python's `dict.get` sees it, undefined where the key is absent. */
export function field(tree: ValueTree, dict: Dict, key: string): Value | undefined {
  if (dict.replaced) return dict.replaced.get(key);
  const node = tree.member(dict.node, key);
  return node === NO_NODE ? undefined : { node };
}

/** `type(value).__name__` of what `json.loads` makes of a value. */
export function pythonType(tree: ValueTree, value: Value): PythonType {
  if (value.literal !== undefined) {
    return value.literal === null ? "NoneType" : typeof value.literal === "string" ? "str" : "dict";
  }
  switch (tree.kind(value.node)) {
    case "object":
      return "dict";
    case "array":
      return "list";
    case "string":
      return "str";
    case "boolean":
      return "bool";
    case "null":
      return "NoneType";
    case "number":
      return isPythonFloat(tree.raw(value.node)) ? "float" : "int";
  }
}

/** Python's `json.loads` makes an int of a number without fraction and exponent. */
export function isPythonFloat(raw: string): boolean {
  return !/^-?\d+$/.test(raw);
}

/** Whether the value is there and `None`. */
export function isNull(tree: ValueTree, value: Value | undefined): boolean {
  return value !== undefined && pythonType(tree, value) === "NoneType";
}

/** The string, or undefined where the value is no string. */
export function text(tree: ValueTree, value: Value | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (value.literal !== undefined) return typeof value.literal === "string" ? value.literal : undefined;
  return tree.kind(value.node) === "string" ? tree.string(value.node) : undefined;
}

/** Python's truth value. */
export function truthy(tree: ValueTree, value: Value | undefined): boolean {
  if (value === undefined) return false;
  if (value.literal !== undefined) return typeof value.literal === "string" && value.literal !== "";
  const { node } = value;
  switch (tree.kind(node)) {
    case "null":
      return false;
    case "boolean":
      return tree.boolean(node);
    case "number":
      return tree.number(node) !== 0;
    case "string":
      return tree.string(node) !== "";
    default:
      return tree.childCount(node) > 0;
  }
}

/** Whether Python can use the value as a dict key. */
export function hashable(tree: ValueTree, value: Value): boolean {
  const type = pythonType(tree, value);
  return type !== "dict" && type !== "list";
}

/** The same text for what is one key of a dict to Python: `1`, `1.0` and `True` are. */
export function dictKey(tree: ValueTree, { node }: Value): string {
  switch (tree.kind(node)) {
    case "string":
      return `"${tree.string(node)}`;
    case "boolean":
      return tree.boolean(node) ? "1" : "0";
    case "number": {
      const number = tree.number(node);
      // Python counts farther than a double.
      return isPythonFloat(tree.raw(node)) || Number.isSafeInteger(number) ? String(number) : tree.raw(node);
    }
    default:
      return tree.raw(node);
  }
}
