import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Diagnostic } from "vscode-languageserver-protocol";
import { withServer } from "./client.ts";

/** Where a test is about something else, it need not read them all. */
const PUSHES = ["textDocument/publishDiagnostics"];

const layers = `//- /w/my_package/__init__.py
//- /w/my_package/layers.py
import keras


@keras.saving.register_keras_serializable(package="my_package")
class Scale(keras.layers.Layer):
    """Multiplies by a factor.

    More of it.
    """


class Shift(keras.layers.Layer):
    pass
//- /w/pyproject.toml
[project]
dependencies = ["keras==3.12.0"]
`;

const object = (className: string, registeredName: string) =>
  `{"module": "my_package.layers", "class_name": "${className}", "config": {}, "registered_name": "${registeredName}"}\n`;

const has = (count: number) => (items: Diagnostic[]) => items.length === count;

const broken = object("Scale", "my_package>Scal");

describe("a client that pulls diagnostics", () => {
  test("gets every missing object with its rule, its page and what helps", async () => {
    await withServer({ files: layers, initializationOptions: { rulePages: "file:///rules/" } }, async (client) => {
      const uri = client.open("/w/model.json", broken);
      const [problem] = await client.pullUntil(uri, has(1));
      assert.ok(problem);
      assert.equal(client.covered(uri, problem.range), '"my_package>Scal"');
      assert.match(String(problem.message), /^Could not locate class 'Scale'\. .* Looked up: `my_package>Scal`\.$/);
      const { severity, code, codeDescription, source, relatedInformation } = problem;
      assert.deepEqual(
        { severity, code, codeDescription, source },
        {
          severity: 1,
          code: "class-not-registered",
          codeDescription: { href: "file:///rules/class-not-registered.md" },
          source: "Keras",
        },
      );
      const [related] = relatedInformation ?? [];
      assert.equal(related?.location.uri, client.uri("/w/my_package/layers.py"));
      assert.deepEqual(related?.location.range.start, { line: 4, character: 6 });
    });
  });

  test("gets what it has again as unchanged", async () => {
    await withServer({ files: layers }, async (client) => {
      const uri = client.open("/w/model.json", broken);
      await client.pullUntil(uri, has(1));
      const first = await client.request<{ resultId: string }>("textDocument/diagnostic", { textDocument: { uri } });
      const again = await client.request("textDocument/diagnostic", {
        textDocument: { uri },
        previousResultId: first.resultId,
      });
      assert.deepEqual(again, { kind: "unchanged", resultId: first.resultId });
    });
  });

  test("is told nothing in red where it cannot be known", async () => {
    const files = `${layers}
//- /w/my_package/other.py
import other_package
`;
    await withServer({ files }, async (client) => {
      const text = `{"module": "elsewhere", "class_name": "Foo", "config": {}, "registered_name": "other>Foo"}`;
      const uri = client.open("/w/model.json", text);
      const [hint] = await client.pullUntil(uri, has(1));
      assert.equal(hint?.severity, 4);
      assert.equal(hint?.code, "cannot-be-known");
      assert.match(
        String(hint?.message),
        /^Cannot be known: `other_package` is imported and not installed, it may register `other>Foo`, other\.py:1\.$/,
      );
      assert.equal(hint?.relatedInformation?.[0]?.location.uri, client.uri("/w/my_package/other.py"));
    });
  });

  test("is told as information what a scope or an argument provides, with the place", async () => {
    const files = `${layers}
//- /w/train.py
import keras
from my_package.layers import Scale
keras.saving.load_model("other.keras", custom_objects={"Loaded": Scale})
`;
    await withServer({ files }, async (client) => {
      const uri = client.open("/w/model.json", object("Loaded", "Loaded"));
      const [item] = await client.pullUntil(uri, has(1));
      assert.deepEqual([item?.code, item?.severity], ["cannot-be-known", 3]);
      assert.equal(item?.message, "Cannot be known: `Loaded` is provided by custom_objects= of one load, train.py:3.");
      assert.deepEqual(item?.relatedInformation, [
        {
          location: {
            uri: client.uri("/w/train.py"),
            range: { start: { line: 2, character: 54 }, end: { line: 2, character: 71 } },
          },
          message: "It is provided here",
        },
      ]);
    });
  });

  test("gets problems at once that no Python can change, and the others when it is read", async () => {
    await withServer({ files: layers }, async (client) => {
      const text = `[{"module": "keras.layers", "class_name": "Dens", "config": {"units": 1}, "registered_name": null}, ${broken}]`;
      const uri = client.open("/w/models.json", text);
      const items = await client.pull(uri);
      assert.deepEqual(items[0]?.code, "not-a-saveable-class");
      await client.pullUntil(uri, has(2));
    });
  });

  test("leaves syntax errors to the editor, and tells what lies behind them", async () => {
    await withServer({ files: layers }, async (client) => {
      const uri = client.open("/w/models.json", `[1,, ${broken}]`);
      const [problem, ...rest] = await client.pullUntil(uri, has(1));
      assert.equal(problem?.code, "class-not-registered");
      assert.deepEqual(rest, []);
    });
  });

  test("gets nothing on Python and on JSON of others", async () => {
    await withServer({ files: layers }, async (client) => {
      const python = client.open("/w/my_package/layers.py", "import keras\n");
      assert.deepEqual(await client.pull(python), []);
      const json = client.open("/w/package.json", '{"name": "x"}');
      assert.deepEqual(await client.pull(json), []);
    });
  });
});

