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
        release = new Release(shared, index);
        releases.set(version, release);
      }
      return release;
    },
  };
}

const NOTHING: ReadonlyMap<string, BuiltinSymbol> = new Map();

class Release implements KerasRelease {
  readonly version: string;
  private readonly shared: CatalogueText;
  private readonly symbols: ReleaseSymbols;
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
