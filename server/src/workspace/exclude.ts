import ignore, { type Ignore } from "ignore";
import { globToRegExp } from "./globs.ts";
import { type Host, readText } from "./host.ts";
import { settingsOf } from "./settings.ts";
import { joinUri, parentUri, relativePath } from "./uri.ts";

/** Folders that hold no source of the user's own, by name. */
const neverSource: ReadonlySet<string> = new Set([
  ".git",
  ".hg",
  ".svn",
  ".bzr",
  "node_modules",
  "bower_components",
  "__pycache__",
  "__pypackages__",
  "site-packages",
  "dist-packages",
  ".tox",
  ".nox",
  ".eggs",
  ".cache",
  ".mypy_cache",
  ".pytest_cache",
  ".ruff_cache",
  ".pytype",
  ".hypothesis",
  ".ipynb_checkpoints",
  ".idea",
  ".vscode",
  ".vscode-test",
  ".gradle",
  ".terraform",
]);

/** What a build leaves behind, but only beside the file that describes the build: elsewhere `build` is a package like any other. */
const buildOutput: ReadonlySet<string> = new Set(["build", "dist", "out", "target"]);
const buildFiles: ReadonlySet<string> = new Set([
  "pyproject.toml",
  "setup.py",
  "setup.cfg",
  "package.json",
  "CMakeLists.txt",
  "Cargo.toml",
]);

/** The rules that hold for the entries of one folder. */
export interface FolderRules {
  readonly folder: string;
  /** From the outermost `.gitignore` to the innermost. */
  readonly ignores: readonly { readonly base: string; readonly rules: Ignore }[];
  /** `files.exclude`, relative to its workspace folder. */
  readonly settings: { readonly base: string; readonly patterns: readonly RegExp[] } | undefined;
  readonly builds: boolean;
}

const GITIGNORE_BYTES = 1_000_000;

/**
 * Why an entry of a folder is passed over: the name of a rule, undefined where it is read. The only place that decides
 * this. It looks at names alone; a virtual environment shows in its entries (`isEnvironment`).
 */
export function excludedBy(rules: FolderRules, name: string, isFolder: boolean): string | undefined {
  if (isFolder) {
    if (neverSource.has(name) || name.endsWith(".egg-info") || name.endsWith(".dist-info")) return "by default";
    if (rules.builds && buildOutput.has(name)) return "as build output";
  }
  const uri = joinUri(rules.folder, name);
  // git asks the innermost file first, and the first one with an opinion decides.
  for (let i = rules.ignores.length - 1; i >= 0; i--) {
    const { base, rules: ignored } = rules.ignores[i]!;
    const path = relativePath(base, uri);
    if (!path || !ignore.isPathValid(path)) continue;
    const verdict = ignored.test(isFolder ? `${path}/` : path);
    if (verdict.unignored) break;
    if (verdict.ignored) return "by .gitignore";
  }
  if (rules.settings) {
    const path = relativePath(rules.settings.base, uri);
    if (path && rules.settings.patterns.some((pattern) => pattern.test(path))) return "by files.exclude";
  }
  return undefined;
}

/** Whether a folder with these entries is a virtual environment or a conda one. */
export function isEnvironment(entries: ReadonlySet<string>): boolean {
  return entries.has("pyvenv.cfg") || entries.has("conda-meta");
}

/** The rules at a root: nothing of what stands above it, since it was named. */
export async function rootRules(host: Host, root: string): Promise<FolderRules> {
  const { filesExclude } = await settingsOf(host, root);
  const patterns = filesExclude.map(globToRegExp).filter((pattern) => pattern !== undefined);
  const settings = patterns.length > 0 ? { base: root, patterns } : undefined;
  return { folder: parentUri(root), ignores: [], settings, builds: false };
}

/** The rules for the entries of `folder`, which lies in the folder that `above` speaks of (or is the root itself). */
export async function rulesWithin(
  host: Host,
  above: FolderRules,
  folder: string,
  entries: ReadonlySet<string>,
): Promise<FolderRules> {
  let ignores = above.ignores;
  if (entries.has(".gitignore")) {
    const uri = joinUri(folder, ".gitignore");
    const read = await readText(host, uri, "python", GITIGNORE_BYTES);
    if (read.ok) ignores = [...ignores, { base: folder, rules: ignore({ ignorecase: false }).add(read.value.text) }];
    else host.log("warning", `${uri}: not read (${read.detail})`);
  }
  let builds = false;
  for (const name of buildFiles) builds ||= entries.has(name);
  return { folder, ignores, settings: above.settings, builds };
}

/**
 * The rules for a folder that was named and lies below a workspace: what the workspace's own rules say of its entries.
 * A `.gitignore` that would pass over the named folder as a whole says nothing of what is in it.
 */
export async function rulesAbove(host: Host, workspace: string, named: string): Promise<FolderRules> {
  let rules = await rootRules(host, workspace);
  const path = relativePath(workspace, named);
  if (!path) return rules;
  let folder = workspace;
  for (const name of path.split("/")) {
    const list = await host.list(folder);
    rules = await rulesWithin(host, rules, folder, new Set(list.ok ? list.value.map((entry) => entry.name) : []));
    folder = joinUri(folder, name);
    const kept = rules.ignores.filter(({ base, rules: ignored }) => {
      const relative = relativePath(base, folder);
      return !relative || !ignored.ignores(`${relative}/`);
    });
    if (kept.length < rules.ignores.length)
      host.log("debug", `${folder} is ignored by a .gitignore above it, but was named`);
    rules = { ...rules, ignores: kept };
  }
  return { ...rules, folder: parentUri(named), builds: false };
}

export type FileKind = "python" | "document" | "notebook";

/** What a file of this name can be to the scan, whatever its content; undefined where it is passed over unread. */
export function fileKind(name: string): FileKind | undefined {
  const extension = name.slice(name.lastIndexOf(".")).toLowerCase();
  if (extension === ".py") return "python";
  if (extension === ".json" || extension === ".keras") return "document";
  return extension === ".ipynb" ? "notebook" : undefined;
}
