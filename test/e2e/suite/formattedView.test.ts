import assert from "node:assert/strict";
import { describe, it } from "mocha";
import * as vscode from "vscode";
import {
  activeEditor,
  brokenModel,
  diagnosticsOf,
  eventually,
  expectProblems,
  open,
  placeOf,
  problemAt,
  putCursor,
} from "./support.ts";

/** Opens configs/one_line.json, puts the cursor at the `|`, and asks for the formatted view. */
async function openFormatted(marked?: string): Promise<{ source: vscode.TextDocument; view: vscode.TextEditor }> {
  const editor = await open("configs/one_line.json");
  assert.equal(editor.document.lineCount, 1);
  if (marked) putCursor(editor, marked);
  await vscode.commands.executeCommand("kerasConfig.openFormatted");
  const view = await eventually(() => activeEditor(({ uri }) => uri.scheme === "keras-config"));
  return { source: editor.document, view };
}

describe("a config on one long line", () => {
  it("opens formatted, with the problems of the source", async () => {
    const { source, view } = await openFormatted();
    assert.equal(view.document.languageId, "json");
    assert.deepEqual(JSON.parse(view.document.getText()), JSON.parse(source.getText()));
    await expectProblems(view.document, brokenModel);
    await expectProblems(source, brokenModel);
    const messages = (document: vscode.TextDocument) => diagnosticsOf(document).map(({ message }) => message);
    assert.deepEqual(messages(view.document), messages(source));
  });

  it("opens formatted at the value under the cursor", async () => {
    const { view } = await openFormatted('"my_package>|Scal"');
    const line = view.document.lineAt(view.selection.active.line).text;
    assert.match(line, /^\s*"registered_name": "my_package>Scal"$/);
  });

  it("leads from the view to the Python", async () => {
    const { view } = await openFormatted();
    const links = await eventually(async () => {
      const found = await vscode.commands.executeCommand<vscode.LocationLink[]>(
        "vscode.executeDefinitionProvider",
        view.document.uri,
        placeOf(view.document, '"my_package>|Scale"'),
      );
      assert.equal(found.length, 1);
      return found;
    });
    assert.match(links[0]!.targetUri.path, /my_package\/layers\.py$/);
  });

  it("is mended by a quick fix in the view, and the view follows", async () => {
    const { source, view } = await openFormatted();
    const before = source.getText();
    const { range } = await problemAt(view.document, '"my_package>Scal"');
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      "vscode.executeCodeActionProvider",
      view.document.uri,
      range,
      "quickfix",
      20,
    );
    const action = actions.find(({ title, edit }) => edit && title.includes("my_package>Scale"));
    assert.ok(action?.edit, `no fix among ${actions.map(({ title }) => title).join(" | ")}`);
    assert.ok(await vscode.workspace.applyEdit(action.edit));
    assert.equal(source.getText(), before.replace('"my_package>Scal"', '"my_package>Scale"'));
    await expectProblems(view.document, brokenModel.slice(1));
  });
});
