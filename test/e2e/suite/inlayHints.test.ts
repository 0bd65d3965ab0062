import assert from "node:assert/strict";
import { describe, it } from "mocha";
import * as vscode from "vscode";
import { eventually, open } from "./support.ts";

/** What is shown behind the text of each line of an open file. */
async function hintsIn(path: string): Promise<string[]> {
  const { document } = await open(path);
  const all = new vscode.Range(0, 0, document.lineCount, 0);
  const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
    "vscode.executeInlayHintProvider",
    document.uri,
    all,
  );
  return hints.map(({ position, label }) => {
    const text = document.lineAt(position.line).text.slice(0, position.character).trim();
    return `${text} ${typeof label === "string" ? label : label.map(({ value }) => value).join("")}`;
  });
}

describe("inlay hints", () => {
  it("show the output shape and the parameters of each layer, and the total of the model", async () => {
    await eventually(async () =>
      assert.deepEqual(await hintsIn("configs/digits.json"), [
        '"class_name": "Sequential" (None, 10) · 54,410 params in total',
        '"class_name": "InputLayer" (None, 28, 28, 1)',
        '"class_name": "Conv2D" (None, 26, 26, 32) · 320 params',
        '"class_name": "MaxPooling2D" (None, 13, 13, 32)',
        '"class_name": "Flatten" (None, 5408)',
        '"class_name": "Dense" (None, 10) · 54,090 params',
      ]),
    );
  });

  it("are not shown in JSON that is no config", async () => {
    await eventually(async () => assert.notDeepEqual(await hintsIn("configs/digits.json"), []));
    assert.deepEqual(await hintsIn("training.json"), []);
  });
});
