import {
  type CodeDescription,
  type Diagnostic,
  DiagnosticSeverity,
  type Position,
  type Range,
  type TextDocumentEdit,
  type TextEdit,
  type WorkspaceEdit,
} from "vscode-languageserver";
import type { Finding } from "../features/diagnostics.ts";
import type { TextChange } from "../features/textChange.ts";
import type { Severity } from "../rules/rule.ts";
import type { Client } from "./capabilities.ts";

/** Whatever turns UTF-16 offsets into positions: an open document, or the lines of a closed one. */
export interface Lines {
  positionAt(offset: number): Position;
}

export function rangeOf(lines: Lines, { start, end }: { readonly start: number; readonly end: number }): Range {
  return { start: lines.positionAt(start), end: lines.positionAt(end) };
}

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** A finding as the client can show it; `rulePages` is the folder of the rules' pages. */
export function diagnosticOf(finding: Finding, lines: Lines, client: Client, rulePages: string): Diagnostic {
  return diagnosticAt(rangeOf(lines, finding), finding, client, rulePages);
}

/** What is found at a range, as the client can show it. */
export function diagnosticAt(
  range: Range,
  finding: Pick<Finding, "severity" | "code" | "message" | "related">,
  client: Client,
  rulePages: string,
): Diagnostic {
  const codeDescription: CodeDescription = { href: `${rulePages}${finding.code}.md` };
  const related = finding.related.map(({ message, uri, range: at }) => ({ message, location: { uri, range: at } }));
  return {
    range,
    severity: severities[finding.severity],
    code: finding.code,
    ...(client.codeDescription && { codeDescription }),
    source: "Keras",
    message: finding.message,
    ...(client.relatedInformation && related.length > 0 && { relatedInformation: related }),
  };
}

export function textEditsOf(lines: Lines, changes: readonly TextChange[]): TextEdit[] {
  return changes.map((change) => ({ range: rangeOf(lines, change), newText: change.newText }));
}

/** Edits of several documents, with the version of those that are open where the client checks it. */
export function workspaceEditOf(
  edits: readonly { readonly uri: string; readonly version: number | null; readonly edits: TextEdit[] }[],
  client: Client,
): WorkspaceEdit {
  if (!client.documentChanges) return { changes: Object.fromEntries(edits.map(({ uri, edits: own }) => [uri, own])) };
  const documentChanges = edits.map(
    ({ uri, version, edits: own }): TextDocumentEdit => ({ textDocument: { uri, version }, edits: own }),
  );
  return { documentChanges };
}
