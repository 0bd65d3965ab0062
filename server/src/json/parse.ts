import type { JsonSyntaxError } from "./errors.ts";
import { recover } from "./recover.ts";
import { parseStrict } from "./strict.ts";
import { JsonTree } from "./tree.ts";

export type { JsonSyntaxError } from "./errors.ts";

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
  const { store, errors } = recover(text, from);
  // The strict reader has the last word on what is JSON.
  if (errors.length === 0)
    errors.push({ start: strict.at, end: Math.min(strict.at + 1, text.length), message: strict.message });
  return { tree: new JsonTree(text, store), errors };
}
