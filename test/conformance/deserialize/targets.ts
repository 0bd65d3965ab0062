/** What the measure must come to, for each half. */
import type { Half } from "./caseFile.ts";
import { type Counts, type Measure, reported, sum } from "./measure.ts";

/** The families of damages that finding an object decides: the tool must know them. */
export const targetFamilies: ReadonlySet<string> = new Set(["identity", "resolution", "loader", "safety"]);

export interface Target {
  readonly name: string;
  /** The share that is reached, between 0 and 1. */
  readonly share: (counts: Counts) => number;
  readonly bound: number;
  readonly isMost: boolean;
}

function of(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole;
}

/** Of the failures of those families. */
export const targets: readonly Target[] = [
  {
    name: "failures missed or not known",
    share: (counts) => of(counts.missed + counts.open, counts.fails),
    bound: 0.03,
    isMost: true,
  },
  {
    name: "reported with the right exception",
    share: (counts) => of(counts.sameException, reported(counts)),
    bound: 0.99,
    isMost: false,
  },
  {
    name: "reported with the same message",
    share: (counts) => of(counts.sameMessage, reported(counts)),
    bound: 0.97,
    isMost: false,
  },
  {
    name: "shown at the damaged value",
    share: (counts) => of(counts.exactPlace, counts.placed),
    bound: 0.9,
    isMost: false,
  },
  {
    name: "shown at it or its object",
    share: (counts) => of(counts.exactPlace + counts.objectPlace, counts.placed),
    bound: 0.99,
    isMost: false,
  },
];

export function isReached(target: Target, counts: Counts): boolean {
  const share = target.share(counts);
  return target.isMost ? share <= target.bound : share >= target.bound;
}

/** What the targets are held against: the damages of those families in one half. */
export function targetCounts(measured: Measure, half: Half): Counts {
  const rows = measured.rows.filter((row) => row.half === half && targetFamilies.has(row.family));
  return sum(rows.map((row) => row.counts));
}
