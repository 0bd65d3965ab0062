import type { ModuleSummary } from "../python/index.ts";
import { hasRegistrationWord } from "../python/words.ts";
import { isKnownSilent, type ModuleInput, type PackageStatus } from "../registry/index.ts";
import type { Host } from "./host.ts";
import type { ImportPath } from "./importPath.ts";
import type { FileOrigins } from "./keptAnswers.ts";
import { defaultSearchLimits, type InstalledPackage, type PackageFinder, type PackageSearch } from "./packages.ts";
import { type SummedFile, summaryOf } from "./pythonFiles.ts";
import { ahead, type CancellationToken, Slices } from "./slices.ts";
import { SummaryStore, summed } from "./summaryStore.ts";
import { relativePath } from "./uri.ts";

/** How long the packages of one question are searched, in milliseconds. */
const SEARCH_MS = 20_000;
/** How many modules of packages that are otherwise not read are kept. */
const MOST_SINGLES = 1_000;
const NO_NAMES: ReadonlySet<string> = new Set();

/** What the packages that a workspace imports may register. */
export interface ReachedPackages {
  /** By the first name of their modules. A package that is not installed, or was not searched as a whole, is missing. */
  readonly statuses: ReadonlyMap<string, PackageStatus>;
  readonly modules: readonly ModuleInput[];
}

interface PackageRead {
  readonly status: PackageStatus;
  readonly modules: ModuleInput[];
  /** The first names of what it imports. */
  readonly imports: readonly string[];
}

/**
 * The packages of an environment, each searched when it is first asked for and then kept: those without a word of
 * registration are silent, the modules of the others are read.
 */
export class InstalledPackages {
  readonly #host: Host;
  readonly #finder: PackageFinder;
  readonly #packages = new Map<string, PackageRead | "not installed">();
  readonly #places = new Map<string, readonly InstalledPackage[]>();
  /** Modules that were read alone, by their address. */
  readonly #singles = new Map<string, ModuleInput>();
  readonly #store: SummaryStore;
  /** What is known of the files of packages that were read. */
  readonly #files = new Map<string, Omit<SummedFile, "summary">>();

  /** `places` names what is kept between runs: whose packages these are, and where they lie. */
  constructor(host: Host, finder: PackageFinder, places: readonly string[] = []) {
    this.#host = host;
    this.#finder = finder;
    this.#store = new SummaryStore(host, ["packages", ...places]);
  }

  /** Where the modules of the environments come from. */
  importPath(): Promise<ImportPath> {
    return this.#finder.importPath();
  }

