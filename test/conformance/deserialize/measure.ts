/** Counts what the tool says of the recorded pairs of case and release: by half, by kind of damage and by release. */
import { parseJson } from "../../../server/src/json/index.ts";
import { type Case, type Half, type Outcome, readCases, readRecording, recordedVersions } from "./caseFile.ts";
import { isFindingError, type Judgement, judge } from "./judge.ts";
import { isAskable, simulateCase } from "./simulateCase.ts";

/** Pairs of one row of a table. Every number counts pairs, but `sameClass` and `otherClass`, which count objects. */
export interface Counts {
  loads: number;
  falseErrors: number;
  openThoughLoads: number;
  sameClass: number;
  otherClass: number;
  fails: number;
  /** Keras fails where the tool finds everything. */
  missed: number;
  /** Of the missed, those that Keras raises while it seeks an object. */
  missedFinding: number;
  open: number;
  sameException: number;
  sameMessage: number;
  /** Reported failures of damaged cases, and where they are shown. */
  placed: number;
  exactPlace: number;
  objectPlace: number;
  hangs: number;
  /** Of these, those of which the tool says so. */
  hangsTold: number;
}

function noCounts(): Counts {
  return {
    loads: 0,
    falseErrors: 0,
    openThoughLoads: 0,
    sameClass: 0,
    otherClass: 0,
    fails: 0,
    missed: 0,
    missedFinding: 0,
    open: 0,
    sameException: 0,
    sameMessage: 0,
    placed: 0,
    exactPlace: 0,
    objectPlace: 0,
    hangs: 0,
    hangsTold: 0,
  };
}

/** Failures for which the tool shows an error. */
export function reported(counts: Counts): number {
  return counts.fails - counts.missed - counts.open;
}

/** Adds up rows. */
export function sum(rows: Iterable<Counts>): Counts {
  const total = noCounts();
  for (const row of rows) {
    for (const key of Object.keys(total) as (keyof Counts)[]) total[key] += row[key];
  }
  return total;
}

/** One pair that is not as it should be, for whoever looks for the cause. */
export interface Shortfall {
  readonly what: "false error" | "missed" | "open" | "exception" | "message" | "place" | "class";
  readonly half: Half;
  readonly family: string;
  /** What the config is called before it was damaged. */
  readonly name: string;
  readonly version: string;
  /** Whether Keras raises it while it seeks an object. */
  readonly finding: boolean;
  readonly text: string;
}

export interface Row {
  readonly half: Half;
  readonly family: string;
  readonly kind: string;
  readonly version: string;
  readonly counts: Counts;
}

export interface Measure {
  readonly versions: readonly string[];
  readonly cases: number;
  /** One row for each half, kind and release. */
  readonly rows: readonly Row[];
  /** Why the tool could not know where Keras fails, and how often. */
  readonly reasons: ReadonlyMap<string, number>;
  readonly shortfalls: readonly Shortfall[];
}

/**
 * Simulates the load of every recorded pair whose case `takes` accepts. About a millisecond a pair.
 */
export function measure(takes: (one: Case, version: string) => boolean = () => true): Measure {
  const versions = recordedVersions();
  const recordings = versions.map((version) => ({ version, ...readRecording(version) }));
  const rows = new Map<string, Row>();
  const reasons = new Map<string, number>();
  const shortfalls: Shortfall[] = [];
  let cases = 0;
  for (const one of readCases()) {
    if (!isAskable(one)) continue;
    const asked = recordings.flatMap(({ version, outcomes }) => {
      const outcome = outcomes.get(one.id);
      return outcome && takes(one, version) ? [{ version, outcome }] : [];
    });
    if (asked.length === 0) continue;
    cases++;
    const { tree } = parseJson(one.config());
    for (const { version, outcome } of asked) {
      const judgement = judge(one, tree, simulateCase(one, tree, version), outcome);
      const { half, family, kind } = one;
      const key = [half, family, kind, version].join("\n");
      let row = rows.get(key);
      if (!row) {
        row = { half, family, kind, version, counts: noCounts() };
        rows.set(key, row);
      }
      count(row.counts, judgement, outcome);
      if (judgement.real === "fails" && judgement.tool === "open") {
        const reason = withoutNames(judgement.reasons[0] ?? "");
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      }
      for (const [what, text] of shortfallsOf(judgement)) {
        const finding = "exception" in outcome && isFindingError(outcome);
        shortfalls.push({
          what,
          half,
          family,
          name: one.name,
          version,
          finding,
          text: `${one.label}, Keras ${version}\n    ${text}`,
        });
      }
    }
  }
  return { versions, cases, rows: [...rows.values()], reasons, shortfalls };
}

function count(counts: Counts, judgement: Judgement, outcome: Outcome): void {
  if (judgement.real === "hangs") {
    counts.hangs++;
    if (judgement.told) counts.hangsTold++;
    return;
  }
  if (judgement.real === "loads") {
    counts.loads++;
    if (judgement.falseErrors.length > 0) counts.falseErrors++;
    else if (judgement.open.length > 0) counts.openThoughLoads++;
    counts.sameClass += judgement.sameClass;
    counts.otherClass += judgement.otherClass.length;
    return;
  }
  counts.fails++;
  if (judgement.tool === "missed") {
    counts.missed++;
    if ("exception" in outcome && isFindingError(outcome)) counts.missedFinding++;
  } else if (judgement.tool === "open") counts.open++;
  else {
    if (judgement.sameException) counts.sameException++;
    if (judgement.sameMessage) counts.sameMessage++;
    if (judgement.place) counts.placed++;
    if (judgement.place === "exact") counts.exactPlace++;
    if (judgement.place === "object") counts.objectPlace++;
  }
}

function* shortfallsOf(judgement: Judgement): Generator<[Shortfall["what"], string]> {
  if (judgement.real === "hangs") return;
  if (judgement.real === "loads") {
    for (const line of judgement.falseErrors) yield ["false error", line];
    for (const line of judgement.otherClass) yield ["class", line];
    return;
  }
  const real = `Keras: ${judgement.text}`;
  if (judgement.tool === "missed") yield ["missed", real];
  else if (judgement.tool === "open") yield ["open", `${real}\n    here:  ${judgement.reasons[0]}`];
  else {
    const both = `${real}\n    here:  ${judgement.said}`;
    if (!judgement.sameException) yield ["exception", both];
    if (!judgement.sameMessage) yield ["message", both];
    if (judgement.place && judgement.place !== "exact") {
      yield ["place", `${judgement.place}: shown at ${judgement.shownAt || "the root"}\n    ${judgement.said}`];
    }
  }
}

/** A reason without the names that it quotes. */
function withoutNames(reason: string): string {
  return reason.replace(/`[^`]*`/g, "`…`").replace(/\d+/g, "n");
}
