import type { WrittenObject } from "../../src/catalogue/configs.ts";
import { FACT, ITEM, PART, rangeOf } from "./facts.ts";

/** The format that `server/src/catalogue/configs.ts` reads; its comment describes it. */
const formatName = "keras-configs 1";

/** Collects what each release writes of objects made with defaults, and writes it as text. */
export class ConfigWriter {
  private readonly versions: string[] = [];
  /** By "module:qualname": what is written, and in which releases. */
  private readonly classes = new Map<string, Map<string, number[]>>();
  private readonly ranges = new Map<string, number>();

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
      const releases = facts.get(fact);
      if (releases) releases.push(release);
      else facts.set(fact, [release]);
    }
  }

  private range(releases: readonly number[]): string {
    const range = rangeOf(releases);
    const number = this.ranges.get(range) ?? this.ranges.size;
    this.ranges.set(range, number);
    return number.toString(36);
  }

  toText(): string {
    const lines = [...this.classes]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, facts]) => {
        const list = [...facts].map(([fact, releases]) => `${this.range(releases)}:${fact}`);
        return `${key}\t${list.join(FACT)}`;
      });
    const header = [formatName, this.versions.join(" "), [...this.ranges.keys()].join(" ")];
    return [header, lines].map((section) => section.join("\n")).join("\n\n");
  }
}
