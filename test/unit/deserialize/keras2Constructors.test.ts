import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { emptyRegistry } from "../../recorded/emptyRegistry.ts";
import { catalogueWithKeras2 } from "../../recorded/shippedCatalogue.ts";
import { failuresIn, type RecordedLoad, reasonsIn, simulateRecord } from "../../recorded/simulateRecord.ts";
import { workspaceRegistry } from "../../recorded/workspaceRegistry.ts";

/** What a constructor of Keras 2 raises of a config, without what is wrapped around it; "open", or "loads". */
function said(
  config: object,
  { version = "2.15.1", ...more }: Partial<RecordedLoad> & { readonly version?: string } = {},
  registry = emptyRegistry,
): string {
  const asked: RecordedLoad = { loader: "deserialize_keras_object", config: JSON.stringify(config), ...more };
  const { events } = simulateRecord(asked, catalogueWithKeras2.release(version), registry);
  const [first] = failuresIn(events);
  if (first === undefined) return reasonsIn(events).length > 0 ? "open" : "loads";
  const [, inner] = first.split("Exception encountered: ");
  return inner ?? first;
}

const object = (class_name: string, config: object = {}, module = "keras.layers") => ({
  module,
  class_name,
  config,
  registered_name: null,
});
const old = (class_name: string, config: object = {}) => ({ class_name, config });
const optimizer = (config: object, class_name = "Adam") => object(class_name, config, "keras.optimizers");
const registry = workspaceRegistry({
  "audio.py": `import tf_keras

@tf_keras.utils.register_keras_serializable("audio")
def clip(x):
    return x

@tf_keras.utils.register_keras_serializable("audio")
class Ramp(tf_keras.initializers.Initializer):
    def __init__(self, slope):
        self.slope = slope

    def __call__(self, shape, dtype=None):
        return shape
`,
});

