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

describe("problems of registrations in Python", () => {
  it("are shown with both places, and go with their fix", async () => {
    write("twice.py", TWICE);
    const { document } = await open("twice.py");
    await expectProblems(document, [bare, twice]);
    const [first, second] = diagnosticsOf(document);
    const [related] = second?.relatedInformation ?? [];
    assert.equal(related?.location.uri.toString(), uriOf("my_package/layers.py").toString());
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      "vscode.executeCodeActionProvider",
      document.uri,
      first!.range,
      vscode.CodeActionKind.QuickFix.value,
      20,
    );
    const [fix] = actions.filter(({ title }) => title === "Add `()`");
    assert.ok(fix?.edit, actions.map(({ title }) => title).join(" | "));
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
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

  it("are nothing in Python that registers nothing wrong", async () => {
    const { document } = await open("my_package/layers.py");
    await settle();
    await eventually(() => assert.deepEqual(diagnosticsOf(document), []));
  });
});
