import { ReleaseFacts } from "./catalogueText.ts";
import type { BuiltinSymbol } from "./keras.ts";

/** What the docstrings of Keras say in brief. Apart from the catalogue, since most runs never ask. */
export interface KerasDocumentation {
  /** The first paragraph on a class or an exported function, in one line; undefined where there is none. */
  summary(version: string, symbol: BuiltinSymbol): string | undefined;
  /** The first paragraph on an argument, in one line, from the class or the nearest base that documents it. */
  argument(version: string, symbol: BuiltinSymbol, name: string): string | undefined;
}

/**
 * Decodes the documentation's text (the unpacked `server/data/documentation.txt.gz`). Throws Error where the text is of
 * another format.
 *
 * Sections stand apart by an empty line: the format's name, the versions and the ranges; a line per class or function,
 * "module:qualname TAB summary TAB arguments"; the texts, one a line. Summaries are facts "range:text", arguments facts
 * "range:name\u0002text", apart by \u0001 (catalogueText.ts says what a range is); texts are numbered from 0, to base 36.
 */
export function decodeDocumentation(text: string): KerasDocumentation {
  const [header, lines, texts, ...rest] = text.split("\n\n");
  const [format, versions, ranges] = (header ?? "").split("\n");
  if (format !== "keras-documentation 1" || texts === undefined || rest.length > 0) {
    throw new Error("not a documentation of this format");
  }
  return new Documentation((versions ?? "").split(" "), (ranges ?? "").split(" "), lines ?? "", texts.split("\n"));
}

class Documentation implements KerasDocumentation {
  private readonly versions: readonly string[];
  private readonly ranges: readonly string[];
  private readonly texts: readonly string[];
  private readonly entries = new Map<string, string>();
  private readonly facts = new Map<string, ReleaseFacts>();

  constructor(versions: readonly string[], ranges: readonly string[], lines: string, texts: readonly string[]) {
    this.versions = versions;
    this.ranges = ranges;
    this.texts = texts;
    for (const line of lines.split("\n")) {
      const tab = line.indexOf("\t");
      this.entries.set(line.slice(0, tab), line.slice(tab + 1));
    }
  }

  summary(version: string, symbol: BuiltinSymbol): string | undefined {
    const [fact] = this.find(version, symbol, 0);
    return fact === undefined ? undefined : this.texts[Number.parseInt(fact, 36)];
  }

  argument(version: string, symbol: BuiltinSymbol, name: string): string | undefined {
    const classes = symbol.mro.length > 0 ? symbol.mro : [symbol];
    for (const cls of classes) {
      const fact = this.find(version, cls, 1).find((item) => item.startsWith(`${name}\u0002`));
      if (fact !== undefined) return this.texts[Number.parseInt(fact.slice(name.length + 1), 36)];
    }
    return undefined;
  }

  /** The facts of one column that hold in a release. */
  private find(version: string, symbol: BuiltinSymbol, column: 0 | 1): string[] {
    const entry = this.entries.get(`${symbol.module}:${symbol.qualname}`);
    return entry === undefined ? [] : this.release(version).of(entry.split("\t")[column] ?? "");
  }

  private release(version: string): ReleaseFacts {
    let facts = this.facts.get(version);
    if (!facts) {
      facts = new ReleaseFacts(this.ranges, this.versions.indexOf(version));
      this.facts.set(version, facts);
    }
    return facts;
  }
}
