import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { jsonPointer } from "../../../server/src/json/index.ts";
import { catalogue } from "../../recorded/shippedCatalogue.ts";
import { simulateRecord } from "../../recorded/simulateRecord.ts";
import { workspaceRegistry } from "../../recorded/workspaceRegistry.ts";

const workspace = workspaceRegistry({
  "m.py": `import keras

@keras.saving.register_keras_serializable("p", name="clip")
def hard_clip(x):
    return x
`,
});

function gru(config: object = {}) {
  return { module: "keras.layers", class_name: "GRU", config: { units: 2, ...config }, registered_name: null };
}

/** `POINTER: the message` of every error of a Bidirectional with these layers. */
function problems(layer: object, backward?: object | null, version = "3.15.1"): string[] {
  const config = { layer, ...(backward === undefined ? {} : { backward_layer: backward }) };
  const object = { module: "keras.layers", class_name: "Bidirectional", config, registered_name: null };
  const load = { loader: "deserialize_keras_object", config: JSON.stringify(object) } as const;
  const { tree, events } = simulateRecord(load, catalogue.release(version), workspace);
  return events.flatMap((event) =>
    event.kind === "failed" ? [`${jsonPointer(tree, event.failure.node)}: ${event.outcome.message}`] : [],
  );
}

describe("the two layers of a Bidirectional", () => {
  test("go in different directions", () => {
    const said = "Forward layer and backward layer should have different `go_backwards` value. Received:";
    assert.deepEqual(problems(gru(), gru({ go_backwards: true })), []);
    assert.deepEqual(problems(gru(), null), []);
    assert.deepEqual(problems(gru(), gru({ go_backwards: false })), [
      `/config/backward_layer/config/go_backwards: ${said} forward_layer.go_backwards False, backward_layer.go_backwards=False`,
    ]);
    assert.deepEqual(problems(gru({ go_backwards: true })), [
      `/config/layer/config/go_backwards: ${said} forward_layer.go_backwards True, backward_layer.go_backwards=True`,
    ]);
  });

  test("agree in what they return", () => {
    const said = "Forward layer and backward layer are expected to have the same value for attribute";
    const back = { go_backwards: true };
    assert.deepEqual(problems(gru({ return_sequences: true }), gru(back)), [
      `/config/layer/config/return_sequences: ${said} "return_sequences", got "True" for forward layer and "False" for backward layer`,
    ]);
    assert.deepEqual(problems(gru(), gru({ ...back, return_state: { a: 1 } })), [
      `/config/backward_layer/config/return_state: ${said} "return_state", got "False" for forward layer and "{'a': 1}" for backward layer`,
    ]);
    assert.deepEqual(problems(gru({ stateful: 1 }), gru({ ...back, stateful: true })), []);
  });

  test("are made again of what they are written as, to 3.6 without the package of a function", () => {
    const printed =
      "{'module': 'builtins', 'class_name': 'function', 'config': 'hard_clip', 'registered_name': 'function'}";
    const layer = gru({ recurrent_initializer: "p>clip" });
    assert.deepEqual(problems(layer, undefined, "3.6.0"), [
      `/config/layer/config/recurrent_initializer: Could not interpret initializer identifier: ${printed}`,
    ]);
    assert.deepEqual(problems(layer, undefined, "3.7.0"), []);
    assert.deepEqual(problems(gru(), gru({ ...layer.config, go_backwards: true }), "3.6.0"), []);
  });
});

test("a dropout is a number", () => {
  const said = (type: string) => `'>' not supported between instances of '${type}' and 'float'`;
  const cell = (config: object) => problems(gru(config)).map((one) => one.split("Exception encountered: ").at(-1));
  assert.deepEqual(cell({ dropout: [0.1] }), [said("list")]);
  assert.deepEqual(cell({ recurrent_dropout: null }), [said("NoneType")]);
  assert.deepEqual(cell({ dropout: true }), []);
});
