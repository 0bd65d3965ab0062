import { CatalogueText } from "./catalogueText.ts";
import type { BuiltinSymbol, KerasCatalogue, KerasRelease, ModuleLookUp, TableName } from "./keras.ts";
import { ReleaseSymbols } from "./symbols.ts";

/**
 * Decodes the catalogue's text (the unpacked `server/data/catalogue.txt.gz`). Costs a few milliseconds: what a release
 * holds is decoded when it is asked for. Throws Error where the text is of another format.
 */
export function decodeCatalogue(text: string): KerasCatalogue {
  const shared = new CatalogueText(text);
  const releases = new Map<string, KerasRelease>();
  return {
    versions: shared.versions,
    release(version) {
      let release = releases.get(version);
      if (!release) {
        const index = shared.versions.indexOf(version);
        if (index < 0) throw new RangeError(`no Keras release ${version} in the catalogue`);
        release = version.startsWith("2.") ? new Keras2Release(shared, index) : new Release(shared, index);
        releases.set(version, release);
      }
      return release;
    },
  };
}

const NOTHING: ReadonlyMap<string, BuiltinSymbol> = new Map();

class Release implements KerasRelease {
  readonly version: string;
  protected readonly shared: CatalogueText;
  protected readonly symbols: ReleaseSymbols;
  private readonly modules = new Map<string, ModuleLookUp>();
  private readonly tables = new Map<TableName, ReadonlyMap<string, BuiltinSymbol>>();
  private aliases: ReadonlyMap<string, number> | undefined;

  constructor(shared: CatalogueText, index: number) {
    this.shared = shared;
    this.version = shared.versions[index] as string;
    this.symbols = new ReleaseSymbols(shared, index);
  }

  exported(path: string): BuiltinSymbol | undefined {
    if (!this.symbols.exportsCanBeFound) return undefined;
    const number = this.symbols.exportedNumbers().get(path);
    return number === undefined ? undefined : this.symbols.get(number);
  }

  resolve(path: string): BuiltinSymbol | undefined {
    this.aliases ??= this.symbols.aliasNumbers();
    const number = this.symbols.exportedNumbers().get(path) ?? this.aliases.get(path);
    if (number !== undefined) return this.symbols.get(number);
    const dot = path.lastIndexOf(".");
    if (dot < 0) return undefined;
    const module = this.shared.module(path.slice(0, dot));
    const member = module && this.symbols.members(module).get(path.slice(dot + 1));
    // A nested class is no member of its module: `module.Outer.Inner`.
    return member ?? this.symbols.byQualifiedName(path);
  }

  importModule(name: string): ModuleLookUp {
    let answer = this.modules.get(name);
    if (!answer) {
      answer = this.lookUpModule(name);
      this.modules.set(name, answer);
    }
    return answer;
  }

  private lookUpModule(name: string): ModuleLookUp {
    const module = this.shared.module(name);
    const needs = module && this.symbols.statusOf(module);
    if (!module || needs === undefined) return { status: "missing" };
    if (needs !== "") return { status: "environment", needs };
    return {
      status: "importable",
      member: (member) => this.symbols.members(module).get(member) ?? this.symbols.moduleAttribute(member),
      memberNames: () => [...this.symbols.members(module).keys()],
    };
  }

  tableEntry(table: TableName, name: string): BuiltinSymbol | undefined {
    return this.table(table).get(name);
  }

  tableNames(table: TableName): readonly string[] {
    return [...this.table(table).keys()];
  }

  private table(table: TableName): ReadonlyMap<string, BuiltinSymbol> {
    let entries = this.tables.get(table);
    if (!entries) {
      entries = this.symbols.table(table) ?? NOTHING;
      this.tables.set(table, entries);
    }
    return entries;
  }

  exportedPaths(): readonly string[] {
    return [...this.symbols.exportedNumbers().keys()];
  }
}

/** A release of tf_keras, whose export paths begin with `keras` and its modules with `tf_keras`. */
class Keras2Release extends Release {
  private everyPath: ReadonlyMap<string, number> | undefined;

  /** `tf_export.get_symbol_from_name(path)`, which knows every path of a symbol. */
  override exported(path: string): BuiltinSymbol | undefined {
    this.everyPath ??= new Map([...this.symbols.aliasNumbers(), ...this.symbols.exportedNumbers()]);
    const number = this.everyPath.get(path);
    return number === undefined ? undefined : this.symbols.get(number);
  }

  /** Also by the names that code gives it: `tf_keras.layers.Dense`, `tensorflow.keras.layers.Dense`. */
  override resolve(path: string): BuiltinSymbol | undefined {
    const publicPath = path.replace(/^(?:tf_keras|tensorflow\.keras)\b/, "keras");
    return (
      this.exported(publicPath) ?? super.resolve(path) ?? super.resolve(publicPath.replace(/^keras\b/, "tf_keras"))
    );
  }
}
