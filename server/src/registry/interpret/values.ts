import type { ParameterFact, ValueSyntax } from "../../python/summary.ts";
import type { ClassEntity, FunctionEntity, LinkedModule } from "../moduleTable.ts";

/**
 * What an expression is worth while a function is followed. Dicts, lists and objects are shared and change, as Python's
 * do. What is not computed is `unknown`; nothing is ever guessed.
 */
export type Value =
  | ClassEntity
  | FunctionEntity
  | ModuleValue
  | ExternalValue
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "none" }
  | ListValue
  | DictValue
  | ClosureValue
  | BoundValue
  | MethodValue
  | ObjectValue
  | SuperValue
  | RegisterValue
  | RegisteringValue
  | PartialValue
  /** A custom object scope that is not entered yet. */
  | { readonly kind: "scope"; readonly objects: readonly Value[] }
  /** What returns its argument as it was: `functools.lru_cache()`. */
  | { readonly kind: "identity" }
  /** What gives its argument the name of another function: `functools.wraps(f)`. */
  | { readonly kind: "wraps"; readonly of: Value }
  | MadeClassValue
  | SliceValue
  | ChoiceValue
  | UnknownValue;

export interface ModuleValue {
  readonly kind: "module";
  readonly module: LinkedModule;
}

/** Something of a package that is not read, by its dotted path. */
export interface ExternalValue {
  readonly kind: "external";
  readonly path: string;
}

export interface ListValue {
  readonly kind: "list";
  readonly type: "list" | "tuple" | "set";
  readonly items: Value[];
  /** Whether there may be other items. */
  open: boolean;
}

export interface DictValue {
  readonly kind: "dict";
  readonly entries: Map<string, DictEntry>;
  /** Whether there may be other keys. */
  open: boolean;
  /** The dict that `get_custom_objects()` returns: what is put in is an effect. */
  readonly isRegistry?: true;
}

export interface DictEntry {
  readonly key: Value;
  readonly value: Value;
  /** Whether it was put in for certain. */
  readonly sure: boolean;
}

/** A function or lambda with the variables around it. */
export interface ClosureValue {
  readonly kind: "closure";
  readonly of: FunctionEntity | LambdaCode;
  readonly frame: Frame;
}

export interface LambdaCode {
  readonly kind: "lambda";
  readonly parameters: readonly ParameterFact[];
  readonly body: ValueSyntax;
}

/** A method with the object or class that it is called on. */
export interface BoundValue {
  readonly kind: "bound";
  readonly callee: Value;
  readonly self: Value;
}

/** A method of a string, list or dict. */
export interface MethodValue {
  readonly kind: "method";
  readonly of: Value;
  readonly name: string;
}

export interface ObjectValue {
  readonly kind: "object";
  readonly of: ClassEntity;
  readonly attributes: Map<string, Value>;
}

/** `super()` in a method of `within`. */
export interface SuperValue {
  readonly kind: "super";
  readonly within: ClassEntity;
  readonly self: Value;
}

/** `register_keras_serializable` itself, with the arguments that `functools.partial` bound. */
export interface RegisterValue {
  readonly kind: "register";
  readonly given: Given;
}

/** What a call of it returned. */
export interface RegisteringValue {
  readonly kind: "registering";
  readonly given: Given;
}

export interface Given {
  /** Absent where it is not given. */
  readonly package?: Value;
  readonly name?: Value;
}

export interface PartialValue {
  readonly kind: "partial";
  readonly callee: Value;
  readonly given: Arguments;
}

/** A class that `type(name, bases, body)` made. */
export interface MadeClassValue {
  readonly kind: "made";
  readonly name: string;
  readonly module: LinkedModule;
}

/** `a:b` in brackets; `step` only where it is 1. */
export interface SliceValue {
  readonly kind: "slice";
  readonly start: number | undefined;
  readonly stop: number | undefined;
}

/** One of several. */
export interface ChoiceValue {
  readonly kind: "choice";
  readonly options: readonly Value[];
}

export interface UnknownValue {
  readonly kind: "unknown";
  /** Whether it came from a parameter of the function that is followed on its own. */
  readonly parameter?: true;
}

/** The arguments of a call. */
export interface Arguments {
  readonly positional: readonly Value[];
  readonly keywords: ReadonlyMap<string, Value>;
  /** `*` or `**` of something that is not known: anything may be given. */
  readonly open: boolean;
}

/** The variables of a running function, or of statements of a module. */
export interface Frame {
  readonly module: LinkedModule;
  /** Where names that are no variables here are looked up. */
  readonly scope: number;
  readonly offset: number;
  locals: Map<string, Value>;
  readonly outer?: Frame;
  /** The function that runs, for `super()`. */
  readonly running?: FunctionEntity;
  readonly results: Value[];
}

export const UNKNOWN_VALUE: UnknownValue = { kind: "unknown" };
export const UNKNOWN_PARAMETER: UnknownValue = { kind: "unknown", parameter: true };
export const NONE: Value = { kind: "none" };

