import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { lambdaCode } from "../lambdaCode.ts";
import { checkJson, folderOf, type JsonReport, object, program, run } from "./program.ts";

declare const __ROOT__: string;

/** A package that registers `pkg>Scale`, a config that uses it, and one whose name is misspelt. */
const project = folderOf(`
//- /pyproject.toml
[project]
name = "pkg"
//- /pkg/__init__.py
//- /pkg/layers.py
import keras

@keras.saving.register_keras_serializable(package="pkg")
class Scale(keras.layers.Layer):
    pass
//- /configs/good.json
${object("pkg.layers", "Scale", "pkg>Scale")}
//- /configs/bad.json
{
  "module": "pkg.layers",
  "class_name": "Scale",
  "config": {},
  "registered_name": "pkg>Scael"
}
//- /configs/builtin.json
${object("keras.layers", "Dense", null, { units: 3 })}
//- /data/table.json
[{"class_name": "first", "module": "form"}]
`);
const uriOf = (...path: string[]) => pathToFileURL(join(project, ...path)).href;

test("the JSON has exactly the members of the contract, in their order", async () => {
  const { report, code, err } = await checkJson(["--keras", "3.12.0", "configs/bad.json"], project);
  assert.equal(code, 1);
  assert.equal(err, "");
  const [file] = report.files;
  assert.deepEqual(Object.keys(report), ["tool", "files"]);
  assert.deepEqual(report.tool, {
    name: "keras-config",
    version: (JSON.parse(readFileSync(join(__ROOT__, "server/package.json"), "utf8")) as { version: string }).version,
  });
  assert.deepEqual(Object.keys(file ?? {}), ["uri", "dialect", "loader", "keras", "objects", "problems", "unknown"]);
  const problem = file?.problems[0];
  const sentence =
    "Could not locate class 'Scale'. Make sure custom classes and functions are decorated with " +
    "`@keras.saving.register_keras_serializable()`. If they are already decorated, make sure they are all imported so that " +
    "the decorator is run before trying to load them.";
  assert.deepEqual(file, {
    uri: uriOf("configs/bad.json"),
    dialect: "object",
    loader: "deserialize_keras_object",
    keras: [{ version: "3.12.0", from: "--keras" }],
    objects: 1,
    problems: [
      {
        rule: "class-not-registered",
        severity: "error",
        message: `${sentence} Looked up: \`pkg>Scael\`.`,
        range: { start: { line: 4, character: 21 }, end: { line: 4, character: 32 } },
        pointer: "/registered_name",
        versions: ["3.12.0"],
        stops: true,
        outcome: { exception: "TypeError", message: problem?.outcome?.message },
      },
    ],
    unknown: [],
  });
  assert.ok(problem?.outcome?.message.startsWith(`${sentence} Full object config: {`));
});

test("every file that was read is listed, sorted, also what holds no config", async () => {
  const { report, code } = await checkJson(["--fail-on", "never", "."], project);
  assert.equal(code, 0);
  assert.deepEqual(
    report.files.map((file) => [file.uri, file.dialect, file.problems.length]),
    [
      [uriOf("configs/bad.json"), "object", 1],
      [uriOf("configs/builtin.json"), "object", 0],
      [uriOf("configs/good.json"), "object", 0],
      [uriOf("data/table.json"), null, 0],
    ],
  );
  const table = report.files[3];
  assert.deepEqual([table?.loader, table?.objects, table?.unknown], [null, 0, []]);
});

test("a file named twice, or named and in a folder that is named, is checked once", async () => {
  const { report } = await checkJson(["configs/good.json", "./configs/../configs/good.json", "configs"], project);
  assert.equal(report.files.filter((file) => file.uri === uriOf("configs/good.json")).length, 1);
});

