import assert from "node:assert/strict";
import { test } from "node:test";
import { PackageFinder } from "../../../server/src/workspace/packages.ts";
import { memoryHost, pathsOf } from "./memoryHost.ts";

const site = "file:///w/.venv/lib/python3.12/site-packages";
const fixture = `
//- /w/.venv/lib/python3.12/site-packages/layers_pkg/__init__.py
from .a import A
//- /w/.venv/lib/python3.12/site-packages/layers_pkg/a.py
@register_keras_serializable()
class A: pass
//- /w/.venv/lib/python3.12/site-packages/layers_pkg/deep/b.py
import numpy
//- /w/.venv/lib/python3.12/site-packages/single.py
x = 1
//- /w/.venv/lib/python3.12/site-packages/__editable__.mine.pth
# a comment
import _virtualenv
/projects/mine/src
//- /projects/mine/src/mine/__init__.py
register_keras_serializable
`;
const placesOf = async (finder: PackageFinder, name: string) => (await finder.find(name)).map(({ uri }) => uri);
const hasWord = (text: string) => text.includes("register_keras_serializable");

test("an installed package is found by the name it is imported under: folder, file, or by a .pth line", async () => {
  const finder = new PackageFinder(memoryHost(fixture), [site]);
  assert.deepEqual(await finder.find("layers_pkg"), [
    { name: "layers_pkg", uri: `${site}/layers_pkg`, isFolder: true },
  ]);
  assert.deepEqual(await placesOf(finder, "single"), [`${site}/single.py`]);
  assert.deepEqual(await placesOf(finder, "mine"), ["file:///projects/mine/src/mine"]);
  assert.deepEqual(await placesOf(finder, "not_installed"), []);
});

test("a search gives the files with a word and says that it was whole", async () => {
  const finder = new PackageFinder(memoryHost(fixture), [site]);
  const search = await finder.search((await finder.find("layers_pkg"))[0]!, hasWord);
  assert.deepEqual(
    pathsOf(
      search.files.map((file) => file.uri),
      site,
    ),
    ["layers_pkg/a.py"],
  );
  assert.equal(search.all.length, 3);
  assert.equal(search.incomplete, undefined);
  assert.deepEqual((await finder.search((await finder.find("single"))[0]!, hasWord)).files, []);
});

test("a search that is cut, or cannot read a file, says so", async () => {
  const host = memoryHost(fixture);
  const finder = new PackageFinder(host, [site]);
  const found = (await finder.find("layers_pkg"))[0]!;
  const limits = { files: 100, bytes: 1000, milliseconds: 1000 };
  assert.match((await finder.search(found, hasWord, { ...limits, files: 2 })).incomplete ?? "", /more than 2/);
  assert.match((await finder.search(found, hasWord, { ...limits, bytes: 20 })).incomplete ?? "", /more than/);
  host.refuse("/w/.venv/lib/python3.12/site-packages/layers_pkg/deep/b.py", {
    ok: false,
    why: "denied",
    detail: "permission denied",
  });
  assert.equal((await finder.search(found, hasWord, limits)).incomplete, "b.py cannot be read (permission denied)");
});

test("without an environment nothing is installed", async () => {
  const finder = new PackageFinder(memoryHost(fixture), []);
  assert.deepEqual(await finder.find("layers_pkg"), []);
});
