import type { ValueSyntax } from "../python/summary.ts";
import type { Evaluator } from "./evaluate.ts";
import {
  isParameter,
  isRegister,
  PARAMETER,
  type RegisterArguments,
  type Resolved,
  type Site,
  UNKNOWN,
  unique,
} from "./resolved.ts";

type CallSyntax = Extract<ValueSyntax, { kind: "call" }>;

/** Calls whose result holds what they are given. */
const COPIES = new Set([
  "copy.copy",
  "copy.deepcopy",
  "builtins.dict",
  "builtins.list",
  "builtins.tuple",
  "builtins.set",
]);
/** Functions that import a module by its name. */
const IMPORTS = new Set(["importlib.import_module", "builtins.__import__"]);

/** What a call gives, by what is called; never runs anything. */
export function evaluateCall(evaluator: Evaluator, value: CallSyntax, at: Site): readonly Resolved[] {
  const { callee } = value;
  if (callee.kind === "name" && callee.path.endsWith(".copy") && value.arguments.length === 0) {
    return evaluator.evaluate({ kind: "name", path: callee.path.slice(0, -".copy".length) }, at);
  }
  const callees = evaluator.evaluate(callee, at);
  return unique(callees.flatMap((callee) => callOf(evaluator, callee, value, at)));
}

function callOf(evaluator: Evaluator, callee: Resolved, value: CallSyntax, at: Site): readonly Resolved[] {
  const first = value.arguments[0];
  switch (callee.kind) {
    case "register":
      return [{ kind: "registering", given: registerArguments(evaluator, callee.bound, value, at, 0) }];
    case "registering":
      // The class or function comes back as it was.
      return first ? evaluator.evaluate(first.value, at) : UNKNOWN;
    case "class":
      return [{ kind: "instance", of: callee, made: value, at }];
    case "function":
      return isRegister(callee)
        ? [{ kind: "registering", given: registerArguments(evaluator, {}, value, at, 0) }]
        : [{ kind: "result", of: callee, made: value, at }];
    case "external": {
      // A class that is made here is looked into where it is registered.
      if (callee.path === "builtins.type" && value.arguments.length === 3) return [{ kind: "syntax", value, at }];
      if (COPIES.has(callee.path)) {
        const copies = first && first.keyword === undefined && !first.stars;
        return copies ? evaluator.evaluate(first.value, at) : [{ kind: "syntax", value, at }];
      }
      if (callee.path === "functools.partial" && first) {
        return evaluator.evaluate(first.value, at).map((inner) => partialOf(evaluator, inner, value, at));
      }
      if (callee.path === "builtins.getattr" && value.arguments[1]?.value.kind === "string" && first) {
        return evaluator.attribute(evaluator.evaluate(first.value, at), value.arguments[1].value.value, at);
      }
      if (IMPORTS.has(callee.path) && value.arguments.length === 1 && first?.value.kind === "string") {
        const found = evaluator.named(first.value.value, at.module);
        return [found ?? { kind: "external", path: first.value.value }];
      }
      if (
        callee.path.startsWith("builtins.") &&
        value.arguments.some((a) => evaluator.evaluate(a.value, at).some(isParameter))
      ) {
        return PARAMETER;
      }
      return [{ kind: "external", path: `${callee.path}()` }];
    }
    case "parameter":
      return PARAMETER;
    default: {
      const given = value.arguments.some((argument) => evaluator.evaluate(argument.value, at).some(isParameter));
      return given ? PARAMETER : [{ kind: "unknown", name: "()" }];
    }
  }
}

/** `functools.partial(inner, …)` */
function partialOf(evaluator: Evaluator, inner: Resolved, made: CallSyntax, at: Site): Resolved {
  if (inner.kind === "register" || (inner.kind === "function" && isRegister(inner))) {
    const before = inner.kind === "register" ? inner.bound : {};
    return { kind: "register", bound: registerArguments(evaluator, before, made, at, 1) };
  }
  if (inner.kind === "function") return { kind: "result", of: inner, made, at };
  if (inner.kind === "class") return { kind: "instance", of: inner, made, at };
  return { kind: "external", path: "functools.partial()" };
}

/** The arguments of a call of `register_keras_serializable`, after those that a partial bound `before`. */
function registerArguments(
  evaluator: Evaluator,
  before: RegisterArguments,
  call: CallSyntax,
  at: Site,
  skip: number,
): RegisterArguments {
  const given: { package?: readonly Resolved[]; name?: readonly Resolved[]; open?: boolean } = { ...before };
  const positions = (["package", "name"] as const).filter((name) => before[name] === undefined || skip > 0);
  let position = 0;
  for (const argument of call.arguments.slice(skip)) {
    if (argument.stars) given.open = true;
    else if (argument.keyword === "package" || argument.keyword === "name") {
      given[argument.keyword] = evaluator.evaluate(argument.value, at);
    } else if (argument.keyword === undefined) {
      const name = positions[position++];
      if (name) given[name] = evaluator.evaluate(argument.value, at);
    }
  }
  return given;
}
