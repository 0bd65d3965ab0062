import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type DocumentHighlight,
  DocumentHighlightKind,
  type DocumentSymbol,
  type FoldingRange,
  type Location,
  type LocationLink,
  type Range,
  type SelectionRange,
  type SymbolInformation,
  SymbolKind,
  type WorkspaceEdit,
} from "vscode-languageserver-protocol";
import { type Client, fullCapabilities, withServer } from "./client.ts";
import { edited, files, PUSHES, scale } from "./project.ts";

const tensor = (name: string): object => ({
  class_name: "__keras_tensor__",
  config: { shape: [null, 3], dtype: "float32", keras_history: [name, 0, 0] },
});
const layer = (className: string, name: string, ...inputs: string[]): object => ({
  module: "keras.layers",
  class_name: className,
  config: { name },
  registered_name: null,
  name,
  inbound_nodes: inputs.map((input) => ({ args: [tensor(input)], kwargs: {} })),
});
/** A model of two layers, on several lines. */
const config = {
  module: "keras.src.models.functional",
  class_name: "Functional",
  config: {
    name: "scorer",
    layers: [layer("InputLayer", "image"), layer("Dense", "scores", "image")],
    input_layers: [["image", 0, 0]],
    output_layers: [["scores", 0, 0]],
  },
  registered_name: "Functional",
};
const model = JSON.stringify(config, null, 2);

const lines = (ranges: readonly { range: Range }[]): number[] => ranges.map(({ range }) => range.start.line + 1);

/** The lines, counted from one, of an open document that hold a text. */
function linesOf(client: Client, uri: string, part: string): number[] {
  return client
    .text(uri)
    .split("\n")
    .flatMap((line, i) => (line.includes(part) ? [i + 1] : []));
}

describe("the structure of a config", () => {
  test("is an outline of objects within each other, which has a name of its own", async () => {
    await withServer({ files }, async (client) => {
      const uri = client.open("/w/model.json", model);
      const found = await client.request<DocumentSymbol[]>("textDocument/documentSymbol", { textDocument: { uri } });
      const said = ({ name, detail, kind, children = [] }: DocumentSymbol): unknown[] => [
        name,
        detail,
        kind,
        ...children.map(said),
      ];
      assert.deepEqual(found.map(said), [
        [
          ...["scorer", "Functional", SymbolKind.Module],
          ["image", "InputLayer", SymbolKind.Class],
          ["scores", "Dense", SymbolKind.Class],
        ],
      ]);
      const scores = found[0]?.children?.[1];
      assert.equal(scores && client.covered(uri, scores.selectionRange), "scores");
      const { registerOptions } = await client.until("the outline", () =>
        client.registrations.find(({ method }) => method === "textDocument/documentSymbol"),
      );
      assert.equal((registerOptions as { label?: string }).label, "Keras");
    });
  });

  test("is a list for a client that knows no others, with kinds that it knows", async () => {
    await withServer({ files, capabilities: {}, ignores: PUSHES }, async (client) => {
      const uri = client.open(
        "/w/model.json",
        `[${scale()}, {"class_name": "Adam", "config": {}, "registered_name": null}]`,
      );
      const found = await client.request<SymbolInformation[]>("textDocument/documentSymbol", { textDocument: { uri } });
      assert.deepEqual(
        found.map(({ name, kind, location }) => [name, kind, location.uri === uri]),
        [
          ["Scale", SymbolKind.Variable, true],
          ["Adam", SymbolKind.Variable, true],
        ],
      );
    });
  });

  test("folds up to what the client wants, and nothing else than configs", async () => {
    const textDocument = {
      ...fullCapabilities.textDocument,
      foldingRange: { dynamicRegistration: true, rangeLimit: 2 },
    };
    await withServer({ files, capabilities: { ...fullCapabilities, textDocument } }, async (client) => {
      const uri = client.open("/w/model.json", model);
      const other = client.open("/w/other.json", '{\n"a": [\n1\n]\n}');
      const fold = (of: string) =>
        client.request<FoldingRange[] | null>("textDocument/foldingRange", { textDocument: { uri: of } });
      assert.deepEqual(await fold(uri), [
        { startLine: 0, endLine: model.split("\n").length - 2 },
        { startLine: 3, endLine: model.split("\n").length - 4 },
      ]);
      assert.equal(await fold(other), null);
    });
  });

  test("is what a selection grows to, for each position", async () => {
    await withServer({ files }, async (client) => {
      const uri = client.open("/w/model.json", scale());
      const positions = [client.at(uri, "Scale").position, client.at(uri, "config").position];
      const found = await client.request<SelectionRange[]>("textDocument/selectionRange", {
        textDocument: { uri },
        positions,
      });
      const texts = found.map(({ range, parent }) =>
        [range, parent?.range].map((one) => one && client.covered(uri, one)),
      );
      assert.deepEqual(texts, [
        ["Scale", '"Scale"'],
        ["config", '"config"'],
      ]);
    });
  });

  test("has the registered objects of the workspace, by key or by path", async () => {
    await withServer({ files }, async (client) => {
      const find = async (query: string): Promise<string[]> => {
        const found = await client.request<SymbolInformation[]>("workspace/symbol", { query });
        return found.map(
          ({ name, kind, location, containerName }) =>
            `${name} ${kind} ${containerName} ${client.pathOf(location.uri)}:${location.range.start.line + 1}`,
        );
      };
      const scaleFound = `my_package>Scale ${SymbolKind.Class} my_package.layers /w/my_package/layers.py:5`;
      const swishyFound = `my_package>swishy ${SymbolKind.Function} my_package.layers /w/my_package/layers.py:17`;
      assert.deepEqual(await find(""), [scaleFound, swishyFound]);
      assert.deepEqual(await find("mpSCALE"), [scaleFound]);
      assert.deepEqual(await find("layers.swi"), [swishyFound]);
      assert.deepEqual(await find("shift"), []);
    });
  });
});

