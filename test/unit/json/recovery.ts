import {
  type JsonDocument,
  jsonPointer,
  NO_NODE,
  type Node,
  parseJson,
  type ValueTree,
} from "../../../server/src/json/index.ts";

/** What has to survive of a serialized object when a character elsewhere is lost. */
export interface ObjectFacts {
  readonly start: number;
  readonly end: number;
  readonly className: string;
  /** The source text of the two values, "" where absent. */
  readonly module: string;
  readonly registeredName: string;
  readonly pointer: string;
}

/** The serialized objects of a config: every dict with a `class_name` and a `config`. */
export function serializedObjects(tree: ValueTree, withPointers = false): ObjectFacts[] {
  const found: ObjectFacts[] = [];
  for (let node: Node = 0; node < tree.size; node++) {
    if (tree.kind(node) !== "object" || tree.kind(Math.max(0, tree.member(node, "class_name"))) !== "string") continue;
    if (tree.member(node, "class_name") === NO_NODE || tree.member(node, "config") === NO_NODE) continue;
    found.push({
      start: tree.start(node),
      end: tree.end(node),
      className: rawMember(tree, node, "class_name"),
      module: rawMember(tree, node, "module"),
      registeredName: rawMember(tree, node, "registered_name"),
      pointer: withPointers ? jsonPointer(tree, node) : "",
    });
  }
  return found;
}

function rawMember(tree: ValueTree, node: Node, key: string): string {
  const member = tree.member(node, key);
  return member === NO_NODE ? "" : tree.raw(member);
}

/** Numbers of objects: those that do not hold the damaged place, those of them that kept their facts, and their place. */
export interface Rate {
  objects: number;
  kept: number;
  /** How many of those also kept their JSON Pointer. */
  placed: number;
}

/** Removes the character at `offset` and counts what is left of the objects elsewhere. */
export function measureDeletion(
  text: string,
  objects: readonly ObjectFacts[],
  offset: number,
  read: (text: string) => ObjectFacts[],
  rate: Rate,
): ObjectFacts[] {
  const byStart = new Map<number, ObjectFacts>();
  for (const facts of read(text.slice(0, offset) + text.slice(offset + 1))) byStart.set(facts.start, facts);
  const lost: ObjectFacts[] = [];
  for (const before of objects) {
    if (before.start <= offset && offset < before.end) continue;
    rate.objects++;
    const shift = offset < before.start ? 1 : 0;
    const now = byStart.get(before.start - shift);
    if (
      now &&
      now.end === before.end - shift &&
      now.className === before.className &&
      now.module === before.module &&
      now.registeredName === before.registeredName
    ) {
      rate.kept++;
      if (now.pointer === before.pointer) rate.placed++;
    } else lost.push(before);
  }
  return lost;
}

/** Our reader, for `measureDeletion`. */
export function readWithOurs(text: string): ObjectFacts[] {
  const document: JsonDocument = parseJson(text);
  return serializedObjects(document.tree, true);
}
