import type { ModuleSummary } from "../python/index.ts";
import {
  isKnownSilent,
  Linker,
  type ModuleInput,
  type PackageStatus,
  type Registry,
  type SiblingRoot,
  samePlaces,
  sameStatuses,
} from "../registry/index.ts";
import { formatBytes, type Host } from "./host.ts";
import type { InstalledPackages } from "./installedPackages.ts";
import type { FileOrigins } from "./keptAnswers.ts";
import { ModuleNamer, type SourceFolder } from "./moduleNames.ts";
import { isNotebook } from "./notebook.ts";
import type { SummedFile } from "./pythonFiles.ts";
import type { Scan } from "./scan.ts";
import { ahead, type CancellationToken, runInSlices, Slices } from "./slices.ts";
import { type Reading, SummaryStore, summed } from "./summaryStore.ts";
import { baseName, relativePath } from "./uri.ts";

/** How much Python of one workspace is read before the index says that it is not whole. */
const INDEX_BYTES = 1_000_000_000;
/** A summary that names a wrapper makes others wanted; chains of wrappers longer than this stay open. */
const MOST_ROUNDS = 6;

export interface IndexQuestion {
  readonly scans: readonly Scan[];
  /** The folders from which names count because a project, a setting or an editable install says so. */
  readonly sources?: readonly SourceFolder[];
  /** Nothing outside the workspace registers names. */
  readonly closed: boolean;
  /** What is installed where the workspace's code runs. */
  readonly packages: InstalledPackages;
  /** The other roots; may grow later. */
  readonly siblings: readonly SiblingRoot[];
  readonly token?: CancellationToken;
  readonly progress?: (line: () => string) => void;
}

/** A file as it was read. */
interface KeptFile extends Omit<SummedFile, "summary"> {
  readonly input: ModuleInput;
  /** The names that the registry asked for beside those that register in Keras; absent where it asked for nothing. */
  readonly asked?: ReadonlySet<string> | undefined;
}

/** Everything that a registry is made from. */
interface Linking {
  readonly modules: readonly ModuleInput[];
  readonly statuses: ReadonlyMap<string, PackageStatus>;
  readonly missing: string | undefined;
  readonly closed: boolean;
  readonly siblings: readonly SiblingRoot[];
}

/**
 * The Python of one or several roots, read and linked. It keeps the summaries of files, so that reading again after a
 * change costs the changed files and the linking. One reading at a time.
 */
export class PythonIndex {
  readonly #host: Host;
  readonly #files = new Map<string, KeptFile>();
  readonly #stale = new Set<string>();
  /** What a reading that was cancelled had begun. */
  readonly #begun = new Set<string>();
  /** Classes of packages whose modules are read although nothing else of their package is. */
  readonly #single = new Set<string>();
  readonly #linker = new Linker();
  readonly #store: SummaryStore;
  #linked: { readonly from: Linking; readonly registry: Registry } | undefined;

  /** Of these roots, whose summaries may be known from an earlier run. */
  constructor(host: Host, roots: readonly string[] = []) {
    this.#host = host;
    this.#store = new SummaryStore(host, roots);
  }

  /** Says that a file's text may differ from what was read. */
  changed(uri: string): void {
    this.#stale.add(uri);
  }

