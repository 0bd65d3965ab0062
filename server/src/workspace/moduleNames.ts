import type { Host } from "./host.ts";
import { baseName, isWithin, joinUri, parentUri, relativePath } from "./uri.ts";

/** How Python may import a file. */
export interface ModulePlaces {
  /** Dotted names, the likeliest first; empty for a file that no `import` statement can name. */
  readonly names: readonly string[];
  /** Whether it is a package's `__init__.py`. */
  readonly isPackage: boolean;
}

const identifier = /^[\p{XID_Start}_]\p{XID_Continue}*$/u;

/** A folder from which names count because a file or a setting says so. */
export interface SourceFolder {
  readonly folder: string;
  /** The package that the folder itself is, dotted; "" where it holds packages. */
  readonly prefix: string;
}

/**
 * Names the modules below one root. What a project, a setting or an editable install says comes first. Otherwise a file
 * inside packages (`__init__.py`) is named from the folder that holds the outermost one; any other from the root, from a
 * `src` folder, and by its own name alone, as the scripts beside it import it.
 */
export class ModuleNamer {
  readonly #root: string;
  readonly #packages: ReadonlySet<string>;
  /** "a.b" where the root itself is the package b in the package a; "" where it is none. */
  readonly #rootPackage: string;

  /** The innermost first; the root itself is none, since every name may count from there. */
  readonly #sources: readonly SourceFolder[];

  private constructor(
    root: string,
    packages: ReadonlySet<string>,
    rootPackage: string,
    sources: readonly SourceFolder[],
  ) {
    this.#root = root;
    this.#packages = packages;
    this.#rootPackage = rootPackage;
    this.#sources = sources
      .filter(({ folder, prefix }) => isWithin(folder, root) && (folder !== root || prefix !== ""))
      .sort((a, b) => b.folder.length - a.folder.length);
  }

  /** A namer for a root and its Python files. Looks above the root where that is a package itself. */
  static async for(
    host: Host,
    root: string,
    pythonFiles: readonly string[],
    sources: readonly SourceFolder[] = [],
  ): Promise<ModuleNamer> {
    const packages = new Set(pythonFiles.filter((uri) => uri.endsWith("/__init__.py")).map(parentUri));
    const names: string[] = [];
    for (let folder = root; packages.has(folder); folder = parentUri(folder)) {
      names.unshift(baseName(folder));
      const above = parentUri(folder);
      if (above !== folder && (await host.stat(joinUri(above, "__init__.py"))) !== undefined) packages.add(above);
    }
    return new ModuleNamer(root, packages, names.join("."), sources);
  }

  placesOf(uri: string): ModulePlaces {
    const path = relativePath(this.#root, uri) ?? baseName(uri);
    const parts = path.replace(/\.pyi?$/i, "").split("/");
    const isPackage = parts.at(-1) === "__init__";
    if (isPackage) parts.pop();
    const depth = this.#packageDepth(parentUri(uri));
    const inRootPackage = this.#rootPackage === "" ? [] : this.#rootPackage.split(".");
    const candidates = this.#fromSources(uri, isPackage);
    const folders = isPackage ? parts.length : parts.length - 1;
    // Every folder from the root down to the file is a package: the name begins with the root's own.
    if (inRootPackage.length > 0 && depth === folders + 1) candidates.push([...inRootPackage, ...parts]);
    else if (depth > 0) candidates.push(parts.slice(folders - depth));
    if (parts[0] === "src" && !this.#packages.has(joinUri(this.#root, "src"))) candidates.push(parts.slice(1));
    candidates.push(parts);
    if (depth === 0 && !isPackage) candidates.push(parts.slice(-1));
    const names = candidates.filter((one) => one.length > 0 && one.every((part) => identifier.test(part)));
    return { names: [...new Set(names.map((one) => one.join(".")))], isPackage };
  }

  /** The names that count from the source folders that hold a file. */
  #fromSources(uri: string, isPackage: boolean): string[][] {
    const file = isPackage ? parentUri(uri) : uri.replace(/\.pyi?$/i, "");
    return this.#sources.flatMap(({ folder, prefix }) => {
      const path = relativePath(folder, file);
      if (path === undefined) return [];
      return [[...prefix.split("."), ...path.split("/")].filter((part) => part !== "")];
    });
  }

  /** How many folders, from a folder upwards and not above the root, are packages without a gap. */
  #packageDepth(folder: string): number {
    let depth = 0;
    for (let current = folder; this.#packages.has(current); current = parentUri(current)) {
      depth++;
      if (current === this.#root) break;
    }
    return depth;
  }
}
