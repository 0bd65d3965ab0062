import type { Expression } from "./expressions.ts";
import { blockHeader, definitionHeader, simpleStatement } from "./headers.ts";
import { decoratorsOf, type PythonTree } from "./parse.ts";
import type { Statement } from "./statements.ts";

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

/** The same without the bodies of functions and classes, which have names of their own. */
export function statementsOfScope(statements: readonly Statement[]): Generator<Statement> {
  return walkStatements(statements, ({ kind }) => kind !== "def" && kind !== "class");
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
