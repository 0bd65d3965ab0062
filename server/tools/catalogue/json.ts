import type { ConstantValue, Value } from "./interpreter/values.ts";

/** `json.dumps(value, separators=(",", ":"))` of what is known in all of its parts; undefined for anything else. */
export function jsonOf(value: Value): string | undefined {
  switch (value.t) {
    case "constant":
      return constantJson(value);
    case "sequence": {
      if (value.open || value.kind === "set") return undefined;
      const items = value.items.map(jsonOf);
      return items.includes(undefined) ? undefined : `[${items.join(",")}]`;
    }
    case "dict": {
      if (value.open) return undefined;
      const entries = [...value.entries].map(([key, entry]) => [JSON.stringify(String(key)), jsonOf(entry)] as const);
      return entries.some(([, json]) => json === undefined)
        ? undefined
        : `{${entries.map(([key, json]) => `${key}:${json}`).join(",")}}`;
    }
    default:
      return undefined;
  }
}

function constantJson({ value, float }: ConstantValue): string | undefined {
  if (typeof value !== "number") return JSON.stringify(value);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
  return float ? pythonFloat(value) : String(value);
}

/** `repr` of a float: exponents have two digits, and it never looks like an int. */
function pythonFloat(value: number): string {
  const text =
    Math.abs(value) >= 1e16 || (value !== 0 && Math.abs(value) < 1e-4) ? value.toExponential() : String(value);
  const exponent = /e([+-])(\d+)$/.exec(text);
  if (!exponent) return text.includes(".") ? text : `${text}.0`;
  return `${text.slice(0, exponent.index)}e${exponent[1]}${(exponent[2] as string).padStart(2, "0")}`;
}
