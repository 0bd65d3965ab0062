import {
  booleanOf,
  dictOf,
  keyOf,
  listOf,
  same,
  stringOf,
  truth,
  UNKNOWN_PARAMETER,
  UNKNOWN_VALUE,
  type Value,
} from "./values.ts";

/** Texts longer than this are no names. */
const LONGEST_TEXT = 10_000;

/** `left operator right`, and `not right`. Unknown where it is not computed. */
export function operate(operator: string, left: Value, right: Value): Value {
  switch (operator) {
    case "==":
      return booleanOf(same(left, right));
    case "!=":
      return negated(same(left, right));
    case "is":
      return booleanOf(same(left, right));
    case "is not":
      return negated(same(left, right));
    case "in":
      return booleanOf(contains(right, left));
    case "not in":
      return negated(contains(right, left));
    case "+":
      return add(left, right);
    case "%":
      return left.kind === "string" ? format(left.value, right) : UNKNOWN_VALUE;
    case "|":
      return union(left, right);
    case "<":
    case ">":
    case "<=":
    case ">=":
      return compare(operator, left, right);
    case "-":
    case "*":
      if (left.kind !== "number" || right.kind !== "number") return unknownOf(left, right);
      return { kind: "number", value: operator === "-" ? left.value - right.value : left.value * right.value };
    default:
      return unknownOf(left, right);
  }
}

export function negated(value: boolean | undefined): Value {
  return booleanOf(value === undefined ? undefined : !value);
}

/** `item in container`; undefined where that is not known. */
function contains(container: Value, item: Value): boolean | undefined {
  if (container.kind === "string") return item.kind === "string" ? container.value.includes(item.value) : undefined;
  if (container.kind === "list") {
    const found = container.items.map((other) => same(other, item));
    if (found.includes(true)) return true;
    return container.open || found.includes(undefined) ? undefined : false;
  }
  if (container.kind === "dict" && !container.isRegistry) {
    const key = keyOf(item);
    const entry = key === undefined ? undefined : container.entries.get(key);
    if (entry) return entry.sure ? true : undefined;
    return container.open || key === undefined ? undefined : false;
  }
  return undefined;
}

function add(left: Value, right: Value): Value {
  if (left.kind === "string" && right.kind === "string") return text(left.value + right.value);
  if (left.kind === "number" && right.kind === "number") return { kind: "number", value: left.value + right.value };
  if (left.kind === "list" && right.kind === "list") {
    return listOf([...left.items, ...right.items], left.type, left.open || right.open);
  }
  return unknownOf(left, right);
}

function union(left: Value, right: Value): Value {
  if (left.kind === "dict" && right.kind === "dict" && !left.isRegistry && !right.isRegistry) {
    return dictOf([...left.entries, ...right.entries], left.open || right.open);
  }
  // What the registry holds besides is there already.
  if (left.kind === "dict" && right.kind === "dict") return left.isRegistry ? right : left;
  return UNKNOWN_VALUE;
}

function compare(operator: string, left: Value, right: Value): Value {
  if (left.kind !== "number" || right.kind !== "number") return UNKNOWN_VALUE;
  const [a, b] = [left.value, right.value];
  return booleanOf(operator === "<" ? a < b : operator === ">" ? a > b : operator === "<=" ? a <= b : a >= b);
}

/** `template % value` with `%s` alone. */
function format(template: string, value: Value): Value {
  const values = value.kind === "list" && value.type === "tuple" ? value.items : [value];
  let index = 0;
  let failed = false;
  const result = template.replace(/%(.)/g, (_all, letter: string) => {
    if (letter === "%") return "%";
    const part = letter === "s" || letter === "d" ? asText(values[index++]) : undefined;
    if (part === undefined) failed = true;
    return part ?? "";
  });
  return failed || index !== values.length ? unknownOf(...values) : text(result);
}

/** `str(value)`; undefined where it is not computed. */
export function asText(value: Value | undefined): string | undefined {
  if (value?.kind === "string") return value.value;
  if (value?.kind === "number") return String(value.value);
  if (value?.kind === "none") return "None";
  if (value?.kind === "boolean") return value.value ? "True" : "False";
  return undefined;
}

/** A text as a value; unknown where it is too long to be a name. */
export function text(value: string): Value {
  return value.length > LONGEST_TEXT ? UNKNOWN_VALUE : stringOf(value);
}

/** Unknown, and a parameter's where one is among the parts. */
export function unknownOf(...parts: readonly Value[]): Value {
  return parts.some((part) => part.kind === "unknown" && part.parameter) ? UNKNOWN_PARAMETER : UNKNOWN_VALUE;
}

/** `bool(value)` as a value. */
export function asBoolean(value: Value): Value {
  return booleanOf(truth(value));
}
