import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { loadCatalogue } from "../../../server/src/host/catalogue.ts";
import { checkSteps } from "../../../server/src/workspace/checkDocument.ts";
import { runThrough } from "../../../server/src/workspace/slices.ts";
import { registryOf } from "../registry/build.ts";

declare const __ROOT__: string;
const catalogue = loadCatalogue(pathToFileURL(join(__ROOT__, "server/data/")));

/** What a check of the config at /w/models/a.json says, beside a program: `found`, a rule, or a reason. */
function verdict(program: string, registeredName: string): string {
  const registry = registryOf(`# - /w/train.py
import keras
class Scale(keras.layers.Layer): pass
@keras.saving.register_keras_serializable("pkg")
class Other(keras.layers.Layer): pass
${program}`);
  const { problems, unknown } = runThrough(
    checkSteps({
      uri: "/w/models/a.json",
      text: `{"module": "train", "class_name": "Scale", "config": {}, "registered_name": "${registeredName}"}`,
      container: "json",
      targets: [{ version: "3.15.1", from: "--keras" }],
      catalogue,
      registry,
    }),
  );
  return problems[0]?.rule ?? unknown[0]?.reason ?? "found";
}

describe("the place that loads a file, in sight", () => {
  test("decides what its argument and its scopes provide", () => {
    const load = 'keras.saving.load_model("models/a.json", custom_objects={"Scale": Scale})';
    assert.equal(verdict(load, "Scale"), "found");
    assert.equal(verdict(load, "pkg>Other"), "found");
    // Keras looks up the registered name alone.
    assert.equal(verdict(load, "pkg>Scale"), "class-not-registered");
    const scope = `with keras.saving.custom_object_scope({"pkg>Scale": Scale}):
    keras.saving.load_model("./models/a.json")`;
    assert.equal(verdict(scope, "pkg>Scale"), "found");
    assert.equal(verdict(scope, "Scale"), "class-not-registered");
  });

  test("a path that is put together", () => {
    const load =
      'import os\nkeras.saving.load_model(os.path.join("models", "a.json"), custom_objects={"Scale": Scale})';
    assert.equal(verdict(load, "Scale"), "found");
  });

  test("another file's load provides nothing for certain, and says where", () => {
    const load = 'keras.saving.load_model("models/b.json", custom_objects={"Scale": Scale})';
    assert.match(verdict(load, "Scale"), /^`Scale` is provided by custom_objects= of one load, train\.py:5$/);
    assert.equal(verdict(load, "pkg>Scale"), "class-not-registered");
  });

  test("two places that load it, or one that hands in what is not known, decide nothing", () => {
    const one = 'keras.saving.load_model("models/a.json", custom_objects={"Scale": Scale})\n';
    const other = 'keras.saving.load_model("models/a.json", custom_objects={})';
    assert.match(verdict(`${one}${other}`, "Scale"), /provided by custom_objects=/);
    const open =
      'import elsewhere\nkeras.saving.load_model("models/a.json", custom_objects={"Scale": Scale, **elsewhere.MORE})';
    assert.match(verdict(open, "Scale"), /provided by custom_objects=/);
    assert.match(verdict(open, "More"), /custom_objects=/);
  });
});
