import assert from "node:assert/strict";
import { test } from "node:test";
import { Workspace, type WorkspaceOptions } from "../../../server/src/workspace/workspace.ts";
import { type MemoryHost, memoryHost } from "./memoryHost.ts";
import { checkModel } from "./verdicts.ts";

interface Checked {
  /** "found", or the rule of each problem, or the reason why it cannot be known. */
  readonly verdict: string;
  readonly host: MemoryHost;
}

/** Checks /w/model.json against the Python of /w. */
async function check(
  fixture: string,
  options: Partial<WorkspaceOptions> = {},
  host = memoryHost(fixture),
): Promise<Checked> {
  const workspace = new Workspace(host, ["file:///w"], { closed: false, ...options });
  const { verdict } = await checkModel(host, workspace, "3.15.1");
  return { verdict, host };
}

const scale = `//- /w/model.json
{"module": "somewhere.layers", "class_name": "Scale", "config": {}, "registered_name": "pkg>Scale"}
`;

test("no Python is read for a config of built-in objects", async () => {
  const { verdict, host } = await check(`
//- /w/model.json
{"module": "keras.layers", "class_name": "Dense", "config": {"units": 1, "activation": "relu"}, "registered_name": null}
//- /w/layers.py
import keras
`);
  assert.equal(verdict, "found");
  assert.deepEqual(host.read, ["file:///w/model.json"]);
});

test("the Python is read where a name can only come from it, and once", async () => {
  const { verdict, host } = await check(`${scale}
//- /w/layers.py
import keras

@keras.saving.register_keras_serializable("pkg")
class Scale(keras.layers.Layer):
    pass
`);
  assert.equal(verdict, "found");
  assert.equal(host.read.filter((uri) => uri === "file:///w/layers.py").length, 1);
});

test("a name that nothing registers is missing", async () => {
  assert.equal((await check(scale)).verdict, "class-not-registered");
});

test("a file that calls another one's wrapper is read again for it", async () => {
  const { verdict, host } = await check(`${scale}
//- /w/export.py
import keras

def export(cls):
    return keras.saving.register_keras_serializable(package="pkg")(cls)
//- /w/layers.py
from export import export
from keras.layers import Layer

class Scale(Layer):
    pass

def setup():
    export(Scale)
`);
  assert.match(verdict, /^`pkg>Scale` is registered only where a function is called \(export\(\)\), layers\.py:8$/);
  assert.equal(host.read.filter((uri) => uri === "file:///w/layers.py").length, 2);
});

test("a notebook's cells are one module", async () => {
  const cell = (type: string, ...source: string[]) => ({ cell_type: type, source });
  const notebook = {
    cells: [
      cell("code", "import keras\n"),
      cell("markdown", "# A layer"),
      cell(
        "code",
        "%matplotlib inline\n",
        '@keras.saving.register_keras_serializable("pkg")\n',
        "class Scale(keras.layers.Layer):\n",
        "    pass\n",
      ),
    ],
  };
  assert.equal((await check(`${scale}\n//- /w/explore.ipynb\n${JSON.stringify(notebook)}`)).verdict, "found");
});

const environment = `
//- /w/.venv/pyvenv.cfg
home = /usr
//- /w/.venv/lib/python3.12/site-packages/keras/__init__.py
`;

test("an installed package that registers is read, and so is what it imports", async () => {
  const registers = `${scale}${environment}
//- /w/train.py
import bundle
//- /w/.venv/lib/python3.12/site-packages/bundle/__init__.py
from the_layers import Scale
//- /w/.venv/lib/python3.12/site-packages/the_layers.py
import keras

@keras.saving.register_keras_serializable("pkg")
class Scale(keras.layers.Layer):
    pass
`;
  assert.equal((await check(registers)).verdict, "found");
});

test("an installed package without a word of registration leaves nothing open, a missing one does", async () => {
  const silent = `${scale}${environment}
//- /w/train.py
import tools
//- /w/.venv/lib/python3.12/site-packages/tools/__init__.py
import os
`;
  assert.equal((await check(silent)).verdict, "class-not-registered");
  const missing = silent.replaceAll("site-packages/tools/", "site-packages/others/");
  assert.match((await check(missing)).verdict, /`tools` is imported and not installed/);
  assert.equal((await check(missing, { closed: true })).verdict, "class-not-registered");
});

test("what was not read leaves everything open, with the reason", async () => {
  const limits = { folders: 2, files: 100, entries: 1000, milliseconds: 1000 };
  const cut = await check(`${scale}//- /w/a/b/c.py\n//- /w/d/e/f.py`, { limits });
  assert.match(cut.verdict, /not read as a whole: the scan stopped at more than 2 folders/);
  const host = memoryHost(`${scale}//- /w/secret.py`);
  host.refuse("/w/secret.py", { ok: false, why: "denied", detail: "permission denied" });
  assert.match((await check("", {}, host)).verdict, /secret\.py cannot be read \(permission denied\)/);
  assert.ok(host.logged.some((line) => line === "warning: file:///w/secret.py: not read (permission denied)"));
});

test("indexing lets others through", async () => {
  const many = Array.from({ length: 40 }, (_, i) => `//- /w/m${i}.py\nimport keras`).join("\n");
  const host = memoryHost(`${scale}${many}`);
  const readBytes = host.readBytes.bind(host);
  host.readBytes = async (uri, maxBytes) => {
    host.advance(4);
    return readBytes(uri, maxBytes);
  };
  await check("", {}, host);
  // 40 files at 4 ms: 17 are asked for at once, and of the others a slice of 8 ms holds two.
  assert.ok(host.yields >= 11, `${host.yields} yields`);
});
