import {
  type ConstructorRules,
  type MissingRule,
  type Refusal,
  unknownKeyword,
  type ValueForm,
  type ValueRule,
} from "../../src/catalogue/keras.ts";
import {
  comparedNumbers,
  dict,
  examined,
  PythonError,
  type SequenceValue,
  soughtKeywords,
  UNKNOWN,
  type Value,
} from "./interpreter/values.ts";

/** What becomes of a config whose values are these; undefined where reading takes too long. */
export type ReadConfig = (config: readonly (readonly [string, Value])[]) => "accepted" | PythonError | undefined;

/** Values of each form; a form is refused where all of them are. */
const probes: Readonly<Record<Exclude<ValueForm, "string">, (argument: string) => readonly Value[]>> = {
  null: constants([null]),
  true: constants([true]),
  false: constants([false]),
  zero: constants([0]),
  one: constants([1]),
  "greater integer": constants([2, 7319]),
  "negative integer": constants([-1, -7319]),
  "zero float": constants([0], true),
  fraction: constants([0.25, 0.75], true),
  "one float": constants([1], true),
  "greater float": constants([1.000001, 7319.5], true),
  "negative float": constants([-0.25, -7319.5], true),
  "empty list": (argument) => [listOf(argument, 0)],
  "list of 1": (argument) => [listOf(argument, 1)],
  "list of 2": (argument) => [listOf(argument, 2)],
  "list of 3": (argument) => [listOf(argument, 3)],
  "list of 4": (argument) => [listOf(argument, 4)],
  dict: (argument) => [{ ...dict([], true), argument } as Value],
};

/** What `Operation.from_config` (`Layer.from_config` of Keras 2) makes of every exception of a constructor. */
const wrapping = /^Error when deserializing class '/;

function constants(values: readonly (string | number | boolean | null)[], float?: true) {
  return (argument: string): Value[] =>
    values.map((value) => ({ t: "constant", value, argument, ...(float ? { float } : {}) }));
}

function listOf(argument: string, length: number): SequenceValue {
  return { t: "sequence", kind: "list", items: Array(length).fill(UNKNOWN), open: false, birth: 0, argument };
}

/** A class as its constructor is asked. */
export interface Asked {
  /** Its whole config, as far as something is known of it. */
  readonly config: readonly (readonly [string, Value])[];
  /** Keys that somebody may not do without. */
  readonly needed: ReadonlySet<string>;
  /** The parameters of all constructors on the way. */
  readonly parameters: readonly string[];
  /** Arguments that are deserialized. */
  readonly deserialized: ReadonlySet<string>;
  /** What the next constructor refuses of an argument that is handed on to it as it is; undefined where it is not. */
  readonly inherited: (argument: string) => readonly ValueRule[] | undefined;
  readonly read: ReadConfig;
}

/**
 * Asks the reading of a class's `from_config(config)` what is refused: with one more keyword, with one less, with one value
 * after the other, while nothing is known of most other values: what is refused then is refused always.
 */
export function constructorRules(asked: Asked): ConstructorRules | undefined {
  const config = asked.config.map(([key, value]): [string, Value] => [key, { ...value, argument: key } as Value]);
  const { read } = asked;
  examined.clear();
  if (read(config) !== "accepted") return undefined;
  // What nothing looks at is not refused.
  const looked = new Set(examined);
  const keys = config.map(([key]) => key);
  soughtKeywords.clear();
  const unknown = refusalOf(read([...config, [unknownKeyword, { t: "unknown", argument: unknownKeyword }]]));
  const candidates = new Set([...asked.parameters, ...soughtKeywords]);
  for (const key of [unknownKeyword, ...keys]) candidates.delete(key);
  const accepts = unknown ? [...keys, ...accepted([...candidates], config, read)] : [];
  const missing: Record<string, MissingRule> = {};
  for (const key of keys) {
    if (!asked.needed.has(key) && !looked.has(key)) continue;
    const rest = config.filter(([name]) => name !== key);
    const refusal = refusalOf(read(rest));
    if (!refusal) continue;
    // Another argument may stand for it.
    const others = [...candidates].map((name) => [name, { t: "unknown", argument: name }] as const);
    const isAlways = others.length === 0 || refusalOf(read([...rest, ...others])) !== undefined;
    missing[key] = isAlways ? refusal : { ...refusal, unless: [...candidates] };
  }
  const values = keys.flatMap((key) => (looked.has(key) ? valueRules(key, config, asked) : []));
  for (const name of candidates) {
    const more: [string, Value][] = [...config, [name, { t: "unknown", argument: name }]];
    examined.clear();
    if (read(more) === "accepted" && examined.has(name)) values.push(...valueRules(name, more, asked));
  }
  if (!unknown && Object.keys(missing).length === 0 && values.length === 0) return undefined;
  return { accepts, ...(unknown ? { unknown } : {}), missing, values };
}

