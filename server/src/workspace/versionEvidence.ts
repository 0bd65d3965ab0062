import { environmentsIn, installedDistributions, sitePackagesOf } from "./environments.ts";
import { formatBytes, type Host, readText } from "./host.ts";
import type { NamedVersion } from "./kerasVersion.ts";
import {
  namedPin,
  type Pin,
  readCondaEnvironment,
  readPipfileLock,
  readPyproject,
  readRequirements,
  readSetupCfg,
  readTomlLock,
} from "./requirements.ts";
import { baseName, displayPath, isWithin, joinUri, normalizeUri, parentUri, relativePath } from "./uri.ts";

/** Which Keras version a workspace's environments, locks and requirement files name for a document. */
export interface VersionEvidence {
  readonly environment?: NamedVersion | undefined;
  readonly pin?: NamedVersion | undefined;
}

const LOCK_BYTES = 20_000_000;
const tomlLocks: readonly string[] = ["uv.lock", "poetry.lock", "pdm.lock", "pylock.toml"];

/** Files that may pin Keras, by their names; what they include may have any. */
const pinFile =
  /^(?:uv\.lock|poetry\.lock|pdm\.lock|pylock\.toml|Pipfile\.lock|pyproject\.toml|setup\.cfg|environment\.ya?ml|pyvenv\.cfg)$|^(?:requirements|constraints)[\w.-]*\.(?:txt|in)$|requirements\.txt$/i;

type FolderCache = Map<string, Promise<NamedVersion | undefined>>;

/**
 * Looks for evidence in the folders from a document's up to its root, nearest first, and in the root where the document
 * lies elsewhere. Every folder is looked at once.
 */
export class VersionFinder {
  readonly #host: Host;
  readonly #roots: readonly string[];
  readonly #named: () => Promise<readonly string[]>;
  readonly #environments: FolderCache = new Map();
  /** Of environments that were named or are active, by their own folder. */
  readonly #chosen: FolderCache = new Map();
  readonly #pins: FolderCache = new Map();
  readonly #files = new Set<string>();
  readonly #sitePackages = new Set<string>();

  /** `named` are the environments that the user or the editor names: they answer before those of the folders. */
  constructor(host: Host, roots: readonly string[], named: () => Promise<readonly string[]> = async () => []) {
    this.#host = host;
    this.#roots = roots;
    this.#named = named;
  }

