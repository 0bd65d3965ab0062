import assert from "node:assert/strict";
import { test } from "node:test";
import {
  baseName,
  isWithin,
  joinUri,
  normalizeUri,
  parentUri,
  pathFromUri,
  relativePath,
  uriFromPath,
} from "../../../server/src/workspace/uri.ts";

test("paths become URIs and come back", () => {
  for (const path of ["/", "/a", "/a b/ü.json", "/50%/x#y?.json", "/a%20b", "/~me/[1](2)@:,;=&+$!*'", "/emoji/🦆.py"]) {
    assert.equal(pathFromUri(uriFromPath(path, false), false), path);
  }
  for (const path of ["c:\\", "c:\\a b\\ü.json", "\\\\server\\share\\x.json"]) {
    assert.equal(pathFromUri(uriFromPath(path, true), true), path);
  }
});

const written: readonly (readonly [path: string, windows: boolean, uri: string])[] = [
  ["/tmp/a b.json", false, "file:///tmp/a%20b.json"],
  ["/tmp//a/./b/../c.json", false, "file:///tmp/a/c.json"],
  ["/tmp/dir/", false, "file:///tmp/dir"],
  ["/..", false, "file:///"],
  ["/a\\b", false, "file:///a%5Cb"],
  ["C:\\Users\\Me\\x.json", true, "file:///c:/Users/Me/x.json"],
  ["C:\\..\\x", true, "file:///c:/x"],
  ["C:\\", true, "file:///c:/"],
  ["\\\\?\\C:\\long\\x", true, "file:///c:/long/x"],
  ["\\\\Server\\Share\\x", true, "file://server/Share/x"],
  ["\\\\?\\UNC\\Server\\Share\\x", true, "file://server/Share/x"],
];

test("a path has one URI", () => {
  for (const [path, windows, uri] of written) assert.equal(uriFromPath(path, windows), uri);
});

test("URIs that name one place are one string once normalized", () => {
  const spellings = [
    "file:///C%3A/Work/a%20b.json",
    "file:///c:/Work/a b.json",
    "FILE:///C:/Work/./a%20b.json",
    "file://localhost/c:/Work/a%20b.json",
  ];
  for (const uri of spellings) assert.equal(normalizeUri(uri), "file:///c:/Work/a%20b.json");
  assert.equal(normalizeUri("file:///a/%e4%zz"), "file:///a/%25e4%25zz");
  assert.equal(normalizeUri("untitled:Untitled-1"), "untitled:Untitled-1");
});

test("joining, parents and names agree with each other", () => {
  const folder = uriFromPath("/w/a b", false);
  const file = joinUri(folder, "100% [x].json");
  assert.equal(file, uriFromPath("/w/a b/100% [x].json", false));
  assert.equal(parentUri(file), folder);
  assert.equal(baseName(file), "100% [x].json");
  assert.equal(joinUri("file:///", "w"), "file:///w");
  assert.equal(parentUri("file:///w"), "file:///");
  assert.equal(parentUri("file:///"), "file:///");
  assert.equal(parentUri("file:///c:/x"), "file:///c:/");
  assert.equal(parentUri("file:///c:/"), "file:///c:/");
  assert.equal(parentUri("file://server/share"), "file://server/");
});

test("a folder holds what is below it, not what merely begins like it", () => {
  assert.ok(isWithin("file:///w/a/b", "file:///w/a"));
  assert.ok(isWithin("file:///w/a", "file:///w/a"));
  assert.ok(isWithin("file:///w", "file:///"));
  assert.ok(!isWithin("file:///w/ab", "file:///w/a"));
  assert.equal(relativePath("file:///w", "file:///w/a%20b/c.py"), "a b/c.py");
  assert.equal(relativePath("file:///", "file:///w/c.py"), "w/c.py");
  assert.equal(relativePath("file:///w", "file:///w"), "");
  assert.equal(relativePath("file:///w", "file:///x/c.py"), undefined);
});
