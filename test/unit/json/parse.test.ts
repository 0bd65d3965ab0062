import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { NO_NODE, parseJson } from "../../../server/src/json/index.ts";
import { functionalConfig, kerasTwoConfig, pythonDumps, sequentialConfig } from "./configs.ts";
import { assertSound, toValue } from "./treeChecks.ts";

/** Every value and key of a text as its source spells them. */
function spelled(text: string): string[] {
  const { tree } = parseJson(text);
  const lines: string[] = [];
  for (let node = 0; node < tree.size; node++) {
    const key = tree.keyStart(node) < 0 ? "" : `${text.slice(tree.keyStart(node), tree.keyEnd(node))} = `;
    lines.push(`${key}${text.slice(tree.start(node), tree.end(node))}`);
  }
  return lines;
}

describe("ranges", () => {
  test("every key and value has its exact range, quotes and brackets included", () => {
    assert.deepEqual(spelled('{"class_name" : "Dense", "config": { "units":[8, -1.5e3] }, "registered_name":null}'), [
      '{"class_name" : "Dense", "config": { "units":[8, -1.5e3] }, "registered_name":null}',
      '"class_name" = "Dense"',
      '"config" = { "units":[8, -1.5e3] }',
      '"units" = [8, -1.5e3]',
      "8",
      "-1.5e3",
      '"registered_name" = null',
    ]);
  });

  test("offsets count UTF-16 units", () => {
    const { tree } = parseJson('{"😀": "é😀", "b": 1}');
    assert.deepEqual([tree.keyStart(1), tree.keyEnd(1), tree.start(1), tree.end(1)], [1, 5, 7, 12]);
    assert.deepEqual([tree.keyStart(2), tree.start(2)], [14, 19]);
  });

  test("white space around the value and a byte order mark belong to nothing", () => {
    const { tree, errors } = parseJson("\ufeff \t\r\n[ ]\n");
    assert.deepEqual(errors, []);
    assert.deepEqual([tree.kind(0), tree.start(0), tree.end(0), tree.childCount(0)], ["array", 5, 8, 0]);
  });
});

describe("values", () => {
  test("the constants of Python are numbers", () => {
    const { tree, errors } = parseJson("[NaN, Infinity, -Infinity, 1e999, -0]");
    assert.deepEqual(errors, []);
    const numbers = [1, 2, 3, 4, 5].map((node) => tree.number(node));
    assert.deepEqual(numbers, [Number.NaN, Infinity, -Infinity, Infinity, -0]);
    assert.deepEqual(
      [1, 2, 3].map((node) => tree.raw(node)),
      ["NaN", "Infinity", "-Infinity"],
    );
  });

  test("strings are decoded when they are asked for, lone surrogates are kept", () => {
    const { tree, errors } = parseJson(
      '["a\\n\\"\\\\\\/\\u00e9", "\\ud83d\\ude00", "\\ud83d", "\ud83d", "\\udc00\\ud83d"]',
    );
    assert.deepEqual(errors, []);
    const strings = [1, 2, 3, 4, 5].map((node) => tree.string(node));
    assert.deepEqual(strings, ['a\n"\\/é', "😀", "\ud83d", "\ud83d", "\udc00\ud83d"]);
  });

  test("a question of the wrong kind has an empty answer", () => {
    const { tree } = parseJson('{"a": 1, "b": "x", "c": true}');
    assert.deepEqual([tree.string(1), tree.boolean(1), tree.number(2), tree.key(0)], ["", false, Number.NaN, ""]);
    assert.equal(tree.member(1, "a"), NO_NODE);
    assert.equal(tree.member(NO_NODE, "a"), NO_NODE);
    assert.equal(tree.firstChild(2), NO_NODE);
    assert.equal(tree.boolean(3), true);
  });
});

describe("members", () => {
  test("duplicate keys are kept, the last one counts", () => {
    const { tree, errors } = parseJson('{"module": "a", "module": "b", "x": 0, "mod\\u0075le": "c"}');
    assert.deepEqual(errors, []);
    assert.equal(tree.childCount(0), 4);
    assert.equal(tree.string(tree.member(0, "module")), "c");
    assert.equal(tree.member(0, "y"), NO_NODE);
  });

  test("keys are compared as they are meant, not as they are spelled", () => {
    const { tree } = parseJson('{"a\\tb": 1, "": 2, "\\ud83d\\ude00": 3, "__proto__": 4}');
    const numbers = ["a\tb", "", "😀", "__proto__"].map((key) => tree.number(tree.member(0, key)));
    assert.deepEqual(numbers, [1, 2, 3, 4]);
    assert.equal(tree.member(0, "a\\tb"), NO_NODE);
  });

  test("an object of many members answers the same", () => {
    const members = Array.from({ length: 5000 }, (_, i) => `"k${i}": ${i}`);
    const { tree } = parseJson(`{${members.join(",")}, "k7": "last", "k\\u0039": "nine"}`);
    assert.equal(tree.childCount(0), 5002);
    assert.equal(tree.number(tree.member(0, "k4999")), 4999);
    assert.equal(tree.string(tree.member(0, "k7")), "last");
    assert.equal(tree.string(tree.member(0, "k9")), "nine");
    assert.equal(tree.member(0, "k5000"), NO_NODE);
  });
});

describe("whole configs", () => {
  const configs = [functionalConfig(12), functionalConfig(40, 2), sequentialConfig(15, 3), kerasTwoConfig(20, 4)];
  for (const [index, config] of configs.entries()) {
    test(`config ${index} reads as JSON.parse reads it, on one line and indented`, () => {
      for (const text of [
        JSON.stringify(config),
        pythonDumps(config),
        pythonDumps(config, 2),
        pythonDumps(config, 4),
      ]) {
        const { tree, errors } = parseJson(text);
        assert.deepEqual(errors, []);
        assertSound(tree, text);
        assert.equal(JSON.stringify(toValue(tree)), JSON.stringify(JSON.parse(text)));
        for (let node = 0; node < tree.size; node++) assert.equal(tree.damaged(node), false);
      }
    });
  }
});
