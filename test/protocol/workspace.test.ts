import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { strToU8, zipSync } from "fflate";
import type { Diagnostic, Location, PublishDiagnosticsParams, Range } from "vscode-languageserver-protocol";
import { withServer } from "./client.ts";

const files = `//- /w/layers.py
import keras


@keras.saving.register_keras_serializable(package="pkg")
class Scale(keras.layers.Layer):
    pass
//- /w/requirements.txt
keras==3.12.0
`;

const scale = (registeredName = "pkg>Scale") =>
  `{"module": "layers", "class_name": "Scale", "config": {}, "registered_name": "${registeredName}"}`;
const archive = (config: string) =>
  zipSync({ "config.json": strToU8(config), "metadata.json": strToU8('{"keras_version": "3.8.0"}') });
const has = (count: number) => (items: Diagnostic[]) => items.length === count;

interface View {
  readonly uri: string;
  readonly range?: Range;
}

describe("a formatted view", () => {
  test("of a .keras file is its config, with its problems, read-only and up to date", async () => {
    await withServer({ files }, async (client) => {
      client.write("/w/model.keras", archive(scale("pkg>Scal")));
      const view = await client.request<View>("kerasConfig/view", {
        textDocument: { uri: client.uri("/w/model.keras") },
      });
      assert.equal(client.pathOf(view.uri).replace(/\?.*$/, ""), "keras-config:/w/model.keras/config.json");
      const { text } = await client.request<{ text: string }>("workspace/textDocumentContent", { uri: view.uri });
      assert.equal(
        text,
        '{\n  "module": "layers",\n  "class_name": "Scale",\n  "config": {},\n  "registered_name": "pkg>Scal"\n}\n',
      );
      client.openUri(view.uri, text, "json");
      const [problem] = await client.pullUntil(view.uri, has(1));
      assert.equal(problem && client.covered(view.uri, problem.range), '"pkg>Scal"');
      const status = await client.request<{ keras: unknown; loader: string; view: boolean }>(
        "kerasConfig/documentStatus",
        {
          textDocument: { uri: view.uri },
        },
      );
      assert.deepEqual(status.keras, [{ version: "3.12.0", from: "requirements.txt pins keras 3.12.0" }]);
      assert.deepEqual([status.loader, status.view], ["load_model", true]);
      await client.settled();
      client.write("/w/model.keras", archive(scale()));
      assert.deepEqual(await client.take("workspace/textDocumentContent/refresh"), { uri: view.uri });
      const again = await client.request<{ text: string }>("workspace/textDocumentContent", { uri: view.uri });
      assert.match(again.text, /"pkg>Scale"/);
    });
  });

  test("of a config on one line shows the value at the caret, told by its pointer, and its fixes edit the source", async () => {
    const text = `{"list": [${scale()}, ${scale("pkg>Scal")}]}`;
    await withServer({ files: `${files}\n//- /w/long.json\n${text}` }, async (client) => {
      const uri = client.open("/w/long.json", text);
      const view = await client.request<View>("kerasConfig/view", client.at(uri, 'pkg>Scal"'));
      assert.equal(client.pathOf(view.uri).replace(/\?.*$/, ""), "keras-config:/w/long.formatted.json");
      const content = await client.request<{ text: string }>("workspace/textDocumentContent", { uri: view.uri });
      client.openUri(view.uri, content.text, "json");
      assert.equal(view.range && client.covered(view.uri, view.range), '"pkg>Scal"');
      const [problem] = await client.pullUntil(view.uri, has(1));
      assert.equal(problem && client.covered(view.uri, problem.range), '"pkg>Scal"');
      const [fix] = await client.request<{ title: string; edit: { documentChanges: unknown[] } }[]>(
        "textDocument/codeAction",
        { textDocument: { uri: view.uri }, range: problem?.range, context: { diagnostics: [problem] } },
      );
      const start = text.indexOf('"pkg>Scal"');
      assert.deepEqual(fix?.edit.documentChanges, [
        {
          textDocument: { uri, version: 1 },
          edits: [{ range: client.rangeIn(text, start, start + 10), newText: '"pkg>Scale"' }],
        },
      ]);
      client.edit(uri, 'pkg>Scal"', 'pkg>Sca"');
      assert.deepEqual(await client.take("workspace/textDocumentContent/refresh"), { uri: view.uri });
    });
  });

  test("of what is no model is Keras's sentence, or nothing", async () => {
    await withServer({ files: `${files}\n//- /w/plain.json\n{"a": 1}` }, async (client) => {
      client.write("/w/broken.keras", "no archive");
      const ask = (path: string) => client.request("kerasConfig/view", { textDocument: { uri: client.uri(path) } });
      assert.deepEqual(await ask("/w/broken.keras"), {
        problem: {
          rule: "unreadable-archive",
          message:
            "ValueError: File not found: filepath=broken.keras. Please ensure the file is an accessible `.keras` zip file.",
          hint: "This is no zip archive.",
        },
      });
      assert.deepEqual(await ask("/w/nowhere.keras"), {
        problem: { message: "The file cannot be read: no such file or folder." },
      });
      assert.equal(await ask("/w/plain.json"), null);
    });
  });

  test("is where references lead whose line no editor draws to its end", async () => {
    const long = `{"padding": "${"x".repeat(11_000)}", "a": ${scale()}}`;
    await withServer({ files: `${files}\n//- /w/long.json\n${long}` }, async (client) => {
      const python = client.open("/w/layers.py", `\n\n\n\nclass Scale:`);
      client.close(python);
      const uri = client.open("/w/one.json", scale());
      const found = await client.request<Location[]>("textDocument/references", {
        ...client.at(uri, "pkg>Scale"),
        context: { includeDeclaration: false },
      });
      assert.deepEqual(
        found.map((one) => client.pathOf(one.uri).replace(/\?.*$/, "")),
        ["file:///w/one.json".replace("file://", ""), "keras-config:/w/long.formatted.json"],
      );
    });
  });
});

