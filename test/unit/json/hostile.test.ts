import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { jsonPointer, nodeAtOffset, parseJson, pythonDecodeError } from "../../../server/src/json/index.ts";
import { functionalConfig, pythonDumps, random, sequentialConfig } from "./configs.ts";
import { assertSound } from "./treeChecks.ts";

const DEEP = 200_000;

describe("200,000 nested brackets", () => {
  const shapes: [name: string, text: string, depth: number, valid: boolean][] = [
    ["arrays", "[".repeat(DEEP) + "]".repeat(DEEP), DEEP, true],
    ["objects", `${'{"a":'.repeat(DEEP)}1${"}".repeat(DEEP)}`, DEEP + 1, true],
    ["both", `${'{"a":['.repeat(DEEP / 2)}${"]}".repeat(DEEP / 2)}`, DEEP, true],
    ["unclosed arrays", "[".repeat(DEEP), DEEP, false],
    ["unclosed objects", '{"a":'.repeat(DEEP), DEEP + 1, false],
    ["arrays closed by braces", "[".repeat(DEEP) + "}".repeat(DEEP), DEEP, false],
    ["objects closed by brackets", '{"a":'.repeat(DEEP) + "]".repeat(DEEP), DEEP + 1, false],
  ];
  for (const [name, text, depth, valid] of shapes) {
    test(name, () => {
      const { tree, errors } = parseJson(text);
      assert.equal(errors.length === 0, valid);
      assert.equal(tree.size, depth);
      const innermost = tree.size - 1;
      assert.equal(tree.parent(innermost), innermost - 1);
      assert.equal(jsonPointer(tree, innermost).split("/").length, depth);
      assert.equal(nodeAtOffset(tree, tree.start(innermost), true), innermost);
      assert.ok(pythonDecodeError(text));
    });
  }
});

describe("any input gives a sound tree", () => {
  test("every prefix of a config", () => {
    for (const text of [JSON.stringify(functionalConfig(2)), pythonDumps(sequentialConfig(2), 2)]) {
      for (let length = 0; length < text.length; length++) {
        const prefix = text.slice(0, length);
        const { tree, errors } = parseJson(prefix);
        assert.ok(errors.length > 0);
        assertSound(tree, prefix);
      }
    }
  });

  test("a config with any one character lost", () => {
    const text = pythonDumps(functionalConfig(1));
    for (let offset = 0; offset < text.length; offset++) {
      const broken = text.slice(0, offset) + text.slice(offset + 1);
      const { tree, errors } = parseJson(broken);
      assert.equal(errors.length === 0, pythonDecodeError(broken) === undefined);
      assertSound(tree, broken);
    }
  });

  test("configs with several changes", () => {
    const next = random(31);
    const signs = "{}[]\":,\\/*#'\n\t a1-.eNI\u0000\ud83d\udc00\u00a0";
    const base = JSON.stringify(functionalConfig(2));
    for (let round = 0; round < 3000; round++) {
      let text = base;
      for (let change = next() * 8; change >= 0; change--) {
        const at = Math.floor(next() * text.length);
        const dropped = Math.floor(next() * 3);
        const added = next() < 0.7 ? signs[Math.floor(next() * signs.length)]! : "";
        text = text.slice(0, at) + added + text.slice(at + dropped);
      }
      const { tree, errors } = parseJson(text);
      assert.equal(errors.length === 0, pythonDecodeError(text) === undefined);
      assertSound(tree, text);
      for (const error of errors) assert.ok(error.start >= 0 && error.start <= error.end && error.end <= text.length);
    }
  });

  test("noise", () => {
    const next = random(32);
    for (const alphabet of ['{}[]":,', '"\\', "'\"\n ", '{}[]":,a1 \\\n', "]}", "/*#\n"]) {
      let text = "";
      for (let i = 0; i < 20_000; i++) text += alphabet[Math.floor(next() * alphabet.length)];
      assertSound(parseJson(text).tree, text);
    }
    let binary = "PK\u0003\u0004";
    for (let i = 0; i < 50_000; i++) binary += String.fromCharCode(Math.floor(next() * 256));
    const { tree, errors } = parseJson(binary);
    assertSound(tree, binary);
    assert.ok(errors.length > 0 && errors.length <= 500);
  });

  test("text that is no valid UTF-16", () => {
    for (const text of ["\ud83d", '"\udc00', '{"\ud83d": \udc00}', "[\ud83d\ud83d]", "\ufffe[1]"]) {
      const { tree, errors } = parseJson(text);
      assert.ok(errors.length > 0);
      assertSound(tree, text);
    }
  });
});
