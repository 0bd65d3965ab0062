import type { ValueSyntax } from "../python/summary.ts";
import type { RegisterArguments, Resolved } from "./resolved.ts";

/** The packages that a registration can name; undefined where they are not known. */
export function packagesOf(given: RegisterArguments): string[] | undefined {
  return given.open ? undefined : strings(given.package, "Custom", "None");
}

/** The strings that an argument can be: `absent` where it is not given, `none` where it is None; undefined if unknown. */
export function strings(meanings: readonly Resolved[] | undefined, absent: string, none: string): string[] | undefined {
  if (!meanings) return [absent];
  const result: string[] = [];
  for (const meaning of meanings) {
    if (meaning.kind === "string") result.push(meaning.value);
    else if (meaning.kind === "none") result.push(none);
    else return undefined;
  }
  return [...new Set(result)];
}

/** The arguments of the calls that make up a value: `factory("a")(b)` is given both. */
export function givenTo(value: ValueSyntax): ValueSyntax[] {
  const result: ValueSyntax[] = [];
  let at = value;
  while (at.kind === "call" || at.kind === "attribute" || at.kind === "subscript") {
    if (at.kind === "call") result.push(...at.arguments.map((argument) => argument.value));
    at = at.kind === "call" ? at.callee : at.of;
  }
  return result;
}
