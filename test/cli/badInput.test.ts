import assert from "node:assert/strict";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { zipSync } from "fflate";
import { checkJson, folderOf, type JsonFile, object, run } from "./program.ts";

const dense = object("keras.layers", "Dense", null, { units: 3 });

/** Checks one file of the given content under the newest Keras; the program must end by itself with 0 or 1. */
async function checked(content: string | Uint8Array, name = "a.json"): Promise<JsonFile> {
  const folder = folderOf("", { [name]: typeof content === "string" ? Buffer.from(content) : content });
  const { report, code, err } = await checkJson(["--keras", "3.15.1", name], folder);
  assert.equal(err, "");
  assert.equal(code, report.files[0]?.problems.length === 0 ? 0 : 1);
  assert.equal(report.files.length, 1);
  return report.files[0]!;
}

const rules = (file: JsonFile) => file.problems.map((problem) => problem.rule);
const outcome = (file: JsonFile) => `${file.problems[0]?.outcome?.exception}: ${file.problems[0]?.outcome?.message}`;

test("what holds no config is silent, whatever it is", async () => {
  const noise = Uint8Array.from({ length: 100_000 }, (_, i) => (i * i * 31 + i * 7) & 255);
  for (const content of [
    "",
    " ",
    "{",
    "not json",
    '{"class_name": ',
    '"class_name"',
    noise,
    "\u0000".repeat(1000),
    "\ufeff",
  ]) {
    const file = await checked(content);
    assert.deepEqual([file.dialect, file.problems, file.unknown], [null, [], []]);
  }
});

test("a truncated config has a syntax error, and its other objects are judged", async () => {
  const model = `{"module": "keras", "class_name": "Sequential", "registered_name": null, "config": {"name": "s", "layers": [${object("nowhere", "Foo", "p>Foo")}, ${dense}`;
  const file = await checked(model);
  assert.deepEqual(rules(file), ["class-not-registered", "syntax-error"]);
  // Python stops at the syntax error, so nothing else is what Keras stops at.
  assert.deepEqual(
    file.problems.map((problem) => problem.stops),
    [false, true],
  );
  assert.equal(file.problems[1]?.outcome?.exception, "JSONDecodeError");
});

test("wrongly typed fields are what Keras itself makes of them", async () => {
  const cases: [string, string | RegExp][] = [
    ['"module": 3', "AttributeError: 'int' object has no attribute 'startswith'"],
    ['"registered_name": []', "TypeError: unhashable type: 'list'"],
    ['"class_name": null', /^ValueError: Could not deserialize 'keras\.layers\.None'/],
    ['"config": []', /^TypeError: Expected 'config' to be a dict for Dense,\ninstead got <class 'list'>/],
  ];
  for (const [field, expected] of cases) {
    const fields: Record<string, string> = {
      module: '"keras.layers"',
      class_name: '"Dense"',
      config: "{}",
      registered_name: "null",
    };
    const [name = "", value = ""] = field.split(": ");
    fields[name.slice(1, -1)] = value;
    const text = `{${Object.entries(fields)
      .map(([key, one]) => `"${key}": ${one}`)
      .join(", ")}}`;
    const file = await checked(text);
    if (typeof expected === "string") assert.equal(outcome(file), expected);
    else assert.match(outcome(file), expected);
  }
});

test("deeply nested input is ordinary input", async () => {
  const brackets = await checked(`${"[".repeat(200_000)}${dense}${"]".repeat(200_000)}`);
  assert.equal(brackets.objects, 1);
  const nested = `{"module": "keras.layers", "class_name": "Dense", "registered_name": null, "config": `;
  const configs = await checked(`${nested.repeat(50_000)}{}${"}".repeat(50_000)}`);
  assert.equal(configs.dialect, "object");
});