test("exit codes: 0 clean, 1 problems at or above --fail-on, 2 what cannot be read or used", async () => {
  const codes: [string[], number][] = [
    [["configs/good.json"], 0],
    [["configs/bad.json"], 1],
    [["--fail-on", "warning", "configs/bad.json"], 1],
    [["--fail-on", "never", "configs/bad.json"], 0],
    [["configs/missing.json"], 2],
    [["--fail-on", "never", "configs/missing.json"], 2],
    [["--workspace", "nowhere", "configs/good.json"], 2],
    [["--format", "xml"], 2],
  ];
  for (const [args, expected] of codes) {
    const { code, err } = await run(["check", ...args], { cwd: project });
    assert.equal(code, expected, args.join(" "));
    assert.equal(err === "" ? 0 : err.trimEnd().split("\n").length, expected === 2 ? 1 : 0, err);
  }
});

test("what cannot be read is said in one line, and everything else is checked all the same", async () => {
  const { report, code, err } = await checkJson(["configs/missing.json", "configs/good.json"], project);
  assert.equal(code, 2);
  assert.equal(err, "keras-config: cannot read configs/missing.json: no such file or folder\n");
  assert.deepEqual(
    report.files.map((file) => file.uri),
    [uriOf("configs/good.json")],
  );
});

test("the workspace of a file is the nearest folder above with a marker; of a folder the folder itself", async () => {
  const found = await checkJson(["configs/good.json"], project);
  assert.deepEqual(found.report.files[0]?.problems, []);
  // Below `configs` there is no Python, so nothing registers the name.
  const alone = await checkJson(["configs"], project);
  assert.equal(alone.report.files.find((file) => file.uri === uriOf("configs/good.json"))?.problems.length, 1);
  const named = await checkJson(["configs", "--workspace", "."], project);
  assert.deepEqual(named.report.files.find((file) => file.uri === uriOf("configs/good.json"))?.problems, []);
});

test("the workspace may be anywhere, and so may the config", async () => {
  const elsewhere = folderOf(`//- /model.json\n${object("pkg.layers", "Scale", "pkg>Scale")}`);
  const alone = await checkJson([join(elsewhere, "model.json")], project);
  assert.equal(alone.report.files[0]?.problems.length, 1);
  const { report, code } = await checkJson([join(elsewhere, "model.json"), "--workspace", project], elsewhere);
  assert.equal(code, 0);
  assert.deepEqual(report.files[0]?.unknown, []);
});

test("standard input is a document like any other", async () => {
  const stdin = async (input: string | Uint8Array, ...args: string[]) => {
    const ran = await run(["check", "--format", "json", "-", ...args], { cwd: project, input });
    return {
      ...ran,
      file: (JSON.parse(ran.out) as { files: { uri: string; problems: unknown[]; dialect: string }[] }).files[0],
    };
  };
  const good = await stdin(object("pkg.layers", "Scale", "pkg>Scale"));
  assert.equal(good.code, 0);
  assert.equal(good.file?.uri, "file:///dev/stdin");
  assert.equal((await stdin(object("pkg.layers", "Scale", "pkg>Scael"))).code, 1);
  const archive = await stdin(
    readFileSync(join(__ROOT__, "examples/model.keras")),
    "--workspace",
    join(__ROOT__, "examples"),
  );
  assert.deepEqual([archive.file?.dialect, archive.file?.problems.length, archive.code], ["functional", 0, 0]);
});

test("without PATH the workspace is checked, else the current folder", async () => {
  const here = await checkJson([], project);
  assert.equal(here.report.files.length, 4);
  const there = await checkJson(["--workspace", project], join(project, "data"));
  assert.equal(there.report.files.length, 4);
});

test("an excluded folder is passed over, and read where it is named", async () => {
  const folder = folderOf(`
//- /.gitignore
/out/
//- /out/model.json
${object("keras.layers", "Dense", null)}
//- /out/node_modules/x.json
{}
//- /a.json
{}
`);
  const names = async (...args: string[]) => {
    const { report } = await checkJson(args, folder);
    return report.files.map((file) => file.uri.slice(pathToFileURL(folder).href.length + 1));
  };
  assert.deepEqual(await names("."), ["a.json"]);
  assert.deepEqual(await names("out"), ["out/model.json"]);
  assert.deepEqual(await names("out", "--workspace", "."), ["out/model.json"]);
  assert.deepEqual(await names("out/node_modules/x.json"), ["out/node_modules/x.json"]);
});

