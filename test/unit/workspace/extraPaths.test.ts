import assert from "node:assert/strict";
import { test } from "node:test";
import { extraPathsOf } from "../../../server/src/workspace/extraPaths.ts";
import { memoryHost } from "./memoryHost.ts";

const extra = async (fixture: string, said: string[] = []) =>
  (await extraPathsOf(memoryHost(fixture), "file:///w", said)).map((uri) => uri.replace("file://", ""));

test("extraPaths count from the root, wherever they are written", async () => {
  assert.deepEqual(
    await extra(
      `
//- /w/.vscode/settings.json
{
  // where the layers are
  "python.analysis.extraPaths": ["lib", "\${workspaceFolder}/more", "/opt/shared"],
}
//- /w/pyrightconfig.json
{"extraPaths": ["./pyright"], "executionEnvironments": [{"root": "a", "extraPaths": ["a/lib"]}, 3]}
//- /w/pyproject.toml
[tool.basedpyright]
extraPaths = ["../beside"]
`,
      ["said", "lib"],
    ),
    ["/w/said", "/w/lib", "/w/more", "/opt/shared", "/w/pyright", "/w/a/lib", "/beside"],
  );
});

test("a Windows path keeps its drive, and backslashes separate", async () => {
  assert.deepEqual(await extra("//- /w/a.py", ["C:\\shared\\lib", "src\\lib"]), ["/c:/shared/lib", "/w/src/lib"]);
});

test("what only an editor can expand, and what is no list of paths, adds nothing", async () => {
  assert.deepEqual(await extra("//- /w/a.py", [`\${env:HOME}/lib`, "~/lib", "", `\${workspaceFolder:other}/lib`]), []);
  assert.deepEqual(await extra('//- /w/pyrightconfig.json\n{"extraPaths": "lib"}'), []);
  assert.deepEqual(await extra("//- /w/pyproject.toml\n[tool.pyright\nextraPaths = 3"), []);
});
