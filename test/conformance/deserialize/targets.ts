/** What the measure must come to, for each half. */
import { isKeras2 } from "../../../server/src/deserialize/behaviour.ts";
import type { Half } from "./caseFile.ts";
import { type Counts, type Measure, type Row, reported, sum } from "./measure.ts";

/** The families of damages that finding an object decides: the tool must know them. */
const findingFamilies: ReadonlySet<string> = new Set(["identity", "resolution", "loader", "safety"]);
/** Those of what refers to what within a model. */
const graphFamilies: ReadonlySet<string> = new Set(["graph"]);
/** Those of what a constructor is given, and what becomes of the model then. */
const constructorFamilies: ReadonlySet<string> = new Set([
  ...["arguments", "strings", "another object", "keras 2"],
  ...graphFamilies,
]);
/** All of which something is demanded. */
export const targetFamilies: ReadonlySet<string> = new Set([...findingFamilies, ...constructorFamilies]);

export interface Target {
  readonly name: string;
  /** The share that is reached, between 0 and 1. */
  readonly share: (counts: Counts) => number;
  readonly bound: number;
  readonly isMost: boolean;
  /** The families whose damages it is held against. */
  readonly families: ReadonlySet<string>;
  /** The halves in which it is not reached yet: the table says so, and nothing is held against it. */
  readonly unreachedIn?: readonly Half[];
}

function of(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole;
}

/** What the failures of some families must come to: the shares that are demanded, between 0 and 1. */
function targetsOf(
  families: ReadonlySet<string>,
  ofWhat: string,
  bounds: { readonly exception: number; readonly message: number; readonly place: number },
): Target[] {
  const least = { isMost: false, families };
  return [
    {
      name: `${ofWhat}failures missed or not known`,
      share: (counts) => of(counts.missed + counts.open, counts.fails),
      bound: 0.03,
      isMost: true,
      families,
    },
    {
      name: `${ofWhat}reported with the right exception`,
      share: (counts) => of(counts.sameException, reported(counts)),
      bound: bounds.exception,
      ...least,
    },
    {
      name: `${ofWhat}reported with the same message`,
      share: (counts) => of(counts.sameMessage, reported(counts)),
      bound: bounds.message,
      ...least,
    },
    {
      name: `${ofWhat}shown at the damaged value`,
      share: (counts) => of(counts.exactPlace, counts.placed),
      bound: 0.9,
      ...least,
    },
    {
      name: `${ofWhat}shown at it or its object`,
      share: (counts) => of(counts.exactPlace + counts.objectPlace, counts.placed),
      bound: bounds.place,
      ...least,
    },
  ];
}

const findingTargets = targetsOf(findingFamilies, "", { exception: 0.99, message: 0.97, place: 0.99 });

/** Releases that are measured apart: Keras 2 loads by other functions than Keras 3. */
export type Generation = "Keras 3" | "Keras 2";

export const generations: readonly Generation[] = ["Keras 3", "Keras 2"];

export function generationOf(version: string): Generation {
  return isKeras2(version) ? "Keras 2" : "Keras 3";
}

/** What targets are held against. */
export type Releases = "All releases" | Generation;

const constructorTargets = targetsOf(constructorFamilies, "constructors, values and graphs: ", {
  exception: 0.98,
  message: 0.95,
  place: 0.98,
});

export const targets: Readonly<Record<Releases, readonly Target[]>> = {
  "All releases": [...findingTargets, ...constructorTargets],
  "Keras 3": [
    ...findingTargets,
    ...targetsOf(graphFamilies, "graphs: ", { exception: 0.98, message: 0.95, place: 0.98 }),
    {
      // How many tensors a layer of the user's own makes is not read off its code.
      name: "graphs: said where Keras never returns",
      share: (counts) => of(counts.hangsTold, counts.hangs),
      bound: 0.85,
      isMost: false,
      families: graphFamilies,
    },
    ...constructorTargets,
  ],
  "Keras 2": [
    ...findingTargets,
    ...constructorTargets.map((target): Target => (target.isMost ? { ...target, unreachedIn: ["held out"] } : target)),
  ],
};

export function isReached(target: Target, counts: Counts): boolean {
  const share = target.share(counts);
  return target.isMost ? share <= target.bound : share >= target.bound;
}

/** Whether a release is one of those. */
export function isOf(version: string, releases: Releases): boolean {
  return releases === "All releases" || generationOf(version) === releases;
}

/** What a target is held against: the damages of its families in one half, in some releases. */
export function targetCounts(measured: Measure, half: Half, releases: Releases, { families }: Target): Counts {
  const isCounted = (row: Row): boolean => row.half === half && families.has(row.family) && isOf(row.version, releases);
  return sum(measured.rows.filter(isCounted).map((row) => row.counts));
}
