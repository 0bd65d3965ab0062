import type { Code, Step, ValueSyntax } from "../../python/summary.ts";
import type { ClassEntity, FunctionEntity } from "../moduleTable.ts";
import { assign, assignWith, remove } from "./assignments.ts";
import { attribute } from "./attributes.ts";
import type { Interpreter } from "./interpreter.ts";
import { argumentsWith, type Frame, NONE, oneOf, truth, UNKNOWN_VALUE, type Value } from "./values.ts";

/** How a block ended: at its end, or by leaving it. */
export type Completion = "end" | "return" | "raise" | "break" | "continue";

/** Turns of one loop. */
const MOST_TURNS = 2000;

/** Runs one statement. */
export function runStep(interpreter: Interpreter, step: Step, frame: Frame): Completion {
  if ("offset" in step) interpreter.statement = step.offset;
  switch (step.kind) {
    case "run":
      interpreter.evaluate(step.value, frame);
      return "end";
    case "assign": {
      const value = interpreter.evaluate(step.value, frame);
      for (const target of step.targets) {
        if (step.operator === undefined) assign(interpreter, target, value, frame);
        else assignWith(interpreter, step.operator, target, value, frame);
      }
      return "end";
    }
    case "return":
      frame.results.push(step.value ? interpreter.evaluate(step.value, frame) : NONE);
      return "return";
    case "if":
      return conditional(interpreter, step.test, step.body, step.orElse, frame);
    case "for":
      return loop(interpreter, step, frame);
    case "while":
      if (truth(interpreter.evaluate(step.test, frame)) === false) return "end";
      branch(interpreter, step.body, frame);
      return "end";
    case "with": {
      const entered: Value[] = [];
      for (const { value, target } of step.items) {
        const manager = enter(interpreter, interpreter.evaluate(value, frame), frame);
        if (manager.kind === "scope") entered.push(...manager.objects);
        if (target) assign(interpreter, target, manager, frame);
      }
      return within(interpreter, step.body, frame, entered);
    }
    case "try":
      return attempt(interpreter, step, frame);
    case "import":
      return bindImports(interpreter, step.names, step.offset, frame);
    case "outer":
      for (const name of step.names) forget(name, frame);
      return "end";
    case "class":
      define(interpreter, frame.module.classes[step.index]!, frame);
      return "end";
    case "function":
      define(interpreter, frame.module.function(step.index), frame);
      return "end";
    case "delete":
      for (const target of step.targets) remove(interpreter, target, frame);
      return "end";
    case "other":
      interpreter.lose("a statement of it is not followed");
      return "end";
    default:
      return step.kind;
  }
}

function conditional(interpreter: Interpreter, test: ValueSyntax, body: Code, orElse: Code, frame: Frame): Completion {
  const decided = truth(interpreter.evaluate(test, frame));
  if (decided !== undefined) return interpreter.run(decided ? body : orElse, frame);
  // A guard that raises does not, where the module can be imported at all.
  if (onlyRaises(body)) return interpreter.run(orElse, frame);
  if (orElse.length > 0 && onlyRaises(orElse)) return interpreter.run(body, frame);
  const before = frame.locals;
  frame.locals = new Map(before);
  const first = interpreter.maybe(() => interpreter.run(body, frame));
  const after = frame.locals;
  frame.locals = new Map(before);
  const second = interpreter.maybe(() => interpreter.run(orElse, frame));
  if (first === "raise") return second;
  if (second === "raise") {
    frame.locals = after;
    return first;
  }
  if (first !== second && first !== "end") {
    // One way leaves: what follows happens only on the other.
    interpreter.uncertain++;
    return second;
  }
  if (first !== second) {
    frame.locals = after;
    interpreter.uncertain++;
    return first;
  }
  frame.locals = merged(after, frame.locals);
  return first;
}

/** A body that may run: its variables are then what they were, or what it makes them. `target` is a loop's. */
function branch(interpreter: Interpreter, code: Code, frame: Frame, target?: ValueSyntax): void {
  const before = frame.locals;
  frame.locals = new Map(before);
  if (target) interpreter.maybe(() => assign(interpreter, target, UNKNOWN_VALUE, frame));
  mayRun(interpreter, code, frame);
  frame.locals = merged(before, frame.locals);
}

