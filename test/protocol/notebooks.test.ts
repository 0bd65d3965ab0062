import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Hover, Location, LocationLink } from "vscode-languageserver-protocol";
import { notebook } from "../unit/workspace/notebooks.ts";
import { type Client, fullCapabilities, offsetAt, withServer } from "./client.ts";
import { has, indexed, PUSHES } from "./project.ts";

const SCALE = `@keras.saving.register_keras_serializable("explored")
class Scale(keras.layers.Layer):
    """Multiplies by a factor."""
`;
const EXPLORE = notebook("import keras\n%matplotlib inline", SCALE);
const files = `//- /w/explore.ipynb
${EXPLORE}//- /w/closed.json
${config()}
`;
const opensCells = { notebookCells: true };
const syncing = { ...fullCapabilities, notebookDocument: { synchronization: {} } };

function config(key = "explored>Scale"): string {
  return `{"module": null, "class_name": "Scale", "config": {}, "registered_name": "${key}"}`;
}

/** Where Go to Definition leads from the config's key: the URI below the root, line and character. */
async function definitionOf(client: Client, uri: string): Promise<string[]> {
  const links = await client.request<LocationLink[]>("textDocument/definition", client.at(uri, ">Scale"));
  return links.map(({ targetUri, targetSelectionRange: { start } }) => placeOf(client, targetUri, start));
}

function placeOf(client: Client, uri: string, { line, character }: { line: number; character: number }): string {
  return `${client.pathOf(uri).replace(/^vscode-notebook-cell:(?:\/\/)?/, "cell of ")} ${line}:${character}`;
}

