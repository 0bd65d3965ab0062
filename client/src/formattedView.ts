import {
  type CancellationToken,
  commands,
  languages,
  type Position,
  Range,
  type TabInputCustom,
  type TabInputText,
  type TextDocument,
  TextEditorRevealType,
  Uri,
  ViewColumn,
  window,
  workspace,
} from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { activeEditor } from "./activeEditor.ts";
import type { LanguageServer } from "./languageServer.ts";
import { request, type ViewAnswer } from "./protocol.ts";
import { nameOf } from "./uri.ts";

/** Asks for the formatted view of a JSON document or a `.keras` file; null where it holds no config. */
export function askForView(
  client: LanguageClient,
  source: Uri,
  position?: Position,
  token?: CancellationToken,
): Promise<ViewAnswer | null> {
  const converter = client.code2ProtocolConverter;
  const textDocument = { uri: converter.asUri(source) };
  const params = position ? { textDocument, position: converter.asPosition(position) } : { textDocument };
  return request(client, "kerasConfig/view", params, token);
}

/** Opens a view in a text editor of its own, at the place that belongs to the position asked for. */
export async function openView(
  client: LanguageClient,
  view: Extract<ViewAnswer, { uri: string }>,
  viewColumn: ViewColumn,
): Promise<void> {
  const converter = client.protocol2CodeConverter;
  const uri = converter.asUri(view.uri);
  const document = await openJson(uri);
  if (!document) {
    await commands.executeCommand("vscode.open", uri, { preview: false, viewColumn });
    return;
  }
  const range = view.range && converter.asRange(view.range);
  // A value of many lines is not selected: its beginning says where it is.
  const selection = range && (range.isSingleLine ? range : new Range(range.start, range.start));
  const editor = await window.showTextDocument(document, {
    preview: false,
    viewColumn,
    ...(selection && { selection }),
  });
  if (selection) editor.revealRange(selection, TextEditorRevealType.InCenterIfOutsideViewport);
}

/** Opens a view as JSON; undefined where it is longer than the 50 MB that VS Code lets extensions see. */
async function openJson(uri: Uri): Promise<TextDocument | undefined> {
  const document = await workspace.openTextDocument(uri).then(undefined, () => undefined);
  // Its name ends in .json, which the user's settings may give to another language.
  return document && !["json", "jsonc"].includes(document.languageId)
    ? languages.setTextDocumentLanguage(document, "json")
    : document;
}

/** The command Open Formatted: the active JSON document, or the one given, with the value under the cursor in sight. */
export async function openFormatted(server: LanguageServer, given: unknown): Promise<void> {
  const editor = activeEditor();
  // A document of more than 50 MB has a tab, but is kept from extensions.
  const source = given instanceof Uri ? given : (editor?.document.uri ?? activeTabUri());
  if (!source) {
    void window.showInformationMessage("Open a Keras config first.");
    return;
  }
  if (source.scheme === "keras-config") return;
  const isActive = editor?.document.uri.toString() === source.toString();
  const client = await server.ready();
  const answer = await askForView(client, source, isActive ? editor.selection.active : undefined);
  if (answer === null) void window.showInformationMessage(`${nameOf(source)} holds no Keras config.`);
  else if ("problem" in answer) {
    const { message, hint } = answer.problem;
    void window.showWarningMessage([message, hint].filter(Boolean).join(" "));
  } else await openView(client, answer, ViewColumn.Active);
}

function activeTabUri(): Uri | undefined {
  const input = window.tabGroups.activeTabGroup.activeTab?.input as Partial<TabInputText | TabInputCustom> | undefined;
  return input?.uri instanceof Uri ? input.uri : undefined;
}
