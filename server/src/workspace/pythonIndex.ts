import type { ModuleSummary } from "../python/index.ts";
import { buildRegistry, isKnownSilent, type ModuleInput, type Registry, type SiblingRoot } from "../registry/index.ts";
import { formatBytes, type Host } from "./host.ts";
import { InstalledPackages } from "./installedPackages.ts";
import { ModuleNamer } from "./moduleNames.ts";
import type { PackageFinder } from "./packages.ts";
import { summaryOf } from "./pythonFiles.ts";
import type { Scan } from "./scan.ts";
import { type CancellationToken, Slices } from "./slices.ts";
import { baseName } from "./uri.ts";

/** How much Python of one workspace is read before the index says that it is not whole. */
const INDEX_BYTES = 1_000_000_000;
/** A summary that names a wrapper makes others wanted; chains of wrappers longer than this stay open. */
const MOST_ROUNDS = 6;

export interface IndexQuestion {
  readonly host: Host;
  readonly scans: readonly Scan[];
  /** Nothing outside the workspace registers names. */
  readonly closed: boolean;
  /** What is installed where the workspace's code runs. */
  readonly packages: PackageFinder;
  /** The other roots; may grow later. */
  readonly siblings: readonly SiblingRoot[];
  readonly token?: CancellationToken;
  readonly progress?: (line: () => string) => void;
}

/** Reads the Python of one or several roots and links it. Sliced but for the linking; throws only Cancelled. */
export async function indexPython(question: IndexQuestion): Promise<Registry> {
  const modules = new Map<string, ModuleInput>();
  const missing = await readWorkspace(question, modules);
  const packages = new InstalledPackages(question.host, question.packages, question.token);
  if (!question.closed) {
    question.progress?.(() => "reading installed packages");
    await packages.follow(importedRoots(modules.values()));
  }
  for (const input of packages.modules) modules.set(input.summary.uri, input);
  const world = {
    complete: missing === undefined,
    ...(missing !== undefined && { incompleteReason: missing }),
    closed: question.closed,
    packages: packages.statuses,
    siblings: question.siblings,
  };
  let registry = buildRegistry([...modules.values()], world);
  for (let round = 0; round < MOST_ROUNDS && registry.wanted.size > 0; round++) {
    const again = await readAgain(question, modules, registry.wanted);
    if (!again) break;
    registry = buildRegistry([...modules.values()], world);
  }
  return registry;
}

/** Summarises the workspace's own files; answers why not all of them, undefined where all. */
async function readWorkspace(question: IndexQuestion, modules: Map<string, ModuleInput>): Promise<string | undefined> {
  const { host, scans, token, progress } = question;
  const slices = new Slices(host, token);
  const total = scans.reduce((sum, { python, notebooks }) => sum + python.length + notebooks.length, 0);
  let missing: string | undefined;
  let bytes = 0;
  for (const found of scans) {
    if (found.incomplete !== undefined) missing ??= `the scan stopped at ${found.incomplete}`;
    for (const { uri, detail } of found.unreadable) missing ??= `${baseName(uri)} cannot be read (${detail})`;
    const namer = await ModuleNamer.for(host, found.root, found.python);
    for (const uri of [...found.python, ...found.notebooks]) {
      if (slices.due()) await slices.pause();
      if (modules.has(uri)) continue;
      progress?.(() => `reading Python: ${modules.size} of ${total} files`);
      if (bytes > INDEX_BYTES) {
        missing ??= `it holds more than ${formatBytes(INDEX_BYTES)} of Python`;
        break;
      }
      const read = await summaryOf(host, uri);
      if ("refused" in read) {
        host.log("warning", `${uri}: not read (${read.refused})`);
        missing ??= `${baseName(uri)} cannot be read (${read.refused})`;
        continue;
      }
      bytes += read.bytes;
      const places = /\.ipynb$/i.test(uri) ? { names: ["__main__"], isPackage: false } : namer.placesOf(uri);
      modules.set(uri, { summary: read.summary, ...places });
    }
  }
  return missing;
}

/** Summarises again what the registry asks for; false where nothing came of it. */
async function readAgain(
  question: IndexQuestion,
  modules: Map<string, ModuleInput>,
  wanted: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<boolean> {
  const slices = new Slices(question.host, question.token);
  let changed = false;
  for (const [uri, names] of wanted) {
    if (slices.due()) await slices.pause();
    const before = modules.get(uri);
    const read = before && (await summaryOf(question.host, uri, names));
    if (!read || "refused" in read) continue;
    modules.set(uri, { ...before, summary: read.summary });
    changed = true;
  }
  return changed;
}

/** The first names of what modules import that could be packages outside the workspace. */
function importedRoots(modules: Iterable<ModuleInput>): Set<string> {
  const own = new Set<string>();
  const imported = new Set<string>();
  for (const { summary, names } of modules) {
    for (const name of names) own.add(name.split(".", 1)[0] ?? "");
    for (const root of rootsImportedBy(summary)) imported.add(root);
  }
  return new Set([...imported].filter((root) => !own.has(root)));
}

/** The first names of a module's absolute imports, those that are known to register nothing left out. */
export function rootsImportedBy(summary: ModuleSummary): Set<string> {
  const roots = new Set<string>();
  for (const { module, level, run } of summary.imports) {
    const root = module.split(".", 1)[0] ?? "";
    if (level === 0 && root !== "" && !run?.never && !isKnownSilent(root)) roots.add(root);
  }
  return roots;
}
