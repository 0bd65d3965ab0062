import assert from "node:assert/strict";
import { test } from "node:test";
import { Workspace } from "../../../server/src/workspace/workspace.ts";
import { cacheInMemory, type MemoryCache } from "./memoryCache.ts";
import { type MemoryHost, memoryHost, pathsOf } from "./memoryHost.ts";

const files = `
//- /w/layers.py
import keras
from wrap import own
@keras.saving.register_keras_serializable("mine")
class Scale(keras.layers.Layer): pass
@own
class Shift(keras.layers.Layer): pass
//- /w/wrap.py
import keras
def own(cls):
    return keras.saving.register_keras_serializable("own")(cls)
//- /w/plain.py
x = 1
//- /w/explore.ipynb
{"cells": [{"cell_type": "code", "source": ["y = 1"]}]}
`;
const NAMES = ["mine>Scale", "own>Shift"];

/** A run of its own: the names that are registered, and the Python that was read for them. */
async function start(
  host: MemoryHost,
  cache: MemoryCache,
  openText?: (uri: string) => string | undefined,
): Promise<{ names: string[]; read: string[] }> {
  host.read.length = 0;
  const workspace = new Workspace({ ...host, cache, ...(openText && { openText }) }, ["file:///w"], { closed: true });
  const registry = await workspace.index();
  // What is kept is written when nobody waits for it any more.
  await new Promise((resolve) => setImmediate(resolve));
  const read = [...new Set(pathsOf(host.read, "file:///w"))].filter((path) => /\.(?:py|ipynb)$/.test(path)).sort();
  return { names: NAMES.filter((name) => registry.declarations(name).length > 0), read };
}

async function warm(): Promise<{ host: MemoryHost; cache: MemoryCache }> {
  const host = memoryHost(files);
  const cache = cacheInMemory();
  const first = await start(host, cache);
  assert.deepEqual(first.names, NAMES);
  assert.equal(cache.texts.size, 1);
  return { host, cache };
}

function edit(cache: MemoryCache, change: (text: string) => string): void {
  for (const [name, text] of cache.texts) {
    assert.notEqual(change(text), text);
    cache.texts.set(name, change(text));
  }
}

test("a second start reads nothing that is unchanged, and knows what was asked for", async () => {
  const { host, cache } = await warm();
  assert.deepEqual(await start(host, cache), { names: NAMES, read: [] });
});

test("what changed is read, and kept", async () => {
  const { host, cache } = await warm();
  host.write("/w/layers.py", "import keras\n");
  host.touch("/w/layers.py", 5);
  assert.deepEqual(await start(host, cache), { names: [], read: ["layers.py"] });
  assert.deepEqual(await start(host, cache), { names: [], read: [] });
});

test("a file with another stamp and the same text is recognised, and has that stamp from then on", async () => {
  const { host, cache } = await warm();
  host.touch("/w/layers.py", 5);
  assert.deepEqual(await start(host, cache), { names: NAMES, read: ["layers.py"] });
  assert.deepEqual(await start(host, cache), { names: NAMES, read: [] });
});

test("a file that was young when it was read is compared by its text, as its stamp may not tell", async () => {
  const host = memoryHost(files);
  const cache = cacheInMemory();
  host.touch("/w/layers.py", cache.time - 500);
  await start(host, cache);
  host.write("/w/layers.py", filesWith("mine", "thine"));
  host.touch("/w/layers.py", cache.time - 500);
  cache.time += 60_000;
  const again = await start(host, cache);
  assert.deepEqual(again, { names: ["own>Shift"], read: ["layers.py"] });
});

/** The text of the layers with a word changed to one as long, so that the size tells nothing. */
function filesWith(word: string, other: string): string {
  const text = files.slice(files.indexOf("import keras"), files.indexOf("//- /w/wrap.py"));
  return text.replace(`"${word}"`, `"${other}"`);
}

test("what another program kept is not used", async () => {
  const { host, cache } = await warm();
  cache.generation = "two";
  const again = await start(host, cache);
  assert.deepEqual(again, { names: NAMES, read: ["explore.ipynb", "layers.py", "plain.py", "wrap.py"] });
});

