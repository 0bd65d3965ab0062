import type { WrittenObject } from "../../src/catalogue/configs.ts";
import { FACT, ITEM, note, PART, Ranges } from "./facts.ts";

/** The format that `server/src/catalogue/configs.ts` reads; its comment describes it. */
const formatName = "keras-configs 1";

/** Collects what each release writes of objects made with defaults, and writes it as text. */
export class ConfigWriter {
  private readonly versions: string[] = [];
  /** By "module:qualname": what is written, and in which releases. */
  private readonly classes = new Map<string, Map<string, number[]>>();
  private readonly ranges = new Ranges();

  /** Adds a release, in ascending order; `objects` by "module:qualname". */
  add(version: string, objects: ReadonlyMap<string, WrittenObject>): void {
    const release = this.versions.push(version) - 1;
    for (const [key, { config, beside }] of objects) {
      const items = [
        ...config.map((entry) => (entry.json === undefined ? entry.key : entry.key + PART + entry.json)),
        ...beside.map((entry) => `+${entry.key}${PART}${entry.json}`),
      ];
      const fact = items.join(ITEM);
      const facts = this.classes.get(key) ?? new Map<string, number[]>();
      this.classes.set(key, facts);
      note(facts, fact, release);
    }
  }

  toText(): string {
    const lines = [...this.classes]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, facts]) => {
        const list = [...facts].map(([fact, releases]) => `${this.ranges.number(releases)}:${fact}`);
        return `${key}\t${list.join(FACT)}`;
      });
    const header = [formatName, this.versions.join(" "), this.ranges.line()];
    return [header, lines].map((section) => section.join("\n")).join("\n\n");
  }
}
