/**
 * The candidate nearest to a word by edit distance, where it is near enough to be a typo: at most a third of the word's
 * length, and never more than 3 edits. Case-insensitive matches win; ties go to the first.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const limit = Math.min(3, Math.max(1, Math.floor(word.length / 3)));
  const lower = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    if (candidate === word || Math.abs(candidate.length - word.length) > limit) continue;
    if (candidate.toLowerCase() === lower) return candidate;
    const distance = editDistance(lower, candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** The key nearest to one of custom objects: its package and its name are each the same or near enough to be a typo. */
export function nearestKey(key: string, candidates: readonly string[]): string | undefined {
  const [pack, name] = split(key);
  const isNear = (word: string, other: string) => word === other || nearest(word, [other]) !== undefined;
  return nearest(
    key,
    candidates.filter((candidate) => {
      const [otherPack, otherName] = split(candidate);
      return isNear(name, otherName) && isNear(pack, otherPack);
    }),
  );
}

function split(key: string): [string, string] {
  const cut = key.lastIndexOf(">");
  return [key.slice(0, Math.max(cut, 0)), key.slice(cut + 1)];
}

/** Edits (insert, delete, replace, swap of neighbours) between two words; stops counting at `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(
        (previous[j] as number) + 1,
        (current[j - 1] as number) + 1,
        (previous[j - 1] as number) + same,
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (beforePrevious[j - 2] as number) + 1);
      current.push(cost);
      least = Math.min(least, cost);
    }
    if (least >= limit) return limit;
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length] as number;
}
