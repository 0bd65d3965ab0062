import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { jsonPointer } from "../../../../server/src/json/index.ts";
import { catalogueWithKeras2 } from "../../../recorded/shippedCatalogue.ts";
import { reasonsIn, simulateRecord } from "../../../recorded/simulateRecord.ts";
import { workspaceRegistry } from "../../../recorded/workspaceRegistry.ts";

/** The constructor and the `call` of most of these classes. */
const keepsLayer = `    def __init__(self, layer=None, **kwargs):
        super().__init__(**kwargs)
        self.layer = layer
`;
const callsLayer = `
    def call(self, x):
        return self.layer(x)
`;

const workspace = {
  "lab.py": `
import keras

@keras.saving.register_keras_serializable("lab")
class Block(keras.layers.Layer):
${keepsLayer}${callsLayer}
@keras.saving.register_keras_serializable("lab")
class Shaped(Block):
    def compute_output_shape(self, shape):
        return shape

@keras.saving.register_keras_serializable("lab")
class Known(keras.layers.Layer):
${keepsLayer}${callsLayer}
    def compute_output_shape(self, shape):
        return shape

@keras.saving.register_keras_serializable("lab")
class Built(keras.layers.Layer):
${keepsLayer}
    def build(self, shape):
        self.layer.build(shape)

@keras.saving.register_keras_serializable("lab")
class Asked(keras.layers.Layer):
    def __init__(self, layer=None, **kwargs):
        super().__init__(**kwargs)
        self.units = layer.units

    def call(self, x):
        return x

@keras.saving.register_keras_serializable("lab")
class Rack(keras.layers.Layer):
    def __init__(self, effects=(), **kwargs):
        super().__init__(**kwargs)
        self.effects = effects

    def call(self, x):
        for effect in self.effects:
            x = effect(x)
        return x

    @classmethod
    def from_config(cls, config):
        config["effects"] = [keras.saving.deserialize_keras_object(one) for one in config["effects"]]
        return cls(**config)

@keras.saving.register_keras_serializable("lab")
class Made(keras.layers.Layer):
${keepsLayer}
    def build(self, shape):
        self.layer.build(shape)

    @classmethod
    def from_config(cls, config):
        layer = keras.layers.deserialize(config.pop("layer"))
        return cls(layer=layer, **config)

@keras.saving.register_keras_serializable("lab")
class Replaced(keras.layers.Layer):
${keepsLayer}${callsLayer}
Replaced.call = lambda self, x: x

@keras.saving.register_keras_serializable("lab")
class Whole(keras.Model):
${keepsLayer}
    def build(self, shape):
        self.layer.build(shape)

@keras.saving.register_keras_serializable("lab")
class Scaled(keras.layers.LayerNormalization):
    def __init__(self, gamma=None, **kwargs):
        super().__init__(**kwargs)
        self.gamma = gamma

    def call(self, x):
        return x * self.gamma.shape[0]

@keras.saving.register_keras_serializable("lab")
def halve(x):
    return x / 2

@keras.saving.register_keras_serializable("lab")
class Optional(keras.layers.Layer):
    def __init__(self, layer=None, **kwargs):
        super().__init__(**kwargs)
        self.layer = keras.saving.deserialize_keras_object(layer)

    def call(self, x):
        if self.layer:
            x = self.layer(x)
        return x

class Reviving:
    def revive(self):
        self.layer = keras.layers.deserialize(self.layer)

@keras.saving.register_keras_serializable("lab")
class Revived(keras.layers.Layer, Reviving):
${keepsLayer}        self.revive()

    def call(self, x):
        return self.layer(x)

@keras.saving.register_keras_serializable("lab")
class Policed(keras.layers.Layer):
    def __init__(self, dtype_policy=None, **kwargs):
        super().__init__(**kwargs)
        self.dtype_policy = dtype_policy

    def call(self, x):
        return keras.ops.cast(x, self.dtype_policy.compute_dtype)
`,
};
const registry = workspaceRegistry(workspace);

type Json = Record<string, unknown>;
const dense = { module: "keras.layers", class_name: "Dense", config: { name: "d", units: 4 }, registered_name: null };
const own = (name: string, config: Json, more: Json = {}) => ({
  module: "lab",
  class_name: name,
  config: { name: "own", ...config },
  registered_name: `lab>${name}`,
  ...more,
});
/** A model that calls the layer. */
const called = (layer: Json) => ({
  module: "keras",
  class_name: "Sequential",
  config: {
    name: "model",
    layers: [
      {
        module: "keras.layers",
        class_name: "InputLayer",
        config: { name: "in", batch_input_shape: [null, 4] },
        registered_name: null,
      },
      layer,
    ],
  },
  registered_name: null,
});