test("bytes that are no text are said as Python says it; lone surrogates pass", async () => {
  const text = object("keras.layers", "Dense", null, { units: 1, name: "é" });
  const latin = await checked(Buffer.from(text, "latin1"));
  assert.deepEqual(rules(latin), ["syntax-error"]);
  const at = Buffer.from(text, "latin1").indexOf(0xe9);
  assert.equal(
    outcome(latin),
    `UnicodeDecodeError: 'utf-8' codec can't decode byte 0xe9 in position ${at}: invalid continuation byte`,
  );
  assert.deepEqual(latin.problems[0]?.range, {
    start: { line: 0, character: at },
    end: { line: 0, character: at + 1 },
  });
  for (const encoding of ["utf16le", "utf8"] as const) {
    assert.deepEqual(rules(await checked(Buffer.from(`\ufeff${text}`, encoding))), []);
  }
  const odd = await checked(Buffer.concat([Buffer.from(`\ufeff${text}`, "utf16le"), Buffer.of(0x7d)]));
  assert.match(outcome(odd), /^UnicodeDecodeError: 'utf-16-le' codec can't decode byte 0x7d/);
  const lone = await checked(
    object("keras.layers", "Dense", null, { units: 1, name: "x" }).replace('"x"', '"\\ud800"'),
  );
  assert.deepEqual(rules(lone), []);
});

test("of duplicate keys the last counts", async () => {
  const good = dense.replace('"class_name":', '"class_name":"Foo","class_name":');
  assert.deepEqual(rules(await checked(good)), []);
  const bad = dense.replace('"config":', '"class_name":"Foo","config":');
  const file = await checked(bad);
  assert.equal(file.problems[0]?.range.start.character, bad.indexOf('"Foo"'));
});

test("NaN and the infinities are JSON to Python", async () => {
  assert.deepEqual(rules(await checked(dense.replace("{", '{"notes": [NaN, Infinity, -Infinity], '))), []);
});

test("archives: no zip, a bomb, a config that is no JSON, an archive under another name", async () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const archive = zipSync({ "metadata.json": bytes('{"keras_version": "3.15.1"}'), "config.json": bytes(dense) });
  const none = await checked("hello", "model.keras");
  assert.deepEqual(rules(none), ["unreadable-archive"]);
  assert.equal(
    outcome(none),
    "ValueError: File not found: filepath=model.keras. Please ensure the file is an accessible `.keras` zip file.",
  );
  const bomb = await checked(zipSync({ "config.json": new Uint8Array(260_000_000) }), "model.keras");
  assert.deepEqual(bomb.problems, []);
  assert.match(bomb.unknown[0]?.reason ?? "", /^config\.json inflates to 260 MB or more/);
  const good = await checked(archive, "model.keras");
  assert.deepEqual([good.dialect, good.loader, good.objects, good.problems], ["object", "load_model", 1, []]);
  const renamed = await checked(archive, "model.json");
  assert.deepEqual([renamed.dialect, renamed.loader], ["object", "load_model"]);
  const other = await checked(zipSync({ "a.txt": bytes("a") }), "data.json");
  assert.deepEqual([other.dialect, other.problems], [null, []]);
});

test("an archive whose directory promises a member of 1 GiB that is stored in one byte", async () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const small = { "metadata.json": bytes("{}"), "config.json": bytes(dense), "model.weights.h5": bytes("0") };
  const archive = zipSync({ ...small, "assets/words.txt": bytes("0") }, { level: 0 });
  const view = new DataView(archive.buffer, archive.byteOffset);
  const entries = [...archive.keys()].filter(
    (at) => at + 4 < archive.length && view.getUint32(at, true) === 0x02014b50,
  );
  view.setUint32(entries.at(-1)! + 24, 2 ** 30, true);
  const bomb = await checked(archive, "model.keras");
  assert.deepEqual(rules(bomb), ["archive-bomb"]);
  assert.equal(
    outcome(bomb),
    "ValueError: Not allowed: archive member 'assets/words.txt' declares 1.00 GB but only 1.00 B are stored on disk; refusing to extract a potential decompression bomb.",
  );
});

