import type { Node, ValueTree } from "../json/index.ts";
import { elementsOf, NO_NODE } from "../json/index.ts";
import { type Dict, isPythonFloat, type Value } from "./dict.ts";

/** What stands for a printed config after `config=` and `Full object config:`. */
export const elided = "{…}";

/** Printing stops here (UTF-16 units): no person reads on, and a hostile document must not make it grow. */
const printLimit = 100_000;

/**
 * `repr()` of a value as Python's `json.loads` makes it: single quotes, `None`, the last of duplicate keys at the place
 * of the first. Iterative, since documents nest as deep as they like; cut with an ellipsis after 100,000 characters.
 */
export function pythonRepr(tree: ValueTree, value: Value): string {
  if (value.literal !== undefined) {
    return value.literal === null ? "None" : typeof value.literal === "string" ? reprString(value.literal) : "{}";
  }
  const out: string[] = [];
  let length = 0;
  const stack: (Node | string)[] = [value.node];
  while (stack.length > 0 && length < printLimit) {
    const item = stack.pop() as Node | string;
    const piece = typeof item === "string" ? item : reprScalar(tree, item);
    if (piece !== undefined) {
      out.push(piece);
      length += piece.length;
      continue;
    }
    const node = item as Node;
    const isObject = tree.kind(node) === "object";
    const children = isObject ? members(tree, node) : elementsOf(tree, node);
    stack.push(isObject ? "}" : "]");
    for (let i = children.length - 1; i >= 0; i--) {
      const child = children[i] as Node;
      stack.push(child);
      if (isObject) stack.push(`${reprString(tree.key(child))}: `);
      if (i > 0) stack.push(", ");
    }
    stack.push(isObject ? "{" : "[");
  }
  if (stack.length > 0) out.push("…");
  return out.join("");
}

/** `repr()` of a dict with the fields that Keras replaced in it. */
export function reprDict(tree: ValueTree, dict: Dict): string {
  if (!dict.replaced) return pythonRepr(tree, { node: dict.node });
  const parts = [...dict.replaced].map(([key, value]) => `${reprString(key)}: ${pythonRepr(tree, value)}`);
  return `{${parts.join(", ")}}`;
}

/** A dict's members in Python's order: the place of a key's first occurrence, the value of its last. */
function members(tree: ValueTree, object: Node): Node[] {
  const last = new Map<string, Node>();
  for (let child = tree.firstChild(object); child !== NO_NODE; child = tree.nextSibling(child)) {
    last.set(tree.key(child), child);
  }
  return [...last.values()];
}

function reprScalar(tree: ValueTree, node: Node): string | undefined {
  switch (tree.kind(node)) {
    case "null":
      return "None";
    case "boolean":
      return tree.boolean(node) ? "True" : "False";
    case "string":
      return reprString(tree.string(node));
    case "number":
      return reprNumber(tree.raw(node), tree.number(node));
    default:
      return undefined;
  }
}

/** Python's `repr` of an int (its digits) or a float (shortest digits, exponent below 1e-4 and from 1e16). */
function reprNumber(raw: string, value: number): string {
  if (!isPythonFloat(raw)) return raw === "-0" ? "0" : raw;
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0.0";
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 1e16)) {
    const [mantissa = "", exponent = "0"] = value.toExponential().split("e");
    const sign = exponent.startsWith("-") ? "-" : "+";
    return `${mantissa}e${sign}${exponent.replace(/^[+-]/, "").padStart(2, "0")}`;
  }
  const digits = value.toString();
  return digits.includes(".") ? digits : `${digits}.0`;
}

/** Python's `repr` of a string: single quotes unless it holds one and no double quote; control characters escaped. */
export function reprString(value: string): string {
  const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
  let out = quote;
  for (const char of value) {
    const code = char.codePointAt(0) as number;
    if (char === "\\" || char === quote) out += `\\${char}`;
    else if (char === "\n") out += "\\n";
    else if (char === "\r") out += "\\r";
    else if (char === "\t") out += "\\t";
    else if (code < 0x20 || (code >= 0x7f && code < 0xa1) || code === 0xad) out += `\\x${hex(code, 2)}`;
    else if (code >= 0xd800 && code <= 0xdfff) out += `\\u${hex(code, 4)}`;
    else if (/[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u.test(char)) {
      out += code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
    } else out += char;
  }
  return out + quote;
}

function hex(code: number, width: number): string {
  return code.toString(16).padStart(width, "0");
}

/** How Python prints the bytes that a `__bytes__` has become; undefined for every other value, and for what is not ASCII. */
export function printedBytes(tree: ValueTree, node: Node): string | undefined {
  if (tree.kind(node) !== "object") return undefined;
  const className = tree.member(node, "class_name");
  if (className === NO_NODE || tree.string(className) !== "__bytes__") return undefined;
  const content = tree.member(tree.member(node, "config"), "value");
  if (content === NO_NODE || tree.kind(content) !== "string") return undefined;
  const text = tree.string(content);
  return /^[\x20-\x7e]*$/.test(text) ? `b${reprString(text)}` : undefined;
}
