import type { Expression } from "../../../src/python/expressions.ts";
import type { Statement } from "../../../src/python/statements.ts";
import { findInClass } from "./attributes.ts";
import { callBuiltin } from "./builtins.ts";
import { evaluate } from "./expressions.ts";
import { callExternal } from "./externals.ts";
import type { CallArguments, Machine } from "./machine.ts";
import { execute } from "./statements.ts";
import { escaped } from "./text.ts";
import {
  type ClassValue,
  dict,
  type Frame,
  type FunctionValue,
  type InstanceValue,
  NONE,
  now,
  options,
  PythonError,
  Scope,
  shownAs,
  tuple,
  UNKNOWN,
  union,
  type Value,
} from "./values.ts";

export const NO_ARGUMENTS: CallArguments = { positional: [], keywords: new Map(), open: false };

const DEEPEST_CALL = 60;

/** `target(…)`. */
export function call(machine: Machine, target: Value, given: CallArguments): Value {
  switch (target.t) {
    case "function":
      return callFunction(machine, target, given, undefined);
    case "bound":
      return callFunction(machine, target.function, given, target.self);
    case "class":
      return instantiate(machine, target, given);
    case "builtin":
      return callBuiltin(machine, target, given);
    case "external":
      return callExternal(machine, target.path, given);
    case "exporter": {
      const value = given.positional[0] ?? UNKNOWN;
      machine.exports.push({ paths: target.paths, value });
      return value;
    }
    case "wraps": {
      const value = given.positional[0] ?? UNKNOWN;
      if (value.t !== "function" || target.like.t !== "function") return value;
      return { ...value, looksLike: shownAs(target.like) };
    }
    case "union":
      return union(options(target).map((option) => machine.maybe(() => call(machine, option, given))));
    default:
      return UNKNOWN;
  }
}

/** `cls(…)`: the constructor runs; of `__new__` only the parameters are read. */
export function instantiate(machine: Machine, cls: ClassValue, given: CallArguments): Value {
  const intercept = machine.intercepts.get(`${cls.module}:${cls.qualname}`);
  const answer = intercept?.(machine, given, cls);
  if (answer) return answer;
  for (const base of cls.mro) if (base.t === "class") machine.touched.add(base.module);
  const instance: InstanceValue = { t: "instance", class: cls, attributes: new Map(), birth: now() };
  const maker = findInClass(cls.mro, "__new__");
  if (maker && maker !== "external" && maker.value.t === "function") bindParameters(maker.value, given, instance);
  const init = findInClass(cls.mro, "__init__");
  if (init && init !== "external" && init.value.t === "function") {
    machine.constructors++;
    try {
      callFunction(machine, init.value, given, instance);
    } finally {
      machine.constructors--;
    }
  }
  return instance;
}

/** Runs a function's body with its parameters bound. */
export function callFunction(
  machine: Machine,
  target: FunctionValue,
  given: CallArguments,
  self: Value | undefined,
): Value {
  const answer = machine.intercepts.get(`${target.module}:${target.qualname}`)?.(machine, given, self);
  if (answer) return answer;
  if (target.isGenerator || machine.depth >= DEEPEST_CALL) return UNKNOWN;
  machine.touched.add(target.module);
  const names = bindParameters(target, given, self);
  const scope = new Scope("function", names, target.scope, target.scope.module, target.tree, target.qualname);
  const explicit = machine.followsExplicitSelf && target.owner && target.kind !== "static";
  const receiver = self ?? (explicit ? given.positional[0] : undefined);
  const frame: Frame = { function: target, self: receiver, birth: now(), returned: [] };
  scope.frame = frame;
  const height = machine.branches.length;
  machine.depth++;
  try {
    if (!Array.isArray(target.body)) return evaluate(machine, scope, target.body as Expression);
    const completion = execute(machine, scope, target.body as readonly Statement[]);
    const last = typeof completion === "object" ? completion.value : NONE;
    return frame.returned.length > 0 ? union([...frame.returned, last]) : last;
  } catch (error) {
    // It may have returned before.
    if (error instanceof PythonError && frame.returned.length > 0) error.uncertain = true;
    throw error;
  } finally {
    machine.depth--;
    machine.branches.length = height;
  }
}

function bindParameters(target: FunctionValue, given: CallArguments, self: Value | undefined): Map<string, Value> {
  const names = new Map<string, Value>();
  const positional = self && target.kind !== "static" ? [self, ...given.positional] : [...given.positional];
  const keywords = new Map(given.keywords);
  const unknown = unknownKeyword(target, given);
  if (unknown !== undefined) throw bindingError(target, `got an unexpected keyword argument '${unknown}'`);
  const missing: string[] = [];
  let keywordOnly = false;
  let taken = 0;
  let varargs = false;
  for (const parameter of target.parameters) {
    const { name } = parameter;
    if (parameter.kind === "varargs") {
      varargs = true;
      if (name !== "") names.set(name, given.open ? UNKNOWN : tuple(positional.slice(taken)));
      taken = positional.length;
      continue;
    }
    if (parameter.kind === "kwargs") {
      names.set(name, dict(keywords, given.open));
      keywords.clear();
      continue;
    }
    const byPosition = parameter.kind !== "keyword-only" && !varargs && taken < positional.length;
    const value = byPosition ? positional[taken++] : keywords.get(name);
    if (!byPosition) keywords.delete(name);
    if (value) names.set(name, value);
    else if (given.open) names.set(name, UNKNOWN);
    else {
      const byDefault = target.defaults.get(name);
      if (byDefault) names.set(name, byDefault);
      else {
        keywordOnly = parameter.kind === "keyword-only" || varargs;
        missing.push(name);
      }
    }
  }
  if (missing.length > 0) throw bindingError(target, missingText(missing, keywordOnly));
  if (keywords.size > 0 || (taken < positional.length && !varargs)) throw new PythonError("TypeError");
  return names;
}

/** The first keyword that no parameter takes. */
function unknownKeyword({ parameters }: FunctionValue, { keywords }: CallArguments): string | undefined {
  if (parameters.some(({ kind }) => kind === "kwargs")) return undefined;
  const names = new Set(parameters.map(({ name }) => name));
  return [...keywords.keys()].find((name) => !names.has(name));
}

function bindingError(target: FunctionValue, text: string): PythonError {
  return new PythonError("TypeError", { text: escaped(`${shownAs(target).qualname}() ${text}`) });
}

function missingText(names: readonly string[], keywordOnly: boolean): string {
  const quoted = names.map((name) => `'${name}'`);
  const last = quoted.pop();
  const separator = quoted.length > 1 ? ", and " : " and ";
  const listed = quoted.length > 0 ? quoted.join(", ") + separator + last : last;
  const kind = keywordOnly ? "keyword-only" : "positional";
  return `missing ${names.length} required ${kind} argument${names.length > 1 ? "s" : ""}: ${listed}`;
}
