import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { brokenModel, eventually, expectProblems, open, replace, serverProcesses } from "./support.ts";

describe("a server that is killed", () => {
  it("comes back with its documents, as they are in the editor", async () => {
    const editor = await open("configs/broken_model.json");
    await expectProblems(editor.document, brokenModel);
    await replace(editor, '"my_package>Scal"', '"my_package>Scael"');
    const edited = ['"my_package>Scael" | error | class-not-registered', ...brokenModel.slice(1)];
    await expectProblems(editor.document, edited);
    const [killed] = serverProcesses();
    process.kill(killed!, "SIGKILL");
    await eventually(() => {
      const [server] = serverProcesses();
      assert.ok(server !== undefined && server !== killed);
    });
    await expectProblems(editor.document, edited);
    await replace(editor, '"my_package>Scael"', '"my_package>Scale"');
    await expectProblems(editor.document, brokenModel.slice(1));
  });
});
