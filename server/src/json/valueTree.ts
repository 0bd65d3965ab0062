/**
 * What the rest of the engine sees of a JSON document: a tree of values, each named by a dense integer in document
 * order. `config/` and `deserialize/` read only this interface, so that another source of dicts (an archive member, a
 * Python literal) can stand in. All offsets are UTF-16, ends are exclusive.
 */
export type Node = number;

/** What stands for "there is no such value". */
export const NO_NODE: Node = -1;

export type ValueKind = "object" | "array" | "string" | "number" | "boolean" | "null";

export interface ValueTree {
  /** The document's value, or NO_NODE where it has none. */
  readonly root: Node;
  /** How many values there are; nodes are 0 … size-1, a parent before its children. */
  readonly size: number;
  kind(node: Node): ValueKind;
  /** Range of the value, quotes and brackets included. */
  start(node: Node): number;
  end(node: Node): number;
  /** Range of the key before a member's value, quotes included; -1 where the value is not an object's member. */
  keyStart(node: Node): number;
  keyEnd(node: Node): number;
  /** The decoded key of a member's value; "" where the value is not a member. */
  key(node: Node): string;
  parent(node: Node): Node;
  firstChild(node: Node): Node;
  /** The next element or member of the same parent, in document order, duplicates included. */
  nextSibling(node: Node): Node;
  /** How many elements or members a container has, duplicates included. */
  childCount(node: Node): number;
  /** The member that Python's `json.loads` keeps: the last one of that key. NO_NODE where absent or no object. */
  member(object: Node, key: string): Node;
  /** The decoded string; "" where the value is no string. Lone surrogates are kept as they are. */
  string(node: Node): string;
  /** The source text of the value (a number's spelling decides how Python prints it). */
  raw(node: Node): string;
  /** The source text between two UTF-16 offsets. */
  slice(start: number, end: number): string;
  /** The number, `NaN` and the infinities included; NaN where the value is no number. */
  number(node: Node): number;
  boolean(node: Node): boolean;
  /** Whether a syntax error lies within the value's own members or elements, not merely inside a nested container. */
  damaged(node: Node): boolean;
}
