import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { describe, it } from "mocha";
import * as vscode from "vscode";
import {
  activeEditor,
  brokenModel,
  diagnosticsOf,
  eventually,
  expectProblems,
  open,
  pathOf,
  problemAt,
  read,
  serverProcesses,
  setting,
  uriOf,
  write,
} from "./support.ts";

/** Runs a command that asks with a list, takes the entry `down` below the first, and waits until `isDone` does not throw. */
async function choose(command: string, down: number, isDone: () => void): Promise<void> {
  const running = vscode.commands.executeCommand(command);
  await eventually(async () => {
    // Until the list is filled there is nothing to take, and the attempt changes nothing.
    await setTimeout(300);
    for (let i = 0; i < down; i++) await vscode.commands.executeCommand("workbench.action.quickOpenSelectNext");
    await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
    await setTimeout(200);
    isDone();
  });
  await running;
}

describe("the command", () => {
  it("Go to Registered Object… lands on the name of a registered object", async () => {
    await choose("kerasConfig.goToRegisteredObject", 2, () => {
      const { document, selection } = activeEditor(({ uri }) => pathOf(uri) === "my_package/layers.py");
      assert.equal(document.getText(document.getWordRangeAtPosition(selection.active)), "Scale");
    });
  });

  it("Check All Configs in Workspace shows the problems of closed files", async () => {
    await vscode.commands.executeCommand("kerasConfig.checkWorkspace");
    await eventually(() => {
      for (const path of ["configs/broken_model.json", "configs/one_line.json"])
        assert.equal(diagnosticsOf({ uri: uriOf(path) }).length, brokenModel.length, path);
      const paths = vscode.languages.getDiagnostics().filter(([, problems]) => problems.length > 0);
      assert.ok(
        paths.some(([uri]) => uri.path.includes("model.keras")),
        "the .keras file has none",
      );
    });
  });

  it("Check All Configs in Workspace keeps what it shows up to date", async () => {
    await vscode.commands.executeCommand("kerasConfig.checkWorkspace");
    const closed = { uri: uriOf("configs/broken_model.json") };
    await eventually(() => assert.equal(diagnosticsOf(closed).length, brokenModel.length));
    write("configs/broken_model.json", read("configs/model.json"));
    await eventually(() => assert.deepEqual(diagnosticsOf(closed), []));
  });

  it("Select Keras Version… writes the setting", async () => {
    write(".vscode/settings.json", read(".vscode/settings.json"));
    await open("configs/model.json");
    await choose("kerasConfig.selectKerasVersion", 1, () =>
      assert.match(setting<string>("kerasVersion") ?? "", /^3\.\d+/),
    );
  });

  it("Restart Language Server starts another, which knows the open documents", async () => {
    const { document } = await open("configs/broken_model.json");
    await expectProblems(document, brokenModel);
    const [before] = serverProcesses();
    await vscode.commands.executeCommand("kerasConfig.restartServer");
    await eventually(() => {
      const [after, ...others] = serverProcesses();
      assert.ok(after !== undefined && after !== before && others.length === 0);
    });
    await expectProblems(document, brokenModel);
  });

  it("Show Output shows the output channel", async () => {
    await open("configs/broken_model.json").then(({ document }) => problemAt(document, '"my_package>Scal"'));
    await vscode.commands.executeCommand("kerasConfig.showOutput");
    await eventually(() => {
      const outputs = vscode.workspace.textDocuments.filter(({ uri }) => uri.scheme === "output");
      assert.ok(
        outputs.some(({ uri }) => decodeURIComponent(uri.path).includes("Keras Config")),
        `shown: ${outputs.map(({ uri }) => uri.path).join(", ")}`,
      );
    });
    await vscode.commands.executeCommand("workbench.action.closePanel");
  });
});
