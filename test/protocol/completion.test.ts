import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type CompletionItem,
  type CompletionList,
  type InsertReplaceEdit,
  InsertTextFormat,
  type TextEdit,
} from "vscode-languageserver-protocol";
import { type Client, withServer } from "./client.ts";
import { edited, files, indexed, PUSHES, scale } from "./project.ts";

async function complete(client: Client, uri: string, part: string, offset = part.length): Promise<CompletionItem[]> {
  const list = await client.request<CompletionList | null>("textDocument/completion", client.at(uri, part, offset));
  return list?.items ?? [];
}

/** The document after one of its completions is accepted, the whole string replaced and every place left as it is. */
function accepted(client: Client, uri: string, items: readonly CompletionItem[], label: string): string {
  const item = items.find((one) => one.label === label);
  assert.ok(item?.textEdit, `${label} is not among ${items.slice(0, 20).map((one) => one.label)}`);
  const { textEdit, insertTextFormat } = item;
  const range = "range" in textEdit ? textEdit.range : textEdit.replace;
  const isSnippet = insertTextFormat === InsertTextFormat.Snippet;
  const newText = isSnippet ? expanded(textEdit.newText) : textEdit.newText;
  return edited(client.text(uri), [{ range, newText }, ...(item.additionalTextEdits ?? [])]);
}

/** A snippet's text with what its places hold at first. */
function expanded(snippet: string): string {
  return snippet.replace(/\$\{\d+:((?:[^\\}]|\\.)*)\}/g, "$1").replace(/\\([\\$}])/g, "$1");
}

