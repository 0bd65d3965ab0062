import type { Argument, Expression, OperationExpression } from "../../../src/python/expressions.ts";
import { stringValue } from "../../../src/python/tree.ts";
import { getAttribute } from "./attributes.ts";
import { builtinNames } from "./builtins.ts";
import { call } from "./calls.ts";
import { lambdaFunction } from "./definitions.ts";
import { iterate } from "./iteration.ts";
import type { CallArguments, Machine } from "./machine.ts";
import { assign } from "./statements.ts";
import { containsKey, getItem, keyOf } from "./subscripts.ts";
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
      return value === undefined ? TEXT : constant(value);
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

function evaluateOperation(machine: Machine, scope: Scope, expression: OperationExpression): Value {
  const { operators, operands } = expression;
  const first = operators[0] as string;
  if (operands.length === 1) {
    const value = evaluate(machine, scope, operands[0] as Expression);
    if (first === "not") {
      const test = truth(value);
      return test === undefined ? UNKNOWN : test ? FALSE : TRUE;
    }
    if (first === "-" && value.t === "constant" && typeof value.value === "number") {
      return { ...value, value: -value.value };
    }
    return UNKNOWN;
  }
  if (first === "and" || first === "or") return evaluateLogic(machine, scope, first, operands);
  let left = evaluate(machine, scope, operands[0] as Expression);
  const isArithmetic = /^(?:[-+*/%@|&^]|\/\/|\*\*|<<|>>)$/.test(first);
  let result: Value = left;
  for (let i = 0; i < operators.length; i++) {
    const right = evaluate(machine, scope, operands[i + 1] as Expression);
    if (isArithmetic) {
      // Mixed operators would have to be sorted by how tightly they bind.
      result = new Set(operators).size > 1 ? UNKNOWN : addValues(first, result, right);
    } else {
      const outcome = compare(operators[i] as string, left, right);
      if (outcome === undefined) return UNKNOWN;
      if (!outcome) return FALSE;
      result = TRUE;
      left = right;
    }
  }
  return result;
}

function evaluateLogic(machine: Machine, scope: Scope, operator: string, operands: readonly Expression[]): Value {
  const possible: Value[] = [];
  const height = machine.branches.length;
  try {
    for (const [index, operand] of operands.entries()) {
      const value = evaluate(machine, scope, operand);
      const test = truth(value);
      const isLast = index === operands.length - 1;
      if (isLast) possible.push(value);
      else if (test === undefined) {
        possible.push(value);
        machine.branches.push(now());
      } else if (test === (operator === "or")) {
        possible.push(value);
        break;
      }
    }
  } finally {
    machine.branches.length = height;
  }
  // `unknown and False` is false, whatever the first one is.
  if (possible.length > 1) {
    const last = truth(possible.at(-1) as Value);
    if (last === (operator === "or")) return last ? TRUE : FALSE;
  }
  return union(possible);
}

/** `a + b`, `a | b` and the like, where both are known. */
export function addValues(operator: string, a: Value, b: Value): Value {
  if (a.t === "constant" && b.t === "constant") {
    if (typeof a.value === "string" && typeof b.value === "string" && operator === "+") {
      return constant(a.value + b.value);
    }
    if (typeof a.value === "number" && typeof b.value === "number") {
      const float = a.float || b.float || operator === "/" ? { float: true as const } : {};
      if (operator === "+") return { t: "constant", value: a.value + b.value, ...float };
      if (operator === "-") return { t: "constant", value: a.value - b.value, ...float };
      if (operator === "*") return { t: "constant", value: a.value * b.value, ...float };
    }
    return UNKNOWN;
  }
  if (a.t === "sequence" && b.t === "sequence" && (operator === "+" || operator === "|")) {
    return { ...a, items: [...a.items, ...b.items], open: a.open || b.open, birth: now() };
  }
  if (a.t === "dict" && b.t === "dict" && operator === "|") {
    return dict([...a.entries, ...b.entries], a.open || b.open);
  }
  if (operator === "+" && (a.t === "text" || b.t === "text")) return TEXT;
  if (operator === "%" && (a.t === "text" || (a.t === "constant" && typeof a.value === "string"))) return TEXT;
  return UNKNOWN;
}

