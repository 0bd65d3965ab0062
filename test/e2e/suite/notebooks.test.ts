import assert from "node:assert/strict";
import { describe, it } from "mocha";
import * as vscode from "vscode";
import { eventually, expectProblems, open, pathOf, placeOf, putCursor, uriOf, write } from "./support.ts";

const layer = (name: string, key: string) => `@keras.saving.register_keras_serializable("${key}")
class ${name}(keras.layers.Layer):
    """Explored in a notebook."""
`;

const code = (source: string) => ({ cell_type: "code", metadata: {}, outputs: [], execution_count: null, source });

function writeNotebook(path: string, ...cells: string[]): void {
  const metadata = { kernelspec: { name: "python3", display_name: "Python 3", language: "python" } };
  const title = { cell_type: "markdown", metadata: {}, source: "# A layer" };
  write(
    path,
    JSON.stringify({ cells: [title, ...cells.map(code)], metadata, nbformat: 4, nbformat_minor: 5 }, null, 1),
  );
}

function config(name: string): string {
  const [, className] = name.split(">");
  return JSON.stringify({ module: null, class_name: className, config: {}, registered_name: name }, null, 2);
}

/** Where the cursor is, once it is in a cell of a notebook: the file, the index of the cell, and the line with a `|`. */
function cursorInCell(): string {
  const editor = vscode.window.activeTextEditor;
  const notebook = vscode.window.activeNotebookEditor?.notebook;
  assert.ok(editor && notebook, `${editor?.document.uri} is active`);
  const cell = notebook.getCells().find(({ document }) => document === editor.document);
  assert.ok(cell, `${editor.document.uri} is no cell of ${notebook.uri}`);
  const { line, character } = editor.selection.active;
  const text = editor.document.lineAt(line).text;
  return `${pathOf(notebook.uri)} cell ${cell.index}: ${text.slice(0, character)}|${text.slice(character)}`;
}

async function pressF12(document: vscode.TextDocument, marked: string): Promise<string> {
  return eventually(async () => {
    putCursor(await vscode.window.showTextDocument(document), marked);
    await vscode.commands.executeCommand("editor.action.revealDefinition");
    return eventually(cursorInCell, 1000);
  });
}

describe("A notebook", () => {
  it("that registers a class is opened in the class's cell by F12", async () => {
    writeNotebook("explore.ipynb", "import keras", layer("Explored", "explored"));
    write("configs/explored.json", config("explored>Explored"));
    const { document } = await open("configs/explored.json");
    await expectProblems(document, []);
    assert.equal(
      await pressF12(document, '"explored>|Explored"'),
      "explore.ipynb cell 2: class |Explored(keras.layers.Layer):",
    );
    // Now that it is open, the server has the cells themselves.
    assert.equal(
      await pressF12(document, '"explored>|Explored"'),
      "explore.ipynb cell 2: class |Explored(keras.layers.Layer):",
    );
  });

  it("counts as it is typed, before it is saved", async () => {
    writeNotebook("typed.ipynb", "import keras", layer("Typed", "my_packag"));
    write("configs/typed.json", config("my_package>Typed"));
    const { document } = await open("configs/typed.json");
    await expectProblems(document, ['"my_package>Typed" | error | class-not-registered']);
    const notebook = await vscode.workspace.openNotebookDocument(uriOf("typed.ipynb"));
    await vscode.window.showNotebookDocument(notebook, { viewColumn: vscode.ViewColumn.Beside });
    const cell = notebook.cellAt(2).document;
    const replaceKey = async (by: string) => {
      const edit = new vscode.WorkspaceEdit();
      edit.replace(cell.uri, new vscode.Range(placeOf(cell, "serializable|("), placeOf(cell, "|)\nclass")), `("${by}"`);
      assert.ok(await vscode.workspace.applyEdit(edit));
    };
    await replaceKey("my_package");
    await expectProblems(document, []);
    assert.ok(notebook.isDirty);
    await replaceKey("my_packag");
    await expectProblems(document, ['"my_package>Typed" | error | class-not-registered']);
    await notebook.save();
  });

  it("is asked from a cell for the configs that name its class", async () => {
    writeNotebook("asked.ipynb", "import keras", layer("Asked", "asked"));
    write("configs/asked.json", config("asked>Asked"));
    await expectProblems((await open("configs/asked.json")).document, []);
    const notebook = await vscode.workspace.openNotebookDocument(uriOf("asked.ipynb"));
    await vscode.window.showNotebookDocument(notebook);
    const cell = notebook.cellAt(2).document;
    await eventually(async () => {
      const found = await vscode.commands.executeCommand<vscode.Location[]>(
        "vscode.executeReferenceProvider",
        cell.uri,
        placeOf(cell, "class As|ked"),
      );
      const places = found.map(({ uri }) => (uri.scheme === "file" ? pathOf(uri) : `cell of ${pathOf(uri)}`));
      assert.ok(places.includes("configs/asked.json"), places.join());
      assert.ok(
        places.every((place) => ["configs/asked.json", "cell of asked.ipynb"].includes(place)),
        places.join(),
      );
    });
  });
});
