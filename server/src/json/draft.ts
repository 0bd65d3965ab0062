import {
  AFTER,
  ARRAY,
  COUNT_MAX,
  END,
  INFO,
  KEY_END,
  KEY_IRREGULAR,
  KEY_START,
  KIND_MASK,
  type NodeStore,
  ONE_CHILD,
  PARENT,
  START,
  STRIDE,
} from "./nodes.ts";

const FIELDS = 11;
const D_START = 0;
const D_END = 1;
const D_KEY_START = 2;
const D_KEY_END = 3;
const D_PARENT = 4;
const D_FIRST = 5;
const D_LAST = 6;
const D_NEXT = 7;
const D_PREVIOUS = 8;
const D_INFO = 9;
const D_SEEN = 10;

/** A node of a draft; -1 where there is none. */
export type Draft = number;

/**
 * A tree in the making whose values are linked, so that the tolerant reader can still change its mind about where a
 * value belongs. `store` turns it into the compact form.
 */
export class DraftTree {
  #data = new Int32Array(FIELDS * 256);
  #size = 0;

  add(kind: number, start: number, end: number): Draft {
    const node = this.#size++;
    const p = node * FIELDS;
    if (p + FIELDS > this.#data.length) {
      const larger = new Int32Array(this.#data.length * 2);
      larger.set(this.#data);
      this.#data = larger;
    }
    this.#data.fill(-1, p, p + FIELDS);
    this.#data[p + D_START] = start;
    this.#data[p + D_END] = end;
    this.#data[p + D_INFO] = kind;
    this.#data[p + D_SEEN] = 0;
    return node;
  }

  append(parent: Draft, node: Draft): void {
    const data = this.#data;
    const last = data[parent * FIELDS + D_LAST]!;
    data[node * FIELDS + D_PARENT] = parent;
    data[node * FIELDS + D_PREVIOUS] = last;
    if (last < 0) data[parent * FIELDS + D_FIRST] = node;
    else data[last * FIELDS + D_NEXT] = node;
    data[parent * FIELDS + D_LAST] = node;
  }

  /** Puts the last child of `parent` into a new array that takes its place and its key. */
  wrapLast(parent: Draft): Draft {
    const inner = this.last(parent);
    const array = this.add(ARRAY, this.start(inner), this.end(inner));
    const data = this.#data;
    const a = array * FIELDS;
    const i = inner * FIELDS;
    for (const field of [D_KEY_START, D_KEY_END, D_PREVIOUS]) {
      data[a + field] = data[i + field]!;
      data[i + field] = -1;
    }
    data[a + D_INFO] = ARRAY | (data[i + D_INFO]! & KEY_IRREGULAR);
    data[a + D_PARENT] = parent;
    const previous = data[a + D_PREVIOUS]!;
    if (previous < 0) data[parent * FIELDS + D_FIRST] = array;
    else data[previous * FIELDS + D_NEXT] = array;
    data[parent * FIELDS + D_LAST] = array;
    this.append(array, inner);
    return array;
  }

  setKey(node: Draft, start: number, end: number): void {
    this.#data[node * FIELDS + D_KEY_START] = start;
    this.#data[node * FIELDS + D_KEY_END] = end;
  }

  start(node: Draft): number {
    return this.#data[node * FIELDS + D_START]!;
  }

  end(node: Draft): number {
    return this.#data[node * FIELDS + D_END]!;
  }

  setStart(node: Draft, start: number): void {
    this.#data[node * FIELDS + D_START] = start;
  }

  setEnd(node: Draft, end: number): void {
    this.#data[node * FIELDS + D_END] = end;
  }

  keyStart(node: Draft): number {
    return this.#data[node * FIELDS + D_KEY_START]!;
  }

  keyEnd(node: Draft): number {
    return this.#data[node * FIELDS + D_KEY_END]!;
  }

  kind(node: Draft): number {
    return this.#data[node * FIELDS + D_INFO]! & KIND_MASK;
  }

  mark(node: Draft, flags: number): void {
    this.#data[node * FIELDS + D_INFO]! |= flags;
  }

  first(node: Draft): Draft {
    return this.#data[node * FIELDS + D_FIRST]!;
  }

  last(node: Draft): Draft {
    return this.#data[node * FIELDS + D_LAST]!;
  }

  next(node: Draft): Draft {
    return this.#data[node * FIELDS + D_NEXT]!;
  }

  /** Which of Keras's own keys an object has had so far. */
  seen(node: Draft): number {
    return this.#data[node * FIELDS + D_SEEN]!;
  }

  see(node: Draft, key: number): void {
    this.#data[node * FIELDS + D_SEEN]! |= key;
  }

  /** The compact tree below `root`, in document order. */
  store(root: Draft): NodeStore {
    const draft = this.#data;
    const data = new Int32Array(this.#size * STRIDE);
    let size = 0;
    let parent = -1;
    for (let node = root; node >= 0; ) {
      const d = node * FIELDS;
      const p = size * STRIDE;
      data[p + START] = draft[d + D_START]!;
      data[p + END] = draft[d + D_END]!;
      data[p + KEY_START] = node === root ? -1 : draft[d + D_KEY_START]!;
      data[p + KEY_END] = node === root ? -1 : draft[d + D_KEY_END]!;
      data[p + PARENT] = parent;
      data[p + INFO] = draft[d + D_INFO]!;
      if (parent >= 0 && data[parent * STRIDE + INFO]! >>> 8 < COUNT_MAX) data[parent * STRIDE + INFO]! += ONE_CHILD;
      draft[d + D_PREVIOUS] = size++;
      const first = draft[d + D_FIRST]!;
      if (first >= 0) {
        parent = size - 1;
        node = first;
        continue;
      }
      data[p + AFTER] = size;
      // Up to the nearest value that still has a sibling.
      while (node !== root && draft[node * FIELDS + D_NEXT]! < 0) {
        node = draft[node * FIELDS + D_PARENT]!;
        const above = draft[node * FIELDS + D_PREVIOUS]!;
        data[above * STRIDE + AFTER] = size;
        parent = data[above * STRIDE + PARENT]!;
      }
      if (node === root) break;
      node = draft[node * FIELDS + D_NEXT]!;
    }
    return { data, size };
  }
}
