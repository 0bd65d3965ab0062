import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { object, old, optimizer, registry, said } from "./verdicts.ts";

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