  /** Whether a top-level name is installed. */
  async has(root: string): Promise<boolean> {
    return (await this.#placesOf(root)).length > 0;
  }

  /**
   * The packages of these names, and those that they import. One that lies in the workspace, where an editable install
   * leads, is the workspace's own, as `isOwn` says of its folder or file, and is not read again. Throws only Cancelled.
   */
  async reach(
    roots: Iterable<string>,
    token?: CancellationToken,
    isOwn: (uri: string) => boolean = () => false,
  ): Promise<ReachedPackages> {
    const deadline = this.#host.now() + SEARCH_MS;
    const named = new Set(roots);
    const statuses = new Map<string, PackageStatus>();
    const modules: ModuleInput[] = [];
    const queue = [...named].sort();
    const seen = new Set(queue);
    for (let root = queue.shift(); root !== undefined; root = queue.shift()) {
      const places = await this.#placesOf(root);
      if (places.some(({ uri }) => isOwn(uri))) continue;
      const found = await this.#package(root, places, deadline, token);
      if (found === "not installed") {
        // What a package imports only where it is installed leaves nothing open; what the workspace imports does.
        if (named.has(root)) statuses.set(root, "missing");
        continue;
      }
      statuses.set(root, found.status);
      for (const input of found.modules) modules.push(input);
      for (const name of found.imports) if (!seen.has(name)) queue.push(name);
      for (const name of found.imports) seen.add(name);
    }
    return { statuses, modules };
  }

  /**
   * The modules that importing these dotted paths would run, function bodies included, whatever is known of their packages:
   * of `namex.export`, `namex` and `namex.export`. Nothing that they import is followed. A module that `reach` answers is
   * the same object here. What is not installed is left out. Throws only Cancelled.
   */
  async modulesOf(paths: Iterable<string>, token?: CancellationToken): Promise<readonly ModuleInput[]> {
    const slices = new Slices(this.#host, token);
    const found = new Map<string, ModuleInput>();
    for (const path of paths) {
      for (const { name, uri } of await this.#finder.modulesAlong(path)) {
        if (slices.due()) await slices.pause();
        const input = found.get(uri) ?? this.#readModule(uri) ?? (await this.#single(name, uri));
        if (input) found.set(uri, input);
      }
    }
    return [...found.values()];
  }

  /** A module of a package that was read as a whole. */
  #readModule(uri: string): ModuleInput | undefined {
    for (const found of this.#packages.values()) {
      const input = found !== "not installed" && found.modules.find(({ summary }) => summary.uri === uri);
      if (input) return input;
    }
    return undefined;
  }

  async #single(name: string, uri: string): Promise<ModuleInput | undefined> {
    let input = this.#singles.get(uri);
    if (input || this.#singles.size >= MOST_SINGLES) return input;
    const read = await summaryOf(this.#host, uri, NO_NAMES);
    if ("refused" in read) {
      this.#host.log("warning", `${uri}: not read (${read.refused})`);
      return undefined;
    }
    input = { summary: this.#noted(uri, read), names: [name], installed: true };
    this.#singles.set(uri, input);
    return input;
  }

  /** Summarises a module of a package again, its function bodies too; false where it is of none that was read. */
  async readAgain(uri: string, names: ReadonlySet<string>): Promise<boolean> {
    for (const found of this.#packages.values()) {
      if (found === "not installed") continue;
      const at = found.modules.findIndex((input) => input.summary.uri === uri);
      if (at < 0) continue;
      const read = summed(await this.#store.read(uri), names);
      if ("refused" in read) return false;
      found.modules[at] = { ...found.modules[at]!, summary: this.#noted(uri, read) };
      return true;
    }
    const single = this.#singles.get(uri);
    const read = single && (await summaryOf(this.#host, uri, names));
    if (!single || !read || "refused" in read) return false;
    this.#singles.set(uri, { ...single, summary: this.#noted(uri, read) });
    return true;
  }

  #noted(uri: string, { summary, ...file }: SummedFile): ModuleSummary {
    this.#files.set(uri, file);
    return summary;
  }

  /** The files of packages that were read, each with what tells whether it is still the same. */
  origins(): FileOrigins {
    return new Map([...this.#files].map(([uri, { origin }]) => [uri, origin]));
  }

  /** Keeps the summaries of packages that were read for another run, where something is new. Never throws. */
  async save(): Promise<void> {
    await this.#store.release();
    await this.#store.save(this.#entries());
  }

  *#entries() {
    for (const found of this.#packages.values()) {
      if (found === "not installed") continue;
      for (const { summary } of found.modules) yield { ...this.#files.get(summary.uri)!, summary };
    }
  }

  async #placesOf(root: string): Promise<readonly InstalledPackage[]> {
    let places = this.#places.get(root);
    if (!places) {
      places = await this.#finder.find(root);
      this.#places.set(root, places);
    }
    return places;
  }

  async #package(
    root: string,
    places: readonly InstalledPackage[],
    deadline: number,
    token: CancellationToken | undefined,
  ): Promise<PackageRead | "not installed"> {
    let found = this.#packages.get(root);
    if (!found) {
      found = places.length > 0 ? await this.#search(places, deadline, token) : "not installed";
      this.#packages.set(root, found);
    }
    return found;
  }

  async #search(
    places: readonly InstalledPackage[],
    deadline: number,
    token: CancellationToken | undefined,
  ): Promise<PackageRead> {
    const imports = new Set<string>();
    const modules: ModuleInput[] = [];
    let hasWord = false;
    const result = (status: PackageStatus) => ({ status, modules, imports: [...imports].sort() });
    const searched: { readonly place: InstalledPackage; readonly search: PackageSearch }[] = [];
    for (const place of places) {
      const left = deadline - this.#host.now();
      const limits = { ...defaultSearchLimits, milliseconds: Math.min(defaultSearchLimits.milliseconds, left) };
      const matches = (text: string) => {
        for (const root of rootsIn(text)) imports.add(root);
        return hasRegistrationWord(text);
      };
      const search = await this.#finder.search(place, matches, limits, token);
      if (search.incomplete !== undefined) {
        this.#host.log("warning", `${place.uri}: not searched as a whole (${search.incomplete})`);
        return result("missing");
      }
      hasWord ||= search.files.length > 0;
      searched.push({ place, search });
    }
    if (!hasWord) return result("installed-silent");
    // A wrapper that registers is used in files without any such word: all of them are linked.
    for (const { place, search } of searched) modules.push(...(await this.#summarise(place, search, token)));
    return result("installed-read");
  }

  async #summarise(
    place: InstalledPackage,
    search: PackageSearch,
    token: CancellationToken | undefined,
  ): Promise<ModuleInput[]> {
    const modules: ModuleInput[] = [];
    const slices = new Slices(this.#host, token);
    for await (const [uri, reading] of ahead(search.all, (one) => this.#store.recall(one))) {
      if (slices.due()) await slices.pause();
      const read = summed(reading);
      if ("refused" in read) continue;
      modules.push({ summary: this.#noted(uri, read), names: [moduleName(place, uri)], installed: true });
    }
    return modules;
  }
}

function moduleName(place: InstalledPackage, uri: string): string {
  const path = place.isFolder ? (relativePath(place.uri, uri) ?? "") : "";
  const parts = path.replace(/(?:^|\/)__init__\.py$|\.py$/i, "").split("/");
  return [place.name, ...parts].filter((part) => part !== "").join(".");
}

/** The first names of a text's absolute imports, found without reading it as Python. */
function rootsIn(text: string): string[] {
  const roots: string[] = [];
  for (const [, root = ""] of text.matchAll(/^[ \t]*(?:import|from)[ \t]+([A-Za-z_]\w*)/gm)) {
    if (!isKnownSilent(root)) roots.push(root);
  }
  return roots;
}
