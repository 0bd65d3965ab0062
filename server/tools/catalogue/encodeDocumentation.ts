import type { Documentation } from "./documentation.ts";
import { FACT, ITEM, note, Ranges } from "./facts.ts";

/** The format that `server/src/catalogue/documentation.ts` reads; its comment describes it. */
const formatName = "keras-documentation 1";

interface Entry {
  /** Number of the text → releases. */
  readonly summary: Map<number, number[]>;
  /** "name" + ITEM + number of the text → releases. */
  readonly arguments: Map<string, number[]>;
}

/** Collects what each release says of its classes and functions, and writes it as text. */
export class DocumentationWriter {
  private readonly versions: string[] = [];
  private readonly entries = new Map<string, Entry>();
  private readonly texts = new Map<string, number>();
  private readonly ranges = new Ranges();

  /** Adds a release, in ascending order; `documents` by "module:qualname". */
  add(version: string, documents: ReadonlyMap<string, Documentation>): void {
    const release = this.versions.push(version) - 1;
    for (const [key, { summary, arguments: list }] of documents) {
      if (summary === "" && list.size === 0) continue;
      let entry = this.entries.get(key);
      if (!entry) {
        entry = { summary: new Map(), arguments: new Map() };
        this.entries.set(key, entry);
      }
      if (summary !== "") note(entry.summary, this.text(summary), release);
      for (const [name, text] of list) note(entry.arguments, name + ITEM + this.text(text).toString(36), release);
    }
  }

  private text(text: string): number {
    let number = this.texts.get(text);
    if (number === undefined) {
      number = this.texts.size;
      this.texts.set(text, number);
    }
    return number;
  }

  toText(): string {
    const lines = [...this.entries]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => {
        const summary = [...entry.summary].map(
          ([text, releases]) => `${this.ranges.number(releases)}:${text.toString(36)}`,
        );
        const list = [...entry.arguments].map(([fact, releases]) => `${this.ranges.number(releases)}:${fact}`);
        return `${key}\t${summary.join(FACT)}\t${list.join(FACT)}`;
      });
    const header = [formatName, this.versions.join(" "), this.ranges.line()];
    return [header, lines, [...this.texts.keys()]].map((section) => section.join("\n")).join("\n\n");
  }
}
