import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { CodeAction, Command, TextDocumentEdit, WorkspaceEdit } from "vscode-languageserver-protocol";
import { type Client, type ClientOptions, fullCapabilities, withServer } from "./client.ts";
import { edited, files, has, indexed, PUSHES } from "./project.ts";

const BARE = `import keras


@keras.saving.register_keras_serializable
class Bare(keras.layers.Layer):
    pass
`;

const TWICE = `import keras
from my_package import layers


@keras.saving.register_keras_serializable("my_package", "Scale")
class Other(keras.layers.Layer):
    pass
`;

/** A client that asks for nothing by itself: it is told. */
const pushed = {
  ...fullCapabilities,
  textDocument: { ...fullCapabilities.textDocument, diagnostic: undefined },
} as unknown as NonNullable<ClientOptions["capabilities"]>;

async function fixes(client: Client, uri: string, part: string): Promise<CodeAction[]> {
  const text = client.text(uri);
  const range = client.rangeIn(text, text.indexOf(part), text.indexOf(part) + part.length);
  return client.request("textDocument/codeAction", { textDocument: { uri }, range, context: { diagnostics: [] } });
}

function after(client: Client, uri: string, edit: WorkspaceEdit | undefined): string {
  const changes = (edit?.documentChanges ?? []) as TextDocumentEdit[];
  return edited(
    client.text(uri),
    changes.flatMap((change) => change.edits as { range: never; newText: string }[]),
  );
}

describe("problems of registrations", () => {
  test("are pulled, with their page and place, and are mended", async () => {
    await withServer({ files }, async (client) => {
      const uri = client.open("/w/bare_decorator.py", BARE);
      const [problem, ...rest] = await client.pull(uri);
      assert.deepEqual(rest, []);
      assert.deepEqual(
        [problem?.code, problem?.severity, problem?.source, client.covered(uri, problem!.range)],
        ["decorator-not-called", 1, "Keras", "keras.saving.register_keras_serializable"],
      );
      assert.match(problem?.codeDescription?.href ?? "", /rules\/decorator-not-called\.md$/);
      assert.match(String(problem?.message), /`Bare` is not registered/);
      const [fix, ignore, ...others] = await fixes(client, uri, "register_keras_serializable");
      assert.deepEqual([fix?.title, fix?.isPreferred, ignore?.title], ["Add `()`", true, "Ignore `Bare`"]);
      assert.deepEqual(others, []);
      assert.deepEqual(fix?.diagnostics, [problem]);
      assert.equal(after(client, uri, fix?.edit), BARE.replace("serializable\n", "serializable()\n"));
      client.edit(uri, "serializable\n", "serializable()\n");
      assert.deepEqual(await client.pull(uri), []);
    });
  });

  test("are pushed to a client that does not ask, and taken back when the file is mended or closed", async () => {
    await withServer({ files, capabilities: pushed, ignores: PUSHES }, async (client) => {
      const uri = client.open("/w/bare_decorator.py", BARE);
      await client.pushed(uri, has(1));
      client.edit(uri, "import keras\n", "import keras\n\n");
      const [moved] = await client.pushed(uri, (items) => items[0]?.range.start.line === 4);
      assert.equal(moved?.code, "decorator-not-called");
      client.edit(uri, "serializable\n", "serializable()\n");
      await client.pushed(uri, has(0));
      client.edit(uri, "serializable()\n", "serializable\n");
      await client.pushed(uri, has(1));
      client.close(uri);
      await client.pushed(uri, has(0));
    });
  });

  test("name both places, and change when another file does", async () => {
    await withServer({ files }, async (client) => {
      const uri = client.open("/w/twice.py", TWICE);
      const [problem] = await client.pull(uri);
      assert.deepEqual([problem?.code, problem?.severity], ["duplicate-registration", 2]);
      const [related] = problem?.relatedInformation ?? [];
      assert.equal(related?.location.uri, client.uri("/w/my_package/layers.py"));
      assert.equal(related?.location.range.start.line, 3);
      const layers = client.open("/w/my_package/layers.py", BARE);
      await client.pullUntil(uri, has(0));
      client.edit(layers, "serializable\nclass Bare", 'serializable("my_package")\nclass Scale');
      await client.pullUntil(uri, has(1));
    });
  });

  test("are not spoken of where the settings say so", async () => {
    const settings = (more: object) => ({ files, settings: more });
    for (const more of [
      { severity: { "decorator-not-called": "off" } },
      { ignoredNames: ["Bare"] },
      { ignoredFiles: ["**/bare_*.py"] },
    ]) {
      await withServer(settings(more), async (client) => {
        assert.deepEqual(await client.pull(client.open("/w/bare_decorator.py", BARE)), [], JSON.stringify(more));
      });
    }
    await withServer(settings({ severity: { "decorator-not-called": "hint" } }), async (client) => {
      const [problem] = await client.pull(client.open("/w/bare_decorator.py", BARE));
      assert.equal(problem?.severity, 4);
    });
  });

  test("nothing is read for a file without a word of registration", async () => {
    await withServer({ files }, async (client) => {
      const uri = client.open("/w/plain.py", "import keras\nclass A(keras.layers.Layer): pass\n");
      assert.deepEqual(await client.pull(uri), []);
      assert.deepEqual(await fixes(client, uri, "class A"), []);
      assert.deepEqual(
        client.logged.filter((line) => line.includes("registrations")),
        [],
      );
      await indexed(client);
      assert.deepEqual(await client.pull(uri), []);
    });
  });

  test("commands stand for fixes where the client takes no literals", async () => {
    const { codeAction: _, ...textDocument } = fullCapabilities.textDocument!;
    await withServer({ files, capabilities: { ...fullCapabilities, textDocument } }, async (client) => {
      const uri = client.open("/w/bare_decorator.py", BARE);
      const [fix] = (await fixes(client, uri, "register_keras_serializable")) as unknown as Command[];
      assert.deepEqual([fix?.title, fix?.command], ["Add `()`", "kerasConfig.applyFix"]);
    });
  });
});

