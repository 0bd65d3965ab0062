import { compareVersions } from "../deserialize/behaviour.ts";
import type { FileReport } from "./report.ts";

/** What comes of a load in one version: Keras finds everything, it raises something, or that cannot be known. */
export type Verdict = "found" | "fails" | "unknown";

/**
 * Versions as one reads them, among those that were checked: "3.8.0", "up to 3.8.0", "from 3.9.2 on",
 * "3.0.5 and 3.9.2 to 3.11.3".
 */
export function versionRanges(versions: readonly string[], checked: readonly string[]): string {
  const ascending = [...new Set(checked)].sort(compareVersions);
  const last = ascending.length - 1;
  const wanted = new Set(versions);
  const words: string[] = [];
  for (let first = 0; first <= last; first++) {
    if (!wanted.has(ascending[first] as string)) continue;
    let end = first;
    while (end < last && wanted.has(ascending[end + 1] as string)) end++;
    const [from, to] = [ascending[first] as string, ascending[end] as string];
    const isWhole = first === 0 && end === last;
    if (first === end) words.push(from);
    else if (first === 0 && !isWhole) words.push(`up to ${to}`);
    else if (end === last && !isWhole) words.push(`from ${from} on`);
    else if (end === first + 1) words.push(from, to);
    else words.push(`${from} to ${to}`);
    first = end;
  }
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** The verdict of each version that a file was checked for, in their order. */
export function verdictsOf({ keras, problems, unknown }: FileReport): ReadonlyMap<string, Verdict> {
  const fails = new Set(problems.filter(({ outcome }) => outcome !== undefined).flatMap(({ versions }) => versions));
  const open = new Set(unknown.flatMap(({ versions }) => versions));
  return new Map(
    keras.map(({ version }) => [version, fails.has(version) ? "fails" : open.has(version) ? "unknown" : "found"]),
  );
}

const words: Readonly<Record<Verdict, string>> = {
  found: "all found",
  fails: "fails",
  unknown: "cannot be known",
};

/** One line that says which versions load a file: "Keras up to 3.8.0: all found; from 3.9.2 on: fails". */
export function verdictLine(report: FileReport): string {
  const verdicts = verdictsOf(report);
  const parts = (["found", "fails", "unknown"] as const).flatMap((verdict) => {
    const versions = [...verdicts.keys()].filter((version) => verdicts.get(version) === verdict);
    return versions.length > 0 ? `${versionRanges(versions, [...verdicts.keys()])}: ${words[verdict]}` : [];
  });
  return `Keras ${parts.join("; ")}`;
}

/** "Keras from 3.9.2 on; found by Keras up to 3.8.0": in which of several versions something holds. */
export function versionWords(
  { versions, foundIn = [] }: { readonly versions: readonly string[]; readonly foundIn?: readonly string[] },
  { keras }: FileReport,
): string {
  const checked = keras.map(({ version }) => version);
  const found = foundIn.length > 0 ? `; found by Keras ${versionRanges(foundIn, checked)}` : "";
  return `Keras ${versionRanges(versions, checked)}${found}`;
}

/** `versionWords` of what does not hold in every version that a file was checked for, else undefined. */
export function exceptionalVersions(
  said: { readonly versions: readonly string[]; readonly foundIn?: readonly string[] },
  report: FileReport,
): string | undefined {
  return report.keras.every(({ version }) => said.versions.includes(version)) ? undefined : versionWords(said, report);
}
