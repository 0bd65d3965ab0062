import type { NamedVersion } from "./kerasVersion.ts";
import { at, entries, items } from "./plainData.ts";

/**
 * Exact pins of Keras in the files that requirements and locks are written in. Each reader takes a text and answers the
 * versions it pins: "3.8.0", or "3.8" for `==3.8.*`. None throws; what does not parse pins nothing.
 */

/** Whether a name is `keras` as package indexes compare names (PEP 503). */
function isKeras(name: string): boolean {
  return name.toLowerCase().replace(/[-_.]+/g, "-") === "keras";
}

/** The version that a PEP 440 specifier pins, or undefined: `==3.8` is 3.8.0 and nothing else, `==3.8.*` any patch. */
export function exactVersion(specifier: string): string | undefined {
  const match = /^\s*={2,3}\s*v?(\d+(?:\.\d+)*)(\.\*)?([\w.+!-]*)\s*$/.exec(specifier);
  if (!match) return undefined;
  const [, digits = "", star, suffix = ""] = match;
  if (star !== undefined) return suffix === "" ? digits : undefined;
  return padded(digits) + (/^\.?(?:a|b|rc|dev|post)\d*/.exec(suffix)?.[0] ?? "");
}

function padded(digits: string): string {
  const parts = digits.split(".");
  while (parts.length < 3) parts.push("0");
  return parts.slice(0, 3).join(".");
}

/** What a PEP 508 requirement pins of Keras: `keras[jax]==3.8.0; python_version > "3.9"`. */
export function pinOfRequirement(requirement: string): string | undefined {
  const match = /^\s*([A-Za-z0-9][\w.-]*?)\s*(?:\[[^\]]*\])?\s*\(?\s*(={2,3}[^;,()#]*)\)?\s*(?:;.*)?$/.exec(
    requirement.replace(/\s+/g, " "),
  );
  if (!match || !isKeras(match[1] ?? "")) return undefined;
  return exactVersion((match[2] ?? "").trim());
}

/** A pip requirements or constraints file; `includes` are the files it names by `-r` and `-c`. */
export function readRequirements(text: string): { pins: string[]; includes: string[] } {
  const pins: string[] = [];
  const includes: string[] = [];
  for (const line of text.replace(/\\\r?\n/g, " ").split(/\r?\n/)) {
    const bare = line
      .replace(/(?:^|\s)#.*$/, "")
      .replace(/\s--(?:hash|config-settings|global-option)[= ].*$/, "")
      .trim();
    const include = /^(?:-r|-c|--requirement|--constraint)[\s=]*(\S+)$/.exec(bare);
    if (include?.[1]) includes.push(include[1]);
    const pin = pinOfRequirement(bare);
    if (pin !== undefined) pins.push(pin);
  }
  return { pins, includes };
}

/** `setup.cfg`: every option is read as a list of requirements, which no other option looks like. */
export function readSetupCfg(text: string): string[] {
  return text.split(/\r?\n/).flatMap((line) => pinOfRequirement(line.replace(/^[\w.-]+\s*=(?!=)\s*/, "")) ?? []);
}

/** conda's `environment.yml`: `- keras=3.8.0`, `- conda-forge::keras==3.8.0`, and pip's lines below it. */
export function readCondaEnvironment(text: string): string[] {
  const pins: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const item = /^\s*-\s*["']?([^"'#]+?)["']?\s*(?:#.*)?$/.exec(line.replace(/\s+/g, " "))?.[1];
    if (item === undefined) continue;
    const requirement = item.slice(item.lastIndexOf(":") + 1);
    // conda: one `=` takes any version that begins so.
    const fuzzy = /^\s*keras\s*=\s*(\d+(?:\.\d+)*)(?:\.\*)?(?:=.*)?$/i.exec(requirement)?.[1];
    const pin = fuzzy ?? pinOfRequirement(requirement);
    if (pin !== undefined) pins.push(pin);
  }
  return pins;
}

/** `Pipfile.lock`: `{"default": {"keras": {"version": "==3.8.0"}}}`. */
export function readPipfileLock(text: string): string[] {
  let lock: unknown;
  try {
    lock = JSON.parse(text);
  } catch {
    return [];
  }
  return ["default", "develop"].flatMap((section) => {
    const version = at(lock, section, "keras", "version");
    return typeof version === "string" ? (exactVersion(version) ?? []) : [];
  });
}

/** `poetry.lock`, `uv.lock`, `pdm.lock` (`[[package]]`) and `pylock.toml` (`[[packages]]`), parsed. */
export function readTomlLock(lock: unknown): string[] {
  return [...items(at(lock, "package")), ...items(at(lock, "packages"))].flatMap((one) => {
    const name = at(one, "name");
    const version = at(one, "version");
    return typeof name === "string" && isKeras(name) && typeof version === "string" ? [version] : [];
  });
}

/** `pyproject.toml`, parsed: PEP 621, PEP 735, and the tables of poetry, pdm, uv and hatch. */
export function readPyproject(project: unknown): string[] {
  const lists = [
    at(project, "project", "dependencies"),
    ...values(at(project, "project", "optional-dependencies")),
    ...values(at(project, "dependency-groups")),
    ...values(at(project, "tool", "pdm", "dev-dependencies")),
    at(project, "tool", "uv", "dev-dependencies"),
    at(project, "tool", "uv", "constraint-dependencies"),
    at(project, "tool", "uv", "override-dependencies"),
    ...values(at(project, "tool", "hatch", "envs")).map((environment) => at(environment, "dependencies")),
  ];
  const pins = lists.flatMap(items).flatMap((one) => (typeof one === "string" ? (pinOfRequirement(one) ?? []) : []));
  const poetry = at(project, "tool", "poetry");
  const tables = [
    at(poetry, "dependencies"),
    at(poetry, "dev-dependencies"),
    ...values(at(poetry, "group")).map((group) => at(group, "dependencies")),
  ];
  for (const table of tables) {
    for (const [name, wanted] of entries(table)) {
      if (isKeras(name)) pins.push(...items(Array.isArray(wanted) ? wanted : [wanted]).flatMap(poetryPin));
    }
  }
  return pins;
}

/** poetry takes a bare version as an exact one, and `3.8.*` as any patch. */
function poetryPin(wanted: unknown): string[] {
  const version = typeof wanted === "string" ? wanted : at(wanted, "version");
  if (typeof version !== "string") return [];
  const pin = exactVersion(/^\s*\d/.test(version) ? `==${version.trim()}` : version);
  return pin === undefined ? [] : [pin];
}

/** The pin of one file, in words. Of several different ones (extras, markers) the first counts, and the others are named. */
export function namedPin(file: string, pins: readonly string[]): NamedVersion | undefined {
  const [version] = pins;
  if (version === undefined) return undefined;
  const others = [...new Set(pins)].slice(1);
  const more = others.length > 0 ? ` (and ${others.join(", ")})` : "";
  return { version, from: `${file} pins keras ${version}${more}` };
}

function values(value: unknown): unknown[] {
  return entries(value).map(([, one]) => one);
}
