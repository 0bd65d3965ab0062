import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseJson } from "../../../server/src/json/index.ts";
import { functionalConfig, kerasTwoConfig, random, sequentialConfig } from "./configs.ts";
import { measureDeletion, type Rate, readWithOurs, serializedObjects } from "./recovery.ts";
import { sketch } from "./treeChecks.ts";

/** One line each: the text, what is read of it (`!` damaged, `∅` no value yet), the errors as `quoted text: message`. */
function check(text: string, tree: string, ...errors: string[]): void {
  test(JSON.stringify(text), () => {
    const document = parseJson(text);
    assert.equal(sketch(document.tree), tree);
    assert.deepEqual(
      document.errors.map((error) => `${text.slice(error.start, error.end)}: ${error.message}`),
      errors,
    );
  });
}

describe("half-typed strings", () => {
  const open = "This string is not closed: '\"' is missing";
  check('{"ax"module": "k", "class_name": "D"}', '!{ax: ∅, module: "k", class_name: "D"}', `"ax: ${open}`);
  check('{"ax\n "module": "k"}', '!{ax: ∅, module: "k"}', `"ax: ${open}`);
  check('{"module": "ker, "class_name": "D"}', '!{module: "ker", class_name: "D"}', `"ker: ${open}`);
  check('{"module": "ker,\n "class_name": "D"}', '!{module: "ker", class_name: "D"}', `"ker: ${open}`);
  check('[{"name": "x}, {"name": "y"}]', '[!{name: "x"}, {name: "y"}]', `"x: ${open}`);
  check('{"name: "x", "b": 1}', '!{name: "x", b: 1}', `"name: ${open}`);
  check('{name": "x", "b": 1}', '!{name: "x", b: 1}', `name": The '"' before this string is missing`);
  check('{"units"4,"b":"relu","c":1}', '!{units: 4, b: "relu", c: 1}', "4: ':' is missing before this");
  check('{"a": "b', '!{a: "b"}', `"b: ${open}`);
});

describe("signs that are missing or too many", () => {
  check('{"a": 1 "b": 2}', "!{a: 1, b: 2}", "\"b\": ',' is missing before this");
  check('{"a": [1,]}', "{a: ![1]}", ",: A value is missing after the last ','");
  check('{"a": {"b": 1,}}', "{a: !{b: 1}}", ",: A member is missing after the last ','");
  check('{"a":1,,"b":2}', "!{a: 1, b: 2}", ",: A member is missing before this ','");
  check('{"a": ,"b": 1}', "!{a: ∅, b: 1}", ":: This key has no value");
  check('{"a": 1, "b"}', "!{a: 1, b: ∅}", '"b": This key has no value');
  check('{"a": 1, "b" "c": 2}', "!{a: 1, b: ∅, c: 2}", '"b": This key has no value');
  check('{"a": {"b": 1}} }', "{a: {b: 1}}", "}: This '}' closes nothing");
});

describe("brackets", () => {
  const layer = '{"module": "m", "class_name": "A", "config": {"x": 1}, "registered_name": null}';
  const read = '{module: "m", class_name: "A", config: {x: 1}, registered_name: null}';
  check(
    `{"layers": [{"module": "m", "class_name": "B", "config": {"x": 1, "registered_name": null}, ${layer}]}`,
    `{layers: [!{module: "m", class_name: "B", config: !{x: 1}, registered_name: null}, ${read}]}`,
    "\"registered_name\": '}' is missing before this",
  );
  check(
    `{"layers": [${layer.slice(0, -1)}, ${layer}], "name": "n"}`,
    `{layers: ![!${read}, ${read}], name: "n"}`,
    "{: '}' is missing before this",
  );
  check(
    `{"layers": [${layer}, ${layer}, "name": "n"}`,
    `!{layers: ![${read}, ${read}], name: "n"}`,
    "\"name\": ']' is missing before this",
  );
  check(
    `{"layers": ${layer}, ${layer}], "name": "n"}`,
    `!{layers: ![${read}, ${read}], name: "n"}`,
    "{: '[' is missing before these values",
  );
  check(`[${layer.slice(1)}, ${layer}]`, `![!${read}, ${read}]`, "\"module\": '{' is missing before this");
  check(
    '[{"config": "name": "x", "units": 3}, "registered_name": null}, {"a": 1}]',
    '[!{config: !{name: "x", units: 3}, registered_name: null}, {a: 1}]',
    "\"name\": '{' is missing before this",
  );
  check('{"a": [1, 2}, "b": {}}', "!{a: ![1, 2], b: {}}", "}: ']' is expected here");
});

