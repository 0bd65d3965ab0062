import type { Expression } from "../../../src/python/expressions.ts";
import type { Statement } from "../../../src/python/statements.ts";
import {
  type BlockHeader,
  blockHeader,
  docstring,
  dottedName,
  type ImportStatement,
  importStatement,
  type PythonTree,
  type SimpleStatement,
  simpleStatement,
  stringValue,
} from "../../../src/python/tree.ts";
import { setAttribute } from "./attributes.ts";
import { defineClass, defineFunction } from "./definitions.ts";
import { evaluate } from "./expressions.ts";
import { runImport } from "./imports.ts";
import { iterate } from "./iteration.ts";
import type { Machine } from "./machine.ts";
import { addValues, truth } from "./operations.ts";
import { keyOf, setItem } from "./subscripts.ts";
import { textOfAll } from "./text.ts";
import { constant, type ModuleValue, PythonError, Scope, UNKNOWN, union, type Value } from "./values.ts";

/** How a run of statements ended where it did not reach its end. */
export type Completion = { readonly kind: "return"; readonly value: Value } | "break" | "continue" | undefined;

const simpleStatements = new WeakMap<Statement, SimpleStatement>();
const blockHeaders = new WeakMap<Statement, BlockHeader>();
const importStatements = new WeakMap<Statement, ImportStatement>();

function cached<T>(cache: WeakMap<Statement, T>, statement: Statement, make: () => T): T {
  let value = cache.get(statement);
  if (value === undefined) {
    value = make();
    cache.set(statement, value);
  }
  return value;
}

export function simpleOf(tree: PythonTree, statement: Statement): SimpleStatement {
  return cached(simpleStatements, statement, () => simpleStatement(tree, statement));
}

export function executeModule(machine: Machine, module: ModuleValue, tree: PythonTree): void {
  const scope = new Scope("module", module.namespace, undefined, module, tree);
  const literal = docstring(tree, tree.body);
  if (literal) module.namespace.set("__doc__", constant(stringValue(tree.text, literal) ?? ""));
  const importer = machine.runningModule;
  machine.runningModule = module.name;
  try {
    execute(machine, scope, tree.body);
  } finally {
    machine.runningModule = importer;
  }
}

/** Runs statements in order; `elif`, `else`, `except` and `finally` go with the statement that they belong to. */
export function execute(machine: Machine, scope: Scope, statements: readonly Statement[]): Completion {
  let at = 0;
  while (at < statements.length) {
    const statement = statements[at] as Statement;
    let next = at + 1;
    while (next < statements.length && continues((statements[next] as Statement).kind)) next++;
    machine.step(statement);
    const completion = executeOne(machine, scope, statements.slice(at, next));
    if (completion !== undefined) return completion;
    at = next;
  }
  return undefined;
}

function continues(kind: Statement["kind"]): boolean {
  return kind === "elif" || kind === "else" || kind === "except" || kind === "finally";
}

function executeOne(machine: Machine, scope: Scope, group: readonly Statement[]): Completion {
  const statement = group[0] as Statement;
  const { tree } = scope;
  switch (statement.kind) {
    case "simple":
      runSimple(machine, scope, simpleOf(tree, statement));
      return undefined;
    case "return": {
      const { value } = simpleOf(tree, statement);
      const isBare = value === undefined || (value.kind === "opaque" && value.start === value.end);
      return { kind: "return", value: isBare ? constant(null) : evaluate(machine, scope, value) };
    }
    case "raise": {
      const { value } = simpleOf(tree, statement);
      const raised = value?.kind === "call" ? value.callee : value;
      const name = raised ? dottedName(raised) : undefined;
      const said = machine.showsErrors && value?.kind === "call" ? value.arguments : [];
      throw new PythonError(name?.slice(name.lastIndexOf(".") + 1) ?? "Exception", {
        text: textOfAll(
          machine,
          scope,
          said.map((argument) => argument.value),
        ),
      });
    }
    case "global": {
      const names = tree.text.slice(statement.start + 6, statement.end).split(",");
      scope.globals ??= new Set();
      for (const name of names) scope.globals.add(name.trim());
      return undefined;
    }
    case "del":
      deleteTargets(machine, scope, simpleOf(tree, statement).value);
      return undefined;
    case "break":
      return "break";
    case "continue":
      return "continue";
    case "import":
    case "from":
      runImport(
        machine,
        scope,
        cached(importStatements, statement, () => importStatement(tree, statement)),
        (name, value) => assignName(scope, name, value),
      );
      return undefined;
    case "class":
      assignName(scope, ...defineClass(machine, scope, statement));
      return undefined;
    case "def":
      assignName(scope, ...defineFunction(machine, scope, statement));
      return undefined;
    case "if":
      return runIf(machine, scope, group, 0);
    case "try":
      return runTry(machine, scope, group);
    case "for":
    case "while":
      return runLoop(machine, scope, statement);
    case "with": {
      const { expressions, targets } = headerOf(tree, statement);
      for (const expression of expressions) evaluate(machine, scope, expression);
      for (const target of targets) assign(machine, scope, target, UNKNOWN);
      return execute(machine, scope, statement.body);
    }
    default:
      return undefined;
  }
}

