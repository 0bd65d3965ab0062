import { functionAround, functionsAround } from "./scopes.ts";
import type { CodeFact, Fact, ScopeSummary } from "./summary.ts";
import type { VisitedStatement } from "./visits.ts";

/** Where a name is put something into: `R[key] =`, `R |=`, `R.append(…)`. What is no list or dict does no harm. */
const FILLS =
  /\b((?:\w{1,100}\.){0,4})(\w{1,100})(?:\[(?:[^\n]{0,60}|[^\]]{0,60})\]\s{0,9}[|+]?=(?!=)|\s{0,9}[|+]=|\.(?:add|append|appendleft|extend|insert|setdefault|update|__setitem__)\()/g;

/** Where an object is given a list or dict of its own. */
const OWN =
  /\bself\.(\w{1,100})(?:\s{0,9}:[^\n=]{0,200})?\s{0,9}=\s{0,9}(?:[{[]|(?:\w{1,100}\.)?(?:dict|list|set|OrderedDict|defaultdict)\()/g;

/** What was read of a text as a whole; absent where only its headers were. */
export interface ReadInFull {
  readonly visited: readonly VisitedStatement[];
  readonly facts: readonly Fact[];
  readonly code: readonly CodeFact[];
}

/** What a text fills where nobody follows it, each sorted. */
export interface FilledNames {
  /** Names of lists, dicts and the like of the module, of its classes or of their objects. */
  readonly filled: readonly string[];
  /** Names of other modules: those that it imports, and those of modules that it imports. */
  readonly filledElsewhere: readonly string[];
}

/**
 * The names that a text fills where nobody follows it: in a function that registers nothing itself, or in a statement that does not. By
 * names alone; linear in the text.
 */
export function filledNames(text: string, scopes: readonly ScopeSummary[], read: ReadInFull | undefined): FilledNames {
  const candidates = containers(text, scopes);
  const imported = importedNames(scopes);
  const filled = new Set<string>();
  const elsewhere = new Set<string>();
  if (candidates.size === 0 && imported.size === 0) return { filled: [], filledElsewhere: [] };
  const isFollowed = read && followed(scopes, read);
  for (const { 1: path = "", 2: name = "", index } of text.matchAll(FILLS)) {
    const isOwn = candidates.has(name) && !filled.has(name);
    const isOther = imported.has(path === "" ? name : path.slice(0, path.indexOf("."))) && !elsewhere.has(name);
    if ((!isOwn && !isOther) || isFollowed?.(index)) continue;
    if (isOwn) filled.add(name);
    if (isOther) elsewhere.add(name);
  }
  return { filled: [...filled].sort(), filledElsewhere: [...elsewhere].sort() };
}

function importedNames(scopes: readonly ScopeSummary[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { bindings } of scopes)
    for (const { name, value } of bindings) if (value.kind === "module" || value.kind === "member") names.add(name);
  return names;
}

/** What modules, classes and objects hold that can be filled. */
function containers(text: string, scopes: readonly ScopeSummary[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { 1: name = "" } of text.matchAll(OWN)) names.add(name);
  for (const { kind, bindings } of scopes) {
    if (kind === "function") continue;
    for (const { name, value } of bindings) {
      if (value.kind === "value" && ["dict", "items", "call", "comprehension"].includes(value.value.kind))
        names.add(name);
    }
  }
  return names;
}

/** Whether a place lies in a statement of the module that is followed, or in a function that is, since it registers. */
function followed(scopes: readonly ScopeSummary[], { visited, facts, code }: ReadInFull): (offset: number) => boolean {
  const registering = new Set(facts.flatMap(({ scope }) => [...functionsAround(scopes, scope)]));
  const ranges = [...code].sort((a, b) => a.offset - b.offset);
  return (offset) => {
    const range = lastBefore(ranges, (one) => one.offset, offset);
    if (range && offset < range.end) return true;
    const around = lastBefore(visited, ({ statement }) => statement.start, offset);
    const function_ = around && functionAround(scopes, around.context.scope);
    return function_ !== undefined && registering.has(function_);
  };
}

/** The last of what is in ascending order that begins at an offset or before it. */
function lastBefore<T>(sorted: readonly T[], startOf: (one: T) => number, offset: number): T | undefined {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (startOf(sorted[middle] as T) <= offset) low = middle + 1;
    else high = middle;
  }
  return sorted[low - 1];
}
