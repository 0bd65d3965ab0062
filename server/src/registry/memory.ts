import type { Findings, Part } from "./findings.ts";
import type { Modules, Traced, Tracker } from "./tracker.ts";

/** What was found for each of some things, kept from one reading to the next where it comes from modules that are still there. */
export class Memory<Key extends object> {
  private readonly before: ReadonlyMap<Key, Kept>;
  private readonly isKept: (from: Modules) => boolean;
  private readonly now = new Map<Key, Kept>();

  /** `before` is the memory of an earlier reading. */
  constructor(before: Memory<Key> | undefined, isKept: (from: Modules) => boolean) {
    this.before = before?.now ?? new Map();
    this.isKept = isKept;
  }

  /** Adds to the findings what `compute` finds, or what it found before. `mode` tells apart several ways of computing it. */
  add(key: Key, findings: Findings, tracker: Tracker, compute: () => void, mode = ""): void {
    const known = this.before.get(key);
    if (known?.mode === mode && this.isKept(known.from)) {
      this.now.set(key, known);
      findings.replay(known.value);
      return;
    }
    this.now.set(key, { ...tracker.trace(() => findings.part(compute)), mode });
  }
}

interface Kept extends Traced<Part> {
  readonly mode: string;
}
