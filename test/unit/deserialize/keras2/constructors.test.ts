import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { emptyRegistry } from "../../../recorded/emptyRegistry.ts";
import { catalogueWithKeras2 } from "../../../recorded/shippedCatalogue.ts";
import { failuresIn, type RecordedLoad, simulateRecord } from "../../../recorded/simulateRecord.ts";
import { object, old, registry, said } from "./verdicts.ts";

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

  test("gets no metric of nothing", () => {
    const wrapper = (config: unknown) => said({ ...object("MeanMetricWrapper", {}, "keras.metrics"), config });
    const none = "ValueError: Could not interpret metric identifier: None";
    assert.equal(wrapper({ name: "m", fn: "mean_squared_error" }), "loads");
    assert.equal(wrapper({ name: "m" }), none);
    assert.equal(wrapper({ name: "m", strange: 1 }), none);
    assert.equal(wrapper({ name: "m", fn: null }), none);
    assert.equal(wrapper({ name: "m", fn: 3 }), "ValueError: Could not interpret metric identifier: 3");
    for (const config of [{}, [], null, false]) assert.equal(wrapper(config), none, JSON.stringify(config));
    // Those that derive from it know their function themselves.
    assert.equal(said(object("BinaryAccuracy", { name: "m", fn: null }, "keras.metrics")), "loads");
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

describe("a model of Keras 2", () => {
  test("is no list of layers, but a Sequential", () => {
    const model = (config: unknown) => said({ ...object("Functional", {}, "keras.src.engine.functional"), config });
    assert.match(
      model([object("Flatten")]),
      /^TypeError: Unable to revive model from config.*Functional\(\) argument after \*\* must be a mapping, not list$/s,
    );
    assert.equal(model(3), "TypeError: argument of type 'int' is not iterable");
    const file = { model_config: { class_name: "Functional", config: [old("Flatten")] } };
    assert.match(said(file, { loader: "legacy_h5" }), /^TypeError: Unable to revive model from config/);
  });
});
