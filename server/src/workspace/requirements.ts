import type { NamedVersion } from "./kerasVersion.ts";
import { at, entries, items } from "./plainData.ts";

/**
 * Pins of Keras in the files that requirements and locks are written in. Each reader takes a text and answers what it
 * pins. None throws; what does not parse pins nothing.
 */
export interface Pin {
  /** The Keras that is meant: "3.8.0", or "3.8" for `==3.8.*`. */
  readonly version: string;
  /** The pin in words, as in "requirements.txt pins keras 3.8.0". */
  readonly says: string;
  /** Weaker pins count only where a file has none that is stronger: keras itself, then tf-keras, then TensorFlow. */
  readonly rank: 0 | 1 | 2;
}

/** A name as package indexes compare names (PEP 503). */
function normalName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}

/** The last releases of Keras 2 under its own name. */
const lastKeras2 = "2.15";

/** What an exact version of a distribution says of Keras: TensorFlow up to 2.15 holds the Keras 2 of its own number. */
function pinOf(distribution: string, version: string): Pin | undefined {
  const name = normalName(distribution);
  if (name === "keras") return { version, says: `keras ${version}`, rank: 0 };
  if (name === "tf-keras") return { version, says: `tf-keras ${version}`, rank: 1 };
  if (!/^tensorflow(?:-(?:cpu|gpu|intel|macos|rocm))?$/.test(name) || !/^2\.(?:\d|1[0-5])(?:\.|$)/.test(version))
    return undefined;
  return { version, says: `${name} ${version}, whose Keras is ${version.split(".", 2).join(".")}`, rank: 2 };
}

/** `keras<3` and `tensorflow<2.16` mean a Keras 2: the last one, since pip takes the newest that it may. */
function boundedPin(distribution: string, specifier: string): Pin | undefined {
  const name = normalName(distribution);
  const bound = name === "keras" ? /(?:^|,)\s*<\s*3(?:\.0)*\s*(?:,|$)/ : /(?:^|,)\s*<\s*2\.16(?:\.0)?\s*(?:,|$)/;
  if ((name !== "keras" && name !== "tensorflow") || !bound.test(specifier) || /==/.test(specifier)) return undefined;
  const said = `${name}${specifier.replace(/\s+/g, "")}`;
  return { version: lastKeras2, says: said, rank: name === "keras" ? 0 : 2 };
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

/** What a PEP 508 requirement pins: `keras[jax]==3.8.0; python_version > "3.9"`, `tensorflow==2.15.1`, `keras<3`. */
export function pinOfRequirement(requirement: string): Pin | undefined {
  const match = /^\s*([A-Za-z0-9][\w.-]*?)\s*(?:\[[^\]]*\])?\s*\(?\s*([=<>!~][^;()#]*)\)?\s*(?:;.*)?$/.exec(
    requirement.replace(/\s+/g, " "),
  );
  const [, name = "", specifier = ""] = match ?? [];
  const version = exactVersion(specifier.trim());
  return version === undefined ? boundedPin(name, specifier.trim()) : pinOf(name, version);
}

/** A pip requirements or constraints file; `includes` are the files it names by `-r` and `-c`. */
export function readRequirements(text: string): { pins: Pin[]; includes: string[] } {
  const pins: Pin[] = [];
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
export function readSetupCfg(text: string): Pin[] {
  return text.split(/\r?\n/).flatMap((line) => pinOfRequirement(line.replace(/^[\w.-]+\s*=(?!=)\s*/, "")) ?? []);
}

/** conda's `environment.yml`: `- keras=3.8.0`, `- conda-forge::keras==3.8.0`, and pip's lines below it. */
export function readCondaEnvironment(text: string): Pin[] {
  const pins: Pin[] = [];
  for (const line of text.split(/\r?\n/)) {
    const item = /^\s*-\s*["']?([^"'#]+?)["']?\s*(?:#.*)?$/.exec(line.replace(/\s+/g, " "))?.[1];
    if (item === undefined) continue;
    const requirement = item.slice(item.lastIndexOf(":") + 1);
    // conda: one `=` takes any version that begins so.
    const fuzzy = /^\s*([\w.-]+)\s*=\s*(\d+(?:\.\d+)*)(?:\.\*)?(?:=.*)?$/.exec(requirement);
    const pin = fuzzy?.[1] && fuzzy[2] ? pinOf(fuzzy[1], fuzzy[2]) : pinOfRequirement(requirement);
    if (pin !== undefined) pins.push(pin);
  }
  return pins;
}

/** `Pipfile.lock`: `{"default": {"keras": {"version": "==3.8.0"}}}`. */
export function readPipfileLock(text: string): Pin[] {
  let lock: unknown;
  try {
    lock = JSON.parse(text);
  } catch {
    return [];
  }
  return ["default", "develop"].flatMap((section) => {
    return entries(at(lock, section)).flatMap(([name, locked]) => {
      const specifier = at(locked, "version");
      const version = typeof specifier === "string" ? exactVersion(specifier) : undefined;
      return version === undefined ? [] : listed(pinOf(name, version));
    });
  });
}

/** `poetry.lock`, `uv.lock`, `pdm.lock` (`[[package]]`) and `pylock.toml` (`[[packages]]`), parsed. */
export function readTomlLock(lock: unknown): Pin[] {
  return [...items(at(lock, "package")), ...items(at(lock, "packages"))].flatMap((one) => {
    const name = at(one, "name");
    const version = at(one, "version");
    return typeof name === "string" && typeof version === "string" ? listed(pinOf(name, version)) : [];
  });
}

/** `pyproject.toml`, parsed: PEP 621, PEP 735, and the tables of poetry, pdm, uv and hatch. */
export function readPyproject(project: unknown): Pin[] {
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
      pins.push(...items(Array.isArray(wanted) ? wanted : [wanted]).flatMap((one) => poetryPin(name, one)));
    }
  }
  return pins;
}

/** poetry takes a bare version as an exact one, and `3.8.*` as any patch. */
function poetryPin(name: string, wanted: unknown): Pin[] {
  const version = typeof wanted === "string" ? wanted : at(wanted, "version");
  if (typeof version !== "string") return [];
  const pin = exactVersion(/^\s*\d/.test(version) ? `==${version.trim()}` : version);
  return pin === undefined ? listed(boundedPin(name, version)) : listed(pinOf(name, pin));
}

/** The pin of one file, in words. Of several different ones (extras, markers) the first counts, and the others are named. */
export function namedPin(file: string, pins: readonly Pin[]): NamedVersion | undefined {
  const strongest = Math.min(...pins.map((pin) => pin.rank));
  const [first, ...rest] = pins.filter((pin) => pin.rank === strongest);
  if (!first) return undefined;
  const others = [...new Set(rest.map((pin) => pin.version))].filter((version) => version !== first.version);
  const more = others.length > 0 ? ` (and ${others.join(", ")})` : "";
  return { version: first.version, from: `${file} pins ${first.says}${more}` };
}

function listed(pin: Pin | undefined): Pin[] {
  return pin ? [pin] : [];
}

function values(value: unknown): unknown[] {
  return entries(value).map(([, one]) => one);
}
