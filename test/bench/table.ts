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

/** How contenders fared against the first of them. */
export interface Race {
  /** The median time in ms. */
  readonly time: (name: string) => number;
  /** The median over the rounds of the time divided by the first contender's in the same round. */
  readonly ratio: (name: string) => number;
}

/** How long the contenders run before anything counts, in ms: the optimiser has to see them first. */
const WARM_UP = 1000;

/**
 * Measures contenders over so many rounds. They take turns within a round, so that a busy machine weighs on all of
 * them.
 */
export async function race(rounds: number, contenders: { readonly [name: string]: () => unknown }): Promise<Race> {
  const names = Object.keys(contenders);
  const times = new Map<string, number[]>(names.map((name) => [name, []]));
  const warm = performance.now() + WARM_UP;
  do {
    for (const name of names) await contenders[name]!();
  } while (performance.now() < warm);
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      const start = performance.now();
      await contenders[name]!();
      times.get(name)!.push(performance.now() - start);
    }
  }
  const first = times.get(names[0]!)!;
  return {
    time: (name) => median(times.get(name)!),
    ratio: (name) => Math.round(100 * median(times.get(name)!.map((time, round) => time / first[round]!))) / 100,
  };
}
