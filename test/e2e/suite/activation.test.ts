import assert from "node:assert/strict";
import { describe, it } from "mocha";
import * as vscode from "vscode";
import { eventually, extensionId, open, serverProcesses, settle } from "./support.ts";

/** Whether the extension host has loaded one of the extension's bundles. */
function isLoaded(bundle: string): boolean {
  const { extensionPath } = vscode.extensions.getExtension(extensionId)!;
  return Object.keys(require.cache).some((file) => file.startsWith(extensionPath) && file.endsWith(bundle));
}

// The first file of the suite: what has started stays started.
describe("activation", () => {
  it("of a JSON file without a config starts the stub, and neither client nor server", async () => {
    await open("training.json");
    await eventually(() => assert.ok(vscode.extensions.getExtension(extensionId)?.isActive));
    await settle();
    assert.ok(isLoaded("extension.cjs"));
    assert.ok(!isLoaded("client.cjs"));
    assert.deepEqual(serverProcesses(), []);
  });

  it("of Python that registers nothing starts no server", async () => {
    await open("my_package/text.py");
    await settle();
    assert.deepEqual(serverProcesses(), []);
  });

  it("of a config starts one server", async () => {
    await open("configs/model.json");
    await eventually(() => assert.equal(serverProcesses().length, 1));
  });
});
