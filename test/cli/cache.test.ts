import assert from "node:assert/strict";
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { cacheFolder, createCache } from "../../server/src/host/cache.ts";
import { folderOf, run } from "./program.ts";

const layers = `//- /layers.py
import keras
@keras.saving.register_keras_serializable("mine")
class Scale(keras.layers.Layer): pass
`;

function emptyFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "keras-config-cache-")));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** `registry` with a cache folder of its own; what it prints. */
async function listing(cwd: string, home: string, ...args: string[]): Promise<string> {
  const variables = { XDG_CACHE_HOME: home, HOME: home, LOCALAPPDATA: home };
  const { code, out, err } = await run(["registry", ...args], { cwd, env: variables });
  assert.equal(code, 0);
  assert.equal(err, "");
  return out;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

test("a run keeps one file, and a damaged one leaves the answer as it was", async () => {
  const folder = folderOf(layers);
  const home = emptyFolder();
  const first = await listing(folder, home);
  assert.match(first, /^mine>Scale /);
  const [kept, ...more] = filesBelow(home);
  assert.ok(kept !== undefined && more.length === 0, "one file");
  const text = readFileSync(kept, "latin1");
  for (const damaged of [text.replaceAll("Scale", "Stale"), text.slice(0, -20), "\0".repeat(text.length), ""]) {
    writeFileSync(kept, damaged, "latin1");
    assert.equal(await listing(folder, home), first);
  }
});

test("an edit is seen by the next run, even within the same tick of the file's time", async () => {
  const folder = folderOf(layers);
  const home = emptyFolder();
  const path = join(folder, "layers.py");
  const { mtime } = statSync(path);
  await listing(folder, home);
  writeFileSync(path, readFileSync(path, "utf8").replace('"mine"', '"your"'));
  utimesSync(path, mtime, mtime);
  assert.match(await listing(folder, home), /^your>Scale /);
});

test("--no-cache keeps nothing", async () => {
  const home = emptyFolder();
  assert.match(await listing(folderOf(layers), home, "--no-cache"), /^mine>Scale /);
  assert.deepEqual(filesBelow(home), []);
});

test("a folder that cannot be written costs nothing but the time", async () => {
  const home = emptyFolder();
  writeFileSync(join(home, "file"), "");
  assert.match(await listing(folderOf(layers), join(home, "file")), /^mine>Scale /);
});

test("the machine's folder is found as its own programs find it", () => {
  const posix = process.platform !== "win32";
  const cases: readonly [NodeJS.Platform, Record<string, string>, string | undefined][] = [
    ["linux", { HOME: "/home/a" }, "/home/a/.cache/keras-config"],
    ["linux", { HOME: "/home/a", XDG_CACHE_HOME: "/fast" }, "/fast/keras-config"],
    ["linux", { XDG_CACHE_HOME: "here" }, undefined],
    ["darwin", { HOME: "/Users/a" }, "/Users/a/Library/Caches/keras-config"],
    ["win32", {}, undefined],
    ["linux", {}, undefined],
  ];
  if (posix) for (const [platform, variables, folder] of cases) assert.equal(cacheFolder(platform, variables), folder);
});

test("what is oldest goes where the folder holds too much, and what is too long is not kept", async () => {
  const folder = emptyFolder();
  const cache = createCache(folder, "one", () => undefined, { file: 100, folder: 250, files: 10 });
  await cache.write("summaries-1", ["a".repeat(90)]);
  await cache.write("summaries-2", ["b".repeat(90)]);
  utimesSync(join(folder, "summaries-1"), 2, 2);
  utimesSync(join(folder, "summaries-2"), 1, 1);
  writeFileSync(join(folder, "notes.txt"), "n".repeat(200));
  await cache.write("summaries-3", ["c".repeat(50), "d".repeat(40)]);
  await cache.write("summaries-4", ["e".repeat(101)]);
  assert.deepEqual(readdirSync(folder).sort(), ["notes.txt", "summaries-1", "summaries-3"]);
  assert.equal(await cache.read("summaries-2"), undefined);
  assert.equal(await cache.read("summaries-3"), `${"c".repeat(50)}${"d".repeat(40)}`);
});

test("there are never more than so many files", async () => {
  const folder = emptyFolder();
  const cache = createCache(folder, "one", () => undefined, { file: 100, folder: 1000, files: 2 });
  for (const [i, name] of ["summaries-1", "summaries-2", "summaries-3", "summaries-4"].entries()) {
    await cache.write(name, ["a"]);
    utimesSync(join(folder, name), i + 1, i + 1);
  }
  assert.deepEqual(readdirSync(folder).sort(), ["summaries-3", "summaries-4"]);
});

test("writers at the same moment leave one whole text and nothing else", async () => {
  const folder = emptyFolder();
  const caches = [1, 2, 3].map(() => createCache(folder, "one", () => undefined));
  const texts = ["a", "b", "c"].map((letter) => letter.repeat(100_000));
  await Promise.all(caches.map((cache, i) => cache.write("summaries-1", [texts[i]!, "\n"])));
  assert.deepEqual(readdirSync(folder), ["summaries-1"]);
  assert.ok(texts.includes((await caches[0]!.read("summaries-1"))!.trimEnd()));
});