  /**
   * The registry of what the files hold now; the same object as before where nothing that matters changed. Sliced;
   * throws only Cancelled, and goes on from there when it is called again.
   */
  async read(question: IndexQuestion): Promise<Registry> {
    const { own, missing } = await this.#readWorkspace(question);
    let linking = await this.#linking(question, own, missing);
    const before = this.#linked;
    if (before && isSame(before.from, linking)) return before.registry;
    const slices = new Slices(this.#host, question.token);
    let registry = await runInSlices(this.#link(linking), slices);
    for (let round = 0; round < MOST_ROUNDS && registry.wanted.size + registry.wantedModules.size > 0; round++) {
      const known = this.#single.size;
      for (const path of registry.wantedModules) this.#single.add(path);
      const again = await this.#readAgain(question.packages, registry.wanted, slices);
      if (!again && this.#single.size === known) break;
      const next = await this.#linking(question, own, missing);
      if (isSame(linking, next)) break;
      linking = next;
      registry = await runInSlices(this.#link(linking), slices);
    }
    this.#linked = { from: linking, registry };
    // Nobody waits for it.
    void question.packages.save();
    void this.#store.save(this.#entries());
    return registry;
  }

  *#entries() {
    for (const { input, ...file } of this.#files.values()) yield { ...file, summary: input.summary };
  }

  /** The files of the roots that were read, each with what tells whether it is still the same. */
  origins(): FileOrigins {
    return new Map([...this.#files].map(([uri, { origin }]) => [uri, origin]));
  }

  #link({ modules, statuses, missing, closed, siblings }: Linking) {
    const complete = missing === undefined;
    const reason = complete ? {} : { incompleteReason: missing };
    return this.#linker.link(modules, { complete, ...reason, closed, packages: statuses, siblings });
  }

  async #linking(question: IndexQuestion, own: readonly string[], missing: string | undefined): Promise<Linking> {
    const { closed, siblings, packages, token, progress } = question;
    const modules = own.map((uri) => this.#files.get(uri)!.input);
    if (closed) return { modules, statuses: new Map(), missing, closed, siblings };
    progress?.(() => "reading installed packages");
    const roots = await runInSlices(importedRoots(modules), new Slices(this.#host, token));
    const reached = await packages.reach(roots, token, (uri) => isScanned(question.scans, uri));
    const read = new Set(reached.modules);
    const singles = (await packages.modulesOf(this.#single, token)).filter((input) => !read.has(input));
    return {
      modules: [...modules, ...reached.modules, ...singles],
      statuses: reached.statuses,
      missing,
      closed,
      siblings,
    };
  }

  /** Summarises what is not read or stale; answers the files that count, and why not all of them could be read. */
  async #readWorkspace(question: IndexQuestion): Promise<{ own: string[]; missing: string | undefined }> {
    const { scans, token, progress } = question;
    for (const uri of this.#begun) this.#stale.add(uri);
    this.#begun.clear();
    const slices = new Slices(this.#host, token);
    const total = scans.reduce((sum, { python, notebooks }) => sum + python.length + notebooks.length, 0);
    const own = new Set<string>();
    let missing: string | undefined;
    let bytes = 0;
    for (const found of scans) {
      if (found.incomplete !== undefined) missing ??= `the scan stopped at ${found.incomplete}`;
      for (const { uri, detail } of found.unreadable) missing ??= `${baseName(uri)} cannot be read (${detail})`;
      const namer = await ModuleNamer.for(this.#host, found.root, found.python, question.sources);
      const files = [...found.python, ...found.notebooks];
      const isKept = (uri: string) => this.#files.has(uri) && !this.#stale.has(uri);
      const begin = async (uri: string) => {
        if (isKept(uri)) return undefined;
        // Taken out before it is read: what changes meanwhile is stale again.
        this.#stale.delete(uri);
        this.#begun.add(uri);
        return this.#files.has(uri) ? this.#store.read(uri) : this.#store.recall(uri);
      };
      for await (const [uri, read] of ahead(files, begin)) {
        if (slices.due()) await slices.pause();
        if (own.has(uri)) continue;
        progress?.(() => `reading Python: ${own.size} of ${total} files`);
        if (bytes > INDEX_BYTES) {
          missing ??= `it holds more than ${formatBytes(INDEX_BYTES)} of Python`;
          break;
        }
        const places = isNotebook(uri) ? { names: ["__main__"], isPackage: false } : namer.placesOf(uri);
        const refused = this.#keep(uri, places, read);
        if (refused !== undefined) missing ??= `${baseName(uri)} cannot be read (${refused})`;
        else own.add(uri);
        bytes += this.#files.get(uri)?.bytes ?? 0;
      }
    }
    for (const uri of this.#files.keys()) if (!own.has(uri)) this.#files.delete(uri);
    await this.#store.release();
    return { own: [...own], missing };
  }

  /** Takes in what was read of a file, nothing where it is kept; answers why it cannot be read. */
  #keep(uri: string, places: Pick<ModuleInput, "names" | "isPackage">, read: Reading | undefined): string | undefined {
    const before = this.#files.get(uri);
    if (!read) {
      if (before && !samePlaces(before.input, places))
        this.#files.set(uri, { ...before, input: { ...before.input, ...places } });
      return undefined;
    }
    this.#begun.delete(uri);
    const now = summed(read, before?.asked);
    if ("refused" in now) {
      this.#files.delete(uri);
      this.#host.log("warning", `${uri}: not read (${now.refused})`);
      return now.refused;
    }
    const { summary: made, ...file } = now;
    const isSame = before !== undefined && JSON.stringify(before.input.summary) === JSON.stringify(made);
    const summary = isSame ? before.input.summary : made;
    const input = isSame && samePlaces(before.input, places) ? before.input : { summary, ...places };
    const asked = summary.askedFor.length > 0 ? new Set(summary.askedFor) : before?.asked;
    this.#files.set(uri, { ...file, input, asked });
    return undefined;
  }

  /** Summarises again what the registry asks for; false where nothing came of it. */
  async #readAgain(
    packages: InstalledPackages,
    wanted: ReadonlyMap<string, ReadonlySet<string>>,
    slices: Slices,
  ): Promise<boolean> {
    let changed = false;
    for (const [uri, asked] of wanted) {
      if (slices.due()) await slices.pause();
      const before = this.#files.get(uri);
      if (!before) {
        if (await packages.readAgain(uri, asked)) changed = true;
        continue;
      }
      const now = summed(await this.#store.read(uri), asked);
      if ("refused" in now) continue;
      const { summary, ...file } = now;
      this.#files.set(uri, { ...file, input: { ...before.input, summary }, asked });
      changed = true;
    }
    return changed;
  }
}

/** Whether a folder or file is one of those that were found below the roots. */
function isScanned(scans: readonly Scan[], uri: string): boolean {
  return scans.some(({ root, folders, python }) => {
    const path = relativePath(root, uri);
    // Most packages are not even looked for: a scan never goes into these folders.
    if (path === undefined || /(?:^|\/)(?:site|dist)-packages\//.test(path)) return false;
    return folders.includes(uri) || python.includes(uri);
  });
}

function isSame(a: Linking, b: Linking): boolean {
  return (
    a.missing === b.missing &&
    a.closed === b.closed &&
    a.siblings === b.siblings &&
    a.modules.length === b.modules.length &&
    a.modules.every((input, i) => input === b.modules[i]) &&
    sameStatuses(a.statuses, b.statuses)
  );
}

/** The first names of what modules import that could be packages outside the workspace. */
function* importedRoots(modules: readonly ModuleInput[]): Generator<undefined, Set<string>> {
  const own = new Set<string>();
  const imported = new Set<string>();
  for (const { summary, names } of modules) {
    yield;
    for (const name of names) own.add(name.split(".", 1)[0] ?? "");
    for (const root of rootsImportedBy(summary)) imported.add(root);
  }
  return new Set([...imported].filter((root) => !own.has(root)));
}

/** The first names of a module's absolute imports, those that are known to register nothing left out. */
function rootsImportedBy(summary: ModuleSummary): Set<string> {
  const roots = new Set<string>();
  for (const { module, level, run } of summary.imports) {
    const root = module.split(".", 1)[0] ?? "";
    if (level === 0 && root !== "" && !run?.never && !isKnownSilent(root)) roots.add(root);
  }
  return roots;
}