describe("a client that cannot pull", () => {
  test("is sent the problems of an open document, with their version, and none when it closes", async () => {
    const capabilities = { textDocument: { publishDiagnostics: { versionSupport: true } } };
    await withServer({ files: layers, capabilities, ignores: PUSHES }, async (client) => {
      const uri = client.open("/w/model.json", broken);
      await client.pushed(uri, has(1));
      client.edit(uri, "Scal", "Scale");
      client.edit(uri, "my_package>Scal", "my_package>Scale");
      client.close(uri);
      await client.pushed(uri, has(0));
    });
  });

  test("and can do nothing at all is served all the same", async () => {
    await withServer({ files: layers, capabilities: {}, ignores: PUSHES }, async (client) => {
      const uri = client.open("/w/model.json", broken);
      const [problem] = await client.pushed(uri, has(1));
      assert.equal(problem?.code, "class-not-registered");
      assert.equal(problem?.relatedInformation, undefined);
      assert.equal(problem?.codeDescription, undefined);
      client.edit(uri, "my_package>Scal", "my_package>Scale");
      await client.pushed(uri, has(0));
      assert.deepEqual(client.registrations, []);
      const capabilities = client.initialized?.capabilities ?? {};
      for (const feature of [
        "completionProvider",
        "hoverProvider",
        "definitionProvider",
        "referencesProvider",
        "documentHighlightProvider",
        "renameProvider",
        "documentSymbolProvider",
        "foldingRangeProvider",
        "selectionRangeProvider",
        "workspaceSymbolProvider",
      ] as const)
        assert.ok(capabilities[feature], feature);
      assert.equal(capabilities.diagnosticProvider, undefined);
    });
  });

  test("never gets what was found for an older text after a newer one", async () => {
    await withServer(
      { files: layers, capabilities: { textDocument: { publishDiagnostics: { versionSupport: true } } } },
      async (client) => {
        const uri = client.open("/w/model.json", broken);
        for (let i = 0; i < 20; i++) {
          client.edit(uri, "my_package>Scal", "my_package>Scale");
          client.edit(uri, "my_package>Scale", "my_package>Scal");
        }
        client.edit(uri, "my_package>Scal", "my_package>Scale");
        let last = 0;
        for (;;) {
          const { version = 0, diagnostics } = await client.take<{ version?: number; diagnostics: Diagnostic[] }>(
            "textDocument/publishDiagnostics",
          );
          assert.ok(version >= last, `${version} came after ${last}`);
          last = version;
          if (version === 42) {
            assert.deepEqual(diagnostics, []);
            break;
          }
        }
      },
    );
  });
});

