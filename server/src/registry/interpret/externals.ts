import { LOADERS } from "../../python/words.ts";
import { KERAS_PACKAGES, rootOf } from "../packages.ts";
import { attribute, hasAttribute, members, wrapped } from "./attributes.ts";
import type { Interpreter } from "./interpreter.ts";
import { asBoolean, asText, text, unknownOf } from "./operations.ts";
import {
  type Arguments,
  argumentsWith,
  booleanOf,
  type DictEntry,
  dictOf,
  type Frame,
  listOf,
  NONE,
  oneOf,
  putText,
  stringOf,
  UNKNOWN_VALUE,
  type Value,
} from "./values.ts";

/** Calls something of a package that is not read, or of the language. */
export function callExternal(
  interpreter: Interpreter,
  path: string,
  given: Arguments,
  frame: Frame | undefined,
): Value {
  const root = rootOf(path);
  if (KERAS_PACKAGES.has(root)) return ofKeras(interpreter, path, given, frame);
  if (path === "builtins.type" && given.positional.length === 3 && frame) return madeClass(interpreter, given, frame);
  if (path === "builtins.slice") return sliceOf(given.positional);
  if (root === "builtins") return ofBuiltins(interpreter, path.slice("builtins.".length), given, frame);
  const [first, second] = given.positional;
  switch (path) {
    case "functools.partial":
      if (!first) return UNKNOWN_VALUE;
      return { kind: "partial", callee: first, given: { ...given, positional: given.positional.slice(1) } };
    case "functools.wraps":
      return first ? { kind: "wraps", of: first } : { kind: "identity" };
    case "functools.lru_cache":
    case "functools.cache":
      return { kind: "identity" };
    case "functools.update_wrapper":
      return first && second ? wrapped(interpreter, first, second) : (first ?? UNKNOWN_VALUE);
    case "dataclasses.dataclass":
      return first ?? { kind: "identity" };
    case "copy.copy":
    case "copy.deepcopy":
      return first ? copied(first) : UNKNOWN_VALUE;
    case "inspect.isclass":
      return booleanOf(isClass(first));
    case "inspect.isfunction":
    case "inspect.isroutine":
      return booleanOf(isFunction(first));
    case "inspect.getmembers":
      return first ? membersOf(interpreter, first) : UNKNOWN_VALUE;
    case "pathlib.Path":
      return first?.kind === "string" && given.positional.length === 1 ? first : UNKNOWN_VALUE;
    case "os.path.join":
      return given.positional.every(({ kind }) => kind === "string") && !given.open
        ? stringOf(given.positional.map(asText).join("/"))
        : unknownOf(...given.positional);
    case "importlib.import_module":
      return first?.kind === "string" && frame
        ? interpreter.names.moduleNamed(first.value, frame.module)
        : UNKNOWN_VALUE;
    default:
      interpreter.outsideOf(path, given);
      return result(path);
  }
}

/** `type(name, bases, body)` */
function madeClass(interpreter: Interpreter, { positional: [name, bases] }: Arguments, frame: Frame): Value {
  const listed = bases && interpreter.items(bases);
  if (name?.kind !== "string" || !listed || listed.open) return UNKNOWN_VALUE;
  return { kind: "made", name: name.value, module: frame.module };
}

function sliceOf([start, stop, step]: readonly Value[]): Value {
  const isBound = (value: Value | undefined) => value?.kind === "none" || value?.kind === "number";
  if (!isBound(start) || !isBound(stop) || step?.kind !== "none") return UNKNOWN_VALUE;
  const bound = (value: Value | undefined) => (value?.kind === "number" ? value.value : undefined);
  return { kind: "slice", start: bound(start), stop: bound(stop) };
}

/** What a package's function returns has a path of its own, so that what is called of it is seen to be the package's. */
function result(path: string): Value {
  return path.length > 300 ? UNKNOWN_VALUE : { kind: "external", path: `${path}()` };
}

