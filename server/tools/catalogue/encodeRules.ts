import { formLetters } from "../../src/catalogue/formLetters.ts";
import type { ConstructorRules, Refusal } from "../../src/catalogue/keras.ts";

/** The rules of a constructor as one fact, which `server/src/catalogue/decodeRules.ts` reads. */
export function encodeRules({ accepts, unknown, missing, values }: ConstructorRules): string {
  const refusals: Refusal[] = [];
  const numberOf = ({ exception, text }: Refusal): number => {
    const known = refusals.findIndex((other) => other.exception === exception && other.text === text);
    return known >= 0 ? known : refusals.push({ exception, ...(text === undefined ? {} : { text }) }) - 1;
  };
  const needed = Object.entries(missing).map(([name, rule]) => [
    name,
    numberOf(rule),
    ...(rule.unless ? [rule.unless.join(" ")] : []),
  ]);
  const refused = values.map(({ argument, forms, numbers, strings, refusal }) => [
    argument,
    forms.map((form) => formLetters[form]).join(""),
    numberOf(refusal),
    ...(numbers ? [numbers] : []),
    ...(strings ? [strings.accepted, ...(strings.caseless ? [1] : [])] : []),
  ]);
  return JSON.stringify({
    ...(accepts.length > 0 ? { a: accepts.join(" ") } : {}),
    ...(unknown ? { u: numberOf(unknown) } : {}),
    ...(needed.length > 0 ? { m: needed } : {}),
    ...(refused.length > 0 ? { v: refused } : {}),
    r: refusals.map(({ exception, text }) => (text === undefined ? [exception] : [exception, text])),
  });
}
