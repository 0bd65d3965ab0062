import type { ValueSyntax } from "../../python/summary.ts";
import { argumentsOf } from "./arguments.ts";
import { assign } from "./assignments.ts";
import { attribute } from "./attributes.ts";
import type { Interpreter } from "./interpreter.ts";
import { asBoolean, asText, negated, operate, text, unknownOf } from "./operations.ts";
import {
  type DictEntry,
  dictOf,
  type Frame,
  keyOf,
  listOf,
  NONE,
  oneOf,
  stringOf,
  truth,
  UNKNOWN_VALUE,
  type Value,
} from "./values.ts";

/** The value of an expression in a frame. */
export function evaluate(interpreter: Interpreter, syntax: ValueSyntax, frame: Frame): Value {
  const value = (part: ValueSyntax) => interpreter.evaluate(part, frame);
  switch (syntax.kind) {
    case "name": {
      const [head, ...rest] = syntax.path.split(".");
      let result = lookUp(interpreter, head!, frame);
      for (const name of rest) result = attribute(interpreter, result, name);
      return result;
    }
    case "string":
      return stringOf(syntax.value);
    case "constant":
      if (syntax.value === "None") return NONE;
      if (syntax.value !== "number") return { kind: "boolean", value: syntax.value === "True" };
      return syntax.number === undefined ? UNKNOWN_VALUE : { kind: "number", value: syntax.number };
    case "attribute":
      return attribute(interpreter, value(syntax.of), syntax.name);
    case "call":
      return call(interpreter, syntax, frame);
    case "join":
      return join(syntax.parts.map(value));
    case "choice":
      return choice(interpreter, syntax, frame);
    case "items":
      return items(interpreter, syntax, frame);
    case "dict":
      return dict(interpreter, syntax.entries, frame);
    case "subscript":
      return subscript(interpreter, value(syntax.of), value(syntax.key));
    case "operation": {
      const [left, right] = syntax.operands.map(value);
      if (syntax.operator === "not") return negated(truth(left!));
      return right ? operate(syntax.operator, left!, right) : unknownOf(left!);
    }
    case "lambda":
      return { kind: "closure", of: syntax, frame };
    case "comprehension":
      return comprehension(interpreter, syntax, frame);
    case "spread":
      return value(syntax.of);
    case "element":
      return UNKNOWN_VALUE;
    default:
      return unknownOf(...syntax.names.map((path) => lookUp(interpreter, path.split(".", 1)[0]!, frame)));
  }
}

function lookUp(interpreter: Interpreter, name: string, frame: Frame): Value {
  let at: Frame = frame;
  for (;;) {
    const found = at.locals.get(name);
    if (found) return found;
    if (!at.outer) break;
    at = at.outer;
  }
  return interpreter.names.lookUp(name, at);
}

function call(interpreter: Interpreter, syntax: Extract<ValueSyntax, { kind: "call" }>, frame: Frame): Value {
  const { callee } = syntax;
  if (callee.kind === "name" && callee.path === "super" && syntax.arguments.length === 0) {
    const within = interpreter.classAroundRunning(frame);
    const [self] = frame.running?.fact.parameters ?? [];
    const held = self && frame.locals.get(self.name);
    return within && held ? { kind: "super", within, self: held } : UNKNOWN_VALUE;
  }
  const called = interpreter.evaluate(callee, frame);
  return interpreter.call(called, argumentsOf(interpreter, syntax.arguments, frame), frame);
}

/** Strings added up, lists too. */
function join(parts: readonly Value[]): Value {
  if (parts.every((part) => part.kind === "list")) {
    return parts.slice(1).reduce<Value>((sum, part) => operate("+", sum, part), parts[0]!);
  }
  let result = "";
  for (const part of parts) {
    const piece = asText(part);
    if (piece === undefined) {
      const options = part.kind === "choice" && part.options.every((option) => asText(option) !== undefined);
      return options ? joinOptions(parts) : unknownOf(...parts);
    }
    result += piece;
  }
  return text(result);
}

/** Strings of which one may be one of several. */
function joinOptions(parts: readonly Value[]): Value {
  let results = [""];
  for (const part of parts) {
    const pieces = (part.kind === "choice" ? part.options : [part]).map(asText);
    if (pieces.includes(undefined) || results.length * pieces.length > 16) return UNKNOWN_VALUE;
    results = results.flatMap((result) => pieces.map((piece) => result + piece));
  }
  return oneOf(results.map(text));
}

function choice(
  interpreter: Interpreter,
  { options, by }: Extract<ValueSyntax, { kind: "choice" }>,
  frame: Frame,
): Value {
  if (typeof by === "object") {
    const decided = truth(interpreter.evaluate(by.test, frame));
    if (decided !== undefined) return interpreter.evaluate(options[decided ? 0 : 1]!, frame);
    return oneOf(options.map((option) => interpreter.maybe(() => interpreter.evaluate(option, frame))));
  }
  const possible: Value[] = [];
  const rest = (index: number): void => {
    const value = interpreter.evaluate(options[index]!, frame);
    const decided = index === options.length - 1 ? undefined : truth(value);
    const goesOn = by === "or" ? decided !== true : decided !== false;
    if (decided === undefined || !goesOn) possible.push(value);
    if (index === options.length - 1 || !goesOn) return;
    if (decided === undefined) interpreter.maybe(() => rest(index + 1));
    else rest(index + 1);
  };
  rest(0);
  // Where the operands are mere tests, their truth is what counts.
  const truths = possible.map(truth);
  if (possible.length > 1 && by === "and" && truths.includes(false) && truths.every((each) => each === false)) {
    return asBoolean(possible[0]!);
  }
  return oneOf(possible);
}

