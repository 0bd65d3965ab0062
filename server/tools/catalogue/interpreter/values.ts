import type { Expression, ParameterSyntax } from "../../../src/python/expressions.ts";
import type { Statement } from "../../../src/python/statements.ts";
import type { PythonTree } from "../../../src/python/tree.ts";

/**
 * What a Python expression can be when Keras's source is read as data. Whatever is not modelled is `unknown`: reading
 * goes on with it, and what depends on it is marked as uncertain.
 */
export type Value =
  | ConstantValue
  | TextValue
  | SequenceValue
  | DictValue
  | ClassValue
  | FunctionValue
  | BoundValue
  | ModuleValue
  | ExternalValue
  | InstanceValue
  | SuperValue
  | BuiltinValue
  | ExporterValue
  | WrapsValue
  | UnionValue
  | ArgumentValue
  | ObjectValue
  | UnknownValue;

/** `None`, a bool, a number, or a string. */
export interface ConstantValue {
  readonly t: "constant";
  readonly value: string | number | boolean | null;
  /** Whether a number is spelled as a float. */
  readonly float?: true;
  readonly argument?: string;
}
/** A string of which nothing is known but that it is one. */
export interface TextValue {
  readonly t: "text";
  /**
   * Set where it is none of the strings that it is compared with, and holds none that is sought in it (`*part*`): they are
   * noted there, and whether that is done in lower case.
   */
  readonly unlike?: { readonly strings: Set<string>; caseless: boolean };
  readonly argument?: string;
  /** Whether it is the argument in lower case. */
  readonly lower?: true;
  /** What an exception may say, as `text.ts` writes it. */
  readonly shown?: string | undefined;
}
export interface SequenceValue {
  readonly t: "sequence";
  readonly argument?: string;
  readonly kind: "list" | "tuple" | "set";
  items: Value[];
  /** When it came to be, on the machine's clock. */
  readonly birth: number;
  /** Whether there may be more or other elements than these. */
  open: boolean;
}
export interface DictValue {
  readonly t: "dict";
  entries: Map<string | number, Value>;
  readonly birth: number;
  /** Whether there may be keys besides these. */
  open: boolean;
}
export interface ClassValue {
  readonly t: "class";
  readonly name: string;
  qualname: string;
  readonly module: string;
  readonly bases: readonly Value[];
  /** Method resolution order, itself first: classes of Keras and external ones. */
  readonly mro: readonly (ClassValue | ExternalValue)[];
  readonly namespace: Map<string, Value>;
  readonly statement: Statement | undefined;
  readonly tree: PythonTree | undefined;
}
export interface FunctionValue {
  readonly t: "function";
  readonly name: string;
  readonly qualname: string;
  /** Python's `__module__`. */
  readonly module: string;
  readonly kind: "function" | "method-of-class" | "static" | "property" | "cached-property";
  readonly parameters: readonly ParameterSyntax[];
  /** Defaults, evaluated where the function was defined. */
  readonly defaults: ReadonlyMap<string, Value>;
  /** The body: statements of a `def`, or the expression of a lambda. */
  readonly body: readonly Statement[] | Expression;
  readonly statement: Statement | undefined;
  readonly tree: PythonTree;
  readonly scope: Scope;
  owner: ClassValue | undefined;
  setter?: FunctionValue;
  /** `__doc__`, where it was assigned. */
  doc?: string;
  /** Other attributes that were assigned. */
  attributes?: Map<string, Value>;
  /** The function that `functools.wraps` makes it look like. */
  readonly looksLike?: FunctionValue;
  readonly isGenerator: boolean;
}
export interface BoundValue {
  readonly t: "bound";
  readonly self: Value;
  readonly function: FunctionValue;
}
export interface ModuleValue {
  readonly t: "module";
  readonly name: string;
  readonly namespace: Map<string, Value>;
  readonly path: string[] | undefined;
  state: "running" | "loaded";
}
/** Something of a package that is not read: the package or module itself, or a name in it. */
export interface ExternalValue {
  readonly t: "external";
  readonly path: string;
  readonly isModule: boolean;
}
export interface InstanceValue {
  readonly t: "instance";
  readonly class: ClassValue;
  readonly attributes: Map<string, Value>;
  readonly birth: number;
}
export interface SuperValue {
  readonly t: "super";
  readonly owner: ClassValue;
  readonly self: Value;
}
export interface BuiltinValue {
  readonly t: "builtin";
  readonly name: string;
  readonly self?: Value;
}
/** `keras_export(paths)`, about to be called with a class or function. */
export interface ExporterValue {
  readonly t: "exporter";
  readonly paths: readonly string[];
}
/** `functools.wraps(like)`, about to be called with a function. */
export interface WrapsValue {
  readonly t: "wraps";
  readonly like: Value;
}
/** One of several values, since a branch was not decided. */
export interface UnionValue {
  readonly t: "union";
  readonly options: readonly Value[];
}
/**
 * An argument of the config as it came out of JSON, not deserialized yet: a serialized object, a list of one such, a
 * dict of one such, or a string.
 */
export interface ArgumentValue {
  readonly t: "argument";
  readonly name: string;
  readonly form: ArgumentForm;
  /** An element of the argument rather than the argument itself. */
  readonly each: boolean;
}
export type ArgumentForm = "object" | "list" | "dict" | "string";
/** What a deserializing function returned for something that is no None, string, number or container. */
export interface ObjectValue {
  readonly t: "object";
}
export interface UnknownValue {
  readonly t: "unknown";
  /** The argument of the config that it is, for messages. */
  readonly argument?: string;
}

