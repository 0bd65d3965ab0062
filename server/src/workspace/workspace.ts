import type { Registry, RegistryView, SiblingRoot } from "../registry/index.ts";
import type { CheckRegistry } from "./checkFile.ts";
import { fileKind } from "./exclude.ts";
import { type Host, isOpen } from "./host.ts";
import type { InstalledPackages } from "./installedPackages.ts";
import type { KeptAnswers, SaidOfWorkspace } from "./keptAnswers.ts";
import type { NamedPackages } from "./namedPackages.ts";
import type { PythonIndex } from "./pythonIndex.ts";
import { type Scan, type ScanLimits, scan } from "./scan.ts";
import { type CancellationToken, Cancelled, Slices } from "./slices.ts";
import { baseName, isWithin } from "./uri.ts";
import { type VersionEvidence, VersionFinder } from "./versionEvidence.ts";
import { EnvironmentFinder, type PythonSettings, type WorkspaceEnvironment } from "./workspaceEnvironment.ts";

export interface WorkspaceOptions {
  /** Nothing outside the workspace registers names. */
  readonly closed: boolean;
  readonly limits?: ScanLimits;
  readonly token?: CancellationToken;
  /** Called now and then with a line that says what is under way. */
  readonly progress?: (line: () => string) => void;
}

/** What an index is, once it is read. */
export interface IndexedWorkspace {
  readonly registry: Registry;
  /** What can be imported from the environment in which Keras is installed; undefined where there is none such. */
  readonly installed: ReadonlySet<string> | undefined;
}

/** What an earlier run said of a workspace that is the same now. */
export interface RecalledWorkspace {
  readonly answers: KeptAnswers;
  readonly installed: ReadonlySet<string> | undefined;
}

/** One reading of the index; another takes its place where something changes meanwhile. */
interface Run {
  readonly token: { cancelled: boolean };
  readonly done: Promise<IndexedWorkspace>;
}

/**
 * One root whose Python is one index, or several roots for a document that lies in none of them. Nothing is read before
 * it is asked for; then it is kept until `changed` says that it is stale.
 */
export class Workspace {
  readonly roots: readonly string[];
  /** The last index that was read; something may have changed since (`isCurrent`). */
  latest: IndexedWorkspace | undefined;
  isCurrent = false;
  readonly #host: Host;
  readonly #options: WorkspaceOptions;
  readonly #scans = new Map<string, Promise<Scan>>();
  readonly #siblings: SiblingRoot[] = [];
  #versions: VersionFinder;
  readonly #environment: EnvironmentFinder;
  #python: PythonIndex | undefined;
  #namedPackages: { readonly of: InstalledPackages; readonly named: NamedPackages } | undefined;
  #recall: { readonly done: Promise<RecalledWorkspace | undefined>; found?: RecalledWorkspace | undefined } | undefined;
  /** Python files whose texts may differ from what was recalled. */
  readonly #unsure = new Set<string>();
  /** What the index that was read last depends on beside the files of the roots. */
  #dependsOn: { readonly packages: InstalledPackages; readonly surroundings: string } | undefined;
  #run: Run | undefined;
  #lastRun: Promise<unknown> = Promise.resolve();
  #others: readonly Workspace[] = [];
  #widened = false;
  #closed: boolean;
  #documentsStale = false;
  #isClosed = false;

  constructor(host: Host, roots: readonly string[], options: WorkspaceOptions) {
    this.roots = roots;
    this.#host = host;
    this.#options = options;
    this.#closed = options.closed;
    this.#environment = new EnvironmentFinder(host, roots);
    this.#versions = this.#versionFinder();
  }

  #versionFinder(): VersionFinder {
    return new VersionFinder(this.#host, this.roots, () => this.#environment.named());
  }

  /** Names the other roots: what only one of them registers cannot be known here. */
  besides(others: readonly Workspace[]): void {
    this.#others = others.filter((other) => other !== this);
    this.#widened = false;
    this.#siblings.length = 0;
    this.#recall = undefined;
  }

