import assert from "node:assert/strict";
import { mkdirSync, renameSync, symlinkSync } from "node:fs";
import { describe, test } from "node:test";
import type { Diagnostic, TextDocumentEdit } from "vscode-languageserver-protocol";
import { type Client, offsetAt, withServer } from "./client.ts";

const PUSHES = ["textDocument/publishDiagnostics"];
const python = (name: string) => `import keras

@keras.saving.register_keras_serializable(package="p")
class ${name}(keras.layers.Layer):
    pass
`;
const config = (name: string) =>
  `{"module": "layers", "class_name": "${name}", "config": {}, "registered_name": "p>${name}"}`;
const has = (count: number) => (items: Diagnostic[]) => items.length === count;
const files = `//- /w/pyproject.toml
[project]
dependencies = ["keras==3.12.0"]
//- /w/pkg/layers.py
x = 1
`;

/** Opens a config that names a class which nothing registers yet, and waits until that is said and watched. */
async function missing(client: Client, name = "A"): Promise<string> {
  const uri = client.open("/w/model.json", config(name));
  await client.pushed(uri, has(1));
  await client.settled();
  return uri;
}

describe("changes of other programs, to a client that can do nothing", () => {
  const options = { files, capabilities: {}, ignores: PUSHES };

  test("in a folder that was removed and made again", async () => {
    await withServer(options, async (client) => {
      const uri = await missing(client);
      client.remove("/w/pkg");
      client.write("/w/pkg/layers.py", "x = 2\n");
      await client.settled();
      client.write("/w/pkg/layers.py", python("A"));
      await client.pushed(uri, has(0));
    });
  });

  test("in a folder that another one took the place of", async () => {
    await withServer(options, async (client) => {
      const uri = await missing(client);
      client.write("/new/layers.py", "x = 2\n");
      renameSync(client.path("/w/pkg"), client.path("/old"));
      renameSync(client.path("/new"), client.path("/w/pkg"));
      await client.settled();
      client.write("/w/pkg/layers.py", python("A"));
      await client.pushed(uri, has(0));
    });
  });

  test("in the workspace's own folder, removed and made again", async () => {
    await withServer(options, async (client) => {
      const uri = await missing(client);
      renameSync(client.path("/w"), client.path("/away"));
      await client.pushed(uri, (items) => items[0]?.code === "cannot-be-known");
      renameSync(client.path("/away"), client.path("/w"));
      await client.pushed(uri, (items) => items[0]?.code === "class-not-registered");
      await client.settled();
      client.write("/w/pkg/layers.py", python("A"));
      await client.pushed(uri, has(0));
    });
  });

  for (const wait of [0, 30, 60, 90, 120, 200]) {
    test(`in a folder that was made ${wait} ms before`, async () => {
      await withServer(options, async (client) => {
        const uri = await missing(client);
        mkdirSync(client.path("/w/fresh"));
        await new Promise((resolve) => setTimeout(resolve, wait));
        client.write("/w/fresh/layers.py", python("A"));
        await client.pushed(uri, has(0));
      });
    });
  }

  test("of a file that is linked to from the workspace", async () => {
    await withServer(options, async (client) => {
      client.write("/elsewhere/linked.py", "x = 1\n");
      symlinkSync(client.path("/elsewhere/linked.py"), client.path("/w/linked.py"));
      const uri = await missing(client);
      client.write("/elsewhere/linked.py", python("A"));
      await client.pushed(uri, has(0));
    });
  });

  test("of a requirements file that another one includes, and of the installed Keras, before any Python is read", async () => {
    const pinned = `//- /w/requirements.txt
-r deps/base.txt
//- /w/deps/base.txt
keras==3.3.3
`;
    const text = '{"module": "keras.layers", "class_name": "RMSNormalization", "config": {}, "registered_name": null}';
    await withServer({ ...options, files: pinned }, async (client) => {
      const uri = client.open("/w/model.json", text);
      await client.pushed(uri, has(1));
      await client.settled();
      client.write("/w/deps/base.txt", "keras==3.12.4\n");
      await client.pushed(uri, has(0));
    });
    const site = "/w/.venv/lib/python3.12/site-packages";
    const installed = `//- /w/.venv/pyvenv.cfg
home = /usr
//- ${site}/keras-3.3.3.dist-info/METADATA
Name: keras
`;
    await withServer({ ...options, files: installed }, async (client) => {
      const uri = client.open("/w/model.json", text);
      await client.pushed(uri, has(1));
      await client.settled();
      renameSync(client.path(`${site}/keras-3.3.3.dist-info`), client.path(`${site}/keras-3.12.4.dist-info`));
      await client.pushed(uri, has(0));
    });
  });

  test("of the settings file, where the client gives no settings: the fix that ignores a name works", async () => {
    await withServer(options, async (client) => {
      const uri = await missing(client);
      client.write("/w/.vscode/settings.json", '{"kerasConfig.ignoredNames": ["p>A"]}');
      await client.pushed(uri, has(0));
    });
  });
});

test("Python that is open and not saved anywhere yet counts", async () => {
  await withServer({ files }, async (client) => {
    const uri = client.open("/w/model.json", config("A"));
    await client.pullUntil(uri, has(1));
    client.open("/w/new.py", python("A"));
    await client.pullUntil(uri, has(0));
  });
});

test("a fix of an older text is not answered as one of a newer", async () => {
  const layers = Array.from({ length: 4000 }, () => config("B")).join(",\n");
  await withServer({ files: `${files}//- /w/b.py\n${python("B")}` }, async (client) => {
    const uri = client.open("/w/model.json", `[\n${config("B")},\n${layers},\n${config("Bb")}]`);
    await client.pullUntil(uri, has(1));
    const texts = new Map<number | null, string>();
    for (let round = 0; round < 5; round++) {
      client.edit(uri, "[\n", "[\n ");
      texts.set(client.version(uri), client.text(uri));
      const range = client.rangeIn(client.text(uri), 0, client.text(uri).length);
      const asked = client.request<{ edit?: { documentChanges: TextDocumentEdit[] } }[] | null>(
        "textDocument/codeAction",
        {
          textDocument: { uri },
          range,
          context: { diagnostics: [] },
        },
      );
      await new Promise((resolve) => setTimeout(resolve, 3 * round));
      client.edit(uri, "[\n", "[\n\n\n\n");
      texts.set(client.version(uri), client.text(uri));
      const answer = await asked.catch((error: { code: number }) => error.code);
      if (typeof answer === "number") assert.equal(answer, -32801);
      else {
        const [change] = answer?.[0]?.edit?.documentChanges ?? [];
        const [edit] = change?.edits ?? [];
        assert.ok(change && edit && "range" in edit);
        // The version that it is for is what the client checks.
        const text = texts.get(change.textDocument.version) ?? "";
        const { start, end } = edit.range;
        assert.equal(text.slice(offsetAt(text, start), offsetAt(text, end)), '"p>Bb"');
      }
    }
  });
});

test("a request that is cancelled is answered at once", async () => {
  const many = `[${Array.from({ length: 100_000 }, () => config("B")).join(",")}]`;
  await withServer({ files }, async (client) => {
    const uri = client.open("/w/model.json", many);
    const { CancellationTokenSource } = await import("vscode-jsonrpc");
    const source = new CancellationTokenSource();
    const asked = client.connection.sendRequest("textDocument/diagnostic", { textDocument: { uri } }, source.token);
    setTimeout(() => source.cancel(), 5);
    await assert.rejects(asked, (error: { code: number }) => error.code === -32800);
  });
});