  /** The evidence for a document. A pin is sought only where no environment answers. */
  async evidenceFor(document: string): Promise<VersionEvidence> {
    const folders = this.#foldersFor(document);
    const inEnvironment = (uri: string) => this.#once(this.#chosen, uri, () => this.#installedIn(uri));
    const environment =
      (await first(await this.#named(), inEnvironment)) ??
      (await first(folders, (folder) => this.#once(this.#environments, folder, () => this.#installed(folder)))) ??
      (await first(this.#host.activeEnvironments ?? [], inEnvironment));
    if (environment) return { environment };
    return { pin: await first(folders, (folder) => this.#once(this.#pins, folder, () => this.#pinned(folder))) };
  }

  /** The folders whose entries the evidence depends on. */
  get folders(): ReadonlySet<string> {
    const folders = new Set([...this.#environments.keys(), ...this.#pins.keys(), ...this.#sitePackages]);
    for (const file of this.#files) folders.add(parentUri(file));
    return folders;
  }

  /** Whether a changed entry may change the evidence: a file that was read, one that may pin, an installed package. */
  dependsOn(uri: string): boolean {
    if (this.#files.has(uri)) return true;
    const folder = parentUri(uri);
    if (this.#sitePackages.has(folder)) return true;
    const isLookedAt = this.#environments.has(folder) || this.#pins.has(folder) || /\/requirements$/.test(folder);
    return isLookedAt && pinFile.test(baseName(uri));
  }

  #foldersFor(document: string): string[] {
    const root = innermost(this.#roots, document);
    if (root === undefined) return [...this.#roots];
    const folders: string[] = [];
    for (let folder = parentUri(document); isWithin(folder, root); folder = parentUri(folder)) {
      folders.push(folder);
      if (folder === root) break;
    }
    return [...folders, ...this.#roots.filter((one) => one !== root)];
  }

  #once(cache: FolderCache, folder: string, look: () => Promise<NamedVersion | undefined>) {
    let found = cache.get(folder);
    if (!found) {
      found = look();
      cache.set(folder, found);
    }
    return found;
  }

  /** How a file or folder is named in the reason: from the root that it lies in. */
  #nameOf(uri: string): string {
    const root = innermost(this.#roots, uri);
    return (root !== undefined && relativePath(root, uri)) || displayPath(uri);
  }

  async #installed(folder: string): Promise<NamedVersion | undefined> {
    const list = await this.#host.list(folder);
    if (!list.ok) return undefined;
    const names = list.value.filter((entry) => entry.kind !== "file").map((entry) => entry.name);
    for (const environment of await environmentsIn(this.#host, folder, names)) {
      const found = await this.#installedIn(environment);
      if (found) return found;
    }
    return undefined;
  }

  async #installedIn(environment: string): Promise<NamedVersion | undefined> {
    for (const site of await sitePackagesOf(this.#host, environment)) {
      this.#sitePackages.add(site);
      const installed = await installedDistributions(this.#host, site);
      for (const name of ["keras", "tf-keras"]) {
        const version = installed.get(name);
        if (version !== undefined)
          return { version, from: `${name} ${version} is installed in ${this.#nameOf(environment)}` };
      }
    }
    return undefined;
  }

  async #pinned(folder: string): Promise<NamedVersion | undefined> {
    const list = await this.#host.list(folder);
    if (!list.ok) return undefined;
    const files = list.value.filter((entry) => entry.kind !== "folder").map((entry) => entry.name);
    const hasRequirements = list.value.some((entry) => entry.name === "requirements" && entry.kind === "folder");
    for (const file of tomlLocks.filter((one) => files.includes(one))) {
      const uri = joinUri(folder, file);
      const pin = namedPin(this.#nameOf(uri), readTomlLock(await this.#toml(uri)));
      if (pin) return pin;
    }
    if (files.includes("Pipfile.lock")) {
      const uri = joinUri(folder, "Pipfile.lock");
      const pin = namedPin(this.#nameOf(uri), readPipfileLock(await this.#text(uri)));
      if (pin) return pin;
    }
    for (const uri of await this.#requirementFiles(folder, files, hasRequirements)) {
      const pin = await this.#requirements(uri, new Set());
      if (pin) return pin;
    }
    for (const [file, read] of projectFiles) {
      if (!files.includes(file)) continue;
      const uri = joinUri(folder, file);
      const pin = namedPin(
        this.#nameOf(uri),
        file.endsWith(".toml") ? readPyproject(await this.#toml(uri)) : read(await this.#text(uri)),
      );
      if (pin) return pin;
    }
    return undefined;
  }

  async #requirementFiles(folder: string, files: readonly string[], hasFolder: boolean): Promise<string[]> {
    const own = files.filter((file) =>
      /^(?:requirements|constraints)[\w.-]*\.(?:txt|in)$|^[\w.-]*requirements\.txt$/i.test(file),
    );
    // `requirements.txt` is what is installed; the others add to it.
    const ordered = own.sort(
      (a, b) => Number(b === "requirements.txt") - Number(a === "requirements.txt") || (a < b ? -1 : 1),
    );
    const uris = ordered.map((file) => joinUri(folder, file));
    if (!hasFolder) return uris;
    const below = await this.#host.list(joinUri(folder, "requirements"));
    const names = below.ok
      ? below.value
          .map((entry) => entry.name)
          .filter((file) => /\.(?:txt|in)$/.test(file))
          .sort()
      : [];
    return [...uris, ...names.slice(0, 50).map((file) => joinUri(folder, `requirements/${file}`))];
  }

  /** The first pin of a file, or of those that it includes by `-r` and `-c`. */
  async #requirements(uri: string, seen: Set<string>): Promise<NamedVersion | undefined> {
    seen.add(uri);
    const { pins, includes } = readRequirements(await this.#text(uri));
    const pin = namedPin(this.#nameOf(uri), pins);
    if (pin) return pin;
    for (const include of includes) {
      const included = normalizeUri(joinUri(parentUri(uri), include));
      // What stands outside the workspace is another project's; a file includes a handful at most.
      if (seen.size > 50 || seen.has(included) || !innermost(this.#roots, included)) continue;
      const found = await this.#requirements(included, seen);
      if (found) return found;
    }
    return undefined;
  }

  /** The text of a file, "" where it cannot be read. */
  async #text(uri: string): Promise<string> {
    this.#files.add(uri);
    const read = await readText(this.#host, uri, "json", LOCK_BYTES);
    if (!read.ok) {
      if (read.why !== "missing") this.#host.log("warning", `${uri}: not read (${read.detail})`);
      return "";
    }
    this.#host.log("debug", `${uri}: ${formatBytes(read.value.bytes)} read for a pin of keras`);
    return read.value.text;
  }

  async #toml(uri: string): Promise<unknown> {
    const text = await this.#text(uri);
    if (!/keras|tensorflow/i.test(text)) return undefined;
    // Most workspaces never get here, so the parser is not loaded at the start.
    const { parse } = await import("smol-toml");
    try {
      return parse(text);
    } catch (error) {
      this.#host.log(
        "warning",
        `${uri}: not read (${error instanceof Error ? error.message.split("\n")[0] : "not TOML"})`,
      );
      return undefined;
    }
  }
}

const projectFiles: readonly (readonly [string, (text: string) => Pin[]])[] = [
  ["pyproject.toml", () => []],
  ["environment.yml", readCondaEnvironment],
  ["environment.yaml", readCondaEnvironment],
  ["setup.cfg", readSetupCfg],
];

async function first<T>(
  folders: readonly string[],
  look: (folder: string) => Promise<T | undefined>,
): Promise<T | undefined> {
  for (const folder of folders) {
    const found = await look(folder);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The longest of the folders that holds a URI. */
export function innermost(folders: readonly string[], uri: string): string | undefined {
  let best: string | undefined;
  for (const folder of folders) if (isWithin(uri, folder) && folder.length > (best?.length ?? -1)) best = folder;
  return best;
}