  /** What stands below one of the roots. */
  scan(root: string): Promise<Scan> {
    let found = this.#scans.get(root);
    if (!found) {
      const { limits, token, progress } = this.#options;
      found = scan(this.#host, root, {
        ...(limits && { limits }),
        ...(token && { token }),
        progress: (folders) => progress?.(() => `looking through ${folders} folders`),
      });
      this.#scans.set(root, found);
    }
    return found;
  }

  /** Which Keras version the environments and pins name for a document. */
  evidence(document: string): Promise<VersionEvidence> {
    return this.#versions.evidenceFor(document);
  }

  /** What the Python of the roots registers. Throws only Cancelled. */
  async index(): Promise<Registry> {
    return (await this.indexed()).registry;
  }

  async registry(): Promise<CheckRegistry> {
    return this.checkRegistry(await this.indexed());
  }

  /** What a check asks of an index. */
  checkRegistry({ registry, installed }: IndexedWorkspace): CheckRegistry {
    return {
      view: registry,
      ...(installed && { packageInstalled: (name: string) => installed.has(name) }),
      ...(!this.#closed && { named: (asked: ReadonlySet<string>) => this.#named(asked, registry) }),
      widen: () => this.#widen(),
    };
  }

  async #named(asked: ReadonlySet<string>, registry: Registry): Promise<RegistryView | undefined> {
    const { packages } = this.#environment;
    if (!packages) return undefined;
    if (this.#namedPackages?.of !== packages) {
      const { NamedPackages } = await import("./namedPackages.ts");
      this.#namedPackages = { of: packages, named: new NamedPackages(packages) };
    }
    const { token } = this.#options;
    return this.#namedPackages.named.viewFor(asked, registry, new Slices(this.#host, token), token);
  }

  /** Whether what an earlier run said was found. */
  get isRecalled(): boolean {
    return this.#recall?.found !== undefined;
  }

  /**
   * What an earlier run said of these roots, as long as all is as it was then and no index was read; undefined where there
   * is none. Throws only Cancelled.
   */
  async recalled(): Promise<RecalledWorkspace | undefined> {
    for (;;) {
      if (this.latest || this.#isClosed) return undefined;
      this.#recall ??= { done: this.#recallNow() };
      const recall = this.#recall;
      const found = await recall.done;
      const holds = found !== undefined && (await found.answers.holds(this.#unsure));
      if (this.#recall !== recall) continue;
      recall.found = holds ? found : undefined;
      return recall.found;
    }
  }

  async #recallNow(): Promise<RecalledWorkspace | undefined> {
    if (!this.#host.cache) return undefined;
    const { token } = this.#options;
    const scans = await this.#allScans();
    if (scans.some(({ incomplete, unreadable }) => incomplete !== undefined || unreadable.length > 0)) return undefined;
    const environment = await this.#environment.find(scans, token);
    const files = new Set(scans.flatMap(({ python, notebooks }) => [...python, ...notebooks]));
    const surroundings = await this.#surroundingsOf(environment);
    const { KeptAnswers } = await import("./keptAnswers.ts");
    const answers = await KeptAnswers.recall(this.#host, this.roots, { files, surroundings }, token);
    return answers && { answers, installed: environment.installed };
  }

  /** Keeps what was said of documents, by what each asked, for the next start. Never throws. */
  async keep(documents: SaidOfWorkspace["documents"]): Promise<void> {
    const { registry } = this.latest ?? {};
    // What depends on more than these roots is not kept.
    if (!registry || !this.isCurrent || registry.incomplete !== undefined || this.#siblings.length > 0) return;
    const own = this.#python?.origins();
    if (!own || !this.#dependsOn) return;
    const open = [...own.keys()].filter((uri) => isOpen(this.#host, uri));
    const problems = new Map(open.map((uri) => [uri, registry.problemsIn(uri)]));
    const { packages, surroundings } = this.#dependsOn;
    const said = { own, packages: packages.origins(), surroundings, documents, problems };
    const { KeptAnswers } = await import("./keptAnswers.ts");
    await KeptAnswers.keep(this.#host, this.roots, said);
  }

  /** What decides answers beside Python files that were read, as text. */
  async #surroundingsOf({ sources, sitePackages, installed }: WorkspaceEnvironment): Promise<string> {
    const outside = sources.filter(({ folder }) => !this.roots.some((root) => isWithin(folder, root)));
    const folders = [...sitePackages, ...outside.map(({ folder }) => folder)];
    const stats = await Promise.all(folders.map((folder) => this.#host.stat(folder)));
    const others = this.#others.map(({ roots }) => roots);
    return JSON.stringify([this.#closed, sources, sitePackages, [...(installed ?? [])].sort(), stats, others]);
  }

  #allScans(): Promise<Scan[]> {
    return Promise.all(this.roots.map(async (root) => this.#withOpenFiles(await this.scan(root))));
  }

  /** The index, read where that is due; read again where something changes meanwhile. Throws only Cancelled. */
  async indexed(): Promise<IndexedWorkspace> {
    for (;;) {
      if (this.#isClosed) throw new Cancelled();
      this.#run ??= this.#start();
      const run = this.#run;
      try {
        return await run.done;
      } catch (error) {
        if (!(error instanceof Cancelled) || this.#run === run) throw error;
      }
    }
  }

  /** What the version of Keras was decided from, as far as it was asked for. */
  get versions(): VersionFinder {
    return this.#versions;
  }

  /** Whether a check has read the other roots too. */
  get isWidened(): boolean {
    return this.#widened;
  }

  /** Says whether nothing outside the workspace registers names. */
  setClosed(closed: boolean): void {
    if (closed === this.#closed) return;
    this.#closed = closed;
    this.#recall = undefined;
    this.#stale();
  }

  /** The `.json` and `.keras` files below the roots, those that came meanwhile included. Throws only Cancelled. */
  async documents(): Promise<readonly string[]> {
    if (this.#documentsStale) this.#scans.clear();
    this.#documentsStale = false;
    const scans = await Promise.all(this.roots.map((root) => this.scan(root)));
    return [...new Set(scans.flatMap((found) => found.documents))];
  }

  /** Says that `.json` or `.keras` files came or went. */
  documentsChanged(): void {
    this.#documentsStale = true;
  }

  /** What was found below the roots, as far as they were looked through. */
  async scanned(): Promise<readonly Scan[]> {
    return Promise.all(this.#scans.values());
  }

  /** Says that the texts of these Python files may differ from what was read. */
  pythonChanged(uris: Iterable<string>): void {
    for (const uri of uris) {
      this.#python?.changed(uri);
      this.#unsure.add(uri);
    }
    this.#stale();
  }

  /** Says that files came, went or moved, or that the rules about what is passed over changed. */
  filesChanged(): void {
    this.#scans.clear();
    this.#versions = this.#versionFinder();
    this.#recall = undefined;
    this.#stale();
  }

  /** Says that packages were installed or removed. */
  environmentChanged(): void {
    this.#environment.forget();
    this.filesChanged();
  }

  /** Takes in which Python runs the workspace's code, as far as somebody says so; answers whether that is something new. */
  setPython(settings: PythonSettings): boolean {
    const isNew = this.#environment.configure(settings);
    if (isNew) this.environmentChanged();
    return isNew;
  }

  /** Says that pins of Keras changed. */
  pinsChanged(): void {
    this.#versions = this.#versionFinder();
  }

  /** Ends the reading that is under way, and lets no other begin. */
  close(): void {
    this.#isClosed = true;
    this.#stale();
  }

  /** The folders of installed packages, once the index was read. */
  get sitePackages(): readonly string[] {
    return this.#environment.sitePackages;
  }

  #stale(): void {
    if (this.#run) this.#run.token.cancelled = true;
    this.#run = undefined;
    this.isCurrent = false;
  }

  #start(): Run {
    const outer = this.#options.token;
    const token = {
      stopped: false,
      get cancelled() {
        return this.stopped || outer?.cancelled === true;
      },
      set cancelled(value: boolean) {
        this.stopped = value;
      },
    };
    // One reading at a time: the one before sees that it is cancelled at its next pause.
    const done = this.#lastRun.then(async () => {
      const indexed = await this.#read(token);
      if (token.cancelled) throw new Cancelled();
      this.latest = indexed;
      this.isCurrent = true;
      this.#recall = undefined;
      this.#unsure.clear();
      return indexed;
    });
    this.#lastRun = done.catch(() => undefined);
    return { token, done };
  }

  async #read(token: CancellationToken): Promise<IndexedWorkspace> {
    if (token.cancelled) throw new Cancelled();
    const { progress } = this.#options;
    const scans = await this.#allScans();
    const environment = await this.#environment.find(scans, token);
    const { packages, installed, sources } = environment;
    const surroundings = await this.#surroundingsOf(environment);
    // Most runs read no Python, so its reader is not loaded at the start.
    const { PythonIndex } = await import("./pythonIndex.ts");
    this.#python ??= new PythonIndex(this.#host, this.roots);
    const registry = await this.#python.read({
      scans,
      closed: this.#closed,
      packages,
      sources,
      siblings: this.#siblings,
      token,
      ...(progress && { progress }),
    });
    this.#dependsOn = { packages, surroundings };
    return { registry, installed };
  }

  /** A scan, and the Python that an editor holds open and that was not saved yet. */
  async #withOpenFiles(found: Scan): Promise<Scan> {
    const unsaved: string[] = [];
    for (const uri of this.#host.openUris?.() ?? []) {
      if (!isWithin(uri, found.root) || fileKind(baseName(uri)) !== "python") continue;
      // What is on the disk and was passed over stays so.
      if (!found.python.includes(uri) && (await this.#host.stat(uri)) === undefined) unsaved.push(uri);
    }
    return unsaved.length === 0 ? found : { ...found, python: [...found.python, ...unsaved].sort() };
  }

  /** Lets the registry know the other roots as they were read last; false where that was done before, or there are none. */
  async #widen(): Promise<boolean> {
    const first = !this.#widened;
    this.#widened = true;
    const siblings: SiblingRoot[] = [];
    for (const other of this.#others) {
      const view = other.latest?.registry ?? (await other.index());
      siblings.push({ name: other.roots.map(baseName).join(", "), view });
    }
    const changed = first || siblings.some(({ view }, i) => view !== this.#siblings[i]?.view);
    this.#siblings.splice(0, this.#siblings.length, ...siblings);
    return changed && siblings.length > 0;
  }
}
