import {
  type CancellationToken,
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  Command,
  type Diagnostic,
  type Range,
  type WorkspaceEdit,
} from "vscode-languageserver";
import { type QuickFix, quickFixesFor } from "../features/codeActions.ts";
import { type Finding, findingsOf } from "../features/diagnostics.ts";
import { ignoreNameEdit } from "../features/ignoreName.ts";
import { LineIndex } from "../workspace/lineIndex.ts";
import { settingsFileOf } from "../workspace/settings.ts";
import { innermost } from "../workspace/versionEvidence.ts";
import { sourceOf } from "../workspace/views.ts";
import { answering } from "./cancellation.ts";
import { type Context, isJson, openDocument, textOf } from "./context.ts";
import { diagnosticOf, rangeOf, textEditsOf, workspaceEditOf } from "./convert.ts";

/** The server's own command, for clients that take no code action literals. */
export const APPLY_FIX = "kerasConfig.applyFix";
/** Commands of the client that fixes name where it has them. */
const IGNORE_NAME = "kerasConfig.ignoreName";

/** What is offered, before it is put into the words that the client takes. */
export interface Action {
  readonly title: string;
  readonly isPreferred: boolean;
  readonly edit?: WorkspaceEdit;
  readonly command?: Command;
}

/** Whether quick fixes are among the kinds that are asked for. */
export function wantsFixes(only: CodeActionParams["context"]["only"]): boolean {
  return !only || only.some((kind) => kind === "" || kind === CodeActionKind.QuickFix);
}

/** Answers `textDocument/codeAction`: the quick fixes of the problems in a range. */
export async function codeActions(
  context: Context,
  { textDocument, range, context: { only, diagnostics } }: CodeActionParams,
  token: CancellationToken,
): Promise<(CodeAction | Command)[] | null> {
  const document = openDocument(context, textDocument.uri);
  return answering(token, document, async () => {
    const checked = isJson(document) && wantsFixes(only) ? await context.session.check(document.key) : undefined;
    if (!checked) return null;
    const { text } = document;
    const touches = (finding: Finding) => overlaps(rangeOf(text, finding), range);
    const findings = findingsOf(checked).filter(touches);
    const sources = { readText: (uri: string) => textOf(context.host, uri) };
    const actions: { readonly action: Action; readonly finding: Finding }[] = [];
    for (const fix of await quickFixesFor(checked, findings, sources))
      actions.push({ action: await actionOf(context, fix), finding: fix.finding });
    for (const finding of findings) {
      for (const action of await ignoreActions(context, document.key, finding.names)) actions.push({ action, finding });
    }
    const { client, rulePages } = context;
    return actions.map(({ action, finding }) =>
      shownAction(context, action, diagnosticOf(finding, text, client, rulePages), diagnostics),
    );
  });
}

/** An action on a problem, `own`, as the client takes it: with the diagnostic that it shows where it names one. */
export function shownAction(
  { client }: Context,
  { title, isPreferred, edit, command }: Action,
  own: Diagnostic,
  shown: readonly Diagnostic[],
): CodeAction | Command {
  if (!client.codeActionLiterals) return command ?? Command.create(title, APPLY_FIX, edit);
  return {
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [shown.find(({ code, range: at }) => code === own.code && sameRange(at, own.range)) ?? own],
    ...(client.preferredActions && isPreferred && { isPreferred }),
    ...(edit && { edit }),
    ...(command && { command }),
  };
}

async function actionOf(context: Context, { title, isPreferred, edits }: QuickFix): Promise<Action> {
  const { documents } = context;
  const converted = [];
  for (const { uri, changes } of edits) {
    const open = documents.of(uri).at(-1);
    const lines = open?.text ?? new LineIndex((await textOf(context.host, uri)) ?? "");
    const version = open?.text.version ?? null;
    converted.push({ uri: documents.clientUri(uri), version, edits: textEditsOf(lines, changes) });
  }
  return { title, isPreferred, edit: workspaceEditOf(converted, context.client) };
}

/** Has a name ignored: by the client's own command, else by an edit of the folder's settings file. */
export async function ignoreActions(context: Context, key: string, [name]: readonly string[]): Promise<Action[]> {
  if (name === undefined) return [];
  const common = { title: `Ignore \`${name}\``, isPreferred: false };
  if (context.client.hasCommand(IGNORE_NAME)) {
    return [{ ...common, command: Command.create(common.title, IGNORE_NAME, name, sourceOf(key)) }];
  }
  const folder = innermost(context.session.folders, sourceOf(key));
  if (folder === undefined) return [];
  const uri = settingsFileOf(folder);
  const text = await textOf(context.host, uri);
  const changes = ignoreNameEdit(text ?? "", name);
  if (!changes) return [];
  const lines = new LineIndex(text ?? "");
  const version = context.documents.of(uri).at(-1)?.text.version ?? null;
  const edits = [{ uri: context.documents.clientUri(uri), version, edits: textEditsOf(lines, changes) }];
  const edit = workspaceEditOf(edits, context.client);
  if (text !== undefined) return [{ ...common, edit }];
  // A file that is not there yet has to be made first, which not every client can be asked for.
  if (!edit.documentChanges) return [];
  return [{ ...common, edit: { documentChanges: [{ kind: "create", uri }, ...edit.documentChanges] } }];
}

/** Whether two ranges have a position in common, their ends included. */
export function overlaps(a: Range, b: Range): boolean {
  return !isBefore(a.end, b.start) && !isBefore(b.end, a.start);
}

function isBefore(a: Range["start"], b: Range["start"]): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}

function sameRange(a: Range, b: Range): boolean {
  return (
    !isBefore(a.start, b.start) && !isBefore(b.start, a.start) && !isBefore(a.end, b.end) && !isBefore(b.end, a.end)
  );
}
