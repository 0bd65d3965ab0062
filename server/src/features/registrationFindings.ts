import type { RegistrationProblem } from "../registry/index.ts";
import type { SourceLocation } from "../registry/view.ts";
import { registrationWords } from "../rules/registrationRules.ts";
import type { Severity } from "../rules/rule.ts";
import { ruleTable } from "../rules/table.ts";
import type { EditorSettings } from "../workspace/editorSettings.ts";
import { MOST_FINDINGS } from "./diagnostics.ts";

/** A problem of a registration as it is shown, in the file or the notebook's cell that `at` names. */
export interface RegistrationFinding {
  readonly problem: RegistrationProblem;
  readonly at: SourceLocation;
  readonly severity: Severity;
  readonly code: RegistrationProblem["cause"];
  readonly message: string;
  readonly related: readonly { readonly message: string; readonly location: SourceLocation }[];
  /** The names under which the user can have it ignored: the key, where there is one, and the object's own. */
  readonly names: readonly string[];
}

/** What is shown of the problems of a module's registrations, in the order of its text. */
export function registrationFindings(
  problems: readonly RegistrationProblem[],
  settings?: Pick<EditorSettings, "severity" | "isIgnoredName">,
): RegistrationFinding[] {
  const findings: RegistrationFinding[] = [];
  for (const problem of problems) {
    if (findings.length >= MOST_FINDINGS) break;
    const { cause: code, at, name } = problem;
    const { message, related, severity: own } = registrationWords(problem);
    const severity = settings?.severity.get(code) ?? own ?? ruleTable.get(code)?.severity ?? "warning";
    const names = "key" in problem && problem.key !== undefined ? [problem.key, name] : [name];
    if (severity === "off" || names.some((one) => settings?.isIgnoredName(one))) continue;
    findings.push({ problem, at, severity, code, message, related, names });
  }
  return findings;
}