/** Each failure: its place, and the innermost of what Keras says. */
function failures(config: unknown, version = "3.15.1"): string[] {
  const record = { loader: "deserialize_keras_object", config: JSON.stringify(config) } as const;
  const { tree, events } = simulateRecord(record, catalogueWithKeras2.release(version), registry);
  assert.deepEqual(reasonsIn(events), []);
  return events.flatMap((event) => {
    if (event.kind !== "failed") return [];
    const innermost = event.outcome.message.split("Exception encountered: ").at(-1);
    return [`${jsonPointer(tree, event.failure.node)} ${event.outcome.exception}: ${innermost}`];
  });
}

const inCall = (exception: string, name: string, error: string) =>
  `${exception}: Exception encountered when calling ${name}.call().\n\n\u001b[1mCould not automatically infer the output shape / dtype of ` +
  `'own' (of type ${name}). Either the \`${name}.call()\` method is incorrect, or you need to implement the ` +
  `\`${name}.compute_output_spec() / compute_output_shape()\` method. Error encountered:\n\n${error}\u001b[0m\n\n` +
  `Arguments received by ${name}.call():\n…`;

describe("a layer of the workspace that nobody has deserialized an argument for", () => {
  test("calls a dict where a model calls it", () => {
    const error = inCall("TypeError", "Block", "'TrackedDict' object is not callable");
    assert.deepEqual(failures(called(own("Block", { layer: dense }))), [`/config/layers/1/config/layer ${error}`]);
  });

  test("calls whatever else the config holds", () => {
    for (const [layer, type] of [
      ["relu", "str"],
      [3, "int"],
      [null, "NoneType"],
      [[1], "TrackedList"],
    ]) {
      const [failure] = failures(called(own("Block", { layer })));
      assert.match(failure ?? "", new RegExp(`\\n\\n'${type}' object is not callable\\u001b`));
    }
  });

  test("loads where nobody calls it", () => {
    assert.deepEqual(failures(own("Block", { layer: dense })), []);
    assert.deepEqual(failures(own("Block", { layer: dense }, { build_config: { input_shape: [null, 4] } })), []);
  });

  test("loads where it says itself what shape comes out, since its call does not run", () => {
    assert.deepEqual(failures(called(own("Known", { layer: dense }))), []);
  });

  test("is left alone where another class may decide", () => {
    assert.deepEqual(failures(called(own("Shaped", { layer: dense }))), []);
    assert.deepEqual(failures(called(own("Revived", { layer: dense }))), []);
    assert.deepEqual(failures(called(own("Replaced", { layer: dense }))), []);
  });

  test("fails in its own build, where a model or its build_config builds it", () => {
    const said = "AttributeError: 'TrackedDict' object has no attribute 'build'";
    assert.deepEqual(failures(called(own("Built", { layer: dense }))), [`/config/layers/1/config/layer ${said}`]);
    const built = own("Built", { layer: dense }, { build_config: { input_shape: [null, 4] } });
    assert.deepEqual(failures(built), [`/config/layer ${said}`]);
  });

  test("goes on where it is a model that its build_config builds in Keras 3", () => {
    const whole = own("Whole", { layer: dense }, { build_config: { input_shape: [null, 4] } });
    assert.deepEqual(failures(whole), []);
    assert.deepEqual(failures(whole, "2.15.1"), [
      "/config/layer AttributeError: 'dict' object has no attribute 'build'",
    ]);
  });

  test("calls nothing that it asks whether it is something, and is not", () => {
    for (const layer of ["", 0, null, false]) assert.deepEqual(failures(called(own("Optional", { layer }))), []);
    assert.match(failures(called(own("Optional", { layer: 1 })))[0] ?? "", /'int' object is not callable/);
  });

  test("is left alone where its base in Keras makes something else of the attribute", () => {
    assert.deepEqual(failures(called(own("Scaled", { gamma: 1.5 })), "2.15.1"), []);
    assert.deepEqual(failures(called(own("Policed", { dtype_policy: "float32" }))), []);
  });

  test("fails in its constructor", () => {
    assert.deepEqual(failures(own("Asked", { layer: dense })), [
      "/config/layer TypeError: 'dict' object has no attribute 'units'",
    ]);
  });
});

describe("the layers that a layer of the workspace calls", () => {
  test("are those that from_config makes, and what it cannot make one of stays a dict", () => {
    assert.deepEqual(failures(called(own("Rack", { effects: [dense, dense] }))), []);
    const withoutConfig = { module: "keras.layers", class_name: "Dense" };
    const error = inCall("TypeError", "Rack", "'TrackedDict' object is not callable");
    assert.deepEqual(failures(called(own("Rack", { effects: [dense, withoutConfig] }))), [
      `/config/layers/1/config/effects/1 ${error}`,
    ]);
  });

  test("are gone through as deep as they call each other, and what is raised passes through the first", () => {
    const inner = own("Rack", { effects: [own("Block", { layer: "x" })] });
    const error =
      "Exception encountered when calling Block.call().\n\n\u001b[1m'str' object is not callable\u001b[0m\n\n" +
      "Arguments received by Block.call():\n…";
    assert.deepEqual(failures(called(own("Rack", { effects: [dense, inner] }))), [
      `/config/layers/1/config/effects/1/config/effects/0/config/layer ${inCall("TypeError", "Rack", error)}`,
    ]);
  });

  test("are gone through where thousands call each other", () => {
    let layer: Json = own("Block", { layer: "x" });
    for (let i = 0; i < 200; i++) layer = own("Rack", { effects: [layer] });
    const record = { loader: "deserialize_keras_object", config: JSON.stringify(called(layer)) } as const;
    const { events } = simulateRecord(record, catalogueWithKeras2.release("3.15.1"), registry);
    // So deep, Python's own limit may come first.
    assert.ok(events.some(({ kind }) => kind === "failed" || kind === "unknown"));
  });
});