function ofKeras(interpreter: Interpreter, path: string, given: Arguments, frame: Frame | undefined): Value {
  const name = path.slice(path.lastIndexOf(".") + 1);
  const [first] = given.positional;
  if (name === "get_custom_objects") return interpreter.registry;
  if (name === "custom_object_scope" || name === "CustomObjectScope") {
    const objects = [...given.positional, ...given.keywords.values()];
    return { kind: "scope", objects };
  }
  const objects = given.keywords.get("custom_objects") ?? (LOADERS.has(name) ? given.positional[1] : undefined);
  if (objects && frame) interpreter.provide("argument", [objects], frame);
  if (name === "load_model" && first?.kind === "string") interpreter.loads(first.value, objects ? [objects] : []);
  // `tf.function(f)` and the like give back what they are given, for all that its name says.
  if (name === "function" && first) return first;
  return result(path);
}

function ofBuiltins(interpreter: Interpreter, name: string, given: Arguments, frame: Frame | undefined): Value {
  const { positional, keywords } = given;
  const [first, second, third] = positional;
  if (name.startsWith("object.")) return ofObject(interpreter, name, positional);
  if (!first) return withoutArguments(interpreter, name, keywords, frame);
  switch (name) {
    case "isinstance":
      return second ? booleanOf(isInstance(interpreter, first, second)) : UNKNOWN_VALUE;
    case "issubclass":
      return second ? booleanOf(isSubclass(interpreter, first, second)) : UNKNOWN_VALUE;
    case "hasattr":
      return second?.kind === "string" ? hasAttribute(interpreter, first, second.value) : UNKNOWN_VALUE;
    case "getattr": {
      if (second?.kind !== "string") return UNKNOWN_VALUE;
      const found = attribute(interpreter, first, second.value);
      if (!third) return found;
      const has = hasAttribute(interpreter, first, second.value);
      const decided = has.kind === "boolean" ? has.value : undefined;
      return decided === true ? found : decided === false ? third : oneOf([found, third]);
    }
    case "setattr":
      if (first.kind === "object" && second?.kind === "string" && third) first.attributes.set(second.value, third);
      if (second?.kind === "string" && first.kind === "class") interpreter.give(first, second.value);
      if (second?.kind === "string" && second.value === "__name__" && third) interpreter.rename(first, third);
      return NONE;
    case "callable":
      return booleanOf(isCallable(first));
    case "len":
      if (first.kind === "list" && !first.open) return { kind: "number", value: first.items.length };
      return first.kind === "string" ? { kind: "number", value: first.value.length } : UNKNOWN_VALUE;
    case "str": {
      const value = asText(first);
      return value === undefined ? unknownOf(first) : text(value);
    }
    case "bool":
      return asBoolean(first);
    case "type":
      if (first.kind === "object") return first.of;
      return first.kind === "class"
        ? interpreter.making === first
          ? UNKNOWN_VALUE
          : { kind: "external", path: "builtins.type" }
        : UNKNOWN_VALUE;
    case "list":
    case "tuple":
    case "set":
    case "frozenset":
    case "sorted":
    case "reversed":
    case "iter": {
      const items = interpreter.items(first);
      if (!items) return UNKNOWN_VALUE;
      const list = name === "reversed" ? items.items.toReversed() : [...items.items];
      return listOf(
        list,
        name === "tuple" ? "tuple" : name === "set" || name === "frozenset" ? "set" : "list",
        items.open,
      );
    }
    case "dict":
      return dictFrom(interpreter, first, keywords);
    case "enumerate": {
      const items = interpreter.items(first);
      if (!items) return UNKNOWN_VALUE;
      const pairs = items.items.map((item, value) => listOf([{ kind: "number", value }, item], "tuple"));
      return listOf(pairs, "list", items.open);
    }
    case "zip": {
      const lists = positional.map((value) => interpreter.items(value));
      if (lists.includes(undefined) || lists.some((list) => list!.open)) return UNKNOWN_VALUE;
      const length = Math.min(...lists.map((list) => list!.items.length));
      return listOf(
        Array.from({ length }, (_, i) =>
          listOf(
            lists.map((list) => list!.items[i]!),
            "tuple",
          ),
        ),
      );
    }
    case "map": {
      const items = second && interpreter.items(second);
      if (!items) {
        if (second) interpreter.maybe(() => interpreter.call(first, argumentsWith(UNKNOWN_VALUE), frame));
        return UNKNOWN_VALUE;
      }
      const made = items.items.map((item) => interpreter.call(first, argumentsWith(item), frame));
      return listOf(made, "list", items.open);
    }
    case "range": {
      const stop = second?.kind === "number" ? second : first;
      const start = second && first.kind === "number" ? first.value : 0;
      if (stop.kind !== "number" || third || stop.value - start > 1000) return UNKNOWN_VALUE;
      return listOf(
        Array.from({ length: Math.max(0, stop.value - start) }, (_, i) => ({ kind: "number", value: start + i })),
      );
    }
    case "vars":
      return attributesOf(interpreter, first);
    case "dir": {
      const names = attributesOf(interpreter, first);
      if (names.kind !== "dict") return UNKNOWN_VALUE;
      return listOf(
        [...names.entries.values()].map(({ key }) => key),
        "list",
        names.open,
      );
    }
    case "id":
    case "hash":
    case "repr":
    case "print":
    case "int":
    case "float":
    case "min":
    case "max":
    case "sum":
    case "any":
    case "all":
    case "next":
    case "round":
    case "abs":
    case "delattr":
    case "property":
    case "format":
      return unknownOf(...positional);
    case "staticmethod":
    case "classmethod":
      return first;
    case "super":
      return second && first.kind === "class" ? { kind: "super", within: first, self: second } : UNKNOWN_VALUE;
    default:
      if (name === "exec" || name === "eval" || name === "__import__" || name === "compile")
        interpreter.lose(`${name}() is not followed`);
      return { kind: "external", path: `builtins.${name}()` };
  }
}

