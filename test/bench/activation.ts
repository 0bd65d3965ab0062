import { dirname, join } from "node:path";
import { runsOf } from "./program.ts";
import { type Bench, median, milliseconds } from "./table.ts";

/**
 * Loads the extension's stub and activates it, with a stand-in for VS Code's module in which a JSON document of 10 MB and a
 * hundred others are open; prints both times in ms.
 */
const script = (stub: string) => `
const Module = require("node:module");
const text = '{"a": "' + "x".repeat(1e7) + '"}';
const end = { isBefore: () => false };
const document = (languageId, content) => ({
  languageId, version: 1, isClosed: false, lineCount: 1, uri: { scheme: "file" },
  getText: () => content, lineAt: () => ({ range: { end } }), positionAt: () => end,
});
const textDocuments = [document("json", text)];
for (let i = 0; i < 100; i++) textDocuments.push(document(i % 2 ? "python" : "json", '{"name": "x"}'));
const disposable = { dispose() {} };
const anything = new Proxy(function () {}, {
  get: (_, name) => (name === "textDocuments" ? textDocuments : anything), apply: () => disposable, construct: () => ({}),
});
const load = Module._load;
Module._load = (name, ...rest) => (name === "vscode" ? anything : load(name, ...rest));
const started = performance.now();
const { activate } = require(${JSON.stringify(stub)});
const loaded = performance.now();
activate({ subscriptions: [] });
const active = performance.now();
console.log(JSON.stringify([loaded - started, active - loaded]));
process.exit(0);`;

/** What VS Code waits for when it opens a JSON or Python file: the stub, before anything else is loaded. */
export const activation: Bench = async ({ program, scratch }) => {
  const stub = join(dirname(program), "../../dist/extension.cjs");
  const runs = await runsOf(11, ["-e", script(stub)], scratch);
  const times = runs.map(({ output }) => JSON.parse(output) as [number, number]);
  const of = (pick: (one: [number, number]) => number) => milliseconds(median(times.map(pick)));
  return {
    name: "activation",
    title: "Activation of the extension's stub",
    rows: [
      {
        "load ms": of(([load]) => load),
        "activate ms": of(([, activate]) => activate),
        "both ms": of(([a, b]) => a + b),
      },
    ],
    notes: [
      "Medians of fresh processes of Node, with a stand-in for VS Code's module: 101 documents are open, one of 10 MB.",
    ],
  };
};
