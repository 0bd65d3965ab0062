import { ExpressionParser } from "./expressionParser.ts";
import type { Argument, Expression, ParameterSyntax, StringExpression } from "./expressions.ts";
import { type Statement, scanStatements, type TextRange } from "./statements.ts";
import { decodeString, type StringPiece } from "./strings.ts";
import { Tokens } from "./tokens.ts";

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

/** The name of a class or function and where it stands; the bases and keywords of a class, the parameters of a function. */
export interface DefinitionHeader {
  readonly name: string;
  readonly nameStart: number;
  readonly nameEnd: number;
  /** Bases, `metaclass=…` and the like of a class, in source order; empty for a function. */
  readonly arguments: readonly Argument[];
  /** Empty for a class. */
  readonly parameters: readonly ParameterSyntax[];
  readonly isAsync: boolean;
}

/** Reads the header of a `class` or `def` statement; undefined where it has no name. */
export function definitionHeader(tree: PythonTree, statement: Statement): DefinitionHeader | undefined {
  const parser = new ExpressionParser(tree.text, statement.start, statement.end);
  const { tokens } = parser;
  const isAsync = tokens.is("async");
  if (isAsync) tokens.next();
  tokens.next();
  if (tokens.kind !== "name") return undefined;
  const name = tokens.value;
  const nameStart = tokens.start;
  const nameEnd = tokens.stop;
  tokens.next();
  if (tokens.is("[")) skipBrackets(tokens);
  let list: readonly Argument[] = [];
  let parameters: readonly ParameterSyntax[] = [];
  if (tokens.is("(")) {
    tokens.next();
    if (statement.kind === "class") list = parser.arguments();
    else parameters = parser.parameters(")");
  }
  return { name, nameStart, nameEnd, arguments: list, parameters, isAsync };
}

/** The name of a class or function alone, without reading the rest of its header. */
export function definitionName(
  tree: PythonTree,
  statement: Statement,
): { readonly name: string; readonly start: number; readonly end: number } | undefined {
  const tokens = new Tokens(tree.text, statement.start, statement.end);
  if (tokens.is("async")) tokens.next();
  tokens.next();
  return tokens.kind === "name" ? { name: tokens.value, start: tokens.start, end: tokens.stop } : undefined;
}

function skipBrackets(tokens: Tokens): void {
  let depth = 0;
  do {
    if (tokens.is("[")) depth++;
    if (tokens.is("]")) depth--;
    tokens.next();
  } while (depth > 0 && tokens.kind !== "end");
}

/** A simple statement read as an expression or an assignment. */
export interface SimpleStatement {
  /** `=` (also with an annotation), `+=` and the like, or "" for an expression or a bare annotation. */
  readonly operator: string;
  /** The targets of `a = b = value`, each of which may be a tuple; the annotated name; empty for an expression. */
  readonly targets: readonly Expression[];
  readonly annotation?: Expression;
  /** The value assigned, or the expression; absent for a bare annotation (`name: int`). */
  readonly value?: Expression;
  /** What stands behind `from` in `raise … from …`. */
  readonly cause?: Expression;
}

/** Reads a statement of kind `simple`, or what stands behind `return`, `raise`, `del`, `assert`. */
export function simpleStatement(tree: PythonTree, statement: Statement): SimpleStatement {
  const parser = new ExpressionParser(tree.text, statement.start, statement.end);
  const { tokens } = parser;
  if (statement.kind !== "simple") tokens.next();
  let current = parser.list();
  let annotation: Expression | undefined;
  const targets: Expression[] = [];
  let operator = "";
  if (tokens.is(":") && statement.kind === "simple") {
    tokens.next();
    annotation = parser.expression();
    targets.push(current);
    if (!tokens.is("=")) return { operator: "", targets, annotation };
    tokens.next();
    current = parser.list();
    operator = "=";
  }
  if (/^(?:[^=!<>:]|\/\/|\*\*|<<|>>)=$/.test(tokens.value)) {
    operator = tokens.value;
    targets.push(current);
    tokens.next();
    current = parser.list();
  }
  while (tokens.is("=")) {
    operator = "=";
    targets.push(current);
    tokens.next();
    current = parser.list();
  }
  let cause: Expression | undefined;
  if (statement.kind === "raise" && tokens.is("from")) {
    tokens.next();
    cause = parser.expression();
  }
  return { operator, targets, ...(annotation ? { annotation } : {}), value: current, ...(cause ? { cause } : {}) };
}

/** One name that an import statement binds. */
export interface ImportedName extends TextRange {
  /** `a.b` of `import a.b`, or the name behind `from … import`; `*` for all names. */
  readonly name: string;
  /** The name behind `as`. */
  readonly as?: string;
}

export interface ImportStatement {
  /** The module behind `from`, without its dots; undefined for `import a.b`. */
  readonly from?: string;
  /** How many dots stand before it. */
  readonly level: number;
  readonly names: readonly ImportedName[];
}

/** Reads an `import` or `from … import` statement. */
export function importStatement(tree: PythonTree, statement: Statement): ImportStatement {
  const tokens = new Tokens(tree.text, statement.start, statement.end);
  tokens.next();
  let from: string | undefined;
  let level = 0;
  if (statement.kind === "from") {
    while (tokens.is(".") || tokens.is("...")) {
      level += tokens.value.length;
      tokens.next();
    }
    from = tokens.is("import") ? "" : dotted(tokens);
    if (!tokens.is("import")) return { from, level, names: [] };
    tokens.next();
    if (tokens.is("(")) tokens.next();
  }
  const names: ImportedName[] = [];
  while (tokens.kind !== "end" && !tokens.is(")")) {
    const { start } = tokens;
    if (tokens.is("*")) {
      tokens.next();
      names.push({ name: "*", start, end: tokens.previousStop });
    } else if (tokens.kind === "name") {
      const name = dotted(tokens);
      let as: string | undefined;
      if (tokens.is("as")) {
        tokens.next();
        if (tokens.kind === "name") as = tokens.value;
        tokens.next();
      }
      names.push({ name, ...(as === undefined ? {} : { as }), start, end: tokens.previousStop });
    } else tokens.next();
  }
  return { ...(from === undefined ? {} : { from }), level, names };
}

