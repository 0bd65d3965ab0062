import type { Expression, OperationExpression } from "../../../src/python/expressions.ts";
import { evaluate } from "./expressions.ts";
import { builtinType } from "./isInstance.ts";
import type { Machine } from "./machine.ts";
import { containsKey } from "./subscripts.ts";
import { escaped } from "./text.ts";
import {
  type ConstantValue,
  compareNumber,
  constant,
  dict,
  examine,
  FALSE,
  now,
  PythonError,
  type Scope,
  sameConstant,
  TEXT,
  TRUE,
  UNKNOWN,
  union,
  unlikeness,
  type Value,
} from "./values.ts";

/** `a + b`, `not a`, `a and b`, `a < b`. */
export function evaluateOperation(machine: Machine, scope: Scope, expression: OperationExpression): Value {
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
  } catch (error) {
    // What comes behind an undecided test may not be asked.
    if (error instanceof PythonError && machine.branches.length > height) error.uncertain = true;
    throw error;
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
  examine(a);
  examine(b);
  if (a.t === "constant" && b.t === "constant") {
    if (typeof a.value === "string" && typeof b.value === "string" && operator === "+") {
      return constant(a.value + b.value);
    }
    if (typeof a.value === "number" && typeof b.value === "number") {
      const float = a.float || b.float || operator === "/" ? { float: true as const } : {};
      if (operator === "+") return { t: "constant", value: a.value + b.value, ...float };
      if (operator === "-") return { t: "constant", value: a.value - b.value, ...float };
      if (operator === "/" && b.value !== 0) return { t: "constant", value: a.value / b.value, ...float };
      if (operator === "//" && b.value !== 0) return { t: "constant", value: Math.floor(a.value / b.value), ...float };
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
  if (operator === "*" && a.t === "sequence" && b.t === "constant" && typeof b.value === "number") {
    const times = Math.max(0, Math.min(b.value, 20));
    return { ...a, items: Array.from({ length: times }).flatMap(() => a.items), birth: now() };
  }
  if (operator === "+" && (a.t === "text" || b.t === "text")) return joined(a, b);
  if (operator === "%" && (a.t === "text" || (a.t === "constant" && typeof a.value === "string"))) return TEXT;
  return UNKNOWN;
}

/** Two texts as one, of which as much is known as of both. */
function joined(a: Value, b: Value): Value {
  const parts = [a, b].map((part) => {
    if (part.t === "text") return part.argument === undefined ? part.shown : undefined;
    return part.t === "constant" && typeof part.value === "string" ? escaped(part.value) : undefined;
  });
  return parts.includes(undefined) ? TEXT : { t: "text", shown: parts.join("") };
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
  examine(a);
  examine(b);
  switch (operator) {
    case "is":
    case "is not":
    case "==":
    case "!=": {
      // True equals 1 and is not it.
      const isOther = operator.startsWith("is") && builtinType(a) !== builtinType(b);
      const outcome = isOther && a.t === "constant" && b.t === "constant" ? false : areEqual(a, b);
      return outcome === undefined ? undefined : outcome === (operator === "is" || operator === "==");
    }
    case "in":
    case "not in": {
      const outcome = containsKey(b, a);
      return outcome === undefined ? undefined : outcome === (operator === "in");
    }
    default: {
      refuseOrder(operator, a, b);
      if (a.t !== "constant" || b.t !== "constant") return undefined;
      const [x, y] = [numberOf(a), numberOf(b)];
      if (x === undefined || y === undefined) return undefined;
      if (operator === "<") return x < y;
      if (operator === ">") return x > y;
      if (operator === "<=") return x <= y;
      if (operator === ">=") return x >= y;
      return undefined;
    }
  }
}

/** A number, as which Python takes True and False, too. */
function numberOf({ value }: ConstantValue): number | undefined {
  return typeof value === "number" || typeof value === "boolean" ? Number(value) : undefined;
}

/** `a < b` of values of Python's own types that have no order raises TypeError. */
function refuseOrder(operator: string, a: Value, b: Value): void {
  const [x, y] = [builtinType(a), builtinType(b)];
  const isNumber = (type: string) => type === "int" || type === "float" || type === "bool";
  if (x === undefined || y === undefined || (x === y && x !== "NoneType" && x !== "dict")) return;
  if ((isNumber(x) && isNumber(y)) || x === "set" || y === "set") return;
  const text = escaped(`'${operator}' not supported between instances of '${x}' and '${y}'`);
  throw new PythonError("TypeError", { text });
}

export function areEqual(a: Value, b: Value): boolean | undefined {
  examine(a);
  examine(b);
  compareNumber(a, b);
  compareNumber(b, a);
  if (b.t === "constant" && b.value === null) return isNone(a);
  if (a.t === "constant" && a.value === null) return isNone(b);
  if (a.t === "constant" && b.t === "constant") return sameConstant(a, b);
  const unlike = unlikeness(a, b) ?? unlikeness(b, a);
  if (unlike) return false;
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
  examine(value);
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
      return undefined;
    case "text":
      // The empty string is a literal, too.
      value.unlike?.strings.add("");
      return value.unlike ? true : undefined;
    case "external":
      return value.isModule ? true : undefined;
    default:
      return true;
  }
}
