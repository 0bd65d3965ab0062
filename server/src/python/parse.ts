import { ExpressionParser } from "./expressionParser.ts";
import type { Expression } from "./expressions.ts";
import { type Statement, scanStatements, type TextRange } from "./statements.ts";

/**
 * A module's statements over its text. Expressions are parsed when they are asked for, by the functions of this file;
 * all of them take any text and never throw. Offsets are UTF-16 into `text`, ends exclusive.
 */
export interface PythonTree {
  readonly text: string;
  readonly body: readonly Statement[];
}

/** The whole tree of a module's text. Linear in it: about 200 MB a second, expressions not included. */
export function parsePython(text: string): PythonTree {
  return { text, body: scanStatements(text) };
}

/** Parses one expression (or `a, b`, as a tuple) out of a range of the text. */
export function parseExpression(text: string, range: TextRange): Expression {
  return new ExpressionParser(text, range.start, range.end).list();
}

/** The expressions behind each `@` of a class or function, in source order (Python calls the last one first). */
export function decoratorsOf(tree: PythonTree, statement: Statement): Expression[] {
  return statement.decorators.map((range) => parseExpression(tree.text, range));
}
