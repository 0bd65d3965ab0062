import assert from "node:assert/strict";
import { describe, it } from "mocha";
import * as vscode from "vscode";
import { activeEditor, eventually, open, pathOf, placeOf, putCursor } from "./support.ts";

/** Presses F12 at the `|`; returns where the cursor is then: the path of the file and the line, with the `|` in it. */
async function pressF12(path: string, marked: string): Promise<string> {
  const { document } = await open(path);
  return eventually(async () => {
    putCursor(await vscode.window.showTextDocument(document), marked);
    await vscode.commands.executeCommand("editor.action.revealDefinition");
    const { document: python, selection } = activeEditor(({ uri }) => uri.path.endsWith(".py"));
    const line = python.lineAt(selection.active.line).text;
    const { character } = selection.active;
    return `${pathOf(python.uri)}: ${line.slice(0, character)}|${line.slice(character)}`;
  });
}

describe("F12", () => {
  it("on a registered name lands on the name of the decorated class", async () => {
    assert.equal(
      await pressF12("configs/model.json", '"my_package>|Scale"'),
      "my_package/layers.py: class |Scale(keras.layers.Layer):",
    );
  });

  it("on the key of a function lands on the name of the function", async () => {
    assert.equal(
      await pressF12("configs/model.json", '"my_package>leaky|_swish"'),
      "my_package/activations.py: def |leaky_swish(x):",
    );
  });

  it("on a class of Keras lands in the installed Keras", async () => {
    assert.equal(
      await pressF12("configs/model.json", '"De|nse"'),
      ".venv/lib/python3.12/site-packages/keras/src/layers/core/dense.py: class |Dense(Layer):",
    );
  });

  it("underlines the string that it is asked about, and no more", async () => {
    const { document } = await open("configs/model.json");
    const [link] = await eventually(async () => {
      const found = await vscode.commands.executeCommand<vscode.LocationLink[]>(
        "vscode.executeDefinitionProvider",
        document.uri,
        placeOf(document, '"my_package>|Scale"'),
      );
      assert.equal(found.length, 1);
      return found;
    });
    assert.equal(document.getText(link?.originSelectionRange), "my_package>Scale");
  });
});
