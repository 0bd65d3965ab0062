import { createRequire } from "node:module";
import { parseTree } from "jsonc-parser";
import { parseJson } from "../../server/src/json/index.ts";
import { type Bench, type BenchTable, milliseconds, race } from "./table.ts";
import { benchTexts } from "./texts.ts";

// A CommonJS package whose names Node does not see from a module.
const vscodeJson: typeof import("vscode-json-languageservice") = createRequire(import.meta.url)(
  "vscode-json-languageservice",
);

/** Text to value tree with ranges, against JSON.parse (without ranges) and the parsers that editors use. */
export const parse: Bench = async () => {
  const service = vscodeJson.getLanguageService({});
  const rows: BenchTable["rows"][number][] = [];
  for (const { name, text } of benchTexts()) {
    const rounds = text.length > 5e6 ? 7 : text.length > 5e5 ? 15 : 41;
    // Two races, so that neither JSON.parse nor our reader pays for the garbage of the trees of objects.
    const ours = await race(rounds, { json: () => JSON.parse(text), reader: () => parseJson(text) });
    const editors = await race(Math.ceil(rounds / 2), {
      json: () => JSON.parse(text),
      jsonc: () => parseTree(text),
      vscode: () => service.parseJSONDocument(vscodeJson.TextDocument.create("file:///c.json", "json", 1, text)),
    });
    rows.push({
      config: name,
      "JSON.parse ms": milliseconds(ours.time("json")),
      "keras-config ms": milliseconds(ours.time("reader")),
      "×": ours.ratio("reader"),
      "jsonc-parser ms": milliseconds(editors.time("jsonc")),
      "jsonc-parser ×": editors.ratio("jsonc"),
      "vscode-json ms": milliseconds(editors.time("vscode")),
      "vscode-json ×": editors.ratio("vscode"),
    });
  }
  return {
    name: "parse",
    title: "Parsing",
    rows,
    notes: [
      "Medians; the parsers take turns in one process, × is the median of the ratios to JSON.parse of the same turn.",
      "JSON.parse keeps no ranges; jsonc-parser is its parseTree, vscode-json is parseJSONDocument of vscode-json-languageservice.",
    ],
  };
};
