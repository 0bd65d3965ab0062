import { ExpressionParser } from "./expressionParser.ts";
import type { Argument, Expression, ParameterSyntax } from "./expressions.ts";
import type { PythonTree } from "./parse.ts";
import type { Statement, TextRange } from "./statements.ts";
import { Tokens } from "./tokens.ts";

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

/** The words of a statement that may bind names without a target: an import, a `case`, a function or a class. */
export function boundUnseen(tree: PythonTree, statement: Statement): readonly string[] {
  const { kind, start, end } = statement;
  if (kind === "def" || kind === "class") return [definitionName(tree, statement)?.name ?? ""];
  const binds = kind === "import" || kind === "from" || kind === "case";
  return binds ? (tree.text.slice(start, end).match(/\w+/g) ?? []) : [];
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
  if (isAugmented(tokens.value)) {
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
  if (annotation) return { operator, targets, annotation, value: current };
  return cause ? { operator, targets, value: current, cause } : { operator, targets, value: current };
}

/** `+=`, `//=` and the like. */
function isAugmented(operator: string): boolean {
  return operator.length > 1 && operator.endsWith("=") && !NOT_AUGMENTED.has(operator);
}

const NOT_AUGMENTED = new Set(["==", "!=", "<=", ">=", ":="]);

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
      const end = tokens.previousStop;
      names.push(as === undefined ? { name, start, end } : { name, as, start, end });
    } else tokens.next();
  }
  return from === undefined ? { level, names } : { from, level, names };
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
