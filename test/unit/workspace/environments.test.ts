import assert from "node:assert/strict";
import { test } from "node:test";
import { activeEnvironments } from "../../../server/src/host/node.ts";
import { environmentAt, sitePackagesOf } from "../../../server/src/workspace/environments.ts";
import { memoryHost } from "./memoryHost.ts";

const foldersOf = async (fixture: string, environment: string) =>
  (await sitePackagesOf(memoryHost(fixture), `file://${environment}`)).map((uri) => uri.replace("file://", ""));

test("installed packages stand where each platform puts them", async () => {
  assert.deepEqual(await foldersOf("//- /v/lib/python3.12/site-packages/a.py", "/v"), [
    "/v/lib/python3.12/site-packages",
  ]);
  assert.deepEqual(await foldersOf("//- /c:/v/Lib/site-packages/a.py", "/c:/v"), ["/c:/v/Lib/site-packages"]);
  assert.deepEqual(await foldersOf("//- /usr/lib/python3/dist-packages/a.py\n//- /usr/lib/python3.12/os.py", "/usr"), [
    "/usr/lib/python3/dist-packages",
  ]);
  assert.deepEqual(
    await foldersOf("//- /v/lib/python3.12/site-packages/a.py\n//- /v/lib64/python3.12/site-packages/b.py", "/v"),
    ["/v/lib/python3.12/site-packages", "/v/lib64/python3.12/site-packages"],
  );
  assert.deepEqual(await foldersOf("//- /v/readme.txt", "/v"), []);
});

test("lib64 that is a link to lib is no second folder", async () => {
  const host = memoryHost("//- /v/lib/python3.12/site-packages/a.py");
  host.link("/v/lib64", "/v/lib");
  assert.deepEqual(await sitePackagesOf(host, "file:///v"), ["file:///v/lib/python3.12/site-packages"]);
});

const base = "//- /usr/lib/python3.12/site-packages/a.py\n//- /v/lib/python3.12/site-packages/b.py";
const pyvenv: readonly [says: string, cfg: string, also: string[]][] = [
  ["nothing of the system's packages", "home = /usr/bin", []],
  ["that they are left out", "home = /usr/bin\ninclude-system-site-packages = false", []],
  ["that they are included, by Python's folder", "home = /usr/bin\ninclude-system-site-packages = true", ["/usr"]],
  ["so as virtualenv writes it", "base-prefix = /usr\nhome = /x\nInclude-System-Site-Packages = TRUE", ["/usr"]],
  ["that uv lays it over another one", "extends-environment = /usr", ["/usr"]],
];
for (const [says, cfg, also] of pyvenv) {
  test(`pyvenv.cfg says ${says}`, async () => {
    assert.deepEqual(
      await foldersOf(`${base}\n//- /v/pyvenv.cfg\n${cfg}`, "/v"),
      ["/v", ...also].map((folder) => `${folder}/lib/python3.12/site-packages`),
    );
  });
}

test("an environment is named by its folder or by its Python, whose link is not followed", async () => {
  const host = memoryHost(
    "//- /v/pyvenv.cfg\n//- /c:/v/Scripts/python.exe\n//- /conda/python.exe\n//- /usr/bin/python3",
  );
  host.link("/v/bin/python", "/usr/bin/python3");
  const at = (uri: string) => environmentAt(host, uri);
  assert.equal(await at("file:///v"), "file:///v");
  assert.equal(await at("file:///v/bin/python"), "file:///v");
  assert.equal(await at("file:///c:/v/Scripts/python.exe"), "file:///c:/v");
  assert.equal(await at("file:///conda/python.exe"), "file:///conda");
  assert.equal(await at("file:///nowhere"), undefined);
});

test("the active environments are those of the shell's variables, as far as they are whole paths", () => {
  assert.deepEqual(activeEnvironments({ VIRTUAL_ENV: "/v", CONDA_PREFIX: "/opt/conda/" }), [
    "file:///v",
    "file:///opt/conda",
  ]);
  assert.deepEqual(activeEnvironments({ VIRTUAL_ENV: "relative", CONDA_PREFIX: "" }), []);
});
