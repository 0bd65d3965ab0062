import assert from "node:assert/strict";
import { NO_NODE, type Node, type ValueTree } from "../../../server/src/json/index.ts";
import type { Json } from "./configs.ts";

/** The values as JSON.parse returns them; made without recursion, since trees may be deep. */
export function toValue(tree: ValueTree, root: Node = tree.root): Json {
  const made = new Map<Node, Json>();
  const holder: Json[] = [];
  const todo: Node[] = [root];
  while (todo.length > 0) {
    const node = todo.pop()!;
    const value = scalarOrEmpty(tree, node);
    made.set(node, value);
    const parent = node === root ? holder : made.get(tree.parent(node))!;
    if (Array.isArray(parent)) parent.push(value);
    else (parent as { [key: string]: Json })[tree.key(node)] = value;
    const children: Node[] = [];
    for (let child = tree.firstChild(node); child !== NO_NODE; child = tree.nextSibling(child)) children.push(child);
    for (const child of children.reverse()) todo.push(child);
  }
  return holder[0]!;
}

function scalarOrEmpty(tree: ValueTree, node: Node): Json {
  switch (tree.kind(node)) {
    case "object":
      return Object.create(null);
    case "array":
      return [];
    case "string":
      return tree.string(node);
    case "number":
      return tree.number(node);
    case "boolean":
      return tree.boolean(node);
    case "null":
      return null;
  }
}

/** A short spelling of a tree: `!` marks damaged containers, `∅` values that are missing. */
export function sketch(tree: ValueTree, node: Node = tree.root): string {
  if (node === NO_NODE) return "nothing";
  const kind = tree.kind(node);
  if (kind === "string") return JSON.stringify(tree.string(node));
  if (kind !== "object" && kind !== "array") return tree.raw(node) || "∅";
  const parts: string[] = [];
  for (let child = tree.firstChild(node); child !== NO_NODE; child = tree.nextSibling(child)) {
    parts.push(kind === "object" ? `${tree.key(child)}: ${sketch(tree, child)}` : sketch(tree, child));
  }
  const inner = parts.join(", ");
  return `${tree.damaged(node) ? "!" : ""}${kind === "object" ? `{${inner}}` : `[${inner}]`}`;
}

/** What holds for every tree: document order, children within parents, siblings apart, counts and links that agree. */
export function assertSound(tree: ValueTree, text: string): void {
  assert.equal(tree.root, tree.size > 0 ? 0 : NO_NODE);
  const counts = new Int32Array(tree.size);
  let previousStart = -1;
  for (let node = 0; node < tree.size; node++) {
    const where = `value ${node} of ${JSON.stringify(text.slice(0, 200))}`;
    const parent = tree.parent(node);
    const inObject = parent !== NO_NODE && tree.kind(parent) === "object";
    const from = inObject ? tree.keyStart(node) : tree.start(node);
    assert.ok(from >= previousStart, `${where} is out of order`);
    previousStart = from;
    assert.equal(tree.keyStart(node) >= 0, inObject, where);
    if (inObject) assert.ok(from <= tree.keyEnd(node) && tree.keyEnd(node) <= tree.start(node), where);
    assert.ok(tree.start(node) <= tree.end(node) && tree.end(node) <= text.length, where);
    assert.equal(parent === NO_NODE, node === 0, where);
    if (parent !== NO_NODE) {
      assert.ok(parent < node, where);
      assert.ok(from >= tree.start(parent) && tree.end(node) <= tree.end(parent), `${where} is outside its parent`);
      counts[parent]!++;
    }
    const next = tree.nextSibling(node);
    if (next !== NO_NODE) {
      assert.equal(tree.parent(next), parent, where);
      const nextFrom = inObject ? tree.keyStart(next) : tree.start(next);
      assert.ok(nextFrom >= tree.end(node), `${where} overlaps its sibling`);
    }
  }
  for (let node = 0; node < tree.size; node++) {
    let walked = 0;
    for (let child = tree.firstChild(node); child !== NO_NODE; child = tree.nextSibling(child)) walked++;
    assert.equal(walked, counts[node], `children of ${node}`);
    assert.equal(tree.childCount(node), counts[node], `childCount of ${node}`);
  }
}
