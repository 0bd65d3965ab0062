import { extend, markOpen, removeKey, setItem, update } from "./assignments.ts";
import type { Interpreter } from "./interpreter.ts";
import { asText, text, unknownOf } from "./operations.ts";
import {
  type Arguments,
  booleanOf,
  type DictValue,
  dictOf,
  keyOf,
  type ListValue,
  listOf,
  type MethodValue,
  NONE,
  stringOf,
  UNKNOWN_VALUE,
  type Value,
} from "./values.ts";

/** Calls a method of a string, list or dict. */
export function callMethod(interpreter: Interpreter, { of, name }: MethodValue, given: Arguments): Value {
  if (of.kind === "string") return ofString(interpreter, of.value, name, given);
  if (of.kind === "list") return ofList(interpreter, of, name, given);
  return of.kind === "dict" ? ofDict(interpreter, of, name, given) : UNKNOWN_VALUE;
}

function ofString(interpreter: Interpreter, of: string, name: string, given: Arguments): Value {
  const { positional } = given;
  if (given.open) return UNKNOWN_VALUE;
  const strings = positional.map((value) => (value.kind === "string" ? value.value : undefined));
  const [a, b] = strings;
  const all = strings.every((each) => each !== undefined);
  switch (name) {
    case "format":
      return format(of, given);
    case "join": {
      const items = positional[0] && interpreter.items(positional[0]);
      const parts =
        items && !items.open ? items.items.map((item) => (item.kind === "string" ? item.value : undefined)) : [];
      return items && !items.open && !parts.includes(undefined) ? text(parts.join(of)) : unknownOf(...positional);
    }
    case "lower":
      return text(of.toLowerCase());
    case "upper":
      return text(of.toUpperCase());
    case "title":
      return text(of.replace(/[A-Za-z]+/g, (word) => word[0]!.toUpperCase() + word.slice(1).toLowerCase()));
    case "capitalize":
      return text(of.charAt(0).toUpperCase() + of.slice(1).toLowerCase());
    case "strip":
    case "lstrip":
    case "rstrip":
      return all ? text(strip(of, name, a)) : unknownOf(...positional);
    case "replace":
      return positional.length === 2 && a !== undefined && b !== undefined && a !== ""
        ? text(of.replaceAll(a, () => b))
        : unknownOf(...positional);
    case "split":
    case "rsplit":
      return split(of, name === "rsplit", given);
    case "partition":
    case "rpartition": {
      if (!a) return unknownOf(...positional);
      const at = name === "partition" ? of.indexOf(a) : of.lastIndexOf(a);
      const parts =
        at < 0 ? (name === "partition" ? [of, "", ""] : ["", "", of]) : [of.slice(0, at), a, of.slice(at + a.length)];
      return listOf(parts.map(stringOf), "tuple");
    }
    case "removeprefix":
      return a === undefined ? unknownOf(...positional) : text(of.startsWith(a) ? of.slice(a.length) : of);
    case "removesuffix":
      return a === undefined
        ? unknownOf(...positional)
        : text(a !== "" && of.endsWith(a) ? of.slice(0, -a.length) : of);
    case "startswith":
    case "endswith": {
      const options = affixes(positional[0]);
      if (!options || positional.length > 1) return UNKNOWN_VALUE;
      return booleanOf(options.some((each) => (name === "startswith" ? of.startsWith(each) : of.endsWith(each))));
    }
    case "isidentifier":
      return booleanOf(/^[A-Za-z_]\w*$/.test(of));
    case "isupper":
      return booleanOf(of !== of.toLowerCase() && of === of.toUpperCase());
    default:
      return UNKNOWN_VALUE;
  }
}

function affixes(value: Value | undefined): string[] | undefined {
  if (value?.kind === "string") return [value.value];
  if (value?.kind !== "list" || value.open) return undefined;
  const strings = value.items.map((item) => (item.kind === "string" ? item.value : undefined));
  return strings.includes(undefined) ? undefined : (strings as string[]);
}

function strip(of: string, name: string, characters: string | undefined): string {
  const isCut = (c: string) => (characters === undefined ? /\s/.test(c) : characters.includes(c));
  let start = 0;
  let end = of.length;
  if (name !== "rstrip") while (start < end && isCut(of[start]!)) start++;
  if (name !== "lstrip") while (end > start && isCut(of[end - 1]!)) end--;
  return of.slice(start, end);
}

