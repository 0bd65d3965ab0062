import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { createNodeHost, pathOfUri, uriOfPath } from "../../../server/src/host/node.ts";
import { scan } from "../../../server/src/workspace/scan.ts";
import { pathsOf } from "../workspace/memoryHost.ts";

const folder = mkdtempSync(join(tmpdir(), "keras-config-host-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const logged: string[] = [];
const hosts = [true, false].map((synchronous) =>
  createNodeHost({ synchronous, log: (level, message) => logged.push(`${level}: ${message}`) }),
);

mkdirSync(join(folder, "a b/ü"), { recursive: true });
writeFileSync(join(folder, "a b/ü/100% [x].json"), '{"a": 1}');
writeFileSync(join(folder, "empty.json"), "");
writeFileSync(join(folder, "large.json"), "x".repeat(5_000_000));

test("files are read whole, in part, and not at all where they are too large", async () => {
  const uri = uriOfPath(join(folder, "a b/ü/100% [x].json"));
  const large = uriOfPath(join(folder, "large.json"));
  for (const host of hosts) {
    const whole = await host.readBytes(uri, 100);
    assert.equal(whole.ok && host.decode(whole.value, "json").text, '{"a": 1}');
    const part = await host.readRange(uri, 2, 3);
    assert.equal(part.ok && host.decode(part.value, "json").text, 'a":');
    const beyond = await host.readRange(uri, 6, 100);
    assert.equal(beyond.ok && beyond.value.length, 2);
    assert.deepEqual(await host.readBytes(uri, 7), {
      ok: false,
      why: "too large",
      detail: "8 bytes, more than the limit of 7 bytes",
    });
    const big = await host.readBytes(large, 10_000_000);
    assert.equal(big.ok && big.value.length, 5_000_000);
    const empty = await host.readBytes(uriOfPath(join(folder, "empty.json")), 10);
    assert.equal(empty.ok && empty.value.length, 0);
    assert.equal((await host.stat(uri))?.size, 8);
  }
});

test("what cannot be had is said, not thrown", async () => {
  const missing = uriOfPath(join(folder, "nothing.json"));
  for (const host of hosts) {
    assert.equal(await host.stat(missing), undefined);
    assert.equal(await host.realUri(missing), undefined);
    for (const answer of [
      await host.readBytes(missing, 10),
      await host.readRange(missing, 0, 10),
      await host.list(missing),
    ]) {
      assert.deepEqual(answer, { ok: false, why: "missing", detail: "no such file or folder" });
    }
    const asFile = await host.readBytes(uriOfPath(folder), 10);
    assert.deepEqual(asFile, { ok: false, why: "not a file", detail: "a folder, not a file" });
    assert.equal((await host.readBytes("untitled:Untitled-1", 10)).ok, false);
    assert.equal((await host.list("untitled:Untitled-1")).ok, false);
  }
});

test("a pipe is not waited for", { skip: process.platform === "win32" }, async () => {
  const pipe = join(folder, "pipe.json");
  execFileSync("mkfifo", [pipe]);
  for (const host of hosts) {
    assert.deepEqual(await host.readBytes(uriOfPath(pipe), 10), {
      ok: false,
      why: "not a file",
      detail: "not a regular file",
    });
    assert.equal((await host.readRange(uriOfPath(pipe), 0, 10)).ok, false);
  }
  rmSync(pipe);
});

test("a real folder with loops of links is walked to its end", { skip: process.platform === "win32" }, async () => {
  const root = join(folder, "links");
  mkdirSync(join(root, "pkg"), { recursive: true });
  writeFileSync(join(root, "pkg/layers.py"), "");
  symlinkSync("..", join(root, "pkg/up"));
  symlinkSync(".", join(root, "pkg/self"));
  symlinkSync("loop.py", join(root, "loop.py"));
  symlinkSync(join(root, "pkg"), join(root, "again"));
  for (const host of hosts) {
    const found = await scan(host, uriOfPath(root));
    assert.deepEqual(pathsOf(found.python, uriOfPath(root)), ["pkg/layers.py"]);
    assert.equal(found.incomplete, undefined);
  }
  assert.ok(logged.some((line) => /loop\.py: not read \(a symbolic link that leads nowhere\)/.test(line)));
});

test("paths with every kind of character come back", () => {
  for (const name of ["a b", "100%", "x#y?z", "ü🦆", "[1](2)", "a\nb"]) {
    const path = join(folder, name);
    assert.equal(pathOfUri(uriOfPath(path)), path);
  }
});
