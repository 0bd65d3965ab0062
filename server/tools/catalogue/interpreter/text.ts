import { unknownKeyword } from "../../../src/catalogue/keras.ts";
import type { Expression } from "../../../src/python/expressions.ts";
import { parseExpression, stringPieces } from "../../../src/python/tree.ts";
import { evaluate } from "./expressions.ts";
import type { Machine } from "./machine.ts";
import type { ConstantValue, Scope, Value } from "./values.ts";

/** A text as part of what an exception says: braces mark fields there. */
export function escaped(text: string): string {
  return text.replace(/[{}]/g, (brace) => brace + brace);
}

/**
 * What an exception says, as text with fields where it depends on the config: `{name}` is an argument as `str` shows it,
 * `{name!r}` as `repr` does, `{name!t}` its type, `{}` the class's name, `{**}` the keywords that nobody takes.
 * `{name!l}` is it in lower case. Undefined where it is not known.
 */
export function textOf(machine: Machine, scope: Scope, expression: Expression): string | undefined {
  if (expression.kind === "operation" && expression.operators.every((operator) => operator === "+")) {
    const parts = expression.operands.map((operand) => textOf(machine, scope, operand));
    return parts.includes(undefined) ? undefined : parts.join("");
  }
  if (expression.kind !== "string") return shownBy(evaluate(machine, scope, expression), "s");
  const { text } = scope.tree;
  let result = "";
  for (const piece of stringPieces(text, expression) ?? [undefined]) {
    if (piece === undefined) return undefined;
    const part = typeof piece === "string" ? escaped(piece) : field(machine, scope, piece);
    // Its own text is made by who reads the data; that it is this one must be seen.
    if (part === undefined) return result.startsWith("Error when deserializing class '") ? result : undefined;
    result += part;
  }
  return result;
}

/** What an exception of these arguments says: of several, Python shows their tuple. */
export function textOfAll(machine: Machine, scope: Scope, list: readonly Expression[]): string | undefined {
  const [first] = list;
  if (list.length <= 1) return first && textOf(machine, scope, first);
  const shown = list.map((expression) => {
    const text = expression.kind === "string" ? textOf(machine, scope, expression) : undefined;
    return text === undefined ? shownBy(evaluate(machine, scope, expression), "r") : `'${text}'`;
  });
  return shown.includes(undefined) ? undefined : `(${shown.join(", ")})`;
}

function field(machine: Machine, scope: Scope, range: { start: number; end: number }): string | undefined {
  const { text } = scope.tree;
  const source = text.slice(range.start, range.end).trim();
  if (source === "self.__class__.__name__" || source === "type(self).__name__") return "{}";
  const [, equals, conversion] = /^\s*(=?)\s*(?:!([rsa]))?/.exec(text.slice(range.end, range.end + 8)) ?? [];
  const how = conversion === "r" || (equals && !conversion) ? "r" : "s";
  const prefix = equals ? escaped(`${source}=`) : "";
  const expression = parseExpression(text, range);
  const isType = expression.kind === "call" && expression.callee.kind === "name" && expression.callee.id === "type";
  const inner = isType ? expression.arguments[0]?.value : undefined;
  const argument = inner && evaluate(machine, scope, inner);
  if (argument && "argument" in argument && argument.argument !== undefined) return `${prefix}{${argument.argument}!t}`;
  const shown = shownBy(evaluate(machine, scope, expression), how);
  return shown === undefined ? undefined : prefix + shown;
}

/** `str(value)` of a constant. */
export function pythonText({ value, float }: ConstantValue): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  return float && Number.isInteger(value) ? `${value}.0` : String(value);
}

/** `str(value)` or `repr(value)`. */
function shownBy(value: Value, how: "s" | "r"): string | undefined {
  if ("argument" in value && value.argument !== undefined) {
    if (value.t === "text" && value.lower) return how === "r" ? undefined : `{${value.argument}!l}`;
    return `{${value.argument}${how === "r" ? "!r" : ""}}`;
  }
  switch (value.t) {
    case "constant":
      if (typeof value.value === "string") return escaped(how === "r" ? `'${value.value}'` : value.value);
      return pythonText(value);
    case "sequence": {
      if (value.open) return undefined;
      const items = value.items.map((item) => shownBy(item, "r"));
      if (items.includes(undefined)) return undefined;
      // A set has equal items once.
      if (value.kind === "set") items.splice(0, items.length, ...new Set(items));
      if (value.kind === "list") return `[${items.join(", ")}]`;
      if (value.kind === "tuple") return `(${items.join(", ")}${items.length === 1 ? "," : ""})`;
      return items.length === 0 ? "set()" : `{{${items.join(", ")}}}`;
    }
    case "dict":
      // A dict in which the unknown keyword stands is the one of all that nobody takes.
      return value.entries.has(unknownKeyword) ? "{**}" : undefined;
    case "text":
      return how === "s" ? value.shown : undefined;
    case "class":
      return escaped(`<class '${value.module}.${value.qualname}'>`);
    case "builtin":
      return `<class '${value.name}'>`;
    default:
      return undefined;
  }
}