function split(of: string, fromRight: boolean, { positional, keywords }: Arguments): Value {
  const separator = positional[0] ?? keywords.get("sep");
  const most = positional[1] ?? keywords.get("maxsplit");
  if (most && most.kind !== "number") return UNKNOWN_VALUE;
  const limit = most?.kind === "number" && most.value >= 0 ? most.value : Number.POSITIVE_INFINITY;
  let parts: string[];
  let glue = " ";
  if (separator === undefined || separator.kind === "none") parts = of.split(/\s+/).filter((part) => part !== "");
  else if (separator.kind === "string" && separator.value !== "") {
    glue = separator.value;
    parts = of.split(glue);
  } else return unknownOf(separator);
  if (parts.length > limit + 1) {
    parts = fromRight
      ? [parts.slice(0, parts.length - limit).join(glue), ...parts.slice(parts.length - limit)]
      : [...parts.slice(0, limit), parts.slice(limit).join(glue)];
  }
  return listOf(parts.map(stringOf));
}

/** `template.format(…)` with plain fields. */
function format(template: string, { positional, keywords }: Arguments): Value {
  let next = 0;
  let failed = false;
  const result = template.replace(/\{\{|\}\}|\{([^{}]*)\}/g, (all, field: string | undefined) => {
    if (field === undefined) return all[0]!;
    const value =
      field === "" ? positional[next++] : /^\d+$/.test(field) ? positional[Number(field)] : keywords.get(field);
    const part = asText(value);
    if (part === undefined) failed = true;
    return part ?? "";
  });
  return failed ? unknownOf(...positional, ...keywords.values()) : text(result);
}

function ofList(interpreter: Interpreter, of: ListValue, name: string, { positional }: Arguments): Value {
  const [first] = positional;
  if (LIST_CHANGES.has(name)) interpreter.changing(of);
  switch (name) {
    case "append":
    case "add":
      if (first && interpreter.sure) of.items.push(first);
      else of.open = true;
      return NONE;
    case "extend":
      if (first) extend(interpreter, of, first);
      return NONE;
    case "copy":
      return listOf([...of.items], of.type, of.open);
    case "index":
    case "count":
      return UNKNOWN_VALUE;
    case "clear":
    case "pop":
    case "remove":
    case "insert":
    case "update":
    case "discard":
      of.open = true;
      return UNKNOWN_VALUE;
    default:
      return UNKNOWN_VALUE;
  }
}

function ofDict(interpreter: Interpreter, of: DictValue, name: string, given: Arguments): Value {
  const [first, second] = given.positional;
  const { sure } = interpreter;
  switch (name) {
    case "update":
      if (first) update(interpreter, of, first);
      for (const [key, value] of given.keywords) setItem(interpreter, of, stringOf(key), value);
      if (given.open) markOpen(interpreter, of);
      return NONE;
    case "__setitem__":
      if (first && second) setItem(interpreter, of, first, second);
      return NONE;
    case "setdefault":
      if (first) setDefault(interpreter, of, first, second ?? NONE);
      return second ?? NONE;
    case "get": {
      const key = first && keyOf(first);
      const entry = key === undefined || of.isRegistry ? undefined : of.entries.get(key);
      if (entry?.sure) return entry.value;
      if (of.isRegistry || of.open || key === undefined || entry) return UNKNOWN_VALUE;
      return second ?? NONE;
    }
    case "pop":
    case "__delitem__":
      if (first) removeKey(interpreter, of, first);
      return UNKNOWN_VALUE;
    case "popitem":
      if (of.isRegistry) interpreter.lose("a key of get_custom_objects() is taken out");
      else of.open = true;
      return UNKNOWN_VALUE;
    case "clear":
      interpreter.changing(of);
      if (of.isRegistry) interpreter.emit({ kind: "remove", sure });
      else if (sure) of.entries.clear();
      else for (const [key, entry] of of.entries) of.entries.set(key, { ...entry, sure: false });
      return NONE;
    case "copy":
      return of.isRegistry ? dictOf([], false) : dictOf(of.entries, of.open);
    case "items":
    case "keys":
    case "values": {
      if (of.isRegistry) return UNKNOWN_VALUE;
      const entries = [...of.entries.values()].filter((entry) => entry.sure);
      const parts = entries.map(({ key, value }) =>
        name === "items" ? listOf([key, value], "tuple") : name === "keys" ? key : value,
      );
      return listOf(parts, "list", of.open || entries.length < of.entries.size);
    }
    default:
      return UNKNOWN_VALUE;
  }
}

function setDefault(interpreter: Interpreter, of: DictValue, key: Value, value: Value): void {
  const name = keyOf(key);
  const before = name === undefined || of.isRegistry ? undefined : of.entries.get(name);
  if (before) return;
  // Of the registry: the key is there afterwards, whoever put it in.
  setItem(interpreter, of, key, value);
}

const LIST_CHANGES = new Set(["append", "add", "clear", "pop", "remove", "insert", "update", "discard"]);
