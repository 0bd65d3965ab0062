import { decodeString } from "./decode.ts";
import {
  AFTER,
  ARRAY,
  BOOLEAN,
  COUNT_MAX,
  DAMAGED,
  END,
  INFO,
  KEY_END,
  KEY_IRREGULAR,
  KEY_START,
  KIND_MASK,
  type NodeStore,
  NUMBER,
  OBJECT,
  PARENT,
  START,
  STRIDE,
  STRING,
  VALUE_IRREGULAR,
} from "./nodes.ts";
import { NO_NODE, type Node, type ValueKind, type ValueTree } from "./valueTree.ts";

const KINDS: readonly ValueKind[] = ["object", "array", "string", "number", "boolean", "null"];
/** From this many members on, an object's keys are put into a map at the first question. */
const MANY_MEMBERS = 48;

/** A value tree over a text: ranges are stored, strings and numbers are read from the text when they are asked for. */
export class JsonTree implements ValueTree {
  readonly text: string;
  readonly root: Node;
  readonly size: number;
  readonly #data: Int32Array;
  readonly #keys = new Map<Node, Map<string, Node>>();

  constructor(text: string, store: NodeStore) {
    this.text = text;
    this.size = store.size;
    this.root = store.size > 0 ? 0 : NO_NODE;
    this.#data = store.data;
  }

  kind(node: Node): ValueKind {
    return KINDS[this.#data[node * STRIDE + INFO]! & KIND_MASK]!;
  }

  start(node: Node): number {
    return this.#data[node * STRIDE + START]!;
  }

  end(node: Node): number {
    return this.#data[node * STRIDE + END]!;
  }

  keyStart(node: Node): number {
    return this.#data[node * STRIDE + KEY_START]!;
  }

  keyEnd(node: Node): number {
    return this.#data[node * STRIDE + KEY_END]!;
  }

  key(node: Node): string {
    const data = this.#data;
    const p = node * STRIDE;
    const start = data[p + KEY_START]!;
    if (start < 0) return "";
    const end = data[p + KEY_END]!;
    if ((data[p + INFO]! & KEY_IRREGULAR) === 0) return this.text.slice(start + 1, end - 1);
    return decodeString(this.text.slice(start, end));
  }

  parent(node: Node): Node {
    return this.#data[node * STRIDE + PARENT]!;
  }

  firstChild(node: Node): Node {
    return this.#data[node * STRIDE + INFO]! >>> 8 > 0 ? node + 1 : NO_NODE;
  }

  nextSibling(node: Node): Node {
    const data = this.#data;
    const next = data[node * STRIDE + AFTER]!;
    return next < this.size && data[next * STRIDE + PARENT] === data[node * STRIDE + PARENT] ? next : NO_NODE;
  }

  childCount(node: Node): number {
    const count = this.#data[node * STRIDE + INFO]! >>> 8;
    if (count < COUNT_MAX) return count;
    let walked = 0;
    for (let child = this.firstChild(node); child !== NO_NODE; child = this.nextSibling(child)) walked++;
    return walked;
  }

  member(object: Node, key: string): Node {
    if (object < 0) return NO_NODE;
    const data = this.#data;
    const info = data[object * STRIDE + INFO]!;
    if ((info & KIND_MASK) !== OBJECT) return NO_NODE;
    if (info >>> 8 >= MANY_MEMBERS) return this.#memberOfMany(object, key);
    const text = this.text;
    const width = key.length + 2;
    const after = data[object * STRIDE + AFTER]!;
    let found = NO_NODE;
    for (let child = object + 1; child < after; ) {
      const p = child * STRIDE;
      const start = data[p + KEY_START]!;
      if ((data[p + INFO]! & KEY_IRREGULAR) !== 0) {
        if (this.key(child) === key) found = child;
      } else if (data[p + KEY_END]! - start === width && text.startsWith(key, start + 1)) found = child;
      child = data[p + AFTER]!;
    }
    return found;
  }

  #memberOfMany(object: Node, key: string): Node {
    let keys = this.#keys.get(object);
    if (!keys) {
      keys = new Map();
      for (let child = object + 1; child !== NO_NODE; child = this.nextSibling(child)) keys.set(this.key(child), child);
      this.#keys.set(object, keys);
    }
    return keys.get(key) ?? NO_NODE;
  }

  string(node: Node): string {
    const data = this.#data;
    const p = node * STRIDE;
    const info = data[p + INFO]!;
    if ((info & KIND_MASK) !== STRING) return "";
    const start = data[p + START]!;
    const end = data[p + END]!;
    if ((info & VALUE_IRREGULAR) === 0) return this.text.slice(start + 1, end - 1);
    return decodeString(this.text.slice(start, end));
  }

  raw(node: Node): string {
    return this.text.slice(this.start(node), this.end(node));
  }

  slice(start: number, end: number): string {
    return this.text.slice(start, end);
  }

  number(node: Node): number {
    return (this.#data[node * STRIDE + INFO]! & KIND_MASK) === NUMBER ? Number(this.raw(node)) : Number.NaN;
  }

  boolean(node: Node): boolean {
    if ((this.#data[node * STRIDE + INFO]! & KIND_MASK) !== BOOLEAN) return false;
    // "true", and the "True" of Python that the tolerant reader takes for it.
    return (this.text.charCodeAt(this.start(node)) | 32) === 116;
  }

  damaged(node: Node): boolean {
    return (this.#data[node * STRIDE + INFO]! & DAMAGED) !== 0;
  }

  /** Whether the value is an array or an object. */
  isContainer(node: Node): boolean {
    return (this.#data[node * STRIDE + INFO]! & KIND_MASK) <= ARRAY;
  }
}
