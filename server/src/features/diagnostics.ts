import type { SourceLocation } from "../registry/view.ts";
import type { Fix } from "../rules/fixes.ts";
import type { RuleCode, Severity } from "../rules/rule.ts";
import { ruleTable } from "../rules/table.ts";
import type { FileReport, Problem } from "../workspace/report.ts";
import type { CheckedDocument } from "../workspace/session.ts";
import { relativePath } from "../workspace/uri.ts";
import { innermost } from "../workspace/versionEvidence.ts";
import { exceptionalVersions } from "../workspace/versionRanges.ts";
import { sourceOf } from "../workspace/views.ts";
import { namesOf } from "./identity.ts";

/** A problem as an editor shows it; offsets are UTF-16. */
export interface Finding {
  readonly start: number;
  readonly end: number;
  readonly severity: Severity;
  readonly code: RuleCode;
  readonly message: string;
  readonly related: readonly {
    readonly message: string;
    readonly uri: string;
    readonly range: SourceLocation["range"];
  }[];
  readonly fixes: readonly Fix[];
  /** The names under which the user can have it ignored. */
  readonly names: readonly string[];
}

/** Editors show no more of one document. */
export const MOST_FINDINGS = 1_000;

/**
 * What an editor shows of a document, in its order, by the user's settings: every object that Keras does not find or that
 * is not what it seems, and as
 * a hint every one that cannot be judged, as information where a scope or an argument provides it. Syntax errors are the editor's own business.
 */
export function findingsOf({ report, settings, workspace }: CheckedDocument): Finding[] {
  const source = sourceOf(report.uri);
  const root = innermost(workspace.roots, source);
  const path = root === undefined ? undefined : relativePath(root, source);
  if (path !== undefined && settings.isIgnoredFile(path)) return [];
  const tree = report.analysis?.document.tree;
  const findings: Finding[] = [];
  const add = (finding: Omit<Finding, "severity" | "names">, object: number | undefined, own?: Severity) => {
    const severity = settings.severity.get(finding.code) ?? own ?? ruleTable.get(finding.code)?.severity ?? "error";
    if (severity === "off" || findings.length >= MOST_FINDINGS) return;
    const names = tree && object !== undefined ? namesOf(tree, object) : [];
    if (names.some((name) => settings.isIgnoredName(name))) return;
    findings.push({ ...finding, severity, names });
  };
  for (const problem of report.problems) {
    if (problem.rule === "syntax-error") continue;
    const related = (problem.related ?? []).map(({ message, uri, line, character, end }) => ({
      message,
      uri,
      range: { start: { line, character }, end },
    }));
    const { start, end, rule: code, fixes = [] } = problem;
    const message = `${problem.message}${suffix(problem, report)}`;
    add({ start, end, code, message, related, fixes }, problem.object, problem.severity);
  }
  for (const { start, end, reason, object, location, provided, versions } of report.unknown) {
    const message = `Cannot be known: ${reason}.${suffix({ versions }, report)}`;
    const related = location
      ? [{ message: provided ? "It is provided here" : "This decides it", uri: location.uri, range: location.range }]
      : [];
    const severity = provided ? "information" : undefined;
    add({ start, end, code: "cannot-be-known", message, related, fixes: [] }, object, severity);
  }
  return findings.sort((a, b) => a.start - b.start);
}

/** In which versions something holds, where it is not all that the document is checked for. */
function suffix(said: Pick<Problem, "versions" | "foundIn">, report: FileReport): string {
  const versions = exceptionalVersions(said, report);
  return versions === undefined ? "" : ` (${versions})`;
}
