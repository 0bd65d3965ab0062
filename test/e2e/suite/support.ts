import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach } from "mocha";
import * as vscode from "vscode";
import { settings } from "./settings.ts";

export const extensionId = "keras-config.keras-config";

/** The folder that VS Code has open: a copy of test/e2e/workspace. */
export const folder = vscode.workspace.workspaceFolders![0]!.uri.fsPath;

export function uriOf(path: string): vscode.Uri {
  return vscode.Uri.file(join(folder, path));
}

/** The path below the workspace of a file, or of the file that a virtual document shows. */
export function pathOf(uri: vscode.Uri): string {
  return uri.fsPath.slice(folder.length + 1);
}

/** Calls `read` until it throws no more; gives up, with its last error, when patience ends. */
export async function eventually<T>(read: () => T | Promise<T>, patience = settings.patience): Promise<T> {
  const deadline = Date.now() + patience;
  for (;;) {
    try {
      return await read();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await setTimeout(50);
  }
}

/** Lets pass the time in which something that must not happen could happen. */
export async function settle(): Promise<void> {
  await setTimeout(Math.min(1500, settings.patience));
}

/** Opens a file of the workspace in an editor. */
export async function open(path: string): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument(uriOf(path));
  return vscode.window.showTextDocument(document, { preview: false });
}

/** Opens a file as a click in the Explorer does; returns the text editor that it ends up in. */
export async function click(path: string): Promise<vscode.TextEditor> {
  await vscode.commands.executeCommand("vscode.open", uriOf(path));
  return eventually(() => activeEditor((document) => pathOf(document.uri).startsWith(path)));
}

/** The active editor, which must show a document as described. */
export function activeEditor(isWanted: (document: vscode.TextDocument) => boolean): vscode.TextEditor {
  const editor = vscode.window.activeTextEditor;
  assert.ok(editor, "no text editor is active");
  assert.ok(isWanted(editor.document), `${editor.document.uri} is active`);
  return editor;
}

/** Where the only occurrence of a text is; the caret `|` in it says which place is meant. */
export function placeOf(document: vscode.TextDocument, marked: string): vscode.Position {
  const caret = marked.indexOf("|");
  const found = rangeOf(document, marked.replace("|", ""));
  return document.positionAt(document.offsetAt(found.start) + Math.max(caret, 0));
}

/** The range of the only occurrence of a text. */
export function rangeOf(document: vscode.TextDocument, text: string): vscode.Range {
  const whole = document.getText();
  const start = whole.indexOf(text);
  assert.ok(start >= 0, `${document.uri.path} does not hold ${text}`);
  assert.equal(whole.indexOf(text, start + 1), -1, `${document.uri.path} holds ${text} twice`);
  return new vscode.Range(document.positionAt(start), document.positionAt(start + text.length));
}

/** Puts the cursor of an editor where the `|` in a text is. */
export function putCursor(editor: vscode.TextEditor, marked: string): void {
  const position = placeOf(editor.document, marked);
  editor.selection = new vscode.Selection(position, position);
  editor.revealRange(editor.selection);
}

/** Types over the only occurrence of a text, without saving. */
export async function replace(editor: vscode.TextEditor, text: string, by: string): Promise<void> {
  const range = rangeOf(editor.document, text);
  assert.ok(await editor.edit((edit) => edit.replace(range, by)));
}

/** The problems of a document, each as `the text under its squiggle | severity | rule`, in the order of the text. */
export function problemsOf(document: vscode.TextDocument): string[] {
  return diagnosticsOf(document).map((diagnostic) => {
    const severity = vscode.DiagnosticSeverity[diagnostic.severity].toLowerCase();
    return `${document.getText(diagnostic.range)} | ${severity} | ${ruleOf(diagnostic)}`;
  });
}

export function diagnosticsOf({ uri }: { readonly uri: vscode.Uri }): vscode.Diagnostic[] {
  return [...vscode.languages.getDiagnostics(uri)].sort((a, b) => a.range.start.compareTo(b.range.start));
}

export function ruleOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === "object" ? code.value : code);
}

/** Waits until the problems of a document are these. */
export async function expectProblems(document: vscode.TextDocument, expected: readonly string[]): Promise<void> {
  await eventually(() => assert.deepEqual(problemsOf(document), expected));
}

/** Waits for the problem whose squiggle is under a text. */
export async function problemAt(document: vscode.TextDocument, text: string): Promise<vscode.Diagnostic> {
  return eventually(() => {
    const found = diagnosticsOf(document).find(({ range }) => document.getText(range) === text);
    assert.ok(found, `no problem at ${text}, but at ${problemsOf(document).join(", ") || "nothing"}`);
    return found;
  });
}

/** The problems that configs/broken_model.json has, and whatever shows the same model. */
export const brokenModel = [
  '"my_package>Scal" | error | class-not-registered',
  '"ResidualDense" | error | class-not-registered',
  '"my_package>Gate" | error | class-not-registered',
  '"my_package>leaky_swihs" | error | function-not-registered',
];

const written = new Map<string, Buffer | undefined>();

/** Writes a file of the workspace as another program would: the editor is not told. */
export function write(path: string, content: string | Uint8Array): void {
  remember(path);
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

/** Deletes a file of the workspace as another program would. */
export function remove(path: string): void {
  remember(path);
  rmSync(join(folder, path));
}

export function read(path: string): string {
  return readFileSync(join(folder, path), "utf8");
}

function remember(path: string): void {
  const file = join(folder, path);
  if (!written.has(path)) written.set(path, existsSync(file) ? readFileSync(file) : undefined);
}

/** Sets a setting of the extension for the workspace, until the test ends. */
export async function configure(name: string, value: unknown): Promise<void> {
  remember(".vscode/settings.json");
  await vscode.workspace
    .getConfiguration("kerasConfig", vscode.workspace.workspaceFolders![0]!.uri)
    .update(name, value, vscode.ConfigurationTarget.Workspace);
}

/** The value of a setting of the extension, as the workspace sees it. */
export function setting<T>(name: string): T | undefined {
  return vscode.workspace.getConfiguration("kerasConfig", vscode.workspace.workspaceFolders![0]!.uri).get<T>(name);
}

/** Process ids of the language servers that this extension host has started. */
export function serverProcesses(): number[] {
  return processes()
    .filter(({ command }) => command.includes("server.cjs") && command.includes(extensionPath()))
    .map(({ id }) => id);
}

function extensionPath(): string {
  return vscode.extensions.getExtension(extensionId)!.extensionPath;
}

function processes(): { id: number; command: string }[] {
  if (process.platform !== "linux")
    return execFileSync("ps", ["-A", "-o", "pid=,args="], { encoding: "utf8" })
      .split("\n")
      .map((line) => ({ id: Number.parseInt(line, 10), command: line }));
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [{ id: Number(name), command: readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ") }];
      } catch {
        return [];
      }
    });
}

// Each test finds the workspace as it was: nothing open, nothing unsaved, every file as it came.
afterEach(async () => {
  await vscode.commands.executeCommand("workbench.action.closeQuickOpen");
  for (const document of vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty)) {
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand("workbench.action.files.revert");
  }
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  for (const [path, content] of written)
    if (content) writeFileSync(join(folder, path), content);
    else rmSync(join(folder, path), { force: true });
  written.clear();
});
