import type { ModuleSummary, ValueSyntax } from "../python/summary.ts";
import type { ModuleTable } from "./moduleTable.ts";
import type { Site } from "./resolved.ts";

/** What modules and their classes bind, by the values, and which of those names they fill. */
interface Names {
  readonly bound: ReadonlyMap<ValueSyntax, string>;
  readonly filled: ReadonlySet<string>;
}

const known = new WeakMap<ModuleSummary, Names>();

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
  const name = names.bound.get(value);
  return name !== undefined && (names.filled.has(name) || table.filledElsewhere.has(name));
}

function namesOf({ scopes, filled }: ModuleSummary): Names {
  const bindings = scopes.flatMap((scope) => (scope.kind === "function" ? [] : scope.bindings));
  const bound = bindings.flatMap(({ name, value }) => (value.kind === "value" ? [[value.value, name] as const] : []));
  return { bound: new Map(bound), filled: new Set(filled) };
}