/** What a class inherits of `object` and `type`. */
function ofObject(interpreter: Interpreter, name: string, positional: readonly Value[]): Value {
  if (name === "object.__new__" && interpreter.making) return interpreter.making;
  return positional.length === 0 ? UNKNOWN_VALUE : NONE;
}

function withoutArguments(
  interpreter: Interpreter,
  name: string,
  keywords: ReadonlyMap<string, Value>,
  frame: Frame | undefined,
): Value {
  if (name === "dict") return dictFrom(interpreter, undefined, keywords);
  if (name === "list" || name === "tuple") return listOf([], name);
  if (name === "set" || name === "frozenset") return listOf([], "set");
  if (name === "str") return stringOf("");
  if (name === "globals" && frame) return interpreter.names.globals(frame);
  return UNKNOWN_VALUE;
}

function dictFrom(interpreter: Interpreter, first: Value | undefined, keywords: ReadonlyMap<string, Value>): Value {
  const result = dictOf();
  if (first?.kind === "dict" && !first.isRegistry) {
    for (const [key, entry] of first.entries) result.entries.set(key, entry);
    result.open = first.open;
  } else if (first?.kind === "list" && first.items.every((pair) => pair.kind === "list" && pair.items.length === 2)) {
    for (const pair of first.items) {
      if (pair.kind !== "list" || pair.items[0]!.kind !== "string") result.open = true;
      else putText(result, pair.items[0].value, pair.items[1]!, interpreter.sure);
    }
    result.open ||= first.open;
  } else if (first && first.kind !== "dict") result.open = true;
  for (const [name, value] of keywords) putText(result, name, value);
  return result;
}

function copied(value: Value): Value {
  if (value.kind === "list") return listOf([...value.items], value.type, value.open);
  if (value.kind === "dict") return value.isRegistry ? dictOf() : dictOf(value.entries, value.open);
  return value;
}

