import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { PYTHON_DEPTH, parseJson, pythonDecodeError } from "../../../server/src/json/index.ts";

/** Text, and `str(e)` of the JSONDecodeError that CPython 3.11's `json.loads` raised for it (undefined: none). */
const RECORDED: readonly (readonly [string, string | undefined])[] = [
  ["", "Expecting value: line 1 column 1 (char 0)"],
  [" ", "Expecting value: line 1 column 2 (char 1)"],
  ["null", undefined],
  ["true", undefined],
  ["false", undefined],
  ["nul", "Expecting value: line 1 column 1 (char 0)"],
  ["True", "Expecting value: line 1 column 1 (char 0)"],
  ["None", "Expecting value: line 1 column 1 (char 0)"],
  ["NaN", undefined],
  ["Infinity", undefined],
  ["-Infinity", undefined],
  ["+Infinity", "Expecting value: line 1 column 1 (char 0)"],
  ["-NaN", "Expecting value: line 1 column 1 (char 0)"],
  ["nan", "Expecting value: line 1 column 1 (char 0)"],
  ["0", undefined],
  ["-0", undefined],
  ["-", "Expecting value: line 1 column 1 (char 0)"],
  ["00", "Extra data: line 1 column 2 (char 1)"],
  ["01", "Extra data: line 1 column 2 (char 1)"],
  ["-01", "Extra data: line 1 column 3 (char 2)"],
  ["1.", "Extra data: line 1 column 2 (char 1)"],
  [".5", "Expecting value: line 1 column 1 (char 0)"],
  ["1.5", undefined],
  ["1e5", undefined],
  ["1E+5", undefined],
  ["1e-05", undefined],
  ["1e", "Extra data: line 1 column 2 (char 1)"],
  ["1e+", "Extra data: line 1 column 2 (char 1)"],
  ["1.e5", "Extra data: line 1 column 2 (char 1)"],
  ["1_000", "Extra data: line 1 column 2 (char 1)"],
  ["0x10", "Extra data: line 1 column 2 (char 1)"],
  ["+1", "Expecting value: line 1 column 1 (char 0)"],
  ["[]", undefined],
  ["[1,]", "Expecting value: line 1 column 4 (char 3)"],
  ["[,1]", "Expecting value: line 1 column 2 (char 1)"],
  ["[1 2]", "Expecting ',' delimiter: line 1 column 4 (char 3)"],
  ["[1,,2]", "Expecting value: line 1 column 4 (char 3)"],
  ["[1", "Expecting ',' delimiter: line 1 column 3 (char 2)"],
  ["[", "Expecting value: line 1 column 2 (char 1)"],
  ["[1,", "Expecting value: line 1 column 4 (char 3)"],
  ["]", "Expecting value: line 1 column 1 (char 0)"],
  ["{}", undefined],
  ['{"a":1}', undefined],
  ['{"a":1,}', "Expecting property name enclosed in double quotes: line 1 column 8 (char 7)"],
  ['{"a":1,"a":2}', undefined],
  ['{"a" 1}', "Expecting ':' delimiter: line 1 column 6 (char 5)"],
  ['{"a":}', "Expecting value: line 1 column 6 (char 5)"],
  ['{"a"}', "Expecting ':' delimiter: line 1 column 5 (char 4)"],
  ["{a:1}", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"],
  ["{'a':1}", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"],
  ['{"a":1 "b":2}', "Expecting ',' delimiter: line 1 column 8 (char 7)"],
  ['{"a":1', "Expecting ',' delimiter: line 1 column 7 (char 6)"],
  ["{", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"],
  ['{"a', "Unterminated string starting at: line 1 column 2 (char 1)"],
  ['{"a":1}}', "Extra data: line 1 column 8 (char 7)"],
  ['{"a":1} {"b":2}', "Extra data: line 1 column 9 (char 8)"],
  ["// x\n1", "Expecting value: line 1 column 1 (char 0)"],
  ["[1] // x", "Extra data: line 1 column 5 (char 4)"],
  ['"a\tb"', "Invalid control character at: line 1 column 3 (char 2)"],
  ['"a\nb"', "Invalid control character at: line 1 column 3 (char 2)"],
  ['"\\x"', "Invalid \\escape: line 1 column 2 (char 1)"],
  ['"\\u12"', "Invalid \\uXXXX escape: line 1 column 3 (char 2)"],
  ['"\\u12G4"', "Invalid \\uXXXX escape: line 1 column 3 (char 2)"],
  ['"\\u00e9"', undefined],
  ['"\\ud83d\\ude00"', undefined],
  ['"\\ud83d"', undefined],
  ['"\\ude00\\ud83d"', undefined],
  ['"\\', "Unterminated string starting at: line 1 column 1 (char 0)"],
  ['"\\"', "Unterminated string starting at: line 1 column 1 (char 0)"],
  ['"', "Unterminated string starting at: line 1 column 1 (char 0)"],
  ['"abc', "Unterminated string starting at: line 1 column 1 (char 0)"],
  ['"\\u1234', "Invalid \\uXXXX escape: line 1 column 3 (char 2)"],
  ["[\n  1,\n  2\n  3\n]", "Expecting ',' delimiter: line 4 column 3 (char 13)"],
  ['["\ud83d\ude00", x]', "Expecting value: line 1 column 7 (char 6)"],
  [
    '{"\ud83d\ude00": 1\n, "\u00e9": 2,, }',
    "Expecting property name enclosed in double quotes: line 2 column 10 (char 17)",
  ],
  ["\ufeff[1]", "Unexpected UTF-8 BOM (decode using utf-8-sig): line 1 column 1 (char 0)"],
  ["\u00a01", "Expecting value: line 1 column 1 (char 0)"],
  ["[1]\u2028", "Extra data: line 1 column 4 (char 3)"],
  ["\u0000", "Expecting value: line 1 column 1 (char 0)"],
  ["[1]\u0000", "Extra data: line 1 column 4 (char 3)"],
  ['"\u007f"', undefined],
  ["[\r\n1\r\n2]", "Expecting ',' delimiter: line 3 column 1 (char 6)"],
  ["111111111111111111111111111111", undefined],
  ["[1e999, -1e999, 1e-999]", undefined],
  ['{"a": NaN, "b": [Infinity, -Infinity]}', undefined],
  ["[-Infinit]", "Expecting value: line 1 column 2 (char 1)"],
  ["\t\r\n [ ]\t", undefined],
];

describe("json.loads", () => {
  for (const [text, message] of RECORDED) {
    test(`${JSON.stringify(text)}: ${message ?? "accepted"}`, () => {
      const expected = message === undefined ? undefined : { exception: "JSONDecodeError", message };
      assert.deepEqual(pythonDecodeError(text), expected);
      // The reader is given what stood behind the bytes, where Python accepts a byte order mark.
      const accepted = pythonDecodeError(text, { fromBytes: true }) === undefined;
      assert.equal(parseJson(text).errors.length === 0, accepted);
    });
  }

  test("a byte order mark in bytes is skipped and not counted", () => {
    assert.equal(pythonDecodeError("\ufeff[1]", { fromBytes: true }), undefined);
    assert.equal(
      pythonDecodeError("\ufeff[1,]", { fromBytes: true })?.message,
      "Expecting value: line 1 column 4 (char 3)",
    );
  });

  test("nesting ends where Python's stack ends", () => {
    const fits = `${"[".repeat(PYTHON_DEPTH)}1${"]".repeat(PYTHON_DEPTH)}`;
    assert.equal(pythonDecodeError(fits), undefined);
    assert.deepEqual(pythonDecodeError(`[${fits}]`), {
      exception: "RecursionError",
      message: "maximum recursion depth exceeded while decoding a JSON array from a unicode string",
    });
    assert.deepEqual(pythonDecodeError('{"a":'.repeat(PYTHON_DEPTH + 1)), {
      exception: "RecursionError",
      message: "maximum recursion depth exceeded while decoding a JSON object from a unicode string",
    });
    assert.equal(pythonDecodeError("[[[]]]", { depth: 2 })?.exception, "RecursionError");
    // What comes first is what Python says.
    assert.equal(pythonDecodeError(`[x${fits}`)?.message, "Expecting value: line 1 column 2 (char 1)");
  });

  test("an integer may have 4300 digits", () => {
    assert.equal(pythonDecodeError("-".concat("1".repeat(4300))), undefined);
    assert.equal(pythonDecodeError(`${"1".repeat(9000)}.5`), undefined);
    assert.deepEqual(pythonDecodeError(`[-${"1".repeat(4301)}, x]`), {
      exception: "ValueError",
      message:
        "Exceeds the limit (4300 digits) for integer string conversion: value has 4301 digits; use sys.set_int_max_str_digits() to increase the limit",
    });
  });
});
