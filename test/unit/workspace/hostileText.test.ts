import assert from "node:assert/strict";
import { test } from "node:test";
import { globToRegExp } from "../../../server/src/workspace/globs.ts";
import { pinOfRequirement, readCondaEnvironment } from "../../../server/src/workspace/requirements.ts";
import { parseWithComments } from "../../../server/src/workspace/settings.ts";

// Each of these would run for minutes where a pattern is tried from every place again.

test("a requirement with many spaces is none", () => {
  assert.equal(pinOfRequirement(`keras${" ".repeat(200_000)}x`), undefined);
  assert.equal(pinOfRequirement(`keras   ==   3.8.0`)?.version, "3.8.0");
  assert.equal(pinOfRequirement(`keras${" ,".repeat(100_000)}<3x`), undefined);
  assert.deepEqual(readCondaEnvironment(`- keras${" ".repeat(200_000)}x`), []);
});

test("settings whose comments or strings never close are no settings", () => {
  assert.equal(parseWithComments("/* ".repeat(300_000)), undefined);
  assert.equal(parseWithComments(`"${'\\"'.repeat(300_000)}`), undefined);
  assert.deepEqual(parseWithComments('{/* a */ "b": "//", // c\n}'), { b: "//" });
});

test("a glob of many globstars excludes nothing, a few do", () => {
  const path = `${"deep/".repeat(40)}file`;
  assert.equal(globToRegExp(`${"**/a/".repeat(20)}zzz`), undefined);
  assert.equal(globToRegExp(`${"**/".repeat(14)}zzz`)?.test(path), false);
  assert.equal(globToRegExp("**/deep/**/file")?.test(path), true);
});
