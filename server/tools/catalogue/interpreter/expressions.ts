import type { Argument, Expression } from "../../../src/python/expressions.ts";
import { stringValue } from "../../../src/python/tree.ts";
import { getAttribute } from "./attributes.ts";
import { builtinNames } from "./builtins.ts";
import { call } from "./calls.ts";
import { lambdaFunction } from "./definitions.ts";
import { iterate } from "./iteration.ts";
import type { CallArguments, Machine } from "./machine.ts";
import { evaluateOperation, truth } from "./operations.ts";
import { assign } from "./statements.ts";
import { getItem, keyOf } from "./subscripts.ts";
import { escaped, textOf } from "./text.ts";
import {
  constant,
  type DictValue,
  dict,
  FALSE,
  list,
  now,
  options,
  PythonError,
  Scope,
  type SequenceValue,
  same,
  shownAs,
  TEXT,
  TRUE,
  UNKNOWN,
  union,
  type Value,
} from "./values.ts";

export function lookUp(scope: Scope, name: string): Value {
  let at: Scope | undefined = scope;
  let first = true;
  while (at) {
    // Bodies of classes are seen by what stands in them directly, not by their methods.
    if (first || at.kind !== "class") {
      const value = at.names.get(name);
      if (value) return value;
    }
    first = false;
    at = at.parent;
  }
  const global = scope.module.namespace.get(name);
  if (global) return global;
  return builtinNames.has(name) ? { t: "builtin", name } : UNKNOWN;
}

/** The value of an expression, as far as reading tells. */
export function evaluate(machine: Machine, scope: Scope, expression: Expression): Value {
  machine.step();
  switch (expression.kind) {
    case "name":
      return lookUp(scope, expression.id);
    case "attribute":
      return getAttribute(machine, evaluate(machine, scope, expression.value), expression.name);
    case "call":
      return evaluateCall(machine, scope, expression);
    case "subscript":
      return getItem(
        machine,
        evaluate(machine, scope, expression.value),
        expression.index.kind === "slice" ? UNKNOWN : evaluate(machine, scope, expression.index),
        expression.index.kind === "slice",
      );
    case "string": {
      const value = stringValue(scope.tree.text, expression);
      if (value !== undefined) return constant(value);
      return machine.showsErrors ? { t: "text", shown: textOf(machine, scope, expression) } : TEXT;
    }
    case "constant":
      return evaluateConstant(scope, expression);
    case "tuple":
    case "list":
    case "set":
      return evaluateSequence(machine, scope, expression.kind, expression.elements);
    case "dict": {
      const result = dict();
      for (const entry of expression.entries) {
        const value = evaluate(machine, scope, entry.value);
        if (!entry.key) spreadInto(result, value);
        else putInto(result, evaluate(machine, scope, entry.key), value);
      }
      return result;
    }
    case "comprehension":
      return evaluateComprehension(machine, scope, expression);
    case "operation":
      return evaluateOperation(machine, scope, expression);
    case "conditional": {
      const test = truth(evaluate(machine, scope, expression.test));
      if (test === true) return evaluate(machine, scope, expression.body);
      if (test === false) return evaluate(machine, scope, expression.orElse);
      return union([
        machine.maybe(() => evaluate(machine, scope, expression.body)),
        machine.maybe(() => evaluate(machine, scope, expression.orElse)),
      ]);
    }
    case "lambda":
      return lambdaFunction(machine, scope, expression);
    case "walrus": {
      const value = evaluate(machine, scope, expression.value);
      if (expression.target) assign(machine, scope, expression.target, value);
      return value;
    }
    case "await":
    case "yield":
      evaluate(machine, scope, expression.value);
      return UNKNOWN;
    default:
      return UNKNOWN;
  }
}

function evaluateConstant(scope: Scope, expression: Expression & { kind: "constant" }): Value {
  if (expression.type === "none") return constant(null);
  if (expression.type === "true") return TRUE;
  if (expression.type === "false") return FALSE;
  if (expression.type === "ellipsis") return UNKNOWN;
  const text = scope.tree.text.slice(expression.start, expression.end).replaceAll("_", "");
  const value = Number(text);
  if (Number.isNaN(value)) return UNKNOWN;
  return /^0[xXoObB]/.test(text) || !/[.eE]/.test(text) ? constant(value) : { t: "constant", value, float: true };
}

function evaluateSequence(
  machine: Machine,
  scope: Scope,
  kind: "tuple" | "list" | "set",
  elements: readonly Expression[],
): SequenceValue {
  const result: SequenceValue = { t: "sequence", kind, items: [], open: false, birth: now() };
  for (const element of elements) {
    if (element.kind === "starred") {
      const { items } = iterate(evaluate(machine, scope, element.value));
      if (items) result.items.push(...items);
      else result.open = true;
    } else result.items.push(evaluate(machine, scope, element));
  }
  return result;
}

