import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { PUSH_DEBOUNCE_MS } from "../../server/src/lsp/diagnosticsChannel.ts";
import { PYTHON_DEBOUNCE_MS } from "../../server/src/lsp/pythonEdits.ts";
import { functionalConfig, pythonDumps } from "../unit/json/configs.ts";
import { EditorClient } from "./editorClient.ts";
import { writeProject } from "./project.ts";
import { type Bench, type BenchTable, median, milliseconds, ratio } from "./table.ts";
import { benchTexts } from "./texts.ts";

type Row = BenchTable["rows"][number];

/** The language server as an editor meets it: from outside, over standard input and output. */
export const editor: Bench = async ({ workspace, program, scratch }) => {
  const server = join(dirname(program), "keras-config-language-server.cjs");
  const rows: Row[] = [];
  if (workspace !== undefined) {
    rows.push(...(await indexing(server, workspace, scratch)));
    rows.push(await pythonEdits(server, workspace, scratch));
  }
  rows.push(...(await typing(server, writeProject(scratch), scratch)));
  return {
    name: "editor",
    title: "The language server",
    rows,
    notes: [
      `An edit of Python is waited on for ${PYTHON_DEBOUNCE_MS} ms, which is subtracted.`,
      `Problems are pushed ${PUSH_DEBOUNCE_MS} ms after the last edit; that wait is subtracted from the keystrokes. A client that pulls is answered without it.`,
      "Medians. Requests during indexing are hovers, sent every 5 ms until the index was read; one process, whose start counts.",
      "Memory is the most that the process held.",
    ],
  };
};

/** Problems that no Python can change come first; those of custom objects when all of it was read. */
const DOCUMENT = `[{"module": "keras.layers", "class_name": "Dens", "config": {"units": 1}, "registered_name": null},
 {"module": "mine", "class_name": "Missing", "config": {}, "registered_name": "autokeras>Missing"}]`;
const RUNS = 3;

/** A folder in which nothing is kept yet. */
function emptyCache(scratch: string): string {
  return mkdtempSync(join(scratch, "cache-"));
}

/** When the server has kept what it read. */
async function kept(cache: string): Promise<void> {
  const isKept = () => readdirSync(cache).some((name) => !name.endsWith(".new"));
  for (let waited = 0; !isKept() && waited < 30_000; waited += 50) await new Promise((wake) => setTimeout(wake, 50));
}

