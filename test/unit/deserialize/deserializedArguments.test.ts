import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { behaviourOf } from "../../../server/src/deserialize/behaviour.ts";
import type { Loader } from "../../../server/src/deserialize/load.ts";
import { simulateLoad } from "../../../server/src/deserialize/simulateLoad.ts";
import { jsonPointer, parseJson } from "../../../server/src/json/index.ts";
import { catalogue } from "../../recorded/shippedCatalogue.ts";
import { workspaceRegistry } from "../../recorded/workspaceRegistry.ts";

const workspace = workspaceRegistry({
  "m.py": `import keras

@keras.saving.register_keras_serializable("p")
def clip(x):
    return x

@keras.saving.register_keras_serializable("p")
class Ramp(keras.initializers.Initializer):
    def __call__(self, shape, dtype=None):
        return keras.ops.ones(shape, dtype)

@keras.saving.register_keras_serializable("p")
class Own(keras.layers.Layer):
    def call(self, x):
        return x
`,
});

const ramp = { module: "m", class_name: "Ramp", config: {}, registered_name: "p>Ramp" };
const own = { module: "m", class_name: "Own", config: {}, registered_name: "p>Own" };
const bytes = { class_name: "__bytes__", config: { value: "x" } };

function keras<T>(path: string, config: T) {
  const dot = path.lastIndexOf(".");
  return { module: path.slice(0, dot), class_name: path.slice(dot + 1), config, registered_name: null };
}

/** `POINTER: the last sentence` of every error. */
function problems(
  object: unknown,
  version = "3.15.1",
  loader: Loader = "deserialize_keras_object",
  registry = workspace,
): string[] {
  const { tree } = parseJson(JSON.stringify(object));
  const known = { release: catalogue.release(version), behaviour: behaviourOf(version), registry };
  const { events } = simulateLoad({ tree, root: tree.root, loader, ...known });
  return events.flatMap((event) => {
    if (event.kind !== "failed") return [];
    const said = event.outcome.message.split("Exception encountered: ").at(-1);
    return [`${jsonPointer(tree, event.failure.node)}: ${said}`];
  });
}

/** A model of an input `x` and one layer `y` that is called with these arguments. */
function called(layer: { config: object }, ...args: unknown[]) {
  const x = {
    ...keras("keras.layers.InputLayer", { batch_shape: [null, 4], name: "x" }),
    name: "x",
    inbound_nodes: [],
  };
  const y = { ...layer, config: { ...layer.config, name: "y" }, name: "y", inbound_nodes: [{ args, kwargs: {} }] };
  const ends = { input_layers: [["x", 0, 0]], output_layers: [["y", 0, 0]] };
  return keras("keras.src.models.functional.Functional", { name: "m", layers: [x, y], ...ends });
}

function tensor(dtype: unknown) {
  return { class_name: "__keras_tensor__", config: { shape: [null, 4], dtype, keras_history: ["x", 0, 0] } };
}

describe("what is no layer", () => {
  test("is told by who wraps it, as Python prints it", () => {
    const opening = "Please initialize `Bidirectional` layer with a `keras.layers.Layer` instance. Received: ";
    for (const [layer, printed] of [
      [bytes, "b'x'"],
      ["p>clip", "<function clip at 0x…>"],
      [ramp, "<m.Ramp object at 0x…>"],
      [keras("keras.initializers.Zeros", {}), "<keras.src.initializers.constant_initializers.Zeros object at 0x…>"],
      [{}, "{}"],
      [
        { module: "keras.layers", config: { units: 2 }, registered_name: null },
        "{'module': 'keras.layers', 'config': {'units': 2}, 'registered_name': None}",
      ],
      [{ config: { kernel_initializer: keras("keras.initializers.Zeros", {}) } }, "{…}"],
      [{ config: {}, registered_name: "p>Ramp" }, "{…}"],
      ["p>Ramp", "<class 'm.Ramp'>"],
      ["zeros", "zeros"],
    ] as const) {
      assert.deepEqual(problems(keras("keras.layers.Bidirectional", { layer })), [
        `/config/layer: ${opening}${printed}`,
      ]);
    }
    assert.deepEqual(problems(keras("keras.layers.TimeDistributed", { layer: own })), []);
  });

  test("is refused by other wrappers, too", () => {
    assert.deepEqual(problems(keras("keras.layers.SpectralNormalization", { layer: bytes })), [
      "/config/layer: Layer b'x' supplied to Wrapper isn't a supported layer type. Please ensure wrapped layer is a valid Keras layer.",
    ]);
  });
});

describe("what is no cell", () => {
  test("is refused by an RNN", () => {
    assert.deepEqual(problems(keras("keras.layers.RNN", { cell: null })), [
      "/config/cell: Argument `cell` should have a `call` method. Received: cell=None",
    ]);
    const cell = keras("keras.layers.LSTMCell", { units: 2 });
    assert.deepEqual(problems(keras("keras.layers.RNN", { cell })), []);
  });

  test("is refused among others, the first of them first", () => {
    const said = "All cells must have a `call` method. Received cell without a `call` method:";
    assert.deepEqual(problems(keras("keras.layers.StackedRNNCells", { cells: [bytes, "a"] })), [
      `/config/cells/0: ${said} b'x'`,
      `/config/cells/1: ${said} a`,
    ]);
  });
});

test("bytes are no learning rate, nor is the key of a function, which nobody looks up", () => {
  for (const [rate, printed] of [
    [bytes, "b'x'"],
    ["p>clip", "p>clip"],
    [{}, "{}"],
    [{ initial: 0.1 }, "{'initial': 0.1}"],
  ] as const) {
    const [said] = problems(keras("keras.optimizers.Adam", { learning_rate: rate }));
    assert.equal(said?.split("Received instead: ")[1], `learning_rate=${printed}`);
  }
});

