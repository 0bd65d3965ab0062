import assert from "node:assert/strict";
import { test } from "node:test";
import { pythonRepr } from "../../../server/src/deserialize/pythonRepr.ts";
import { parseJson } from "../../../server/src/json/index.ts";

/** What CPython 3.11 prints for `repr(json.loads(text))`. */
const printed: readonly [json: string, repr: string][] = [
  ['{"a": null, "b": [true, false]}', "{'a': None, 'b': [True, False]}"],
  ['{"a": 1, "b": 2, "a": 3}', "{'a': 3, 'b': 2}"],
  [
    "[1, 1.0, 1e3, 1e-7, 1e16, 123456789012345678901, -0, -0.0, 0.1]",
    "[1, 1.0, 1000.0, 1e-07, 1e+16, 123456789012345678901, 0, -0.0, 0.1]",
  ],
  ["[NaN, Infinity, -Infinity]", "[nan, inf, -inf]"],
  [
    '["it\'s", "say \\"hi\\"", "it\'s \\"both\\"", "a\\\\b\\n\\u0001"]',
    `["it's", 'say "hi"', 'it\\'s "both"', 'a\\\\b\\n\\x01']`,
  ],
  ['["ä", "\\u00a0", "\\u200b", "\\ud800", "😀"]', "['ä', '\\xa0', '\\u200b', '\\ud800', '😀']"],
  ["{}", "{}"],
  ["[]", "[]"],
];

for (const [json, repr] of printed) {
  test(`${json} is printed as Python prints it`, () => {
    const { tree } = parseJson(json);
    assert.equal(pythonRepr(tree, { node: tree.root }), repr);
  });
}

test("deep nesting is printed without recursion, and cut", () => {
  const { tree } = parseJson("[".repeat(200_000) + "]".repeat(200_000));
  const repr = pythonRepr(tree, { node: tree.root });
  assert.ok(repr.startsWith("[[[[") && repr.endsWith("…"));
});
