import { CodeReader } from "./codeReader.ts";
import type { PythonTree } from "./parse.ts";
import type { ScopeReader } from "./scopeReader.ts";
import { functionAround, functionsAround } from "./scopes.ts";
import type { Statement } from "./statements.ts";
import type { Code, CodeFact, Fact, FunctionFact, Step, ValueSyntax } from "./summary.ts";
import { walkStatements } from "./walk.ts";
import { lastSegment } from "./words.ts";

/** Functions of one module whose bodies are kept. */
const MOST_FUNCTIONS = 400;
/** Statements of a module that are followed as a whole; those inside `if` and `try` stand for themselves. */
const WHOLE = new Set(["simple", "for", "while", "with", "del"]);

/**
 * What linking may have to follow: the bodies of the functions that may register and of those that they call, and the
 * statements of the module that may register when it runs. `interesting` are the names whose calls may register.
 */
export function readCode(
  tree: PythonTree,
  scopes: ScopeReader,
  functions: readonly FunctionFact[],
  facts: readonly Fact[],
  interesting: ReadonlySet<string>,
): { readonly functions: readonly FunctionFact[]; readonly code: readonly CodeFact[] } {
  const definitions = new Map<number, number>();
  for (const [index, { offset }] of scopes.classes.entries()) definitions.set(offset, index);
  for (const [index, { offset }] of functions.entries()) definitions.set(offset, index);
  const reader = new CodeReader(tree, definitions);
  const code = moduleCode(scopes, facts, reader);
  const followed = followedFunctions(scopes, functions, facts, interesting, code);
  if (followed.size === 0) return { functions, code };
  const bodies = new Map<number, readonly Statement[]>();
  for (const statement of walkStatements(tree.body)) {
    const index = statement.kind === "def" ? definitions.get(statement.start) : undefined;
    if (index !== undefined && followed.has(index)) bodies.set(index, statement.body);
  }
  const result = functions.map((fact, index) => {
    const body = bodies.get(index);
    const read: Code | undefined = body && reader.read(body);
    return read ? { ...fact, code: read } : fact;
  });
  return { functions: result, code };
}

function moduleCode(scopes: ScopeReader, facts: readonly Fact[], reader: CodeReader): CodeFact[] {
  const offsets = facts.map(({ offset }) => offset).sort((a, b) => a - b);
  const code: CodeFact[] = [];
  let covered = -1;
  let next = 0;
  for (const { statement, context } of scopes.visited) {
    const { start, kind } = statement;
    if (start < covered || !WHOLE.has(kind) || functionAround(scopes.scopes, context.scope) !== undefined) continue;
    const end = Math.max(statement.end, statement.bodyEnd);
    while (next < offsets.length && offsets[next]! < start) next++;
    if (next >= offsets.length || offsets[next]! >= end) continue;
    covered = end;
    const [step] = reader.read([statement]) ?? [];
    if (step) code.push({ offset: start, end, scope: context.scope, ...(context.run && { run: context.run }), step });
  }
  return code;
}

/** The functions by whose bodies is decided what is registered, by index. */
function followedFunctions(
  scopes: ScopeReader,
  functions: readonly FunctionFact[],
  facts: readonly Fact[],
  interesting: ReadonlySet<string>,
  code: readonly CodeFact[],
): ReadonlySet<number> {
  const followed = new Set<number>();
  const queue: number[] = [];
  const add = (index: number) => {
    if (followed.has(index) || followed.size >= MOST_FUNCTIONS) return;
    followed.add(index);
    queue.push(index);
  };
  const byName = new Map<string, number[]>();
  const byScope = new Map<number, number[]>();
  const ofClass = new Map<string, number[]>();
  for (const [index, { name, scope }] of functions.entries()) {
    push(byName, name, index);
    push(byScope, scope, index);
    const around = scopes.scopes[scope]!;
    if (around.kind === "class") push(ofClass, scopes.classes[around.owner]!.name, index);
  }
  const named = (name: string) => {
    for (const index of byName.get(name) ?? []) add(index);
    for (const index of ofClass.get(name) ?? []) add(index);
  };
  for (const name of interesting) named(name);
  for (const fact of facts) {
    for (const index of functionsAround(scopes.scopes, fact.scope)) add(index);
  }
  for (const { step } of code) for (const name of namesIn(step)) named(name);
  for (const { decorators } of [...scopes.classes, ...functions]) {
    for (const { value } of decorators) if (value.kind === "call") for (const name of calledIn(value)) named(name);
  }
  for (let index = queue.pop(); index !== undefined; index = queue.pop()) {
    const { calls, scope, decorators } = functions[index]!;
    for (const path of calls ?? []) named(lastSegment(path));
    for (const { text } of decorators) named(lastSegment(text));
    // What an object of a class is decides what its methods register.
    const around = scopes.scopes[scope]!;
    if (around.kind === "class") named(scopes.classes[around.owner]!.name);
    const { body } = functions[index]!;
    for (const inner of (body > 0 && byScope.get(body)) || []) add(inner);
  }
  return followed;
}

/** The last parts of all dotted names in a step. */
function namesIn(step: Step): Set<string> {
  const names = new Set<string>();
  const stack: unknown[] = [step];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (typeof at !== "object" || at === null) continue;
    const value = at as Partial<ValueSyntax>;
    if (value.kind === "name" && typeof value.path === "string") names.add(lastSegment(value.path));
    stack.push(...Object.values(at));
  }
  return names;
}

/** The names that are called inside the arguments of a decorator. */
function calledIn(value: ValueSyntax): string[] {
  if (value.kind !== "call") return [];
  return value.arguments.flatMap(({ value: argument }) =>
    argument.kind === "call" && argument.callee.kind === "name"
      ? [lastSegment(argument.callee.path), ...calledIn(argument)]
      : [],
  );
}

function push<K>(map: Map<K, number[]>, key: K, index: number): void {
  const list = map.get(key);
  if (list) list.push(index);
  else map.set(key, [index]);
}
