import assert from "node:assert/strict";
import { test } from "node:test";
import { formatJson, jsonPointer, nodeAtPointer, parseJson } from "../../../server/src/json/index.ts";
import { functionalConfig, pythonDumps } from "./configs.ts";

function formatted(text: string): string {
  return formatJson(parseJson(text).tree, text);
}

test("a config is indented, short arrays of plain values stay on one line, and nothing is written anew", () => {
  assert.equal(
    formatted('{"a": [1, 2.50, -1e-7, NaN], "b": {"c": {}, "d": [], "e": [[], {"f": "\\u00e9"}]}, "a": null}'),
    `{
  "a": [1, 2.50, -1e-7, NaN],
  "b": {
    "c": {},
    "d": [],
    "e": [
      [],
      {
        "f": "\\u00e9"
      }
    ]
  },
  "a": null
}
`,
  );
});

test("a text without a value, and a value that is no container, stay what they are", () => {
  assert.equal(formatted(""), "");
  assert.equal(formatted("12"), "12\n");
});

test("a pointer names the same value in both texts", () => {
  const text = pythonDumps(functionalConfig(20));
  const shown = formatted(text);
  assert.deepEqual(JSON.parse(shown), JSON.parse(text));
  const [before, after] = [parseJson(text).tree, parseJson(shown).tree];
  assert.equal(after.size, before.size);
  for (let node = 0; node < before.size; node += 7) {
    const same = nodeAtPointer(after, jsonPointer(before, node));
    assert.equal(
      after.kind(same) === "object" || after.raw(same) === before.raw(node) || after.kind(same) === "array",
      true,
    );
  }
});

test("nesting of any depth is formatted in time and space linear to it", () => {
  const depth = 100_000;
  const text = `${'{"a":['.repeat(depth)}1${"]}".repeat(depth)}`;
  const shown = formatted(text);
  assert.ok(shown.length < text.length * 60, String(shown.length));
});
