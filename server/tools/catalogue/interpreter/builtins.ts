import { findInClass, getAttribute, setAttribute } from "./attributes.ts";
import { call } from "./calls.ts";
import { putInto, spreadInto } from "./expressions.ts";
import { builtinType, isInstance } from "./isInstance.ts";
import { iterate } from "./iteration.ts";
import type { CallArguments, Machine } from "./machine.ts";
import { callMethod } from "./methods.ts";
import { escaped, pythonText } from "./text.ts";
import {
  type BuiltinValue,
  type ConstantValue,
  constant,
  dict,
  examine,
  FALSE,
  list,
  NONE,
  now,
  PythonError,
  TEXT,
  TRUE,
  tuple,
  UNKNOWN,
  type Value,
} from "./values.ts";

export const builtinNames: ReadonlySet<string> = new Set(
  (
    "abs all any bool bytes callable classmethod complex dict dir enumerate filter float format frozenset getattr " +
    "globals hasattr hash id input int isinstance issubclass iter len list locals map max memoryview min next object " +
    "open ord pow print property range repr reversed round set setattr slice sorted staticmethod str sum super tuple " +
    "type vars zip NotImplemented Ellipsis BaseException Exception ArithmeticError AssertionError AttributeError " +
    "EOFError FileNotFoundError FutureWarning DeprecationWarning ImportError IndexError KeyError KeyboardInterrupt " +
    "LookupError MemoryError ModuleNotFoundError NameError NotImplementedError OSError OverflowError PermissionError " +
    "RecursionError RuntimeError StopIteration SyntaxError SystemExit TypeError UserWarning ValueError Warning " +
    "ZeroDivisionError"
  ).split(" "),
);

function bool(value: boolean | undefined): Value {
  return value === undefined ? UNKNOWN : value ? TRUE : FALSE;
}

/** A shallow copy where the value can change. */
export function copyOf(value: Value): Value {
  if (value.t === "dict") return dict(value.entries, value.open);
  if (value.t === "sequence") return { ...value, items: [...value.items], birth: now() };
  if (value.t === "instance") return { ...value, attributes: new Map(value.attributes), birth: now() };
  return value;
}

/** Calls of Python's own functions and of methods of its types. */
export function callBuiltin(machine: Machine, target: BuiltinValue, given: CallArguments): Value {
  const [first, second, third] = given.positional;
  for (const value of given.positional) examine(value);
  if (target.self) return callMethod(machine, target.name, target.self, given);
  switch (target.name) {
    case "isinstance":
      return first && second ? bool(isInstance(first, second)) : UNKNOWN;
    case "callable":
      return first ? bool(isCallable(first)) : UNKNOWN;
    case "hasattr":
      return first && second?.t === "constant" ? bool(hasAttribute(first, String(second.value))) : UNKNOWN;
    case "getattr": {
      if (!first || second?.t !== "constant") return UNKNOWN;
      const has = hasAttribute(first, String(second.value));
      if (has === false && third) return third;
      return getAttribute(machine, first, String(second.value));
    }
    case "setattr":
      if (first && second?.t === "constant" && third) setAttribute(machine, first, String(second.value), third);
      return NONE;
    case "len":
      if (first?.t === "sequence" && !first.open) return constant(first.items.length);
      if (first?.t === "dict" && !first.open) return constant(first.entries.size);
      if (first && refusesLoop(first)) {
        throw new PythonError("TypeError", { text: escaped(`object of type '${builtinType(first)}' has no len()`) });
      }
      return UNKNOWN;
    case "type":
      if (first?.t === "instance") return first.class;
      return (first && typeOf(first)) ?? UNKNOWN;
    case "dict":
      return makeDict(first, given);
    case "list":
    case "tuple":
    case "set":
    case "frozenset":
    case "sorted":
    case "reversed":
      return makeSequence(target.name, first);
    case "enumerate":
    case "zip":
    case "map":
    case "filter":
      return pairUp(machine, target.name, given);
    case "str":
    case "repr":
    case "format":
      if (first?.t === "text" && target.name === "str") return first;
      // What an argument that is no string is shown as is unlike every literal.
      if (
        first?.t === "constant" &&
        first.argument !== undefined &&
        typeof first.value !== "string" &&
        target.name === "str"
      ) {
        return { t: "text", unlike: { strings: new Set(), caseless: false }, argument: first.argument };
      }
      return first?.t === "constant" && target.name === "str" ? constant(pythonText(first)) : TEXT;
    case "int":
    case "float":
      if (first && isNoNumber(first)) {
        const wanted =
          target.name === "int" ? "a string, a bytes-like object or a real number" : "a string or a real number";
        const text = `${target.name}() argument must be ${wanted}, not '${builtinType(first)}'`;
        throw new PythonError("TypeError", { text: escaped(text) });
      }
      if (first?.t !== "constant" || typeof first.value !== "number") return UNKNOWN;
      return target.name === "float" ? { ...first, float: true } : constant(Math.trunc(first.value));
    case "abs":
    case "min":
    case "max":
      return ofNumbers(Math[target.name], given.positional);
    case "issubclass":
      return first && second ? bool(isSubclass(first, second)) : UNKNOWN;
    case "dir":
      if (first?.t !== "module") return UNKNOWN;
      return list([...first.namespace.keys()].sort().map((name) => constant(name)));
    case "bool":
    case "any":
    case "all":
      return UNKNOWN;
    case "print":
      return NONE;
    case "object.__init__":
      return NONE;
    default:
      return UNKNOWN;
  }
}

