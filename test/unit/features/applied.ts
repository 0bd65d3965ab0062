import assert from "node:assert/strict";
import type { TextChange } from "../../../server/src/features/textChange.ts";

/** The text after changes, which must not overlap. */
export function applied(text: string, changes: readonly TextChange[]): string {
  let result = text;
  let before = Number.POSITIVE_INFINITY;
  for (const { start, end, newText } of [...changes].sort((a, b) => b.start - a.start)) {
    assert.ok(end <= before, "the changes overlap");
    before = start;
    result = result.slice(0, start) + newText + result.slice(end);
  }
  return result;
}
