import assert from "node:assert/strict";
import { strToU8, zipSync } from "fflate";
import { describe, it } from "mocha";
import * as vscode from "vscode";
import {
  activeEditor,
  brokenModel,
  click,
  eventually,
  expectProblems,
  problemAt,
  putCursor,
  read,
  settle,
  uriOf,
  write,
} from "./support.ts";

describe("a .keras file", () => {
  it("opens as the formatted config inside it, with its problems", async () => {
    const { document } = await click("model.keras");
    assert.equal(document.uri.scheme, "keras-config");
    assert.equal(document.languageId, "json");
    assert.deepEqual(JSON.parse(document.getText()), JSON.parse(read("configs/broken_model.json")));
    assert.ok(document.lineCount > 40, `it has ${document.lineCount} lines`);
    await expectProblems(document, brokenModel);
  });

  it("leaves no other tab behind", async () => {
    await click("model.keras");
    await eventually(() => {
      const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
      assert.deepEqual(
        tabs.map((tab) => tab.label),
        ["config.json"],
      );
    });
  });

  it("cannot be typed into", async () => {
    const { document } = await click("model.keras");
    const before = document.getText();
    await vscode.commands.executeCommand("type", { text: "x" });
    assert.equal(document.getText(), before);
    assert.ok(!document.isDirty);
  });

  it("leads to the Python by F12", async () => {
    const editor = await click("model.keras");
    await eventually(async () => {
      putCursor(await vscode.window.showTextDocument(editor.document), '"my_package>|Scale"');
      await vscode.commands.executeCommand("editor.action.revealDefinition");
      activeEditor(({ uri }) => uri.path.endsWith("my_package/layers.py"));
    });
  });

  it("shows what is written into it while it is open", async () => {
    const { document } = await click("model.keras");
    await problemAt(document, '"my_package>Scal"');
    const config = read("configs/scale.json");
    write("model.keras", zipSync({ "config.json": strToU8(config), "metadata.json": strToU8("{}") }));
    await eventually(() => assert.deepEqual(JSON.parse(document.getText()), JSON.parse(config)));
    await expectProblems(document, []);
  });

  it("that is none stays in a tab that says so", async () => {
    write("not_a_model.keras", "Not a zip archive.");
    await vscode.commands.executeCommand("vscode.open", uriOf("not_a_model.keras"));
    await settle();
    const { input } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
    assert.ok(input instanceof vscode.TabInputCustom);
    assert.equal(input.viewType, "kerasConfig.archive");
  });
});
