import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { jsonPointer } from "../../../../server/src/json/index.ts";
import { catalogue } from "../../../recorded/shippedCatalogue.ts";
import { simulateRecord } from "../../../recorded/simulateRecord.ts";
import { workspaceRegistry } from "../../../recorded/workspaceRegistry.ts";

const workspace = {
  "audio.py": `
import keras

reg = keras.saving.register_keras_serializable

@reg("audio")
def soft_clip(x):
    return keras.ops.tanh(x)

@reg("audio")
class Ramp(keras.initializers.Initializer):
    def __call__(self, shape, dtype=None):
        return keras.ops.ones(shape, dtype)

@reg("audio")
class OldRamp(keras.initializers.Initializer):
    def __call__(self, shape):
        raise NotImplementedError

    @classmethod
    def from_config(cls, config):
        return keras.initializers.RandomNormal.from_config(config)

@reg("audio")
class NewRamp(keras.initializers.Initializer):
    def __call__(self, shape):
        return keras.ops.ones(shape)

    @classmethod
    def from_config(cls, config):
        if config.get("old"):
            return cls()
        return keras.initializers.Zeros()

@reg("audio")
class Patched(keras.initializers.Initializer):
    def __call__(self, shape):
        return keras.ops.ones(shape)

Patched.__call__ = lambda self, shape, dtype=None: keras.ops.ones(shape, dtype)

def takes_dtype(cls):
    cls.__call__ = lambda self, shape, dtype=None: keras.ops.ones(shape, dtype)
    return cls

@reg("audio")
@takes_dtype
class Decorated(keras.initializers.Initializer):
    def __call__(self, shape):
        return keras.ops.ones(shape)

@reg("audio")
class FixedDense(keras.layers.Dense):
    kernel_initializer = property(lambda self: keras.initializers.Zeros(), lambda self, value: None)

@reg("audio")
class Smooth(keras.regularizers.Regularizer):
    def __call__(self, x):
        return keras.ops.sum(x)

@reg("audio")
class Stiff(keras.regularizers.L2):
    pass

@reg("audio")
class Gain(keras.layers.Layer):
    def call(self, x):
        return x

@reg("audio")
class Rack(keras.layers.Layer):
    def __init__(self, effects, **kwargs):
        super().__init__(**kwargs)
        self.effects = effects

    @classmethod
    def from_config(cls, config):
        return cls(**config)

@reg("audio")
class Spectral(keras.losses.Loss):
    def call(self, y_true, y_pred):
        return y_pred

@reg("audio")
class Loudness(keras.metrics.Metric):
    def update_state(self, y_true, y_pred):
        pass

@reg("audio")
class WarmUp(keras.optimizers.schedules.LearningRateSchedule):
    def __call__(self, step):
        return step

    @classmethod
    def from_config(cls, config):
        return cls(**config)
`,
};

const softClip = { module: "builtins", class_name: "function", config: "audio>soft_clip", registered_name: "function" };
const own = (name: string, config: object = {}) => ({
  module: "audio",
  class_name: name,
  config,
  registered_name: `audio>${name}`,
});
const layer = (name: string, config: object, shape?: readonly (number | null)[]) => ({
  module: "keras.layers",
  class_name: name,
  config: { name: "l", ...config },
  registered_name: null,
  ...(shape && { build_config: { input_shape: shape } }),
});
const sequential = (input: readonly (number | null)[], ...layers: object[]) => ({
  module: "keras",
  class_name: "Sequential",
  config: { name: "s", layers: [layer("InputLayer", { name: "i", batch_shape: input }), ...layers] },
  registered_name: null,
});

/** `POINTER: the last sentence` of every error of a load in a release. */
function problems(object: object, version = "3.15.1"): string[] {
  const load = { loader: "deserialize_keras_object", config: JSON.stringify(object) } as const;
  const { tree, events } = simulateRecord(load, catalogue.release(version), workspaceRegistry(workspace));
  return events.flatMap((event) => {
    if (event.kind !== "failed") return [];
    return [
      `${jsonPointer(tree, event.failure.node)}: ${event.outcome.message.split("Exception encountered: ").at(-1)}`,
    ];
  });
}

