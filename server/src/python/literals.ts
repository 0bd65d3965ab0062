import type { Expression, StringExpression } from "./expressions.ts";
import { simpleStatement } from "./headers.ts";
import type { PythonTree } from "./parse.ts";
import type { Statement } from "./statements.ts";
import { decodeString, type StringPiece } from "./strings.ts";

/** The docstring of a class, function or module body: the literal, if the first statement is one. */
export function docstring(tree: PythonTree, body: readonly Statement[]): StringExpression | undefined {
  const first = body[0];
  if (first?.kind !== "simple") return undefined;
  const quote = tree.text.charCodeAt(first.start) | 32;
  // Quotes, and the prefixes r and u.
  if (quote !== 34 && quote !== 39 && quote !== 114 && quote !== 117) return undefined;
  const { value, operator } = simpleStatement(tree, first);
  return value?.kind === "string" && operator === "" ? value : undefined;
}

/** The value of a literal, adjacent ones joined; undefined for bytes and for f-strings with replacement fields. */
export function stringValue(text: string, expression: StringExpression): string | undefined {
  let value = "";
  for (const piece of stringPieces(text, expression) ?? [undefined]) {
    if (typeof piece !== "string") return undefined;
    value += piece;
  }
  return value;
}

/** The pieces of a literal: strings, and ranges of the expressions of an f-string's fields; undefined for bytes. */
export function stringPieces(text: string, expression: StringExpression): StringPiece[] | undefined {
  const pieces: StringPiece[] = [];
  for (const { start, end } of expression.literals) {
    const decoded = decodeString(text, start, end);
    // What `\N{…}` names stands in Unicode's tables, which are not here.
    if (!decoded || text.slice(start, end).includes("\\N{")) return undefined;
    pieces.push(...decoded);
  }
  return pieces;
}

/** `a.b.c` for a name with attributes; undefined for anything else. */
export function dottedName(expression: Expression): string | undefined {
  const parts: string[] = [];
  let at = expression;
  while (at.kind === "attribute") {
    parts.push(at.name);
    at = at.value;
  }
  if (at.kind !== "name") return undefined;
  if (parts.length === 0) return at.id;
  parts.push(at.id);
  return parts.reverse().join(".");
}

/** A literal as plain data. */
export type LiteralValue =
  | string
  | boolean
  | null
  | number
  | readonly LiteralValue[]
  | { readonly entries: readonly (readonly [LiteralValue, LiteralValue])[] };

/** The value of a literal (strings, numbers, constants, and lists, tuples, sets and dicts of them); undefined for others. */
export function literalValue(text: string, expression: Expression): LiteralValue | undefined {
  switch (expression.kind) {
    case "string":
      return stringValue(text, expression);
    case "constant":
      if (expression.type === "number") return Number(text.slice(expression.start, expression.end).replaceAll("_", ""));
      if (expression.type === "ellipsis") return undefined;
      return expression.type === "none" ? null : expression.type === "true";
    case "operation": {
      if (expression.operators.length !== 1 || expression.operators[0] !== "-") return undefined;
      const value = expression.operands.length === 1 ? literalValue(text, expression.operands[0]!) : undefined;
      return typeof value === "number" ? -value : undefined;
    }
    case "tuple":
    case "list":
    case "set": {
      const values: LiteralValue[] = [];
      for (const element of expression.elements) {
        const value = literalValue(text, element);
        if (value === undefined) return undefined;
        values.push(value);
      }
      return values;
    }
    case "dict": {
      const entries: [LiteralValue, LiteralValue][] = [];
      for (const entry of expression.entries) {
        const key = entry.key && literalValue(text, entry.key);
        const value = literalValue(text, entry.value);
        if (key === undefined || value === undefined) return undefined;
        entries.push([key, value]);
      }
      return { entries };
    }
    default:
      return undefined;
  }
}
