import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { strToU8, zipSync } from "fflate";
import type {
  CodeAction,
  Command,
  CompletionItem,
  CompletionList,
  Diagnostic,
  Hover,
  InsertReplaceEdit,
  Location,
  LocationLink,
  TextDocumentEdit,
  TextEdit,
  WorkspaceEdit,
} from "vscode-languageserver-protocol";
import { type Client, fullCapabilities, offsetAt, withServer } from "./client.ts";

/** Where a test is about something else, it need not read them. */
const PUSHES = ["textDocument/publishDiagnostics"];

const LAYERS = `import keras


@keras.saving.register_keras_serializable(package="my_package")
class Scale(keras.layers.Layer):
    """Multiplies by a factor.

    More of it.
    """


class Shift(keras.layers.Layer):
    pass


@keras.saving.register_keras_serializable(package="my_package")
def swishy(x):
    return x
`;

const files = `//- /w/my_package/__init__.py
//- /w/my_package/layers.py
${LAYERS}
//- /w/bare.py
class Bare:
    def get_config(self):
        return {}
//- /w/pyproject.toml
[project]
dependencies = ["keras==3.12.0"]
`;

const scale = (registeredName = "my_package>Scale") =>
  `{"module": "my_package.layers", "class_name": "Scale", "config": {}, "registered_name": "${registeredName}"}`;

const has = (count: number) => (items: Diagnostic[]) => items.length === count;

/** Waits until the Python is read: from then on answers are whole. */
async function indexed(client: Client): Promise<void> {
  await client.request("kerasConfig/registeredObjects", {});
}

/** The text after edits, which must not overlap. */
function edited(text: string, edits: readonly TextEdit[]): string {
  const sorted = edits
    .map(({ range, newText }, i) => ({
      start: offsetAt(text, range.start),
      end: offsetAt(text, range.end),
      newText,
      i,
    }))
    .sort((a, b) => b.start - a.start || b.i - a.i);
  let result = text;
  let before = Number.POSITIVE_INFINITY;
  for (const { start, end, newText } of sorted) {
    assert.ok(end <= before, "the edits overlap");
    before = start;
    result = result.slice(0, start) + newText + result.slice(end);
  }
  return result;
}

async function complete(client: Client, uri: string, part: string, offset = part.length): Promise<CompletionItem[]> {
  const list = await client.request<CompletionList | null>("textDocument/completion", client.at(uri, part, offset));
  return list?.items ?? [];
}