/** The function whose name, module and signature a function shows. */
export function shownAs(value: FunctionValue): FunctionValue {
  return value.looksLike ?? value;
}

export type ScopeKind = "module" | "class" | "function";
export class Scope {
  readonly kind: ScopeKind;
  names: Map<string, Value>;
  readonly parent: Scope | undefined;
  readonly module: ModuleValue;
  readonly tree: PythonTree;
  /** `__qualname__` of the class or function whose body this is. */
  owner: string | undefined;
  /** Names declared `global`. */
  globals: Set<string> | undefined;
  /** What a function's scope belongs to: for `super()`, and for what a `return` gave so far. */
  frame: Frame | undefined;

  constructor(
    kind: ScopeKind,
    names: Map<string, Value>,
    parent: Scope | undefined,
    module: ModuleValue,
    tree: PythonTree,
    owner?: string,
  ) {
    this.owner = owner;
    this.kind = kind;
    this.names = names;
    this.parent = parent;
    this.module = module;
    this.tree = tree;
  }
}

export interface Frame {
  readonly function: FunctionValue | undefined;
  readonly self: Value | undefined;
  readonly birth: number;
  /** What uncertain returns gave. */
  readonly returned: Value[];
}

export const UNKNOWN: UnknownValue = { t: "unknown" };
export const OBJECT: ObjectValue = { t: "object" };
export const NONE: ConstantValue = { t: "constant", value: null };
export const TRUE: ConstantValue = { t: "constant", value: true };
export const FALSE: ConstantValue = { t: "constant", value: false };
export const TEXT: TextValue = { t: "text" };

let clock = 0;
/** The time on the clock that tells which values are older than a branch. */
export function now(): number {
  return ++clock;
}
export function constant(value: string | number | boolean | null): ConstantValue {
  return { t: "constant", value };
}
export function tuple(items: Value[]): SequenceValue {
  return { t: "sequence", kind: "tuple", items, open: false, birth: now() };
}
export function list(items: Value[], open = false): SequenceValue {
  return { t: "sequence", kind: "list", items, open, birth: now() };
}
export function dict(entries: Iterable<readonly [string | number, Value]> = [], open = false): DictValue {
  return { t: "dict", entries: new Map(entries), open, birth: now() };
}
export function external(path: string, isModule = false): ExternalValue {
  return { t: "external", path, isModule };
}

/** One value that stands for several; nested unions are flattened, equal values fall together. */
export function union(values: readonly Value[]): Value {
  const options: Value[] = [];
  for (const value of values) {
    for (const option of value.t === "union" ? value.options : [value]) {
      if (!options.some((other) => same(other, option))) options.push(option);
    }
  }
  if (options.length === 1) return options[0] as Value;
  return options.length > 8 || options.length === 0 ? UNKNOWN : { t: "union", options };
}

/** Whether two values are known to be one. */
export function same(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a.t === "constant" && b.t === "constant") return a.value === b.value && a.float === b.float;
  if (a.t === "text" && b.t === "text") return a.unlike === b.unlike && a.shown === b.shown;
  if (a.t === b.t && (a.t === "unknown" || a.t === "object")) return true;
  if (a.t === "argument" && b.t === "argument") return a.name === b.name && a.form === b.form && a.each === b.each;
  if (a.t === "external" && b.t === "external") return a.path === b.path;
  return false;
}

/** Where reading a value of several leads: every option by itself. */
export function options(value: Value): readonly Value[] {
  return value.t === "union" ? value.options : [value];
}

/** A Python exception on its way up. */
export class PythonError extends Error {
  readonly type: string;
  /** The module that a ModuleNotFoundError is about. */
  readonly missing: string | undefined;
  /** What the exception says, with the values of arguments left open (`text.ts`); undefined where that is not known. */
  readonly text: string | undefined;
  /** Whether it is raised only if an undecided branch is taken. */
  uncertain = false;
  /** What was being handled when it was raised. */
  handled: PythonError | undefined;

  constructor(type: string, { missing, text }: { readonly missing?: string; readonly text?: string | undefined } = {}) {
    super(missing === undefined ? type : `${type}: ${missing}`);
    this.type = type;
    this.missing = missing;
    this.text = text;
  }
}

/** Whether `a` is a text that differs from `b` since it is unlike every literal; notes the literal. */
export function unlikeness(a: Value, b: Value): true | undefined {
  if (a.t !== "text" || !a.unlike || b.t !== "constant") return undefined;
  if (typeof b.value === "string") a.unlike.strings.add(b.value);
  return true;
}

/** The arguments whose values some test or operation looked at, since this was last emptied. */
export const examined = new Set<string>();

/** Notes that something depends on a value. */
export function examine(value: Value): void {
  if ("argument" in value && value.argument !== undefined) examined.add(value.argument);
}

/** The keywords that were sought among those that nobody takes, or listed as allowed, since this was last emptied. */
export const soughtKeywords = new Set<string>();

/** The numbers that arguments were compared with for equality, since this was last emptied. */
export const comparedNumbers = new Set<number>();

/** Notes that a number is compared with a value for equality. */
export function compareNumber(value: Value, other: Value): void {
  if (value.t !== "constant" || typeof value.value !== "number" || value.argument === undefined) return;
  if (other.t === "constant" && typeof other.value === "number") comparedNumbers.add(other.value);
}

/** `a == b`: True is 1, and False is 0. */
export function sameConstant(a: ConstantValue, b: ConstantValue): boolean {
  const [x, y] = [a.value, b.value];
  if (typeof x === "boolean" && typeof y === "number") return Number(x) === y;
  if (typeof x === "number" && typeof y === "boolean") return x === Number(y);
  return x === y;
}
