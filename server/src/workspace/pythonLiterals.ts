import { type LiteralValue, literalValue, parseExpression } from "../python/index.ts";

/** The longest literal that is read, in UTF-16 units. */
const LONGEST_LITERAL = 1_000_000;

/** The value of the literal that begins where a match in a Python text ends; undefined where no literal does. */
export function literalAt(text: string, match: RegExpExecArray): LiteralValue | undefined {
  const start = match.index + match[0].length;
  const expression = parseExpression(text, { start, end: Math.min(text.length, start + LONGEST_LITERAL) });
  // What follows after a comma is read as a tuple's next element.
  const first = expression.kind === "tuple" && text[start] !== "(" ? expression.elements[0] : expression;
  return first && literalValue(text, first);
}

/** The entries of a dict literal whose keys are strings; none for any other value. */
export function dictEntries(value: LiteralValue | undefined): [string, LiteralValue][] {
  if (typeof value !== "object" || value === null || !("entries" in value)) return [];
  return (value.entries as readonly (readonly [LiteralValue, LiteralValue])[]).flatMap(([key, one]) =>
    typeof key === "string" ? [[key, one]] : [],
  );
}
