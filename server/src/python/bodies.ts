import type { Expression } from "./expressions.ts";
import { dottedName } from "./literals.ts";
import type { ScopeReader } from "./scopeReader.ts";
import { functionAround } from "./scopes.ts";
import type { FunctionFact } from "./summary.ts";
import { LONGEST_MENTION, MOST_MENTIONS, nameInString } from "./valueSyntax.ts";
import type { VisitedStatement } from "./visits.ts";
import { childExpressions } from "./walk.ts";

/** Calls that are kept of one function. */
const MOST_CALLS = 300;

interface Body {
  readonly calls: Set<string>;
  readonly names: Set<string>;
  readonly strings: Set<string>;
}

/** Adds to each function what its body calls and mentions, that of the functions in it included. */
export function withBodies(text: string, scopes: ScopeReader, visited: readonly VisitedStatement[]): FunctionFact[] {
  const bodies = scopes.functions.map((): Body => ({ calls: new Set(), names: new Set(), strings: new Set() }));
  const around = scopes.scopes.map((_scope, index) => functionAround(scopes.scopes, index));
  for (const { context, expressions } of visited) {
    const owner = around[context.scope];
    if (owner !== undefined) for (const expression of expressions) note(text, expression, bodies[owner]!);
  }
  // Inner functions stand behind the ones around them.
  for (let index = bodies.length - 1; index >= 0; index--) {
    const outer = around[scopes.functions[index]!.scope];
    if (outer === undefined) continue;
    const { calls, names, strings } = bodies[index]!;
    merge(bodies[outer]!.calls, calls, MOST_CALLS);
    merge(bodies[outer]!.names, names, MOST_MENTIONS);
    merge(bodies[outer]!.strings, strings, MOST_MENTIONS);
  }
  return scopes.functions.map((fact, index) => {
    const { calls, names, strings } = bodies[index]!;
    return { ...fact, calls: [...calls], mentions: { names: [...names], strings: [...strings] } };
  });
}

function note(text: string, expression: Expression, body: Body): void {
  const stack: Expression[] = [expression];
  for (let at = stack.pop(); at; at = stack.pop()) {
    if (at.kind === "name" || at.kind === "attribute") {
      const path = dottedName(at);
      if (path !== undefined) {
        if (body.names.size < MOST_MENTIONS) body.names.add(path);
        continue;
      }
    } else if (at.kind === "call") {
      const path = dottedName(at.callee) ?? (at.callee.kind === "attribute" ? `().${at.callee.name}` : undefined);
      if (path !== undefined && body.calls.size < MOST_CALLS) body.calls.add(path);
    } else if (at.kind === "string") {
      const value = at.end - at.start <= LONGEST_MENTION ? nameInString(text, at) : undefined;
      if (value !== undefined && body.strings.size < MOST_MENTIONS) body.strings.add(value);
      continue;
    } else if (at.kind === "constant" || at.kind === "opaque") continue;
    const children = childExpressions(at);
    for (let i = children.length - 1; i >= 0; i--) stack.push(children[i]!);
  }
}

function merge(into: Set<string>, from: ReadonlySet<string>, most: number): void {
  for (const value of from) {
    if (into.size >= most) return;
    into.add(value);
  }
}