describe("a class in a notebook that is not open", () => {
  test("is found, and opened in its cell by a client that opens cells", async () => {
    await withServer({ files, initializationOptions: opensCells }, async (client) => {
      const uri = client.open("/w/model.json", config());
      await client.pullUntil(uri, has(0));
      assert.deepEqual(await definitionOf(client, uri), ["/w/explore.ipynb#cell=2 1:6"]);
      const [object] = await client.request<{ location: Location }[]>("kerasConfig/registeredObjects", {});
      assert.ok(object);
      assert.equal(placeOf(client, object.location.uri, object.location.range.start), "/w/explore.ipynb#cell=2 1:6");
      const [declaration] = await client.request<Location[]>("textDocument/references", {
        ...client.at(uri, ">Scale"),
        context: { includeDeclaration: true },
      });
      assert.equal(client.pathOf(declaration?.uri ?? ""), "/w/explore.ipynb#cell=2");
    });
  });

  test("is opened in the JSON of the file by other clients", async () => {
    await withServer({ files }, async (client) => {
      const uri = client.open("/w/model.json", config());
      await client.pullUntil(uri, has(0));
      const [link] = await client.request<LocationLink[]>("textDocument/definition", client.at(uri, ">Scale"));
      assert.ok(link);
      assert.equal(client.pathOf(link.targetUri), "/w/explore.ipynb");
      const { start, end } = link.targetSelectionRange;
      assert.equal(EXPLORE.split("\n")[start.line]?.trim(), '"class Scale(keras.layers.Layer):\\n",');
      assert.equal(EXPLORE.slice(offsetAt(EXPLORE, start), offsetAt(EXPLORE, end)), "Scale");
    });
  });

  test("is described with its cell and its docstring", async () => {
    await withServer({ files }, async (client) => {
      const uri = client.open("/w/model.json", config());
      await indexed(client);
      const hover = await client.request<Hover>("textDocument/hover", client.at(uri, ">Scale"));
      const { value } = hover.contents as { value: string };
      assert.match(value, /`__main__\.Scale` in \[explore\.ipynb, cell 3:2\]\(file:[^#)]*explore\.ipynb\)/);
      assert.match(value, /Multiplies by a factor\./);
    });
  });

  test("decides a problem whose related place is in the cell", async () => {
    const maybe = notebook("import keras", `if input():\n    ${SCALE.replaceAll("\n", "\n    ")}`);
    for (const [options, place] of [
      [opensCells, "/w/maybe.ipynb#cell=2 1:5"],
      [{}, `/w/maybe.ipynb ${maybe.split("\n").findIndex((line) => line.includes("@keras"))}:`],
    ] as const) {
      await withServer({ files: `//- /w/maybe.ipynb\n${maybe}`, initializationOptions: options }, async (client) => {
        const uri = client.open("/w/model.json", config());
        const [problem] = await client.pullUntil(uri, (items) => items.some((one) => one.relatedInformation));
        const { location } = problem?.relatedInformation?.[0] ?? assert.fail("no place is related");
        assert.ok(placeOf(client, location.uri, location.range.start).startsWith(place), JSON.stringify(location));
      });
    }
  });

  test("is read as it is open, where an editor shows a notebook as JSON", async () => {
    await withServer({ files }, async (client) => {
      const uri = client.open("/w/model.json", config("edited>Scale"));
      await client.pullUntil(uri, has(1));
      const raw = client.open("/w/explore.ipynb", EXPLORE);
      client.edit(raw, '\\"explored\\"', '\\"edited\\"');
      await client.pullUntil(uri, has(0));
    });
  });
});

/** Opens the notebook as a client does that sends notebooks: its Python cells, each a document of its own. */
function openNotebook(client: Client, ...cells: string[]): string[] {
  const uris = cells.map((_, i) => `vscode-notebook-cell:${client.path("/w/explore.ipynb")}#W${i + 1}sZmlsZQ%3D%3D`);
  void client.connection.sendNotification("notebookDocument/didOpen", {
    notebookDocument: {
      uri: client.uri("/w/explore.ipynb"),
      notebookType: "jupyter-notebook",
      version: 1,
      cells: uris.map((document) => ({ kind: 2, document })),
    },
    cellTextDocuments: cells.map((text, i) => ({ uri: uris[i], languageId: "python", version: 1, text })),
  });
  return uris;
}

function changeNotebook(client: Client, version: number, cells: object): void {
  const notebookDocument = { uri: client.uri("/w/explore.ipynb"), version };
  void client.connection.sendNotification("notebookDocument/didChange", { notebookDocument, change: { cells } });
}

describe("a notebook that is open", () => {
  const open = { files, capabilities: syncing, initializationOptions: opensCells };

  test("is synchronized for clients that can", async () => {
    await withServer(open, async (client) => {
      const { notebookDocumentSync } = client.initialized?.capabilities ?? {};
      assert.deepEqual(notebookDocumentSync, {
        notebookSelector: [{ notebook: "jupyter-notebook", cells: [{ language: "python" }] }],
      });
    });
    await withServer({ files, capabilities: {}, ignores: PUSHES }, async (client) => {
      assert.equal(client.initialized?.capabilities.notebookDocumentSync, undefined);
    });
  });

  test("counts as it is shown, before it is saved, and as it is saved when it is closed", async () => {
    await withServer(open, async (client) => {
      const uri = client.open("/w/model.json", config("typed>Scale"));
      await client.pullUntil(uri, has(1));
      const [, cell] = openNotebook(client, "import keras\n%matplotlib inline", SCALE);
      const range = client.rangeIn(SCALE, SCALE.indexOf("explored"), SCALE.indexOf("explored") + "explored".length);
      const document = { uri: cell, version: 2 };
      changeNotebook(client, 2, { textContent: [{ document, changes: [{ range, text: "typed" }] }] });
      await client.pullUntil(uri, has(0));
      assert.deepEqual(await definitionOf(client, uri), ["cell of /w/explore.ipynb#W2sZmlsZQ== 1:6"]);
      void client.connection.sendNotification("notebookDocument/didClose", {
        notebookDocument: { uri: client.uri("/w/explore.ipynb") },
        cellTextDocuments: [],
      });
      await client.pullUntil(uri, has(1));
    });
  });

  test("counts with the cells that it has: added, moved and deleted ones", async () => {
    await withServer(open, async (client) => {
      const uri = client.open("/w/model.json", config("added>Scale"));
      await client.pullUntil(uri, has(1));
      const [first] = openNotebook(client, "import keras", "x = 1");
      const added = { uri: `${first}x`, languageId: "python", version: 1, text: SCALE.replace("explored", "added") };
      const cell = { kind: 2, document: added.uri };
      changeNotebook(client, 2, {
        structure: { array: { start: 1, deleteCount: 0, cells: [cell] }, didOpen: [added], didClose: [] },
      });
      await client.pullUntil(uri, has(0));
      changeNotebook(client, 3, {
        structure: { array: { start: 1, deleteCount: 1 }, didOpen: [], didClose: [{ uri: added.uri }] },
      });
      await client.pullUntil(uri, has(1));
    });
  });

  test("is asked from a cell for the configs that name its class", async () => {
    await withServer(open, async (client) => {
      const [, cell] = openNotebook(client, "import keras", SCALE);
      const found = await client.request<Location[]>("textDocument/references", {
        textDocument: { uri: cell },
        position: { line: 1, character: 7 },
        context: { includeDeclaration: false },
      });
      assert.deepEqual(
        found.map((location) => placeOf(client, location.uri, location.range.start)),
        [`/w/closed.json 0:${config().indexOf('"explored')}`],
      );
    });
  });
});
