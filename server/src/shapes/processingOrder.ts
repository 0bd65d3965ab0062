import type { PlannedCall } from "./modelPlan.ts";

/**
 * The calls in the order of `functional_from_config` of keras/src/models/functional.py, which goes over the layers again and
 * again and makes the calls whose tensors are there; calls that wait for ever are left out. Linear but for the sorting.
 */
export function processingOrder(calls: readonly PlannedCall[]): PlannedCall[] {
  const placeOf = placesOf(calls);
  const passes = new Float64Array(calls.length);
  const waiting = new Int32Array(calls.length);
  const followers: number[][] = calls.map(() => []);
  const called = new Set(calls.map(({ layer }) => layer));
  for (const [index, call] of calls.entries()) {
    const before = placeOf(call.layer, call.node - 1);
    const needed = call.needs.map(
      ({ layer, node }) => placeOf(layer, node) ?? (called.has(layer) || node > 0 ? -1 : undefined),
    );
    for (const other of [before, ...needed]) {
      if (other === undefined) continue;
      waiting[index]!++;
      if (other >= 0) followers[other]?.push(index);
    }
  }
  const ready = calls.flatMap((_, index) => (waiting[index] === 0 ? [index] : []));
  const done: number[] = [];
  for (let at = ready.pop(); at !== undefined; at = ready.pop()) {
    done.push(at);
    const { layer } = calls[at] as PlannedCall;
    for (const next of followers[at] ?? []) {
      const pass = passes[at]! + (layer <= (calls[next] as PlannedCall).layer ? 0 : 1);
      passes[next] = Math.max(passes[next]!, pass);
      if (--waiting[next]! === 0) ready.push(next);
    }
  }
  const compare = (a: number, b: number) => passes[a]! - passes[b]! || a - b;
  return done.sort(compare).map((index) => calls[index] as PlannedCall);
}

/** Where the call of a layer stands among those of a model, of which each layer has those from its first one on. */
export function placesOf(
  calls: readonly { readonly layer: number; readonly node: number }[],
): (layer: number, node: number) => number | undefined {
  const places = new Map<number, number[]>();
  for (const [index, { layer, node }] of calls.entries()) {
    const ofLayer = places.get(layer) ?? [];
    ofLayer[node] = index;
    places.set(layer, ofLayer);
  }
  return (layer, node) => places.get(layer)?.[node];
}
