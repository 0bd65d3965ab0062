import { docstring, stringValue } from "../../../src/python/tree.ts";
import { call, callFunction, NO_ARGUMENTS } from "./calls.ts";
import { builtinType } from "./isInstance.ts";
import type { Machine } from "./machine.ts";
import { escaped } from "./text.ts";
import {
  type ClassValue,
  constant,
  dict,
  type ExternalValue,
  examine,
  external,
  type FunctionValue,
  NONE,
  options,
  PythonError,
  shownAs,
  TEXT,
  UNKNOWN,
  union,
  type Value,
} from "./values.ts";

/** What a class's body or one of its bases binds; `external` where a base that is not read may do so. */
export function findInClass(
  mro: readonly (ClassValue | ExternalValue)[],
  name: string,
): { value: Value; definer: ClassValue } | "external" | undefined {
  let outside = false;
  for (const cls of mro) {
    if (cls.t === "external") {
      outside ||= !/^(builtins\.)?object$|^abc\.ABC$/.test(cls.path);
      continue;
    }
    const value = cls.namespace.get(name);
    if (value) return { value, definer: cls };
  }
  return outside ? "external" : undefined;
}

/** Methods that values of one of Python's own types have, and those of the others have not. */
const methodsOfTypes: Readonly<Record<string, readonly string[]>> = {
  str: ["lower", "upper", "startswith", "endswith", "split", "strip", "replace", "format"],
  dict: ["items", "keys", "values", "get", "update", "setdefault"],
  list: ["append", "extend", "insert"],
};

/** Such a method of a value of another type raises AttributeError. */
function refuseMethod(value: Value, name: string): void {
  const type = builtinType(value);
  if (type === undefined || type === "set") return;
  for (const [owner, methods] of Object.entries(methodsOfTypes)) {
    if (owner === type || !methods.includes(name)) continue;
    throw new PythonError("AttributeError", { text: escaped(`'${type}' object has no attribute '${name}'`) });
  }
}

/** `value.name`. */
export function getAttribute(machine: Machine, value: Value, name: string): Value {
  examine(value);
  refuseMethod(value, name);
  switch (value.t) {
    case "union":
      return union(value.options.map((option) => machine.maybe(() => getAttribute(machine, option, name))));
    case "module": {
      if (name === "__name__") return constant(value.name);
      return value.namespace.get(name) ?? machine.modules.get(`${value.name}.${name}`) ?? UNKNOWN;
    }
    case "external":
      // No variable is set where Keras is read.
      if (value.path === "os" && name === "environ") return dict();
      if (value.path === "sys" && name === "modules") return dict(machine.modules);
      return external(`${value.path}.${name}`);
    case "class":
      return classAttribute(value, name);
    case "instance": {
      const own = value.attributes.get(name);
      if (own) return own;
      if (name === "__class__") return value.class;
      const found = findInClass(value.class.mro, name);
      return found && found !== "external" ? bind(machine, found.value, value, value.class) : UNKNOWN;
    }
    case "super":
      return superAttribute(machine, value.owner, value.self, name);
    case "function":
      if (name === "__name__") return constant(shownAs(value).name);
      if (name === "__qualname__") return constant(shownAs(value).qualname);
      if (name === "__doc__") return documentation(value);
      if (name === "setter" && value.kind === "property") return { t: "builtin", name: "property.setter", self: value };
      return value.attributes?.get(name) ?? UNKNOWN;
    case "bound":
      return name === "__self__" ? value.self : getAttribute(machine, value.function, name);
    case "dict":
    case "sequence":
    case "constant":
    case "text":
    case "argument": {
      // Members of an Enum are read as their values.
      if (value.t === "constant" && name === "value") return value;
      const type = value.t === "sequence" ? value.kind : value.t === "constant" || value.t === "text" ? "str" : value.t;
      return { t: "builtin", name: `${type}.${name}`, self: value };
    }
    case "builtin":
      return { t: "builtin", name: `${value.name}.${name}` };
    default:
      return UNKNOWN;
  }
}

/** `__doc__` of a function. */
export function documentation(value: FunctionValue): Value {
  if (value.doc !== undefined) return constant(value.doc);
  const { statement, tree } = shownAs(value);
  const literal = statement && docstring(tree, statement.body);
  if (!literal) return NONE;
  const text = stringValue(tree.text, literal);
  return text === undefined ? TEXT : constant(text);
}

function classAttribute(cls: ClassValue, name: string): Value {
  if (name === "__name__") return constant(cls.name);
  if (name === "__qualname__") return constant(cls.qualname);
  if (name === "__module__") return constant(cls.module);
  const found = findInClass(cls.mro, name);
  if (name === "__doc__") return cls.namespace.get("__doc__") ?? NONE;
  if (!found || found === "external") return UNKNOWN;
  const { value } = found;
  if (value.t === "function" && value.kind === "method-of-class") return { t: "bound", self: cls, function: value };
  if (value.t === "function" && (value.kind === "property" || value.kind === "cached-property")) {
    return name === "setter" ? UNKNOWN : value;
  }
  return value;
}

function superAttribute(machine: Machine, owner: ClassValue, self: Value, name: string): Value {
  const cls = self.t === "instance" ? self.class : self.t === "class" ? self : undefined;
  if (!cls) return UNKNOWN;
  const at = cls.mro.indexOf(owner);
  const found = findInClass(cls.mro.slice(at + 1), name);
  if (!found || found === "external") return name === "__init__" ? { t: "builtin", name: "object.__init__" } : UNKNOWN;
  return bind(machine, found.value, self, cls);
}

function bind(machine: Machine, value: Value, self: Value, cls: ClassValue): Value {
  if (value.t !== "function") return value;
  switch (value.kind) {
    case "method-of-class":
      return { t: "bound", self: cls, function: value };
    case "static":
      return value;
    case "property":
    case "cached-property":
      return callFunction(machine, value, NO_ARGUMENTS, self);
    default:
      return { t: "bound", self, function: value };
  }
}

/** `value.name = item`, through the setters of properties. */
export function setAttribute(machine: Machine, value: Value, name: string, item: Value): void {
  for (const target of options(value)) {
    if (target.t === "class") {
      target.namespace.set(name, item);
      continue;
    }
    if (target.t === "module") {
      target.namespace.set(name, item);
      continue;
    }
    if (target.t === "function" && name === "__doc__") {
      if (item.t === "constant" && typeof item.value === "string") target.doc = item.value;
      continue;
    }
    if (target.t === "function") {
      target.attributes ??= new Map();
      target.attributes.set(name, item);
      continue;
    }
    if (target.t !== "instance") continue;
    const found = findInClass(target.class.mro, name);
    const descriptor = found && found !== "external" ? found.value : undefined;
    if (descriptor?.t === "function" && descriptor.kind === "property") {
      const { setter } = descriptor;
      if (setter)
        call(machine, { t: "bound", self: target, function: setter }, { ...NO_ARGUMENTS, positional: [item] });
      continue;
    }
    const before = target.attributes.get(name);
    const weak = before !== undefined && machine.changesWeakly(target.birth);
    target.attributes.set(name, weak ? union([before, item]) : item);
  }
}
