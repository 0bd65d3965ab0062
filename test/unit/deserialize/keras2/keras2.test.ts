import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { lambdaCode } from "../../../lambdaCode.ts";
import { emptyRegistry } from "../../../recorded/emptyRegistry.ts";
import { catalogueWithKeras2 } from "../../../recorded/shippedCatalogue.ts";
import { failuresIn, type RecordedLoad, reasonsIn, simulateRecord } from "../../../recorded/simulateRecord.ts";
import { workspaceRegistry } from "../../../recorded/workspaceRegistry.ts";

/** What a load in Keras 2 raises, or leaves open, in short: the exception and the beginning of its text, "open", "loads". */
function verdict(
  config: object,
  { version = "2.21.0", ...more }: Partial<RecordedLoad> & { readonly version?: string } = {},
  registry = emptyRegistry,
): string {
  const asked: RecordedLoad = { loader: "deserialize_keras_object", config: JSON.stringify(config), ...more };
  const { events } = simulateRecord(asked, catalogueWithKeras2.release(version), registry);
  const [first] = failuresIn(events);
  return first ? (first.split(". ", 1)[0] ?? "") : reasonsIn(events).length > 0 ? "open" : "loads";
}

const layer = (class_name: string, config: object = {}, module: string | null = "keras.layers") => ({
  module,
  class_name,
  config,
  registered_name: null,
});
const old = (class_name: string, config: object = {}) => ({ class_name, config });
const sequential = (...layers: object[]) => ({
  ...layer("Sequential", { name: "m", layers }, "keras"),
});
const scale =
  'import tf_keras\n\n@tf_keras.utils.register_keras_serializable("my")\nclass Scale(tf_keras.layers.Layer):\n    pass\n';