describe("a layer that its build_config has built", () => {
  const told =
    "ValueError: You cannot add new elements of state (variables or sub-layers) to a layer that is already built. All state must be " +
    "created in the `__init__()` method or in the `build()` method.";
  const built = (one: Json) => ({ ...one, build_config: { input_shape: [null, 4] } });
  const embedding = { ...dense, class_name: "Embedding", config: { input_dim: 3, output_dim: 2 } };

  test("is not built once more by the layer that holds it", () => {
    assert.deepEqual(failures(called(own("Made", { layer: built(dense) }))), [`/config/layers/1/config/layer ${told}`]);
    assert.deepEqual(failures(built(own("Made", { layer: built(dense) }))), [`/config/layer ${told}`]);
  });

  test("is built where it was not, and where it asks first", () => {
    assert.deepEqual(failures(called(own("Made", { layer: dense }))), []);
    assert.deepEqual(failures(called(own("Made", { layer: built(embedding) }))), []);
    assert.deepEqual(failures(own("Made", { layer: built(dense) })), []);
  });

  test("is built as often as anybody wants in Keras 2", () => {
    assert.deepEqual(failures(called(own("Made", { layer: built(dense) })), "2.15.1"), []);
  });
});

describe("a legacy load", () => {
  /** The places of failures of a model in an HDF5 file. */
  const placesInHdf5 = (layer: unknown, version: string): string[] => {
    const input = { class_name: "InputLayer", config: { name: "in", batch_input_shape: [null, 4] } };
    const block = { class_name: "lab>Block", config: { name: "own", layer } };
    const model = { class_name: "Sequential", config: { name: "model", layers: [input, block] } };
    const record = { loader: "legacy_h5", config: JSON.stringify({ model_config: model }) } as const;
    const { tree, events } = simulateRecord(record, catalogueWithKeras2.release(version), registry);
    return events.flatMap((event) =>
      event.kind === "failed" ? [jsonPointer(tree, event.failure.node).replace("/model_config", "")] : [],
    );
  };
  const plain = { class_name: "Dense", config: { name: "d", units: 4 } };

  for (const version of ["3.15.1", "2.15.1"])
    test(`of ${version} puts an object in the place of what was serialized unasked, and of a registered name`, () => {
      assert.deepEqual(placesInHdf5({ ...plain, __passive_serialization__: true }, version), []);
      assert.deepEqual(placesInHdf5("lab>halve", version), []);
      assert.deepEqual(placesInHdf5(plain, version), ["/config/layers/1/config/layer"]);
      assert.deepEqual(placesInHdf5("relu", version), ["/config/layers/1/config/layer"]);
    });
});

describe("releases tell of it in their own words", () => {
  test("to 3.3, as the function says it that fails", () => {
    const [failure] = failures(called(own("Block", { layer: dense })), "3.3.3");
    assert.equal(
      failure,
      "/config/layers/1/config/layer TypeError: Exception encountered when calling Block.call().\n\n" +
        "\u001b[1m'TrackedDict' object is not callable\u001b[0m\n\nArguments received by Block.call():\n…",
    );
  });

  test("Keras 2 takes a dict that is called for what was not deserialized", () => {
    assert.deepEqual(failures(called(own("Block", { layer: dense })), "2.15.1"), [
      "/config/layers/1/config/layer TypeError: <lab.Block object at 0x…> could not be deserialized properly. Please ensure that " +
        "components that are Python object instances (layers, models, etc.) returned by `get_config()` are explicitly deserialized in " +
        "the model's `from_config()` method.",
    ]);
    const [failure] = failures(called(own("Block", { layer: "relu" })), "2.15.1");
    assert.match(
      failure ?? "",
      /^\/config\/layers\/1\/config\/layer TypeError: Exception encountered when calling layer "own"/,
    );
    assert.match(failure ?? "", /TypeError: 'str' object is not callable/);
  });

  test("Keras 2 calls a layer whatever it says of its shape", () => {
    assert.equal(failures(called(own("Known", { layer: dense })), "2.15.1").length, 1);
  });
});
