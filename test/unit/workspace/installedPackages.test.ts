import assert from "node:assert/strict";
import { test } from "node:test";
import { InstalledPackages } from "../../../server/src/workspace/installedPackages.ts";
import { PackageFinder } from "../../../server/src/workspace/packages.ts";
import { memoryHost } from "./memoryHost.ts";

const site = "file:///w/.venv/lib/python3.12/site-packages";

/** The packages of a fixture whose paths count from site-packages. */
function packagesOf(fixture: string) {
  const host = memoryHost(fixture.replaceAll("//- /", "//- /w/.venv/lib/python3.12/site-packages/"));
  return { host, packages: new InstalledPackages(host, new PackageFinder(host, [site])) };
}

const namex = `
//- /namex/__init__.py
from namex.export import export
//- /namex/export.py
from namex.other import helper
class export:
    def __call__(self, symbol):
        return symbol
//- /namex/other.py
def helper(): pass
`;

test("single modules are those that importing a dotted path runs, and nothing that they import", async () => {
  const { host, packages } = packagesOf(namex);
  const modules = await packages.modulesOf(["namex.export.export", "not_installed.x"]);
  assert.deepEqual(
    modules.map(({ names, installed }) => [names, installed]),
    [
      [["namex"], true],
      [["namex.export"], true],
    ],
  );
  assert.equal(modules[1]?.summary.depth, "full");
  assert.deepEqual(host.read, [`${site}/namex/__init__.py`, `${site}/namex/export.py`]);
});

test("a single module is read once, and again where names are asked for", async () => {
  const { host, packages } = packagesOf(namex);
  const [first] = await packages.modulesOf(["namex"]);
  assert.equal((await packages.modulesOf(["namex"]))[0], first);
  assert.deepEqual(host.read, [`${site}/namex/__init__.py`]);
  assert.equal(await packages.readAgain(`${site}/namex/__init__.py`, new Set(["export"])), true);
  assert.deepEqual((await packages.modulesOf(["namex"]))[0]?.summary.askedFor, ["export"]);
});

test("a module of a package that was read is the same object there and alone", async () => {
  const { packages } = packagesOf(`
//- /layers_pkg/__init__.py
//- /layers_pkg/scale.py
import keras
@keras.saving.register_keras_serializable("pkg")
class Scale(keras.layers.Layer): pass
`);
  const { modules } = await packages.reach(["layers_pkg"]);
  assert.deepEqual(await packages.modulesOf(["layers_pkg.scale"]), modules);
  assert.equal((await packages.modulesOf(["layers_pkg.scale"])).at(-1), modules.at(-1));
});

test("a folder without __init__.py is a package too, and a file is a module of one part", async () => {
  const { packages } = packagesOf(`
//- /space/inner/tools.py
x = 1
//- /single.py
x = 1
`);
  const modules = await packages.modulesOf(["space.inner.tools.x", "single.x.y"]);
  assert.deepEqual(
    modules.map(({ names }) => names[0]),
    ["space.inner.tools", "single"],
  );
});
