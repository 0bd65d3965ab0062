import { unknownKeyword } from "../../../src/catalogue/keras.ts";
import { elementOf } from "./iteration.ts";
import type { Machine } from "./machine.ts";
import { escaped } from "./text.ts";
import {
  compareNumber,
  constant,
  examine,
  PythonError,
  same,
  sameConstant,
  soughtKeywords,
  TEXT,
  UNKNOWN,
  union,
  unlikeness,
  type Value,
} from "./values.ts";

/** The key of a dict as plain data; undefined where it is not known. */
export function keyOf(value: Value): string | number | undefined {
  // Types are keys, too; no string is one of these.
  if (value.t === "builtin" && !value.self) return `\0${value.name}`;
  if (value.t !== "constant") return undefined;
  return typeof value.value === "string" || typeof value.value === "number" ? value.value : String(value.value);
}

function isType(key: string | number): boolean {
  return typeof key === "string" && key.startsWith("\0");
}

/** What a serialized object's own keys are: `module`, `class_name`, `config`, `registered_name`. */
const objectKeys = new Set(["module", "class_name", "config", "registered_name"]);

/** `value[index]`. */
export function getItem(machine: Machine, value: Value, index: Value, isSlice: boolean): Value {
  if (value.t === "union") return union(value.options.map((option) => getItem(machine, option, index, isSlice)));
  if (isSlice) {
    if (value.t === "sequence") return { ...value, items: [...value.items], open: true };
    return value.t === "argument" && value.form === "list" ? value : UNKNOWN;
  }
  const key = keyOf(index);
  switch (value.t) {
    case "dict": {
      if (key === undefined) return UNKNOWN;
      const entry = value.entries.get(key);
      if (entry) return entry;
      if (value.open) return UNKNOWN;
      throw new PythonError("KeyError", { text: escaped(typeof key === "string" ? `'${key}'` : String(key)) });
    }
    case "sequence": {
      if (typeof key !== "number") return value.items.length > 0 && !value.open ? union(value.items) : UNKNOWN;
      const at = key < 0 ? value.items.length + key : key;
      return (value.open ? undefined : value.items[at]) ?? UNKNOWN;
    }
    case "constant": {
      const letter = typeof value.value === "string" && typeof key === "number" ? value.value.at(key) : undefined;
      return letter === undefined ? UNKNOWN : constant(letter);
    }
    case "argument":
      if (value.form === "list") return elementOf(value);
      if (value.form === "dict") return key === undefined ? elementOf(value) : UNKNOWN;
      return key === "class_name" || key === "module" ? TEXT : UNKNOWN;
    default:
      return UNKNOWN;
  }
}

/** `value[index] = item`. */
export function setItem(machine: Machine, value: Value, index: Value, item: Value): void {
  if (value.t !== "dict") return;
  const key = keyOf(index);
  if (key === undefined) {
    value.open = true;
    // Kept, since what it holds may be asked for by a loop.
    value.entries.set(`?${value.entries.size}`, item);
    return;
  }
  const before = value.entries.get(key);
  const weak = machine.changesWeakly(value.birth) && before !== undefined;
  value.entries.set(key, weak ? union([before, item]) : item);
}

/** `key in value`. */
export function containsKey(value: Value, key: Value): boolean | undefined {
  examine(key);
  const name = keyOf(key);
  switch (value.t) {
    case "dict":
      if (key.t === "text" && key.unlike && !value.open) {
        for (const entry of value.entries.keys()) if (!isType(entry)) unlikeness(key, constant(entry));
        return false;
      }
      if (typeof name === "string" && value.entries.has(unknownKeyword)) soughtKeywords.add(name);
      if (name === undefined) return value.entries.size === 0 && !value.open ? false : undefined;
      return value.entries.has(name) ? true : value.open ? undefined : false;
    case "sequence":
      return sequenceContains(value.items, value.open, key);
    case "constant":
      if (typeof value.value === "string" && typeof name === "string") return value.value.includes(name);
      return undefined;
    case "text":
      if (!value.unlike || typeof name !== "string") return undefined;
      value.unlike.strings.add(`*${name}*`);
      return false;
    case "argument":
      if (value.form === "object" && typeof name === "string") return objectKeys.has(name);
      return undefined;
    default:
      return undefined;
  }
}

function sequenceContains(items: readonly Value[], open: boolean, key: Value): boolean | undefined {
  for (const item of items) {
    compareNumber(key, item);
    // A list of the keywords that are allowed.
    if (key.t === "constant" && key.value === unknownKeyword && item.t === "constant" && typeof item.value === "string")
      soughtKeywords.add(item.value);
  }
  const isItem = (item: Value) =>
    item.t === "constant" && key.t === "constant" ? sameConstant(item, key) : same(item, key);
  if (items.some(isItem)) return true;
  if (key.t === "text" && key.unlike) {
    for (const item of items) unlikeness(key, item);
    if (!open && items.every((item) => item.t === "constant")) return false;
  }
  if (open) return undefined;
  if (key.t === "argument" && key.form !== "string")
    return items.every((item) => item.t === "constant") ? false : undefined;
  if (key.t !== "constant") return key.t === "class" ? false : items.length === 0 ? false : undefined;
  return items.every((item) => item.t === "constant") ? false : undefined;
}