function isClass(value: Value | undefined): boolean | undefined {
  if (!value || value.kind === "unknown" || value.kind === "choice" || value.kind === "external") return undefined;
  return value.kind === "class";
}

function isFunction(value: Value | undefined): boolean | undefined {
  if (!value || value.kind === "unknown" || value.kind === "choice" || value.kind === "external") return undefined;
  return value.kind === "function" || value.kind === "closure";
}

function isCallable(value: Value): boolean | undefined {
  switch (value.kind) {
    case "class":
    case "function":
    case "closure":
    case "bound":
    case "method":
    case "register":
    case "registering":
    case "partial":
      return true;
    case "string":
    case "number":
    case "boolean":
    case "none":
    case "list":
    case "dict":
      return false;
    default:
      return undefined;
  }
}

const BUILTIN_KINDS: Readonly<Record<string, (value: Value) => boolean>> = {
  str: ({ kind }) => kind === "string",
  int: ({ kind }) => kind === "number" || kind === "boolean",
  bool: ({ kind }) => kind === "boolean",
  list: (value) => value.kind === "list" && value.type === "list",
  tuple: (value) => value.kind === "list" && value.type === "tuple",
  set: (value) => value.kind === "list" && value.type === "set",
  dict: ({ kind }) => kind === "dict",
  type: ({ kind }) => kind === "class",
};

function isInstance(interpreter: Interpreter, value: Value, of: Value): boolean | undefined {
  if (value.kind === "choice") {
    const found = new Set(value.options.map((option) => isInstance(interpreter, option, of)));
    return found.size === 1 ? [...found][0] : undefined;
  }
  if (of.kind === "list") {
    const found = of.items.map((item) => isInstance(interpreter, value, item));
    return found.includes(true) ? true : found.includes(undefined) || of.open ? undefined : false;
  }
  if (value.kind === "unknown" || value.kind === "external") return undefined;
  if (of.kind === "external") {
    const builtin = /^builtins\.(\w+)$/.exec(of.path)?.[1];
    const test = builtin === undefined ? undefined : BUILTIN_KINDS[builtin];
    if (test && value.kind !== "object") return test(value);
    if (of.path === "types.FunctionType") return value.kind === "function" || value.kind === "closure";
    if (of.path.endsWith("abc.Callable")) return isCallable(value);
  }
  if (value.kind === "object") return isSubclass(interpreter, value.of, of);
  // Strings, lists and functions are of no class of the workspace, and classes only where a metaclass makes them so.
  return of.kind === "class" && value.kind !== "class" ? false : undefined;
}

function isSubclass(interpreter: Interpreter, value: Value, of: Value): boolean | undefined {
  if (value.kind !== "class") return undefined;
  if (of.kind === "list") {
    const found = of.items.map((item) => isSubclass(interpreter, value, item));
    return found.includes(true) ? true : found.includes(undefined) || of.open ? undefined : false;
  }
  const { order, complete } = interpreter.hierarchy.order(value);
  if (of.kind === "class") return order.includes(of) ? true : complete ? false : undefined;
  if (of.kind !== "external") return undefined;
  if (order.some((item) => item === of.path)) return true;
  return complete && order.every((item) => typeof item !== "string" || item === "object") ? false : undefined;
}

function membersOf(interpreter: Interpreter, value: Value): Value {
  const dict = attributesOf(interpreter, value);
  if (dict.kind !== "dict") return UNKNOWN_VALUE;
  const pairs = [...dict.entries.values()].map(({ key, value: held }: DictEntry) => listOf([key, held], "tuple"));
  return listOf(pairs, "list", true);
}

/** `vars(value)` */
function attributesOf(interpreter: Interpreter, value: Value): Value {
  if (value.kind === "class") return members(interpreter, value);
  if (value.kind === "module") {
    const { module } = value;
    return interpreter.names.globals({ module, offset: Number.POSITIVE_INFINITY });
  }
  return UNKNOWN_VALUE;
}
