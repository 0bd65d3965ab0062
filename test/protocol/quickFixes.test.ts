import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import type { CodeAction, Command, TextDocumentEdit, TextEdit, WorkspaceEdit } from "vscode-languageserver-protocol";
import { type Client, fullCapabilities, withServer } from "./client.ts";
import { edited, files, has, indexed, LAYERS, PUSHES, scale } from "./project.ts";

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

  test("write a custom function as an object where its name is not looked up as a string", async () => {
    await withServer({ files }, async (client) => {
      const uri = client.open(
        "/w/model.json",
        '{"module": "keras.layers", "class_name": "Dense", "config": {"units": 1, "activation": "my_package>swishy"}, "registered_name": null}',
      );
      await indexed(client);
      const [problem] = await client.pullUntil(uri, has(1));
      assert.equal(problem?.code, "unknown-identifier");
      const [fix] = await fixes(client, uri, "my_package>swishy");
      assert.equal(fix?.title, "Change to `the object of my_package>swishy`");
      assert.match(
        edited(client.text(uri), textEdits(fix?.edit, uri)),
        /"activation": \{"module": "builtins", "class_name": "function", "config": "my_package>swishy", "registered_name": "function"\}/,
      );
    });
  });

  test("add an argument that is missing, with its default where it has one", async () => {
    const ramp = `//- /w/ramp.py
import keras

@keras.saving.register_keras_serializable("p")
class Ramp(keras.initializers.Initializer):
    def __init__(self, slope=1.5):
        self.slope = slope

    @classmethod
    def from_config(cls, config):
        return cls(config["slope"])
`;
    await withServer({ files: files + ramp }, async (client) => {
      const uri = client.open(
        "/w/model.json",
        '{"module": "keras.layers", "class_name": "Dense", "config": {"use_bias": true}, "registered_name": null}',
      );
      const [problem] = await client.pullUntil(uri, has(1));
      assert.equal(problem?.code, "missing-argument");
      const [add] = await fixes(client, uri, "Dense");
      assert.equal(add?.title, "Add `units`, to fill in");
      assert.match(
        edited(client.text(uri), textEdits(add?.edit, uri)),
        /"config": \{"use_bias": true, "units": null\}/,
      );
      client.edit(
        uri,
        client.text(uri),
        '{"module": "ramp", "class_name": "Ramp", "config": {}, "registered_name": "p>Ramp"}',
      );
      await client.pullUntil(uri, (problems) => JSON.stringify(problems).includes("slope"));
      const [withDefault] = await fixes(client, uri, '"Ramp"');
      assert.equal(withDefault?.title, "Add `slope`: `1.5`");
      assert.match(edited(client.text(uri), textEdits(withDefault?.edit, uri)), /"config": \{"slope": 1.5\}/);
    });
  });

  test("rename or remove an argument, and correct its value", async () => {
    await withServer({ files }, async (client) => {
      const uri = client.open(
        "/w/model.json",
        '{"module": "keras.optimizers", "class_name": "Adam", "config": {"lr": 0.1}, "registered_name": null}',
      );
      const [problem] = await client.pullUntil(uri, has(1));
      assert.deepEqual([problem?.code, problem?.severity], ["unknown-argument", 1]);
      const [rename, remove] = await fixes(client, uri, "lr");
      assert.deepEqual([rename?.title, remove?.title], ["Rename `lr` to `learning_rate`", "Remove `lr`"]);
      assert.match(edited(client.text(uri), textEdits(rename?.edit, uri)), /"config": \{"learning_rate": 0.1\}/);
      assert.match(edited(client.text(uri), textEdits(remove?.edit, uri)), /"config": \{\}/);
      client.edit(
        uri,
        client.text(uri),
        '{"module": "keras.layers", "class_name": "Conv2D", "config": {"filters": 1, "kernel_size": 3, "padding": "smae"}, "registered_name": null}',
      );
      await client.pullUntil(uri, has(1));
      const [correct] = await fixes(client, uri, "smae");
      assert.equal(correct?.title, "Change to `same`");
    });
  });

  test("add the config without which an object stays a dict", async () => {
    await withServer({ files }, async (client) => {
      const uri = client.open(
        "/w/model.json",
        '{"module": "keras.layers", "class_name": "TimeDistributed", "config": {"layer": {"module": "keras.layers", "class_name": "Flatten"}}, "registered_name": null}',
      );
      const [problem] = await client.pullUntil(uri, has(1));
      assert.deepEqual([problem?.code, problem?.severity], ["missing-config", 1]);
      const [fix] = await fixes(client, uri, "Flatten");
      assert.equal(fix?.title, "Add `config`: `{}`");
      assert.match(edited(client.text(uri), textEdits(fix?.edit, uri)), /"class_name": "Flatten", "config": \{\}\}/);
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
