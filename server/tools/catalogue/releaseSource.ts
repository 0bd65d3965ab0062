import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type PythonTree, parsePython } from "../../src/python/tree.ts";
import type { KerasPackage } from "./kerasPackage.ts";

/** One module's file of a release. */
interface ModuleFile {
  /** Path below the folder that holds the packages, with slashes. */
  readonly path: string;
  readonly isPackage: boolean;
}

/** Where a module was found: its file, which a folder without `__init__.py` does not have, and its folder if it is a package. */
export interface FoundModule {
  readonly path: string | undefined;
  readonly isPackage: boolean;
  readonly folder: string;
}

/** Trees are shared between releases: most files do not change from one to the next. */
const trees = new Map<string, PythonTree>();

/** The Python files of one release. */
export class ReleaseSource {
  readonly package: KerasPackage;
  readonly version: string;
  /** By module, with slashes: "keras/src/layers". */
  private readonly modules = new Map<string, ModuleFile>();
  private readonly treesByPath = new Map<string, PythonTree>();
  /** Folders of packages, also those without `__init__.py`. */
  private readonly folders = new Set<string>();
  private readonly read: (path: string) => string;
  private readonly metadata: string;

  /** `paths` are those of the Python files, "keras/__init__.py" for example; `metadata` is the METADATA of the wheel. */
  constructor(
    kerasPackage: KerasPackage,
    version: string,
    paths: Iterable<string>,
    read: (path: string) => string,
    metadata: string,
  ) {
    this.package = kerasPackage;
    this.version = version;
    this.read = read;
    this.metadata = metadata;
    for (const path of paths) {
      const slash = path.lastIndexOf("/");
      for (let at = slash; at > 0; at = path.lastIndexOf("/", at - 1)) this.folders.add(path.slice(0, at));
      const isPackage = path.endsWith("/__init__.py");
      this.modules.set(isPackage ? path.slice(0, slash) : path.slice(0, -3), { path, isPackage });
    }
  }

  /** The file of a module looked for as `name` in a folder ("keras/src", or "" for the top). */
  find(folder: string, name: string): FoundModule | undefined {
    const module = folder === "" ? name : `${folder}/${name}`;
    const file = this.modules.get(module);
    if (file) return { path: file.path, isPackage: file.isPackage, folder: module };
    return this.folders.has(module) ? { path: undefined, isPackage: true, folder: module } : undefined;
  }

  /** Whether the wheel says that it needs a distribution, "dm-tree" for example. */
  requires(distribution: string): boolean {
    return this.metadata.includes(`\nRequires-Dist: ${distribution}`);
  }

  /** Paths of every Python file, sorted. */
  paths(): string[] {
    return [...this.modules.values()].map((file) => file.path).sort();
  }

  /** The tree of a module by its name; undefined where there is none of that name. */
  treeOf(module: string): PythonTree | undefined {
    const file = this.modules.get(module.replaceAll(".", "/"));
    return file && this.tree(file.path);
  }

  tree(path: string): PythonTree {
    let tree = this.treesByPath.get(path);
    if (!tree) {
      const text = this.read(path);
      tree = trees.get(text) ?? parsePython(text);
      trees.set(text, tree);
      this.treesByPath.set(path, tree);
    }
    return tree;
  }
}

/** The release in the folder of an unpacked wheel; throws where the folder does not hold the package. */
export function releaseFromFolder(kerasPackage: KerasPackage, version: string, folder: string): ReleaseSource {
  const paths: string[] = [];
  const walk = (path: string): void => {
    for (const entry of readdirSync(join(folder, path), { withFileTypes: true })) {
      if (entry.isDirectory()) {
        if (entry.name !== "__pycache__") walk(`${path}/${entry.name}`);
      } else if (entry.name.endsWith(".py")) paths.push(`${path}/${entry.name}`);
    }
  };
  const { name, distribution } = kerasPackage;
  if (!statSync(join(folder, name), { throwIfNoEntry: false })) throw new Error(`no package ${name} in ${folder}`);
  walk(name);
  const info = readdirSync(folder).find(
    (entry) => entry.startsWith(`${distribution}-`) && entry.endsWith(".dist-info"),
  );
  const metadata = info === undefined ? "" : readFileSync(join(folder, info, "METADATA"), "utf8");
  return new ReleaseSource(kerasPackage, version, paths, (path) => readFileSync(join(folder, path), "utf8"), metadata);
}
