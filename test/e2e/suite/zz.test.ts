import assert from "node:assert/strict";
import { describe, it } from "mocha";
import * as vscode from "vscode";

describe("throwaway", () => {
  it("activates", async () => {
    const extension = vscode.extensions.getExtension("keras-config.keras-config");
    assert.ok(extension);
    await extension.activate();
    console.log("hello");
  });
});