describe("a dtype", () => {
  test("of a tensor is one that Keras knows", () => {
    const dense = keras("keras.layers.Dense", { units: 2 });
    assert.deepEqual(problems(called(dense, tensor("flaot32"))), [
      "/config/layers/1/inbound_nodes/0/args/0/config/dtype: Invalid dtype: flaot32",
    ]);
    assert.deepEqual(problems(called(dense, tensor("int32"))), []);
    assert.deepEqual(problems(called(dense, tensor(null))), []);
  });

  test("of a tensor is no dict and no list", () => {
    const dense = keras("keras.layers.Dense", { units: 2 });
    assert.match(problems(called(dense, tensor({})))[0] ?? "", /dtype: unhashable type: 'dict'$/);
    assert.match(problems(called(dense, tensor([])))[0] ?? "", /dtype: unhashable type: 'list'$/);
  });

  test("of an InputLayer is no key of a custom object, and no list", () => {
    const input = (dtype: unknown) => keras("keras.layers.InputLayer", { batch_shape: [null, 4], dtype });
    assert.deepEqual(problems(input("p>clip")), ["/config/dtype: Invalid dtype: p>clip"]);
    assert.deepEqual(problems(input(["float32"])), ["/config/dtype: unhashable type: 'list'"]);
    const policy = keras("keras.DTypePolicy", { name: "float32" });
    assert.deepEqual(problems(input(policy), "3.3.3"), ["/config/dtype: unhashable type: 'dict'"]);
    assert.deepEqual(problems(input(policy)), []);
  });

  test("of a loss or metric may be empty: then it is the default", () => {
    for (const dtype of ["", [], {}]) {
      assert.deepEqual(problems(keras("keras.losses.MeanSquaredError", { dtype })), []);
      assert.deepEqual(problems(keras("keras.metrics.MeanSquaredError", { dtype })), []);
    }
  });
});

test("a layer takes only tensors by position, and says what it got instead", () => {
  const opening =
    "/config/layers/1/inbound_nodes/0/args/0: Only input tensors may be passed as positional arguments. The following " +
    "argument value should be passed as a keyword argument:";
  assert.deepEqual(problems(called(own, "p>Ramp")), [`${opening} <class 'm.Ramp'> (of type <class 'type'>)`]);
  assert.deepEqual(problems(called(own, "p>clip")), [`${opening} <function clip at 0x…> (of type <class 'function'>)`]);
});

test("a name with a slash is none for an operation, and one for a metric", () => {
  assert.deepEqual(problems(keras("keras.layers.Dense", { units: 2, name: "a/b" })), [
    "/config/name: Argument `name` must be a string and cannot contain character `/`. Received: name=a/b (of type <class 'str'>)",
  ]);
  assert.deepEqual(problems(keras("keras.metrics.Mean", { name: "a/b" })), []);
});

test("a class without a constructor takes no arguments", () => {
  assert.deepEqual(problems(keras("keras.initializers.Zeros", { seed: 1 })), [
    "/config/seed: Zeros() takes no arguments",
  ]);
  assert.deepEqual(problems(keras("keras.initializers.Zeros", {})), []);
});

describe("a list", () => {
  test("in the place of a Functional's config", () => {
    const [said] = problems(keras("keras.src.models.functional.Functional", [{ a: 1 }]), "3.14.1");
    assert.match(said ?? "", /^\/config: Unable to revive model from config\./);
    assert.match(said ?? "", /Received config=\[\{'a': 1\}\]/);
    assert.match(said ?? "", /Functional\(\) argument after \*\* must be a mapping, not list$/);
  });

  test("in the place of the model of an .h5 file", () => {
    assert.deepEqual(problems([], "3.15.1", "load_model_from_hdf5"), [
      ": `model_from_config` expects a dictionary, not a list. Received: config=[]. Did you meant to use `Sequential.from_config(config)`?",
    ]);
  });
});

test("a stand-in for all classes of a module is told at the module", () => {
  const legacy = { module: "keras.optimizers.legacy", class_name: "SGD", config: {}, registered_name: null };
  assert.match(problems(legacy, "3.8.0").join(), /^\/module: Unable to reconstruct an instance of 'SGD'/);
});

describe("a class of the workspace without a constructor of its own", () => {
  const derived = workspaceRegistry({
    "m.py": `import keras

@keras.saving.register_keras_serializable("p")
class Envelope(keras.layers.Wrapper):
    pass

@keras.saving.register_keras_serializable("p")
class Open(keras.layers.Wrapper):
    def __init__(self, layer, **kwargs):
        super().__init__(layer or keras.layers.Flatten(), **kwargs)
`,
  });
  const wrapper = (name: string, layer: unknown) => ({
    ...{ module: "m", class_name: name, registered_name: `p>${name}` },
    config: { layer },
  });

  test("refuses what its base refuses", () => {
    assert.deepEqual(problems(wrapper("Envelope", null), "3.8.0", "deserialize_keras_object", derived), [
      "/config/layer: Layer None supplied to Wrapper isn't a supported layer type. Please ensure wrapped layer is a valid Keras layer.",
    ]);
  });

  test("and one with a constructor decides by itself", () => {
    assert.deepEqual(problems(wrapper("Open", bytes), "3.8.0", "deserialize_keras_object", derived), []);
  });
});

test("a backward layer may be absent", () => {
  const layer = keras("keras.layers.LSTM", { units: 2 });
  assert.deepEqual(problems(keras("keras.layers.Bidirectional", { layer, backward_layer: null })), []);
});