describe("a load in Keras 2", () => {
  test("imports any module, and writes tf_ before one that begins with keras", () => {
    assert.equal(
      verdict(layer("Functional", {}, "keras.src.engine.functional")),
      "TypeError: Unable to revive model from config",
    );
    assert.equal(verdict(layer("Dense", { units: 1 }, "tf_keras.layers")), "loads");
    assert.equal(
      verdict(layer("Functional", {}, "keras.src.models.functional")),
      "TypeError: Could not deserialize class 'Functional' because its parent module " +
        "tf_keras.src.models.functional cannot be imported",
    );
    const files = { "my/layers.py": "class Scale:\n    def from_config(cls, config): ...\n" };
    assert.equal(verdict(layer("Scale", {}, "my.layers"), {}, workspaceRegistry(files)), "loads");
  });

  test("seeks a layer of a model by its name alone", () => {
    assert.equal(verdict(sequential(layer("Dense", { units: 1 }, "not.there"))), "loads");
    assert.equal(
      verdict(sequential(layer("Scale", {}, "my.layers"))),
      "TypeError: The added layer must be an instance of class Layer",
    );
  });

  test("seeks a layer without module by its class name as a key", () => {
    assert.equal(verdict(sequential(old("Scale"))), "ValueError: Unknown layer: 'Scale'");
    const registry = workspaceRegistry({ "layers.py": scale });
    assert.equal(verdict(sequential(old("my>Scale")), {}, registry), "loads");
    assert.equal(verdict(sequential(old("Scale")), {}, registry), "ValueError: Unknown layer: 'Scale'");
  });

  test("wraps what the constructor of a layer raises, but not that of an Embedding, whose from_config is its own", () => {
    const wrapped = "TypeError: Error when deserializing class 'Dense' using config={…}.\n\nException encountered: ";
    const refused = "('Keyword argument not understood:', 'more')";
    assert.equal(verdict(layer("Dense", { units: 1, more: 1 })), wrapped + refused);
    assert.equal(verdict(layer("Embedding", { input_dim: 3, output_dim: 2, more: 1 })), `TypeError: ${refused}`);
  });

  test("prints a layer of the older format that lacks its config", () => {
    assert.equal(
      verdict(sequential({ class_name: "Dense", name: "d" })),
      "ValueError: Improper config format for {'class_name': 'Dense', 'name': 'd'}",
    );
  });

  test("reads what a wrapper wraps in the older format, whatever it looks like", () => {
    const inside = { ...layer("Scale", {}, "layers"), registered_name: "my>Scale" };
    const registry = workspaceRegistry({ "layers.py": scale });
    assert.equal(verdict(inside, {}, registry), "loads");
    assert.equal(
      verdict(layer("TimeDistributed", { layer: inside }), {}, registry),
      "ValueError: Unknown layer: 'Scale'",
    );
  });

  test("loads a model of to_json, which has no module", () => {
    const model = { ...old("Sequential", { name: "m", layers: [old("Dense", { units: 1 })] }), keras_version: "2.9.0" };
    assert.equal(verdict(model, { loader: "model_from_json" }), "loads");
    assert.equal(verdict(model), "TypeError: Could not locate class 'Sequential'");
    assert.equal(verdict(old("Dense", { units: 1 })), "TypeError: Could not locate class 'Dense'");
  });

  test("reads all of an HDF5 file in the older format", () => {
    const training = (loss: string) => ({
      model_config: old("Sequential", { name: "m", layers: [layer("Dense", { units: 1 }, null)] }),
      training_config: { optimizer_config: old("Custom>Adam"), loss, metrics: ["accuracy"], loss_weights: null },
    });
    assert.equal(verdict(training("mse"), { loader: "legacy_h5" }), "loads");
    assert.equal(
      verdict(training("focal_loss"), { loader: "legacy_h5" }),
      "ValueError: Unknown loss function: 'focal_loss'",
    );
  });

  describe("keeps the bare name of what it does not know", () => {
    const nope = layer("Nope", {}, "my.things");
    const dense = (initializer: object | string) => layer("Dense", { units: 1, kernel_initializer: initializer });
    const input = layer("InputLayer", { batch_input_shape: [null, 2], name: "i" });
    const unknownInitializer = "ValueError: Unknown initializer: 'Nope'";

    test("which loads where no one uses it", () => {
      assert.equal(verdict(dense(nope)), "loads");
      assert.equal(verdict(sequential(dense(nope))), "loads");
      assert.equal(verdict(layer("Dense", { units: 1, kernel_regularizer: nope })), "loads");
      assert.equal(verdict(old("Nope", { layers: [] }), { loader: "model_from_json" }), "loads");
    });

    test("which is a warning then, at the name", () => {
      const asked: RecordedLoad = { loader: "deserialize_keras_object", config: JSON.stringify(dense(nope)) };
      const { events } = simulateRecord(asked, catalogueWithKeras2.release("2.21.0"), emptyRegistry);
      const warnings = events.flatMap((event) => (event.kind === "warned" ? [event.warning] : []));
      assert.deepEqual(
        warnings.map((one) => [one.rule, "name" in one && one.name]),
        [["unknown-identifier", "Nope"]],
      );
    });

    test("and seeks it once more where a layer is built", () => {
      assert.equal(verdict(sequential(input, dense(nope))), unknownInitializer);
      assert.equal(verdict({ ...dense(nope), build_config: { input_shape: [null, 2] } }), unknownInitializer);
      assert.equal(verdict(sequential(input, sequential(dense(nope)))), unknownInitializer);
      const withoutBias = layer("Dense", { units: 1, use_bias: false, bias_initializer: nope });
      assert.equal(verdict(sequential(input, withoutBias)), "loads");
      assert.equal(
        verdict(sequential(input, layer("LSTM", { units: 1, bias_initializer: nope }))),
        "TypeError: 'str' object is not callable",
      );
    });

    test("and seeks it twice in the constructor of a convolution", () => {
      const convolution = layer("Conv1D", { filters: 1, kernel_size: 1, kernel_initializer: nope });
      assert.match(
        verdict(convolution),
        /^TypeError: Error when deserializing class 'Conv1D'.*Unknown initializer: 'Nope'/s,
      );
    });

    test("to which some constructors object", () => {
      assert.equal(verdict(layer("RNN", { cell: nope })), "ValueError: Argument `cell` should have a `call` method");
      assert.match(verdict(layer("Bidirectional", { layer: nope })), /^ValueError: Please initialize `Bidirectional`/);
      assert.equal(
        verdict(layer("Adam", { learning_rate: nope }, "keras.optimizers")),
        "TypeError: Cannot convert 'Nope' to EagerTensor of dtype float",
      );
    });

    test("and stumbles over it where a Functional calls its layers", () => {
      const graph = (first: object, second: object) => {
        const layers = [
          { ...first, name: "i", inbound_nodes: [] },
          { ...second, name: "d", inbound_nodes: [[["i", 0, 0, {}]]] },
        ];
        const config = { name: "m", layers, input_layers: [["i", 0, 0]], output_layers: [["d", 0, 0]] };
        return layer("Functional", config, "keras.src.engine.functional");
      };
      assert.equal(verdict(graph(input, nope)), "TypeError: 'str' object is not callable");
      assert.equal(verdict(graph(nope, dense("zeros"))), "AttributeError: 'str' object has no attribute 'name'");
      assert.equal(verdict(graph(input, dense(nope))), unknownInitializer);
    });

    test("of which nothing is known where the workspace has it", () => {
      const code = `import tf_keras

@tf_keras.utils.register_keras_serializable("my")
class Gain(tf_keras.layers.Layer):
    def __init__(self, start="ones", **kwargs):
        super().__init__(**kwargs)
        self.start = tf_keras.initializers.get(start)
`;
      const gain = { ...layer("Gain", { start: nope }, null), registered_name: "my>Gain" };
      assert.equal(verdict(gain, {}, workspaceRegistry({ "gain.py": code })), "open");
    });

    test("but not that of one in the older format, or of a string", () => {
      assert.match(verdict(dense(old("Nope"))), /^TypeError: Error when deserializing class 'Dense'/);
      assert.match(verdict(dense("nope")), /Unknown initializer: 'nope'/);
    });
  });

  test("took any key that ends with a function's name, until 2.15", () => {
    const registry = workspaceRegistry({
      "f.py": 'import keras\n\n@keras.utils.register_keras_serializable("my")\ndef clip(x):\n    return x\n',
    });
    const clip = { module: "builtins", class_name: "function", config: "clip", registered_name: "function" };
    assert.equal(verdict(clip, { version: "2.15.1" }, registry), "loads");
    assert.equal(verdict(clip, { version: "2.21.0" }, registry), "TypeError: Could not locate function 'clip'");
  });

  test("refuses a Python lambda in safe mode only", () => {
    const lambda = layer("Lambda", {
      function: [lambdaCode, null, null],
      function_type: "lambda",
      output_shape_type: "raw",
    });
    assert.match(verdict(lambda), /^ValueError: Requested the deserialization of a Lambda layer/);
    const h5 = { model_config: old("Sequential", { name: "m", layers: [lambda] }) };
    assert.equal(verdict(h5, { loader: "legacy_h5" }), "loads");
  });
});
