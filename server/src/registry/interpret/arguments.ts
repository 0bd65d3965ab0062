import type { ArgumentSyntax, ParameterFact } from "../../python/summary.ts";
import type { Interpreter } from "./interpreter.ts";
import {
  type Arguments,
  dictOf,
  type Frame,
  type Given,
  listOf,
  putText,
  UNKNOWN_VALUE,
  type Value,
} from "./values.ts";

/** The arguments of a call, spread ones laid out. */
export function argumentsOf(interpreter: Interpreter, list: readonly ArgumentSyntax[], frame: Frame): Arguments {
  const positional: Value[] = [];
  const keywords = new Map<string, Value>();
  let open = false;
  for (const { keyword, stars, value: syntax } of list) {
    const value = interpreter.evaluate(syntax, frame);
    if (keyword !== undefined) keywords.set(keyword, value);
    else if (stars === 1) {
      const items = interpreter.items(value);
      if (items) positional.push(...items.items);
      if (!items || items.open) open = true;
    } else if (stars === 2) {
      if (value.kind === "dict" && !value.isRegistry) {
        for (const { key, value: held } of value.entries.values()) {
          if (key.kind === "string") keywords.set(key.value, held);
        }
      }
      if (value.kind !== "dict" || value.open) open = true;
    } else positional.push(value);
  }
  return { positional, keywords, open };
}

/** Binds arguments to parameters in a frame. A parameter that nothing is given for has its default, else is unknown. */
export function bindArguments(
  interpreter: Interpreter,
  parameters: readonly ParameterFact[],
  { positional, keywords, open }: Arguments,
  frame: Frame,
): void {
  const rest = new Map(keywords);
  let position = 0;
  for (const { name, kind, default: value } of parameters) {
    if (kind === "varargs") {
      frame.locals.set(name, listOf(positional.slice(position), "tuple", open));
      position = positional.length;
    } else if (kind === "kwargs") {
      const dict = dictOf([], open);
      for (const [key, held] of rest) putText(dict, key, held);
      frame.locals.set(name, dict);
    } else {
      let given = kind === "keyword-only" ? undefined : positional[position];
      if (kind !== "keyword-only" && position < positional.length) position++;
      if (kind !== "positional-only" && rest.has(name)) {
        given = rest.get(name);
        rest.delete(name);
      }
      if (given === undefined && !open && value) given = interpreter.evaluate(value, defaultsFrame(interpreter, frame));
      frame.locals.set(name, given ?? UNKNOWN_VALUE);
    }
  }
}

/** Defaults are computed where the function is defined. */
function defaultsFrame(interpreter: Interpreter, frame: Frame): Frame {
  return frame.outer ?? interpreter.frameAt(frame);
}

/** The arguments of `register_keras_serializable(package="Custom", name=None)`, with those that are bound already. */
export function registerArguments(before: Given, { positional, keywords, open }: Arguments): Given {
  if (open) return { package: UNKNOWN_VALUE, name: UNKNOWN_VALUE };
  const free = (["package", "name"] as const).filter((name) => before[name] === undefined);
  const given: { package?: Value; name?: Value } = { ...before };
  for (const [index, value] of positional.entries()) if (free[index]) given[free[index]] = value;
  for (const name of ["package", "name"] as const) {
    const value = keywords.get(name);
    if (value) given[name] = value;
  }
  return given;
}