function isNone(value: Value): boolean | undefined {
  if (value.t === "unknown") return undefined;
  if (value.t === "union") {
    const answers = new Set(value.options.map(isNone));
    return answers.size === 1 ? [...answers][0] : undefined;
  }
  return value.t === "constant" && value.value === null;
}

function compare(operator: string, a: Value, b: Value): boolean | undefined {
  switch (operator) {
    case "is":
    case "is not":
    case "==":
    case "!=": {
      const outcome = areEqual(a, b);
      return outcome === undefined ? undefined : outcome === (operator === "is" || operator === "==");
    }
    case "in":
    case "not in": {
      const outcome = containsKey(b, a);
      return outcome === undefined ? undefined : outcome === (operator === "in");
    }
    default: {
      if (a.t !== "constant" || b.t !== "constant") return undefined;
      const [x, y] = [a.value, b.value];
      if (typeof x !== "number" || typeof y !== "number") return undefined;
      if (operator === "<") return x < y;
      if (operator === ">") return x > y;
      if (operator === "<=") return x <= y;
      if (operator === ">=") return x >= y;
      return undefined;
    }
  }
}

export function areEqual(a: Value, b: Value): boolean | undefined {
  if (b.t === "constant" && b.value === null) return isNone(a);
  if (a.t === "constant" && a.value === null) return isNone(b);
  if (a.t === "constant" && b.t === "constant") return a.value === b.value;
  if (a === b && (a.t === "class" || a.t === "function" || a.t === "module" || a.t === "instance")) return true;
  if (a.t === "argument" && a.form !== "string" && b.t === "constant") return false;
  if (b.t === "argument" && b.form !== "string" && a.t === "constant") return false;
  if ((a.t === "class" && b.t === "class") || (a.t === "function" && b.t === "function")) return a === b;
  if (a.t === "object" && b.t === "constant") return false;
  if (a.t === "sequence" && b.t === "constant") return false;
  return undefined;
}

/** `bool(value)` where it is known. */
export function truth(value: Value): boolean | undefined {
  switch (value.t) {
    case "constant":
      return Boolean(value.value);
    case "sequence":
      // What an open one holds may not be there.
      return value.open ? undefined : value.items.length > 0;
    case "dict":
      return value.open ? undefined : value.entries.size > 0;
    case "union": {
      const answers = new Set(value.options.map(truth));
      return answers.size === 1 ? [...answers][0] : undefined;
    }
    case "unknown":
    case "text":
      return undefined;
    case "external":
      return value.isModule ? true : undefined;
    default:
      return true;
  }
}

function evaluateCall(machine: Machine, scope: Scope, expression: Expression & { kind: "call" }): Value {
  const { callee } = expression;
  if (callee.kind === "name" && callee.id === "super") {
    const frame = scope.frame;
    if (frame?.function?.owner && frame.self) return { t: "super", owner: frame.function.owner, self: frame.self };
    return UNKNOWN;
  }
  const target = evaluate(machine, scope, callee);
  const given = evaluateArguments(machine, scope, expression.arguments);
  machine.place.push(expression.end);
  try {
    const targets = options(target);
    if (targets.length === 1) return call(machine, target, given);
    return union(targets.map((option) => machine.maybe(() => call(machine, option, given))));
  } finally {
    machine.place.pop();
  }
}

export function evaluateArguments(machine: Machine, scope: Scope, list: readonly Argument[]): CallArguments {
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
          if (keywords.has(String(key))) throw new PythonError("TypeError");
          keywords.set(String(key), entry);
        }
        if (value.open) open = true;
      } else open = true;
    } else if (argument.keyword !== undefined) keywords.set(argument.keyword, value);
    else positional.push(value);
  }
  return { positional, keywords, open };
}
