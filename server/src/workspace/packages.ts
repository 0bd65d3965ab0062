import { topLevelNames } from "./environments.ts";
import { type Host, readText } from "./host.ts";
import { directUrlFolders, type ImportPath, readImportPath } from "./importPath.ts";
import type { SourceFolder } from "./moduleNames.ts";
import { scan } from "./scan.ts";
import { ahead, type CancellationToken, Slices } from "./slices.ts";
import { baseName, joinUri } from "./uri.ts";

/** How much of one installed package is searched before it counts as unread. */
export interface SearchLimits {
  readonly files: number;
  readonly bytes: number;
  readonly milliseconds: number;
}

export const defaultSearchLimits: SearchLimits = { files: 20_000, bytes: 200_000_000, milliseconds: 10_000 };

/** A package or module where an environment keeps it. */
export interface InstalledPackage {
  /** Its dotted name; more than one part for what an editable install puts into a namespace package. */
  readonly name: string;
  /** Its own folder, or its one file. */
  readonly uri: string;
  readonly isFolder: boolean;
}

/** A file of a package, under the name that it is imported by. */
export interface InstalledModule {
  readonly name: string;
  readonly uri: string;
}

/** What searching a package's Python for words gave. */
export interface PackageSearch {
  /** Files that hold a word, with their text. */
  readonly files: readonly { readonly uri: string; readonly text: string }[];
  /** Every Python file of it. */
  readonly all: readonly string[];
  /** Why not everything was searched; absent where it was. */
  readonly incomplete?: string;
}

const FILE_BYTES = 10_000_000;
/** No module stands in more packages than this. */
const DEEPEST_PATH = 30;

/** The packages of the environments, by the name they are imported under. */
export class PackageFinder {
  readonly #host: Host;
  readonly #sitePackages: readonly string[];
  readonly #extraFolders: readonly string[];
  #path: Promise<ImportPath> | undefined;
  #direct: Promise<readonly SourceFolder[]> | undefined;

  /**
   * `sitePackages` are the folders of installed packages, the first one winning as on `sys.path`; before them come the
   * folders that settings add.
   */
  constructor(host: Host, sitePackages: readonly string[], extraFolders: readonly string[] = []) {
    this.#host = host;
    this.#sitePackages = sitePackages;
    this.#extraFolders = extraFolders;
  }

  /** Where the modules of the environments come from. */
  importPath(): Promise<ImportPath> {
    this.#path ??= readImportPath(this.#host, this.#sitePackages);
    return this.#path;
  }

