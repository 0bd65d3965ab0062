import { summarise } from "../python/index.ts";
import { hasRegistrationWord } from "../python/words.ts";
import { isKnownSilent, type ModuleInput, type PackageStatus } from "../registry/index.ts";
import type { Host } from "./host.ts";
import { defaultSearchLimits, type InstalledPackage, type PackageFinder } from "./packages.ts";
import { summaryOf } from "./pythonFiles.ts";
import { type CancellationToken, Slices } from "./slices.ts";
import { relativePath } from "./uri.ts";

/** How long all packages together are searched, in milliseconds. */
const SEARCH_MS = 20_000;

/**
 * What the packages that a workspace imports may register: those without a word of registration are silent, the modules
 * of the others are read, and so are the packages that these import.
 */
export class InstalledPackages {
  /** By the first name of their modules. A package that is not installed, or was not searched as a whole, is missing. */
  readonly statuses = new Map<string, PackageStatus>();
  readonly modules: ModuleInput[] = [];
  readonly #host: Host;
  readonly #finder: PackageFinder;
  readonly #token: CancellationToken | undefined;
  readonly #started: number;

  constructor(host: Host, finder: PackageFinder, token?: CancellationToken) {
    this.#host = host;
    this.#finder = finder;
    this.#token = token;
    this.#started = host.now();
  }

  /** Searches the packages of these names, and then those that they import. Throws only Cancelled. */
  async follow(roots: Iterable<string>): Promise<void> {
    const named = new Set(roots);
    const queue = [...named].sort();
    for (let root = queue.shift(); root !== undefined; root = queue.shift()) {
      if (this.statuses.has(root)) continue;
      const found = await this.#finder.find(root);
      if (!found) {
        // What a package imports only where it is installed leaves nothing open; what the workspace imports does.
        if (named.has(root)) this.statuses.set(root, "missing");
        continue;
      }
      const imports = new Set<string>();
      this.statuses.set(root, await this.#search(found, imports));
      queue.push(...[...imports].filter((name) => !this.statuses.has(name)).sort());
    }
  }

  async #search(found: InstalledPackage, imports: Set<string>): Promise<PackageStatus> {
    const left = SEARCH_MS - (this.#host.now() - this.#started);
    const limits = { ...defaultSearchLimits, milliseconds: Math.min(defaultSearchLimits.milliseconds, left) };
    const hasWord = (text: string) => {
      for (const root of rootsIn(text)) imports.add(root);
      return hasRegistrationWord(text);
    };
    const search = await this.#finder.search(found, hasWord, limits, this.#token);
    if (search.incomplete !== undefined) {
      this.#host.log("warning", `${found.uri}: not searched as a whole (${search.incomplete})`);
      return "missing";
    }
    if (search.files.length === 0) return "installed-silent";
    // A wrapper that registers is used in files without any such word: all of them are linked.
    const slices = new Slices(this.#host, this.#token);
    const texts = new Map(search.files.map(({ uri, text }) => [uri, text]));
    for (const uri of search.all) {
      if (slices.due()) await slices.pause();
      const text = texts.get(uri);
      const read = text === undefined ? await summaryOf(this.#host, uri) : { summary: summarise({ uri, text }) };
      if (!("refused" in read))
        this.modules.push({ summary: read.summary, names: [moduleName(found, uri)], installed: true });
    }
    return "installed-read";
  }
}

function moduleName(found: InstalledPackage, uri: string): string {
  const path = relativePath(found.folder, uri) ?? found.name;
  return path.replace(/(?:\/__init__)?\.py$/i, "").replaceAll("/", ".");
}

/** The first names of a text's absolute imports, found without reading it as Python. */
function rootsIn(text: string): string[] {
  const roots: string[] = [];
  for (const [, root = ""] of text.matchAll(/^[ \t]*(?:import|from)[ \t]+([A-Za-z_]\w*)/gm)) {
    if (!isKnownSilent(root)) roots.push(root);
  }
  return roots;
}