function headerOf(tree: PythonTree, statement: Statement): BlockHeader {
  return cached(blockHeaders, statement, () => blockHeader(tree, statement));
}

function runSimple(machine: Machine, scope: Scope, simple: SimpleStatement): void {
  const { operator, targets, value } = simple;
  if (value === undefined) return;
  if (operator === "" || operator === "=") {
    const result = evaluate(machine, scope, value);
    for (const target of targets) assign(machine, scope, target, result);
    return;
  }
  for (const target of targets) {
    const before = evaluate(machine, scope, target);
    const result = addValues(operator.slice(0, -1), before, evaluate(machine, scope, value));
    assign(machine, scope, target, result);
  }
}

function deleteTargets(machine: Machine, scope: Scope, target: Expression | undefined): void {
  if (!target) return;
  if (target.kind === "name") scope.names.delete(target.id);
  else if (target.kind === "tuple" || target.kind === "list") {
    for (const element of target.elements) deleteTargets(machine, scope, element);
  } else if (target.kind === "subscript") {
    const value = evaluate(machine, scope, target.value);
    const key = keyOf(evaluate(machine, scope, target.index));
    if (value.t === "dict" && key !== undefined && !machine.changesWeakly(value.birth)) value.entries.delete(key);
  }
}

export function assignName(scope: Scope, name: string, value: Value): void {
  const names = scope.globals?.has(name) ? scope.module.namespace : scope.names;
  names.set(name, value);
}

/** `target = value`. */
export function assign(machine: Machine, scope: Scope, target: Expression, value: Value): void {
  switch (target.kind) {
    case "name":
      assignName(scope, target.id, value);
      return;
    case "attribute":
      setAttribute(machine, evaluate(machine, scope, target.value), target.name, value);
      return;
    case "subscript":
      setItem(machine, evaluate(machine, scope, target.value), evaluate(machine, scope, target.index), value);
      return;
    case "starred":
      assign(machine, scope, target.value, value);
      return;
    case "tuple":
    case "list": {
      const items = value.t === "sequence" && !value.open ? value.items : undefined;
      const plain = items?.length === target.elements.length && target.elements.every((e) => e.kind !== "starred");
      const each = plain ? undefined : value.t === "argument" || value.t === "sequence" ? iterate(value).any : UNKNOWN;
      target.elements.forEach((element, index) => {
        assign(machine, scope, element, plain ? (items[index] as Value) : (each ?? UNKNOWN));
      });
    }
  }
}

/** What a branch left behind. */
interface Branch {
  readonly names: Map<string, Value>;
  readonly completion: Completion;
  readonly error: PythonError | undefined;
}

function runBranch(machine: Machine, scope: Scope, run: () => Completion): Branch {
  const before = scope.names;
  // Module namespaces and instance attributes are shared, so that only what is local can be put aside.
  const local = scope.kind === "function";
  if (local) scope.names = new Map(before);
  let completion: Completion;
  let error: PythonError | undefined;
  try {
    completion = machine.maybe(run);
  } catch (caught) {
    if (!(caught instanceof PythonError)) throw caught;
    error = caught;
  }
  const names = scope.names;
  scope.names = before;
  return { names, completion, error };
}

/** Goes on after a fork: both ways may have happened. */
function join(machine: Machine, scope: Scope, branches: readonly Branch[]): Completion {
  const alive = branches.filter((branch) => !branch.error);
  const [first] = branches;
  if (alive.length === 0 && first?.error) {
    // Whichever branch is taken raises.
    first.error.uncertain = false;
    throw first.error;
  }
  const going = alive.filter((branch) => branch.completion === undefined);
  const returning = alive.filter((branch) => typeof branch.completion === "object");
  if (going.length === 0) {
    const values = returning.map((branch) => (branch.completion as { value: Value }).value);
    if (values.length === alive.length) return { kind: "return", value: union(values) };
    if (returning.length === 0) return (alive[0] as Branch).completion;
  }
  for (const branch of returning) {
    scope.frame?.returned.push((branch.completion as { value: Value }).value);
  }
  // Nothing after a return that may have happened is certain, up to the end of the function.
  if (scope.frame && scope.frame.returned.length > 0) machine.branches.push(scope.frame.birth);
  if (scope.kind === "function") mergeNames(scope, going.length > 0 ? going : alive);
  return undefined;
}

