/**
 * Storage of a value tree: seven integers per value in one Int32Array, values in document order. One array instead of
 * objects keeps a 10 MB config at some 18 MB and spares the collector half a million objects.
 */
export const STRIDE = 7;
/** UTF-16 offsets of the value; the end is exclusive. */
export const START = 0;
export const END = 1;
/** UTF-16 offsets of the key, quotes included; -1 where the value is no member. */
export const KEY_START = 2;
export const KEY_END = 3;
export const PARENT = 4;
/** The first value after this one and everything within it. */
export const AFTER = 5;
/** Kind and flags in the low byte, the number of children above it. */
export const INFO = 6;

export const OBJECT = 0;
export const ARRAY = 1;
export const STRING = 2;
export const NUMBER = 3;
export const BOOLEAN = 4;
export const NULL = 5;
export const KIND_MASK = 7;
export const DAMAGED = 8;
/** The value, or the key, is not simply the text between two double quotes: it holds escapes or its quotes are not regular. */
export const VALUE_IRREGULAR = 16;
export const KEY_IRREGULAR = 32;
/** A syntax error touches the value itself or its key (a half-typed string, a missing value). */
export const BROKEN = 64;

export const ONE_CHILD = 256;
/** Counts stop here (2^24 - 1); the tree then walks the children. */
export const COUNT_MAX = 0xffffff;

export interface NodeStore {
  readonly data: Int32Array;
  readonly size: number;
}

/** A guess at the integers needed for a text of that many UTF-16 units; untouched pages of the array cost no memory. */
export function firstCapacity(length: number): number {
  return (Math.ceil(length / 13) + 8) * STRIDE;
}

/** A copy of `data` with room for at least one more value. */
export function grow(data: Int32Array): Int32Array {
  const larger = new Int32Array(Math.ceil((data.length * 1.5) / STRIDE + 8) * STRIDE);
  larger.set(data);
  return larger;
}
