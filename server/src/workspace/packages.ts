import { type Host, readText } from "./host.ts";
import { scan } from "./scan.ts";
import { ahead, type CancellationToken, Slices } from "./slices.ts";
import { baseName, joinUri, normalizeUri } from "./uri.ts";

/** How much of one installed package is searched before it counts as unread. */
export interface SearchLimits {
  readonly files: number;
  readonly bytes: number;
  readonly milliseconds: number;
}

export const defaultSearchLimits: SearchLimits = { files: 20_000, bytes: 200_000_000, milliseconds: 10_000 };

/** A package or module where an environment keeps it. */
export interface InstalledPackage {
  readonly name: string;
  /** The folder that holds it: what its dotted names count from. */
  readonly folder: string;
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
const PTH_BYTES = 100_000;

/** The packages of the environments, by the name they are imported under. */
export class PackageFinder {
  readonly #host: Host;
  readonly #sitePackages: readonly string[];
  #folders: Promise<readonly string[]> | undefined;

  /** `sitePackages` are the folders of installed packages, the first one winning as on `sys.path`. */
  constructor(host: Host, sitePackages: readonly string[]) {
    this.#host = host;
    this.#sitePackages = sitePackages;
  }

  /** Whether there is an environment to look into. */
  get hasEnvironment(): boolean {
    return this.#sitePackages.length > 0;
  }

  /** Where a top-level name is installed; undefined where it is not. */
  async find(name: string): Promise<InstalledPackage | undefined> {
    this.#folders ??= this.#searchPath();
    for (const folder of await this.#folders) {
      const uri = joinUri(folder, name);
      if ((await this.#host.stat(uri))?.kind === "folder") return { name, folder, uri, isFolder: true };
      const file = joinUri(folder, `${name}.py`);
      if ((await this.#host.stat(file))?.kind === "file") return { name, folder, uri: file, isFolder: false };
    }
    return undefined;
  }

  /**
   * The files that importing a dotted path would run, as far as its parts are modules: for `namex.export` the package's
   * `__init__.py`, then `export.py` where there is one. Outermost first; empty where nothing of it is installed.
   */
  async modulesAlong(path: string): Promise<readonly InstalledModule[]> {
    const [root = "", ...rest] = path.split(".", DEEPEST_PATH);
    const found = await this.find(root);
    if (!found) return [];
    if (!found.isFolder) return [{ name: root, uri: found.uri }];
    const modules: InstalledModule[] = [];
    let folder = found.uri;
    let name = root;
    await this.#addFile(modules, name, joinUri(folder, "__init__.py"));
    for (const part of rest) {
      name = `${name}.${part}`;
      const inner = joinUri(folder, part);
      const isPackage = await this.#addFile(modules, name, joinUri(inner, "__init__.py"));
      if (!isPackage && (await this.#addFile(modules, name, joinUri(folder, `${part}.py`)))) break;
      folder = inner;
    }
    return modules;
  }

  async #addFile(modules: InstalledModule[], name: string, uri: string): Promise<boolean> {
    if ((await this.#host.stat(uri))?.kind !== "file") return false;
    modules.push({ name, uri });
    return true;
  }

  /** The folders themselves and what their `.pth` files add, as site.py reads them: a line that is a path. */
  async #searchPath(): Promise<readonly string[]> {
    const folders = [...this.#sitePackages];
    for (const folder of this.#sitePackages) {
      const list = await this.#host.list(folder);
      if (!list.ok) continue;
      for (const { name } of list.value) {
        if (!name.endsWith(".pth")) continue;
        const read = await readText(this.#host, joinUri(folder, name), "python", PTH_BYTES);
        if (read.ok) folders.push(...read.value.text.split(/\r?\n/).flatMap((line) => pathLine(folder, line)));
      }
    }
    return folders;
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

/** A `.pth` line that names a folder; comments and `import` lines name none. */
function pathLine(folder: string, line: string): string[] {
  const path = line.trimEnd();
  if (path === "" || path.startsWith("#") || /^import[ \t]/.test(path)) return [];
  if (/^[A-Za-z]:[\\/]/.test(path)) return [normalizeUri(joinUri("file:///", path.replaceAll("\\", "/")))];
  return [
    path.startsWith("/") ? normalizeUri(joinUri("file:///", path.slice(1))) : normalizeUri(joinUri(folder, path)),
  ];
}
