import type { Signature } from "../../registry/view.ts";
import type { PythonError } from "../load.ts";
import { missingFrom, typeError } from "../messages.ts";

/** What a function is called with: so many values by position (`self` not counted), and these names. */
export interface CallArguments {
  readonly positional: number;
  readonly keywords: readonly string[];
}

/**
 * What Python raises where a call does not fit the header of what is called (`initialize_locals` of CPython's ceval.c), in its order;
 * undefined where it fits. `bound`: how many values stand before the given ones, 1 for a method.
 */
export function bindingError(
  { qualname, parameters }: Signature,
  { positional, keywords }: CallArguments,
  bound: 0 | 1,
): PythonError | undefined {
  const takesAny = (kind: "varargs" | "kwargs") => parameters.some((parameter) => parameter.kind === kind);
  const byPosition = parameters.filter(({ kind }) => kind === "positional-only" || kind === "positional");
  const byName = parameters.filter(({ kind }) => kind === "positional" || kind === "keyword-only");
  const given = positional + bound;
  const filled = new Set(byPosition.slice(0, given).map(({ name }) => name));
  for (const keyword of keywords) {
    const isKnown = byName.some(({ name }) => name === keyword);
    if (!isKnown && takesAny("kwargs")) continue;
    if (!isKnown) return typeError(`${qualname}() got an unexpected keyword argument '${keyword}'`);
    if (filled.has(keyword)) return typeError(`${qualname}() got multiple values for argument '${keyword}'`);
    filled.add(keyword);
  }
  if (given > byPosition.length && !takesAny("varargs")) {
    const required = byPosition.filter(({ isRequired }) => isRequired).length;
    const most = byPosition.length;
    const takes = required < most ? `from ${required} to ${most}` : `${most}`;
    // Python counts the keyword-only ones only where some are given.
    if (parameters.some(({ kind, name }) => kind === "keyword-only" && filled.has(name))) return undefined;
    const [s, were] = [most === 1 && required === most ? "" : "s", given === 1 ? "was" : "were"];
    return typeError(`${qualname}() takes ${takes} positional argument${s} but ${given} ${were} given`);
  }
  const missing = (list: typeof parameters) =>
    list.filter(({ name, isRequired }) => isRequired && !filled.has(name)).map(({ name }) => name);
  const lacking = missing(byPosition);
  if (lacking.length > 0) return missingFrom(`${qualname}()`, lacking, "positional");
  const unnamed = missing(parameters.filter(({ kind }) => kind === "keyword-only"));
  return unnamed.length > 0 ? missingFrom(`${qualname}()`, unnamed, "keyword-only") : undefined;
}

/**
 * What `inspect.Signature.bind` of Python raises where a call does not fit a header, in its order; undefined where it fits. The bound
 * `self` is the first of the parameters.
 */
export function signatureError(
  { parameters }: Signature,
  { positional, keywords }: CallArguments,
): PythonError | undefined {
  const own = parameters.slice(1);
  const named = new Set(keywords);
  let given = 0;
  for (const { name, kind } of own) {
    if (given === positional || kind === "varargs") break;
    if (kind === "keyword-only" || kind === "kwargs") return typeError("too many positional arguments");
    if (kind === "positional" && named.has(name)) return typeError(`multiple values for argument '${name}'`);
    given++;
  }
  const takesAny = own.some(({ kind }) => kind === "varargs");
  if (given < positional && !takesAny) return typeError("too many positional arguments");
  for (const { name, kind, isRequired } of own.slice(given)) {
    const isNamed = named.has(name) && kind !== "positional-only";
    if (!isRequired || kind === "varargs" || kind === "kwargs" || isNamed) continue;
    // Python says of what kind it is from 3.12 on.
    const which = kind === "keyword-only" || named.has(name) ? `${kind} ` : "";
    return typeError(`missing a required ${which}argument: '${name}'`);
  }
  if (own.some(({ kind }) => kind === "kwargs")) return undefined;
  const known = new Set(own.slice(given).flatMap(({ name, kind }) => (kind === "varargs" ? [] : [name])));
  const other = keywords.find((keyword) => !known.has(keyword));
  return other === undefined ? undefined : typeError(`got an unexpected keyword argument '${other}'`);
}
