import {
  type BuiltinSymbol,
  type ConstructorRules,
  type Refusal,
  unknownKeyword,
  type ValueRule,
} from "../../catalogue/keras.ts";
import { NO_NODE, type Node, type ValueTree } from "../../json/index.ts";
import { argumentOfLegacyOptimizer } from "../keras2/optimizers.ts";
import type { PythonError } from "../load.ts";
import { missingArguments, typeError } from "../messages.ts";
import { pythonRepr, reprString } from "../pythonRepr.ts";
import { isOfKeras2, refusedByHand } from "./byHand.ts";
import type { BuiltinCall, ConstructorProblem, Given } from "./call.ts";
import { rulesOf } from "./rulesByHand.ts";
import { problemTogether } from "./together.ts";
import { type Fields, filled, formOf, plainWords, refuses, shown } from "./values.ts";

/** The rules of a class by the names of its arguments. */
interface RuleIndex {
  readonly known: ReadonlyMap<string, readonly ValueRule[]>;
  /** Whether names that are not known are refused. */
  readonly closed: boolean;
  readonly needed: readonly string[];
}

const indices = new WeakMap<ConstructorRules, RuleIndex>();

function indexOf(rules: ConstructorRules, symbol: BuiltinSymbol): RuleIndex {
  let index = indices.get(rules);
  if (!index) {
    const known = new Map<string, ValueRule[]>();
    const isGraphless = symbol.mro.some(isModel) && !/^(?:Functional|Sequential)$/.test(symbol.qualname);
    for (const name of [...rules.accepts, ...symbol.parameters.map((parameter) => parameter.name)]) known.set(name, []);
    if (isGraphless) for (const name of keysOfGraphs) known.delete(name);
    for (const rule of rules.values) {
      const list = known.get(rule.argument);
      if (list) list.push(rule);
      else known.set(rule.argument, [rule]);
    }
    index = {
      known,
      closed: rules.unknown !== undefined,
      needed: Object.keys(rules.missing),
    };
    indices.set(rules, index);
  }
  return index;
}

/** What `Model.from_config` makes a Functional of: whoever is no such is given them like any other keyword. */
const keysOfGraphs = ["layers", "input_layers", "output_layers"];

function isModel({ qualname, module }: BuiltinSymbol): boolean {
  return qualname === "Model" && module === "keras.src.models.model";
}

/** Whether nothing at all is to be said of a config: so it is with nearly all, and then nothing is made for it. */
export function isPlainlyAccepted(tree: ValueTree, symbol: BuiltinSymbol, config: Node): boolean {
  const rules = rulesOf(symbol);
  if (takesNothing(symbol)) return tree.childCount(config) === 0;
  if (!rules) return true;
  const { known, closed, needed } = indexOf(rules, symbol);
  for (let child = tree.firstChild(config); child !== NO_NODE; child = tree.nextSibling(child)) {
    const values = known.get(tree.key(child));
    if (refusedByHand(tree, symbol, tree.key(child), child, true)) return false;
    if (values === undefined) {
      if (closed) return false;
      continue;
    }
    if (values.length === 0) continue;
    const form = formOf(tree, child);
    if (form !== undefined && values.some((rule) => refuses(rule, tree, child, form))) return false;
  }
  if (!needed.every((name) => tree.member(config, name) !== NO_NODE)) return false;
  return !problemTogether({ tree, symbol, isWhole: true, nodeOf: (name) => tree.member(config, name) });
}

/** Whether there are arguments that a class cannot do without. */
export function needsArguments(symbol: BuiltinSymbol): boolean {
  const rules = rulesOf(symbol);
  return rules !== undefined && indexOf(rules, symbol).needed.length > 0;
}

/** Nobody reads on behind so many arguments that a constructor does not know. */
const MOST_UNKNOWN = 100;

/** What `cls(**config)` of a class of Keras raises, in the order in which Python comes to it, as far as its rules say. */
export function builtinProblems(call: BuiltinCall): ConstructorProblem[] {
  const rules = rulesOf(call.symbol);
  if (takesNothing(call.symbol)) return call.isWhole ? plainProblems(call) : [];
  if (!rules) return [];
  const missing = call.isWhole ? missingProblems(call, rules) : [];
  const { known } = indexOf(rules, call.symbol);
  const unknown = unknownProblems(call, rules, known);
  const values = valueProblems(call, known);
  // `Layer.__init__` of Keras 2 refuses keywords by itself, once all arguments are bound.
  const isBinding =
    rules.unknown?.exception === "TypeError" &&
    !(isOfKeras2(call.symbol) && !rules.unknown.text?.includes("unexpected keyword argument"));
  // `__new__` is handed the arguments before `__init__`.
  const isEarly = ({ beforeConstructor, error }: ConstructorProblem) =>
    beforeConstructor === true ||
    (error.message.includes(".__new__()") && !rules.unknown?.text?.includes(".__new__()"));
  const early = missing.filter(isEarly);
  const late = missing.filter((problem) => !isEarly(problem));
  const nodeOf = (name: string) => call.given.find((one) => one.name === name)?.node ?? NO_NODE;
  const problem = values.length === 0 ? problemTogether({ ...call, nodeOf }) : undefined;
  const together = problem ? [problem] : [];
  return isBinding
    ? [...early, ...unknown, ...late, ...values, ...together]
    : [...missing, ...unknown, ...values, ...together];
}