describe("a constructor of Keras 2", () => {
  test("has its arguments bound before it refuses others", () => {
    assert.equal(said(object("Dense")), "Dense.__init__() missing 1 required positional argument: 'units'");
    assert.equal(
      said(object("Dense", { strange: 1 })),
      "Dense.__init__() missing 1 required positional argument: 'units'",
    );
    assert.equal(said(object("Dense", { units: 1, strange: 1 })), "('Keyword argument not understood:', 'strange')");
    assert.equal(said(object("Zeros", { strange: 1 }, "keras.initializers")), "TypeError: Zeros() takes no arguments");
    assert.equal(said(object("Zeros", { dtype: "float32" }, "keras.initializers")), "loads");
  });

  test("makes a dtype of TensorFlow of what is no policy", () => {
    const dense = (dtype: unknown) => said(object("Dense", { units: 1, dtype }));
    for (const dtype of ["float32", "mixed_float16", "half", "int32_ref", null, "", 0, 1, true]) {
      assert.equal(dense(dtype), "loads", String(dtype));
    }
    const no = (printed: string) => `Cannot convert the argument \`type_value\`: ${printed} to a TensorFlow DType.`;
    assert.equal(dense("flota32"), no("'flota32'"));
    assert.equal(dense([1]), no("[1]"));
    assert.equal(dense(0.5), no("0.5"));
    assert.equal(dense(old("Policy", { name: "mixed_float16" })), "loads");
    // A placeholder takes no policy, and prints what the layer keeps of it.
    const input = object("InputLayer", { batch_input_shape: [null, 3], dtype: old("Policy", { name: "float32" }) });
    assert.equal(said(input), no("{'class_name': 'Policy', 'config': DictWrapper({'name': 'float32'})}"));
  });

  test("does not take the key of a custom object for a dtype", () => {
    const wrong = "Cannot convert the argument `type_value`: 'audio>clip' to a TensorFlow DType.";
    assert.equal(said(object("Dense", { units: 1, dtype: "audio>clip" }), {}, registry), wrong);
  });

  test("takes texts and dicts apart where it wants a tuple of integers", () => {
    const conv = (kernel_size: unknown) => said(object("Conv2D", { filters: 2, kernel_size }));
    const tuple = "The `kernel_size` argument must be a tuple of 2 integers. Received: ";
    assert.equal(conv("many"), `${tuple}many`);
    assert.equal(conv("3x"), `${tuple}3xincluding element x of type <class 'str'>`);
    assert.equal(conv({ a: 1 }), `${tuple}{'a': 1}`);
    assert.equal(conv({ a: 1, b: 2 }), `${tuple}{'a': 1, 'b': 2}including element a of type <class 'str'>`);
    assert.equal(conv([2, null]), `${tuple}[2, None]including element None of type <class 'NoneType'>`);
    assert.equal(conv([2, 2]), "loads");
  });

  test("divides filters among groups", () => {
    const conv = (groups: unknown) => said(object("Conv1D", { filters: 4, kernel_size: 2, groups }));
    assert.equal(conv(2), "loads");
    assert.equal(conv(null), "loads");
    assert.equal(
      conv(3),
      "The number of filters must be evenly divisible by the number of groups. Received: groups=3, filters=4",
    );
    assert.equal(conv("many"), "unsupported operand type(s) for %: 'int' and 'str'");
  });

  test("wraps what a metric or layer raises, but for an Embedding and a MeanMetricWrapper", () => {
    const printed = (config: object) => {
      const asked: RecordedLoad = { loader: "deserialize_keras_object", config: JSON.stringify(config) };
      const { events } = simulateRecord(asked, catalogueWithKeras2.release("2.15.1"), emptyRegistry);
      return (failuresIn(events)[0] ?? "").split("\n")[0];
    };
    assert.match(
      printed(object("Accuracy", { name: 1 }, "keras.metrics")) ?? "",
      /^TypeError: Error when deserializing class 'Accuracy' using config=/,
    );
    assert.equal(
      printed(object("Embedding", { name: 1, input_dim: 2, output_dim: 2 })),
      "TypeError: Expected `name` argument to be a string, but got: 1",
    );
  });

  test("wants a layer where it holds one", () => {
    const bidirectional = (layer: unknown) => said(object("Bidirectional", { layer }), {}, registry);
    assert.equal(bidirectional(null), "ValueError: Cannot deserialize empty config. Received: config=None");
    assert.equal(
      bidirectional(3),
      "ValueError: Please initialize `Bidirectional` layer with a `tf.keras.layers.Layer` instance. Received: 3",
    );
    assert.equal(
      said(object("TimeDistributed", { layer: "audio>clip" }), {}, registry),
      "ValueError: Please initialize `TimeDistributed` layer with a `tf.keras.layers.Layer` instance. " +
        "Received: <function clip at 0x…>",
    );
    assert.equal(said(object("TimeDistributed", { layer: 3 })), "ValueError: Could not interpret serialized layer: 3");
    const clip = { module: "builtins", class_name: "function", config: "audio>clip", registered_name: "function" };
    assert.equal(
      said(object("StackedRNNCells", { cells: [object("GRUCell", { units: 1 }), clip] }), {}, registry),
      "ValueError: All cells must have a `call` method. Received cell without a `call` method: <function clip at 0x…>",
    );
    assert.equal(said(object("StackedRNNCells", { cells: [] })), "loads");
    assert.equal(said(object("StackedRNNCells", { cells: 1 })), "TypeError: 'int' object is not iterable");
  });

  test("turns the direction of a layer, of which only recurrent ones write one", () => {
    assert.equal(said(object("Bidirectional", { layer: object("LSTM", { units: 1 }) })), "loads");
    assert.equal(said(object("Bidirectional", { layer: object("Dense", { units: 1 }) })), "KeyError: 'go_backwards'");
  });

  test("compares the directions of two layers that are given", () => {
    const lstm = (config: object = {}) => object("LSTM", { units: 1, ...config });
    const both = (forward: object, backward?: object) =>
      said(object("Bidirectional", { layer: lstm(forward), ...(backward && { backward_layer: lstm(backward) }) }));
    assert.equal(both({ go_backwards: true }), "loads");
    assert.equal(both({}, { go_backwards: true }), "loads");
    assert.equal(
      both({}, {}),
      "ValueError: Forward layer and backward layer should have different `go_backwards` value." +
        "forward_layer.go_backwards = False,backward_layer.go_backwards = False",
    );
    assert.match(both({ return_state: true }, { go_backwards: true }), /the same value for attribute "return_state"/);
  });

  test("wants a cell that has a state", () => {
    const dense = object("Dense", { units: 1 });
    assert.match(
      said(object("RNN", { cell: dense })),
      /^ValueError: The RNN cell should have a `state_size` attribute/,
    );
    assert.match(
      said(object("StackedRNNCells", { cells: [dense] })),
      /^ValueError: All cells must have a `state_size`/,
    );
    assert.equal(said(object("RNN", { cell: object("GRUCell", { units: 1 }) })), "loads");
  });

  test("refuses arguments that do not go together", () => {
    const strings = (config: object) => said(object("StringLookup", config));
    assert.equal(
      strings({ pad_to_max_tokens: true }),
      "If pad_to_max_tokens is True, must set `max_tokens`. Received: max_tokens=None",
    );
    assert.equal(strings({ pad_to_max_tokens: true, max_tokens: 5 }), "loads");
    assert.match(
      strings({ sparse: true }),
      /^`sparse` may only be true if .* Received: sparse=True and output_mode=int$/,
    );
    assert.equal(strings({ sparse: true, output_mode: "binary" }), "loads");
    assert.equal(
      strings({ dtype: "float32" }),
      "When `output_mode='int'`, `dtype` should be an integer type. Received: dtype=float32",
    );
    assert.equal(strings({ dtype: "string" }), "loads");
    assert.match(said(object("Normalization", { mean: 1 })), /Got mean: 1 and variance: None$/);
    assert.equal(said(object("Normalization", { mean: 1, variance: 1 })), "loads");
  });

  test("takes the shape of an input apart", () => {
    const input = (batch_input_shape: unknown) => said(object("InputLayer", { name: "i", batch_input_shape }));
    assert.equal(input([null, 3]), "loads");
    assert.equal(input(null), "loads");
    assert.equal(input(3), "'int' object is not subscriptable");
    assert.equal(input([null, -3]), "Dimension -3 must be >= 0");
    assert.equal(
      input([null, "x"]),
      "Dimension value must be integer or None or have an __index__ method, got value ''x'' with type '<class 'str'>'",
    );
  });

  test("converts with Python's own words", () => {
    const dense = (units: unknown) => said(object("Dense", { units }));
    assert.equal(dense("3"), "loads");
    assert.equal(dense("many"), "invalid literal for int() with base 10: 'many'");
    assert.equal(dense(null), "int() argument must be a string, a bytes-like object or a real number, not 'NoneType'");
    assert.equal(
      said(object("BatchNormalization", { axis: 1.5 })),
      "Expected an int or a list/tuple of ints for the argument 'axis', but received: 1.5",
    );
    assert.equal(said(object("Policy", { name: "float" }, "keras.mixed_precision")), "loads");
    assert.match(
      said(object("Policy", { name: "zz" }, "keras.mixed_precision")),
      /^ValueError: Cannot convert value zz to/,
    );
  });

  test("knows the functions of tf.nn and tf.math", () => {
    const operation = (name: string) =>
      said(object("TFOpLambda", { function: name }, "tf_keras.src.layers.core.tf_op_layer"));
    assert.equal(operation("nn.relu"), "loads");
    assert.equal(operation("math.special.dawsn"), "loads");
    assert.equal(operation("some.other"), "loads");
    assert.equal(operation("nn.rleu"), "ValueError: TF symbol `nn.rleu` could not be found.");
    assert.equal(operation("audio>clip"), "ValueError: TF symbol `audio>clip` could not be found.");
  });
});

