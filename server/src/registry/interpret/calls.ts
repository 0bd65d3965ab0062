import type { Code, FunctionFact } from "../../python/summary.ts";
import type { ClassEntity, FunctionEntity } from "../moduleTable.ts";
import { isRegister } from "../resolved.ts";
import { bindArguments, registerArguments } from "./arguments.ts";
import { attribute, classAttribute, possible, wrapped } from "./attributes.ts";
import { callExternal } from "./externals.ts";
import type { Interpreter } from "./interpreter.ts";
import { callMethod } from "./methods.ts";
import {
  type Arguments,
  type ClosureValue,
  type Frame,
  NONE,
  oneOf,
  UNKNOWN_PARAMETER,
  UNKNOWN_VALUE,
  type Value,
} from "./values.ts";

/** Calls of functions inside one another. */
const DEEPEST_CALL = 40;

/** Calls a value. */
export function callValue(interpreter: Interpreter, callee: Value, given: Arguments, frame: Frame | undefined): Value {
  const [first] = given.positional;
  switch (callee.kind) {
    case "register":
      return { kind: "registering", given: registerArguments(callee.given, given) };
    case "registering":
      if (!first) return UNKNOWN_VALUE;
      interpreter.emit({ kind: "register", given: callee.given, object: first, sure: interpreter.sure });
      return first;
    case "function":
    case "closure":
      return callFunction(interpreter, callee, given);
    case "class":
      return construct(interpreter, callee, given);
    case "object": {
      const method = attribute(interpreter, callee, "__call__");
      return interpreter.call(method, given, frame);
    }
    case "bound":
      return interpreter.call(callee.callee, { ...given, positional: [callee.self, ...given.positional] }, frame);
    case "method":
      return callMethod(interpreter, callee, given);
    case "partial": {
      const positional = [...callee.given.positional, ...given.positional];
      const keywords = new Map([...callee.given.keywords, ...given.keywords]);
      return interpreter.call(callee.callee, { positional, keywords, open: callee.given.open || given.open }, frame);
    }
    case "identity":
      return first ?? UNKNOWN_VALUE;
    case "wraps":
      return first ? wrapped(interpreter, first, callee.of) : UNKNOWN_VALUE;
    case "external":
      return callExternal(interpreter, callee.path, given, frame);
    case "choice":
      return callOneOf(interpreter, possible(callee.options), given, frame);
    default:
      interpreter.outside(given, "something that is not known is called");
      return UNKNOWN_VALUE;
  }
}

function callOneOf(
  interpreter: Interpreter,
  options: readonly Value[],
  given: Arguments,
  frame: Frame | undefined,
): Value {
  if (options.length === 1) return interpreter.call(options[0]!, given, frame);
  return oneOf(options.map((option) => interpreter.maybe(() => interpreter.call(option, given, frame))));
}

function callFunction(interpreter: Interpreter, callee: FunctionEntity | ClosureValue, given: Arguments): Value {
  if (callee.kind === "closure" && callee.of.kind === "lambda") {
    const { parameters, body } = callee.of;
    const frame = { ...callee.frame, locals: new Map<string, Value>(), outer: callee.frame, results: [] };
    bindArguments(interpreter, parameters, given, frame);
    return interpreter.evaluate(body, frame);
  }
  const entity = callee.kind === "function" ? callee : (callee.of as FunctionEntity);
  if (isRegister(entity)) return { kind: "registering", given: registerArguments({}, given) };
  const { fact, module } = entity;
  if (!fact.code) {
    interpreter.unread.add(entity);
    interpreter.outside(given, `${fact.name}() is not read`);
    return UNKNOWN_VALUE;
  }
  if (interpreter.running.length >= DEEPEST_CALL || interpreter.running.includes(entity)) {
    interpreter.outside(given, `${fact.name}() calls itself`);
    return UNKNOWN_VALUE;
  }
  const outer = callee.kind === "closure" ? callee.frame : undefined;
  const frame: Frame = {
    ...interpreter.frameAt({ module, scope: fact.scope, offset: Number.POSITIVE_INFINITY }),
    ...(outer && { outer }),
    running: entity,
  };
  bindArguments(interpreter, fact.parameters ?? [], given, frame);
  return runFunction(interpreter, fact, fact.code, entity, frame);
}

function runFunction(
  interpreter: Interpreter,
  fact: FunctionFact,
  code: Code,
  entity: FunctionEntity,
  frame: Frame,
): Value {
  const { uncertain, statement } = interpreter;
  interpreter.running.push(entity);
  const completion = interpreter.run(code, frame);
  interpreter.running.pop();
  interpreter.statement = statement;
  const leftEarly = interpreter.uncertain > uncertain;
  interpreter.uncertain = uncertain;
  if (fact.decorators.some(({ text }) => text.endsWith("contextmanager"))) return UNKNOWN_VALUE;
  if (completion !== "return" && (leftEarly || frame.results.length === 0)) frame.results.push(NONE);
  return oneOf(frame.results);
}

/** Follows a function that nobody was seen to call: its parameters may be anything. */
export function callUnknown(interpreter: Interpreter, entity: FunctionEntity): Value {
  interpreter.spendLess();
  const positional = (entity.fact.parameters ?? [])
    .filter(({ kind }) => kind === "positional" || kind === "positional-only")
    .map(() => UNKNOWN_PARAMETER);
  const keywords = (entity.fact.parameters ?? []).filter(({ kind }) => kind === "keyword-only");
  const named = new Map(keywords.map(({ name }) => [name, UNKNOWN_PARAMETER] as const));
  return callFunction(interpreter, entity, { positional, keywords: named, open: true });
}

function construct(interpreter: Interpreter, entity: ClassEntity, given: Arguments): Value {
  const made: Value = { kind: "object", of: entity, attributes: new Map() };
  const init = classAttribute(interpreter, entity, "__init__");
  if (init.kind === "function")
    interpreter.call(init, { ...given, positional: [made, ...given.positional] }, undefined);
  else if (init.kind === "external") interpreter.outsideOf(init.path, given);
  return made;
}
