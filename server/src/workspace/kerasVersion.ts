import { compareVersions } from "../deserialize/behaviour.ts";
import type { KerasTarget } from "./report.ts";

/** A version that some source names, and the source in words: "requirements.txt pins keras==3.8.0". */
export interface NamedVersion {
  /** "3.8.0", or a prefix such as "3.8" that stands for its newest patch. */
  readonly version: string;
  readonly from: string;
}

/** Everything that may name the version, from the strongest to the weakest; each may be absent. */
export interface VersionSources {
  /** What `--keras` said, one or several; already checked by `isVersion`. */
  readonly flags: readonly string[];
  /** What the user's settings say, one or several; already checked by `isVersion`. */
  readonly settings?: readonly string[];
  readonly environment?: NamedVersion | undefined;
  readonly pin?: NamedVersion | undefined;
  /** The version that wrote the config. */
  readonly own?: NamedVersion | undefined;
}

/** Whether it reads as a release, or as the first parts of one: "3", "3.8", "3.8.0", "3.16.0.dev0", "3.9.0rc1". */
export function isVersion(text: string): boolean {
  return /^\d{1,4}(?:\.\d{1,6}){0,3}(?:\.?(?:a|b|rc|dev|post)\d*)?$/.test(text);
}

/**
 * The Keras versions a document is checked for, and why those; never empty. `known` are the releases of the catalogue,
 * ascending. A version of a major that is not known is returned as it was named: of it, nothing can be known.
 */
export function selectKerasTargets(sources: VersionSources, known: readonly string[]): readonly KerasTarget[] {
  const newest = known.at(-1) ?? "3.0.0";
  if (sources.flags.length > 0) return eachOnce(sources.flags, "--keras", known);
  if (sources.settings && sources.settings.length > 0) return eachOnce(sources.settings, "the settings", known);
  for (const named of [sources.environment, sources.pin, sources.own]) {
    // The Keras inside TensorFlow 2 wrote versions such as "2.2.4-tf".
    if (named && isVersion(named.version.replace(/-tf$/, ""))) return [target(named, known)];
  }
  return [{ version: newest, from: "the newest known" }];
}

function eachOnce(versions: readonly string[], from: string, known: readonly string[]): KerasTarget[] {
  const targets = versions.map((version) => target({ version, from }, known));
  return targets.filter((one, i) => targets.findIndex((other) => other.version === one.version) === i);
}

function target(named: NamedVersion, known: readonly string[]): KerasTarget {
  const { version, note } = nearestKnown(named.version, known);
  return { version, from: note === "" ? named.from : `${named.from}, ${note}` };
}

/**
 * The release to take for a version: itself, the newest patch of a prefix, or else the nearest known of the same major
 * version, the older one where two are as near. `note` says what was done, "" where nothing was. Of Keras 2, releases
 * before 2.13 have no near one.
 */
export function nearestKnown(version: string, known: readonly string[]): { version: string; note: string } {
  const release = /^\d+(?:\.\d+){0,2}/.exec(version)?.[0] ?? version;
  if (known.includes(release)) return { version: release, note: release === version ? "" : `taken for ${version}` };
  const patches = known.filter((one) => one.startsWith(`${release}.`));
  const newestPatch = patches.at(-1);
  if (newestPatch !== undefined) return { version: newestPatch, note: `the newest known ${release}` };
  const major = release.split(".")[0] ?? "";
  // Before 2.13 Keras 2 read all files by another format: nothing nearer than that is known of it.
  if (major === "2" && release !== "2" && compareVersions(release, "2.13") < 0) return { version, note: "" };
  const sameMajor = known.filter((one) => one.startsWith(`${major}.`));
  const older = sameMajor.filter((one) => compareVersions(one, release) < 0).at(-1);
  const nearest = older ?? sameMajor[0];
  if (nearest !== undefined) return { version: nearest, note: `the nearest known to ${version}` };
  return { version, note: "" };
}
