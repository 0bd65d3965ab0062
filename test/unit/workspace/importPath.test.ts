import assert from "node:assert/strict";
import { test } from "node:test";
import { readImportPath } from "../../../server/src/workspace/importPath.ts";
import { PackageFinder } from "../../../server/src/workspace/packages.ts";
import { memoryHost } from "./memoryHost.ts";

const site = "file:///env/lib/python3.12/site-packages";

/** The packages of an environment; paths of the fixture without `/projects` count from its site-packages. */
function environment(fixture: string) {
  const host = memoryHost(fixture.replaceAll(/^\/\/- (?!\/projects)/gm, "//- /env/lib/python3.12/site-packages"));
  const finder = new PackageFinder(host, [site]);
  const find = async (name: string) =>
    (await finder.find(name)).map((found) => `${found.name}: ${found.uri.replace("file://", "")}`);
  return { host, finder, find };
}

test("setuptools' finder says where the packages and modules of an editable install are", async () => {
  const { find } = environment(`
//- /__editable__.mine-0.1.pth
import __editable___mine_0_1_finder; __editable___mine_0_1_finder.install()
//- /__editable___mine_0_1_finder.py
from __future__ import annotations
MAPPING: dict[str, str] = {'mine': '/projects/mine/source', "single": '/projects/mine/single', 'space.part': '/projects/mine/part'}
NAMESPACES: dict[str, list[str]] = {'wide': ['/projects/mine/wide']}
PATH_PLACEHOLDER = '__editable__.mine-0.1.finder' + ".__path_hook__"
//- /projects/mine/source/__init__.py
//- /projects/mine/single.py
//- /projects/mine/part/__init__.py
//- /projects/mine/wide/inner.py
`);
  assert.deepEqual(await find("mine"), ["mine: /projects/mine/source"]);
  assert.deepEqual(await find("single"), ["single: /projects/mine/single.py"]);
  assert.deepEqual(await find("space"), ["space.part: /projects/mine/part"]);
  assert.deepEqual(await find("wide"), ["wide: /projects/mine/wide"]);
  assert.deepEqual(await find("source"), []);
});

test("a finder that no .pth file imports says nothing", async () => {
  const { find } = environment(`
//- /__editable___mine_0_1_finder.py
MAPPING = {'mine': '/projects/mine/source'}
//- /projects/mine/source/__init__.py
`);
  assert.deepEqual(await find("mine"), []);
});

test("the finder of hatch's older editable installs, its .pth path, and setup.py develop's link", async () => {
  const { find } = environment(`
//- /_old.pth
import _old
//- /_old.py
from editables.redirector import RedirectingFinder as F
F.install()
F.map_module('old', '/projects/old/code/__init__.py')
//- /_editable_impl_new.pth
/projects/new/src
//- /develop.egg-link
/projects/develop
.
//- /projects/old/code/__init__.py
//- /projects/new/src/new/__init__.py
//- /projects/develop/develop.py
`);
  assert.deepEqual(await find("old"), ["old: /projects/old/code"]);
  assert.deepEqual(await find("new"), ["new: /projects/new/src/new"]);
  assert.deepEqual(await find("develop"), ["develop: /projects/develop/develop.py"]);
});

test("direct_url.json answers where nothing else does, by what the project says of itself", async () => {
  const { find } = environment(`
//- /mine-0.1.dist-info/direct_url.json
{"dir_info": {"editable": true}, "url": "file:///projects/mine"}
//- /wheel-0.1.dist-info/direct_url.json
{"dir_info": {}, "url": "file:///projects/wheel"}
//- /broken-0.1.dist-info/direct_url.json
{"dir_info": {"editable": true}, "url": 3
//- /projects/mine/pyproject.toml
[tool.setuptools]
package-dir = {"" = "lib"}
//- /projects/mine/lib/mine/__init__.py
//- /projects/wheel/wheel/__init__.py
`);
  assert.deepEqual(await find("mine"), ["mine: /projects/mine/lib/mine"]);
  assert.deepEqual(await find("wheel"), []);
});

test("a namespace package has a part in each folder; one with __init__.py is the whole of it", async () => {
  const { find } = environment(`
//- /more.pth
/projects/more
//- /space/one.py
//- /projects/more/space/two.py
//- /plain/a.py
//- /projects/more/plain/__init__.py
`);
  assert.deepEqual(await find("space"), [
    "space: /env/lib/python3.12/site-packages/space",
    "space: /projects/more/space",
  ]);
  assert.deepEqual(await find("plain"), ["plain: /projects/more/plain"]);
});

test("a finder with a mapping that is computed, or a .pth file that cannot be read, adds nothing and breaks nothing", async () => {
  const { host } = environment(`
//- /a.pth
import _mine_editable
//- /_mine_editable.py
MAPPING = make({'mine': '/x'})
MAPPING = {'mine': HERE}
//- /b.pth
/projects/b
`);
  host.refuse("/env/lib/python3.12/site-packages/b.pth", { ok: false, why: "denied", detail: "permission denied" });
  assert.deepEqual(await readImportPath(host, [site]), { folders: [site], mapped: [], hasUnknownFinder: true });
  assert.deepEqual(host.logged, [`warning: ${site}/b.pth: not read (permission denied)`]);
});
