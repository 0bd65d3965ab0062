import assert from "node:assert/strict";
import { test } from "node:test";
import { pyprojectFolders, setupCfgFolders, setupPyFolders } from "../../../server/src/workspace/packageFolders.ts";

/** "lib" for a folder of packages, "lib = mine" for one that is the package itself. */
const said = (folders: ReturnType<typeof setupCfgFolders>) =>
  folders.map(({ path, prefix }) => (prefix === "" ? path : `${path} = ${prefix}`));

const pyprojects: readonly [name: string, text: string, folders: string[]][] = [
  [
    "setuptools' package-dir",
    `[tool.setuptools]\npackage-dir = {"" = "lib", "mine.core" = "core/code"}`,
    ["lib", "core/code = mine.core"],
  ],
  ["setuptools' find", `[tool.setuptools.packages.find]\nwhere = ["source", "plugins"]`, ["source", "plugins"]],
  ["poetry's from", `[tool.poetry]\npackages = [{ include = "mine", from = "lib" }, { include = "flat" }]`, ["lib"]],
  ["poetry's to", `[tool.poetry]\npackages = [{ include = "layers", to = "mine/deep" }]`, [" = mine.deep"]],
  ["hatch's packages", `[tool.hatch.build.targets.wheel]\npackages = ["python/mine", "flat"]`, ["python", ""]],
  ["hatch's sources", `[tool.hatch.build.targets.wheel.sources]\n"code" = "mine/core"`, ["code = mine.core"]],
  ["hatch's sources as a list", `[tool.hatch.build]\nsources = ["lib"]`, ["lib"]],
  ["pdm", `[tool.pdm.build]\npackage-dir = "lib"`, ["lib"]],
  ["uv", `[tool.uv.build-backend]\nmodule-root = "python"`, ["python"]],
  ["maturin", `[tool.maturin]\npython-source = "python"`, ["python"]],
  ["nothing", `[project]\nname = "mine"`, []],
  ["wrong types", `[tool.setuptools]\npackage-dir = ["lib", 3]\n[tool.poetry]\npackages = "x"`, []],
  ["what is no TOML", `[tool.setuptools\npackage-dir`, []],
];
for (const [name, text, folders] of pyprojects) {
  test(`pyproject.toml: ${name}`, () => assert.deepEqual(said(pyprojectFolders(text)), folders));
}

test("setup.cfg: package_dir and find's where, on one line or several", () => {
  const text = `
[metadata]
package_dir = not this one
[options]
package_dir =
    = lib
    # a comment
    mine.core = core/code
[options.packages.find]
where = source
`;
  assert.deepEqual(said(setupCfgFolders(text)), ["lib", "core/code = mine.core", "source"]);
  assert.deepEqual(said(setupCfgFolders("[options]\npackage_dir = =src")), ["src"]);
  assert.deepEqual(setupCfgFolders("[options\n===\n  x"), []);
});

test("setup.py: what is literal, and nothing of what is computed", () => {
  const text = `
setup(
    package_dir={"": "lib", "mine": 'code'}, packages=find_packages("lib"),
    other=find_namespace_packages(where="plugins", exclude=["x"]),
)
setup(package_dir={"": HERE}, packages=find_packages(HERE))
setup(package_dir={
`;
  assert.deepEqual(said(setupPyFolders(text)), ["lib", "code = mine", "lib", "plugins"]);
});
