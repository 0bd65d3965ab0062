import type { SymbolKind } from "./keras.ts";

/**
 * The text that `server/tools/catalogue/encode.ts` writes, taken apart as far as every look-up needs it.
 *
 * Sections stand apart by an empty line:
 *   header    the format's name; the versions, ascending; the ranges; the releases whose exports cannot be looked up, or "-"
 *   modules   name TAB status TAB symbols that it defines TAB members
 *   exports   symbol TAB paths, the canonical one first
 *   tables    name TAB entries
 *   classes   symbol TAB bases TAB own methods TAB own constructor TAB slots TAB rules of the constructor, as JSON
 * Everything that changes from release to release is a list of facts, "range:fact", apart by \u0001: the fact holds
 * in the releases of that range, a list like "0-3,7" of indices into the versions. Items within a fact are apart by
 * \u0002, their parts by \u0003; numbers of ranges and symbols are written to base 36. Symbols are numbered through, in
 * the order in which the module lines name them; the letter before each name is its kind.
 * A member is the number of the symbol of that name, "name=number", ".name" for a value that is neither class nor
 * function, or "/name" for a module.
 */
export class CatalogueText {
  readonly versions: readonly string[];
  readonly ranges: readonly string[];
  readonly withoutExports: readonly string[];
  private readonly modules = new Map<string, ModuleLine>();
  /** Modules in order of their first symbol. */
  private readonly lines: ModuleLine[] = [];
  private readonly sections: readonly string[];
  private classLines: Map<number, string> | undefined;

  constructor(text: string) {
    const sections = text.split("\n\n");
    const [format, versions, ranges, withoutExports] = (sections[0] ?? "").split("\n");
    if (format !== "keras-catalogue 2" || sections.length !== 5) throw new Error("not a catalogue of this format");
    this.sections = sections;
    this.versions = (versions ?? "").split(" ");
    this.ranges = (ranges ?? "").split(" ");
    this.withoutExports = (withoutExports ?? "").split(" ");
    let first = 0;
    for (const line of (sections[1] as string).split("\n")) {
      const [name, status, symbols, members] = line.split("\t") as [string, string, string, string];
      const module: ModuleLine = { name, status, members, symbols, first };
      this.modules.set(name, module);
      if (symbols !== "") {
        this.lines.push(module);
        first++;
        for (let at = symbols.indexOf(" "); at >= 0; at = symbols.indexOf(" ", at + 1)) first++;
      }
    }
  }

  module(name: string): ModuleLine | undefined {
    return this.modules.get(name);
  }

  /** The lines of the sections `exports` and `tables`. */
  lineList(section: "exports" | "tables"): string[] {
    return (this.sections[section === "exports" ? 2 : 3] as string).split("\n");
  }

  /** The facts of a class behind its number. */
  classLine(symbol: number): string | undefined {
    if (!this.classLines) {
      this.classLines = new Map();
      for (const line of (this.sections[4] as string).split("\n")) {
        this.classLines.set(Number.parseInt(line.slice(0, line.indexOf("\t")), 36), line);
      }
    }
    return this.classLines.get(symbol);
  }

  /** Kind, module and qualified name of a symbol. */
  identity(symbol: number): { kind: SymbolKind; module: string; qualname: string } {
    let low = 0;
    let high = this.lines.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.lines[middle] as ModuleLine).first <= symbol) low = middle;
      else high = middle - 1;
    }
    const line = this.lines[low] as ModuleLine;
    const word = symbolWords(line)[symbol - line.first] ?? "o";
    const kind = word[0] === "c" ? "class" : word[0] === "f" ? "function" : "other";
    return { kind, module: line.name, qualname: word.slice(1) };
  }

  /** The number of a symbol that a module defines. */
  numberOf(module: string, kind: "c" | "f", qualname: string): number | undefined {
    const line = this.modules.get(module);
    const at = line ? symbolWords(line).indexOf(kind + qualname) : -1;
    return line && at >= 0 ? line.first + at : undefined;
  }
}

export interface ModuleLine {
  readonly name: string;
  readonly status: string;
  readonly symbols: string;
  readonly members: string;
  /** The number of the first symbol. */
  readonly first: number;
  words?: readonly string[];
}

function symbolWords(line: ModuleLine): readonly string[] {
  line.words ??= line.symbols.split(" ");
  return line.words;
}

/** The ranges that hold in one release. */
export class ReleaseFacts {
  private readonly holds: Uint8Array;

  constructor(ranges: readonly string[], release: number) {
    this.holds = Uint8Array.from(ranges, (range) => {
      for (const part of range.split(",")) {
        const [from, to] = part.split("-").map(Number) as [number, number | undefined];
        if (from <= release && release <= (to ?? from)) return 1;
      }
      return 0;
    });
  }

  /** The facts of a list that hold, in order. */
  of(list: string): string[] {
    if (list === "") return [];
    const result: string[] = [];
    for (const fact of list.split("\u0001")) {
      const colon = fact.indexOf(":");
      if (this.holds[Number.parseInt(fact.slice(0, colon), 36)] === 1) result.push(fact.slice(colon + 1));
    }
    return result;
  }
}
