import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { jsonPointer, NO_NODE, nodeAtOffset, nodeAtPointer, parseJson } from "../../../server/src/json/index.ts";
import { functionalConfig } from "./configs.ts";

describe("JSON Pointer", () => {
  test("names members and elements, with ~ and / escaped", () => {
    const { tree } = parseJson('{"layers": [0, {"a/b": {"m~n": 1, "~1": 2}}], "": 3, "é\\n": 4}');
    const pointers = Array.from({ length: tree.size }, (_, node) => jsonPointer(tree, node));
    assert.deepEqual(pointers, [
      "",
      "/layers",
      "/layers/0",
      "/layers/1",
      "/layers/1/a~1b",
      "/layers/1/a~1b/m~0n",
      "/layers/1/a~1b/~01",
      "/",
      "/é\n",
    ]);
    for (const [node, pointer] of pointers.entries()) assert.equal(nodeAtPointer(tree, pointer), node);
  });

  test("duplicates share a pointer, which names the last", () => {
    const { tree } = parseJson('{"a": 1, "a": 2}');
    assert.deepEqual([jsonPointer(tree, 1), jsonPointer(tree, 2), nodeAtPointer(tree, "/a")], ["/a", "/a", 2]);
  });

  test("what names nothing is nothing", () => {
    const { tree } = parseJson('{"a": [1, 2], "b": "x"}');
    for (const pointer of ["a", "/c", "/a/2", "/a/-", "/a/01", "/a/-1", "/a/1e0", "/b/0", "/a/0/x", "/a/", "//"]) {
      assert.equal(nodeAtPointer(tree, pointer), NO_NODE, pointer);
    }
    assert.equal(nodeAtPointer(parseJson("").tree, ""), NO_NODE);
  });

  test("goes to and fro through a whole config", () => {
    const { tree } = parseJson(JSON.stringify(functionalConfig(10)));
    for (let node = 0; node < tree.size; node++) assert.equal(nodeAtPointer(tree, jsonPointer(tree, node)), node);
  });
});

describe("the value at an offset", () => {
  const marked = '·{"aa"· :· ·1·2·,· "b": [·true·, "x·y"· ]}· ';

  /** For every · of the marked text the value found there, as the source spells it. */
  function found(touching: boolean): string[] {
    const text = marked.replaceAll("·", "");
    const { tree } = parseJson(text);
    const results: string[] = [];
    let at = 0;
    for (const character of marked) {
      if (character !== "·") {
        at++;
        continue;
      }
      const node = nodeAtOffset(tree, at, touching);
      results.push(node === NO_NODE ? "nothing" : tree.raw(node));
    }
    return results;
  }
  const array = '[true, "xy" ]';
  const root = '{"aa" : 12, "b": [true, "xy" ]}';

  test("is the innermost one; its key and colon belong to it", () => {
    const expected = [root, "12", "12", "12", "12", root, root, "true", array, '"xy"', array, "nothing"];
    assert.deepEqual(found(false), expected);
  });

  test("includes a value's very end where that is asked for", () => {
    const expected = [root, "12", "12", "12", "12", "12", root, "true", "true", '"xy"', '"xy"', root];
    assert.deepEqual(found(true), expected);
  });
});
