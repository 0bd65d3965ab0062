import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { behaviourOf } from "../../../server/src/deserialize/behaviour.ts";
import { simulateLoad } from "../../../server/src/deserialize/simulateLoad.ts";
import { jsonPointer, parseJson } from "../../../server/src/json/index.ts";
import { catalogue } from "../../recorded/shippedCatalogue.ts";
import { workspaceRegistry } from "../../recorded/workspaceRegistry.ts";

const python = `import keras

@keras.saving.register_keras_serializable("audio")
def soft_clip(x):
    return keras.ops.tanh(x)

@keras.saving.register_keras_serializable("audio")
class Ramp(keras.initializers.Initializer):
    def __call__(self, shape, dtype=None):
        return keras.ops.ones(shape, dtype=dtype)
`;

/** What a load of these attributes of an `.h5` file says, one failure a line. */
function said(attributes: object, version = "3.15.1"): string[] {
  const { tree } = parseJson(JSON.stringify(attributes));
  const training = tree.member(tree.root, "training_config");
  const { events } = simulateLoad({
    tree,
    root: tree.member(tree.root, "model_config"),
    ...(training >= 0 && { trainingConfig: training }),
    loader: "load_model_from_hdf5",
    behaviour: behaviourOf(version),
    release: catalogue.release(version),
    registry: workspaceRegistry({ "audio/f.py": python }),
  });
  return events.flatMap((event) => {
    if (event.kind !== "failed") return [];
    const { exception, message } = event.failure.error;
    return [`${jsonPointer(tree, event.failure.node)}: ${exception}: ${message}`];
  });
}

const dense = (argument: object = {}) => ({ class_name: "Dense", config: { units: 1, name: "d", ...argument } });
const model = (layer: object = dense()) => ({ class_name: "Sequential", config: { name: "s", layers: [layer] } });
const adam = { class_name: "Adam", config: { learning_rate: 0.001 } };
const trained = (changed: object) => ({
  model_config: model(),
  training_config: {
    optimizer_config: adam,
    loss: "mean_squared_error",
    metrics: ["accuracy"],
    loss_weights: null,
    ...changed,
  },
});

describe("the attributes of an .h5 file", () => {
  test("are read as JSON before all else", () => {
    assert.deepEqual(said({ model_config: "nowhere" }), [
      "/model_config: JSONDecodeError: Expecting value: line 1 column 1 (char 0)",
    ]);
    assert.deepEqual(said({ model_config: "\n  nowhere" }), [
      "/model_config: JSONDecodeError: Expecting value: line 2 column 3 (char 3)",
    ]);
  });

  test("have bytes and tuples in a way of their own", () => {
    const bytes = (content: object) => ({
      model_config: model(dense({ note: { class_name: "__bytes__", ...content } })),
    });
    assert.deepEqual(
      said(bytes({ config: { value: "x" } }))[0],
      "/model_config/config/layers/0/config/note: KeyError: 'value'",
    );
    assert.ok(!said(bytes({ value: "x" })).some((line) => line.includes("KeyError")));
    const tuple = { model_config: model(dense({ note: { class_name: "__tuple__" } })) };
    assert.equal(said(tuple)[0], "/model_config/config/layers/0/config/note: KeyError: 'items'");
  });

  test("hold the dict of a model", () => {
    assert.deepEqual(said({ model_config: null }, "3.14.0"), [
      "/model_config: TypeError: 'NoneType' object is not subscriptable",
    ]);
    assert.deepEqual(said({ model_config: 3 }, "3.15.1"), [
      "/model_config: ValueError: The provided configuration is not a valid Keras configuration. Expected a dictionary " +
        "containing a 'config' key. Received: config=3",
    ]);
  });
});

describe("a string of a layer in an .h5 file that is the key of a function", () => {
  test("is that function, which to 3.11.2 cannot be copied with the config", () => {
    const keyed = { model_config: model(dense({ activation: "audio>soft_clip" })) };
    const copied =
      "/model_config/config/layers/0/config/activation: TypeError: Object of type function is not JSON serializable";
    assert.deepEqual(said(keyed, "3.0.5"), [copied]);
    assert.deepEqual(said(keyed, "3.11.2"), [copied]);
    assert.deepEqual(said(keyed, "3.11.3"), []);
  });

  test("stays a string as the name of a layer", () => {
    assert.deepEqual(said({ model_config: model(dense({ name: "audio>soft_clip" })) }, "3.8.0"), []);
  });
});

describe("the training_config of an .h5 file", () => {
  test("passes as Keras writes it", () => {
    assert.deepEqual(said(trained({})), []);
  });

  test("has an optimizer that is a dict with a name", () => {
    const at = "/training_config/optimizer_config";
    const optimizer = (optimizer_config: unknown) => said(trained({ optimizer_config }));
    assert.deepEqual(optimizer("adam"), [`${at}: TypeError: string indices must be integers, not 'str'`]);
    assert.deepEqual(optimizer([]), [`${at}: TypeError: list indices must be integers or slices, not str`]);
    assert.deepEqual(optimizer(3), [`${at}: TypeError: 'int' object is not subscriptable`]);
    assert.deepEqual(optimizer({}), [`${at}: KeyError: 'class_name'`]);
    assert.deepEqual(optimizer({ ...adam, class_name: null }), [
      `${at}/class_name: AttributeError: 'NoneType' object has no attribute 'lower'`,
    ]);
  });

  test("has an optimizer that is one, when all that it holds is there", () => {
    assert.deepEqual(said(trained({ optimizer_config: adam })), []);
    const ramp = said(trained({ optimizer_config: { class_name: "audio>Ramp", config: {} }, loss: 3 }));
    assert.match(ramp[0] ?? "", /Received: config=3\.$/);
    assert.equal(
      ramp[1],
      "/training_config/optimizer_config: ValueError: Could not interpret optimizer identifier: <audio.f.Ramp object at 0x…>",
    );
  });

  test("has losses and metrics that are dicts, strings or lists of them", () => {
    const refused = "Configuration should be a dictionary, string, tuple or list. Received: config=3.";
    assert.deepEqual(said(trained({ loss: 3 })), [
      `/training_config/loss: ValueError: Saved configuration not understood. ${refused}`,
    ]);
    assert.deepEqual(said(trained({ metrics: [["accuracy", 3]] })), [
      `/training_config/metrics/0/1: ValueError: Saved configuration not understood. ${refused}`,
    ]);
    assert.deepEqual(said(trained({ loss: null })), []);
  });

  test("has weights of losses, if only null", () => {
    const { loss_weights: _, ...without } = trained({}).training_config;
    assert.deepEqual(said({ model_config: model(), training_config: without }), [
      "/training_config: KeyError: 'loss_weights'",
    ]);
  });
});