/** The document after one of its completions is accepted, the whole string replaced. */
function accepted(client: Client, uri: string, items: readonly CompletionItem[], label: string): string {
  const item = items.find((one) => one.label === label);
  assert.ok(item, `${label} is not among ${items.slice(0, 20).map((one) => one.label)}`);
  const { replace, newText } = item.textEdit as InsertReplaceEdit;
  return edited(client.text(uri), [{ range: replace, newText }, ...(item.additionalTextEdits ?? [])]);
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
        '{"module": "keras.layers", "class_name": "Dense", "config": {}, "registered_name": null}',
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

describe("hover", () => {
  test("tells what a custom object is, where it is registered, and by which Keras", async () => {
    await withServer({ files }, async (client) => {
      const uri = client.open("/w/model.json", scale());
      await indexed(client);
      const hover = await client.request<Hover>("textDocument/hover", client.at(uri, "my_package>Scale"));
      const text = (hover.contents as { value: string }).value;
      assert.equal(
        client.pathOf(text),
        [
          "**`my_package>Scale`** (class)",
          "`my_package.layers.Scale` in [layers.py:5](file:///w/my_package/layers.py#L5)".replace("file://", ""),
          "Registered by `@keras.saving.register_keras_serializable` in [layers.py:4](/w/my_package/layers.py#L4)",
          "Multiplies by a factor.",
          "`deserialize_keras_object` of Keras 3.12.0 (pyproject.toml pins keras 3.12.0)",
        ].join("\n\n"),
      );
      assert.equal(hover.range && client.covered(uri, hover.range), '"my_package>Scale"');
    });
  });

  test("tells what Keras raises, and what helps", async () => {
    await withServer({ files }, async (client) => {
      const uri = client.open("/w/model.json", scale("my_package>Scal"));
      await indexed(client);
      const hover = await client.request<Hover>("textDocument/hover", client.at(uri, "Scale"));
      const text = (hover.contents as { value: string }).value;
      assert.match(text, /^Keras raises TypeError:\n\n```text\nCould not locate class 'Scale'/);
      assert.match(text, /`Scale` is registered as `my_package>Scale`: write that key\./);
    });
  });

  test("describes built-ins at once, in plain text for a client that has no Markdown", async () => {
    await withServer({ files, capabilities: {}, ignores: PUSHES }, async (client) => {
      const uri = client.open(
        "/w/model.json",
        '{"module": "keras.layers", "class_name": "Dense", "config": {}, "registered_name": null}',
      );
      const hover = await client.request<Hover>("textDocument/hover", client.at(uri, "Dense"));
      const { kind, value } = hover.contents as { kind: string; value: string };
      assert.equal(kind, "plaintext");
      assert.match(value, /^`keras\.layers\.Dense` \(class of Keras\)/);
    });
  });
});

describe("definition", () => {
  test("leads from each identity field to the decorated class, the string's content being the origin", async () => {
    await withServer({ files }, async (client) => {
      const uri = client.open("/w/model.json", scale());
      for (const [part, content] of [
        ["my_package>Scale", "my_package>Scale"],
        ['"Scale"', "Scale"],
        ['"my_package.layers"', "my_package.layers"],
      ] as const) {
        const [link, ...rest] = await client.request<LocationLink[]>(
          "textDocument/definition",
          client.at(uri, part, 2),
        );
        assert.ok(link && rest.length === 0);
        assert.equal(client.pathOf(link.targetUri), "file:///w/my_package/layers.py".replace("file://", ""));
        assert.deepEqual(link.targetSelectionRange, {
          start: { line: 4, character: 6 },
          end: { line: 4, character: 11 },
        });
        assert.equal(link.originSelectionRange && client.covered(uri, link.originSelectionRange), content);
      }
    });
  });

  test("of a built-in leads into the Keras of the environment", async () => {
    const environment = `${files}
//- /w/.venv/pyvenv.cfg
home = /usr
//- /w/.venv/lib/python3.12/site-packages/keras-3.12.0.dist-info/METADATA
Name: keras
//- /w/.venv/lib/python3.12/site-packages/keras/src/layers/core/dense.py
from keras.src.layers.layer import Layer


class Dense(Layer):
    pass
`;
    await withServer({ files: environment, capabilities: {}, ignores: PUSHES }, async (client) => {
      const uri = client.open(
        "/w/model.json",
        '{"module": "keras.layers", "class_name": "Dense", "config": {}, "registered_name": null}',
      );
      const [target] = await client.request<Location[]>("textDocument/definition", client.at(uri, "Dense"));
      assert.match(target?.uri ?? "", /site-packages\/keras\/src\/layers\/core\/dense\.py$/);
      assert.deepEqual(target?.range.start, { line: 3, character: 6 });
    });
  });

  test("of what is not found leads to a class of that name", async () => {
    await withServer({ files }, async (client) => {
      const uri = client.open("/w/model.json", scale("my_package>Nothing"));
      const [link] = await client.request<LocationLink[]>("textDocument/definition", client.at(uri, "Nothing"));
      assert.match(link?.targetUri ?? "", /layers\.py$/);
    });
  });
});

describe("references", () => {
  test("of a decorated class are the configs that name it, open or closed, JSON and .keras", async () => {
    const more = `${files}
//- /w/closed.json
{"a": ${scale()}, "b": ${scale("my_package>Other")}}
//- /w/unrelated.json
{"Scale": 1}
`;
    await withServer({ files: more }, async (client) => {
      client.write("/w/model.keras", zipSync({ "config.json": strToU8(scale()), "metadata.json": strToU8("{}") }));
      const open = client.open("/w/open.json", `[${scale()}]`);
      const python = client.open("/w/my_package/layers.py", LAYERS);
      for (const part of ["Scale", "register_keras_serializable"]) {
        const found = await client.request<Location[]>("textDocument/references", {
          ...client.at(python, part),
          context: { includeDeclaration: false },
        });
        const places = found.map(
          ({ uri, range }) => `${client.pathOf(uri)} ${range.start.line}:${range.start.character}`,
        );
        assert.deepEqual(
          places.map((place) => place.replace(/\?.*? /, "? ")),
          [
            `/w/open.json 0:${client.text(open).indexOf('"my_package>Scale"')}`,
            `/w/closed.json 0:${`{"a": ${scale()}`.indexOf('"my_package>Scale"')}`,
            "keras-config:/w/model.keras/config.json? 4:21",
          ],
        );
      }
      const from = await client.request<Location[]>("textDocument/references", {
        ...client.at(open, "my_package>Scale"),
        context: { includeDeclaration: true },
      });
      assert.equal(from.length, 4);
      assert.match(from[0]?.uri ?? "", /layers\.py$/);
    });
  });

  test("elsewhere in Python are none", async () => {
    await withServer({ files }, async (client) => {
      const python = client.open("/w/my_package/layers.py", LAYERS);
      const found = await client.request("textDocument/references", {
        ...client.at(python, "Shift"),
        context: { includeDeclaration: true },
      });
      assert.equal(found, null);
    });
  });
});

async function fixes(client: Client, uri: string, part: string): Promise<CodeAction[]> {
  const text = client.text(uri);
  const range = client.rangeIn(text, text.indexOf(part), text.indexOf(part) + part.length);
  return client.request("textDocument/codeAction", { textDocument: { uri }, range, context: { diagnostics: [] } });
}

function textEdits(edit: WorkspaceEdit | undefined, uri: string): TextEdit[] {
  const changes = (edit?.documentChanges ?? []) as TextDocumentEdit[];
  return changes.filter((change) => change.textDocument?.uri === uri).flatMap((change) => change.edits as TextEdit[]);
}

describe("quick fixes", () => {
  const client = { ...fullCapabilities };

  test("write the key under which the class is registered", async () => {
    await withServer({ files, capabilities: client }, async (client) => {
      const uri = client.open("/w/model.json", scale("my_package>Scal"));
      await client.pullUntil(uri, has(1));
      const [fix, ignore, ...rest] = await fixes(client, uri, "my_package>Scal");
      assert.deepEqual([fix?.title, fix?.isPreferred], ["Change `registered_name` to `my_package>Scale`", true]);
      assert.equal(fix?.diagnostics?.[0]?.code, "class-not-registered");
      assert.equal(edited(client.text(uri), textEdits(fix?.edit, uri)), scale());
      assert.equal(ignore?.title, "Ignore `my_package>Scal`");
      assert.deepEqual(rest, []);
    });
  });

  test("add `registered_name` where it is missing, in the layout of the object", async () => {
    await withServer({ files }, async (client) => {
      const uri = client.open(
        "/w/model.json",
        '{\n  "module": "my_package.layers",\n  "class_name": "Scale",\n  "config": {"name": "a", "trainable": true}\n}',
      );
      await client.pullUntil(uri, has(1));
      const [fix] = await fixes(client, uri, "Scale");
      assert.equal(fix?.title, "Add `registered_name`: `my_package>Scale`");
      assert.equal(
        edited(client.text(uri), textEdits(fix?.edit, uri)),
        '{\n  "module": "my_package.layers",\n  "class_name": "Scale",\n  "registered_name": "my_package>Scale",\n  "config": {"name": "a", "trainable": true}\n}',
      );
    });
  });

  test("correct a built-in name", async () => {
    await withServer({ files }, async (client) => {
      const uri = client.open(
        "/w/model.json",
        '{"module": "keras.layers", "class_name": "Dens", "config": {"units": 1, "activation": "rleu"}, "registered_name": null}',
      );
      await client.pullUntil(uri, has(1));
      const [fix] = await fixes(client, uri, "Dens");
      assert.equal(fix?.title, "Change `class_name` to `Dense`");
      client.edit(uri, '"Dens"', '"Dense"');
      await client.pullUntil(uri, has(1));
      const [other] = await fixes(client, uri, "rleu");
      assert.equal(other?.title, "Change to `relu`");
      assert.match(edited(client.text(uri), textEdits(other?.edit, uri)), /"activation": "relu"/);
    });
  });

  test("decorate the class that was found, with the package and name of the key", async () => {
    await withServer({ files }, async (client) => {
      const uri = client.open(
        "/w/model.json",
        '{"module": "my_package.layers", "class_name": "Shift", "config": {}, "registered_name": "mine>Moved"}',
      );
      await client.pullUntil(uri, has(1));
      const [fix] = await fixes(client, uri, "mine>Moved");
      const line = '@keras.saving.register_keras_serializable(package="mine", name="Moved")';
      assert.equal(fix?.title, `Add \`${line}\` to \`Shift\``);
      const python = client.uri("/w/my_package/layers.py");
      assert.equal(edited(LAYERS, textEdits(fix?.edit, python)), LAYERS.replace("class Shift", `${line}\nclass Shift`));
    });
  });

  test("decorate and write the key where the config names none that can be registered", async () => {
    await withServer({ files }, async (client) => {
      const uri = client.open(
        "/w/model.json",
        '{"module": "my_package.layers", "class_name": "Shift", "config": {}, "registered_name": "Shift"}',
      );
      await client.pullUntil(uri, has(1));
      const [fix] = await fixes(client, uri, '"class_name": "Shift"');
      assert.equal(
        fix?.title,
        'Add `@keras.saving.register_keras_serializable(package="my_package")` to `Shift`, write `my_package>Shift`',
      );
      assert.match(edited(client.text(uri), textEdits(fix?.edit, uri)), /"registered_name": "my_package>Shift"/);
    });
  });

  test("import Keras where the file does not", async () => {
    await withServer({ files }, async (client) => {
      const uri = client.open(
        "/w/model.json",
        '{"module": "bare", "class_name": "Bare", "config": {}, "registered_name": "p>Bare"}',
      );
      await client.pullUntil(uri, has(1));
      const [fix] = await fixes(client, uri, "p>Bare");
      assert.equal(
        fix?.title,
        'Add `@keras.saving.register_keras_serializable(package="p")` and `import keras` to `Bare`',
      );
      const text = readFileSync(client.path("/w/bare.py"), "utf8");
      assert.equal(
        edited(text, textEdits(fix?.edit, client.uri("/w/bare.py"))),
        `import keras\n\n\n@keras.saving.register_keras_serializable(package="p")\n${text}`,
      );
    });
  });

  test("ignore a name by the client's own command, or by the folder's settings file", async () => {
    await withServer({ files, initializationOptions: { commands: ["kerasConfig.ignoreName"] } }, async (client) => {
      const uri = client.open("/w/model.json", scale("my_package>Scal"));
      await client.pullUntil(uri, has(1));
      const ignore = (await fixes(client, uri, "my_package>Scal")).at(-1);
      assert.deepEqual(ignore?.command, {
        title: "Ignore `my_package>Scal`",
        command: "kerasConfig.ignoreName",
        arguments: ["my_package>Scal", uri],
      });
    });
    await withServer({ files }, async (client) => {
      const uri = client.open("/w/model.json", scale("my_package>Scal"));
      await client.pullUntil(uri, has(1));
      const ignore = (await fixes(client, uri, "my_package>Scal")).at(-1);
      const settings = client.uri("/w/.vscode/settings.json");
      assert.deepEqual(ignore?.edit?.documentChanges?.[0], { kind: "create", uri: settings });
      assert.equal(
        edited("", textEdits(ignore?.edit, settings)),
        '{\n  "kerasConfig.ignoredNames": [\n    "my_package>Scal"\n  ]\n}\n',
      );
    });
  });

  test("are commands of the same title for a client without literals, and applied through it", async () => {
    const capabilities = { workspace: { applyEdit: true } };
    await withServer({ files, capabilities, ignores: PUSHES }, async (client) => {
      const uri = client.open("/w/model.json", scale("my_package>Scal"));
      await client.pushed(uri, has(1));
      const [command] = (await fixes(client, uri, "my_package>Scal")) as unknown as Command[];
      assert.equal(command?.title, "Change `registered_name` to `my_package>Scale`");
      assert.equal(command?.command, "kerasConfig.applyFix");
      await client.request("workspace/executeCommand", { command: command?.command, arguments: command?.arguments });
      const { edit } = await client.take<{ edit: WorkspaceEdit }>("workspace/applyEdit");
      assert.equal(edited(client.text(uri), edit.changes?.[uri] ?? []), scale());
    });
  });
});
