import { createRequire } from "node:module";
import { parseTree } from "jsonc-parser";
import { parseJson } from "../../server/src/json/index.ts";
import { type Bench, type BenchTable, milliseconds, race, ratio } from "./table.ts";
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
    const base = editors.get("json")!;
    rows.push({
      config: name,
      "JSON.parse ms": milliseconds(ours.get("json")!),
      "keras-config ms": milliseconds(ours.get("reader")!),
      "×": ratio(ours.get("reader")!, ours.get("json")!),
      "jsonc-parser ms": milliseconds(editors.get("jsonc")!),
      "jsonc-parser ×": ratio(editors.get("jsonc")!, base),
      "vscode-json ms": milliseconds(editors.get("vscode")!),
      "vscode-json ×": ratio(editors.get("vscode")!, base),
    });
  }
  return {
    name: "parse",
    title: "Parsing",
    rows,
    notes: [
      "Medians; the parsers take turns in one process, each × is the ratio to JSON.parse of the same turns.",
      "JSON.parse keeps no ranges; jsonc-parser is its parseTree, vscode-json is parseJSONDocument of vscode-json-languageservice.",
    ],
  };
};
