import type { ModuleSummary, ValueSyntax } from "../python/summary.ts";
import type { ModuleTable } from "./moduleTable.ts";
import type { Site } from "./resolved.ts";

const known = new WeakMap<ModuleSummary, ReadonlyMap<ValueSyntax, string>>();

/** Whether a list or dict that a module binds to a name is filled where nobody follows it, so that it may hold anything. */
export function isFilled(
  { value, at }: { readonly value: ValueSyntax; readonly at: Site },
  table: Pick<ModuleTable, "filledElsewhere">,
): boolean {
  const { summary } = at.module;
  let names = known.get(summary);
  if (!names) {
    names = namesOf(summary);
    known.set(summary, names);
  }
  const name = names.get(value);
  return name !== undefined && (summary.filled.includes(name) || table.filledElsewhere.has(name));
}

/** What a module and its classes bind, by the values. */
function namesOf({ scopes }: ModuleSummary): ReadonlyMap<ValueSyntax, string> {
  const bindings = scopes.flatMap((scope) => (scope.kind === "function" ? [] : scope.bindings));
  return new Map(bindings.flatMap(({ name, value }) => (value.kind === "value" ? [[value.value, name] as const] : [])));
}
