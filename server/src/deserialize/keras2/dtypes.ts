import { NO_NODE, type Node, type ValueTree } from "../../json/index.ts";
import { truthy } from "../dict.ts";

/** The names that `tf.as_dtype` of TensorFlow 2.15 knows, each with its `…_ref`; those of 2.21 beside them. */
const names = new Set([
  ...[
    "bfloat16",
    "bool",
    "complex128",
    "complex64",
    "double",
    "float",
    "float16",
    "float32",
    "float64",
    "float8_e4m3fn",
  ],
  ...[
    "float8_e5m2",
    "half",
    "int16",
    "int32",
    "int4",
    "int64",
    "int8",
    "qint16",
    "qint32",
    "qint8",
    "quint16",
    "quint8",
  ],
  ...["resource", "string", "uint16", "uint32", "uint4", "uint64", "uint8", "variant"],
  ...["float4_e2m1fn", "float8_e4m3b11fnuz", "float8_e4m3fnuz", "float8_e5m2fnuz", "int2", "uint2"],
]);

/** The numbers of its enumeration in TensorFlow 2.21, which holds all of 2.15; references are a hundred more. */
const LAST_NUMBER = 33;

/** Whether `get_policy` makes a policy of a value that is no dict: what is falsy is the global one. */
export function isDtype(tree: ValueTree, node: Node): boolean {
  const kind = tree.kind(node);
  if (kind === "object" || !truthy(tree, { node })) return true;
  if (kind === "string") return isDtypeName(tree.string(node));
  if (kind === "boolean") return true;
  if (kind !== "number") return false;
  const number = tree.number(node) % 100;
  return Number.isInteger(number) && number >= 1 && number <= LAST_NUMBER && tree.number(node) < 200;
}

/** Whether a string names a dtype of TensorFlow, or one of the two mixed policies. */
export function isDtypeName(text: string): boolean {
  return text === "mixed_float16" || text === "mixed_bfloat16" || names.has(text.replace(/_ref$/, ""));
}

/** Whether `tf.as_dtype(name).is_integer`, which quantized ones are not. */
export function isIntegerDtype(name: string): boolean {
  return /^u?int(?:2|4|8|16|32|64)$/.test(name);
}

/** What `tf.as_dtype` says of a value, by its `repr()`. */
export function noDtype(printed: string): string {
  return `Cannot convert the argument \`type_value\`: ${printed} to a TensorFlow DType.`;
}

/** Whether a dict holds another one, or a list. */
export function holdsMore(tree: ValueTree, node: Node): boolean {
  for (let child = tree.firstChild(node); child !== NO_NODE; child = tree.nextSibling(child)) {
    if (tree.kind(child) === "object" || tree.kind(child) === "array") return true;
  }
  return false;
}
