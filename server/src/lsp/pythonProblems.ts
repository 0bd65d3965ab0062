import type { Diagnostic } from "vscode-languageserver";
import { type RegistrationFinding, registrationFindings } from "../features/registrationFindings.ts";
import { hasRegistrationWord } from "../python/words.ts";
import { relativePath } from "../workspace/uri.ts";
import { innermost } from "../workspace/versionEvidence.ts";
import { type Context, isJson } from "./context.ts";
import { diagnosticAt } from "./convert.ts";
import type { OpenDocument } from "./documents.ts";
import { Places } from "./places.ts";

/**
 * What is wrong with the registrations of an open Python file or of a notebook's cell, by the user's settings. Waits until
 * the workspace's Python is read as it is now. Throws Cancelled where the workspace is closed meanwhile.
 */
export async function pythonFindings(context: Context, document: OpenDocument): Promise<RegistrationFinding[]> {
  const { session, configuration, documents, notebooks, pythonEdits } = context;
  const module = notebooks.notebookOf(document.uri) ?? document.key;
  const texts = notebooks.cellsOf(module)?.map(({ text }) => text) ?? [documents.textOf(document.key) ?? ""];
  // Nothing is read on account of a file that registers nothing.
  if (isJson(document) || !module.startsWith("file:") || !texts.some(hasRegistrationWord)) return [];
  const workspace = await session.workspaceOf(module);
  const settings = await configuration.of(innermost(session.folders, module) ?? module);
  const root = innermost(workspace.roots, module);
  const path = root === undefined ? undefined : relativePath(root, module);
  if (path !== undefined && settings.isIgnoredFile(path)) return [];
  await pythonEdits.settled();
  const problems = await session.problemsIn(workspace, module);
  return registrationFindings(problems, settings).filter(({ at }) => at.uri === document.key);
}

/** The findings as the client shows them. */
export async function pythonDiagnostics(
  context: Context,
  findings: readonly RegistrationFinding[],
): Promise<Diagnostic[]> {
  const { client, rulePages } = context;
  const places = new Places(context);
  const diagnostics: Diagnostic[] = [];
  for (const finding of findings) {
    const related = [];
    for (const { message, location } of finding.related)
      related.push({ message, ...(await places.location(location)) });
    diagnostics.push(diagnosticAt(finding.at.range, { ...finding, related }, client, rulePages));
  }
  return diagnostics;
}
