import type { BuiltinSymbol } from "../../catalogue/keras.ts";
import { NO_NODE, type Node, type ValueTree } from "../../json/index.ts";
import { isPythonFloat, pythonType } from "../dict.ts";
import { typeError, valueError } from "../messages.ts";
import type { BuiltinCall, ConstructorProblem, Given } from "./call.ts";
import { shown } from "./values.ts";

type Judge = (call: BuiltinCall, nodeOf: (name: string) => Node) => ConstructorProblem[];

/** Whether a class of Keras refuses arguments by what others are. */
export function judgesTogether({ qualname, module }: BuiltinSymbol): boolean {
  return qualname in judges && module.startsWith("keras.src.layers.preprocessing.");
}

/** What a constructor of Keras raises of arguments that do not go together. */
export function problemsTogether(call: BuiltinCall): ConstructorProblem[] {
  if (!judgesTogether(call.symbol)) return [];
  const byName = new Map(call.given.map(({ name, node }: Given) => [name, node]));
  return judges[call.symbol.qualname]?.(call, (name) => byName.get(name) ?? NO_NODE) ?? [];
}

const judges: Readonly<Record<string, Judge>> = {
  TextVectorization: textVectorization,
  Discretization: discretization,
};

/** The length of sequences of keras/src/layers/preprocessing/text_vectorization.py (3.0 to 3.15). */
function textVectorization({ tree }: BuiltinCall, nodeOf: (name: string) => Node): ConstructorProblem[] {
  const argument = "output_sequence_length";
  const [length, mode] = [nodeOf(argument), nodeOf("output_mode")];
  if (length === NO_NODE || isNull(tree, length)) return [];
  const isInt = mode === NO_NODE || (tree.kind(mode) === "string" && tree.string(mode) === "int");
  const isInteger = tree.kind(length) === "boolean" || isNumber(tree, length, "int");
  if (isInt && (isInteger || tree.member(length, "class_name") !== NO_NODE)) return [];
  const value = shown(tree, length, undefined);
  const message = isInt
    ? `\`${argument}\` must be either None or an integer when \`output_mode\` is 'int'. Received: ${argument}=${value}`
    : `\`${argument}\` must not be set if \`output_mode\` is not 'int'. Received ${argument}=${value}.`;
  return [{ rule: "invalid-argument", argument, node: length, error: valueError(message) }];
}

/** The bins of keras/src/layers/preprocessing/discretization.py: in number or by their boundaries, and to 3.8 also by both where these agree. */
function discretization({ tree, symbol, isWhole }: BuiltinCall, nodeOf: (name: string) => Node): ConstructorProblem[] {
  const [bins, boundaries] = [nodeOf("num_bins"), nodeOf("bin_boundaries")];
  const isGiven = (node: Node) => node !== NO_NODE && !isNull(tree, node);
  if (symbol.fromConfig?.endsWith(".Discretization")) {
    if (!isWhole || isGiven(bins) || isGiven(boundaries)) return [];
    const error = valueError("You need to set either `num_bins` or `bin_boundaries`.");
    return [{ rule: "missing-argument", argument: "num_bins", error }];
  }
  if (!isGiven(bins)) return [];
  const problem = (error: ConstructorProblem["error"]): ConstructorProblem[] => [
    { rule: "invalid-argument", argument: "num_bins", node: bins, error },
  ];
  const number = numberOf(tree, bins);
  if (number === undefined) {
    if (tree.member(bins, "class_name") !== NO_NODE) return [];
    return problem(typeError(`'<' not supported between instances of '${pythonType(tree, { node: bins })}' and 'int'`));
  }
  const value = shown(tree, bins, undefined);
  if (number < 0)
    return problem(valueError(`\`num_bins\` must be greater than or equal to 0. Received: \`num_bins=${value}\``));
  if (!isGiven(boundaries) || tree.kind(boundaries) === "object") return [];
  const count = lengthOf(tree, boundaries);
  if (count === undefined) {
    const error = typeError(`object of type '${pythonType(tree, { node: boundaries })}' has no len()`);
    return [{ rule: "invalid-argument", argument: "bin_boundaries", node: boundaries, error }];
  }
  if (count === number - 1) return [];
  const both = `Received: \`num_bins=${value}\` and \`bin_boundaries=${shown(tree, boundaries, undefined)}\``;
  return problem(valueError(`Both \`num_bins\` and \`bin_boundaries\` should not be set. ${both}`));
}

function isNull(tree: ValueTree, node: Node): boolean {
  return tree.kind(node) === "null";
}

function isNumber(tree: ValueTree, node: Node, type: "int" | "float"): boolean {
  return tree.kind(node) === "number" && isPythonFloat(tree.raw(node)) === (type === "float");
}

/** A number, or a bool as Python counts with it. */
function numberOf(tree: ValueTree, node: Node): number | undefined {
  if (tree.kind(node) === "boolean") return Number(tree.boolean(node));
  return tree.kind(node) === "number" ? tree.number(node) : undefined;
}

/** `len(value)`; undefined where it has none. */
function lengthOf(tree: ValueTree, node: Node): number | undefined {
  if (tree.kind(node) === "array") return tree.childCount(node);
  return tree.kind(node) === "string" ? [...tree.string(node)].length : undefined;
}