describe("completion", () => {
  test("of a registered name offers whole keys and sets the fields beside it", async () => {
    await withServer({ files }, async (client) => {
      const text = '{"module": "x", "class_name": "y", "config": {}, "registered_name": "my_p"}';
      const uri = client.open("/w/model.json", text);
      await indexed(client);
      const items = await complete(client, uri, "my_p");
      assert.deepEqual(
        items.map(({ label }) => label),
        ["my_package>Scale"],
      );
      const [item] = items;
      assert.ok(item);
      const { insert, replace } = item.textEdit as InsertReplaceEdit;
      assert.equal(client.covered(uri, insert), "my_p");
      assert.equal(client.covered(uri, replace), "my_p");
      assert.equal(item.filterText, "my_package>Scale");
      assert.equal(item.detail, "my_package.layers.Scale");
      assert.equal(accepted(client, uri, items, "my_package>Scale"), scale());
      const resolved = await client.request<CompletionItem>("completionItem/resolve", item);
      assert.deepEqual(resolved.documentation, { kind: "markdown", value: "Multiplies by a factor." });
    });
  });

  test("of a class name offers Keras's classes and the workspace's, each with its module", async () => {
    await withServer({ files }, async (client) => {
      const text = '{"module": "keras.layers", "class_name": "", "config": {}, "registered_name": "z"}';
      const uri = client.open("/w/model.json", text);
      await indexed(client);
      const items = await complete(client, uri, '"class_name": "');
      const dense = items.find(({ label }) => label === "Dense");
      assert.equal(dense?.detail, "keras.layers.Dense");
      assert.ok((dense?.sortText ?? "") < (items.find(({ label }) => label === "Adam")?.sortText ?? ""));
      assert.equal(
        accepted(client, uri, items, "Dense"),
        '{"module": "keras.layers", "class_name": "Dense", "config": {"units": null}, "registered_name": null}',
      );
      assert.equal(accepted(client, uri, items, "Scale"), scale());
      const { documentation } = await client.request<CompletionItem>("completionItem/resolve", dense);
      assert.match(String((documentation as { value: string }).value), /densely-connected/);
    });
  });

  test("of a module offers those that hold the class first", async () => {
    await withServer({ files }, async (client) => {
      const uri = client.open(
        "/w/model.json",
        '{"module": "", "class_name": "Scale", "config": {}, "registered_name": null}',
      );
      await indexed(client);
      const items = await complete(client, uri, '"module": "');
      const sorted = items.map(({ sortText }) => sortText ?? "").sort();
      assert.equal(sorted[0], "0 my_package.layers");
      assert.ok(items.some(({ label }) => label === "keras.layers"));
    });
  });

  test("stands in for a value that is not typed yet, with quotes, and for a half-typed string", async () => {
    await withServer({ files }, async (client) => {
      const uri = client.open(
        "/w/model.json",
        '{"module": "keras.layers", "class_name": "Dense", "config": {}, "registered_name": }',
      );
      await indexed(client);
      const items = await complete(client, uri, '"registered_name": ');
      assert.match(accepted(client, uri, items, "my_package>Scale"), /"registered_name": "my_package>Scale"}$/);
      const half = client.open("/w/half.json", '{\n  "class_name": "Den\n  "config": {}\n}');
      assert.equal(
        accepted(client, half, await complete(client, half, "Den"), "Dense").split("\n")[1],
        '  "class_name": "Dense',
      );
    });
  });

  test("leaves a string whole that ends with a backslash, and a value that is there already alone", async () => {
    await withServer({ files }, async (client) => {
      const uri = client.open("/w/model.json", '{"module": "A\\\\", "class_name": "Scale", "config": {}}');
      await indexed(client);
      const items = await complete(client, uri, '"A');
      assert.match(
        accepted(client, uri, items, "my_package.layers"),
        /^\{"module": "my_package.layers", "class_name": "Scale"/,
      );
      const object = client.open("/w/object.json", '{"class_name": {}, "config": {}}');
      assert.deepEqual(await complete(client, object, '"class_name": '), []);
    });
  });

  test("of a function's config offers functions", async () => {
    await withServer({ files }, async (client) => {
      const text = '{"module": "builtins", "class_name": "function", "config": "", "registered_name": "function"}';
      const uri = client.open("/w/model.json", text);
      await indexed(client);
      const labels = (await complete(client, uri, '"config": "')).map(({ label }) => label);
      assert.ok(
        labels.includes("my_package>swishy") && labels.includes("relu") && !labels.includes("my_package>Scale"),
      );
    });
  });

  test("of a class name writes what its config must hold, with places to fill in", async () => {
    await withServer({ files }, async (client) => {
      const model = (layer: string) =>
        `{"module": "keras", "class_name": "Sequential", "config": {"name": "m", "layers": [${layer}]}}`;
      const documents = [
        [
          '{"module": "keras.layers", "class_name": "De", "config": {}}',
          '{"module": "keras.layers", "class_name": "Dense", "config": {"units": null}}',
        ],
        ['{"class_name": "De"}', '{"class_name": "Dense", "module": "keras.layers", "config": {"units": null}}'],
        [
          '{"module": "x", "class_name": "De", "config": {"units": 3}}',
          '{"module": "keras.layers", "class_name": "Dense", "config": {"units": 3}}',
        ],
      ] as const;
      for (const [index, [text, expected]] of documents.entries()) {
        const uri = client.open(`/w/model${index}.json`, model(text));
        const items = await complete(client, uri, '"class_name": "De');
        assert.equal(accepted(client, uri, items, "Dense"), model(expected));
      }
    });
  });

  test("inside a config offers the keys that are not there, with places to fill in and their documentation", async () => {
    await withServer({ files }, async (client) => {
      const text = '{"module": "keras.layers", "class_name": "Dense", "config": {}, "registered_name": null}';
      const uri = client.open("/w/model.json", text);
      const items = await complete(client, uri, '"config": {');
      const units = items.find(({ label }) => label === "units");
      assert.ok(units);
      assert.equal(units.detail, "required");
      assert.equal(units.insertTextFormat, InsertTextFormat.Snippet);
      assert.equal((units.textEdit as TextEdit).newText, '"units": $' + "{1:null}");
      const { documentation } = await client.request<CompletionItem>("completionItem/resolve", units);
      assert.match((documentation as { value: string }).value, /^Positive integer/);
    });
  });

  test("gives plain text to a client that has no snippets", async () => {
    await withServer({ files, capabilities: {}, ignores: PUSHES }, async (client) => {
      const text = '{"module": "keras.layers", "class_name": "Dense", "config": {}, "registered_name": null}';
      const uri = client.open("/w/model.json", text);
      const items = await complete(client, uri, '"config": {');
      const units = items.find(({ label }) => label === "units");
      assert.ok(units);
      assert.equal((units.textEdit as TextEdit).newText, '"units": null');
      assert.equal(units.insertTextFormat, undefined);
    });
  });

  test("inside a config offers the workspace's classes whole", async () => {
    await withServer({ files }, async (client) => {
      const text =
        '{"module": "keras", "class_name": "Sequential", "config": {"name": "m", "layers": []}, "registered_name": null}';
      const uri = client.open("/w/model.json", text);
      await indexed(client);
      const items = await complete(client, uri, '"layers": [');
      const item = items.find(({ label }) => label === "Scale");
      assert.ok(item);
      assert.equal(item.detail, "my_package>Scale");
      const { range, newText } = item.textEdit as TextEdit;
      const model = JSON.parse(edited(text, [{ range, newText }]));
      assert.deepEqual(Object.keys(model.config.layers[0].config), ["name", "trainable", "dtype"]);
      assert.equal(model.config.layers[0].registered_name, "my_package>Scale");
    });
  });

  test("offers nothing elsewhere", async () => {
    await withServer({ files }, async (client) => {
      const uri = client.open(
        "/w/model.json",
        '{"module": "keras.layers", "class_name": "Dense", "config": {"name": "d"}}',
      );
      for (const part of ['"name": "', '"config', '"class'])
        assert.deepEqual(await complete(client, uri, part), [], part);
    });
  });
});
