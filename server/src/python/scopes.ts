import type { ScopeSummary } from "./summary.ts";

/** The indices of the functions that a scope is, or lies in, innermost first. */
export function* functionsAround(scopes: readonly ScopeSummary[], scope: number): Generator<number, undefined> {
  for (let at = scope; at > 0; at = scopes[at]!.parent) if (scopes[at]!.kind === "function") yield scopes[at]!.owner;
}

/** The index of the innermost of them; undefined for none. */
export function functionAround(scopes: readonly ScopeSummary[], scope: number): number | undefined {
  return functionsAround(scopes, scope).next().value;
}
