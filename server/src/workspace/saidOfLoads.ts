import type { KerasRelease } from "../catalogue/keras.ts";
import type { Failure, LoadEvent, PythonError } from "../deserialize/load.ts";
import { jsonPointer, type ValueTree } from "../json/index.ts";
import type { LoadInSight, RegistryView, Unknown } from "../registry/view.ts";
import type { Hint } from "../rules/fixes.ts";
import { graphWords } from "../rules/graphWords.ts";
import { hintFor } from "../rules/hints.ts";
import { ownWords } from "../rules/ownWords.ts";
import { messageOf, ruleTable } from "../rules/table.ts";
import { warningWords } from "../rules/warnings.ts";
import { displayName } from "./notebook.ts";
import type { Problem, UnknownObject } from "./report.ts";

/** What is said of a document's loads, merged over versions by what it says and where. */
export interface SaidOfLoads {
  readonly tree: ValueTree;
  readonly registry: RegistryView;
  /** The one place of the workspace that loads the document, where there is one. */
  readonly load: LoadInSight | undefined;
  readonly problems: Map<string, Problem & { versions: string[] }>;
  readonly unknown: Map<string, UnknownObject & { versions: string[] }>;
}

/** Names are compared with every key of the workspace: behind so many problems nobody reads the advice. */
const MOST_HINTS = 200;

type Failed = Extract<LoadEvent, { kind: "failed" }>;
type Warned = Extract<LoadEvent, { kind: "warned" }>;

/** Notes a problem in one more version; returns the versions that it is said of. */
export function addProblem(
  said: SaidOfLoads,
  event: Failed,
  release: KerasRelease,
  version: string,
  stops: boolean,
): string[] {
  const { tree, registry, load } = said;
  const { failure, outcome } = event;
  const key = [failure.rule, failure.node, stops, outcome.exception, outcome.message].join("\0");
  return noted(said.problems, key, version, (versions) => {
    const hint =
      said.problems.size < MOST_HINTS ? hintFor(failure, event.node, tree, { registry, release, load }) : undefined;
    return {
      rule: failure.rule,
      severity: severityOf(failure.rule),
      message: wordsOf(failure, tree),
      ...advice(hint),
      object: event.node,
      ...(failure.rule === "unknown-argument" ? keyPlaceOf(tree, failure.node) : placeOf(tree, failure.node)),
      versions,
      stops,
      outcome: { exception: outcome.exception, message: outcome.message } satisfies PythonError,
    };
  });
}

function wordsOf(failure: Failure, tree: ValueTree): string {
  if (failure.own) return ownWords(failure, failure.own, tree);
  if (failure.graph) return graphWords(failure, failure.graph, tree);
  return messageOf(failure.rule, failure.error.message, failure.lookedUp);
}

/** Keeps what is said under its key, in one more version; a shared or repeated part of one load is told once. */
function noted<T extends { readonly versions: string[] }>(
  kept: Map<string, T>,
  key: string,
  version: string,
  make: (versions: string[]) => T,
): string[] {
  const known = kept.get(key);
  if (!known) {
    const versions = [version];
    kept.set(key, make(versions));
    return versions;
  }
  if (known.versions.at(-1) !== version) known.versions.push(version);
  return known.versions;
}

/** Notes a problem of a load that goes on: it stops nowhere, and nothing is raised. Returns the versions that it is said of. */
export function addWarning(said: SaidOfLoads, { node, warning }: Warned, release: KerasRelease): string[] {
  const { version } = release;
  const words = warningWords(warning, node, said.problems.size < MOST_HINTS ? release : undefined);
  const key = [warning.rule, warning.at, "warned", words.message].join("\0");
  return noted(said.problems, key, version, (versions) => ({
    rule: warning.rule,
    severity: ruleTable.get(warning.rule)?.quietSeverity ?? severityOf(warning.rule),
    message: words.message,
    ...advice(words),
    object: node,
    ...placeOf(said.tree, warning.at),
    versions,
    stops: false,
  }));
}

function placeOf(tree: ValueTree, node: number): Pick<Problem, "start" | "end" | "pointer"> {
  return { start: tree.start(node), end: tree.end(node), pointer: jsonPointer(tree, node) };
}

/** The key of a member. */
function keyPlaceOf(tree: ValueTree, node: number): Pick<Problem, "start" | "end" | "pointer"> {
  return { start: tree.keyStart(node), end: tree.keyEnd(node), pointer: jsonPointer(tree, node) };
}

function advice(hint: Hint | undefined): Pick<Problem, "hint" | "fixes" | "related"> {
  if (!hint) return {};
  const related = hint.places.map(({ message, location: { uri, range } }) => ({
    message,
    uri,
    line: range.start.line,
    character: range.start.character,
    end: range.end,
  }));
  return {
    ...(hint.text !== undefined && { hint: hint.text }),
    ...(hint.fixes.length > 0 && { fixes: hint.fixes }),
    ...(related.length > 0 && { related }),
  };
}

/** Why an object cannot be judged, with the place that decides it. */
export function reasonOf(event: Extract<LoadEvent, { kind: "unknown" }>): string {
  const { reason, location } = event.unknown;
  if (!location) return reason;
  return `${reason}, ${displayName(location.uri)}:${location.range.start.line + 1}`;
}

/** Notes an object that cannot be judged in one more version; returns the versions that it is said of. */
export function addUnknown(
  said: SaidOfLoads,
  object: number,
  node: number,
  reason: string,
  version: string,
  { location, provided }: Partial<Unknown> = {},
): string[] {
  const key = `${node}\0${reason}`;
  return noted(said.unknown, key, version, (versions) => ({
    ...placeOf(said.tree, node),
    object,
    reason,
    ...(location && { location }),
    ...(provided && { provided }),
    versions,
  }));
}

/** The severity that a rule has where nobody says otherwise. */
export function severityOf(code: Problem["rule"]): Problem["severity"] {
  return ruleTable.get(code)?.severity ?? "error";
}