  /**
   * Where a top-level name is installed: one place for a package, several for one without `__init__.py`, whose parts
   * Python joins; none where it is not. What only `direct_url.json` tells of is asked last.
   */
  async find(name: string): Promise<readonly InstalledPackage[]> {
    const { folders, mapped } = await this.importPath();
    const found = await this.#findBelow(name, [...this.#extraFolders, ...folders], mapped);
    if (found.length > 0) return found;
    const direct = await this.#directUrls();
    const holding = direct.filter(({ prefix }) => prefix === "").map(({ folder }) => folder);
    return this.#findBelow(
      name,
      holding,
      direct.filter(({ prefix }) => prefix !== ""),
    );
  }

  /** The names that can be imported from outside the workspace; undefined where Keras is not among them. */
  async importableNames(): Promise<ReadonlySet<string> | undefined> {
    const { folders, mapped, hasUnknownFinder } = await this.importPath();
    const names = new Set<string>();
    const add = async (from: readonly string[]) => {
      for (const folder of from) for (const name of await topLevelNames(this.#host, folder)) names.add(name);
    };
    await add(this.#sitePackages);
    if (!names.has("keras")) return undefined;
    await add([...this.#extraFolders, ...folders]);
    const leads = [...mapped, ...(hasUnknownFinder ? await this.#directUrls() : [])];
    for (const { prefix } of leads) if (prefix !== "") names.add(prefix.split(".", 1)[0] ?? "");
    await add(leads.flatMap(({ prefix, folder }) => (prefix === "" ? folder : [])));
    return names;
  }

  #directUrls(): Promise<readonly SourceFolder[]> {
    this.#direct ??= directUrlFolders(this.#host, this.#sitePackages);
    return this.#direct;
  }

  async #findBelow(
    name: string,
    folders: readonly string[],
    mapped: readonly SourceFolder[],
  ): Promise<readonly InstalledPackage[]> {
    const parts: InstalledPackage[] = [];
    for (const folder of folders) {
      const whole = await this.#at(name, joinUri(folder, name), parts);
      if (whole) return [whole];
    }
    for (const { prefix, folder } of mapped) {
      if (prefix !== name && !prefix.startsWith(`${name}.`)) continue;
      const whole = await this.#at(prefix, folder, parts);
      if (whole && prefix === name) return [whole];
      if (whole) parts.push(whole);
    }
    return parts;
  }

  /** The package or module at a place; one without `__init__.py` is only put among the parts, as others may follow. */
  async #at(name: string, uri: string, parts: InstalledPackage[]): Promise<InstalledPackage | undefined> {
    const isFolder = (await this.#host.stat(uri))?.kind === "folder";
    if (isFolder && (await this.#isFile(joinUri(uri, "__init__.py")))) return { name, uri, isFolder };
    if (await this.#isFile(`${uri}.py`)) return { name, uri: `${uri}.py`, isFolder: false };
    if (isFolder) parts.push({ name, uri, isFolder });
    return undefined;
  }

  async #isFile(uri: string): Promise<boolean> {
    return (await this.#host.stat(uri))?.kind === "file";
  }

  /**
   * The files that importing a dotted path would run, as far as its parts are modules: for `namex.export` the package's
   * `__init__.py`, then `export.py` where there is one. Outermost first; empty where nothing of it is installed.
   */
  async modulesAlong(path: string): Promise<readonly InstalledModule[]> {
    const parts = path.split(".", DEEPEST_PATH);
    const modules: InstalledModule[] = [];
    for (const found of await this.find(parts[0] ?? "")) {
      if (path !== found.name && !path.startsWith(`${found.name}.`)) continue;
      if (found.isFolder) await this.#alongFolder(found, parts, modules);
      else modules.push({ name: found.name, uri: found.uri });
    }
    return modules;
  }

  async #alongFolder(found: InstalledPackage, parts: readonly string[], modules: InstalledModule[]): Promise<void> {
    let { name, uri: folder } = found;
    await this.#addFile(modules, name, joinUri(folder, "__init__.py"));
    for (const part of parts.slice(name.split(".").length)) {
      name = `${name}.${part}`;
      const inner = joinUri(folder, part);
      const isPackage = await this.#addFile(modules, name, joinUri(inner, "__init__.py"));
      if (!isPackage && (await this.#addFile(modules, name, joinUri(folder, `${part}.py`)))) return;
      folder = inner;
    }
  }

  async #addFile(modules: InstalledModule[], name: string, uri: string): Promise<boolean> {
    if (!(await this.#isFile(uri))) return false;
    modules.push({ name, uri });
    return true;
  }

  /** The Python files of a package that hold one of the words. Bounded, sliced, never throws but for cancellation. */
  async search(
    found: InstalledPackage,
    hasWord: (text: string) => boolean,
    limits: SearchLimits = defaultSearchLimits,
    token?: CancellationToken,
  ): Promise<PackageSearch> {
    const slices = new Slices(this.#host, token);
    const started = this.#host.now();
    const walked = found.isFolder
      ? await scan(this.#host, found.uri, {
          limits: {
            folders: limits.files,
            files: limits.files,
            entries: limits.files * 20,
            milliseconds: limits.milliseconds,
          },
          ...(token && { token }),
        })
      : undefined;
    const all = walked?.python ?? [found.uri];
    const files: { uri: string; text: string }[] = [];
    let incomplete = walked?.incomplete;
    let bytes = 0;
    for await (const [uri, read] of ahead(all, (one) => readText(this.#host, one, "python", FILE_BYTES))) {
      if (slices.due()) await slices.pause();
      if (!read.ok) {
        incomplete ??= `${baseName(uri)} cannot be read (${read.detail})`;
        continue;
      }
      bytes += read.value.bytes;
      if (hasWord(read.value.text)) files.push({ uri, text: read.value.text });
      if (bytes > limits.bytes) incomplete ??= `more than ${limits.bytes / 1e6} MB of Python`;
      if (this.#host.now() - started > limits.milliseconds)
        incomplete ??= `more than ${limits.milliseconds / 1000} seconds of reading`;
      if (incomplete !== undefined) break;
    }
    return { files, all, ...(incomplete !== undefined && { incomplete }) };
  }
}