describe("in a notebook", () => {
  test("a problem stands in its cell, and its fix changes that cell", async () => {
    const capabilities = { ...fullCapabilities, notebookDocument: { synchronization: {} } };
    const saved = `${files}//- /w/explore.ipynb\n{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}\n`;
    await withServer({ files: saved, capabilities }, async (client) => {
      const notebook = client.uri("/w/explore.ipynb");
      const cells = ["import keras\nreg = keras.saving.register_keras_serializable\n", "@reg\ndef swish(x): pass\n"];
      const uris = cells.map((_, i) => `${notebook.replace("file:", "vscode-notebook-cell:")}#cell${i}`);
      await client.connection.sendNotification("notebookDocument/didOpen", {
        notebookDocument: {
          uri: notebook,
          notebookType: "jupyter-notebook",
          version: 1,
          cells: uris.map((document) => ({ kind: 2, document })),
        },
        cellTextDocuments: uris.map((uri, i) => ({ uri, languageId: "python", version: 1, text: cells[i] })),
      });
      assert.deepEqual(await client.pull(uris[0]!), []);
      const [problem] = await client.pull(uris[1]!);
      assert.equal(problem?.code, "decorator-not-called");
      assert.deepEqual(problem.range, { start: { line: 0, character: 1 }, end: { line: 0, character: 4 } });
      const params = { textDocument: { uri: uris[1] }, range: problem.range, context: { diagnostics: [problem] } };
      const [fix] = await client.request<CodeAction[]>("textDocument/codeAction", params);
      const [change] = (fix?.edit?.documentChanges ?? []) as TextDocumentEdit[];
      assert.deepEqual(
        [change?.textDocument.uri, change?.edits],
        [uris[1], [{ range: { start: { line: 0, character: 4 }, end: { line: 0, character: 4 } }, newText: "()" }]],
      );
    });
  });
});