export function stringOf(value: string): Value {
  return { kind: "string", value };
}

export function booleanOf(value: boolean | undefined): Value {
  return value === undefined ? UNKNOWN_VALUE : { kind: "boolean", value };
}

export function listOf(items: Value[], type: ListValue["type"] = "list", open = false): ListValue {
  return { kind: "list", type, items, open };
}

export function dictOf(entries: Iterable<readonly [string, DictEntry]> = [], open = false): DictValue {
  return { kind: "dict", entries: new Map(entries), open };
}

/** The arguments of a call with these alone. */
export function argumentsWith(...positional: readonly Value[]): Arguments {
  return { positional, keywords: new Map(), open: false };
}

/** Puts an entry under a text into a dict. */
export function putText({ entries }: DictValue, name: string, value: Value, sure = true): void {
  entries.set(`"${name}`, { key: stringOf(name), value, sure });
}

/** The class or function of the workspace that a value is. */
export function entityOf(value: Value): ClassEntity | FunctionEntity | undefined {
  if (value.kind === "class" || value.kind === "function") return value;
  return value.kind === "closure" && value.of.kind === "function" ? value.of : undefined;
}

/** One value of several; those that are the same are one. */
export function oneOf(values: readonly Value[]): Value {
  const options: Value[] = [];
  for (const value of values.flatMap((each) => (each.kind === "choice" ? each.options : [each]))) {
    if (options.length < MOST_OPTIONS && !options.some((other) => same(other, value) === true)) options.push(value);
  }
  if (options.length >= MOST_OPTIONS) return UNKNOWN_VALUE;
  return options.length === 1 ? options[0]! : options.length === 0 ? UNKNOWN_VALUE : { kind: "choice", options };
}

const MOST_OPTIONS = 8;

/** Under what a key is kept in a dict; undefined for what is not computed. */
export function keyOf(value: Value): string | undefined {
  switch (value.kind) {
    case "string":
      return `"${value.value}`;
    case "number":
      return String(value.value);
    case "boolean":
      return String(value.value ? 1 : 0);
    case "none":
      return "None";
    case "class":
    case "function":
      return `${value.module.summary.uri} ${value.kind} ${value.index}`;
    case "external":
      return `external ${value.path}`;
    case "register":
    case "registering": {
      const parts = [value.given.package, value.given.name].map((part) => (part ? keyOf(part) : ""));
      return parts.includes(undefined) ? undefined : `${value.kind} ${parts.join()}`;
    }
    case "list": {
      if (value.type !== "tuple" || value.open) return undefined;
      const keys = value.items.map(keyOf);
      return keys.includes(undefined) ? undefined : `(${keys.join()})`;
    }
    default:
      return undefined;
  }
}

/** Whether two values are equal, and the same object where they are objects; undefined where that is not known. */
export function same(a: Value, b: Value): boolean | undefined {
  if (a === b) return a.kind === "unknown" || a.kind === "choice" ? undefined : true;
  if (!isSettled(a) || !isSettled(b)) return undefined;
  const [left, right] = [keyOf(a), keyOf(b)];
  if (left !== undefined && right !== undefined) {
    if (left === right) return true;
    // Two paths may lead to one object.
    return a.kind === "external" && b.kind === "external" ? undefined : false;
  }
  if (a.kind === "external" || b.kind === "external") return a.kind === "none" || b.kind === "none" ? false : undefined;
  return a.kind === b.kind ? undefined : false;
}

function isSettled(value: Value): boolean {
  return value.kind !== "unknown" && value.kind !== "choice";
}

/** What `bool(value)` is; undefined where that is not known. */
export function truth(value: Value): boolean | undefined {
  switch (value.kind) {
    case "none":
      return false;
    case "string":
      return value.value !== "";
    case "number":
      return value.value !== 0;
    case "boolean":
      return value.value;
    case "list":
      return value.items.length > 0 ? true : value.open ? undefined : false;
    case "dict": {
      if (value.isRegistry) return undefined;
      for (const { sure } of value.entries.values()) if (sure) return true;
      return value.open || value.entries.size > 0 ? undefined : false;
    }
    case "choice": {
      const found = new Set(value.options.map(truth));
      return found.size === 1 ? [...found][0] : undefined;
    }
    case "unknown":
    case "object":
      return undefined;
    case "external":
      // A module is true; what else a package holds may be anything.
      return value.path.includes(".") ? undefined : true;
    default:
      return true;
  }
}

/** Whether a value is, or holds, a class or function that could be registered. */
export function holdsObject(value: Value): boolean {
  switch (value.kind) {
    case "class":
    case "function":
    case "closure":
    case "made":
      return true;
    case "list":
      return value.items.some((item) => item.kind === "class" || item.kind === "function");
    case "dict":
      return value.isRegistry === true || [...value.entries.values()].some((entry) => entry.value.kind === "class");
    case "choice":
      return value.options.some(holdsObject);
    default:
      return false;
  }
}
