import { elementsOf, NO_NODE, type Node, type ValueTree } from "../json/index.ts";
import type { PythonError } from "./load.ts";

/**
 * What `func_load` of utils/python_utils.py (Keras 3.0 to 3.15; generic_utils.py of tf_keras) raises of a Python lambda as
 * `func_dump` has it, a code or a list of code, defaults and closure, where the code is cut off; undefined of all others.
 */
export function refusalOfDump(tree: ValueTree, dump: Node): PythonError | undefined {
  if (dump === NO_NODE) return undefined;
  if (tree.kind(dump) !== "array") return refusalOfCode(tree, dump, NO_NODE);
  const [code, , closure] = elementsOf(tree, dump);
  if (code === undefined || closure === undefined || tree.childCount(dump) !== 3) return undefined;
  return refusalOfCode(tree, code, closure);
}

/** The same of a function of a Lambda layer, in the form of either generation, and which value is wrong. */
export function refusalOfLambda(
  tree: ValueTree,
  lambda: Node,
): { readonly at: Node; readonly error: PythonError } | undefined {
  const isDump = tree.kind(lambda) === "array";
  const config = tree.member(lambda, "config");
  const [code, defaults, closure] = ["code", "defaults", "closure"].map((key) => tree.member(config, key));
  if (!isDump && (code === NO_NODE || defaults === NO_NODE || closure === NO_NODE)) return undefined;
  const error = isDump ? refusalOfDump(tree, lambda) : refusalOfCode(tree, code as Node, closure as Node);
  return error && { at: isDump ? tree.firstChild(lambda) : (code as Node), error };
}

/** What the code and the closure come to (NO_NODE where there is none): of the second something is asked before the first is read. */
export function refusalOfCode(tree: ValueTree, code: Node, closure: Node): PythonError | undefined {
  const isClosed = closure === NO_NODE || tree.kind(closure) === "null" || tree.kind(closure) === "array";
  if (!isClosed || tree.kind(code) !== "string") return undefined;
  const bytes = decoded(tree.string(code));
  if (!bytes) return undefined;
  if (bytes.length === 0) return endOfFile("EOF read where object expected");
  const isCode = bytes.first === CODE || bytes.first === CODE_WITH_REFERENCE;
  return isCode && bytes.length < SHORTEST ? endOfFile("marshal data too short") : undefined;
}

/** The first byte of a code object as `marshal` writes it: `c`, and with the flag that others may refer to it. */
const CODE = 0x63;
const CODE_WITH_REFERENCE = 0xe3;
/** That byte, and the five numbers of four bytes with which a code object begins in every Python from 3.9 to 3.14. */
const SHORTEST = 21;

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** How many bytes a base64 text holds, and the first of them; undefined where it is not written as Python writes it. */
function decoded(text: string): { readonly length: number; readonly first: number } | undefined {
  const lines = text.replaceAll("\n", "");
  if (lines.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(lines)) return undefined;
  const padding = lines.endsWith("==") ? 2 : lines.endsWith("=") ? 1 : 0;
  const [high, low] = [ALPHABET.indexOf(lines.charAt(0)), ALPHABET.indexOf(lines.charAt(1))];
  return { length: (lines.length / 4) * 3 - padding, first: ((high << 2) | (low >> 4)) & 0xff };
}

function endOfFile(message: string): PythonError {
  return { exception: "EOFError", message };
}
