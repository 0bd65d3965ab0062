import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Diagnostic } from "vscode-languageserver-protocol";
import { fullCapabilities, withServer } from "./client.ts";

const files = `//- /w/layers.py
import keras


@keras.saving.register_keras_serializable(package="pkg")
class Scale(keras.layers.Layer):
    pass
`;
const object = (registeredName: string) =>
  `{"module": "layers", "class_name": "Scale", "config": {}, "registered_name": "${registeredName}"}`;
const has = (count: number) => (items: Diagnostic[]) => items.length === count;
const PUSHES = ["textDocument/publishDiagnostics"];

/** The code of the error that a request is answered with. */
async function codeOf(answer: Promise<unknown>): Promise<number | undefined> {
  try {
    await answer;
    return undefined;
  } catch (error) {
    return (error as { code?: number }).code;
  }
}

describe("a client that errs", () => {
  test("by asking before initialize, and by unknown methods, gets a clear error and is served after it", async () => {
    await withServer({ files, raw: true }, async (client) => {
      const hover = { textDocument: { uri: "file:///x.json" }, position: { line: 0, character: 0 } };
      assert.equal(await codeOf(client.request("textDocument/hover", hover)), -32002);
      assert.equal(await codeOf(client.request("kerasConfig/view", { textDocument: { uri: "file:///x" } })), -32002);
      await client.initialize({});
      assert.equal(await codeOf(client.request("textDocument/nonsense", {})), -32601);
      assert.equal(await codeOf(client.request("kerasConfig/view", { textDocument: { uri: 3 } })), -32602);
      assert.equal(await codeOf(client.request("workspace/executeCommand", { command: "rm" })), -32602);
      assert.equal(await codeOf(client.request("initialize", { capabilities: {} })), -32600);
      const uri = client.open("/w/model.json", object("pkg>Scal"));
      await client.pullUntil(uri, has(1));
    });
  });

  test("by sending no parameters where there are none that matter is answered", async () => {
    await withServer({ files }, async (client) => {
      const [scale] = await client.connection.sendRequest<{ key: string }[]>("kerasConfig/registeredObjects");
      assert.equal(scale?.key, "pkg>Scale");
      await client.connection.sendRequest("kerasConfig/checkWorkspace");
      assert.equal(await codeOf(client.connection.sendRequest("kerasConfig/documentStatus")), -32602);
    });
  });

  test("by asking between initialize and initialized is answered", async () => {
    await withServer({ files, raw: true }, async (client) => {
      await client.request("initialize", {
        processId: null,
        rootUri: client.uri("/w"),
        capabilities: fullCapabilities,
      });
      const uri = client.open("/w/model.json", object("pkg>Scal"));
      assert.ok(Array.isArray(await client.pull(uri)));
      void client.connection.sendNotification("initialized", {});
      await client.pullUntil(uri, has(1));
    });
  });

  test("by asking about documents that are not open, or places past their end, gets an error or nothing", async () => {
    await withServer({ files }, async (client) => {
      const nowhere = { textDocument: { uri: "file:///nowhere.json" }, position: { line: 9, character: 9 } };
      for (const method of ["textDocument/hover", "textDocument/completion", "textDocument/definition"])
        assert.equal(await codeOf(client.request(method, nowhere)), -32602, method);
      assert.deepEqual(await client.pull("file:///nowhere.json"), []);
      const uri = client.open("/w/model.json", object("pkg>Scale"));
      const past = { textDocument: { uri }, position: { line: 1_000_000, character: 1_000_000 } };
      for (const method of ["textDocument/hover", "textDocument/completion", "textDocument/definition"])
        assert.equal(await client.request(method, past), null, method);
    });
  });

  test("by sending edits out of order is told nothing of that document until its text is known again", async () => {
    await withServer({ files }, async (client) => {
      const uri = client.open("/w/model.json", object("pkg>Scal"));
      await client.pullUntil(uri, has(1));
      const change = (version: number, contentChanges: unknown[]) =>
        client.connection.sendNotification("textDocument/didChange", {
          textDocument: { uri, version },
          contentChanges,
        });
      const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };
      await change(5, [{ range, text: "{" }]);
      await change(3, [{ range, text: "" }]);
      assert.deepEqual(await client.pull(uri), []);
      assert.equal(await codeOf(client.request("textDocument/hover", client.at(uri, "Scal"))), -32801);
      await change(6, [{ text: object("pkg>Scal") }]);
      await client.pullUntil(uri, has(1));
      // A whole text that is late does not replace a newer one.
      await change(4, [{ text: "[]" }]);
      await client.pullUntil(uri, has(1));
    });
  });

  test("by edits and closes of documents that are not open is served on", async () => {
    await withServer({ files, capabilities: {}, ignores: PUSHES }, async (client) => {
      void client.connection.sendNotification("textDocument/didChange", {
        textDocument: { uri: "file:///nowhere.json", version: 2 },
        contentChanges: [{ text: "{}" }],
      });
      client.close("file:///nowhere.json");
      const uri = client.open("/w/model.json", object("pkg>Scal"));
      await client.pushed(uri, has(1));
    });
  });

  test("by never answering what it is asked holds nothing up for long", async () => {
    await withServer({ files, raw: true }, async (client) => {
      for (const method of [
        "workspace/configuration",
        "workspace/diagnostic/refresh",
        "client/registerCapability",
        "window/workDoneProgress/create",
      ])
        client.unanswered.add(method);
      await client.initialize({});
      const uri = client.open("/w/model.json", object("pkg>Scal"));
      await client.pullUntil(uri, has(1));
      // The first request to ask again was never answered; the next one comes all the same.
      void client.connection.sendNotification("workspace/didChangeConfiguration", {
        settings: { kerasConfig: { ignoredNames: ["*"] } },
      });
      await client.pullUntil(uri, has(0));
    });
  });

  test("by calling one file by two URIs gets the same answer for both, and the newer text counts", async () => {
    await withServer({ files, capabilities: {}, ignores: PUSHES }, async (client) => {
      const uri = client.open("/w/model.json", object("pkg>Scal"));
      await client.pushed(uri, has(1));
      const other = client.openUri(uri.replace("model", "%6Dodel"), object("pkg>Scale"), "json");
      await client.pushed(other, has(0));
      client.close(other);
      await client.pushed(uri, has(1));
      client.edit(uri, "pkg>Scal", "pkg>Scale");
      await client.pushed(uri, has(0));
    });
  });
});