describe("what other languages allow", () => {
  check(
    '{"a": 1, // note\n "b": /* x */ 2, # y\n "c": 3}',
    "!{a: 1, b: 2, c: 3}",
    "// note: JSON has no comments",
    "/* x */: JSON has no comments",
    "# y: JSON has no comments",
  );
  check(
    "{'a': 'it''s', \"d\": True}",
    `!{a: "it''s", d: True}`,
    "'a': JSON wants double quotes around strings",
    "'it''s': JSON wants double quotes around strings",
    "True: This is no JSON value",
  );
  check(
    '{module: keras.layers, "x": .5}',
    '!{module: "keras.layers", x: .5}',
    "module: A key needs double quotes around it",
    "keras.layers: This is no JSON value",
    ".5: This is no JSON value",
  );
  check('{"a":\u00a01}', "!{a: 1}", "\u00a0: JSON allows only spaces, tabs and line breaks between values");
  check(
    '["\\q\\u12", 1]',
    '!["\\\\q\\\\u12", 1]',
    "\\q: This is no escape of JSON",
    "\\u: \\u needs four hexadecimal digits",
  );
});

describe("the document's end", () => {
  check("", "nothing", ": There is no JSON value here");
  check("{", "!{}", "{: The text ends here, '}' is missing");
  check('{"a": [1, {"b"', "!{a: ![1, !{b: ∅}]}", '"b": The text ends before this key has a value');
  check('{"a": 1}\n{"b": 2}', "![{a: 1}, {b: 2}]", "{: The document's value has ended before this");
  check('{"a": 1} x', "{a: 1}", "x: The document's value has ended before this");
});

describe("objects that do not hold the damaged place", () => {
  const configs = [functionalConfig(25, 11), sequentialConfig(25, 12), kerasTwoConfig(25, 13)].map((c) =>
    JSON.stringify(c),
  );
  const structural = '{}[]":,';

  /** Deletes one character at a time, everywhere or only where a sign of `only` stands. */
  function measure(only: string | undefined, deletions: number, seed: number): Rate {
    const next = random(seed);
    const rate: Rate = { objects: 0, kept: 0, placed: 0 };
    for (const text of configs) {
      const objects = serializedObjects(parseJson(text).tree, true);
      assert.ok(objects.length > 50);
      for (let i = 0; i < deletions; ) {
        const offset = Math.floor(next() * text.length);
        if (only && !only.includes(text[offset]!)) continue;
        measureDeletion(text, objects, offset, readWithOurs, rate);
        i++;
      }
    }
    return rate;
  }

  test("98 in 100 keep class_name, module, registered_name and range when any character is deleted", () => {
    const rate = measure(undefined, 150, 21);
    assert.ok(rate.objects > 10_000);
    assert.ok(rate.kept >= 0.98 * rate.objects, JSON.stringify(rate));
  });

  for (const sign of structural) {
    test(`98 in 100 keep them, and 95 their place in the document, when a ${sign} is deleted`, () => {
      const rate = measure(sign, 60, 22);
      assert.ok(rate.kept >= 0.98 * rate.objects, JSON.stringify(rate));
      assert.ok(rate.placed >= 0.95 * rate.objects, JSON.stringify(rate));
    });
  }
});