describe("an optimizer of Keras 2", () => {
  test("is of the newer kind where its module says so", () => {
    const refused = "decay is deprecated in the new TF-Keras optimizer, please check the docstring for valid arguments";
    assert.ok(said(optimizer({ decay: 0.0 })).includes(refused));
    assert.equal(
      said(optimizer({ loss_scale_factor: null })),
      "TypeError: loss_scale_factor is not a valid argument, kwargs should be empty  for `optimizer_experimental.Optimizer`.",
    );
    assert.match(
      said(object("Adam", { weight_decay: null }, "keras.optimizers.legacy")),
      /^TypeError: Unexpected keyword argument passed to optimizer: weight_decay/,
    );
  });

  test("is of the older kind where a table answers, and its config does not say otherwise", () => {
    const scaled = (config: object) =>
      object(
        "LossScaleOptimizer",
        { inner_optimizer: optimizer(config), dynamic: true, initial_scale: 32768.0, dynamic_growth_steps: 2000 },
        "tf_keras.src.mixed_precision.loss_scale_optimizer",
      );
    assert.equal(said(scaled({ decay: 0.0 })), "loads");
    assert.equal(
      said(scaled({ decay: 0.0, is_legacy_optimizer: false })).split(",")[0],
      "ValueError: decay is deprecated in the new TF-Keras optimizer",
    );
  });

  test("is not taken by a LossScaleOptimizer of the other kind", () => {
    const scaled = (name: string, inner_optimizer: object) =>
      said(
        object(
          name,
          { inner_optimizer, dynamic: true, initial_scale: 1.0, dynamic_growth_steps: 1 },
          "tf_keras.src.mixed_precision.loss_scale_optimizer",
        ),
      );
    const newer = optimizer({ is_legacy_optimizer: false });
    assert.equal(scaled("LossScaleOptimizerV3", newer), "loads");
    assert.match(scaled("LossScaleOptimizerV3", optimizer({ lr: 1 })), /^TypeError: You passed a `tf.keras.optimizers/);
    assert.equal(scaled("LossScaleOptimizer", optimizer({ lr: 1 })), "loads");
    assert.match(scaled("LossScaleOptimizer", newer), /^TypeError: You passed an instance of the new experimental/);
  });

  test("takes a list for its learning rate, which nobody deserializes", () => {
    const model_config = old("Sequential", { name: "m", layers: [] });
    const optimizer_config = object("Adam", { learning_rate: [0.1] }, "keras.optimizers.legacy");
    const training_config = { optimizer_config, loss: "mse", metrics: null, loss_weights: null };
    const file = { model_config, training_config };
    assert.equal(said(file, { loader: "legacy_h5" }), "loads");
  });

  test("makes a variable of its learning rate", () => {
    assert.equal(
      said(optimizer({ learning_rate: "fast" })),
      "TypeError: Cannot convert 'fast' to EagerTensor of dtype float",
    );
    const ramp = { module: "audio", class_name: "Ramp", config: { slope: 1 }, registered_name: "audio>Ramp" };
    assert.equal(
      said(optimizer({ learning_rate: ramp }), {}, registry),
      "TypeError: Ramp.__call__() missing 1 required positional argument: 'shape'",
    );
  });

  test("is no number", () => {
    const model = (it: unknown) => ({
      ...object("Sequential", { name: "m", layers: [] }, "keras"),
      compile_config: { optimizer: it, loss: "mse" },
    });
    assert.equal(said(model(3)), "ValueError: Could not interpret optimizer identifier: 3");
    assert.equal(said(model("adam")), "loads");
  });
});

describe("what is called by its name", () => {
  const dense = (kernel_initializer: unknown) => said(object("Dense", { units: 1, kernel_initializer }), {}, registry);

  test("a function of the workspace gets what stands in its config", () => {
    assert.equal(dense("audio>clip"), "clip() missing 1 required positional argument: 'x'");
    assert.equal(dense(old("audio>clip", { x: 1 })), "loads");
    assert.equal(dense(old("audio>clip", { y: 1 })), "clip() got an unexpected keyword argument 'y'");
  });

  test("a class is made without arguments", () => {
    assert.equal(dense("audio>Ramp"), "Ramp.__init__() missing 1 required positional argument: 'slope'");
  });
});

describe("a layer that is built in Keras 2", () => {
  const input = object("InputLayer", { batch_input_shape: [null, 2], name: "i" });
  const built = (config: object) =>
    said(
      object("Sequential", { name: "m", layers: [input, object("Dense", { units: 1, ...config })] }, "keras"),
      {},
      registry,
    );
  const clip = { module: "builtins", class_name: "function", config: "audio>clip", registered_name: "function" };

  test("calls its initializer with a shape and a dtype", () => {
    assert.equal(built({ kernel_initializer: clip }), "TypeError: clip() got an unexpected keyword argument 'dtype'");
    assert.equal(said(object("Dense", { units: 1, kernel_initializer: clip }), {}, registry), "loads");
    assert.equal(built({ use_bias: false, bias_initializer: clip }), "loads");
  });

  test("draws its random numbers with a seed", () => {
    const seeded = (seed: unknown) =>
      built({ kernel_initializer: object("GlorotUniform", { seed }, "keras.initializers") });
    assert.equal(seeded(1), "loads");
    assert.equal(seeded(null), "loads");
    assert.equal(seeded("many"), "ValueError: Can't convert Python sequence with mixed types to Tensor.");
    assert.equal(seeded([3]), "ValueError: Can't convert non-rectangular Python sequence to Tensor.");
    assert.equal(
      seeded({ a: 1 }),
      "ValueError: Attempt to convert a value (DictWrapper({'a': 1})) with an unsupported type " +
        "(<class 'tensorflow.python.trackable.data_structures._DictWrapper'>) to a Tensor.",
    );
  });

  test("returns what its activation returns", () => {
    assert.equal(
      built({ activation: "audio>Ramp" }),
      "TypeError: Could not build a TypeSpec for <audio.Ramp object at 0x…> of unsupported type <class 'audio.Ramp'>.",
    );
    assert.equal(said(object("Dense", { units: 1, activation: "audio>Ramp" }), {}, registry), "loads");
  });

  test("calls its activation, which may be no function", () => {
    const activation = { ...clip, config: 7 };
    assert.match(
      built({ name: "d", activation }),
      /^TypeError: Exception encountered when calling layer "d" \(type Dense\)\.\n\n'int' object is not callable\n/,
    );
    assert.equal(built({ name: "d", activation: { ...clip, config: null } }), "loads");
    assert.equal(said(object("Dense", { units: 1, activation })), "loads");
    assert.equal(
      said(object("Conv1D", { filters: 1, kernel_size: 1, activation })),
      "Could not interpret activation function identifier: 7",
    );
  });

  test("calls the regularizer of its output", () => {
    const unknown = { ...clip, config: "nowhere" };
    assert.equal(built({ activity_regularizer: unknown }), "TypeError: 'str' object is not callable");
  });
});

describe("a build_config in Keras 2", () => {
  test("holds the shape of the input, of a layer", () => {
    const dense = (build_config: unknown) => said({ ...object("Dense", { units: 1 }), build_config });
    assert.equal(dense({ input_shape: [null, 2] }), "loads");
    assert.equal(dense(null), "loads");
    assert.equal(dense({ shape: [null, 2] }), "KeyError: 'input_shape'");
    assert.equal(dense("x"), "TypeError: string indices must be integers, not 'str'");
    assert.equal(dense([1]), "TypeError: list indices must be integers or slices, not str");
    const zeros = { ...object("Zeros", {}, "keras.initializers"), build_config: { input_shape: [1] } };
    assert.equal(said(zeros), "AttributeError: 'Zeros' object has no attribute 'build_from_config'");
  });
});
