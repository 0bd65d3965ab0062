import type { ModuleSummary, ValueSyntax } from "../python/summary.ts";
import type { Site } from "./resolved.ts";

const known = new WeakMap<ModuleSummary, ReadonlySet<ValueSyntax>>();

/** Whether a list or dict that a module binds to a name is filled where nobody follows it, so that it may hold anything. */
export function isFilled({ value, at }: { readonly value: ValueSyntax; readonly at: Site }): boolean {
  const { summary } = at.module;
  if (summary.filled.length === 0) return false;
  let literals = known.get(summary);
  if (!literals) {
    literals = literalsOf(summary);
    known.set(summary, literals);
  }
  return literals.has(value);
}

function literalsOf({ scopes, filled }: ModuleSummary): ReadonlySet<ValueSyntax> {
  const names = new Set(filled);
  const bindings = scopes.flatMap((scope) => (scope.kind === "function" ? [] : scope.bindings));
  return new Set(
    bindings.flatMap(({ name, value }) => (value.kind === "value" && names.has(name) ? [value.value] : [])),
  );
}
