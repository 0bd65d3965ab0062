/** Edits of a config's text, so that numbers stay spelt as they were: Python prints `1.0` and `1` differently. */
import {
  jsonPointer,
  NO_NODE,
  type Node,
  nodeAtPointer,
  parseJson,
  type ValueTree,
} from "../../../server/src/json/index.ts";

/** One change at a JSON Pointer: another value, no value, another key for the same value, or more members at the end. */
export type Edit = { readonly at: string } & (
  | { readonly put: unknown }
  | { readonly remove: true }
  | { readonly rename: string }
  | { readonly add: Readonly<Record<string, unknown>> }
);

/** The text after the edits, one after the other. Throws where an edit names no value. */
export function edited(text: string, edits: readonly Edit[]): string {
  return edits.reduce(apply, text);
}

function apply(text: string, edit: Edit): string {
  const { tree } = parseJson(text);
  const node = nodeAtPointer(tree, edit.at);
  if (node === NO_NODE) throw new Error(`there is nothing at ${edit.at}`);
  const replace = (from: number, to: number, by: string): string => text.slice(0, from) + by + text.slice(to);
  if ("put" in edit) return replace(tree.start(node), tree.end(node), JSON.stringify(edit.put));
  if ("rename" in edit) return replace(tree.keyStart(node), tree.keyEnd(node), JSON.stringify(edit.rename));
  if ("remove" in edit) return remove(tree, node, replace);
  const members = Object.entries(edit.add).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  const end = tree.end(node) - 1;
  return replace(end, end, (tree.childCount(node) > 0 ? ", " : "") + members.join(", "));
}

/** Takes a member or element out together with the comma before or after it. */
function remove(tree: ValueTree, node: Node, replace: (from: number, to: number, by: string) => string): string {
  const start = (one: Node): number => (tree.keyStart(one) < 0 ? tree.start(one) : tree.keyStart(one));
  const next = tree.nextSibling(node);
  if (next !== NO_NODE) return replace(start(node), start(next), "");
  let before = NO_NODE;
  for (let child = tree.firstChild(tree.parent(node)); child !== node; child = tree.nextSibling(child)) before = child;
  return replace(before === NO_NODE ? start(node) : tree.end(before), tree.end(node), "");
}

const fields = ["class_name", "module", "registered_name", "config"];

/**
 * The pointer of the innermost object of a config that holds a pointer's value, or held it before it was taken away: a dict
 * with any of the fields that say who an object is.
 */
export function objectAround(tree: ValueTree, pointer: string): string {
  const keys = pointer.split("/");
  for (let length = keys.length; length > 0; length--) {
    const node = nodeAtPointer(tree, keys.slice(0, length).join("/"));
    if (node !== NO_NODE && fields.some((field) => tree.member(node, field) !== NO_NODE))
      return jsonPointer(tree, node);
  }
  return "";
}