describe("an initializer is called with a shape and a dtype", () => {
  const said = (name: string) => `${name}() got an unexpected keyword argument 'dtype'`;

  test("when a layer is built as it was saved", () => {
    const dense = (initializer: object | string) =>
      layer("Dense", { units: 3, kernel_initializer: initializer }, [null, 4]);
    assert.deepEqual(problems(dense(softClip)), [`/config/kernel_initializer: ${said("soft_clip")}`]);
    assert.deepEqual(problems(dense("audio>soft_clip")), [`/config/kernel_initializer: ${said("soft_clip")}`]);
    assert.deepEqual(problems(dense(own("Smooth"))), [`/config/kernel_initializer: ${said("Smooth.__call__")}`]);
    assert.deepEqual(problems(dense(own("Stiff"))), [`/config/kernel_initializer: ${said("L2.__call__")}`]);
    assert.deepEqual(problems(dense(own("Spectral"))), [`/config/kernel_initializer: ${said("Loss.__call__")}`]);
    assert.deepEqual(problems(dense(own("Loudness"))), [
      `/config/kernel_initializer: ${said("Loudness.update_state")}`,
    ]);
    assert.deepEqual(problems(dense(own("WarmUp"))), [`/config/kernel_initializer: ${said("WarmUp.__call__")}`]);
    assert.deepEqual(problems(dense(own("Ramp"))), []);
  });

  test("unless a from_config makes something else, or the class was given another __call__", () => {
    for (const name of ["OldRamp", "NewRamp", "Patched", "Decorated"]) {
      assert.deepEqual(problems(layer("Dense", { units: 3, kernel_initializer: own(name) }, [null, 4])), [], name);
    }
  });

  test("unless the layer has one of its own under that name", () => {
    const fixed = {
      ...own("FixedDense", { units: 3, kernel_initializer: softClip }),
      build_config: { input_shape: [null, 4] },
    };
    assert.deepEqual(problems(fixed), []);
  });

  test("and a layer takes tensors only", () => {
    const said = (first: number) =>
      "Only input tensors may be passed as positional arguments. The following argument value should be passed as a keyword " +
      `argument: ${first} (of type <class 'int'>)`;
    const dense = { units: 3, kernel_initializer: own("Gain", { name: "g" }) };
    assert.deepEqual(problems(layer("Dense", dense, [null, 4])), [`/config/kernel_initializer: ${said(4)}`]);
    const lstm = { units: 3, bias_initializer: own("Gain", { name: "g" }), unit_forget_bias: false };
    assert.deepEqual(problems(layer("LSTM", lstm, [null, 5, 4])), [`/config/bias_initializer: ${said(12)}`]);
  });

  test("when a model calls the layer for the first time", () => {
    const dense = layer("Dense", { units: 3, bias_initializer: softClip });
    assert.deepEqual(problems(dense), []);
    assert.deepEqual(problems(sequential([null, 4], dense)), [
      `/config/layers/1/config/bias_initializer: ${said("soft_clip")}`,
    ]);
  });

  test("not where the layer has no such weight", () => {
    assert.deepEqual(
      problems(layer("Dense", { units: 3, use_bias: false, bias_initializer: softClip }, [null, 4])),
      [],
    );
    assert.deepEqual(
      problems(layer("BatchNormalization", { scale: false, gamma_initializer: softClip }, [null, 4])),
      [],
    );
  });

  test("also by what a wrapper or a cell holds", () => {
    const cell = layer("GRUCell", { units: 3, recurrent_initializer: softClip });
    const at = "/config/cell/config/recurrent_initializer";
    assert.deepEqual(problems(layer("RNN", { cell }, [null, 5, 4])), [`${at}: ${said("soft_clip")}`]);
    const wrapped = layer("Dense", { units: 3, kernel_initializer: softClip });
    assert.deepEqual(problems(layer("TimeDistributed", { layer: wrapped }, [null, 5, 4])), [
      `/config/layer/config/kernel_initializer: ${said("soft_clip")}`,
    ]);
  });

  test("and attention makes it anew, which a function cannot be", () => {
    const attention = {
      ...layer("MultiHeadAttention", { num_heads: 2, key_dim: 2, kernel_initializer: softClip }),
      build_config: { shapes_dict: { query_shape: [null, 5, 4], value_shape: [null, 5, 4] } },
    };
    assert.deepEqual(problems(attention), [
      "/config/kernel_initializer: type object 'function' has no attribute 'from_config'",
    ]);
  });
});

