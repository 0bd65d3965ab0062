import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { describe, it } from "mocha";
import * as vscode from "vscode";
import { settings } from "./settings.ts";
import {
  brokenModel,
  diagnosticsOf,
  eventually,
  expectProblems,
  open,
  problemAt,
  read,
  remove,
  replace,
  write,
} from "./support.ts";

const decorated = '@keras.saving.register_keras_serializable(package="my_package")\nclass Gate';

/** Logs how long `work` took: 2 seconds are promised, and a busy machine is given more. */
async function timed(what: string, work: () => Promise<unknown>): Promise<void> {
  const started = Date.now();
  await work();
  appendFileSync(settings.log, `      ${what} after ${Date.now() - started} ms\n`);
}

describe("a change", () => {
  it("of Python by another program clears the squiggle", async () => {
    const { document } = await open("configs/broken_model.json");
    await expectProblems(document, brokenModel);
    write("my_package/layers.py", read("my_package/layers.py").replace("class Gate", decorated));
    await timed("cleared", () =>
      expectProblems(
        document,
        brokenModel.filter((problem) => !problem.includes("Gate")),
      ),
    );
  });

  it("of Python by another program shows what is missing now", async () => {
    const { document } = await open("configs/scale.json");
    await open("configs/broken_model.json").then((broken) => problemAt(broken.document, '"my_package>Scal"'));
    assert.deepEqual(diagnosticsOf(document), []);
    const python = read("my_package/layers.py");
    write(
      "my_package/layers.py",
      python.replace('package="my_package")\nclass Scale', 'package="other")\nclass Scale'),
    );
    await timed("shown", () => problemAt(document, '"my_package>Scale"'));
  });

  it("that deletes the Python shows what is missing now", async () => {
    const { document } = await open("configs/model.json");
    await open("configs/broken_model.json").then((broken) => problemAt(broken.document, '"my_package>Scal"'));
    assert.deepEqual(diagnosticsOf(document), []);
    remove("my_package/activations.py");
    await timed("shown", () => problemAt(document, '"my_package>leaky_swish"'));
  });

  it("of Python in the editor counts before it is saved", async () => {
    const { document } = await open("configs/broken_model.json");
    await problemAt(document, '"my_package>Gate"');
    const python = await open("my_package/layers.py");
    await replace(python, "class Gate", decorated);
    assert.ok(python.document.isDirty);
    await timed("cleared", () =>
      expectProblems(
        document,
        brokenModel.filter((problem) => !problem.includes("Gate")),
      ),
    );
    await vscode.commands.executeCommand("workbench.action.files.revert");
    await problemAt(document, '"my_package>Gate"');
  });

  it("of the config moves its problems along", async () => {
    const editor = await open("configs/broken_model.json");
    await expectProblems(editor.document, brokenModel);
    await replace(editor, '"my_package>Scal"', '"my_package>Scael"');
    await expectProblems(editor.document, [
      '"my_package>Scael" | error | class-not-registered',
      ...brokenModel.slice(1),
    ]);
    await replace(editor, '"my_package>Scael"', '"my_package>Scale"');
    await expectProblems(editor.document, brokenModel.slice(1));
  });

  it("that closes and deletes the config leaves no problem behind", async () => {
    write("configs/short_lived.json", read("configs/broken_model.json"));
    const { document } = await open("configs/short_lived.json");
    await expectProblems(document, brokenModel);
    await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
    remove("configs/short_lived.json");
    await eventually(() => assert.deepEqual(diagnosticsOf(document), []));
  });
});
