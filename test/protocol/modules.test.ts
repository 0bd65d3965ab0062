import assert from "node:assert/strict";
import { test } from "node:test";
import type { Diagnostic } from "vscode-languageserver-protocol";
import { type Client, withServer } from "./client.ts";

const PUSHES = ["textDocument/publishDiagnostics"];
const layers = `import keras
@keras.saving.register_keras_serializable(package="p")
class A(keras.layers.Layer):
    pass
`;
const config = '{"module": "mine", "class_name": "A", "config": {}, "registered_name": "p>A"}';
const files = `//- /w/pyproject.toml
[project]
dependencies = ["keras==3.12.0"]
//- /w/train.py
import mine
//- /env/lib/python3.12/site-packages/mine.py
${layers}
//- /env/bin/python
`;
const rules =
  (...expected: string[]) =>
  (items: Diagnostic[]) =>
    items.map(({ code }) => code).join() === expected.join();
const report = (client: Client, environments: unknown) =>
  client.connection.sendNotification("kerasConfig/pythonEnvironments", { environments });

test("the environment that the client reports is looked into, until it reports another", async () => {
  await withServer({ files, capabilities: {}, ignores: PUSHES }, async (client) => {
    const uri = client.open("/w/model.json", config);
    await client.pushed(uri, rules("cannot-be-known"));
    await report(client, [{ folder: client.uri("/w"), sysPrefix: client.uri("/env") }]);
    await client.pushed(uri, rules());
    await report(client, []);
    await client.pushed(uri, rules("cannot-be-known"));
  });
});

test("a report that is none is logged, and changes nothing", async () => {
  await withServer({ files, capabilities: {}, ignores: PUSHES }, async (client) => {
    for (const wrong of [undefined, 3, [3], [{ folder: "x" }], [null]]) await report(client, wrong);
    const uri = client.open("/w/model.json", config);
    await client.pushed(uri, rules("cannot-be-known"));
    const complaints = client.logged.filter((line) => line.includes("wants environments"));
    assert.equal(complaints.length, 5);
  });
});

test("the setting names an environment by its Python, and is heeded when it changes", async () => {
  const settings = { python: { environment: "../env/bin/python" } };
  await withServer({ files, ignores: PUSHES, settings }, async (client) => {
    const uri = client.open("/w/model.json", config);
    await client.pullUntil(uri, rules());
    client.settings = {};
    void client.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
    await client.pullUntil(uri, rules("cannot-be-known"));
  });
});

test("python.analysis.extraPaths of the client adds folders to import from", async () => {
  const elsewhere = `${files}//- /shared/lib/mine.py\n${layers}`;
  await withServer({ files: elsewhere, ignores: PUSHES }, async (client) => {
    const uri = client.open("/w/model.json", config);
    await client.pullUntil(uri, rules("cannot-be-known"));
    client.connection.onRequest("workspace/configuration", ({ items }: { items: { section?: string }[] }) =>
      items.map(({ section }) => (section === "python.analysis" ? { extraPaths: ["../shared/lib"] } : null)),
    );
    void client.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
    await client.pullUntil(uri, rules());
  });
});

test("a project's file that says where packages are is read again when it changes", async () => {
  const moved = `//- /w/pyproject.toml
[project]
dependencies = ["keras==3.8.0"]
//- /w/code/layers.py
${layers}
`;
  const byModule = '{"module": "mine.layers", "class_name": "A", "config": {}, "registered_name": null}';
  await withServer({ files: moved, capabilities: {}, ignores: PUSHES }, async (client) => {
    const uri = client.open("/w/model.json", byModule);
    await client.pushed(uri, rules("module-not-importable"));
    await client.settled();
    const project = '[project]\ndependencies = ["keras==3.8.0"]\n[tool.setuptools.package-dir]\nmine = "code"\n';
    client.write("/w/pyproject.toml", project);
    await client.pushed(uri, rules());
  });
});
