import { excludedBy, type FolderRules, fileKind, isEnvironment, rootRules, rulesWithin } from "./exclude.ts";
import type { FolderEntry, Host } from "./host.ts";
import { type CancellationToken, Slices } from "./slices.ts";
import { baseName, isWithin, joinUri } from "./uri.ts";

/** How far a scan goes before it says that it is incomplete. */
export interface ScanLimits {
  readonly folders: number;
  /** Files of a kind that matters, not all files. */
  readonly files: number;
  /** Entries looked at, of every kind. */
  readonly entries: number;
  readonly milliseconds: number;
}

export const defaultScanLimits: ScanLimits = {
  folders: 50_000,
  files: 100_000,
  entries: 2_000_000,
  milliseconds: 30_000,
};

/** The files that say where the packages of a project are. */
export const projectFiles: readonly string[] = ["pyproject.toml", "setup.cfg", "setup.py"];

/** Where Pyright is told of folders to import from, beside `pyproject.toml`. */
export const PYRIGHT_CONFIG = "pyrightconfig.json";

/** What stands below one folder. Every list is sorted by URI. */
export interface Scan {
  readonly root: string;
  /** `.py` files. */
  readonly python: readonly string[];
  /** `.json` and `.keras` files. */
  readonly documents: readonly string[];
  /** `.ipynb` files. */
  readonly notebooks: readonly string[];
  /** The folders that were looked into, the root first. */
  readonly folders: readonly string[];
  /** Files that are links, each with the place that it leads to. */
  readonly linkedFiles: readonly { readonly uri: string; readonly real: string }[];
  /** The folders that hold a file which describes a Python project. */
  readonly projects: readonly string[];
  /** When it began, on the host's clock. */
  readonly started: number;
  /** Virtual and conda environments: passed over, but asked for installed packages. */
  readonly environments: readonly string[];
  /** Folders and files that could not be looked at, and why. */
  readonly unreadable: readonly { readonly uri: string; readonly detail: string }[];
  /** Why not everything was seen; absent where it was. */
  readonly incomplete?: string;
}

export interface ScanOptions {
  readonly limits?: ScanLimits;
  readonly token?: CancellationToken;
  /** The rules above the root where it lies in a workspace whose own rules hold (`rulesAbove`). */
  readonly above?: FolderRules;
  /** Called now and then with the number of folders seen. */
  readonly progress?: (folders: number) => void;
}

interface Step {
  readonly folder: string;
  /** The folder with all links resolved: two links to one folder are one folder. */
  readonly real: string;
  readonly above: FolderRules;
}

/**
 * Walks the folders below `root`, nearest first, in slices. Links are followed last, and a folder that was seen under
 * its real path is not seen again, so that a loop ends. Throws Cancelled where the token says so, nothing else.
 */
export async function scan(host: Host, root: string, options: ScanOptions = {}): Promise<Scan> {
  const limits = options.limits ?? defaultScanLimits;
  const slices = new Slices(host, options.token);
  const started = host.now();
  const found = { python: [] as string[], document: [] as string[], notebook: [] as string[] };
  const environments: string[] = [];
  const unreadable: { uri: string; detail: string }[] = [];
  const realRoot = (await host.realUri(root)) ?? root;
  const visited = new Set<string>();
  const folders: Step[] = [{ folder: root, real: realRoot, above: options.above ?? (await rootRules(host, root)) }];
  const links: Step[] = [];
  const seenFolders: string[] = [];
  const projects: string[] = [];
  const linkedFiles: { uri: string; real: string }[] = [];
  let seen = 0;
  let files = 0;
  let incomplete: string | undefined;

  async function visit(step: Step): Promise<void> {
    const list = await host.list(step.folder);
    if (!list.ok) {
      unreadable.push({ uri: step.folder, detail: list.detail });
      host.log("warning", `${step.folder}: not read (${list.detail})`);
      return;
    }
    const names = new Set(list.value.map((entry) => entry.name));
    if (isEnvironment(names)) {
      environments.push(step.folder);
      // An environment that was named is looked into like any folder.
      if (step.folder !== root) return;
    }
    if (projectFiles.some((name) => names.has(name))) projects.push(step.folder);
    const rules = await rulesWithin(host, step.above, step.folder, names);
    seen += list.value.length;
    for (const entry of [...list.value].sort(byName)) {
      if (slices.due()) await slices.pause();
      const uri = joinUri(step.folder, entry.name);
      if (entry.kind === "folder") {
        const real = joinUri(step.real, entry.name);
        if (!excludedBy(rules, entry.name, true)) folders.push({ folder: uri, real, above: rules });
      } else if (entry.kind === "file") {
        const kind = fileKind(entry.name);
        if (kind && !excludedBy(rules, entry.name, false)) add(kind, uri);
      } else if (entry.kind === "link") {
        if (!excludedBy(rules, entry.name, false) && !excludedBy(rules, entry.name, true)) await follow(uri, rules);
      }
    }
  }

  function add(kind: keyof typeof found, uri: string): void {
    if (files >= limits.files) incomplete ??= `more than ${limits.files} files`;
    else {
      files++;
      found[kind].push(uri);
    }
  }

  async function follow(uri: string, rules: FolderRules): Promise<void> {
    const kind = fileKind(baseName(uri));
    const stat = await host.stat(uri);
    if (stat?.kind === "file") {
      if (!kind) return;
      add(kind, uri);
      const real = await host.realUri(uri);
      if (real !== undefined) linkedFiles.push({ uri, real });
    } else if (stat?.kind === "folder") {
      const real = await host.realUri(uri);
      // A link to a folder that holds the root would lead to everything beside it.
      if (real !== undefined && !isWithin(realRoot, real)) links.push({ folder: uri, real, above: rules });
    } else if (kind) {
      unreadable.push({ uri, detail: "a symbolic link that leads nowhere" });
      host.log("warning", `${uri}: not read (a symbolic link that leads nowhere)`);
    }
  }

  let next = 0;
  let count = 0;
  while (incomplete === undefined) {
    // Links wait until every folder of the root's own was seen, so that what is found is named by its own path.
    const step = folders[next] ?? links.shift();
    if (!step) break;
    if (step === folders[next]) next++;
    if (visited.has(step.real)) continue;
    visited.add(step.real);
    seenFolders.push(step.folder);
    await visit(step);
    count++;
    options.progress?.(count);
    if (count >= limits.folders) incomplete = `more than ${limits.folders} folders`;
    else if (seen > limits.entries) incomplete = `more than ${limits.entries} entries`;
    else if (host.now() - started > limits.milliseconds)
      incomplete = `longer than ${limits.milliseconds / 1000} seconds`;
  }
  if (incomplete !== undefined) host.log("warning", `${root}: scan stopped, ${incomplete}`);
  return {
    root,
    python: found.python.sort(),
    documents: found.document.sort(),
    notebooks: found.notebook.sort(),
    folders: seenFolders,
    linkedFiles,
    projects,
    started,
    environments: environments.sort(),
    unreadable,
    ...(incomplete !== undefined && { incomplete }),
  };
}

function byName(a: FolderEntry, b: FolderEntry): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