async function indexing(server: string, workspace: string, scratch: string): Promise<Row[]> {
  const first: number[] = [];
  const whole: number[] = [];
  const warm: number[] = [];
  const indexed: number[] = [];
  const longest: number[] = [];
  const typical: number[] = [];
  let peak = 0;
  const uri = pathToFileURL(join(workspace, "model.json")).href;
  for (let run = 0; run < RUNS; run++) {
    const started = performance.now();
    const cache = emptyCache(scratch);
    const client = new EditorClient(server, cache);
    const local = client.pushed(uri, (items) => items.length > 0).then(() => first.push(performance.now() - started));
    let isWhole = false;
    const complete = client
      .pushed(uri, (items) => items.length > 1)
      .then(() => {
        isWhole = true;
        whole.push(performance.now() - started);
      });
    await client.initialize(workspace);
    client.open(uri, DOCUMENT);
    await local;
    const waits: number[] = [];
    const position = { line: 0, character: DOCUMENT.indexOf("keras.layers") };
    while (!isWhole) {
      const asked = performance.now();
      await client.connection.sendRequest("textDocument/hover", { textDocument: { uri }, position });
      waits.push(performance.now() - asked);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await complete;
    longest.push(Math.max(...waits));
    typical.push(median(waits));
    peak = Math.max(peak, client.peakMegabytes());
    await kept(cache);
    await client.end();
    const next = await start(server, workspace, cache);
    warm.push(next.problems);
    indexed.push(next.index);
    rmSync(cache, { recursive: true });
  }
  const row = (what: string, values: readonly number[], memory: number | string = ""): Row => ({
    what,
    ms: milliseconds(median(values)),
    "peak memory MB": memory,
  });
  return [
    row("from `initialize` to the first problems, index of the Keras-heavy workspace to come", first),
    row("from `initialize` to all problems, index read", whole, peak),
    row(`all problems at the next start, ${ratio(median(whole), median(warm))} × faster`, warm),
    row("index read at the next start, which confirms them", indexed),
    row("longest that a request waits during indexing", longest),
    row("what a request waits during indexing, median", typical),
  ];
}

/** From a start to all problems, and until the index is read again, with what an earlier one kept. */
async function start(server: string, workspace: string, cache: string): Promise<{ problems: number; index: number }> {
  const uri = pathToFileURL(join(workspace, "model.json")).href;
  const started = performance.now();
  const client = new EditorClient(server, cache);
  const complete = client.pushed(uri, (items) => items.length > 1);
  await client.initialize(workspace);
  client.open(uri, DOCUMENT);
  await complete;
  const problems = performance.now() - started;
  await client.connection.sendRequest("kerasConfig/registeredObjects");
  const index = performance.now() - started;
  await client.end();
  return { problems, index };
}

/** Files of the Keras-heavy workspace, each with a class that it registers and the key. */
const REGISTERING = [
  ["keras_hub/src/models/bert/bert_backbone.py", "BertBackbone", "keras_hub>BertBackbone"],
  ["keras_hub/src/layers/modeling/rotary_embedding.py", "RotaryEmbedding", "keras_hub>RotaryEmbedding"],
  ["keras_hub/src/models/backbone.py", "Backbone", "keras_hub>Backbone"],
  ["keras_cv/src/layers/fusedmbconv.py", "FusedMBConvBlock", "keras_cv>FusedMBConvBlock"],
  ["keras_cv/src/models/backbones/backbone.py", "Backbone", "keras_cv>Backbone"],
  ["keras_hub/src/layers/modeling/sine_position_encoding.py", "SinePositionEncoding", "keras_hub>SinePositionEncoding"],
] as const;

/** From an edit of a class's name to the problem of an open config that names it, and back. */
async function pythonEdits(server: string, workspace: string, scratch: string): Promise<Row> {
  const client = new EditorClient(server, emptyCache(scratch));
  await client.initialize(workspace);
  const uri = pathToFileURL(join(workspace, "model.json")).href;
  const objects = REGISTERING.map(
    ([, name, key]) => `{"module": "x", "class_name": "${name}", "config": {}, "registered_name": "${key}"}`,
  );
  // The last one is missing, so that it shows when the index is read.
  const missing = `{"module": "x", "class_name": "M", "config": {}, "registered_name": "autokeras>M"}`;
  const settled = client.pushed(uri, (items) => items.length > 0);
  client.open(uri, `[${[...objects, missing].join(",\n")}]`);
  await settled;
  const times: number[] = [];
  for (const [index, [file, name]] of REGISTERING.entries()) {
    const path = join(workspace, file);
    const python = pathToFileURL(path).href;
    const text = readFileSync(path, "utf8");
    const renamed = text.replace(`class ${name}(`, `class ${name}_(`);
    client.open(python, text, "python");
    for (const [version, edited] of [renamed, text, renamed, text, renamed, text].entries()) {
      const isMissing = edited !== text;
      const pushed = client.pushed(
        uri,
        (items) => items.some(({ range }) => range.start.line === index) === isMissing && items.length > 0,
      );
      const started = performance.now();
      void client.connection.sendNotification("textDocument/didChange", {
        textDocument: { uri: python, version: version + 2 },
        contentChanges: [{ text: edited }],
      });
      await pushed;
      times.push(performance.now() - started - PYTHON_DEBOUNCE_MS);
    }
  }
  const row = {
    what: `edit of a Python file of the Keras-heavy workspace to the problems of an open config, median of ${times.length}`,
    ms: milliseconds(median(times)),
    "peak memory MB": client.peakMegabytes(),
  };
  await client.end();
  return row;
}

async function typing(server: string, project: string, scratch: string): Promise<Row[]> {
  const rows: Row[] = [];
  const small = pythonDumps(functionalConfig(5));
  for (const { name, text } of [{ name: "a small config", text: small }, ...benchTexts()]) {
    if (name.startsWith("100 KB")) continue;
    const client = new EditorClient(server, emptyCache(scratch));
    await client.initialize(project);
    const uri = pathToFileURL(join(project, "typed.json")).href;
    const config = `[\n${text},\n{"module": "mine", "class_name": "Missing", "config": {}, "registered_name": "my_pkg>Mis"}]`;
    const opened = client.pushed(uri, (items) => items.length === 1);
    client.open(uri, config);
    await opened;
    const line = config.split("\n").length - 1;
    const times: number[] = [];
    // The last line is typed at, so that every problem moves and is sent again.
    for (let key = 0; key < (text.length > 5e6 ? 9 : 21); key++) {
      const pushed = client.pushed(uri, (items) => items[0]?.range.start.line === line);
      const started = performance.now();
      void client.connection.sendNotification("textDocument/didChange", {
        textDocument: { uri, version: key + 2 },
        contentChanges: [{ range: { start: { line, character: 0 }, end: { line, character: 0 } }, text: " " }],
      });
      await pushed;
      times.push(performance.now() - started - PUSH_DEBOUNCE_MS);
    }
    rows.push({
      what: `keystroke to problems in ${name}`,
      ms: milliseconds(median(times.slice(1))),
      "peak memory MB": client.peakMegabytes(),
    });
    await client.end();
  }
  return rows;
}
