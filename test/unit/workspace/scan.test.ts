import assert from "node:assert/strict";
import { test } from "node:test";
import { rulesAbove } from "../../../server/src/workspace/exclude.ts";
import { scan } from "../../../server/src/workspace/scan.ts";
import { Cancelled } from "../../../server/src/workspace/slices.ts";
import { memoryHost, pathsOf } from "./memoryHost.ts";

const root = "file:///w";

async function listing(fixture: string): Promise<string> {
  const host = memoryHost(fixture);
  const found = await scan(host, root);
  return pathsOf([...found.python, ...found.documents, ...found.notebooks], root).join(" ");
}

test("a scan finds Python, configs, archives and notebooks, and nothing else", async () => {
  assert.equal(
    await listing(`
//- /w/train.py
//- /w/model.keras
//- /w/deep/er/config.json
//- /w/explore.ipynb
//- /w/README.md
//- /w/data.csv
//- /elsewhere/other.py
`),
    "train.py deep/er/config.json model.keras explore.ipynb",
  );
});

test("folders that hold no source of the user's own are passed over", async () => {
  assert.equal(
    await listing(`
//- /w/a.py
//- /w/.git/config.json
//- /w/web/node_modules/x/package.json
//- /w/__pycache__/a.py
//- /w/lib/site-packages/keras/__init__.py
//- /w/my.egg-info/x.json
`),
    "a.py",
  );
});

test("`build` is build output beside a build file, and a package anywhere else", async () => {
  assert.equal(
    await listing(`
//- /w/pyproject.toml
//- /w/build/lib/layers.py
//- /w/pkg/build/layers.py
`),
    "pkg/build/layers.py",
  );
});

test("a virtual environment is known by its files, whatever its name", async () => {
  const host = memoryHost(`
//- /w/a.py
//- /w/my-environment/pyvenv.cfg
//- /w/my-environment/lib/python3.12/x.py
//- /w/tools/conda/conda-meta/history
//- /w/tools/conda/x.py
`);
  const found = await scan(host, root);
  assert.deepEqual(pathsOf(found.python, root), ["a.py"]);
  assert.deepEqual(pathsOf(found.environments, root), ["my-environment", "tools/conda"]);
});

test("a root that is an environment or an excluded folder is read, since it was named", async () => {
  const host = memoryHost(`
//- /w/node_modules/pyvenv.cfg
//- /w/node_modules/a.py
//- /w/node_modules/node_modules/b.py
`);
  const found = await scan(host, "file:///w/node_modules");
  assert.deepEqual(pathsOf(found.python, "file:///w/node_modules"), ["a.py"]);
});

test(".gitignore files apply below their folder, the innermost deciding", async () => {
  assert.equal(
    await listing(`
//- /w/.gitignore
generated/
*.tmp.json
/only_here.py
//- /w/a.tmp.json
//- /w/only_here.py
//- /w/generated/x.py
//- /w/sub/only_here.py
//- /w/sub/.gitignore
!kept.tmp.json
//- /w/sub/kept.tmp.json
//- /w/sub/lost.tmp.json
`),
    "sub/only_here.py sub/kept.tmp.json",
  );
});

test("a .gitignore means letters as they are written", async () => {
  assert.equal(
    await listing(`
//- /w/.gitignore
Models/
//- /w/models/a.json
//- /w/Models/b.json
`),
    "models/a.json",
  );
});

test("files.exclude of the workspace's settings applies, comments and all", async () => {
  assert.equal(
    await listing(`
//- /w/.vscode/settings.json
{
  // what we generate
  "files.exclude": { "**/out": true, "*.{bak,old}.json": true, "docs/**": true, "**/kept": false, "when": { "when": "x" }, },
}
//- /w/x.bak.json
//- /w/sub/x.old.json
//- /w/sub/out/y.json
//- /w/docs/deep/z.json
//- /w/kept/k.json
`),
    "kept/k.json sub/x.old.json",
  );
});

