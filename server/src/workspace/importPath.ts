import { type Host, readText } from "./host.ts";
import type { SourceFolder } from "./moduleNames.ts";
import { dictEntries, literalAt } from "./pythonLiterals.ts";
import { sourceFoldersOf } from "./sourceFolders.ts";
import { joinUri, normalizeUri, resolvePath } from "./uri.ts";

/** Where an environment's modules come from, as site.py and the finders of editable installs would have it. */
export interface ImportPath {
  /** The folders of `sys.path`, in its order. */
  readonly folders: readonly string[];
  /** Packages and modules that a finder leads elsewhere: each its dotted name and its folder, or its file without `.py`. */
  readonly mapped: readonly SourceFolder[];
  /** Whether there are finders of another kind, which may lead anywhere. */
  readonly hasUnknownFinder: boolean;
}

const PTH_BYTES = 1_000_000;
/** No environment has more packages. */
const MOST_DISTRIBUTIONS = 5_000;

/**
 * Reads what the `.pth` and `.egg-link` files of folders of installed packages add: lines that are paths, and the finders
 * that setuptools (`__editable___…_finder.py`) and the `editables` package write. Nothing is run. Never throws.
 */
export async function readImportPath(host: Host, sitePackages: readonly string[]): Promise<ImportPath> {
  const folders = new Set(sitePackages);
  const mapped: SourceFolder[] = [];
  let hasUnknownFinder = false;
  for (const site of sitePackages) {
    const list = await host.list(site);
    const names = list.ok ? list.value.map(({ name }) => name).sort() : [];
    for (const name of names) {
      if (!/\.(?:pth|egg-link)$/.test(name)) continue;
      const lines = (await textOf(host, joinUri(site, name))).split(/\r?\n/).map((line) => line.trimEnd());
      if (name.endsWith(".egg-link")) {
        // The first line is the folder; the second leads from there to the project.
        if (lines[0]) folders.add(resolvePath(site, lines[0]));
        continue;
      }
      for (const line of lines) {
        const finder = /^import[ \t]+([A-Za-z_]\w*)/.exec(line)?.[1];
        if (finder !== undefined) {
          if (!names.includes(`${finder}.py`)) continue;
          const entries = finderEntries(await textOf(host, joinUri(site, `${finder}.py`)), site);
          mapped.push(...entries);
          hasUnknownFinder ||= entries.length === 0 && finder.includes("editable");
        } else if (line !== "" && !line.startsWith("#")) folders.add(resolvePath(site, line));
      }
    }
  }
  return { folders: [...folders], mapped, hasUnknownFinder };
}

/** What a module that a `.pth` file imports maps, where it is one of the finders that are known. */
function finderEntries(text: string, site: string): SourceFolder[] {
  const found: SourceFolder[] = [];
  const add = (name: string, path: unknown) => {
    if (typeof path === "string")
      found.push({ prefix: name, folder: resolvePath(site, path.replace(/(?:[\\/]__init__)?\.py$/, "")) });
  };
  // setuptools: MAPPING: dict[str, str] = {"mine": "/projects/mine/source"}, NAMESPACES: dict[str, list[str]] = {…}.
  for (const match of text.matchAll(/^(?:MAPPING|NAMESPACES)\b[^=\n]*=\s*(?=\{)/gm)) {
    for (const [name, value] of dictEntries(literalAt(text, match))) {
      for (const path of Array.isArray(value) ? value : [value]) add(name, path);
    }
  }
  // editables: F.map_module('mine', '/projects/mine/source/__init__.py').
  for (const match of text.matchAll(/\.map_module(?=\()/g)) {
    const pair = literalAt(text, match);
    if (Array.isArray(pair) && typeof pair[0] === "string") add(pair[0], pair[1]);
  }
  return found;
}

/**
 * The source folders of projects that are installed as editable and say so in `direct_url.json` alone, which packagers
 * write whatever finder they use. Never throws.
 */
export async function directUrlFolders(host: Host, sitePackages: readonly string[]): Promise<SourceFolder[]> {
  const found: SourceFolder[] = [];
  for (const site of sitePackages) {
    const list = await host.list(site);
    const names = list.ok ? list.value.map(({ name }) => name).filter((name) => name.endsWith(".dist-info")) : [];
    for (const name of names.sort().slice(0, MOST_DISTRIBUTIONS)) {
      const project = editableProject(await textOf(host, joinUri(site, `${name}/direct_url.json`)));
      if (project !== undefined) found.push(...(await sourceFoldersOf(host, project)), { folder: project, prefix: "" });
    }
  }
  return found;
}

/** The project's folder out of `{"dir_info": {"editable": true}, "url": "file:///projects/mine"}` (PEP 610). */
function editableProject(text: string): string | undefined {
  if (text === "") return undefined;
  let value: { dir_info?: { editable?: unknown } | null; url?: unknown } | null;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const url = value?.dir_info?.editable === true ? value.url : undefined;
  return typeof url === "string" && /^file:/i.test(url) ? normalizeUri(url) : undefined;
}

async function textOf(host: Host, uri: string): Promise<string> {
  const read = await readText(host, uri, "python", PTH_BYTES);
  if (!read.ok && read.why !== "missing") host.log("warning", `${uri}: not read (${read.detail})`);
  return read.ok ? read.value.text : "";
}