test("Python with syntax errors keeps its other classes", async () => {
  const folder = folderOf(`
//- /setup.py
//- /broken.py
import keras

@keras.saving.register_keras_serializable("p")
class First(keras.layers.Layer):
    pass

def half(x
    return (

@keras.saving.register_keras_serializable("p")
class Second(keras.layers.Layer):
    pass
//- /first.json
${object("broken", "First", "p>First")}
//- /second.json
${object("broken", "Second", "p>Second")}
`);
  const { report, code } = await checkJson(["."], folder);
  assert.equal(code, 0);
  assert.deepEqual(
    report.files.map((file) => [file.problems.length, file.unknown.length]),
    [
      [0, 0],
      [0, 0],
    ],
  );
});

test("Python that is not UTF-8 is read, and its name is on standard error", async () => {
  const source =
    "# caf\u00e9\nimport keras\n@keras.saving.register_keras_serializable('p')\nclass A(keras.layers.Layer): pass\n";
  const folder = folderOf(`//- /a.json\n${object("a", "A", "p>A")}`, { "/a.py": Buffer.from(source, "latin1") });
  const { report, code, err } = await checkJson(["."], folder);
  assert.deepEqual([code, report.files[0]?.unknown], [0, []]);
  assert.match(
    err,
    /^keras-config: a\.py: 'utf-8' codec can't decode byte 0xe9 .*; read with replacement characters\n$/,
  );
});

test("a folder that cannot be read is named, and what it may hold stays open", {
  skip: process.platform === "win32" || process.getuid?.() === 0,
}, async () => {
  const folder = folderOf(`//- /a.json\n${object("a", "A", "p>A")}\n//- /locked/b.py\n`);
  chmodSync(join(folder, "locked"), 0);
  const { report, code, err } = await checkJson(["."], folder);
  chmodSync(join(folder, "locked"), 0o755);
  assert.deepEqual([code, report.files[0]?.problems], [0, []]);
  assert.match(report.files[0]?.unknown[0]?.reason ?? "", /locked cannot be read/);
  assert.match(err, /locked: not read \(permission denied\)/);
});

test("a loop of links ends", { skip: process.platform === "win32" }, async () => {
  const folder = folderOf(`//- /sub/a.json\n${dense}`);
  symlinkSync("..", join(folder, "sub/up"));
  symlinkSync("loop.json", join(folder, "loop.json"));
  const { report, code } = await checkJson(["."], folder);
  assert.deepEqual([code, report.files.length], [0, 1]);
});

test("a large Python file is named and what it may register stays open", async () => {
  const folder = folderOf(`//- /a.json\n${object("a", "A", "p>A")}`, { "/big.py": Buffer.alloc(21_000_000, "#") });
  const { report, code, err } = await checkJson(["."], folder);
  assert.equal(code, 0);
  assert.match(
    report.files[0]?.unknown[0]?.reason ?? "",
    /big\.py cannot be read \(21 MB, more than the limit of 20 MB\)/,
  );
  assert.match(err, /^keras-config: big\.py: not read/);
});

test("a config of 30 MB in one line is checked, and the text shows a window of it", async () => {
  const text = `{"layers": [${`${dense},`.repeat(300_000)}${object("nowhere", "Foo", "p>Foo")}]}`;
  const folder = folderOf("", { "a.json": Buffer.from(text) });
  assert.ok(text.length > 25_000_000);
  const { out, code } = await run(["check", "a.json"], { cwd: folder });
  assert.equal(code, 1);
  assert.ok(out.length < 3000, out.slice(0, 3000));
  assert.match(out, /"p>Foo"/);
  assert.match(out, /1 error; 300001 objects in 1 config/);
});

test("three thousand small configs are one call", async () => {
  const folder = folderOf("//- /setup.py");
  mkdirSync(join(folder, "configs"));
  for (let i = 0; i < 3000; i++) {
    writeFileSync(join(folder, "configs", `${i}.json`), i === 1234 ? object("nowhere", "Foo", "p>Foo") : dense);
  }
  const { report, code } = await checkJson(["."], folder);
  assert.equal(code, 1);
  assert.equal(report.files.length, 3000);
  assert.deepEqual(
    report.files.filter((file) => file.problems.length > 0).map((file) => file.uri.split("/").at(-1)),
    ["1234.json"],
  );
});
