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

/**
 * The problems, each with those of the `checked` versions that find what others do not; linear in the events of the loads
 * that differ.
 */
export function comparedProblems(
  problems: readonly Problem[],
  loads: readonly DistinctLoad[],
  checked: readonly string[],
): Problem[] {
  if (problems.length === 0 || loads.length < 2) return [...problems];
  const foundIn = new Map<number, Set<string>>();
  // A problem without an outcome keeps nothing from being found.
  for (const { object, outcome } of problems) if (object !== undefined && outcome) foundIn.set(object, new Set());
  for (const { events, versions } of loads) {
    // What is found may still lack `from_config`.
    for (const { kind, node } of events) {
      const found = foundIn.get(node);
      for (const version of found ? versions : []) {
        if (kind === "found") found?.add(version);
        else if (kind !== "warned") found?.delete(version);
      }
    }
  }
  return problems.map((problem) => {
    const found = problem.outcome && foundIn.get(problem.object ?? -1);
    const others = checked.filter((version) => found?.has(version) && !problem.versions.includes(version));
    return others.length > 0 ? { ...problem, foundIn: others } : problem;
  });
}
