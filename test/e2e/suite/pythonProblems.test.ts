import assert from "node:assert/strict";
import { describe, it } from "mocha";
import * as vscode from "vscode";
import {
  diagnosticsOf,
  eventually,
  expectProblems,
  open,
  problemAt,
  replace,
  settle,
  uriOf,
  write,
} from "./support.ts";

const TWICE = `import keras
from my_package import layers


@keras.saving.register_keras_serializable
class Bare(keras.layers.Layer):
    pass


@keras.saving.register_keras_serializable(package="my_package", name="Residual")
class Other(keras.layers.Layer):
    pass
`;

const bare = "keras.saving.register_keras_serializable | error | decorator-not-called";
const twice =
  'keras.saving.register_keras_serializable(package="my_package", name="Residual") | warning | duplicate-registration';

/** The quick fixes of that title that the light bulb lists for the document's first problem. */
async function fixesAt(document: vscode.TextDocument, title: string): Promise<vscode.CodeAction[]> {
  return eventually(async () => {
    // The server cancels what was asked while the Python changed: an editor asks again, too.
    const [problem] = diagnosticsOf(document);
    const { uri } = document;
    const kind = vscode.CodeActionKind.QuickFix.value;
    const command = "vscode.executeCodeActionProvider";
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(command, uri, problem!.range, kind, 20);
    const found = actions.filter((action) => action.title === title);
    assert.ok(found.length > 0, actions.map((action) => action.title).join(" | "));
    return found;
  });
}

describe("problems of registrations in Python", () => {
  it("are shown with both places, and go with their fix", async () => {
    write("twice.py", TWICE);
    const { document } = await open("twice.py");
    await expectProblems(document, [bare, twice]);
    const [, second] = diagnosticsOf(document);
    const [related] = second?.relatedInformation ?? [];
    assert.equal(related?.location.uri.toString(), uriOf("my_package/layers.py").toString());
    const [fix] = await fixesAt(document, "Add `()`");
    assert.ok(fix?.edit && (await vscode.workspace.applyEdit(fix.edit)));
    assert.equal(document.getText(), TWICE.replace("serializable\n", "serializable()\n"));
    await expectProblems(document, [twice]);
  });

  it("follow what another file registers", async () => {
    write("twice.py", TWICE);
    const { document } = await open("twice.py");
    await problemAt(document, twice.split(" | ")[0]!);
    const layers = await open("my_package/layers.py");
    await replace(layers, '@keras.saving.register_keras_serializable(package="my_package", name="Residual")\n', "");
    await expectProblems(document, [bare]);
  });

  it("are shown in the cell of a notebook, and mended there", async () => {
    const metadata = { kernelspec: { name: "python3", display_name: "Python 3", language: "python" } };
    const code = (source: string) => ({ cell_type: "code", metadata: {}, outputs: [], execution_count: null, source });
    const cells = [
      code("import keras"),
      code("@keras.saving.register_keras_serializable\ndef swish(x):\n    return x"),
    ];
    write("bare.ipynb", JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }));
    const notebook = await vscode.workspace.openNotebookDocument(uriOf("bare.ipynb"));
    await vscode.window.showNotebookDocument(notebook);
    const { document } = notebook.cellAt(1);
    await expectProblems(document, [bare]);
    const [fix] = await fixesAt(document, "Add `()`");
    assert.ok(fix?.edit && (await vscode.workspace.applyEdit(fix.edit)));
    assert.equal(document.lineAt(0).text, "@keras.saving.register_keras_serializable()");
    await expectProblems(document, []);
  });

  it("are nothing in Python that registers nothing wrong", async () => {
    const { document } = await open("my_package/layers.py");
    await settle();
    await eventually(() => assert.deepEqual(diagnosticsOf(document), []));
  });
});