test("a named folder below a workspace is read although a rule would pass over it, and the rules apply below", async () => {
  const host = memoryHost(`
//- /w/.gitignore
out/
//- /w/.vscode/settings.json
{ "files.exclude": { "**/skipped.json": true } }
//- /w/out/.gitignore
secret.json
//- /w/out/a.json
//- /w/out/secret.json
//- /w/out/skipped.json
//- /w/out/node_modules/b.json
`);
  const above = await rulesAbove(host, root, "file:///w/out");
  const found = await scan(host, "file:///w/out", { above });
  assert.deepEqual(pathsOf(found.documents, root), ["out/a.json"]);
});

test("a .gitignore above a named folder that says nothing of the folder itself still holds below it", async () => {
  const host = memoryHost(`
//- /w/.gitignore
*.log.json
//- /w/runs/a.log.json
//- /w/runs/b.json
`);
  const found = await scan(host, "file:///w/runs", { above: await rulesAbove(host, root, "file:///w/runs") });
  assert.deepEqual(pathsOf(found.documents, root), ["runs/b.json"]);
});

test("a loop of links ends, and what is linked twice is read once", async () => {
  const host = memoryHost(`
//- /w/pkg/a.py
//- /shared/b.py
//- /shared/sub/c.json
`);
  host.link("/w/pkg/again", "/w/pkg");
  host.link("/w/one", "/shared");
  host.link("/w/two", "/shared");
  host.link("/shared/sub/up", "/shared");
  host.link("/w/loop.py", "/w/loop.py");
  const found = await scan(host, root);
  assert.deepEqual(pathsOf(found.python, root), ["one/b.py", "pkg/a.py"]);
  assert.deepEqual(pathsOf(found.documents, root), ["one/sub/c.json"]);
  assert.match(host.logged.join("\n"), /loop\.py: not read \(a symbolic link that leads nowhere\)/);
});

test("a link to a folder above the root does not lead to everything beside it", async () => {
  const host = memoryHost(`
//- /w/a.py
//- /other/b.py
`);
  host.link("/w/up", "/");
  assert.deepEqual(pathsOf((await scan(host, root)).python, root), ["a.py"]);
});

test("a folder that cannot be read is named and the others are read", async () => {
  const host = memoryHost(`
//- /w/a.py
//- /w/locked/b.py
//- /w/z/c.py
`);
  host.refuse("/w/locked", { ok: false, why: "denied", detail: "permission denied" });
  const found = await scan(host, root);
  assert.deepEqual(pathsOf(found.python, root), ["a.py", "z/c.py"]);
  assert.deepEqual(found.unreadable, [{ uri: "file:///w/locked", detail: "permission denied" }]);
  assert.deepEqual(host.logged, ["warning: file:///w/locked: not read (permission denied)"]);
});

const deep = Array.from({ length: 30 }, (_, i) => `//- /w/d${String(i).padStart(2, "0")}/f.py`).join("\n");

test("a scan stops at its caps and says so", async () => {
  const limits = { folders: 1000, files: 1000, entries: 1000, milliseconds: 1000 };
  const folders = await scan(memoryHost(deep), root, { limits: { ...limits, folders: 5 } });
  assert.equal(folders.incomplete, "more than 5 folders");
  assert.equal(folders.python.length, 4);
  const files = await scan(memoryHost(deep), root, { limits: { ...limits, files: 7 } });
  assert.equal(files.incomplete, "more than 7 files");
  assert.equal(files.python.length, 7);
  const time = await scan(memoryHost(deep, { msPerList: 100 }), root, { limits });
  assert.equal(time.incomplete, "longer than 1 seconds");
  assert.equal((await scan(memoryHost(deep), root, { limits })).incomplete, undefined);
});

test("a scan lets others through whenever its slice is used up", async () => {
  const host = memoryHost(deep, { msPerList: 4 });
  await scan(host, root);
  // 31 folders at 4 ms are 124 ms: a slice of 8 ms holds two of them.
  assert.ok(host.yields >= 14, `${host.yields} yields`);
});

test("a cancelled scan ends at the next slice", async () => {
  const host = memoryHost(deep, { msPerList: 4 });
  const token = { cancelled: false };
  const progress = (folders: number) => {
    if (folders === 6) token.cancelled = true;
  };
  await assert.rejects(scan(host, root, { token, progress }), Cancelled);
});