test("columns are UTF-16, lines and columns count from 0 in JSON and from 1 in text", async () => {
  const line =
    '\t{"🦆": 1, "x": {"module": "pkg.layers", "class_name": "Scale", "config": {}, "registered_name": "pkg>Scael"}}';
  const folder = folderOf("//- /pyproject.toml", { "/a.json": Buffer.from(`[\r\n${line}]`) });
  const { report } = await checkJson(["a.json"], folder);
  const character = line.indexOf('"pkg>Scael"');
  assert.deepEqual(report.files[0]?.problems[0]?.range, {
    start: { line: 1, character },
    end: { line: 1, character: character + '"pkg>Scael"'.length },
  });
  assert.equal(report.files[0]?.problems[0]?.pointer, "/0/x/registered_name");
  const text = await run(["check", "a.json"], { cwd: folder });
  assert.match(text.out, new RegExp(`--> a\\.json:2:${character + 1} `));
});

test("versions: repeated and comma-separated, one problem per distinct outcome", async () => {
  const { report } = await checkJson(["--keras", "3.9,3.12.0", "--keras=3.9.2", "configs/bad.json"], project);
  const [file] = report.files;
  assert.deepEqual(file?.keras, [
    { version: "3.9.2", from: "--keras, the newest known 3.9" },
    { version: "3.12.0", from: "--keras" },
  ]);
  // Keras 3.12 has other words for it.
  assert.deepEqual(
    file?.problems.map((problem) => problem.versions),
    [["3.9.2"], ["3.12.0"]],
  );
  const same = await checkJson(["--keras", "3.12.0,3.12.1", "configs/bad.json"], project);
  assert.deepEqual(
    same.report.files[0]?.problems.map((problem) => problem.versions),
    [["3.12.0", "3.12.1"]],
  );
});

test("of several versions it is said which load the file", async () => {
  const folder = folderOf(`
//- /pyproject.toml
//- /my.py
import keras
class Scale(keras.layers.Layer): pass
//- /a.json
${object("my", "Scale", "p>Scale")}
//- /open.json
${object("keras_hub.layers", "Foo", "keras_hub>Foo")}
`);
  const { report } = await checkJson(["--keras", "3.8.0,3.12.4,3.15.1", "a.json", "open.json"], folder);
  const [file, open] = report.files;
  assert.deepEqual(file?.verdicts, [
    { version: "3.8.0", verdict: "found" },
    { version: "3.12.4", verdict: "fails" },
    { version: "3.15.1", verdict: "fails" },
  ]);
  assert.equal(open?.verdicts?.[0]?.verdict, "unknown");
  assert.deepEqual(open?.unknown[0]?.versions, ["3.8.0", "3.12.4", "3.15.1"]);
  const { out } = await run(["check", "--keras", "3.8.0,3.12.4,3.15.1", "a.json"], { cwd: folder });
  assert.match(
    out,
    /rule: class-not-registered, TypeError, Keras from 3\.12\.4 on; found by Keras 3\.8\.0; Keras stops/,
  );
  assert.match(out, /^a\.json: Keras 3\.8\.0: all found; from 3\.12\.4 on: fails$/m);
});

