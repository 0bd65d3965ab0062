import assert from "node:assert/strict";
import { test } from "node:test";
import { codingCookie, decodeJson, decodePython } from "../../../server/src/host/decode.ts";

const bytes = (...values: (number | string)[]): Uint8Array =>
  Uint8Array.from(
    values.flatMap((value) => (typeof value === "number" ? [value] : [...new TextEncoder().encode(value)])),
  );

function utf16(text: string, little: boolean): number[] {
  return [...Array(text.length).keys()].flatMap((i) => {
    const unit = text.charCodeAt(i);
    return little ? [unit & 255, unit >> 8] : [unit >> 8, unit & 255];
  });
}

function utf32(text: string, little: boolean): number[] {
  return [...text].flatMap((character) => {
    const value = character.codePointAt(0) ?? 0;
    const four = [value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255];
    return little ? four.reverse() : four;
  });
}

const text = '{"ü": "🦆"}';

test("JSON is decoded as json.loads decodes bytes: every UTF, with and without a byte order mark", () => {
  const spellings: [string, Uint8Array][] = [
    ["utf-8", bytes(text)],
    ["utf-8", bytes(0xef, 0xbb, 0xbf, text)],
    ["utf-16-le", bytes(0xff, 0xfe, ...utf16(text, true))],
    ["utf-16-le", bytes(...utf16(text, true))],
    ["utf-16-be", bytes(0xfe, 0xff, ...utf16(text, false))],
    ["utf-16-be", bytes(...utf16(text, false))],
    ["utf-32-le", bytes(0xff, 0xfe, 0, 0, ...utf32(text, true))],
    ["utf-32-le", bytes(...utf32(text, true))],
    ["utf-32-be", bytes(0, 0, 0xfe, 0xff, ...utf32(text, false))],
    ["utf-32-be", bytes(...utf32(text, false))],
  ];
  for (const [encoding, input] of spellings) assert.deepEqual(decodeJson(input), { text, encoding });
  assert.equal(decodeJson(bytes()).text, "");
  assert.deepEqual(decodeJson(bytes(0x31, 0)), { text: "1", encoding: "utf-16-le" });
});

test("surrogates pass, as Python lets them", () => {
  assert.deepEqual(decodeJson(bytes('"', 0xed, 0xa0, 0x80, '"')), { text: '"\ud800"', encoding: "utf-8" });
  assert.deepEqual(decodeJson(bytes(...utf16('"\ud800"', true))), { text: '"\ud800"', encoding: "utf-16-le" });
});

// The sentences are those of CPython 3.11 for the same bytes.
const broken: [Uint8Array, string, string, number][] = [
  [
    bytes('{"a', 0xff, '"}'),
    '{"a\ufffd"}',
    "'utf-8' codec can't decode byte 0xff in position 3: invalid start byte",
    3,
  ],
  [
    bytes("ü", 0xc3, "x"),
    "ü\ufffdx",
    "'utf-8' codec can't decode byte 0xc3 in position 2: invalid continuation byte",
    1,
  ],
  [
    bytes("ab", 0xe2, 0x82, "x"),
    "ab\ufffdx",
    "'utf-8' codec can't decode bytes in position 2-3: invalid continuation byte",
    2,
  ],
  [
    bytes("ab", 0xf0, 0x9f, 0xa6),
    "ab\ufffd",
    "'utf-8' codec can't decode bytes in position 2-4: unexpected end of data",
    2,
  ],
  [
    bytes("ab", 0xc0, 0x80),
    "ab\ufffd\ufffd",
    "'utf-8' codec can't decode byte 0xc0 in position 2: invalid start byte",
    2,
  ],
  [
    bytes("ab", 0xe0, 0x80, 0x80),
    "ab\ufffd\ufffd\ufffd",
    "'utf-8' codec can't decode byte 0xe0 in position 2: invalid continuation byte",
    2,
  ],
  [
    bytes("ab", 0xf4, 0x90, 0x80, 0x80),
    "ab\ufffd\ufffd\ufffd\ufffd",
    "'utf-8' codec can't decode byte 0xf4 in position 2: invalid continuation byte",
    2,
  ],
  [
    bytes(0xff, 0xfe, 0x61, 0, 0x62),
    "a\ufffd",
    "'utf-16-le' codec can't decode byte 0x62 in position 4: truncated data",
    1,
  ],
  [
    bytes(0xff, 0xfe, 0, 0, 0, 0, 0x11, 0),
    "\ufffd",
    "'utf-32-le' codec can't decode bytes in position 4-7: code point not in range(0x110000)",
    0,
  ],
];

test("bytes of no encoding become U+FFFD, and Python's sentence says where", () => {
  for (const [input, expected, message, offset] of broken) {
    const read = decodeJson(input);
    assert.equal(read.text, expected);
    assert.deepEqual(read.error, { offset, message });
  }
});

test("a long text with a wrong byte is read in one piece", () => {
  const read = decodeJson(bytes("🦆".repeat(30_000), 0xff, "x".repeat(30_000)));
  assert.equal(read.text, `${"🦆".repeat(30_000)}\ufffd${"x".repeat(30_000)}`);
  assert.equal(read.error?.offset, 60_000);
});

test("Python source is UTF-8, or what its coding cookie says", () => {
  assert.equal(decodePython(bytes("x = 'ü'")).text, "x = 'ü'");
  assert.equal(decodePython(bytes(0xef, 0xbb, 0xbf, "x")).text, "x");
  assert.deepEqual(decodePython(bytes("# -*- coding: latin-1 -*-\nx = '", 0xfc, "'")), {
    text: "# -*- coding: latin-1 -*-\nx = 'ü'",
    encoding: "latin-1",
  });
  assert.equal(decodePython(bytes("#!/usr/bin/python\n# vim: set fileencoding=cp1251 :\n", 0xe4)).text.at(-1), "д");
  assert.equal(decodePython(bytes("# coding: euc_jp\n", 0xa4, 0xa2)).text.at(-1), "あ");
});

test("an unknown cookie and wrong bytes are said, and the text is read all the same", () => {
  const unknown = decodePython(bytes("# coding: klingon\nclass A: pass\n"));
  assert.equal(unknown.text, "# coding: klingon\nclass A: pass\n");
  assert.equal(unknown.error?.message, "unknown encoding: klingon");
  const wrong = decodePython(bytes("x = '", 0xfc, "'\nclass A: pass\n"));
  assert.equal(wrong.text, "x = '\ufffd'\nclass A: pass\n");
  assert.match(wrong.error?.message ?? "", /invalid start byte/);
});

test("a coding cookie stands in a comment on the first line, or on the second after a blank or a comment", () => {
  assert.equal(codingCookie(bytes("# coding=utf-8\n")), "utf-8");
  assert.equal(codingCookie(bytes("\n# coding: latin-1\n")), "latin-1");
  assert.equal(codingCookie(bytes("x = 1\n# coding: latin-1\n")), undefined);
  assert.equal(codingCookie(bytes("# one\n# two\n# coding: latin-1\n")), undefined);
  assert.equal(codingCookie(bytes("s = 'coding: latin-1'\n")), undefined);
});
