import { NO_NODE, type Node, nodeAtOffset, type ValueTree } from "../json/index.ts";

/** Where a caret stands in a config: at a key of an object, or at a value that a key or a list holds. */
export interface ConfigPlace {
  readonly kind: "key" | "value";
  /** The object that has or gets the key; of a value in a list, the object whose member the list is. */
  readonly object: Node;
  /** The key whose value it is; of an element, that of its list. */
  readonly key: string;
  readonly inList: boolean;
  /** What is replaced: UTF-16 offsets of the half-typed word with its quotes. */
  readonly start: number;
  readonly end: number;
  /** Whether only the name of a key that has a value already is replaced. */
  readonly hasValue: boolean;
  /** Where a comma is missing before the place; undefined where none is. */
  readonly commaBefore: number | undefined;
  readonly commaBehind: boolean;
}

/** How far around the caret the text is looked at, in UTF-16 units. */
const AROUND = 400;

/** The place at an offset; undefined inside of other text. Holds for half-written documents too. */
export function configPlaceAt(tree: ValueTree, text: string, offset: number): ConfigPlace | undefined {
  const before = text.slice(Math.max(0, offset - AROUND), offset);
  const typed = /(?:"(?:[^"\\\r\n]|\\.)*|[\w.+-]*)$/.exec(before)?.[0] ?? "";
  const word = quoted(tree, text, offset, typed);
  const start = offset - word.length;
  const lead = before.slice(0, before.length - word.length).trimEnd();
  const last = lead.at(-1) ?? "";
  const end = wordEnd(text, offset, word.startsWith('"'));
  const behind = text.slice(end, end + AROUND).trimStart();
  const next = behind.charAt(0);
  const container = containerAt(tree, start);
  if (container === NO_NODE) return undefined;
  const range = { start, end };
  const commaBehind = next === '"' || next === "{" || next === "[";
  if (last === ":") {
    const key = /"((?:[^"\\]|\\.){1,80})"\s*:$/.exec(lead)?.[1];
    const object = tree.kind(container) === "object" ? container : tree.parent(container);
    if (key === undefined || object === NO_NODE || (next !== "" && "{[".includes(next))) return undefined;
    const isNext = next === '"';
    return {
      kind: "value",
      object,
      key,
      inList: false,
      ...range,
      hasValue: false,
      commaBefore: undefined,
      commaBehind: isNext,
    };
  }
  if (tree.kind(container) === "array") {
    const object = tree.parent(container);
    const isElement = last === "[" || last === ",";
    if (object === NO_NODE || tree.kind(object) !== "object" || !isElement) return undefined;
    const key = tree.key(container);
    return { kind: "value", object, key, inList: true, ...range, hasValue: false, commaBefore: undefined, commaBehind };
  }
  const opens = last === "{" || last === ",";
  // Behind a value a comma is missing; only at a word of its own, or on a line of its own.
  const isApart = /[\s]$/.test(before.slice(0, before.length - word.length)) && /["\d}\]el]/.test(last);
  if (!opens && !isApart) return undefined;
  const commaBefore = opens ? undefined : offset - before.length + lead.length;
  return {
    kind: "key",
    object: container,
    key: "",
    inList: false,
    ...range,
    hasValue: next === ":",
    commaBefore,
    commaBehind,
  };
}

/** The word before the caret with the quote that opens it; a quote that closes a string opens none. */
function quoted(tree: ValueTree, text: string, offset: number, typed: string): string {
  if (!typed.startsWith('"')) return typed;
  const container = containerAt(tree, offset);
  let from = container === NO_NODE ? 0 : tree.start(container);
  const first = container === NO_NODE ? NO_NODE : tree.firstChild(container);
  for (let child = first; child !== NO_NODE; child = tree.nextSibling(child)) {
    if (tree.end(child) <= offset - typed.length) from = tree.end(child);
  }
  // Strings end with their line.
  const before = text.slice(from, offset);
  const line = before.slice(Math.max(before.lastIndexOf("\n"), before.lastIndexOf("\r")) + 1);
  const quotes = (line.replace(/\\./g, "").match(/"/g) ?? []).length;
  return quotes % 2 === 1 ? typed : "";
}

function wordEnd(text: string, offset: number, isQuoted: boolean): number {
  const rest = text.slice(offset, offset + AROUND);
  // The next quote closes the word, unless a key begins with it.
  const match = isQuoted ? /^[\w.+> /-]*"(?=\s*(?:[:,}\]]|$))|^[\w.+>/-]*/.exec(rest) : /^[\w.+-]*/.exec(rest);
  return offset + (match?.[0].length ?? 0);
}

/** The innermost object or list around an offset. */
function containerAt(tree: ValueTree, offset: number): Node {
  let node = nodeAtOffset(tree, Math.max(0, offset - 1), false);
  if (node === NO_NODE) node = nodeAtOffset(tree, offset, true);
  while (node !== NO_NODE) {
    const kind = tree.kind(node);
    const isInside = tree.start(node) < offset && (kind === "object" || kind === "array");
    if (isInside) return node;
    node = tree.parent(node);
  }
  return NO_NODE;
}