function dotted(tokens: Tokens): string {
  let name = "";
  while (tokens.kind === "name" && !(tokens.is("import") && name !== "")) {
    name += tokens.value;
    tokens.next();
    if (!tokens.is(".")) break;
    name += ".";
    tokens.next();
  }
  return name;
}

/** The expressions of a compound header: the test of `if`, `elif`, `while`, the subject of `match`, the items of `with`. */
export interface BlockHeader {
  /** Tests, iterables, subjects, context managers and exception types. */
  readonly expressions: readonly Expression[];
  /** What `for` or `as` binds. */
  readonly targets: readonly Expression[];
}

/**
 * Reads the header of a compound statement other than `class` and `def`. A `case` gives nothing: patterns are no
 * expressions. Of `with (a as b, c as d):` the names come as expressions.
 */
export function blockHeader(tree: PythonTree, statement: Statement): BlockHeader {
  const parser = new ExpressionParser(tree.text, statement.start, statement.end);
  const { tokens } = parser;
  if (statement.kind === "case") return { expressions: [], targets: [] };
  if (tokens.is("async")) tokens.next();
  tokens.next();
  const expressions: Expression[] = [];
  const targets: Expression[] = [];
  if (statement.kind === "for") {
    targets.push(parser.targets());
    if (tokens.is("in")) tokens.next();
    expressions.push(parser.list());
    return { expressions, targets };
  }
  if (statement.kind === "except" && tokens.is("*")) tokens.next();
  while (tokens.kind !== "end") {
    const { start } = tokens;
    expressions.push(parser.element());
    if (tokens.is("as")) {
      tokens.next();
      targets.push(parser.target());
    }
    if (tokens.is(",") || tokens.start === start) tokens.next();
    else break;
  }
  return { expressions, targets };
}

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
    if (!decoded) return undefined;
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

/** The expressions directly inside an expression, in source order. */
export function childExpressions(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "attribute":
    case "starred":
    case "await":
    case "yield":
      return [expression.value];
    case "walrus":
      return expression.target ? [expression.target, expression.value] : [expression.value];
    case "call":
      return [expression.callee, ...expression.arguments.map((argument) => argument.value)];
    case "subscript":
      return [expression.value, expression.index];
    case "tuple":
    case "list":
    case "set":
      return expression.elements;
    case "slice":
      return expression.parts;
    case "dict":
      return expression.entries.flatMap((entry) => (entry.key ? [entry.key, entry.value] : [entry.value]));
    case "comprehension":
      return [
        ...(expression.key ? [expression.key] : []),
        expression.element,
        ...expression.clauses.flatMap((clause) => [clause.target, clause.iterable]),
        ...expression.conditions,
      ];
    case "operation":
      return expression.operands;
    case "conditional":
      return [expression.body, expression.test, expression.orElse];
    case "lambda":
      return [
        ...expression.parameters.flatMap((parameter) => (parameter.default ? [parameter.default] : [])),
        expression.body,
      ];
    default:
      return [];
  }
}

/** Calls `visit` for an expression and everything inside it, outside in; inside is left out where `visit` returns false. */
export function walkExpression(expression: Expression, visit: (expression: Expression) => boolean | undefined): void {
  const stack: Expression[] = [expression];
  for (let at = stack.pop(); at; at = stack.pop()) {
    if (visit(at) === false) continue;
    const children = childExpressions(at);
    for (let i = children.length - 1; i >= 0; i--) stack.push(children[i]!);
  }
}

/** Every statement of a list and of the bodies inside it, in source order; a body is left out where `enter` says so. */
export function* walkStatements(
  statements: readonly Statement[],
  enter: (statement: Statement) => boolean = () => true,
): Generator<Statement> {
  const stack: { list: readonly Statement[]; at: number }[] = [{ list: statements, at: 0 }];
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const statement = top.list[top.at++];
    if (!statement) {
      stack.pop();
      continue;
    }
    yield statement;
    if (statement.body.length > 0 && enter(statement)) stack.push({ list: statement.body, at: 0 });
  }
}

/**
 * The expressions that stand in a statement itself, in source order: decorators, bases, defaults, tests, targets and
 * values, not those of its body. Imports and annotations of parameters have none.
 */
export function statementExpressions(tree: PythonTree, statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case "class":
    case "def": {
      const header = definitionHeader(tree, statement);
      const list = decoratorsOf(tree, statement);
      for (const argument of header?.arguments ?? []) list.push(argument.value);
      for (const parameter of header?.parameters ?? []) if (parameter.default) list.push(parameter.default);
      return list;
    }
    case "simple":
    case "return":
    case "del":
    case "assert":
    case "raise": {
      const { targets, value, cause } = simpleStatement(tree, statement);
      return [...targets, ...(value ? [value] : []), ...(cause ? [cause] : [])];
    }
    case "if":
    case "elif":
    case "while":
    case "for":
    case "with":
    case "match":
    case "except": {
      const { expressions, targets } = blockHeader(tree, statement);
      return [...targets, ...expressions];
    }
    default:
      return [];
  }
}
