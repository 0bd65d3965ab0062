/** What a benchmark prints: rows of named cells. Cells named "… ms", "… MB" are figures of that unit, "×" are ratios. */
export interface BenchTable {
  readonly name: string;
  readonly title: string;
  readonly rows: readonly { readonly [column: string]: string | number }[];
  /** What was measured and how, one sentence each. */
  readonly notes: readonly string[];
}

export interface BenchOptions {
  /** A folder with Python to index; without it the benchmark of the index is left out. */
  readonly workspace?: string;
  /** A folder with further configs to measure recovery on. */
  readonly configs?: string;
  /** The built command line program. */
  readonly program: string;
  /** A folder for files that a benchmark writes. */
  readonly scratch: string;
}

export type Bench = (options: BenchOptions) => Promise<BenchTable | undefined>;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >>> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Milliseconds with one digit behind the point where they are few. */
export function milliseconds(value: number): number {
  return value < 10 ? Math.round(value * 100) / 100 : value < 100 ? Math.round(value * 10) / 10 : Math.round(value);
}

export function ratio(value: number, base: number): number {
  return Math.round((value / base) * 100) / 100;
}

/**
 * The median time in ms of each contender over so many rounds. The contenders take turns within a round, so that a busy
 * machine weighs on all of them.
 */
export async function race(
  rounds: number,
  contenders: { readonly [name: string]: () => unknown },
): Promise<Map<string, number>> {
  const times = new Map<string, number[]>();
  for (let round = -1; round < rounds; round++) {
    for (const [name, run] of Object.entries(contenders)) {
      const start = performance.now();
      await run();
      const time = performance.now() - start;
      // The first round warms up.
      if (round >= 0) times.set(name, [...(times.get(name) ?? []), time]);
    }
  }
  return new Map([...times].map(([name, values]) => [name, median(values)]));
}
