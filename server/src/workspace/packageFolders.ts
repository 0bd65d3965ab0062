import { parse } from "smol-toml";
import { at, entries, items } from "./plainData.ts";
import { dictEntries, literalAt } from "./pythonLiterals.ts";

/**
 * Where a project says that its packages are: what packagers call the package directory. Each reader takes a text and
 * answers paths from the project's folder; none throws, and what does not parse says nothing.
 */

/** A folder from which dotted names count. */
export interface PackageFolder {
  /** From the project's folder, with `/`; "." or "" is that folder itself. */
  readonly path: string;
  /** The package that the folder itself is; "" where it holds packages. */
  readonly prefix: string;
}

/** No project names more. */
const MOST_FOLDERS = 1_000;

/** `pyproject.toml`: the tables of setuptools, poetry, hatch, pdm, uv, flit's default, maturin and scikit-build-core. */
export function pyprojectFolders(text: string): PackageFolder[] {
  const tool = at(parsed(text), "tool");
  const wheel = at(tool, "hatch", "build", "targets", "wheel");
  const found = [
    ...directories(at(tool, "setuptools", "package-dir")),
    ...strings(at(tool, "setuptools", "packages", "find", "where")).map(holding),
    ...items(at(tool, "poetry", "packages")).flatMap((one) => {
      const from = at(one, "from");
      const to = at(one, "to");
      const include = at(one, "include");
      if (typeof from === "string" && typeof to !== "string") return [holding(from)];
      // What is put elsewhere is named by that: `{include = "layers", to = "my_package"}`.
      if (typeof to !== "string" || typeof include !== "string") return [];
      return [{ path: typeof from === "string" ? from : "", prefix: dotted(to) }];
    }),
    ...strings(at(wheel, "packages")).map((path) => holding(parentOf(path))),
    ...sources(at(wheel, "sources")),
    ...sources(at(tool, "hatch", "build", "sources")),
    ...strings(at(tool, "hatch", "build", "dev-mode-dirs")).map(holding),
    ...strings(at(tool, "pdm", "build", "package-dir")).map(holding),
    ...strings(at(tool, "uv", "build-backend", "module-root")).map(holding),
    ...strings(at(tool, "maturin", "python-source")).map(holding),
    ...strings(at(tool, "scikit-build", "wheel", "packages")).map((path) => holding(parentOf(path))),
  ];
  return found.slice(0, MOST_FOLDERS);
}

/** `pyproject.toml`: the `extraPaths` of Pyright's table, or of basedpyright's. */
export function pyprojectExtraPaths(text: string): string[] {
  const tool = at(parsed(text), "tool");
  return ["pyright", "basedpyright"].flatMap((name) => strings(at(tool, name, "extraPaths"))).slice(0, MOST_FOLDERS);
}

/** `setup.cfg`: `package_dir` of `[options]` and `where` of `[options.packages.find]`. */
export function setupCfgFolders(text: string): PackageFolder[] {
  const options = iniOptions(text);
  const folders = (options.get("options/package_dir") ?? options.get("options/package-dir") ?? "")
    .split(/[\n,]/)
    .flatMap((line) => {
      const [name = "", path] = line.split("=", 2).map((part) => part.trim());
      return path === undefined ? [] : [{ path, prefix: name }];
    });
  const where = options.get("options.packages.find/where") ?? "";
  const found = [...folders, ...where.split(/[\n,]/).flatMap((line) => (line.trim() ? holding(line.trim()) : []))];
  return found.slice(0, MOST_FOLDERS);
}

/** `setup.py`: the literals of `package_dir={"": "lib"}` and of `find_packages(where="lib")`; it is not run. */
export function setupPyFolders(text: string): PackageFolder[] {
  const found: PackageFolder[] = [];
  for (const match of text.matchAll(/\bpackage_dir\s*=\s*(?=\{)/g))
    found.push(...directories(Object.fromEntries(dictEntries(literalAt(text, match)))));
  for (const match of text.matchAll(/\bfind_(?:namespace_)?packages\s*\(\s*(?:where\s*=\s*)?(?=["'])/g))
    found.push(...strings(literalAt(text, match)).map(holding));
  return found.slice(0, MOST_FOLDERS);
}

function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

function holding(path: string): PackageFolder {
  return { path, prefix: "" };
}

/** A table of packages and their folders, as setuptools has it: `{"" = "lib", "mine" = "source/code"}`. */
function directories(table: unknown): PackageFolder[] {
  return entries(table).flatMap(([prefix, path]) => (typeof path === "string" ? [{ path, prefix }] : []));
}

/** hatch's `sources`: folders that are left out of the names, or a table of folders and what stands in their place. */
function sources(value: unknown): PackageFolder[] {
  if (Array.isArray(value)) return strings(value).map(holding);
  return entries(value).flatMap(([path, name]) => (typeof name === "string" ? [{ path, prefix: dotted(name) }] : []));
}

/** The options of an INI file as configparser reads it: "section/option" → its lines. */
function iniOptions(text: string): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  let section = "";
  let key: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(?:[#;]|$)/.test(line)) continue;
    const header = /^\[([^\]]+)\]/.exec(line)?.[1];
    const option = /^([^\s=:][^=:]*?)\s*[=:]\s*(.*)$/.exec(line);
    if (header !== undefined) {
      section = header.trim();
      key = undefined;
    } else if (/^\s/.test(line) && key !== undefined) options.set(key, `${options.get(key)}\n${line.trim()}`);
    else if (option) {
      key = `${section}/${option[1]?.toLowerCase()}`;
      options.set(key, option[2] ?? "");
    }
  }
  return options;
}

function parentOf(path: string): string {
  const plain = path.replace(/\/+$/, "");
  return plain.includes("/") ? plain.slice(0, plain.lastIndexOf("/")) : "";
}

function dotted(path: string): string {
  return path.split("/").filter(Boolean).join(".");
}

/** The strings of a list, or the one string. */
function strings(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === "string");
}