describe("the check of all configs", () => {
  test("tells the problems of closed ones, keeps them up to date, and leaves open ones to their own channel", async () => {
    const more = `${files}
//- /w/a.json
${scale("pkg>Scal")}
//- /w/b.json
${scale()}
//- /w/notes.json
{"a": 1}
`;
    await withServer({ files: more }, async (client) => {
      client.write("/w/model.keras", archive(scale("pkg>Scal")));
      const answer = await client.request("kerasConfig/checkWorkspace", {});
      assert.deepEqual(answer, { files: 4, configs: 3, problems: 2, errors: 2 });
      const a = client.uri("/w/a.json");
      await client.pushed(a, has(1));
      const inArchive = await client.take<PublishDiagnosticsParams>("textDocument/publishDiagnostics");
      assert.match(inArchive.uri, /^keras-config:.*model\.keras\/config\.json\?/);
      assert.equal(inArchive.diagnostics[0]?.range.start.line, 4);
      client.open("/w/a.json", scale("pkg>Scal"));
      await client.pushed(a, has(0));
      await client.pullUntil(a, has(1));
      await client.settled();
      client.write("/w/b.json", scale("pkg>Scael"));
      await client.pushed(client.uri("/w/b.json"), has(1));
      client.remove("/w/b.json");
      await client.pushed(client.uri("/w/b.json"), has(0));
    });
  });
});

describe("what the client's commands ask", () => {
  test("registered objects with their places, the known versions, the state of a document", async () => {
    await withServer({ files, initializationOptions: { client: "vscode" } }, async (client) => {
      const [object] = await client.request<{ key: string; location: Location; via: string; folder: string }[]>(
        "kerasConfig/registeredObjects",
        {},
      );
      assert.deepEqual(
        [object?.key, object?.via, object?.folder],
        ["pkg>Scale", "@keras.saving.register_keras_serializable", "w"],
      );
      const { versions } = await client.request<{ versions: string[] }>("kerasConfig/kerasVersions", {});
      assert.equal(versions[0], "2.15.1");
      assert.ok(versions.includes("3.0.0"));
      const uri = client.open("/w/model.json", scale("pkg>Scal"));
      await client.pullUntil(uri, has(1));
      assert.deepEqual(await client.request("kerasConfig/documentStatus", { textDocument: { uri } }), {
        keras: [{ version: "3.12.0", from: "requirements.txt pins keras 3.12.0" }],
        dialect: "object",
        loader: "deserialize_keras_object",
        objects: 1,
        problems: 1,
        unknown: 0,
        index: { state: "complete" },
        missing: [],
        longestLine: scale("pkg>Scal").length,
        view: false,
      });
      assert.equal(
        await client.request("kerasConfig/documentStatus", { textDocument: { uri: "file:///nowhere.json" } }),
        null,
      );
      await client.take("kerasConfig/status", ({ quiescent }: { quiescent: boolean }) => quiescent);
      await client.take("kerasConfig/status", ({ quiescent }: { quiescent: boolean }) => !quiescent);
      await client.take("kerasConfig/status", ({ quiescent }: { quiescent: boolean }) => quiescent);
    });
  });
});
