import type { Registry, SiblingRoot } from "../registry/index.ts";
import type { CheckRegistry } from "./checkFile.ts";
import { environmentsIn, sitePackagesOf, topLevelNames } from "./environments.ts";
import type { Host } from "./host.ts";
import { PackageFinder } from "./packages.ts";
import { type Scan, type ScanLimits, scan } from "./scan.ts";
import type { CancellationToken } from "./slices.ts";
import { baseName } from "./uri.ts";
import { type VersionEvidence, VersionFinder } from "./versionEvidence.ts";

export interface WorkspaceOptions {
  /** Nothing outside the workspace registers names. */
  readonly closed: boolean;
  readonly limits?: ScanLimits;
  readonly token?: CancellationToken;
  /** Called now and then with a line that says what is under way. */
  readonly progress?: (line: () => string) => void;
}

/**
 * One root whose Python is one index, or several roots for a document that lies in none of them. Nothing is read before
 * it is asked for, and then once.
 */
export class Workspace {
  readonly roots: readonly string[];
  readonly #host: Host;
  readonly #options: WorkspaceOptions;
  readonly #scans = new Map<string, Promise<Scan>>();
  readonly #versions: VersionFinder;
  #index: Promise<{ registry: Registry; installed: ReadonlySet<string> | undefined }> | undefined;
  readonly #siblings: SiblingRoot[] = [];
  #others: readonly Workspace[] = [];

  constructor(host: Host, roots: readonly string[], options: WorkspaceOptions) {
    this.roots = roots;
    this.#host = host;
    this.#options = options;
    this.#versions = new VersionFinder(host, roots);
  }

  /** Names the other roots: what only one of them registers cannot be known here. */
  besides(others: readonly Workspace[]): void {
    this.#others = others.filter((other) => other !== this);
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

  evidence(document: string): Promise<VersionEvidence> {
    return this.#versions.evidenceFor(document);
  }

  /** What the Python of the roots registers. Throws only Cancelled. */
  async index(): Promise<Registry> {
    return (await this.#indexed()).registry;
  }

  async registry(): Promise<CheckRegistry> {
    const { registry, installed } = await this.#indexed();
    return {
      view: registry,
      ...(installed && { packageInstalled: (name: string) => installed.has(name) }),
      widen: () => this.#widen(),
    };
  }

  #indexed() {
    this.#index ??= this.#read();
    return this.#index;
  }

  async #read() {
    const { closed, token, progress } = this.#options;
    const scans = await Promise.all(this.roots.map((root) => this.scan(root)));
    const sitePackages = await this.#sitePackages(scans);
    // Most runs read no Python, so its reader is not loaded at the start.
    const { indexPython } = await import("./pythonIndex.ts");
    const registry = await indexPython({
      host: this.#host,
      scans,
      closed,
      packages: new PackageFinder(this.#host, sitePackages),
      siblings: this.#siblings,
      ...(token && { token }),
      ...(progress && { progress }),
    });
    return { registry, installed: await this.#installed(sitePackages) };
  }

  /** The `site-packages` of the roots' environments, those that stand directly in a root first. */
  async #sitePackages(scans: readonly Scan[]): Promise<string[]> {
    const environments = new Set<string>();
    for (const root of this.roots) {
      const list = await this.#host.list(root);
      const names = list.ok ? list.value.filter(({ kind }) => kind !== "file").map(({ name }) => name) : [];
      for (const uri of await environmentsIn(this.#host, root, names)) environments.add(uri);
    }
    for (const found of scans) for (const uri of found.environments) environments.add(uri);
    const folders: string[] = [];
    for (const environment of environments) folders.push(...(await sitePackagesOf(this.#host, environment)));
    return folders;
  }

  /** What can be imported from the environment in which Keras is installed; undefined where there is none such. */
  async #installed(sitePackages: readonly string[]): Promise<ReadonlySet<string> | undefined> {
    for (const folder of sitePackages) {
      const names = await topLevelNames(this.#host, folder);
      if (names.has("keras")) return names;
    }
    return undefined;
  }

  /** Reads the other roots too; false where that was done before, or there are none. */
  async #widen(): Promise<boolean> {
    const others = this.#others;
    this.#others = [];
    for (const other of others) {
      this.#siblings.push({ name: other.roots.map(baseName).join(", "), view: await other.index() });
    }
    return others.length > 0;
  }
}
