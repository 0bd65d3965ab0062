import { literalValue, parseExpression } from "../python/index.ts";
/** A literal of Python as JSON; undefined where it is none. */
export function jsonOfPython(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const value = literalValue(text, parseExpression(text, { start: 0, end: text.length }));
  // Dicts and sets are rare among defaults, and a number keeps its spelling.
  if (typeof value === "number") return /^-?\d+(\.\d+)?(e-?\d+)?$/.test(text) ? text : JSON.stringify(value);
  if (value === undefined || (typeof value === "object" && value !== null && !Array.isArray(value))) return undefined;
  return JSON.stringify(value);
}