test("the call can be stated: the loader, its safe mode and its custom objects", async () => {
  const lambda = JSON.stringify({
    class_name: "__lambda__",
    config: { code: lambdaCode, defaults: null, closure: null },
  });
  const folder = folderOf(`
//- /pyproject.toml
//- /my/layers.py
import keras
class Scale(keras.layers.Layer): pass
//- /a.json
{"module": "keras", "class_name": "Sequential", "registered_name": null, "config": {"name": "s", "layers": [
  {"module": "old.layers", "class_name": "Scale", "config": {}, "registered_name": "Old>Scale"},
  {"module": "keras.layers", "class_name": "Lambda", "config": {"function": ${lambda}}, "registered_name": null}
]}}
`);
  const ask = async (...args: string[]) => {
    const { report, code } = await checkJson(["a.json", ...args], folder);
    const [file] = report.files;
    return [file?.loader, file?.problems.map(({ rule }) => rule), code];
  };
  const scale = "--custom-object=Old>Scale=my.layers.Scale";
  assert.deepEqual(await ask(), ["deserialize_keras_object", ["class-not-registered", "unsafe-lambda"], 1]);
  assert.deepEqual(await ask(scale), ["deserialize_keras_object", ["unsafe-lambda"], 1]);
  assert.deepEqual(await ask(scale, "--safe-mode=off"), ["deserialize_keras_object", ["unsafe-lambda"], 0]);
  assert.deepEqual(await ask(scale, "--loader=load_model"), ["load_model", ["unsafe-lambda"], 1]);
});

test("a custom object that the workspace does not define is wrong usage", async () => {
  for (const path of ["pkg.layers.Scael", "elsewhere.Scale"]) {
    const { code, out, err } = await run(["check", "configs/good.json", "--custom-object", `Foo=${path}`], {
      cwd: project,
    });
    assert.deepEqual([code, out, err], [2, "", `keras-config: --custom-object Foo=${path}: . defines no ${path}\n`]);
  }
});

test("the version comes from the workspace where no flag says it", async () => {
  const config = object("keras.layers", "Dense", null);
  const folder = folderOf(`
//- /pins/requirements.txt
keras==3.3.3
//- /pins/a.json
${config}
//- /environment/.venv/pyvenv.cfg
home = /usr/bin
//- /environment/.venv/lib/python3.12/site-packages/keras-3.8.0.dist-info/METADATA
Name: keras
//- /environment/requirements.txt
keras==3.3.3
//- /environment/a.json
${config}
//- /own/a.json
{"class_name": "Sequential", "keras_version": "3.6.0", "config": {"name": "s", "layers": []}}
//- /browser/model.json
{"format": "layers-model", "modelTopology": {"class_name": "Sequential", "config": {"name": "s", "layers": []}, "keras_version": "tfjs-layers 4.22.0"}}
//- /none/a.json
${config}
//- /unknown/requirements.txt
keras==3.99.0
//- /unknown/a.json
${config}
`);
  const version = async (name: string) => (await checkJson([name], folder)).report.files[0]?.keras[0];
  assert.deepEqual(await version("pins"), { version: "3.3.3", from: "requirements.txt pins keras 3.3.3" });
  assert.deepEqual(await version("environment"), { version: "3.8.0", from: "keras 3.8.0 is installed in .venv" });
  assert.deepEqual(await version("own"), { version: "3.6.0", from: "keras_version in the file is 3.6.0" });
  assert.deepEqual(await version("browser"), {
    version: "2.21.0",
    from: "tensorflowjs loads its models by tf-keras, the newest known 2",
  });
  const newest = await version("none");
  assert.equal(newest?.from, "the newest known");
  assert.deepEqual(await version("unknown"), {
    version: newest?.version,
    from: "requirements.txt pins keras 3.99.0, the nearest known to 3.99.0",
  });
});

test("of Keras 2 before 2.13 nothing can be known", async () => {
  const { report, code } = await checkJson(["--keras", "2.12.0", "configs/bad.json"], project);
  const [file] = report.files;
  assert.equal(code, 0);
  assert.deepEqual([file?.keras, file?.problems], [[{ version: "2.12.0", from: "--keras" }], []]);
  assert.match(file?.unknown[0]?.reason ?? "", /Keras 2\.12\.0/);
});