/** Which of some keywords are accepted, each by itself: of several it may not be decided which one is refused. */
function accepted(
  names: readonly string[],
  config: readonly (readonly [string, Value])[],
  read: ReadConfig,
): readonly string[] {
  return names.filter((name) => !refusalOf(read([...config, [name, { t: "unknown", argument: name }]])));
}

function refusalOf(outcome: ReturnType<ReadConfig>): Refusal | undefined {
  if (!(outcome instanceof PythonError) || outcome.uncertain) return undefined;
  // What depends on the backend is refused to some users only.
  if (/backend/i.test(outcome.text ?? "")) return undefined;
  const { type, text } = wrapping.test(outcome.text ?? "") && outcome.handled ? outcome.handled : outcome;
  if (/backend/i.test(text ?? "")) return undefined;
  return { exception: type, ...(text === undefined ? {} : { text }) };
}

/** What of one argument is refused; equal refusals of several forms are one rule. */
function valueRules(argument: string, config: Asked["config"], asked: Asked): ValueRule[] {
  const refusal = (value: Value) =>
    refusalOf(asked.read(config.map(([key, other]) => [key, key === argument ? value : other] as const)));
  const inherited = asked.inherited(argument);
  // That they reach the next constructor is tried with one value for each rule; which strings are taken may differ.
  const handedOn = inherited?.filter(({ strings }) => !strings) ?? [];
  const isWhole = handedOn.every((rule) => !rule.numbers && isSame(refusal(oneOf(rule)), rule.refusal));
  if (handedOn.length > 0 && isWhole) return [...handedOn, ...stringRules(argument, refusal)];
  const rules = new Map<string, { forms: ValueForm[]; numbers?: number[]; refusal: Refusal }>();
  for (const [form, values] of Object.entries(probes) as [Exclude<ValueForm, "string">, (a: string) => Value[]][]) {
    // What is deserialized is no list or dict any more when the constructor looks at it.
    if (asked.deserialized.has(argument) && (form === "dict" || form.includes("list"))) continue;
    const [first, ...others] = values(argument);
    comparedNumbers.clear();
    const refused = refusal(first as Value);
    if (!refused || !others.every((value) => isSame(refusal(value), refused))) continue;
    const numbers = [...comparedNumbers].filter((value) => !refusal({ t: "constant", value, argument }));
    const key = JSON.stringify([refused, numbers]);
    const rule = rules.get(key);
    if (rule) rule.forms.push(form);
    else rules.set(key, { forms: [form], ...(numbers.length > 0 ? { numbers } : {}), refusal: refused });
  }
  return [...[...rules.values()].map((rule) => ({ argument, ...rule })), ...stringRules(argument, refusal)];
}

/** Which strings are refused. */
function stringRules(argument: string, refusal: (value: Value) => Refusal | undefined): ValueRule[] {
  const unlike = { strings: new Set<string>(), caseless: false };
  const refused = refusal({ t: "text", unlike, argument });
  if (!refused) return [];
  const isAccepted = (value: string) => /^\*.*\*$/.test(value) || !refusal({ t: "constant", value, argument });
  const accepted = [...unlike.strings].filter(isAccepted).sort();
  return [{ argument, forms: ["string"], strings: { accepted, caseless: unlike.caseless }, refusal: refused }];
}

function isSame(a: Refusal | undefined, b: Refusal): boolean {
  return a?.exception === b.exception && a.text === b.text;
}

/** A value that a rule refuses, which is not about strings. */
function oneOf({ argument, forms }: ValueRule): Value {
  const [form] = forms as [Exclude<ValueForm, "string">];
  return probes[form](argument)[0] as Value;
}
