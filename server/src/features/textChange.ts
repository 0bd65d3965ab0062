import { NO_NODE, type Node, type ValueTree } from "../json/index.ts";
import type { WriteFix } from "../rules/fixes.ts";
import { spaced } from "./snippet.ts";

/** A change of a text; offsets are UTF-16, `start` = `end` inserts. */
export interface TextChange {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

/** A value on one line, with a space behind commas and colons as Python writes it. */
export function jsonOf(value: WriteFix["value"] | null): string {
  return spaced(JSON.stringify(value));
}

/** A string as it stands between the quotes of JSON. */
export function jsonContent(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

/**
 * The change that makes a member of an object hold a string, an empty dict or null: its value is replaced, or the member is added
 * behind `class_name` in the object's own layout.
 */
export function writeMember(tree: ValueTree, object: Node, key: string, value: WriteFix["value"] | null): TextChange {
  const member = tree.member(object, key);
  const newText = jsonOf(value);
  if (member !== NO_NODE) return { start: tree.start(member), end: tree.end(member), newText };
  return addMember(tree, object, key, newText);
}

/** The change that adds a member with a value of that JSON, behind `class_name` or the first in the object's own layout. */
export function addMember(tree: ValueTree, object: Node, key: string, json: string): TextChange {
  const first = tree.firstChild(object);
  const added = `${JSON.stringify(key)}: ${json}`;
  if (first === NO_NODE) return { start: tree.start(object) + 1, end: tree.start(object) + 1, newText: added };
  const anchor = tree.member(object, "class_name");
  const after = anchor === NO_NODE ? first : anchor;
  return { start: tree.end(after), end: tree.end(after), newText: `,${separatorOf(tree, object)}${added}` };
}

/** The change that gives a member another key. */
export function renameMember(tree: ValueTree, member: Node, key: string): TextChange {
  return { start: tree.keyStart(member), end: tree.keyEnd(member), newText: JSON.stringify(key) };
}

/** The change that takes a member out of its object, with the comma that it leaves over. */
export function removeMember(tree: ValueTree, member: Node): TextChange {
  const object = tree.parent(member);
  const next = tree.nextSibling(member);
  if (next !== NO_NODE) {
    // What stands between but the comma, such as a comment, is somebody else's.
    const between = tree.slice(tree.end(member), tree.keyStart(next));
    const comma = /^\s*,/.exec(between)?.[0].length ?? 0;
    const end = /^\s*,\s*$/.test(between) ? tree.keyStart(next) : tree.end(member) + comma;
    return { start: tree.keyStart(member), end, newText: "" };
  }
  let before = NO_NODE;
  for (let child = tree.firstChild(object); child !== member; child = tree.nextSibling(child)) before = child;
  const start = before === NO_NODE ? tree.keyStart(member) : tree.end(before);
  return { start, end: tree.end(member), newText: "" };
}

/** What stands between the members of an object: a line end and the indentation, or a space. */
function separatorOf(tree: ValueTree, object: Node): string {
  const before = tree.slice(tree.start(object) + 1, tree.keyStart(tree.firstChild(object)));
  return /^\s*\n\s*$/.test(before) ? before : " ";
}
