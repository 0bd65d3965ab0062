import assert from "node:assert/strict";
import { describe, it } from "mocha";
import * as vscode from "vscode";
import { eventually, open, problemAt, problemsOf, read, setting, uriOf, write } from "./support.ts";

/** The quick fixes that the light bulb lists for the problem under a text. */
async function fixesAt(document: vscode.TextDocument, text: string): Promise<vscode.CodeAction[]> {
  const { range } = await problemAt(document, text);
  const kind = vscode.CodeActionKind.QuickFix.value;
  const { uri } = document;
  return vscode.commands.executeCommand("vscode.executeCodeActionProvider", uri, range, kind, 20);
}

/** Takes the only quick fix whose title matches, as a click on it does; returns its title. */
async function fix(document: vscode.TextDocument, text: string, title: RegExp): Promise<string> {
  const actions = await fixesAt(document, text);
  const found = actions.filter((action) => title.test(action.title));
  assert.equal(
    found.length,
    1,
    `${title} fits ${found.length} of: ${actions.map((action) => action.title).join(" | ")}`,
  );
  const [{ edit, command, title: full }] = found as [vscode.CodeAction];
  if (edit) assert.ok(await vscode.workspace.applyEdit(edit));
  if (command) await vscode.commands.executeCommand(command.command, ...(command.arguments ?? []));
  return full;
}

async function expectGone(document: vscode.TextDocument, text: string): Promise<void> {
  await eventually(() => assert.ok(!problemsOf(document).some((problem) => problem.startsWith(text))));
}

describe("quick fixes", () => {
  it("write the key under which the class is registered", async () => {
    const { document } = await open("configs/broken_model.json");
    const before = document.getText();
    const title = await fix(document, '"my_package>Scal"', /my_package>Scale/);
    assert.ok(title.includes("my_package>Scale"), title);
    assert.equal(document.getText(), before.replace('"my_package>Scal"', '"my_package>Scale"'));
    await expectGone(document, '"my_package>Scal"');
  });

  it("write what was meant", async () => {
    const { document } = await open("configs/broken_model.json");
    const before = document.getText();
    await fix(document, '"my_package>leaky_swihs"', /my_package>leaky_swish/);
    assert.equal(document.getText(), before.replace("leaky_swihs", "leaky_swish"));
    await expectGone(document, '"my_package>leaky_swihs"');
  });

  it("add a registered_name that is not there", async () => {
    const { document } = await open("configs/broken_model.json");
    await fix(document, '"ResidualDense"', /my_package>Residual/);
    const { layers } = JSON.parse(document.getText()).config;
    assert.deepEqual(layers[2], {
      module: "my_package.layers",
      class_name: "ResidualDense",
      config: { name: "residual" },
      registered_name: "my_package>Residual",
    });
    await expectGone(document, '"ResidualDense"');
  });

  it("add the decorator to the class, with the package that the config names", async () => {
    const { document } = await open("configs/broken_model.json");
    const decorator = '@keras.saving.register_keras_serializable(package="my_package")';
    const before = read("my_package/layers.py");
    const title = await fix(document, '"my_package>Gate"', /register_keras_serializable/);
    assert.ok(title.includes(decorator), title);
    const python = await vscode.workspace.openTextDocument(uriOf("my_package/layers.py"));
    assert.equal(python.getText(), before.replace("class Gate", `${decorator}\nclass Gate`));
    await expectGone(document, '"my_package>Gate"');
  });

  it("ignore the name, in the settings of the workspace", async () => {
    write(".vscode/settings.json", read(".vscode/settings.json"));
    const { document } = await open("configs/broken_model.json");
    const title = await fix(document, '"my_package>Scal"', /[Ii]gnore/);
    assert.ok(title.includes("my_package>Scal"), title);
    assert.deepEqual(setting("ignoredNames"), ["my_package>Scal"]);
    await expectGone(document, '"my_package>Scal"');
  });

  it("are gone with the problem", async () => {
    const { document } = await open("configs/model.json");
    await open("configs/broken_model.json").then((broken) => fixesAt(broken.document, '"my_package>Scal"'));
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    assert.deepEqual(
      await vscode.commands.executeCommand("vscode.executeCodeActionProvider", document.uri, whole, "quickfix"),
      [],
    );
  });
});
