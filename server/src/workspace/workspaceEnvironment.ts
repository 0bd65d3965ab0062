import { environmentAt, environmentsIn, sitePackagesOf } from "./environments.ts";
import type { Host } from "./host.ts";
import type { InstalledPackages } from "./installedPackages.ts";
import type { SourceFolder } from "./moduleNames.ts";
import type { Scan } from "./scan.ts";
import { type CancellationToken, Slices } from "./slices.ts";
import { displayPath } from "./uri.ts";

/** What is said from outside of the Python that runs the workspace's code. */
export interface PythonSettings {
  /** An environment's folder or its Python executable: the user's setting, or `--environment`. */
  readonly environment?: string | undefined;
  /** The folder of the environment that the editor's Python extension uses (`sys.prefix`). */
  readonly reported?: string | undefined;
  /** `python.analysis.extraPaths` as written. */
  readonly extraPaths?: readonly string[];
}

/** Where the modules of a workspace come from, beside its own files. */
export interface WorkspaceEnvironment {
  readonly sitePackages: readonly string[];
  readonly packages: InstalledPackages;
  /** What can be imported from the environment in which Keras is installed; undefined where there is none such. */
  readonly installed: ReadonlySet<string> | undefined;
  /** The folders from which the names of the workspace's own modules count. */
  readonly sources: readonly SourceFolder[];
}

/** What the files of a root's projects say. */
interface Layout {
  readonly sources: readonly SourceFolder[];
  readonly extraFolders: readonly string[];
}

/** More projects in one root are not asked where their packages are. */
const MOST_PROJECTS = 2_000;

/**
 * Finds the environment of a workspace: what the user set, else what the editor reports, else the environments below the
 * roots, else one that is active in the shell. What was searched of an environment is kept while that stays the same.
 */
export class EnvironmentFinder {
  readonly #host: Host;
  readonly #roots: readonly string[];
  #settings: PythonSettings = {};
  #found: { readonly key: string; readonly environment: Omit<WorkspaceEnvironment, "sources"> } | undefined;
  /** By the list of projects of a scan, which is made anew where files came or went. */
  readonly #layouts = new WeakMap<readonly string[], Promise<Layout>>();
  #complained = "";

  constructor(host: Host, roots: readonly string[]) {
    this.#host = host;
    this.#roots = roots;
  }

  /** Takes in what was said; answers whether that is something new. */
  configure(settings: PythonSettings): boolean {
    const merged = { ...this.#settings, ...settings };
    if (JSON.stringify(merged) === JSON.stringify(this.#settings)) return false;
    this.#settings = merged;
    return true;
  }

  /** Forgets what was searched: packages were installed or removed. */
  forget(): void {
    this.#found = undefined;
  }

  /** The installed packages, once they were looked for. */
  get packages(): InstalledPackages | undefined {
    return this.#found?.environment.packages;
  }

  /** The folders of installed packages, once they were looked for. */
  get sitePackages(): readonly string[] {
    return this.#found?.environment.sitePackages ?? [];
  }

  /** The environment for what was found below the roots. Throws only Cancelled. */
  async find(scans: readonly Scan[], token?: CancellationToken): Promise<WorkspaceEnvironment> {
    const layouts: Layout[] = [];
    for (const scan of scans) layouts.push(await this.#layoutOf(scan, token));
    const extraFolders = layouts.flatMap((layout) => layout.extraFolders);
    const sitePackages = await this.#sitePackages(scans);
    const key = JSON.stringify([sitePackages, extraFolders]);
    const [{ InstalledPackages }, { PackageFinder }] = await Promise.all([
      import("./installedPackages.ts"),
      import("./packages.ts"),
    ]);
    if (this.#found?.key !== key) {
      const finder = new PackageFinder(this.#host, sitePackages, extraFolders);
      const packages = new InstalledPackages(this.#host, finder, [...this.#roots, key]);
      this.#found = { key, environment: { sitePackages, packages, installed: await finder.importableNames() } };
    }
    const { environment } = this.#found;
    const { folders, mapped } = await environment.packages.importPath();
    const added = [...extraFolders, ...folders].map((folder) => ({ folder, prefix: "" }));
    return { ...environment, sources: [...layouts.flatMap(({ sources }) => sources), ...mapped, ...added] };
  }

  /** The environments that were named and exist, the strongest first: they answer before any that stands in a root. */
  async named(): Promise<string[]> {
    const { environment, reported } = this.#settings;
    const found: string[] = [];
    for (const uri of [environment, reported]) {
      if (uri === undefined) continue;
      const at = await environmentAt(this.#host, uri);
      if (at !== undefined && (await sitePackagesOf(this.#host, at)).length > 0) found.push(at);
      else if (uri === environment && this.#complained !== uri) {
        this.#complained = uri;
        this.#host.log("warning", `${displayPath(uri)} is no Python environment: no packages are installed there`);
      }
    }
    return found;
  }

  async #sitePackages(scans: readonly Scan[]): Promise<string[]> {
    const [named] = await this.named();
    if (named !== undefined) return sitePackagesOf(this.#host, named);
    const folders = await this.#below(scans);
    if (folders.length > 0) return folders;
    for (const active of this.#host.activeEnvironments ?? []) {
      const installed = await sitePackagesOf(this.#host, active);
      if (installed.length > 0) return installed;
    }
    return [];
  }

  /** The folders of installed packages below the roots, those of environments that stand directly in a root first. */
  async #below(scans: readonly Scan[]): Promise<string[]> {
    const environments = new Set<string>();
    for (const root of this.#roots) {
      const list = await this.#host.list(root);
      const names = list.ok ? list.value.filter(({ kind }) => kind !== "file").map(({ name }) => name) : [];
      for (const uri of await environmentsIn(this.#host, root, names)) environments.add(uri);
    }
    for (const found of scans) for (const uri of found.environments) environments.add(uri);
    const folders: string[] = [];
    for (const environment of environments) folders.push(...(await sitePackagesOf(this.#host, environment)));
    return [...new Set(folders)];
  }

  async #layoutOf(scan: Scan, token: CancellationToken | undefined): Promise<Layout> {
    let layout = this.#layouts.get(scan.projects);
    if (!layout) {
      layout = this.#readLayout(scan, token);
      this.#layouts.set(scan.projects, layout);
      layout.catch(() => this.#layouts.delete(scan.projects));
    }
    return layout;
  }

  async #readLayout({ root, projects }: Scan, token: CancellationToken | undefined): Promise<Layout> {
    const [{ sourceFoldersOf }, { extraPathsOf }] = await Promise.all([
      import("./sourceFolders.ts"),
      import("./extraPaths.ts"),
    ]);
    const slices = new Slices(this.#host, token);
    const sources: SourceFolder[] = [];
    for (const project of projects.slice(0, MOST_PROJECTS)) {
      if (slices.due()) await slices.pause();
      sources.push(...(await sourceFoldersOf(this.#host, project)));
    }
    return { sources, extraFolders: await extraPathsOf(this.#host, root, this.#settings.extraPaths) };
  }
}
