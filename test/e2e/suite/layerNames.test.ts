import assert from "node:assert/strict";
import { describe, it } from "mocha";
import * as vscode from "vscode";
import { activeEditor, eventually, open, placeOf, putCursor } from "./support.ts";

const model = "configs/two_towers.json";
const mention = '["enc|oder", 1, 0]';

/** Asks a provider about a place until it answers. */
async function ask<T>(command: string, marked: string, ...rest: unknown[]): Promise<T> {
  const { document } = await open(model);
  return eventually(async () => {
    const answer = await vscode.commands.executeCommand<T>(command, document.uri, placeOf(document, marked), ...rest);
    assert.ok(Array.isArray(answer) ? answer.length > 0 : answer);
    return answer;
  });
}

describe("The name of a layer", () => {
  it("is where F12 on a mention of it leads to", async () => {
    const { document } = await open(model);
    await eventually(async () => {
      putCursor(await vscode.window.showTextDocument(document), mention);
      await vscode.commands.executeCommand("editor.action.revealDefinition");
      const { selection } = activeEditor(({ uri }) => uri.path.endsWith("two_towers.json"));
      assert.match(document.lineAt(selection.active.line).text, /"name": "encoder", "units": 8|^ +"name": "encoder",$/);
    });
  });

  it("is highlighted with its mentions, and Find References lists these", async () => {
    const { document } = await open(model);
    const highlights = await ask<vscode.DocumentHighlight[]>("vscode.executeDocumentHighlights", mention);
    assert.equal(highlights.length, 4);
    for (const { range } of highlights) assert.equal(document.getText(range), "encoder");
    const references = await ask<vscode.Location[]>("vscode.executeReferenceProvider", mention);
    assert.ok(references.length >= 2);
  });

  it("is renamed everywhere at once, and to no name that another layer has", async () => {
    const { document } = await open(model);
    const edit = await ask<vscode.WorkspaceEdit>("vscode.executeDocumentRenameProvider", mention, "tower");
    assert.ok(await vscode.workspace.applyEdit(edit));
    const text = document.getText();
    assert.doesNotMatch(text, /encoder/);
    assert.equal(text.match(/"tower"/g)?.length, 4);
    await assert.rejects(
      ask("vscode.executeDocumentRenameProvider", '["tow|er", 1, 0]', "query"),
      /The model "two_towers" has another layer named "query"/,
    );
  });
});

/** The objects of a config as `name (class): its layers`; throws where the outline has none but those of plain JSON. */
async function outlineOf(path: string, root: string): Promise<string> {
  const { document } = await open(path);
  const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
    "vscode.executeDocumentSymbolProvider",
    document.uri,
  );
  const found = symbols.find(({ name }) => name === root);
  assert.ok(found, `${path} has ${symbols.map(({ name }) => name).join(", ")}`);
  return `${root} (${found.detail}): ${found.children.map(({ name, detail }) => `${name} ${detail}`).join(", ")}`;
}

describe("The outline", () => {
  it("has models and layers by their names, as soon as an editor opens", async () => {
    await eventually(() => outlineOf("configs/model.json", "model"));
    assert.equal(
      await outlineOf(model, "two_towers"),
      "two_towers (Functional): query InputLayer, document InputLayer, encoder Dense, similarity Dot",
    );
  });
});

describe("Go to Symbol in Workspace", () => {
  it("finds what is registered by its key", async () => {
    await open("configs/model.json");
    await eventually(async () => {
      const symbols = await vscode.commands.executeCommand<vscode.SymbolInformation[]>(
        "vscode.executeWorkspaceSymbolProvider",
        "my_package>Sc",
      );
      const found = symbols.find(({ name }) => name === "my_package>Scale");
      assert.match(found?.location.uri.path ?? "", /my_package\/layers\.py$/);
    });
  });
});
