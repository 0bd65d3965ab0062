import type { BuiltinSymbol, ValueForm, ValueRule } from "../../catalogue/keras.ts";
import { NO_NODE, type Node, type ValueTree } from "../../json/index.ts";
import { isPythonFloat, pythonType } from "../dict.ts";
import type { PythonError } from "../load.ts";
import { pythonRepr, reprString } from "../pythonRepr.ts";

/** The form of a value, as the rules of constructors tell values apart; undefined for those that they do not speak of. */
export function formOf(tree: ValueTree, node: Node): ValueForm | undefined {
  switch (tree.kind(node)) {
    case "null":
      return "null";
    case "boolean":
      return tree.boolean(node) ? "true" : "false";
    case "string":
      return "string";
    case "object":
      return isSpecialValue(tree, node) ? undefined : "dict";
    case "array": {
      const count = tree.childCount(node);
      return count === 0 ? "empty list" : count <= 4 ? (`list of ${count}` as ValueForm) : undefined;
    }
    case "number":
      return numberForm(tree.number(node), isPythonFloat(tree.raw(node)));
  }
}

/** Whether a dict is something else by the time a constructor gets it: files in HDF5 hold tuples and shapes so. */
function isSpecialValue(tree: ValueTree, node: Node): boolean {
  const className = tree.member(node, "class_name");
  if (className === NO_NODE || tree.kind(className) !== "string") return false;
  return /^(?:__\w+__|TensorShape|TypeSpec|CompositeTensor)$/.test(tree.string(className));
}

function numberForm(value: number, isFloat: boolean): ValueForm | undefined {
  if (!Number.isFinite(value)) return undefined;
  if (value < 0) return isFloat ? "negative float" : "negative integer";
  if (value === 0) return isFloat ? "zero float" : "zero";
  if (value === 1) return isFloat ? "one float" : "one";
  if (value < 1) return "fraction";
  return isFloat ? "greater float" : "greater integer";
}

/** Whether a rule refuses a value of its argument. */
export function refuses({ forms, numbers, strings }: ValueRule, tree: ValueTree, node: Node, form: ValueForm): boolean {
  if (!forms.includes(form)) return false;
  if (numbers && tree.kind(node) === "number" && numbers.includes(tree.number(node))) return false;
  if (form !== "string" || !strings) return true;
  return refusesString(strings, tree.string(node));
}

function refusesString({ accepted, caseless }: NonNullable<ValueRule["strings"]>, text: string): boolean {
  return !isAccepted(text, accepted) && !(caseless && isAccepted(text.toLowerCase(), accepted));
}

/** What is said of a string, and what is taken in its place. */
export interface StringRefusal {
  readonly error: PythonError;
  readonly accepted: readonly string[];
}

/** What a class of Keras says of a string as one of its arguments, and which strings it takes; undefined where it takes this one. */
export function refusalOfString(
  symbol: BuiltinSymbol | undefined,
  argument: string,
  value: string,
): StringRefusal | undefined {
  const rule = symbol?.constructorRules?.values.find((one) => one.argument === argument && one.strings !== undefined);
  if (!symbol || !rule?.strings || !refusesString(rule.strings, value)) return undefined;
  const { exception, text } = rule.refusal;
  if (text === undefined) return undefined;
  const fields = {
    className: symbol.qualname,
    argument: (_: string, how?: string) => shownText(value, how),
    others: "",
    names: "",
  };
  const message = filled(text, fields);
  return message === undefined ? undefined : { error: { exception, message }, accepted: rule.strings.accepted };
}

function isAccepted(text: string, accepted: readonly string[]): boolean {
  return accepted.some((one) => (/^\*.+\*$/.test(one) ? text.includes(one.slice(1, -1)) : text === one));
}

/** Of the strings that a rule accepts those that can be written as they are. */
export function plainWords(accepted: readonly string[]): string[] {
  return accepted.filter((one) => one !== "" && !one.includes("*"));
}

/** What the fields of an exception's text stand for. */
export interface Fields {
  readonly className: string;
  /** The value of an argument, shown as the letter of the field says; undefined where the config has none. */
  readonly argument: (name: string, how?: string) => string | undefined;
  /** The keywords that nobody takes, as Python prints their dict. */
  readonly others: string;
  /** Their names. */
  readonly names: string;
}

/** The text of an exception with its fields filled in (`Refusal.text`); undefined where the config does not say all of it. */
export function filled(text: string, fields: Fields): string | undefined {
  let isKnown = true;
  const result = text.replace(/\{\{|\}\}|\{([^{}]*)\}/g, (field, name: string | undefined) => {
    if (name === undefined) return field.charAt(0);
    if (name === "") return fields.className;
    if (name === "**") return fields.others;
    if (name === "*") return fields.names;
    const [argument = "", how] = name.split("!");
    const value = fields.argument(argument, how);
    if (value === undefined) isKnown = false;
    return value ?? "";
  });
  return isKnown ? result : undefined;
}

/** A value as a field of an exception's text shows it, by the letter of the field. */
export function shown(tree: ValueTree, node: Node, how: string | undefined): string {
  if (tree.kind(node) === "string") return shownText(tree.string(node), how);
  if (how === "t") return `<class '${pythonType(tree, { node })}'>`;
  const printed = pythonRepr(tree, { node });
  return how === "l" ? printed.toLowerCase() : printed;
}

function shownText(text: string, how: string | undefined): string {
  if (how === "t") return "<class 'str'>";
  if (how === "l") return text.toLowerCase();
  return how === undefined ? text : reprString(text);
}
