import type { Expression } from "./expressions.ts";
import { stringValue } from "./literals.ts";
import { childExpressions } from "./walk.ts";

/** What a variable or expression holds of a parameter: the parameter itself, one key of it, or an element of either. */
export interface Flow {
  readonly parameter: string;
  readonly key?: string;
  readonly each?: boolean;
  readonly conditional: boolean;
}

/** The parameters that an expression's value is, as the reader knows them where it stands. */
export type FlowsOf = (expression: Expression) => readonly Flow[];

/** Methods that a loop over a dict runs over. */
const ITERATIONS = new Set(["items", "keys", "values"]);
/** Methods of dict that change it, of which nobody is asked for the key: few write it like that. */
const RARE_CHANGES = new Set(["__delitem__", "__ior__", "__setitem__", "clear", "popitem"]);
const CHANGES = new Set([...RARE_CHANGES, "pop", "setdefault", "update"]);
/** What a test of a value's own type or presence may name. */
const TEST_NAMES = new Set([
  "isinstance",
  "hasattr",
  "callable",
  "enumerate",
  "len",
  "type",
  "dict",
  "str",
  "list",
  "tuple",
  "int",
  "float",
  "bool",
]);
/** Types that no JSON object and no list is of. */
const ONLY_SCALARS = /^\(?\s*(?:(?:str|int|float|bool|bytes)\s*,?\s*)+\)?$/;

/** Whether a method of dict changes it in one of the ways whose key is not read. */
export function isRareChange(method: string): boolean {
  return RARE_CHANGES.has(method);
}

/** Whether a method of dict changes it. */
export function isChange(method: string): boolean {
  return CHANGES.has(method);
}

/** Whether a test asks after one value only: `"key" in config`, `isinstance(config["key"], dict)`, `x is not None`. */
export function asksOnly(test: Expression, flow: Flow, text: string, flowsOf: FlowsOf): boolean {
  const flows = flowsOf(test);
  if (flows.length > 0) return flows.every((f) => f.parameter === flow.parameter && f.key === flow.key);
  if (test.kind === "string") return stringValue(text, test) === flow.key;
  if (test.kind === "constant") return true;
  if (test.kind === "name") return TEST_NAMES.has(test.id);
  if (test.kind === "operation" && (test.operators[0] === "in" || test.operators[0] === "not in")) {
    const [key, dict] = test.operands;
    const within = flowsOf(dict!).some((f) => f.parameter === flow.parameter && f.key === undefined);
    if (within) return key!.kind === "string" && stringValue(text, key!) === flow.key;
  }
  if (test.kind === "call" && test.callee.kind === "attribute" && ITERATIONS.has(test.callee.name)) {
    return test.arguments.length === 0 && asksOnly(test.callee.value, flow, text, flowsOf);
  }
  if (test.kind !== "operation" && test.kind !== "call" && test.kind !== "tuple") return false;
  // What runs where the value is not something may not run for what it is.
  if (test.kind === "operation" && test.operators[0] === "not") return false;
  if (test.kind === "call" && !(test.callee.kind === "name" && TEST_NAMES.has(test.callee.id))) return false;
  // What runs for a text does not run for a dict.
  if (test.kind === "call" && test.callee.kind === "name" && test.callee.id === "isinstance") {
    const types = test.arguments[1]?.value;
    if (types && ONLY_SCALARS.test(text.slice(types.start, types.end))) return false;
  }
  return childExpressions(test).every((child) => asksOnly(child, flow, text, flowsOf));
}

/** The keys of what is itself a parameter. */
export function taken(base: readonly Flow[], keys: readonly (string | undefined)[]): readonly Flow[] {
  const flows: Flow[] = [];
  for (const flow of base) {
    // A key of a key has no place in the answer.
    if (flow.key !== undefined) continue;
    for (const key of keys) if (key !== undefined) flows.push({ ...flow, key });
  }
  return flows;
}

/** The same values, perhaps. */
export function uncertain(flows: readonly Flow[]): readonly Flow[] {
  return flows.map((flow) => ({ ...flow, conditional: true }));
}
