import type { AskedKeras } from "../deserialize/askedKeras.ts";
import type { LoadEvent } from "../deserialize/load.ts";
import type { Problem } from "./report.ts";

/** A load that is the same in several releases. */
export interface DistinctLoad {
  /** What it asked of Keras, where there are other releases to ask. */
  readonly keras: AskedKeras | undefined;
  readonly events: readonly LoadEvent[];
  /** In the order in which they are checked. */
  readonly versions: string[];
  /** The versions of every problem and unknown object that came of it. */
  readonly said: readonly string[][];
}

/** The problems, each with the versions that find what others do not; linear in the events of the loads that differ. */
export function comparedProblems(problems: readonly Problem[], loads: readonly DistinctLoad[]): Problem[] {
  if (problems.length === 0 || loads.length < 2) return [...problems];
  const foundIn = new Map<number, string[]>();
  for (const { object } of problems) if (object !== undefined) foundIn.set(object, []);
  for (const { events, versions } of loads) {
    const found = new Set(events.flatMap(({ kind, node }) => (kind === "found" ? node : [])));
    for (const [object, list] of foundIn) if (found.has(object)) list.push(...versions);
  }
  return problems.map((problem) => {
    const others = (foundIn.get(problem.object ?? -1) ?? []).filter((version) => !problem.versions.includes(version));
    return others.length > 0 ? { ...problem, foundIn: others } : problem;
  });
}
