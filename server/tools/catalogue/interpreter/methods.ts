import { copyOf } from "./builtins.ts";
import { spreadInto } from "./expressions.ts";
import { elementOf, itemsOf, iterate } from "./iteration.ts";
import type { CallArguments, Machine } from "./machine.ts";
import { containsKey, getItem, keyOf } from "./subscripts.ts";
import { escaped } from "./text.ts";
import {
  constant,
  type DictValue,
  FALSE,
  list,
  NONE,
  PythonError,
  type SequenceValue,
  TEXT,
  type TextValue,
  TRUE,
  UNKNOWN,
  union,
  type Value,
} from "./values.ts";

/** Calls of methods of dicts, lists, strings, and of arguments of a config, which are one of these. */
export function callMethod(machine: Machine, name: string, self: Value, given: CallArguments): Value {
  const method = name.slice(name.indexOf(".") + 1);
  if (name === "property.setter" && self.t === "function") {
    const setter = given.positional[0];
    return setter?.t === "function" ? { ...self, setter } : self;
  }
  switch (self.t) {
    case "dict":
      return dictMethod(machine, method, self, given);
    case "sequence":
      return sequenceMethod(machine, method, self, given);
    case "argument":
      return argumentMethod(machine, method, self, given);
    case "constant":
      return typeof self.value === "string" ? stringMethod(method, self.value, given) : UNKNOWN;
    case "text":
      if (self.unlike && (method === "lower" || method === "upper")) {
        self.unlike.caseless = true;
        return method === "lower" ? { ...self, lower: true } : { t: "text", unlike: self.unlike };
      }
      if (self.unlike && (method === "startswith" || method === "endswith")) return lacks(self, given.positional[0]);
      return ["lower", "upper", "format", "replace", "join", "strip", "title"].includes(method) ? TEXT : UNKNOWN;
    default:
      return UNKNOWN;
  }
}

/** Whether a text that is unlike every literal begins or ends with one. */
function lacks({ unlike }: TextValue, sought: Value | undefined): Value {
  const parts = sought?.t === "sequence" && !sought.open ? sought.items : sought ? [sought] : [];
  if (parts.length === 0 || !parts.every((part) => part.t === "constant" && typeof part.value === "string"))
    return UNKNOWN;
  for (const part of parts) if (part.t === "constant") unlike?.strings.add(`*${part.value}*`);
  return FALSE;
}

function dictMethod(machine: Machine, method: string, self: DictValue, given: CallArguments): Value {
  const [first, second] = given.positional;
  const fallback = second ?? given.keywords.get("default");
  switch (method) {
    case "get":
    case "pop":
    case "setdefault": {
      const has = first ? containsKey(self, first) : undefined;
      const key = first ? keyOf(first) : undefined;
      if (has === false) {
        if (method === "pop" && !fallback)
          throw new PythonError("KeyError", { text: escaped(typeof key === "string" ? `'${key}'` : String(key)) });
        if (method === "setdefault" && key !== undefined) self.entries.set(key, fallback ?? NONE);
        return fallback ?? NONE;
      }
      if (has === undefined || first === undefined) return UNKNOWN;
      const value = getItem(machine, self, first, false);
      if (method === "pop" && key !== undefined && !machine.changesWeakly(self.birth)) self.entries.delete(key);
      return value;
    }
    case "items":
      return itemsOf(self);
    case "keys":
      return list(
        [...self.entries.keys()].map((key) => constant(key)),
        self.open,
      );
    case "values":
      return list([...self.entries.values()], self.open);
    case "copy":
      return copyOf(self);
    case "update":
      if (first) spreadInto(self, first);
      for (const [key, value] of given.keywords) self.entries.set(key, value);
      if (given.open) self.open = true;
      return NONE;
    case "clear":
      self.entries.clear();
      return NONE;
    default:
      return UNKNOWN;
  }
}

function sequenceMethod(machine: Machine, method: string, self: SequenceValue, given: CallArguments): Value {
  const first = given.positional[0] ?? UNKNOWN;
  switch (method) {
    case "append":
    case "add":
      self.items.push(first);
      if (machine.changesWeakly(self.birth)) self.open = true;
      return NONE;
    case "insert":
      self.items.push(given.positional[1] ?? UNKNOWN);
      self.open = true;
      return NONE;
    case "extend":
    case "update": {
      const { items } = iterate(first);
      if (items) self.items.push(...items);
      if (!items || machine.changesWeakly(self.birth)) self.open = true;
      return NONE;
    }
    case "pop":
      self.open = true;
      return self.items.length > 0 ? union([...self.items, UNKNOWN]) : UNKNOWN;
    case "copy":
      return copyOf(self);
    default:
      return UNKNOWN;
  }
}

function argumentMethod(
  machine: Machine,
  method: string,
  self: Value & { t: "argument" },
  given: CallArguments,
): Value {
  switch (method) {
    case "copy":
      return self;
    case "items":
      return itemsOf(self);
    case "values":
      return self.form === "dict" ? list([elementOf(self)]) : list([], true);
    case "keys":
      return list([...(iterate(self).items ?? [])], self.form === "string");
    case "get":
    case "pop": {
      const [first, second] = given.positional;
      if (first && containsKey(self, first) === false) return second ?? NONE;
      return first ? getItem(machine, self, first, false) : UNKNOWN;
    }
    case "lower":
    case "upper":
    case "strip":
      return self.form === "string" ? self : UNKNOWN;
    default:
      return UNKNOWN;
  }
}

function stringMethod(method: string, self: string, given: CallArguments): Value {
  const [first, second] = given.positional;
  const text = first?.t === "constant" && typeof first.value === "string" ? first.value : undefined;
  switch (method) {
    case "lower":
      return constant(self.toLowerCase());
    case "upper":
      return constant(self.toUpperCase());
    case "strip":
      return text === undefined && given.positional.length === 0 ? constant(self.trim()) : TEXT;
    case "startswith":
    case "endswith": {
      const candidates = first?.t === "sequence" && !first.open ? first.items : first ? [first] : [];
      const answers = candidates.map((item) => {
        if (item.t !== "constant" || typeof item.value !== "string") return undefined;
        return method === "startswith" ? self.startsWith(item.value) : self.endsWith(item.value);
      });
      if (answers.includes(true)) return TRUE;
      return answers.includes(undefined) || candidates.length === 0 ? UNKNOWN : FALSE;
    }
    case "replace":
      if (text !== undefined && second?.t === "constant" && typeof second.value === "string") {
        return constant(self.replaceAll(text, second.value));
      }
      return TEXT;
    case "split":
      return text === undefined ? list([], true) : list(self.split(text).map((part) => constant(part)));
    case "format":
      return given.positional.length === 0 ? formatted(self, given) : TEXT;
    case "join":
      return TEXT;
    default:
      return UNKNOWN;
  }
}

/** `self.format(key=value)`, where every field is one of the keys. */
function formatted(self: string, given: CallArguments): Value {
  let known = true;
  const text = self.replaceAll(/\{\{|\}\}|\{(\w*)\}/g, (field, key: string | undefined) => {
    if (field === "{{" || field === "}}") return field.slice(1);
    const value = given.keywords.get(key ?? "");
    if (value?.t !== "constant") known = false;
    return value?.t === "constant" ? String(value.value) : field;
  });
  return known ? constant(text) : TEXT;
}
