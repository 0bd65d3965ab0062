/**
 * Which things of a tree are kept where there is room for `limit` of them: the outer before the inner, and among equals the
 * earlier. `depths` has the depth of each in document order; the answer has 1 for what is kept. What is kept has its
 * ancestors kept. Linear.
 */
export function keptBreadthFirst(depths: readonly number[], limit: number): Uint8Array {
  const kept = new Uint8Array(depths.length);
  if (depths.length <= limit) return kept.fill(1);
  const counts: number[] = [];
  for (const depth of depths) counts[depth] = (counts[depth] ?? 0) + 1;
  let room = limit;
  let whole = 0;
  while (room >= (counts[whole] ?? 0)) room -= counts[whole++] ?? 0;
  for (const [index, depth] of depths.entries()) {
    if (depth < whole || (depth === whole && room-- > 0)) kept[index] = 1;
  }
  return kept;
}