function items(
  interpreter: Interpreter,
  { items: list, form }: Extract<ValueSyntax, { kind: "items" }>,
  frame: Frame,
): Value {
  const result: Value[] = [];
  let open = false;
  for (const item of list) {
    const value = interpreter.evaluate(item, frame);
    if (item.kind !== "spread") result.push(value);
    else {
      const spread = interpreter.items(value);
      if (spread) result.push(...spread.items);
      if (!spread || spread.open) open = true;
    }
  }
  return listOf(result, form, open);
}

function dict(interpreter: Interpreter, list: Extract<ValueSyntax, { kind: "dict" }>["entries"], frame: Frame): Value {
  const result = dictOf();
  for (const { key, value: syntax } of list) {
    const value = interpreter.evaluate(syntax, frame);
    if (!key) {
      if (value.kind === "dict" && !value.isRegistry) {
        for (const [name, entry] of value.entries) result.entries.set(name, entry);
        if (value.open) result.open = true;
      } else if (value.kind !== "dict") result.open = true;
      continue;
    }
    const held = interpreter.evaluate(key, frame);
    const name = keyOf(held);
    if (name === undefined) result.open = true;
    else result.entries.set(name, { key: held, value, sure: true });
  }
  return result;
}

function subscript(interpreter: Interpreter, owner: Value, key: Value): Value {
  switch (owner.kind) {
    case "list":
    case "string": {
      if (key.kind === "slice" && !(owner.kind === "list" && owner.open)) {
        const { start, stop } = key;
        if (owner.kind === "string") return stringOf(owner.value.slice(start, stop));
        return listOf(owner.items.slice(start, stop), owner.type);
      }
      const length = owner.kind === "list" ? owner.items.length : owner.value.length;
      if (key.kind !== "number" || (owner.kind === "list" && owner.open)) return UNKNOWN_VALUE;
      const index = key.value < 0 ? key.value + length : key.value;
      if (index < 0 || index >= length) return UNKNOWN_VALUE;
      return owner.kind === "list" ? owner.items[index]! : stringOf(owner.value[index]!);
    }
    case "dict": {
      const name = keyOf(key);
      const entry = name === undefined || owner.isRegistry ? undefined : owner.entries.get(name);
      return entry?.value ?? UNKNOWN_VALUE;
    }
    case "external":
      if (owner.path === "sys.modules" && key.kind === "string") return interpreter.names.moduleNamed(key.value);
      return owner;
    // `Generic[T]`
    case "class":
      return owner;
    case "choice":
      return oneOf(owner.options.map((option) => subscript(interpreter, option, key)));
    default:
      return unknownOf(owner);
  }
}

function comprehension(
  interpreter: Interpreter,
  syntax: Extract<ValueSyntax, { kind: "comprehension" }>,
  frame: Frame,
): Value {
  const inner: Frame = { ...frame, locals: new Map(), outer: frame };
  const results: [string | undefined, DictEntry][] = [];
  let open = false;
  const turn = (clause: number): void => {
    interpreter.step();
    const next = syntax.clauses[clause];
    if (next) {
      const over = interpreter.items(interpreter.evaluate(next.over, inner));
      if (!over || over.open) open = true;
      for (const item of over?.items ?? []) {
        assign(interpreter, next.target, item, inner);
        interpreter.deeper(() => turn(clause + 1));
      }
      if (!over) {
        // What the element does, it does at most for some.
        assign(interpreter, next.target, UNKNOWN_VALUE, inner);
        interpreter.maybe(() => interpreter.evaluate(syntax.element, inner));
      }
      return;
    }
    const truths = syntax.conditions.map((condition) => truth(interpreter.evaluate(condition, inner)));
    if (truths.includes(false)) return;
    const sure = !truths.includes(undefined);
    const compute = () => {
      const key = syntax.key && interpreter.evaluate(syntax.key, inner);
      const value = interpreter.evaluate(syntax.element, inner);
      results.push([key ? keyOf(key) : "", { key: key ?? NONE, value, sure: sure && interpreter.sure }]);
    };
    if (sure) compute();
    else interpreter.maybe(compute);
  };
  turn(0);
  if (syntax.form === "dict") {
    const named = results.flatMap(([name, entry]): [string, DictEntry][] =>
      name === undefined ? [] : [[name, entry]],
    );
    return dictOf(named, open || named.length < results.length);
  }
  const sure = results.filter(([, entry]) => entry.sure);
  const list = sure.map(([, entry]) => entry.value);
  return listOf(list, syntax.form === "set" ? "set" : "list", open || sure.length < results.length);
}