function makeDict(first: Value | undefined, given: CallArguments): Value {
  if (first?.t === "argument") return first;
  const result = dict();
  if (first) spreadInto(result, first.t === "sequence" ? fromPairs(first) : first);
  for (const [key, value] of given.keywords) result.entries.set(key, value);
  if (given.open) result.open = true;
  return result;
}

function fromPairs(pairs: Value & { t: "sequence" }): Value {
  const result = dict([], pairs.open);
  for (const pair of pairs.items) {
    if (pair.t === "sequence" && pair.items.length === 2)
      putInto(result, pair.items[0] as Value, pair.items[1] as Value);
    else result.open = true;
  }
  return result;
}

/** The type of a value of Python's own types. */
function typeOf(value: Value): Value | undefined {
  const name = builtinType(value);
  return name === undefined || name === "NoneType" ? undefined : { t: "builtin", name };
}

/** Whether a loop over the value raises TypeError. */
function refusesLoop(value: Value): boolean {
  return value.t === "constant" && typeof value.value !== "string";
}

/** Whether `int` and `float` raise TypeError. */
function isNoNumber(value: Value): boolean {
  return value.t === "sequence" || value.t === "dict" || (value.t === "constant" && value.value === null);
}

function makeSequence(name: string, first: Value | undefined): Value {
  const kind = name === "tuple" ? "tuple" : name === "set" || name === "frozenset" ? "set" : "list";
  if (!first) return { t: "sequence", kind, items: [], open: false, birth: now() };
  if (first.t === "argument" && first.form === "list") return first;
  if (refusesLoop(first)) {
    throw new PythonError("TypeError", { text: escaped(`'${builtinType(first)}' object is not iterable`) });
  }
  const { items } = iterate(first);
  if (name === "sorted" && items && items.length > 1) return sorted(items);
  return { t: "sequence", kind, items: items ? [...items] : [], open: !items, birth: now() };
}

/** A function of numbers where all of them are known. */
function ofNumbers(compute: (...numbers: number[]) => number, given: readonly Value[]): Value {
  const numbers = given.flatMap((item) =>
    item.t === "constant" && typeof item.value === "number" ? [item.value] : [],
  );
  if (numbers.length < given.length || numbers.length === 0) return UNKNOWN;
  const result = compute(...numbers);
  return given[numbers.indexOf(result)] ?? { ...(given[0] as ConstantValue), value: result };
}

/** `sorted(items)`, in order where they are numbers. */
function sorted(items: readonly Value[]): Value {
  const numberOf = (item: Value) => (item.t === "constant" && typeof item.value === "number" ? item.value : Number.NaN);
  if (items.some((item) => Number.isNaN(numberOf(item)))) return list([...items]);
  return list([...items].sort((a, b) => numberOf(a) - numberOf(b)));
}

function pairUp(machine: Machine, name: string, given: CallArguments): Value {
  if (name === "map" || name === "filter") {
    const { items, any } = iterate(given.positional[1] ?? UNKNOWN);
    const target = given.positional[0] ?? UNKNOWN;
    const run = (item: Value): Value => call(machine, target, { positional: [item], keywords: new Map(), open: false });
    if (!items) return list([machine.maybe(() => run(any ?? UNKNOWN))], true);
    const results = items.map(run);
    return name === "map" ? list(results) : list([...items], true);
  }
  const sequences = given.positional.map((value) => iterate(value).items);
  if (sequences.length === 0 || sequences.some((items) => items === undefined)) return list([], true);
  if (name === "enumerate") return list((sequences[0] ?? []).map((item, index) => tuple([constant(index), item])));
  const length = Math.min(...sequences.map((items) => items?.length ?? 0));
  return list(Array.from({ length }, (_, i) => tuple(sequences.map((items) => items?.[i] as Value))));
}

/** `issubclass(value, type)` of classes of Keras; what stands behind a base that is not read is not known. */
function isSubclass(value: Value, type: Value): boolean | undefined {
  if (value.t !== "class" || type.t !== "class") return undefined;
  return value.mro.includes(type);
}

function isCallable(value: Value): boolean | undefined {
  switch (value.t) {
    case "function":
    case "bound":
    case "class":
    case "builtin":
      return true;
    case "constant":
    case "text":
    case "sequence":
    case "dict":
    case "argument":
    case "module":
      return false;
    case "instance": {
      const found = findInClass(value.class.mro, "__call__");
      return found === "external" ? undefined : found !== undefined;
    }
    case "union": {
      const answers = new Set(value.options.map(isCallable));
      return answers.size === 1 ? [...answers][0] : undefined;
    }
    default:
      return undefined;
  }
}

function hasAttribute(value: Value, name: string): boolean | undefined {
  switch (value.t) {
    case "instance": {
      if (value.attributes.has(name)) return true;
      const found = findInClass(value.class.mro, name);
      if (found === "external") return undefined;
      return found !== undefined ? true : findInClass(value.class.mro, "__getattr__") ? undefined : false;
    }
    case "class": {
      const found = findInClass(value.mro, name);
      return found === "external" ? undefined : found !== undefined;
    }
    case "module":
      return value.namespace.has(name) ? true : undefined;
    case "bound":
      return hasAttribute(value.function, name);
    case "function":
      // Of its own it has only such as `__name__`.
      return name.startsWith("__") ? undefined : value.attributes?.has(name) === true;
    case "text":
    case "constant":
      if (name === "__str__") return true;
      return name === "shape" || name === "dtype" || name === "name" || name === "__name__" ? false : undefined;
    case "dict":
    case "sequence":
    case "argument":
      // What tensors and arrays are told by.
      return name === "shape" || name === "dtype" ? false : undefined;
    default:
      return undefined;
  }
}
