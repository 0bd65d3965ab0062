import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Diagnostic } from "vscode-languageserver-protocol";
import { withServer } from "./client.ts";

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

describe("a client that pulls diagnostics", () => {
  test("gets every missing object with its rule, its page and what helps", async () => {
    await withServer({ files: layers, initializationOptions: { rulePages: "file:///rules/" } }, async (client) => {
      const uri = client.open("/w/model.json", object("Scale", "my_package>Scal"));
      const [problem] = await client.pullUntil(uri, has(1));
      assert.ok(problem);
      assert.equal(client.covered(uri, problem.range), '"my_package>Scal"');
      assert.match(String(problem.message), /^Could not locate class 'Scale'\. .* Looked up: `my_package>Scal`\.$/);
      const { severity, code, codeDescription, source, relatedInformation } = problem;
      assert.deepEqual(
        { severity, code, codeDescription, source },
        { severity: 1, code: "class-not-registered", codeDescription: { href: "file:///rules/class-not-registered.md" }, source: "Keras" },
      );
      const [related] = relatedInformation ?? [];
      assert.equal(related?.location.uri, client.uri("/w/my_package/layers.py"));
      assert.deepEqual(related?.location.range.start, { line: 4, character: 6 });
    });
  });
});
