/** What stands between facts of a list, between the items of a fact, and between the parts of an item. */
export const FACT = "\u0001";
export const ITEM = "\u0002";
export const PART = "\u0003";

/** "0-3,5" for [0, 1, 2, 3, 5]. */
export function rangeOf(releases: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < releases.length; ) {
    let j = i;
    while (j + 1 < releases.length && releases[j + 1] === (releases[j] as number) + 1) j++;
    parts.push(i === j ? `${releases[i]}` : `${releases[i]}-${releases[j]}`);
    i = j + 1;
  }
  return parts.join(",");
}

/** Notes that a fact holds in a release, by its index. */
export function note<K>(facts: Map<K, number[]>, fact: K, release: number): void {
  const releases = facts.get(fact);
  if (releases) releases.push(release);
  else facts.set(fact, [release]);
}

/** The ranges of releases that a file speaks of, which its facts name by their numbers. */
export class Ranges {
  private readonly numbers = new Map<string, number>();

  /** The number of a range, in base 36; a new one where it is first asked for. */
  number(releases: readonly number[]): string {
    const range = rangeOf(releases);
    const number = this.numbers.get(range) ?? this.numbers.size;
    this.numbers.set(range, number);
    return number.toString(36);
  }

  /** All of them, in the order of their numbers, as one line. */
  line(): string {
    return [...this.numbers.keys()].join(" ");
  }
}
