import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { messageOf, rulePage, ruleTable } from "../../../server/src/rules/table.ts";
import { registryOf } from "../registry/build.ts";

declare const __ROOT__: string;
const pages = join(__ROOT__, "docs/rules");

test("every rule has the page that its entry makes, and no page is left over", () => {
  if (process.env.UPDATE_PAGES) {
    for (const rule of ruleTable.values()) writeFileSync(join(pages, `${rule.code}.md`), rulePage(rule));
  }
  for (const rule of ruleTable.values()) {
    assert.equal(readFileSync(join(pages, `${rule.code}.md`), "utf8"), rulePage(rule), rule.code);
  }
  assert.deepEqual(readdirSync(pages).sort(), [...ruleTable.keys()].map((code) => `${code}.md`).sort());
});

test("an example that is JSON is one line of it", () => {
  for (const rule of ruleTable.values()) {
    if (rule.code !== "syntax-error" && rule.of === "config")
      assert.doesNotThrow(() => JSON.parse(rule.example), rule.code);
  }
});

test("an example that is Python has the problem of its rule, and no other", () => {
  for (const { code, of, example } of ruleTable.values()) {
    if (of !== "registration") continue;
    const causes = registryOf(example).problemsIn("/a.py");
    assert.deepEqual([...new Set(causes.map(({ cause }) => cause))], [code]);
  }
});

test("the message is Keras's sentence without the printed config, then the key", () => {
  const sentence = "Could not locate class 'Foo'. Make sure custom classes are decorated. Full object config: {…}";
  assert.equal(
    messageOf("class-not-registered", sentence, "pkg>Foo"),
    "Could not locate class 'Foo'. Make sure custom classes are decorated. Looked up: `pkg>Foo`.",
  );
});