function loop(
  interpreter: Interpreter,
  { target, over, body }: Extract<Step, { kind: "for" }>,
  frame: Frame,
): Completion {
  const items = interpreter.items(interpreter.evaluate(over, frame));
  if (!items || items.items.length > MOST_TURNS) {
    branch(interpreter, body, frame, target);
    return "end";
  }
  for (const item of items.items) {
    assign(interpreter, target, item, frame);
    const completion = interpreter.run(body, frame);
    if (completion === "break") return "end";
    if (completion === "return" || completion === "raise") return completion;
  }
  if (items.open) {
    interpreter.maybe(() => assign(interpreter, target, UNKNOWN_VALUE, frame));
    mayRun(interpreter, body, frame);
  }
  return "end";
}

function attempt(interpreter: Interpreter, step: Extract<Step, { kind: "try" }>, frame: Frame): Completion {
  const before = new Map(frame.locals);
  let completion = interpreter.run(step.body, frame);
  if (completion === "raise") {
    const [handler] = step.handlers;
    completion = handler ? interpreter.run(handler, frame) : "raise";
    for (const other of step.handlers.slice(1)) aside(interpreter, other, new Map(before), frame);
  } else {
    for (const handler of step.handlers) aside(interpreter, handler, new Map(before), frame);
    if (completion === "end") completion = interpreter.run(step.orElse, frame);
  }
  const last = interpreter.run(step.last, frame);
  return last === "end" ? completion : last;
}

/** A handler that runs only where something fails: what it does may happen, what it binds is not taken over. */
function aside(interpreter: Interpreter, handler: Code, locals: Map<string, Value>, frame: Frame): void {
  interpreter.maybe(() => interpreter.run(handler, { ...frame, locals, results: [] }));
}

function bindImports(interpreter: Interpreter, names: readonly string[], offset: number, frame: Frame): Completion {
  const { module, running } = frame;
  const scope = running && running.fact.body >= 0 ? running.fact.body : frame.scope;
  for (const name of names) {
    if (name === "*") continue;
    frame.locals.set(name, interpreter.names.lookUp(name, { module, scope, offset: offset + 1 }));
  }
  return "end";
}

/** A class or function that is defined while something runs. */
function define(interpreter: Interpreter, entity: ClassEntity | FunctionEntity, frame: Frame): void {
  let value: Value = entity.kind === "function" ? { kind: "closure", of: entity, frame } : entity;
  const hasCode = entity.kind === "function" || entity.fact.decorators.length > 0;
  if (entity.kind === "class" && hasCode) frame.locals.set(entity.fact.name, entity);
  for (const { value: syntax } of entity.fact.decorators.toReversed()) {
    const decorator = interpreter.evaluate(syntax, frame);
    value = interpreter.decorate(decorator, value);
  }
  frame.locals.set(entity.fact.name, value);
}

/** A variable that a function shares with others and changes: what it holds depends on who called it, and how often. */
function forget(name: string, frame: Frame): void {
  for (let at: Frame | undefined = frame; at; at = at.outer) {
    if (at === frame || at.locals.has(name)) at.locals.set(name, UNKNOWN_VALUE);
  }
}

/** Runs the body of custom object scopes. */
function within(interpreter: Interpreter, code: Code, frame: Frame, entered: readonly Value[]): Completion {
  const { scopes } = interpreter;
  interpreter.scopes = [...scopes, ...entered];
  const completion = interpreter.run(code, frame);
  interpreter.scopes = scopes;
  return completion;
}

/** What entering a context manager gives. */
function enter(interpreter: Interpreter, manager: Value, frame: Frame): Value {
  if (manager.kind === "scope") {
    interpreter.provide("scope", manager.objects, frame);
    return manager;
  }
  if (manager.kind !== "object") return UNKNOWN_VALUE;
  const method = attribute(interpreter, manager, "__enter__");
  return method.kind === "bound" ? interpreter.call(method, argumentsWith(), frame) : UNKNOWN_VALUE;
}

function onlyRaises(code: Code): boolean {
  return code.at(-1)?.kind === "raise";
}

function merged(a: ReadonlyMap<string, Value>, b: ReadonlyMap<string, Value>): Map<string, Value> {
  const result = new Map(a);
  for (const [name, value] of b) {
    const before = result.get(name);
    result.set(name, before === undefined || before === value ? value : oneOf([before, value]));
  }
  return result;
}

/** Runs statements that may run. Where they may leave the function, what stands behind them happens only perhaps. */
function mayRun(interpreter: Interpreter, code: Code, frame: Frame): void {
  const completion = interpreter.maybe(() => interpreter.run(code, frame));
  if (completion === "return") interpreter.uncertain++;
}