describe("the name of a layer", () => {
  test("is highlighted wherever its model mentions it", async () => {
    await withServer({ files }, async (client) => {
      const uri = client.open("/w/model.json", model);
      const found = await client.request<DocumentHighlight[]>(
        "textDocument/documentHighlight",
        client.at(uri, '"image"', 2),
      );
      assert.deepEqual(lines(found), linesOf(client, uri, '"image"'));
      assert.deepEqual(
        found.map(({ kind }) => kind),
        [
          ...[DocumentHighlightKind.Write, DocumentHighlightKind.Write],
          ...[DocumentHighlightKind.Read, DocumentHighlightKind.Read],
        ],
      );
      assert.equal(await client.request("textDocument/documentHighlight", client.at(uri, "Dense")), null);
    });
  });

  test("leads to its layer, and to where it is mentioned", async () => {
    await withServer({ files }, async (client) => {
      const uri = client.open("/w/model.json", model);
      const mention = { textDocument: { uri }, position: client.rangeIn(model, model.lastIndexOf('image"'), 0).start };
      const [link] = await client.request<LocationLink[]>("textDocument/definition", mention);
      assert.equal(link?.targetUri, uri);
      assert.equal(client.covered(uri, link.targetSelectionRange), "image");
      assert.match(
        client.covered(uri, link.targetRange),
        /^\{\s+"module": "keras.layers",\s+"class_name": "InputLayer"/,
      );
      const references = (includeDeclaration: boolean) =>
        client.request<Location[]>("textDocument/references", { ...mention, context: { includeDeclaration } });
      const all = linesOf(client, uri, '"image"');
      assert.deepEqual(lines(await references(true)), all);
      assert.deepEqual(lines(await references(false)), all.slice(2));
    });
  });

  test("on a line that editors do not draw to its end leads into the formatted view", async () => {
    await withServer({ files }, async (client) => {
      const { layers } = config.config;
      const many = Array.from({ length: 100 }, (_, i) => layer("Dense", `dense_${i}`, "image"));
      const long = JSON.stringify({ ...config, config: { ...config.config, layers: [...layers, ...many] } });
      const uri = client.open("/w/model.json", long);
      const [link] = await client.request<LocationLink[]>("textDocument/definition", client.at(uri, '["scores"', 3));
      assert.match(link?.targetUri ?? "", /^keras-config:/);
      assert.ok((link?.targetSelectionRange.start.line ?? 0) > 10);
      const found = await client.request<Location[]>("textDocument/references", {
        ...client.at(uri, '["scores"', 3),
        context: { includeDeclaration: true },
      });
      assert.equal(found.length, 3);
      for (const place of found) assert.match(place.uri, /^keras-config:/);
    });
  });

  test("is given another one in the version of the document that was asked about", async () => {
    await withServer({ files }, async (client) => {
      const uri = client.open("/w/model.json", model);
      client.edit(uri, "scorer", "scorer_2");
      const prepared = await client.request<{ range: Range; placeholder: string }>(
        "textDocument/prepareRename",
        client.at(uri, '"image"', 2),
      );
      assert.deepEqual([client.covered(uri, prepared.range), prepared.placeholder], ["image", "image"]);
      const rename = (newName: string) =>
        client.request<WorkspaceEdit>("textDocument/rename", { ...client.at(uri, '"image"', 2), newName });
      const { documentChanges } = await rename("photo");
      const [change, ...rest] = documentChanges ?? [];
      assert.ok(change && "edits" in change && rest.length === 0);
      assert.deepEqual(change.textDocument, { uri, version: 2 });
      assert.equal(edited(client.text(uri), change.edits as never), client.text(uri).replaceAll('"image"', '"photo"'));
      await assert.rejects(rename("scores"), /The model "scorer_2" has another layer named "scores"\./);
      await assert.rejects(rename("a/b"), /Keras 3 takes no layer name with a slash\./);
    });
  });

  test("cannot be changed in a formatted view, and elsewhere there is nothing to rename", async () => {
    await withServer({ files: `${files}\n//- /w/model.json\n${JSON.stringify(config)}\n` }, async (client) => {
      const answer = await client.request<{ uri: string }>("kerasConfig/view", {
        textDocument: { uri: client.uri("/w/model.json") },
      });
      const { text } = await client.request<{ text: string }>("workspace/textDocumentContent", { uri: answer.uri });
      const uri = client.openUri(answer.uri, text, "json");
      await assert.rejects(
        client.request("textDocument/prepareRename", client.at(uri, '"image"', 2)),
        /A formatted view is read-only/,
      );
      assert.equal(await client.request("textDocument/prepareRename", client.at(uri, "Functional")), null);
    });
  });
});