test("Keras 2 is a target like any other", async () => {
  const both = ["--keras", "2.15", "--keras", "2.21.0"];
  const { report, code } = await checkJson([...both, "configs/bad.json"], project);
  // It imports any module by name, and there the class is.
  assert.deepEqual([code, report.files[0]?.problems, report.files[0]?.unknown], [0, [], []]);
  const folder = folderOf('//- /dense.json\n{"module": "keras.layers", "class_name": "Densely", "config": {}}');
  const [file] = (await checkJson([...both, "dense.json"], folder)).report.files;
  assert.deepEqual(file?.keras, [
    { version: "2.15.1", from: "--keras, the newest known 2.15" },
    { version: "2.21.0", from: "--keras" },
  ]);
  assert.match(file?.problems[0]?.outcome?.message ?? "", /^Could not locate class 'Densely'/);
  assert.deepEqual(file?.problems[0]?.versions, ["2.15.1", "2.21.0"]);
});

test("--closed: what only a package could register is missing", async () => {
  const folder = folderOf(`
//- /setup.py
//- /a.py
import not_installed
//- /a.json
${object("not_installed.layers", "Foo", "not_installed>Foo")}
`);
  const open = await checkJson(["a.json"], folder);
  assert.deepEqual([open.code, open.report.files[0]?.problems], [0, []]);
  assert.match(open.report.files[0]?.unknown[0]?.reason ?? "", /not_installed/);
  const closed = await checkJson(["a.json", "--closed"], folder);
  assert.deepEqual([closed.code, closed.report.files[0]?.unknown], [1, []]);
});

test("a name that only a sibling root registers cannot be known, and the place is said", async () => {
  const folder = folderOf(`
//- /one/a.json
${object("b", "Foo", "p>Foo")}
//- /two/b.py
import keras

@keras.saving.register_keras_serializable("p")
class Foo(keras.layers.Layer):
    pass
//- /three.json
${object("b", "Foo", "p>Foo")}
`);
  const roots = ["--workspace", "one", "--workspace", "two"];
  const sibling = await checkJson(["one", ...roots], folder);
  assert.deepEqual(sibling.report.files[0]?.problems, []);
  assert.match(sibling.report.files[0]?.unknown[0]?.reason ?? "", /another root of the workspace, two, b\.py:4/);
  const alone = await checkJson(["one"], folder);
  assert.equal(alone.report.files[0]?.problems.length, 1);
  // A document in none of the roots is checked against all of them.
  const outside = await checkJson(["three.json", ...roots], folder);
  assert.deepEqual([outside.report.files[0]?.problems, outside.report.files[0]?.unknown], [[], []]);
});

test("text is for a person: the lines, a caret, Keras's sentence, the hint, the rule, a summary", async () => {
  const { out, code } = await run(["check", "configs/bad.json", "--keras", "3.12.0"], { cwd: project });
  assert.equal(code, 1);
  assert.equal(
    out,
    `error: Could not locate class 'Scale'. Make sure custom classes and functions are decorated with \`@keras.saving.register_keras_serializable()\`. If they are already decorated, make sure they are all imported so that the decorator is run before trying to load them. Looked up: \`pkg>Scael\`.
  --> configs/bad.json:5:22  /registered_name
  3 |   "class_name": "Scale",
  4 |   "config": {},
  5 |   "registered_name": "pkg>Scael"
    |                      ^^^^^^^^^^^
  6 | }
  hint: \`Scale\` is registered as \`pkg>Scale\`: write that key.
  see: pkg/layers.py:4:7: \`Scale\` is registered as \`pkg>Scale\` here
  rule: class-not-registered, TypeError; Keras stops here

1 error; 1 object in 1 config (1 file read)
Keras 3.12.0: --keras
`,
  );
});

test("colours only where they are wanted", async () => {
  const sequence = "\u001b[";
  const coloured = async (env: Record<string, string>) =>
    (await run(["check", "configs/bad.json"], { cwd: project, env })).out.includes(sequence);
  assert.equal(await coloured({}), false);
  assert.equal(await coloured({ FORCE_COLOR: "1" }), true);
  assert.equal(await coloured({ FORCE_COLOR: "1", NO_COLOR: "1" }), false);
});