test("to 3.14 a variable takes regularizers and constraints of Keras's base classes alone", () => {
  const dense = (config: object) => layer("Dense", { units: 3, ...config }, [null, 4]);
  const regularizer = (printed: string) =>
    "/config/kernel_regularizer: Invalid value for attribute `regularizer`. Expected an instance of " +
    `\`keras.regularizers.Regularizer\`, or \`None\`. Received: regularizer=${printed}`;
  const said = (value: object, version: string) => problems(dense({ kernel_regularizer: value }), version);
  assert.deepEqual(said(own("Ramp"), "3.12.4"), [regularizer("<audio.Ramp object at 0x…>")]);
  assert.deepEqual(said(own("Gain", { name: "g" }), "3.12.4"), [regularizer("<Gain name=g, built=False>")]);
  assert.deepEqual(said(own("Smooth"), "3.12.4"), []);
  assert.deepEqual(said(own("Ramp"), "3.15.1"), []);
  assert.deepEqual(said(own("Ramp"), "3.0.5"), []);
  assert.deepEqual(problems(dense({ bias_constraint: own("Smooth") }), "3.8.0"), [
    "/config/bias_constraint: Invalid value for attribute `constraint`. Expected an instance of `keras.constraints.Constraint`, " +
      "or `None`. Received: constraint=<audio.Smooth object at 0x…>",
  ]);
});

describe("what stands for a dtype policy and is none", () => {
  const policy = (name: string, config: object = {}) => ({
    module: "keras",
    class_name: "DTypePolicy",
    config,
    registered_name: `audio>${name}`,
  });
  const lacks = (type: string, attribute: string) => `'${type}' object has no attribute '${attribute}'`;

  test("is asked for its quantization mode before the layer is made", () => {
    const dense = layer("Dense", { units: 3, dtype: policy("Ramp") });
    assert.deepEqual(problems(dense), [`/config/dtype: ${lacks("Ramp", "quantization_mode")}`]);
    assert.deepEqual(problems(dense, "3.3.3"), []);
  });

  test("is asked by a layer with a from_config of its own when that is called", () => {
    const rack = (dtype: object) => sequential([null, 4], own("Rack", { name: "r", effects: [], dtype }));
    const bare = { module: "keras", class_name: "Policy", config: { name: "float32" }, registered_name: null };
    const at = "/config/layers/1/config/dtype";
    assert.deepEqual(problems(rack(policy("Ramp"))), [`${at}: ${lacks("Ramp", "compute_dtype")}`]);
    assert.deepEqual(problems(rack(policy("Ramp")), "3.8.0"), [`${at}: ${lacks("Ramp", "convert_input")}`]);
    assert.deepEqual(problems(rack(bare), "3.8.0"), [`${at}: ${lacks("str", "convert_input")}`]);
    // A layer has a dtype itself.
    assert.deepEqual(problems(rack(policy("Gain", { name: "float32" })), "3.8.0"), [
      `${at}: ${lacks("Gain", "convert_input")}`,
    ]);
    assert.deepEqual(problems(rack(policy("Gain", { name: "float32" }))), []);
  });

  test("is asked to convert at once where the layer is handed more than one tensor", () => {
    const tensor = {
      class_name: "__keras_tensor__",
      config: { shape: [null, 5, 4], dtype: "float32", keras_history: ["i", 0, 0] },
    };
    const model = (kwargs: object) => ({
      ...{ module: "keras.src.models.functional", class_name: "Functional", registered_name: "Functional" },
      config: {
        ...{ name: "m", input_layers: [["i", 0, 0]], output_layers: [["l", 0, 0]] },
        layers: [
          { ...layer("InputLayer", { name: "i", batch_shape: [null, 5, 4] }), name: "i", inbound_nodes: [] },
          {
            ...layer("GRU", { units: 3, dtype: policy("Ramp") }),
            name: "l",
            inbound_nodes: [{ args: [tensor], kwargs }],
          },
        ],
      },
    });
    const at = "/config/layers/1/config/dtype";
    assert.deepEqual(problems(model({})), [`${at}: ${lacks("Ramp", "compute_dtype")}`]);
    assert.deepEqual(problems(model({ training: false })), [`${at}: ${lacks("Ramp", "convert_input")}`]);
    assert.deepEqual(problems(model({ training: false }), "3.0.4"), [`${at}: ${lacks("Ramp", "compute_dtype")}`]);
  });

  test("is asked when a weight is added", () => {
    const gru = layer("GRU", { units: 3, dtype: policy("Smooth") }, [null, 5, 4]);
    assert.deepEqual(problems(gru), [`/config/dtype: ${lacks("Smooth", "variable_dtype")}`]);
  });

  test("or gives its name to one", () => {
    const [said, ...more] = problems(layer("Dense", { units: 3, dtype: policy("Gain", { name: "gain" }) }));
    assert.match(said ?? "", /^\/config\/dtype: Cannot convert 'gain' to a mixed precision DTypePolicy\./);
    assert.deepEqual(more, []);
    assert.deepEqual(problems(layer("Dense", { units: 3, dtype: policy("Gain", { name: "float32" }) })), []);
  });
});

