import assert from "node:assert/strict";
import { test } from "node:test";
import { snippet } from "../../server/src/cli/snippet.ts";
import { cellsOf, printable, styleFor } from "../../server/src/cli/terminal.ts";
import { LineIndex } from "../../server/src/workspace/lineIndex.ts";

const style = styleFor(false, {});

/** The snippet for the first occurrence of a value in a text. */
function shown(text: string, value: string): string {
  const start = text.indexOf(value);
  return snippet(text, new LineIndex(text), { start, end: start + value.length }, style, (paint) => paint).join("\n");
}

test("a snippet shows the line, two on each side, and carets under the value", () => {
  const text = `{
  "module": "my_package",
  "class_name": "Scale",
  "registered_name": "my_package>Scael",
  "config": {}
}`;
  assert.equal(
    shown(text, '"my_package>Scael"'),
    `2 |   "module": "my_package",
3 |   "class_name": "Scale",
4 |   "registered_name": "my_package>Scael",
  |                      ^^^^^^^^^^^^^^^^^^
5 |   "config": {}
6 | }`,
  );
});

test("line numbers are aligned, and every kind of line end ends a line", () => {
  const text = Array.from({ length: 12 }, (_, i) => `line ${i + 1}`).join("\r\n");
  assert.equal(shown(text, "10"), " 8 | line 8\n 9 | line 9\n10 | line 10\n   |      ^^\n11 | line 11\n12 | line 12");
  assert.deepEqual(new LineIndex("a\rb\nc\r\nd").positionAt(7), { line: 3, character: 0 });
});

test("carets stand under the value behind tabs and wide characters", () => {
  assert.equal(shown('\t"日本": "x"', '"x"'), '1 |     "日本": "x"\n  |             ^^^');
  assert.equal(shown('{"e\u0301": "🦆x"}', '"🦆x"'), '1 | {"e\u0301": "🦆x"}\n  |       ^^^^^');
});

test("of a long line only the part around the value is shown", () => {
  const text = `{"pad": "${"p".repeat(5000)}", "class_name": "Scael", "rest": "${"r".repeat(5000)}"}`;
  const [line = "", carets = ""] = shown(text, '"Scael"').split("\n");
  assert.ok(line.length < 130, line);
  assert.match(line, /^1 \| …p+", "class_name": "Scael", "rest": "r+…$/);
  assert.equal(line.indexOf('"Scael"'), carets.indexOf("^"));
  assert.equal(carets.trim().split(" ").at(-1), "^^^^^^^");
});

test("a value longer than the window shows its beginning", () => {
  const text = `{"x": "${"v".repeat(500)}"}`;
  const [line = "", carets = ""] = shown(text, `"${"v".repeat(500)}"`).split("\n");
  assert.match(line, /^1 \| \{"x": "v+…$/);
  assert.match(carets, /\^…$/);
});

test("a value of several lines is marked to the end of its first", () => {
  assert.equal(shown('{"a": {\n  "b": 1\n}}', '{\n  "b": 1\n}'), '1 | {"a": {\n  |       ^…\n2 |   "b": 1\n3 | }}');
});

test("an empty range at the end of a text has a caret too", () => {
  const text = '{"a": 1';
  const lines = snippet(text, new LineIndex(text), { start: text.length, end: text.length }, style, (paint) => paint);
  assert.deepEqual(lines, ['1 | {"a": 1', "  |        ^"]);
});

test("ten megabytes in one line cost a window", () => {
  const text = `[${'{"class_name": "A"}, '.repeat(500_000)}"Scael"]`;
  const lines = shown(text, '"Scael"').split("\n");
  assert.equal(lines.length, 2);
  assert.ok(lines.every((line) => line.length < 130));
});

test("a file cannot move the cursor or turn the writing direction", () => {
  assert.equal(printable("a\u001b[31mb\u0007\u202Ec\ud800"), "a\\u001b[31mb\\u0007\\u202ec\\ud800");
  assert.equal(shown('"\u001b[2Jx"', "x"), '1 | "\\u001b[2Jx"\n  |           ^');
});

test("cells of characters", () => {
  for (const [character, cells] of [
    ["a", 1],
    ["é", 1],
    ["日", 2],
    ["🦆", 2],
    ["\u0301", 0],
    ["ｱ", 1],
    ["（", 2],
  ] as const) {
    assert.equal(cellsOf(character), cells, character);
  }
});

test("colours only in a terminal, and the environment decides before that", () => {
  const coloured = (isTerminal: boolean, environment: Record<string, string>) =>
    styleFor(isTerminal, environment).error("x") !== "x";
  assert.equal(coloured(true, {}), true);
  assert.equal(coloured(false, {}), false);
  assert.equal(coloured(true, { NO_COLOR: "1" }), false);
  assert.equal(coloured(true, { NO_COLOR: "" }), true);
  assert.equal(coloured(true, { NO_COLOR: "1", FORCE_COLOR: "1" }), false);
  assert.equal(coloured(false, { FORCE_COLOR: "1" }), true);
  assert.equal(coloured(true, { FORCE_COLOR: "0" }), false);
  assert.equal(coloured(true, { TERM: "dumb" }), false);
});