const damages: readonly [string, (text: string) => string, readonly string[]][] = [
  ["one character of a summary", (text) => text.replace('"name":"Scale"', '"name":"Stale"'), ["layers.py"]],
  ["the stamp of a file", (text) => text.replace(/("uri":"[^"]*layers.py","stamp":\[)0/, "$17"), ["layers.py"]],
  ["half of it gone", (text) => text.slice(0, text.indexOf("plain.py") + 20), ["plain.py", "wrap.py"]],
  ["a line break gone", (text) => text.replace(/(layers.py".*)\n/, "$1"), ["layers.py"]],
  [
    "zeros at its beginning",
    (text) => `${"\0".repeat(64)}${text.slice(64)}`,
    ["explore.ipynb", "layers.py", "plain.py", "wrap.py"],
  ],
  ["nothing in it", () => "", ["explore.ipynb", "layers.py", "plain.py", "wrap.py"]],
];

for (const [what, damage, read] of damages) {
  test(`a damaged cache loses what is damaged and no more: ${what}`, async () => {
    const { host, cache } = await warm();
    edit(cache, damage);
    const again = await start(host, cache);
    assert.deepEqual(again.names, NAMES);
    assert.deepEqual(
      again.read.filter((path) => read.includes(path)),
      read,
    );
    assert.ok(again.read.length <= read.length + 1, again.read.join());
    assert.ok(host.logged.filter((line) => line.includes("damaged")).length <= 1);
    assert.deepEqual(await start(host, cache), { names: NAMES, read: [] });
  });
}

test("damage is said once", async () => {
  const { host, cache } = await warm();
  edit(cache, (text) =>
    text.replace('"name":"Scale"', '"name":"Stale"').replace('"qualname":"own"', '"qualname":"won"'),
  );
  await start(host, cache);
  assert.deepEqual(
    host.logged.filter((line) => line.includes("cache")).map((line) => line.replace(/summaries-\w+/, "…")),
    ["info: the cache … was damaged in 2 places: read again what they held"],
  );
});

test("files that are gone are dropped", async () => {
  const { host, cache } = await warm();
  host.write("/w/new.py", "z = 1\n");
  host.remove("/w/plain.py");
  await start(host, cache);
  const [text = ""] = cache.texts.values();
  assert.match(text, /new\.py/);
  assert.doesNotMatch(text, /plain\.py/);
});

test("what an editor holds open wins and is not kept", async () => {
  const { host, cache } = await warm();
  const open = (uri: string) => (uri === "file:///w/layers.py" ? "import keras\n" : undefined);
  assert.deepEqual((await start(host, cache, open)).names, []);
  assert.deepEqual((await start(host, cache)).names, NAMES);
  const cold = cacheInMemory();
  await start(host, cold, open);
  const [text = ""] = cold.texts.values();
  assert.doesNotMatch(text, /layers\.py","stamp/);
});

test("what is opened while the cache is read is not kept as what the file holds", async () => {
  const host = memoryHost(files);
  const cache = cacheInMemory();
  let isOpen = false;
  cache.read = async (name) => {
    await new Promise((resolve) => setImmediate(resolve));
    isOpen = true;
    return cache.texts.get(name);
  };
  const open = (uri: string) => (isOpen && uri === "file:///w/layers.py" ? "import keras\n" : undefined);
  assert.deepEqual((await start(host, cache, open)).names, []);
  assert.deepEqual((await start(host, cache)).names, NAMES);
  isOpen = false;
  assert.deepEqual((await start(host, cache, open)).names, []);
});

test("what is wrong with a file's text is said at every start", async () => {
  const host = memoryHost(files);
  const cache = cacheInMemory();
  host.write("/w/latin.py", new Uint8Array([0x78, 0x3d, 0x31, 0x23, 0xff]));
  host.write("/w/no.ipynb", "[1]");
  const said = async () => {
    host.logged.length = 0;
    await start(host, cache);
    return host.logged.map((line) => /latin\.py|no\.ipynb/.exec(line)?.[0]).sort();
  };
  assert.deepEqual(await said(), ["latin.py", "no.ipynb"]);
  assert.deepEqual(await said(), ["latin.py", "no.ipynb"]);
});

test("texts beyond ASCII come back as they were", async () => {
  const { host, cache } = await warm();
  host.write(
    "/w/layers.py",
    `import keras\n@keras.saving.register_keras_serializable("schön🙂")\nclass Scale(keras.layers.Layer): pass\n`,
  );
  host.touch("/w/layers.py", 5);
  await start(host, cache);
  const [text = ""] = cache.texts.values();
  assert.match(text, /^[\n -~]*$/);
  const registry = await new Workspace({ ...host, cache }, ["file:///w"], { closed: true }).index();
  assert.deepEqual(registry.keys(), ["schön🙂>Scale"]);
});

const installed = `
//- /w/train.py
from kit.layers import Mine
//- /w/.venv/pyvenv.cfg
home = /usr/bin
//- /w/.venv/lib/python3.12/site-packages/kit/__init__.py
//- /w/.venv/lib/python3.12/site-packages/kit/wrap.py
import keras
def own(cls):
    return keras.saving.register_keras_serializable("kit")(cls)
//- /w/.venv/lib/python3.12/site-packages/kit/layers.py
from kit.wrap import own
import keras
@own
class Mine(keras.layers.Layer): pass
`;

test("summaries of installed packages are kept too, and what changed in one is read", async () => {
  const host = memoryHost(installed);
  const cache = cacheInMemory();
  const keys = async () => {
    const workspace = new Workspace({ ...host, cache }, ["file:///w"], { closed: false });
    const found = (await workspace.index()).keys();
    await new Promise((resolve) => setImmediate(resolve));
    return found;
  };
  const { write } = cache;
  const texts = () => [...cache.texts.values()].join("");
  assert.deepEqual(await keys(), ["kit>Mine"]);
  assert.match(texts(), /kit\/layers\.py","stamp/);
  // Nothing was read anew, so nothing is written.
  cache.write = async () => assert.fail("written again");
  assert.deepEqual(await keys(), ["kit>Mine"]);
  cache.write = write;
  const path = "/w/.venv/lib/python3.12/site-packages/kit/layers.py";
  host.write(path, "from kit.wrap import own\nimport keras\n@own\nclass Yours(keras.layers.Layer): pass\n");
  host.touch(path, 5);
  assert.deepEqual(await keys(), ["kit>Yours"]);
  assert.match(texts(), /Yours/);
});