test("what a class hands to keras.layers.deserialize must become a layer", () => {
  const files = {
    "m.py":
      'import keras\n\n@keras.saving.register_keras_serializable("p")\nclass Mixer(keras.Model):\n' +
      "    def __init__(self, track=None, **kwargs):\n        super().__init__(**kwargs)\n        self.track = track\n\n" +
      "    @classmethod\n    def from_config(cls, config):\n" +
      '        return cls(keras.layers.deserialize(config.pop("track")), **config)\n',
  };
  const said = (track: unknown) => {
    const config = JSON.stringify({ module: "m", class_name: "Mixer", config: { track }, registered_name: "p>Mixer" });
    const load = { loader: "deserialize_keras_object", config } as const;
    const { events } = simulateRecord(load, catalogue.release("3.15.1"), workspaceRegistry(files));
    return events.flatMap((event) => (event.kind === "failed" ? [event.outcome.message] : []));
  };
  const opening =
    "`keras.layers.deserialize` was passed a `config` object that is not a `keras.layers.Layer`. Received:";
  assert.deepEqual(said("zeros"), [`${opening} zeros`]);
  assert.deepEqual(said(3), [`${opening} 3`]);
  assert.deepEqual(said(null), [`${opening} None`]);
  assert.deepEqual(said({ module: "keras.initializers", class_name: "Zeros", config: {}, registered_name: null }), [
    `${opening} {…}`,
  ]);
  assert.deepEqual(said(layer("Dense", { units: 3 })), []);
});

test("a layer that holds 150,000 cells is built, with what the last of them says", () => {
  const cell = layer("LSTMCell", { units: 3 });
  const last = layer("LSTMCell", { units: 3, kernel_initializer: softClip });
  const cells = layer("StackedRNNCells", { cells: [...Array(150_000).fill(cell), last] });
  assert.deepEqual(problems(sequential([null, 3, 4], layer("RNN", { cell: cells }))), [
    "/config/layers/1/config/cell/config/cells/150000/config/kernel_initializer: soft_clip() got an unexpected keyword argument 'dtype'",
  ]);
});
