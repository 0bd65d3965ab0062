import assert from "node:assert/strict";
import { test } from "node:test";
import { hintFor } from "../../../server/src/rules/hints.ts";
import { ownWords } from "../../../server/src/rules/ownWords.ts";
import { catalogue } from "../../recorded/shippedCatalogue.ts";
import { simulateRecord } from "../../recorded/simulateRecord.ts";
import { workspaceRegistry } from "../../recorded/workspaceRegistry.ts";

const registry = workspaceRegistry({
  "lab.py": `
import keras

@keras.saving.register_keras_serializable("lab")
class Block(keras.layers.Layer):
    def __init__(self, layer=None, layers=(), **kwargs):
        super().__init__(**kwargs)
        self.units = layer.units
        for one in layers:
            self.units += one.units

    def call(self, x):
        return x
`,
});
const dense = { module: "keras.layers", class_name: "Dense", config: { units: 4 }, registered_name: null };

/** What is said of the first failure of a load, and the advice on it. */
function said(config: object): [string, string | undefined] {
  const object = { module: "lab", class_name: "Block", config, registered_name: "lab>Block" };
  const release = catalogue.release("3.15.1");
  const record = { loader: "deserialize_keras_object", config: JSON.stringify(object) } as const;
  const { tree, events } = simulateRecord(record, release, registry);
  const failed = events.find((event) => event.kind === "failed");
  assert.ok(failed?.failure.own);
  const hint = hintFor(failed.failure, failed.node, tree, { registry, release, load: undefined });
  return [ownWords(failed.failure, failed.failure.own, tree), hint?.text];
}

test("an object that nobody has deserialized is named, with what from_config is to do", () => {
  assert.deepEqual(said({ layer: dense }), [
    "`Block.__init__` cannot use `layer`, which is a dict still. Python says: 'dict' object has no attribute 'units'",
    'Let `from_config` make an object of it: `config["layer"] = keras.saving.deserialize_keras_object(config["layer"])`.',
  ]);
});

test("so is any other value, which is shown as it is", () => {
  assert.deepEqual(said({ layer: "relu" }), [
    "`Block.__init__` cannot use `layer`, as the config has it. Python says: 'str' object has no attribute 'units'",
    undefined,
  ]);
});
