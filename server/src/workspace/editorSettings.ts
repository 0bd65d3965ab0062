import { loaders } from "../deserialize/load.ts";
import type { RuleCode, Severity } from "../rules/rule.ts";
import { ruleTable } from "../rules/table.ts";
import { globToRegExp } from "./globs.ts";
import { isVersion } from "./kerasVersion.ts";
import { readObjectPath, type StatedCall, type StatedObject } from "./statedCall.ts";

/** What a user says in an editor, of one document's folder. The manifest of the extension describes each. */
export interface EditorSettings {
  /** The Keras releases, or the first parts of them; empty where it is found out. */
  readonly kerasVersions: readonly string[];
  /** What is said of the call that loads the configs; undefined where nothing is. */
  readonly call: StatedCall | undefined;
  /** What differs from the rules' own severities. */
  readonly severity: ReadonlyMap<RuleCode, Severity | "off">;
  /** Whether nothing is reported of a registered name or class name. */
  isIgnoredName(name: string): boolean;
  /** Whether nothing is reported of a file, by its path from the workspace folder. */
  isIgnoredFile(path: string): boolean;
  /** What is shown behind the class names of layers. */
  readonly inlayHints: { readonly shapes: boolean; readonly parameters: boolean };
  /** Nothing outside the workspace registers names. */
  readonly closedWorkspace: boolean;
  /** A Python environment's folder or its executable, as written; undefined where it is found out. */
  readonly environment: string | undefined;
  /** The folders that `python.analysis.extraPaths` adds, as written. */
  readonly extraPaths: readonly string[];
  /** What was said and means nothing, one sentence each. */
  readonly complaints: readonly string[];
}

/** How many names, globs and severities are read of a setting. */
const MOST_ENTRIES = 10_000;
const severities: readonly unknown[] = ["error", "warning", "information", "hint", "off"];

/**
 * Reads the section `kerasConfig` of an editor's settings, and `python.analysis` beside it, whatever they hold; what means
 * nothing is complained of.
 */
export function readSettings(section: unknown, pythonAnalysis?: unknown): EditorSettings {
  const complaints: string[] = [];
  const kerasVersions = versionsOf(member(section, "kerasVersion"), complaints);
  const names = strings(section, "ignoredNames", complaints).map(nameToRegExp);
  const files = strings(section, "ignoredFiles", complaints).flatMap((glob) => {
    const pattern = globToRegExp(glob);
    if (!pattern) complaints.push(`kerasConfig.ignoredFiles: \`${glob}\` is no glob`);
    return pattern ?? [];
  });
  const environment = member(section, "python.environment") ?? member(member(section, "python"), "environment");
  const extraPaths = member(pythonAnalysis, "extraPaths");
  if (environment !== undefined && environment !== null && typeof environment !== "string")
    complaints.push("kerasConfig.python.environment takes the path of an environment or of its Python");
  return {
    kerasVersions,
    call: callOf(section, complaints),
    severity: severityOf(member(section, "severity"), complaints),
    isIgnoredName: (name) => names.some((pattern) => pattern.test(name)),
    isIgnoredFile: (path) => files.some((pattern) => pattern.test(path)),
    inlayHints: { shapes: isOn(section, "shapes"), parameters: isOn(section, "parameters") },
    closedWorkspace: member(section, "closedWorkspace") === true,
    environment: typeof environment === "string" && environment.trim() !== "" ? environment.trim() : undefined,
    // The setting is another extension's, which complains of it itself.
    extraPaths: Array.isArray(extraPaths)
      ? extraPaths.filter((path) => typeof path === "string").slice(0, MOST_ENTRIES)
      : [],
    complaints,
  };
}

/** Whether hints of a kind are shown: they are unless they are switched off. */
function isOn(section: unknown, kind: string): boolean {
  return (member(section, `inlayHints.${kind}`) ?? member(member(section, "inlayHints"), kind)) !== false;
}

/** One version, several apart by commas, or a list. */
function versionsOf(value: unknown, complaints: string[]): readonly string[] {
  const listed = Array.isArray(value) ? value.slice(0, MOST_ENTRIES) : [value];
  const named = listed
    .filter((one) => typeof one === "string")
    .flatMap((one) => one.split(","))
    .map((one) => one.trim())
    .filter((one) => one !== "");
  for (const one of named.filter((version) => !isVersion(version)))
    complaints.push(`kerasConfig.kerasVersion takes versions such as 3.8 or 3.12.4, not \`${one}\``);
  return named.filter(isVersion);
}

function callOf(section: unknown, complaints: string[]): StatedCall | undefined {
  const loader = member(section, "loader") ?? "";
  const known = loaders.find((one) => one === loader);
  if (loader !== "" && !known)
    complaints.push(`kerasConfig.loader takes ${loaders.join(", ")}, not \`${String(loader)}\``);
  const safeMode = member(section, "safeMode") !== false;
  const customObjects = objectsOf(member(section, "customObjects"), complaints);
  if (!known && safeMode && !customObjects) return undefined;
  return { loader: known, safeMode, customObjects, from: "the settings" };
}

/** The keys of `custom_objects` with what they hold; undefined where there are none. */
function objectsOf(value: unknown, complaints: string[]): readonly StatedObject[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "object" || Array.isArray(value)) {
    complaints.push("kerasConfig.customObjects takes an object of keys and what they hold");
    return undefined;
  }
  const objects = Object.entries(value)
    .slice(0, MOST_ENTRIES)
    .flatMap(([key, path]) => {
      const object = typeof path === "string" ? readObjectPath(path.trim()) : undefined;
      if (!object)
        complaints.push(
          `kerasConfig.customObjects: \`${key}\` takes a class or function such as my_package.layers.Scale`,
        );
      return object ? { key, ...object } : [];
    });
  return objects.length > 0 ? objects : undefined;
}

function severityOf(value: unknown, complaints: string[]): ReadonlyMap<RuleCode, Severity | "off"> {
  const result = new Map<RuleCode, Severity | "off">();
  if (typeof value !== "object" || value === null) return result;
  for (const [code, severity] of Object.entries(value).slice(0, MOST_ENTRIES)) {
    const rule = ruleTable.get(code as RuleCode);
    if (!rule) complaints.push(`kerasConfig.severity: there is no rule \`${code}\``);
    else if (!severities.includes(severity))
      complaints.push(`kerasConfig.severity: \`${code}\` takes error, warning, information, hint or off`);
    else result.set(rule.code, severity as Severity | "off");
  }
  return result;
}

function strings(section: unknown, key: string, complaints: string[]): string[] {
  const value = member(section, key);
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    complaints.push(`kerasConfig.${key} takes a list of strings`);
    return [];
  }
  return value.filter((one) => typeof one === "string" && one !== "").slice(0, MOST_ENTRIES);
}

/** `*` stands for any characters; everything else for itself. */
function nameToRegExp(pattern: string): RegExp {
  const source = pattern
    .split(/\*+/)
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"))
    .join(".*");
  return new RegExp(`^${source}$`, "s");
}

function member(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