export function putInto(target: DictValue, key: Value, value: Value): void {
  const name = keyOf(key);
  if (name === undefined) {
    target.open = true;
    return;
  }
  target.entries.set(name, value);
}

/** `{**value}`. */
export function spreadInto(target: DictValue, value: Value): void {
  if (value.t !== "dict") {
    target.open = true;
    return;
  }
  for (const [key, entry] of value.entries) target.entries.set(key, entry);
  if (value.open) target.open = true;
}

function evaluateComprehension(
  machine: Machine,
  scope: Scope,
  expression: Expression & { kind: "comprehension" },
): Value {
  const inner = new Scope("function", new Map(), scope, scope.module, scope.tree);
  inner.frame = scope.frame;
  const result: Value = expression.form === "dict" ? dict() : list([]);
  let uncertain = false;
  const element = (): void => {
    const value = evaluate(machine, inner, expression.element);
    if (result.t === "dict") {
      const key = expression.key ? evaluate(machine, inner, expression.key) : UNKNOWN;
      if (uncertain && keyOf(key) === undefined) result.entries.set(`?${result.entries.size}`, value);
      putInto(result, key, value);
    } else if (!result.items.some((item) => expression.form === "set" && same(item, value))) result.items.push(value);
  };
  const clause = (index: number): void => {
    const each = expression.clauses[index];
    if (!each) {
      const tests = expression.conditions.map((condition) => truth(evaluate(machine, inner, condition)));
      if (tests.includes(false)) return;
      if (tests.includes(undefined)) {
        result.open = true;
        machine.maybe(element);
      } else element();
      return;
    }
    const iterated = iterate(evaluate(machine, inner, each.iterable));
    if (iterated.items && iterated.items.length <= 200) {
      for (const item of iterated.items) {
        assign(machine, inner, each.target, item);
        clause(index + 1);
      }
    } else {
      uncertain = true;
      result.open = true;
      assign(machine, inner, each.target, iterated.any ?? UNKNOWN);
      machine.maybe(() => clause(index + 1));
    }
  };
  clause(0);
  return result.t === "sequence" && expression.form === "set" ? { ...result, kind: "set" } : result;
}

function evaluateCall(machine: Machine, scope: Scope, expression: Expression & { kind: "call" }): Value {
  const { callee } = expression;
  if (callee.kind === "name" && callee.id === "super") {
    const frame = scope.frame;
    if (frame?.function?.owner && frame.self) return { t: "super", owner: frame.function.owner, self: frame.self };
    return UNKNOWN;
  }
  const target = evaluate(machine, scope, callee);
  if (target.t === "builtin" && target.name === "globals")
    return { t: "dict", entries: scope.module.namespace as DictValue["entries"], open: false, birth: now() };
  const given = evaluateArguments(machine, scope, expression.arguments, target);
  machine.place.push(expression.end);
  try {
    const targets = options(target);
    if (targets.length === 1) return call(machine, target, given);
    return union(targets.map((option) => machine.maybe(() => call(machine, option, given))));
  } finally {
    machine.place.pop();
  }
}

/** What Python says of a keyword that is given twice. */
function twice(target: Value | undefined, keyword: string): string {
  const called = target?.t === "bound" ? target.function : target?.t === "function" ? shownAs(target) : undefined;
  const name = called
    ? `${called.module}.${called.qualname}()`
    : target?.t === "class"
      ? `${target.module}.${target.qualname}()`
      : "";
  return escaped(`${name} got multiple values for keyword argument '${keyword}'`);
}

/** The arguments of a call; `target` is what is called, for what Python says of a keyword that is given twice. */
export function evaluateArguments(
  machine: Machine,
  scope: Scope,
  list: readonly Argument[],
  target?: Value,
): CallArguments {
  const positional: Value[] = [];
  const keywords = new Map<string, Value>();
  let open = false;
  for (const argument of list) {
    const value = evaluate(machine, scope, argument.value);
    if (argument.stars === 1) {
      const { items } = iterate(value);
      if (items) positional.push(...items);
      else open = true;
    } else if (argument.stars === 2) {
      if (value.t === "dict") {
        for (const [key, entry] of value.entries) {
          if (keywords.has(String(key))) {
            throw new PythonError("TypeError", { text: twice(target, String(key)) });
          }
          keywords.set(String(key), entry);
        }
        if (value.open) open = true;
      } else open = true;
    } else if (argument.keyword !== undefined) keywords.set(argument.keyword, value);
    else positional.push(value);
  }
  return { positional, keywords, open };
}
