import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { firstSaid } from "./firstSaid.ts";

const inPackage = (module: string, class_name: string, config: object, more: object = {}) => ({
  module,
  class_name,
  config,
  registered_name: null,
  ...more,
});
const layer = (class_name: string, config: object = {}, more: object = {}) =>
  inPackage("keras.layers", class_name, config, more);
const sequential = (more: object) =>
  inPackage(
    "keras",
    "Sequential",
    {
      name: "model",
      layers: [layer("InputLayer", { batch_shape: [null, 4], name: "in" }), layer("Dense", { units: 1 })],
    },
    more,
  );
const compiled = (compile_config: unknown) => sequential({ compile_config });
const releases = ["3.0.5", "3.8.0", "3.15.1"];

describe("a compile_config", () => {
  test("fails on whatever is no model", () => {
    for (const version of [...releases, "2.15.1"]) {
      assert.equal(
        firstSaid(layer("Dense", { units: 1 }, { compile_config: { optimizer: "adam" } }), version),
        "AttributeError: 'Dense' object has no attribute 'compile_from_config'",
      );
    }
    const python =
      'import keras\n@keras.saving.register_keras_serializable("p")\nclass Scale(keras.layers.Layer):\n    ';
    const scale = {
      module: "m",
      class_name: "Scale",
      config: {},
      registered_name: "p>Scale",
      compile_config: { a: 1 },
    };
    assert.equal(
      firstSaid(scale, "3.15.1", `${python}pass\n`),
      "AttributeError: 'Scale' object has no attribute 'compile_from_config'",
    );
    assert.equal(
      firstSaid(scale, "3.15.1", `${python}def compile_from_config(self, config):\n        pass\n`),
      "loads",
    );
    assert.equal(firstSaid({ ...scale, compile_config: {} }, "3.15.1", `${python}pass\n`), "loads");
  });

  test("is left to a model that compiles itself in its own way", () => {
    const lost = { module: "gone", class_name: "Lost", config: {}, registered_name: "gone>Lost" };
    const python = (method: string) =>
      'import keras\n@keras.saving.register_keras_serializable("p")\nclass Net(keras.Model):\n' +
      `    def __init__(self, **kw):\n        super().__init__(**kw)\n    def ${method}(self, *args, **kw):\n        pass\n`;
    const net = {
      module: "m",
      class_name: "Net",
      config: {},
      registered_name: "p>Net",
      compile_config: { extra: lost },
    };
    assert.equal(firstSaid(net, "3.15.1", python("compile")), "loads");
    assert.match(
      firstSaid(net, "3.15.1", python("compile_from_config")),
      /^open: what `Net` deserializes of its compile/,
    );
    const known = { ...net, compile_config: { extra: "mse", optimizer: "adam" } };
    assert.equal(firstSaid(known, "3.15.1", python("compile_from_config")), "loads");
  });

  test("must hold arguments of compile, and nothing else", () => {
    for (const version of releases) {
      assert.equal(
        firstSaid(compiled({ optimizer: "adam", loss: "mse", lr: 1 }), version),
        "TypeError: Trainer.compile() got an unexpected keyword argument 'lr'",
      );
      assert.equal(
        firstSaid(compiled(["adam"]), version),
        "TypeError: keras.src.trainers.trainer.Trainer.compile() argument after ** must be a mapping, not list",
      );
      assert.equal(firstSaid(compiled({ optimizer: "adam", auto_scale_loss: true }), version), "loads");
    }
  });

  test("must hold metrics in a list or dict", () => {
    const metric = inPackage("keras.metrics", "MeanSquaredError", { name: "mse" });
    for (const version of releases) {
      assert.equal(
        firstSaid(compiled({ metrics: "mae" }), version),
        "ValueError: Expected `metrics` argument to be a list, tuple, or dict. Received instead: metrics=mae of type <class 'str'>",
      );
      assert.equal(
        firstSaid(compiled({ weighted_metrics: metric }), version),
        "ValueError: Expected `weighted_metrics` argument to be a list, tuple, or dict. Received instead: " +
          "weighted_metrics=<MeanSquaredError name=mse> of type <class 'keras.src.metrics.regression_metrics.MeanSquaredError'>",
      );
      for (const metrics of ["", null, [], ["mae"], { out: ["mae"] }])
        assert.equal(firstSaid(compiled({ metrics }), version), "loads");
    }
  });

  test("may weigh the loss by a float from 3.3", () => {
    const weighed = (loss_weights: unknown, loss: unknown = "mse") => compiled({ loss, loss_weights });
    assert.equal(
      firstSaid(weighed(0.5), "3.2.1"),
      "ValueError: Expected `loss_weights` argument to be a list, tuple, or dict. Received instead: loss_weights=0.5 of type <class 'float'>",
    );
    assert.equal(firstSaid(weighed(0.5), "3.3.0"), "loads");
    assert.equal(
      firstSaid(weighed("x"), "3.3.0"),
      "ValueError: Expected `loss_weights` argument to be a float (single output case) or a list, tuple, or dict " +
        "(multiple output case). Received instead: loss_weights=x of type <class 'str'>",
    );
    assert.equal(firstSaid(weighed("x", null), "3.15.1"), "loads");
  });

  test("needs an optimizer where the model is built", () => {
    const message = "AttributeError: 'NoneType' object has no attribute 'build'";
    const unbuilt = inPackage(
      "keras",
      "Sequential",
      { name: "model", layers: [layer("Dense", { units: 1 })] },
      { compile_config: { optimizer: null } },
    );
    for (const version of releases) {
      assert.equal(firstSaid(compiled({ optimizer: null }), version), message);
      assert.equal(firstSaid(compiled({ loss: "mse" }), version), "loads");
      assert.equal(firstSaid(unbuilt, version), "loads");
    }
  });
});

describe("a build_config", () => {
  test("fails on whatever does not know whether it is built, and on optimizers", () => {
    const build_config = { input_shape: [null, 4] };
    const metric = inPackage("keras.metrics", "Mean", { name: "mean" }, { build_config });
    const optimizer = inPackage("keras.optimizers", "SGD", { learning_rate: 0.1 }, { build_config });
    for (const version of releases) {
      assert.equal(firstSaid(metric, version), "AttributeError: 'Mean' object has no attribute 'built'");
      assert.equal(firstSaid(optimizer, version), "AttributeError: 'SGD' object has no attribute 'build_from_config'");
      assert.equal(firstSaid({ ...metric, build_config: {} }, version), "loads");
      assert.equal(firstSaid(layer("Dense", { units: 1 }, { build_config }), version), "loads");
    }
  });
});