/** Whether a class has no constructor but Python's own. */
function takesNothing(symbol: BuiltinSymbol): boolean {
  const { mro } = symbol;
  return (
    (!isOfKeras2(symbol) || symbol.fromConfig !== undefined) &&
    mro.length > 0 &&
    mro.every(({ ownMethods }) => !ownMethods.some((name) => /^__(init|new)__$/.test(name)))
  );
}

/** What `object.__new__` says of any argument. */
function plainProblems({ given, className, symbol }: BuiltinCall): ConstructorProblem[] {
  const error = typeError(`${className}() takes no arguments`);
  // `Initializer.from_config` of Keras 2 takes it out.
  const isTakenOut = (name: string) =>
    name === "dtype" && isOfKeras2(symbol) && !!symbol.fromConfig?.endsWith("Initializer");
  return given
    .filter(({ name }) => !isTakenOut(name))
    .map(({ name, node }) => ({ rule: "unknown-argument", argument: name, node, error, allowed: [] }));
}

function missingProblems(call: BuiltinCall, { missing }: ConstructorRules): ConstructorProblem[] {
  const { given, tree, className, symbol } = call;
  const names = new Set(given.map(({ name }) => name));
  const lacking = Object.entries(missing).filter(
    ([name, { unless }]) => !names.has(name) && !unless?.some((other) => names.has(other)),
  );
  const unbound = lacking.flatMap(([name, { text }]) => {
    const match = /^(\w+)\.__init__\(\) missing 1 required positional argument: /.exec(text ?? "");
    return match ? [[name, match[1] as string] as const] : [];
  });
  // Python names all of them at once, in the order of the header.
  const header = new Map(symbol.parameters.map(({ name }, index) => [name, index]));
  const inOrder = unbound
    .map(([name]) => name)
    .sort((one, other) => (header.get(one) ?? header.size) - (header.get(other) ?? header.size));
  const together = unbound[0] && missingArguments(unbound[0][1], inOrder);
  const fields = fieldsOf(tree, className, given, []);
  return lacking.flatMap(([argument, refusal]): ConstructorProblem[] => {
    const isUnbound = unbound.some(([name]) => name === argument);
    const error = isUnbound ? together : errorOf(refusal, fields);
    if (!error) return [];
    const early = refusal.exception === "KeyError" ? { beforeConstructor: true as const } : {};
    const initial = symbol.parameters.find(({ name }) => name === argument)?.default;
    return [{ rule: "missing-argument", argument, error, ...(initial !== undefined && { initial }), ...early }];
  });
}

function unknownProblems(
  call: BuiltinCall,
  { accepts, unknown }: ConstructorRules,
  known: RuleIndex["known"],
): ConstructorProblem[] {
  if (!unknown) return [];
  const others = call.given.filter(({ name }) => !known.has(name));
  if (others.length === 0) return [];
  // Said once for all of them, since it may print them all.
  const error = errorOf(unknown, fieldsOf(call.tree, call.className, call.given, others));
  if (!error) return [];
  return others.slice(0, MOST_UNKNOWN).map(({ name, node }): ConstructorProblem => {
    const legacy = isOfKeras2(call.symbol) ? argumentOfLegacyOptimizer(call.symbol, call.className, name) : undefined;
    if (legacy) return { rule: "unknown-argument", argument: name, node, error: legacy, allowed: accepts };
    const message = error.message.replace(unknownKeyword, () => name);
    return { rule: "unknown-argument", argument: name, node, error: { ...error, message }, allowed: accepts };
  });
}

function valueProblems(call: BuiltinCall, known: RuleIndex["known"]): ConstructorProblem[] {
  const { tree, given } = call;
  const problems: ConstructorProblem[] = [];
  for (const { name, node, judgesValue } of given) {
    const form = judgesValue === false ? undefined : formOf(tree, node);
    if (form === undefined || (form === "string" && call.isReplaced(name, tree.string(node)))) continue;
    const own = refusedByHand(tree, call.symbol, name, node, call.isWhole);
    if (own) {
      const error = errorOf(own, fieldsOf(tree, call.className, given, []));
      if (error) problems.push({ rule: "invalid-argument", argument: name, node, error });
      continue;
    }
    const rule = known.get(name)?.find((one) => refuses(one, tree, node, form));
    const error = rule && errorOf(rule.refusal, fieldsOf(tree, call.className, given, []));
    if (!rule || !error) continue;
    const allowed = form === "string" && rule.strings ? { allowed: plainWords(rule.strings.accepted) } : {};
    problems.push({ rule: "invalid-argument", argument: name, node, error, ...allowed });
  }
  return problems;
}

function fieldsOf(tree: ValueTree, className: string, given: readonly Given[], others: readonly Given[]): Fields {
  return {
    className,
    argument: (name, how) => {
      const one = given.find((other) => other.name === name);
      return one && shown(tree, one.node, how);
    },
    get names() {
      return others.map(({ name }) => name).join("`, `");
    },
    get others() {
      return `{${others.map(({ name, node }) => `${reprString(name)}: ${pythonRepr(tree, { node })}`).join(", ")}}`;
    },
  };
}

function errorOf({ exception, text }: Refusal, fields: Fields): PythonError | undefined {
  const message = text === undefined ? undefined : filled(text, fields);
  return message === undefined ? undefined : { exception, message };
}
