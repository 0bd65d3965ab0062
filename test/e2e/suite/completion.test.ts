import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { describe, it } from "mocha";
import * as vscode from "vscode";
import { eventually, open, placeOf, putCursor } from "./support.ts";

/** Opens configs/scale.json with this text, unsaved, and the cursor where the `|` is. */
async function edit(text: string): Promise<vscode.TextEditor> {
  const editor = await open("configs/scale.json");
  const whole = new vscode.Range(0, 0, editor.document.lineCount, 0);
  assert.ok(await editor.edit((change) => change.replace(whole, text.replace("|", ""))));
  putCursor(editor, text);
  return editor;
}

/** What completion offers at the `|`, once it offers `label`. */
async function offered({ document }: vscode.TextEditor, text: string, label: string): Promise<vscode.CompletionItem> {
  return eventually(async () => {
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      "vscode.executeCompletionItemProvider",
      document.uri,
      placeOf(document, text),
      undefined,
      20,
    );
    const labels = items.map((item) => (typeof item.label === "string" ? item.label : item.label.label));
    const at = labels.indexOf(label);
    assert.ok(at >= 0, `${label} is not among ${labels.join(", ") || "nothing"}`);
    assert.equal(labels.lastIndexOf(label), at, `${label} is offered twice`);
    return items[at]!;
  });
}

/** Accepts the suggestion that the editor selects, as Enter does; returns the text of the document after it. */
async function accept({ document }: vscode.TextEditor): Promise<string> {
  const before = document.getText();
  await vscode.commands.executeCommand("editor.action.triggerSuggest");
  return eventually(async () => {
    await vscode.commands.executeCommand("acceptSelectedSuggestion");
    await setTimeout(100);
    assert.notEqual(document.getText(), before, "no suggestion was accepted");
    return document.getText();
  });
}

describe("completion", () => {
  it("in registered_name offers whole keys, and accepting one sets module and class_name too", async () => {
    const text = `{
  "module": "",
  "class_name": "",
  "config": {},
  "registered_name": "my_package>Sc|"
}
`;
    const editor = await edit(text);
    const item = await offered(editor, text, "my_package>Scale");
    const { documentation } = item;
    assert.match(typeof documentation === "string" ? documentation : (documentation?.value ?? ""), /learned factor/);
    assert.equal(
      await accept(editor),
      `{
  "module": "my_package.layers",
  "class_name": "Scale",
  "config": {},
  "registered_name": "my_package>Scale"
}
`,
    );
  });

  it("inside config offers what must be given first, as a place to fill in", async () => {
    const text = `{
  "module": "keras.layers",
  "class_name": "Dense",
  "config": {
    "name": "dense"
    |
  },
  "registered_name": null
}
`;
    const editor = await edit(text);
    const item = await offered(editor, text, "units");
    assert.equal(item.detail, "required");
    const after = text.replace('"dense"', '"dense",').replace("|", '"units": null');
    assert.equal(await accept(editor), after);
    assert.equal(editor.document.getText(editor.selection), "null");
  });

  it("in class_name offers the classes of the module", async () => {
    const text = `{
  "module": "keras.layers",
  "class_name": "Conv2DT|",
  "config": {},
  "registered_name": null
}
`;
    const editor = await edit(text);
    await offered(editor, text, "Conv2DTranspose");
    assert.equal(await accept(editor), text.replace("Conv2DT|", "Conv2DTranspose"));
  });

  it("in class_name of a registered class sets module and registered_name too", async () => {
    const text = `{
  "module": "my_package.layers",
  "class_name": "Resid|",
  "config": {},
  "registered_name": ""
}
`;
    const editor = await edit(text);
    await offered(editor, text, "ResidualDense");
    assert.equal(
      await accept(editor),
      text
        .replace("Resid|", "ResidualDense")
        .replace('"registered_name": ""', '"registered_name": "my_package>Residual"'),
    );
  });

  it("in module offers Keras's own modules", async () => {
    const text = `{
  "module": "keras.lay|",
  "class_name": "Dense",
  "config": { "units": 8 },
  "registered_name": null
}
`;
    const editor = await edit(text);
    await offered(editor, text, "keras.layers");
    assert.equal(await accept(editor), text.replace("keras.lay|", "keras.layers"));
  });

  it("keeps silent in other strings", async () => {
    const text = `{
  "module": "keras.layers",
  "class_name": "Dense",
  "config": { "name": "|some_name" },
  "registered_name": null
}
`;
    const editor = await edit(text);
    await offered(editor, text.replace("|", "").replace("Dense", "|Dense"), "Dense");
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      "vscode.executeCompletionItemProvider",
      editor.document.uri,
      placeOf(editor.document, text),
    );
    assert.deepEqual(
      items.map(({ label }) => label).filter((label) => String(label).includes(">")),
      [],
    );
  });
});