describe("documents of any kind", () => {
  test("closed while they are checked leave nothing behind", async () => {
    const many = `[${Array.from({ length: 3000 }, () => object("pkg>Scal")).join(",")}]`;
    await withServer({ files, capabilities: {} }, async (client) => {
      for (let i = 0; i < 5; i++) {
        const uri = client.open("/w/model.json", many);
        client.close(uri);
        await client.pushed(uri, has(0));
      }
      await client.settled();
    });
  });

  test("binary, empty, deep and wrongly typed ones are answered", async () => {
    await withServer({ files }, async (client) => {
      const texts = [
        "",
        '\0\u0001PK\u0003\u0004 "class_name"',
        `"class_name"${"[".repeat(100_000)}`,
        `{"class_name": {"class_name": []}, "config": [], "module": 3, "registered_name": {}}`,
        '\uD800"class_name"',
      ];
      for (const [i, text] of texts.entries()) {
        const uri = client.open(`/w/bad${i}.json`, text);
        await client.pull(uri);
        await client.request("textDocument/hover", { textDocument: { uri }, position: { line: 0, character: 3 } });
        await client.request("textDocument/completion", { textDocument: { uri }, position: { line: 0, character: 3 } });
      }
      await client.pullUntil(client.open("/w/model.json", object("pkg>Scal")), has(1));
    });
  });

  test("of URIs that nobody made are answered", async () => {
    await withServer({ files }, async (client) => {
      for (const uri of [
        "keras-config:",
        "keras-config:/x?%zz",
        "git:/w/model.json?ref",
        "file:///c%3A/a%20%23%3F%25.json",
        "x:y",
      ]) {
        client.openUri(uri, object("pkg>Scal"), "json");
        await client.pull(uri);
        await client.request("kerasConfig/view", { textDocument: { uri } });
        await client.request("workspace/textDocumentContent", { uri });
      }
      await client.pullUntil(client.open("/w/model.json", object("pkg>Scal")), has(1));
    });
  });

  test("in no folder, and not saved anywhere, are checked", async () => {
    await withServer({ files, folders: [] }, async (client) => {
      const loose = client.open("/w/model.json", object("pkg>Scal"));
      await client.pullUntil(loose, has(1));
      const untitled = client.openUri(
        "untitled:Untitled-1",
        object("pkg>Scal").replace('"layers"', '"keras.layers"'),
        "json",
      );
      await client.pull(untitled);
    });
  });

  test("whose folder is deleted end without a stale problem", async () => {
    await withServer({ files, capabilities: {}, ignores: PUSHES }, async (client) => {
      const uri = client.open("/w/model.json", object("pkg>Scal"));
      await client.pushed(uri, has(1));
      await client.settled();
      client.remove("/w");
      await client.pushed(uri, (items) => items.every(({ severity }) => severity !== 1));
      client.close(uri);
      await client.pushed(uri, has(0));
    });
  });

  test("of 100 MB are checked, and requests are answered meanwhile", async () => {
    const one = object("pkg>Scale");
    const text = `[${object("pkg>Scal")},"${"x".repeat(100_000_000)}",${one}]`;
    await withServer({ files }, async (client) => {
      const big = client.open("/w/big.json", text);
      const items = client.pullUntil(big, has(1));
      const small = client.open("/w/small.json", one);
      assert.ok(await client.request("textDocument/hover", client.at(small, "pkg>Scale")));
      assert.equal((await items)[0]?.code, "class-not-registered");
    });
  });

  test("of a server that is killed are another server's as soon as they are opened there", async () => {
    await withServer({ files, raw: true }, async (client) => {
      await client.initialize({});
      const ended = new Promise((resolve) => client.process.once("exit", resolve));
      client.process.kill("SIGKILL");
      await ended;
      await withServer({ files }, async (next) => {
        await next.pullUntil(next.open("/w/model.json", object("pkg>Scal")), has(1));
      });
    }).catch((error: Error) => assert.match(error.message, /disposed|closed|EPIPE|destroyed/));
  });
});
