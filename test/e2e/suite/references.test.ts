import assert from "node:assert/strict";
import { describe, it } from "mocha";
import * as vscode from "vscode";
import { eventually, open, pathOf, placeOf } from "./support.ts";

/** The configs that name what stands at the `|`, each as `path: the text there`. */
async function referencesAt(path: string, marked: string): Promise<string[]> {
  const { document } = await open(path);
  const found = await vscode.commands.executeCommand<vscode.Location[]>(
    "vscode.executeReferenceProvider",
    document.uri,
    placeOf(document, marked),
  );
  const texts = found
    .filter(({ uri }) => !uri.path.endsWith(".py"))
    .map(async ({ uri, range }) => {
      const config = await vscode.workspace.openTextDocument(uri);
      return `${pathOf(uri)}: ${config.getText(range).replaceAll('"', "")}`;
    });
  return (await Promise.all(texts)).sort();
}

describe("Find References", () => {
  // The config on one long line is shown where the editor can draw it: in its formatted view.
  const scale = [
    "configs/broken_model.json",
    "configs/model.json",
    "configs/one_line.formatted.json",
    "configs/scale.json",
    "model.keras/config.json",
  ].map((path) => `${path}: my_package>Scale`);

  it("on a decorated class lists the configs that name it: open and closed, JSON and .keras", async () => {
    await open("configs/model.json");
    await eventually(async () => {
      assert.deepEqual(await referencesAt("my_package/layers.py", "class Sc|ale"), scale);
    });
  });

  it("on a decorated function lists the configs that name it", async () => {
    await eventually(async () => {
      assert.deepEqual(await referencesAt("my_package/activations.py", "def leaky|_swish"), [
        "configs/model.json: my_package>leaky_swish",
      ]);
    });
  });

  it("brings no hover and no definition into Python", async () => {
    const { document } = await open("my_package/layers.py");
    const position = placeOf(document, "class Sc|ale");
    for (const provider of ["Hover", "Definition", "TypeDefinition", "Implementation"])
      assert.deepEqual(
        await vscode.commands.executeCommand(`vscode.execute${provider}Provider`, document.uri, position),
        [],
        provider,
      );
  });
});
