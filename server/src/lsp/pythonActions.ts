import type { CancellationToken, CodeAction, CodeActionParams, Command } from "vscode-languageserver";
import type { RegistrationFinding } from "../features/registrationFindings.ts";
import { registrationFixes } from "../features/registrationFixes.ts";
import type { SourceLocation } from "../registry/view.ts";
import { answering } from "./cancellation.ts";
import { ignoreActions, overlaps, shownAction, wantsFixes } from "./codeActions.ts";
import { type Context, openDocument } from "./context.ts";
import { textEditsOf, workspaceEditOf } from "./convert.ts";
import type { OpenDocument } from "./documents.ts";
import { pythonDiagnostics, pythonFindings } from "./pythonProblems.ts";

/** Answers `textDocument/codeAction` on Python: the quick fixes of the registrations in a range. */
export async function pythonActions(
  context: Context,
  { textDocument, range, context: { only, diagnostics } }: CodeActionParams,
  token: CancellationToken,
): Promise<(CodeAction | Command)[] | null> {
  const document = openDocument(context, textDocument.uri);
  return answering(token, document, async () => {
    if (!wantsFixes(only)) return null;
    const findings = (await pythonFindings(context, document)).filter(({ at }) => overlaps(at.range, range));
    const actions: (CodeAction | Command)[] = [];
    for (const finding of findings) {
      const [own] = await pythonDiagnostics(context, [finding]);
      for (const made of fixesOf(document, finding)) {
        const edits = textEditsOf(document.text, made.changes);
        const { uri } = document;
        const edit = workspaceEditOf([{ uri, version: document.text.version, edits }], context.client);
        actions.push(shownAction(context, { ...made, edit }, own!, diagnostics));
      }
      for (const ignore of await ignoreActions(context, document.key, finding.names))
        actions.push(shownAction(context, ignore, own!, diagnostics));
    }
    return actions;
  });
}

function fixesOf({ key, text }: OpenDocument, { problem }: RegistrationFinding) {
  const offsets = ({ range }: SourceLocation) => ({ start: text.offsetAt(range.start), end: text.offsetAt(range.end) });
  const { cause, at } = problem;
  // A class that is registered from elsewhere is not mended from here.
  const isHere = cause === "missing-get-config" && problem.object.uri === key;
  return registrationFixes(problem, text.getText(), {
    at: offsets(at),
    ...(isHere && { object: offsets(problem.object) }),
  });
}