test("registry lists what is registered, as the contract says", async () => {
  const folder = folderOf(`
//- /pkg/__init__.py
//- /pkg/a.py
import keras
from keras.saving import register_keras_serializable as reg

@reg(package="b", name="Other")
class Named:
    def get_config(self):
        return {}

def later():
    @reg("z")
    def inner(x):
        return x

@unknown_decorator
class Unknown(keras.layers.Layer):
    pass

keras.saving.get_custom_objects()["bare"] = Named
keras.saving.load_model("model.keras", custom_objects={"Loaded": Named})
`);
  const { out, code } = await run(["registry", "--workspace", folder, "--format", "json"]);
  assert.equal(code, 0);
  const listing = JSON.parse(out) as {
    complete: boolean;
    registrations: Record<string, unknown>[];
    uncomputed: object[];
    provided: object[];
    problems: object[];
  };
  assert.deepEqual(Object.keys(listing), ["complete", "registrations", "uncomputed", "provided", "problems"]);
  assert.deepEqual(listing.problems, []);
  assert.equal(listing.complete, true);
  const uri = pathToFileURL(join(folder, "pkg/a.py")).href;
  assert.deepEqual(listing.registrations[0], {
    key: "b>Other",
    kind: "class",
    name: "Other",
    module: "pkg.a",
    qualname: "Named",
    uri,
    range: { start: { line: 4, character: 6 }, end: { line: 4, character: 11 } },
    via: listing.registrations[0]?.via,
    when: "import",
  });
  assert.match(String(listing.registrations[0]?.via), /^@reg\b.* at .*a\.py:4:2$/);
  assert.deepEqual(
    listing.registrations.map(({ key, name, qualname, when }) => [key, name, qualname, when]),
    [
      ["b>Other", "Other", "Named", "import"],
      ["bare", "bare", "Named", "import"],
      ["z>inner", "inner", "later.<locals>.inner", "call"],
    ],
  );
  assert.deepEqual(Object.keys(listing.uncomputed[0] ?? {}), ["uri", "range", "reason"]);
  assert.deepEqual(listing.provided, [
    {
      ...{ key: "Loaded", by: "argument", kind: "class", module: "pkg.a", qualname: "Named", uri },
      range: { start: { line: 18, character: 54 }, end: { line: 18, character: 71 } },
    },
  ]);
  const text = await run(["registry"], { cwd: folder });
  assert.equal(text.code, 0);
  assert.match(text.out, /^b>Other {2}class pkg\.a\.Named\n {2}pkg\/a\.py:5:7 {2}@reg.* at pkg\/a\.py:4:2\n/);
  assert.match(text.out, /z>inner .*only where a function is called/);
  assert.match(
    text.out,
    /^Loaded {2}class pkg\.a\.Named {2}provided for one load by custom_objects=\n {2}pkg\/a\.py:19:55\n/m,
  );
});

test("registry: a folder that is not there is wrong usage, and nothing registered is no error", async () => {
  assert.equal((await run(["registry", "--workspace", "/no/such/folder"])).code, 2);
  const empty = await run(["registry", "--format", "json"], { cwd: folderOf("//- /a.txt") });
  assert.deepEqual(
    [empty.code, empty.out],
    [0, '{"complete":true,"registrations":[],"uncomputed":[],"provided":[],"problems":[]}\n'],
  );
});

