import { NO_NODE, type Node, type ValueTree } from "./valueTree.ts";

/** How long an array of plain values may be to stay on one line, in UTF-16 units. */
const SHORT_ARRAY = 80;
/** Deeper than this nothing is indented further: indentation would cost the square of the depth. */
const DEEPEST_INDENT = 50;

/**
 * The value tree as indented text: every member on a line of its own, arrays of plain values on one line where they are
 * short. Keys and plain values are written as they stand in the source, so that a pointer names the same value in both.
 * Linear, not recursive.
 */
export function formatJson(tree: ValueTree, text: string): string {
  if (tree.root === NO_NODE) return text;
  const parts: string[] = [];
  const open: Node[] = [];
  let node: Node = tree.root;
  for (;;) {
    if (tree.keyStart(node) >= 0) parts.push(text.slice(tree.keyStart(node), tree.keyEnd(node)), ": ");
    const child = tree.firstChild(node);
    const kind = tree.kind(node);
    if (kind !== "object" && kind !== "array") parts.push(tree.raw(node));
    else if (child === NO_NODE) parts.push(kind === "object" ? "{}" : "[]");
    else {
      const line = kind === "array" ? onOneLine(tree, node) : undefined;
      if (line === undefined) {
        open.push(node);
        parts.push(kind === "object" ? "{\n" : "[\n", indent(open.length));
        node = child;
        continue;
      }
      parts.push(line);
    }
    for (;;) {
      const next = tree.nextSibling(node);
      if (next !== NO_NODE && open.length > 0) {
        parts.push(",\n", indent(open.length));
        node = next;
        break;
      }
      const parent = open.pop();
      if (parent === undefined) return `${parts.join("")}\n`;
      parts.push("\n", indent(open.length), tree.kind(parent) === "object" ? "}" : "]");
      node = parent;
    }
  }
}

function indent(depth: number): string {
  return "  ".repeat(Math.min(depth, DEEPEST_INDENT));
}

/** An array of plain values, where that is short enough to be one line. */
function onOneLine(tree: ValueTree, array: Node): string | undefined {
  const items: string[] = [];
  let length = 2;
  for (let child = tree.firstChild(array); child !== NO_NODE; child = tree.nextSibling(child)) {
    const kind = tree.kind(child);
    if (kind === "object" || (kind === "array" && tree.firstChild(child) !== NO_NODE)) return undefined;
    const item = kind === "array" ? "[]" : tree.raw(child);
    length += item.length + 2;
    if (length > SHORT_ARRAY) return undefined;
    items.push(item);
  }
  return `[${items.join(", ")}]`;
}
