import { createRequire } from "node:module";
import { parseTree } from "jsonc-parser";
import { parseJson } from "../../server/src/json/index.ts";
import { type Bench, milliseconds, race, ratio } from "./table.ts";
import { benchTexts } from "./texts.ts";

// A CommonJS package whose names Node does not see from a module.
const vscodeJson: typeof import("vscode-json-languageservice") = createRequire(import.meta.url)(
  "vscode-json-languageservice",
);

/** Text to value tree with ranges, against JSON.parse (without ranges) and the parsers that editors use. */
export const parse: Bench = async () => {
  const service = vscodeJson.getLanguageService({});
  const rows = benchTexts().map(({ name, text }) => {
    const rounds = text.length > 5e6 ? 7 : text.length > 5e5 ? 15 : 41;
    const times = race(rounds, {
      "JSON.parse": () => JSON.parse(text),
      "keras-config": () => parseJson(text),
      "jsonc-parser": () => parseTree(text),
      "vscode-json": () => service.parseJSONDocument(vscodeJson.TextDocument.create("file:///c.json", "json", 1, text)),
    });
    const base = times.get("JSON.parse")!;
    return {
      config: name,
      "JSON.parse ms": milliseconds(base),
      "keras-config ms": milliseconds(times.get("keras-config")!),
      "×": ratio(times.get("keras-config")!, base),
      "jsonc-parser ms": milliseconds(times.get("jsonc-parser")!),
      "jsonc-parser ×": ratio(times.get("jsonc-parser")!, base),
      "vscode-json ms": milliseconds(times.get("vscode-json")!),
      "vscode-json ×": ratio(times.get("vscode-json")!, base),
    };
  });
  return {
    name: "parse",
    title: "Parsing",
    rows,
    notes: [
      "Medians; the parsers take turns in one process, × is the ratio to JSON.parse there.",
      "JSON.parse keeps no ranges; jsonc-parser is its parseTree, vscode-json is parseJSONDocument of vscode-json-languageservice.",
    ],
  };
};