test("registry: a registration that does not do what it looks like is listed, and changes no exit code", async () => {
  const folder = folderOf(`//- /a.py
import keras
@keras.saving.register_keras_serializable("p", "Scale")
class One(keras.layers.Layer): pass
@keras.saving.register_keras_serializable("p", "Scale")
class Two(keras.layers.Layer): pass
`);
  const { out, code } = await run(["registry", "--format", "json"], { cwd: folder });
  assert.equal(code, 0);
  const { problems } = JSON.parse(out) as { problems: Record<string, unknown>[] };
  const uri = pathToFileURL(join(folder, "a.py")).href;
  const at = (line: number) => ({ start: { line, character: 1 }, end: { line, character: 55 } });
  assert.deepEqual(problems[0], {
    rule: "duplicate-registration",
    severity: "warning",
    message: "`p>Scale` is registered for `One` and for `Two`: the last one is what Keras finds.",
    uri,
    range: at(1),
    related: [{ message: "`p>Scale` is registered for `Two` here", uri, range: at(3) }],
  });
  assert.equal(problems.length, 2);
  const text = await run(["registry"], { cwd: folder });
  assert.equal(text.code, 0);
  assert.match(
    text.out,
    /\nwarning: `p>Scale` is registered for `One`.*\n {2}a\.py:2:2\n {2}see: a\.py:4:2: .*`Two` here\n {2}rule: duplicate-registration\n/,
  );
  assert.match(text.out, /1 key for 2 objects in 1 file, 2 problems\n$/);
});

test("--environment names the packages that the workspace imports; by default the active one's count", async () => {
  const folder = folderOf(`
//- /w/model.json
${object("mine", "Scale", "mine>Scale")}
//- /w/train.py
import mine
//- /env/lib/python3.12/site-packages/mine.py
import keras
@keras.saving.register_keras_serializable("mine")
class Scale(keras.layers.Layer): pass
//- /env/lib/python3.12/site-packages/keras-3.12.0.dist-info/METADATA
//- /env/bin/python
`);
  const check = async (args: readonly string[], env: Record<string, string> = {}) => {
    const ran = await run(["check", "--format", "json", "w", ...args], { cwd: folder, env });
    return ran.code === 2 ? ran.err : (JSON.parse(ran.out) as JsonReport).files[0];
  };
  const reasons = (file: Awaited<ReturnType<typeof check>>) => (typeof file === "object" ? file.unknown.length : file);
  assert.equal(reasons(await check([])), 1);
  for (const path of ["env", "env/bin/python"]) {
    const file = await check(["--environment", path]);
    assert.ok(typeof file === "object");
    assert.deepEqual([file.unknown, file.problems], [[], []]);
    assert.deepEqual(file.keras, [{ version: "3.12.0", from: `keras 3.12.0 is installed in ${join(folder, "env")}` }]);
  }
  assert.equal(reasons(await check([], { VIRTUAL_ENV: join(folder, "env") })), 0);
  assert.equal(reasons(await check([], { CONDA_PREFIX: join(folder, "env") })), 0);
  assert.match(String(await check(["--environment", "nowhere"])), /cannot read nowhere: no such file or folder/);
  assert.match(String(await check(["--environment", "w"])), /cannot read w: no Python environment/);
});

test("help names every rule, option and exit code; the version is one line", async () => {
  for (const args of [["--help"], ["check", "--help"], ["check", "-h"], ["help", "check"]]) {
    const { out, code } = await run(args);
    assert.equal(code, 0);
    for (const word of [
      "--workspace",
      "--closed",
      "--keras",
      "--loader",
      "--safe-mode",
      "--custom-object",
      "--format",
      "--fail-on",
      "class-not-registered",
      "syntax-error",
    ]) {
      assert.ok(out.includes(word), `${args.join(" ")}: ${word}`);
    }
  }
  assert.match((await run(["registry", "--help"])).out, /^Usage: keras-config registry/);
  assert.match((await run(["--version"])).out, /^keras-config \d+\.\d+\.\d+\n$/);
});

test("a reader that goes away ends the program without a word", { skip: process.platform === "win32" }, async () => {
  const many = folderOf("");
  mkdirSync(many, { recursive: true });
  for (let i = 0; i < 300; i++) writeFileSync(join(many, `${i}.json`), object("nowhere", "Foo", `p>Foo${i}`));
  const child = spawn("sh", ["-c", `"${process.execPath}" "${program}" check --no-cache . | head -n 1`], { cwd: many });
  let err = "";
  child.stderr.on("data", (text) => {
    err += text;
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  assert.deepEqual([code, err], [0, ""]);
});
