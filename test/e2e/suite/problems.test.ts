import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { describe, it } from "mocha";
import * as vscode from "vscode";
import { brokenModel, diagnosticsOf, expectProblems, open, pathOf, problemAt, rangeOf, settle } from "./support.ts";

describe("problems", () => {
  it("say what Keras would say, on the exact value", async () => {
    const { document } = await open("configs/broken_model.json");
    const problem = await problemAt(document, '"my_package>Scal"');
    assert.match(
      problem.message,
      /^Could not locate class 'Scale'\. Make sure custom classes and functions are decorated/,
    );
    assert.match(problem.message, /Looked up: `my_package>Scal`\./);
    assert.deepEqual(problem.range, rangeOf(document, '"my_package>Scal"'));
    assert.equal(problem.severity, vscode.DiagnosticSeverity.Error);
  });

  it("have a code that leads to the rule's page, which ships with the extension", async () => {
    const { document } = await open("configs/broken_model.json");
    const { code } = await problemAt(document, '"my_package>Scal"');
    assert.ok(typeof code === "object");
    assert.equal(code.value, "class-not-registered");
    assert.equal(code.target.scheme, "file");
    assert.match(code.target.path, /\/docs\/rules\/class-not-registered\.md$/);
    assert.ok(existsSync(code.target.fsPath));
  });

  it("show where the class is registered under another key", async () => {
    const { document } = await open("configs/broken_model.json");
    const { relatedInformation = [] } = await problemAt(document, '"my_package>Scal"');
    const [related] = relatedInformation;
    assert.ok(related);
    assert.match(related.message, /`Scale` is registered as `my_package>Scale`/);
    assert.equal(pathOf(related.location.uri), "my_package/layers.py");
    const python = await vscode.workspace.openTextDocument(related.location.uri);
    assert.equal(python.getText(related.location.range), "Scale");
  });

  it("show every missing object at once", async () => {
    const { document } = await open("configs/broken_model.json");
    await expectProblems(document, brokenModel);
  });

  it("are none where everything is found", async () => {
    const broken = await open("configs/broken_model.json");
    const { document } = await open("configs/model.json");
    await expectProblems(broken.document, brokenModel);
    await settle();
    assert.deepEqual(diagnosticsOf(document), []);
  });

  it("are a hint, never red, where it cannot be known", async () => {
    const { document } = await open("configs/text_encoder.json");
    await expectProblems(document, ['"keras_hub>TransformerEncoder" | hint | cannot-be-known']);
    assert.match(diagnosticsOf(document)[0]!.message, /`keras_hub` is imported and not installed/);
  });
});
