import type { CallExpression, Expression } from "./expressions.ts";
import { dottedName } from "./literals.ts";
import type { PythonTree } from "./parse.ts";
import type { Statement } from "./statements.ts";
import { statementExpressions, walkExpression } from "./walk.ts";

/** Calls by which names may come into a class body that do not stand in it. */
const OPENING = new Set(["exec", "locals", "vars"]);
const MARKS = /:=|\b(?:exec|locals|vars)\s*\(/;

/**
 * What a statement of a class body may change of the class beside what it assigns and defines: the names that it takes out (`del name`)
 * or binds within an expression, or "any" where it runs text as code or changes the dict of its names.
 */
export function changedInBody(tree: PythonTree, statement: Statement): readonly string[] | "any" {
  const isDeletion = statement.kind === "del";
  if (!isDeletion && !(statement.kind === "simple" && MARKS.test(tree.text.slice(statement.start, statement.end))))
    return [];
  const names: string[] = [];
  let isAny = false;
  for (const expression of statementExpressions(tree, statement)) {
    walkExpression(expression, (at) => {
      if (at.kind === "call" && opens(at)) isAny = true;
      const bound: Expression | undefined = at.kind === "walrus" ? at.target : isDeletion ? at : undefined;
      if (bound?.kind === "name") names.push(bound.id);
      // A lambda has names of its own.
      return at.kind !== "lambda";
    });
  }
  return isAny ? "any" : names;
}

function opens({ callee, arguments: given }: CallExpression): boolean {
  const name = dottedName(callee);
  return name !== undefined && OPENING.has(name) && (name === "exec" || given.length === 0);
}
