import assert from "node:assert/strict";
import { describe, it } from "mocha";
import * as vscode from "vscode";
import { eventually, open, placeOf } from "./support.ts";

/** The text of what the editor shows at the `|`. */
async function hoverAt(path: string, marked: string): Promise<string> {
  const { document } = await open(path);
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    "vscode.executeHoverProvider",
    document.uri,
    placeOf(document, marked),
  );
  return hovers
    .flatMap(({ contents }) => contents)
    .map((content) => (typeof content === "string" ? content : content.value))
    .join("\n");
}

describe("hover", () => {
  it("on a registered name tells the class, its place and its docstring", async () => {
    await eventually(async () => {
      const text = await hoverAt("configs/model.json", '"my_package>|Scale"');
      assert.match(text, /my_package\.layers/);
      assert.match(text, /layers\.py/);
      assert.match(text, /Multiplies each feature by a learned factor/);
    });
  });

  it("on a class of Keras tells its export and what it does", async () => {
    await eventually(async () => {
      const text = await hoverAt("configs/model.json", '"De|nse"');
      assert.match(text, /keras\.layers\.Dense/);
      assert.match(text, /densely-connected/);
    });
  });

  it("on other values says nothing", async () => {
    await eventually(async () => assert.notEqual(await hoverAt("configs/model.json", '"my_package>|Scale"'), ""));
    assert.equal(await hoverAt("configs/model.json", '"name": "sc|ale"'), "");
    assert.equal(await hoverAt("training.json", '"Sc|ale"'), "");
  });
});
