import { formLetters } from "./formLetters.ts";
import type { ConstructorRules, MissingRule, Refusal, ValueForm, ValueRule } from "./keras.ts";

/** What `server/tools/catalogue/encodeRules.ts` writes; refusals are numbers of `r`. */
interface Written {
  readonly a?: string;
  readonly u?: number;
  readonly m?: readonly (readonly [name: string, refusal: number, unless?: string])[];
  /** `accepted`: numbers, or for the form of strings strings. */
  readonly v?: readonly (readonly [
    argument: string,
    forms: string,
    refusal: number,
    accepted?: readonly (string | number)[],
    caseless?: 1,
  ])[];
  readonly r: readonly (readonly [exception: string, text?: string])[];
}

const formOfLetter = new Map(Object.entries(formLetters).map(([form, letter]) => [letter, form as ValueForm]));

/** The rules of a constructor, out of the fact that holds them. */
export function decodeRules(fact: string): ConstructorRules {
  const { a, u, m = [], v = [], r } = JSON.parse(fact) as Written;
  const refusals = r.map(([exception, text]): Refusal => (text === undefined ? { exception } : { exception, text }));
  const refusal = (number: number): Refusal => refusals[number] as Refusal;
  const missing = m.map(([name, number, unless]): [string, MissingRule] => {
    return [name, unless === undefined ? refusal(number) : { ...refusal(number), unless: unless.split(" ") }];
  });
  return {
    accepts: a === undefined ? [] : a.split(" "),
    ...(u === undefined ? {} : { unknown: refusal(u) }),
    missing: Object.fromEntries(missing),
    values: v.map(([argument, letters, number, accepted, caseless]): ValueRule => {
      const forms = [...letters].flatMap((letter) => formOfLetter.get(letter) ?? []);
      const rule = { argument, forms, refusal: refusal(number) };
      if (accepted === undefined) return rule;
      if (letters !== formLetters.string) return { ...rule, numbers: accepted as readonly number[] };
      return { ...rule, strings: { accepted: accepted as readonly string[], caseless: caseless === 1 } };
    }),
  };
}
