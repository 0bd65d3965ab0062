import type { DefinitionHeader } from "./headers.ts";
import { decoratorsOf, type PythonTree } from "./parse.ts";
import type { SourceText } from "./source.ts";
import type { Statement } from "./statements.ts";
import type { ClassFact, DecoratorFact, ScopeSummary, ValueSyntax } from "./summary.ts";
import { valueSyntax } from "./valueSyntax.ts";

/** Parts kept of a decorator, a base or a default. */
export const HEADER_BUDGET = 200;

/** What decorates a class or function, in source order. */
export function decoratorFacts(tree: PythonTree, source: SourceText, statement: Statement): DecoratorFact[] {
  const { text } = tree;
  return decoratorsOf(tree, statement).map((expression) => {
    let callee = expression;
    while (callee.kind === "call") callee = callee.callee;
    const name = text.slice(callee.start, callee.end).replace(/\s+/g, "").slice(0, 200);
    const at = source.place(expression.start, expression.end);
    return { value: valueSyntax(text, expression, HEADER_BUDGET), text: name, at };
  });
}

/** What stands in the parentheses behind the name of a class. */
export function basesAndKeywords(
  { text }: PythonTree,
  header: DefinitionHeader,
): Pick<ClassFact, "bases" | "keywords"> {
  const bases: ValueSyntax[] = [];
  const keywords: { name: string; value: ValueSyntax }[] = [];
  for (const argument of header.arguments) {
    const value = valueSyntax(text, argument.value, HEADER_BUDGET);
    if (argument.keyword !== undefined) keywords.push({ name: argument.keyword, value });
    else bases.push(argument.stars === 0 ? value : { kind: "other", names: [], strings: [] });
  }
  return { bases, keywords };
}

/** Python's `__qualname__` of a class or function that stands in a scope. */
export function qualnameWithin({ kind, qualname }: Pick<ScopeSummary, "kind" | "qualname">, name: string): string {
  if (kind === "module") return name;
  return kind === "class" ? `${qualname}.${name}` : `${qualname}.<locals>.${name}`;
}