function mergeNames(scope: Scope, branches: readonly Branch[]): void {
  const first = (branches[0] as Branch).names;
  const rest = branches.slice(1);
  const merged = new Map(first);
  for (const { names } of rest) {
    for (const [name, value] of names) {
      const other = merged.get(name);
      if (other === undefined) merged.set(name, value);
      else if (other !== value) merged.set(name, union([other, value]));
    }
  }
  scope.names.clear();
  for (const [name, value] of merged) scope.names.set(name, value);
}

function runIf(machine: Machine, scope: Scope, group: readonly Statement[], at: number): Completion {
  const statement = group[at];
  if (!statement) return undefined;
  if (statement.kind === "else") return execute(machine, scope, statement.body);
  const test = headerOf(scope.tree, statement).expressions[0];
  const outcome = test ? truth(evaluate(machine, scope, test)) : undefined;
  if (outcome === true) return execute(machine, scope, statement.body);
  if (outcome === false) return runIf(machine, scope, group, at + 1);
  return join(machine, scope, [
    runBranch(machine, scope, () => execute(machine, scope, statement.body)),
    runBranch(machine, scope, () => runIf(machine, scope, group, at + 1)),
  ]);
}

const moreGeneral: Readonly<Record<string, readonly string[]>> = {
  ModuleNotFoundError: ["ImportError"],
  KeyError: ["LookupError"],
  IndexError: ["LookupError"],
};

function catches(scope: Scope, handler: Statement, error: PythonError): boolean {
  const { expressions } = headerOf(scope.tree, handler);
  if (expressions.length === 0 || (expressions[0]?.kind === "opaque" && expressions.length === 1)) return true;
  const types = expressions.flatMap((type) => (type.kind === "tuple" ? type.elements : [type]));
  return types.some((type) => {
    const name = dottedName(type)?.split(".").at(-1) ?? "";
    return (
      name === error.type ||
      name === "Exception" ||
      name === "BaseException" ||
      (moreGeneral[error.type]?.includes(name) ?? false)
    );
  });
}

function runTry(machine: Machine, scope: Scope, group: readonly Statement[]): Completion {
  const ending = group.find((statement) => statement.kind === "finally");
  let completion: Completion;
  try {
    try {
      completion = execute(machine, scope, (group[0] as Statement).body);
      const otherwise = group.find((statement) => statement.kind === "else");
      if (completion === undefined && otherwise) completion = execute(machine, scope, otherwise.body);
    } catch (error) {
      if (!(error instanceof PythonError)) throw error;
      const handler = group.find((s) => s.kind === "except" && catches(scope, s, error));
      if (!handler) throw error;
      const handle = (): Completion => {
        for (const target of headerOf(scope.tree, handler).targets) assign(machine, scope, target, UNKNOWN);
        return raisedFrom(error, () => execute(machine, scope, handler.body));
      };
      completion = error.uncertain
        ? join(machine, scope, [runBranch(machine, scope, handle), runBranch(machine, scope, () => undefined)])
        : handle();
    }
  } finally {
    if (ending) execute(machine, scope, ending.body);
  }
  return completion;
}

/** Runs what handles an exception; one that it raises remembers it. */
function raisedFrom<T>(handled: PythonError, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof PythonError && error !== handled) error.handled ??= handled;
    throw error;
  }
}

function runLoop(machine: Machine, scope: Scope, statement: Statement): Completion {
  const { expressions, targets } = headerOf(scope.tree, statement);
  const subject = expressions[0];
  if (statement.kind === "while") {
    if (subject && truth(evaluate(machine, scope, subject)) === false) return undefined;
    return runMaybe(machine, scope, statement.body, () => {});
  }
  const target = targets[0];
  if (!subject || !target) return undefined;
  const { items, any } = iterate(evaluate(machine, scope, subject));
  if (items && items.length <= 100) {
    for (const item of items) {
      assign(machine, scope, target, item);
      const completion = execute(machine, scope, statement.body);
      if (completion === "break") break;
      if (typeof completion === "object") return completion;
    }
    return undefined;
  }
  return runMaybe(machine, scope, statement.body, () => assign(machine, scope, target, any ?? UNKNOWN));
}

/** A body that runs no time, once or several times. */
function runMaybe(machine: Machine, scope: Scope, body: readonly Statement[], before: () => void): Completion {
  const once = runBranch(machine, scope, () => {
    before();
    const completion = execute(machine, scope, body);
    return typeof completion === "object" ? completion : undefined;
  });
  return join(machine, scope, [once, { names: new Map(scope.names), completion: undefined, error: undefined }]);
}
