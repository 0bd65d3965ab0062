import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type PythonTree, parsePython } from "../../src/python/tree.ts";

/** One module's file of a release. */
export interface ModuleSource {
  readonly name: string;
  /** Path below the folder that holds the packages, with slashes. */
  readonly path: string;
  readonly isPackage: boolean;
}

/** Texts and trees are shared between releases: most files do not change from one to the next. */
const trees = new Map<string, PythonTree>();

/** The Python files of one unpacked wheel. */
export class ReleaseSource {
  readonly version: string;
  /** The folder that holds the package `keras`. */
  private readonly folder: string;
  private readonly files = new Map<string, ModuleSource>();
  private readonly trees = new Map<string, PythonTree>();
  /** Folders of packages, also those without `__init__.py`. */
  private readonly folders = new Set<string>();

  constructor(version: string, folder: string) {
    this.version = version;
    this.folder = folder;
    if (!statSync(join(folder, "keras"), { throwIfNoEntry: false })) throw new Error(`no package keras in ${folder}`);
    this.walk("keras");
  }

  private walk(path: string): void {
    this.folders.add(path);
    for (const entry of readdirSync(join(this.folder, path), { withFileTypes: true })) {
      if (entry.isDirectory()) {
        if (entry.name !== "__pycache__") this.walk(`${path}/${entry.name}`);
      } else if (entry.name.endsWith(".py")) {
        const isPackage = entry.name === "__init__.py";
        const module = isPackage ? path : `${path}/${entry.name.slice(0, -3)}`;
        this.files.set(module, { name: module.replaceAll("/", "."), path: `${path}/${entry.name}`, isPackage });
      }
    }
  }

  /** The file of a module looked for as `name` in a folder ("keras/src"); a folder without `__init__.py` has no path. */
  find(folder: string, name: string): { path: string | undefined; isPackage: boolean; folder: string } | undefined {
    const module = folder === "" ? name : `${folder}/${name}`;
    const file = this.files.get(module);
    if (file) return { path: file.path, isPackage: file.isPackage, folder: module };
    return this.folders.has(module) ? { path: undefined, isPackage: true, folder: module } : undefined;
  }

  /** Whether the wheel says that it needs a distribution, "dm-tree" for example. */
  requires(distribution: string): boolean {
    const info = readdirSync(this.folder).find((name) => /^keras-.*\.dist-info$/.test(name));
    const metadata = info === undefined ? "" : readFileSync(join(this.folder, info, "METADATA"), "utf8");
    return metadata.includes(`\nRequires-Dist: ${distribution}`);
  }

  /** Paths of every Python file, sorted. */
  paths(): string[] {
    return [...this.files.values()].map((file) => file.path).sort();
  }

  /** The tree of a module by its name; undefined where there is none of that name. */
  treeOf(module: string): PythonTree | undefined {
    const file = this.files.get(module.replaceAll(".", "/"));
    return file && this.tree(file.path);
  }

  tree(path: string): PythonTree {
    let tree = this.trees.get(path);
    if (!tree) {
      tree = this.read(path);
      this.trees.set(path, tree);
    }
    return tree;
  }

  private read(path: string): PythonTree {
    const text = readFileSync(join(this.folder, path), "utf8");
    let tree = trees.get(text);
    if (!tree) {
      tree = parsePython(text);
      trees.set(text, tree);
    }
    return tree;
  }
}
