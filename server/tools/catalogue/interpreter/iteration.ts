import { type ArgumentValue, constant, examine, TEXT, tuple, UNKNOWN, type Value } from "./values.ts";

/** What a loop over a value goes through: every item where they are known, else what any of them may be. */
export interface Iterated {
  readonly items?: readonly Value[];
  readonly any?: Value;
}

export function iterate(value: Value): Iterated {
  examine(value);
  switch (value.t) {
    case "sequence":
      if (!value.open) return { items: value.items };
      return value.items.length > 0 ? { any: { t: "union", options: [...value.items, UNKNOWN] } } : { any: UNKNOWN };
    case "dict":
      return value.open ? { any: TEXT } : { items: [...value.entries.keys()].map((key) => constant(key)) };
    case "argument":
      if (value.form === "list") return { items: [elementOf(value)] };
      if (value.form === "dict") return { items: [TEXT] };
      if (value.form === "object") {
        return { items: ["module", "class_name", "config", "registered_name"].map((key) => constant(key)) };
      }
      return { any: TEXT };
    case "constant":
      if (typeof value.value === "string") return { items: [...value.value].slice(0, 100).map((c) => constant(c)) };
      return { any: UNKNOWN };
    default:
      return { any: UNKNOWN };
  }
}

/** An element of a list or dict of serialized objects. */
export function elementOf(value: ArgumentValue): ArgumentValue {
  return { ...value, form: "object", each: true };
}

/** `.items()` of a dict. */
export function itemsOf(value: Value): Value {
  const pairs = (entries: readonly (readonly [Value, Value])[], open: boolean): Value => ({
    t: "sequence",
    kind: "list",
    items: entries.map(([key, entry]) => tuple([key, entry])),
    open,
    birth: 0,
  });
  if (value.t === "dict")
    return pairs(
      [...value.entries].map(([key, entry]) => [constant(key), entry]),
      value.open,
    );
  if (value.t === "argument" && value.form === "dict") return pairs([[TEXT, elementOf(value)]], false);
  if (value.t === "argument" && value.form === "object") {
    return pairs(
      [
        [constant("class_name"), TEXT],
        [constant("module"), TEXT],
        [constant("config"), UNKNOWN],
      ],
      true,
    );
  }
  return { t: "sequence", kind: "list", items: [], open: true, birth: 0 };
}
