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