describe("the Python", () => {
  test("that is open wins over the disk: an edit clears the problem, unsaved", async () => {
    await withServer({ files: layers }, async (client) => {
      const uri = client.open("/w/model.json", object("Shift", "my_package>Shift"));
      await client.pullUntil(uri, has(1));
      const python = client.open("/w/my_package/layers.py", PYTHON);
      await client.pullUntil(uri, has(0));
      client.edit(python, "class Shift", "class Other");
      await client.pullUntil(uri, has(1));
      client.edit(python, "class Other", "class Shift");
      await client.pullUntil(uri, has(0));
      client.close(python);
      await client.pullUntil(uri, has(1));
    });
  });

  for (const [name, change] of [
    ["changed", (write: (path: string, text: string) => void) => write("/w/my_package/layers.py", PYTHON)],
    ["added", (write: (path: string, text: string) => void) => write("/w/my_package/more.py", PYTHON)],
    ["added in a new folder", (write: (path: string, text: string) => void) => write("/w/new/folder/more.py", PYTHON)],
  ] as const) {
    test(`${name} by another program shows without any event of the editor`, async () => {
      await withServer({ files: layers, capabilities: {}, ignores: PUSHES }, async (client) => {
        const uri = client.open("/w/model.json", object("Shift", "my_package>Shift"));
        await client.pushed(uri, has(1));
        await client.settled();
        change((path, text) => client.write(path, text));
        await client.pushed(uri, has(0));
      });
    });
  }

  test("deleted by another program brings the problem back", async () => {
    await withServer(
      { files: `${layers}\n//- /w/my_package/more.py\n${PYTHON}`, capabilities: {}, ignores: PUSHES },
      async (client) => {
        const uri = client.open("/w/model.json", object("Shift", "my_package>Shift"));
        await client.pushed(uri, has(0));
        await client.settled();
        client.remove("/w/my_package/more.py");
        await client.pushed(uri, has(1));
      },
    );
  });

  test("of another root is not what a name is missing for", async () => {
    const files = `${layers}
//- /other/shift.py
import keras

@keras.saving.register_keras_serializable(package="other")
class Shift(keras.layers.Layer):
    pass
`;
    await withServer({ files, folders: ["/w", "/other"] }, async (client) => {
      const uri = client.open(
        "/w/model.json",
        `[${object("Shift", "other>Shift")}, ${object("Scale", "other>Scale")}]`,
      );
      const items = await client.pullUntil(uri, has(2));
      assert.deepEqual(
        items.map(({ code }) => code),
        ["cannot-be-known", "class-not-registered"],
      );
      assert.match(String(items[0]?.message), /another root of the workspace, other/);
    });
  });
});

describe("the settings", () => {
  test("decide the version, the severity and what is ignored, and hold from the moment they change", async () => {
    const settings = { severity: { "class-not-registered": "warning" } };
    await withServer({ files: layers, settings }, async (client) => {
      const uri = client.open("/w/model.json", `[${broken}, ${object("Shift", "my_package>Shift")}]`);
      const items = await client.pullUntil(uri, has(2));
      assert.deepEqual(
        items.map(({ severity }) => severity),
        [2, 2],
      );
      client.settings = { ignoredNames: ["my_package>Sh*"] };
      void client.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
      const [left, ...rest] = await client.pullUntil(uri, has(1));
      assert.deepEqual([left?.severity, rest], [1, []]);
      client.settings = { ignoredFiles: ["**/*.json"] };
      void client.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
      await client.pullUntil(uri, has(0));
      client.settings = { kerasVersion: "3.15.1" };
      void client.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
      await client.pullUntil(uri, has(2));
    });
  });

  test("of the folder's own file hold for a client that gives none", async () => {
    const files = `${layers}
//- /w/.vscode/settings.json
{ "kerasConfig.severity": { "class-not-registered": "off" } }
`;
    await withServer({ files, capabilities: {}, ignores: PUSHES }, async (client) => {
      const uri = client.open("/w/model.json", broken);
      await client.pushed(uri, has(0));
    });
  });
});

const PYTHON = `import keras


@keras.saving.register_keras_serializable(package="my_package")
class Shift(keras.layers.Layer):
    pass
`;
