import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { dense, functional, input, layer, problems, raised, sequential, words } from "./models.ts";

type Json = Record<string, unknown>;

/** Something of Keras among the layers of a model, as `h`, called with `x`. */
function called(module: string, className: string, config: object = {}): Json {
  const callee = { ...layer("Dense", "h", "x"), module, class_name: className, config };
  return functional([input("x"), callee, dense("y", "h")]);
}

const last = (module: string, className: string, version = "3.8.0", config?: object) => {
  const model = called(module, className, config);
  const { config: made } = model as { config: Json };
  return raised(
    { ...model, config: { ...made, layers: (made.layers as Json[]).slice(0, 2), output_layers: [["h", 0, 0]] } },
    version,
  );
};

describe("what is no layer, and stands among them to 3.8", () => {
  test("an initializer takes the tensor for a shape", () => {
    const iterated = "NotImplementedError: Iterating over a symbolic KerasTensor is not supported.";
    for (const name of ["GlorotUniform", "HeNormal", "VarianceScaling"])
      assert.equal(last("keras.initializers", name), iterated);
    const measured = "TypeError: object of type 'KerasTensor' has no len()";
    for (const name of ["Orthogonal", "OrthogonalInitializer", "IdentityInitializer"])
      for (const version of ["3.0.5", "3.8.0"]) assert.equal(last("keras.initializers", name, version), measured);
    assert.deepEqual(problems(called("keras.initializers", "GlorotUniform"), "3.8.0"), [
      "not-a-layer at layers/1/inbound_nodes/0",
      "not-a-layer at layers/2/inbound_nodes/0/args/0/config/keras_history/0",
    ]);
    assert.equal(
      words(called("keras.initializers", "GlorotUniform"), "3.8.0"),
      "The model `m` has something among its layers that is none.",
    );
  });

  test("a loss wants more, and an optimizer is not called", () => {
    const missing = "TypeError: Loss.__call__() missing 1 required positional argument: 'y_pred'";
    assert.equal(last("keras.losses", "MeanSquaredError"), missing);
    assert.equal(last("keras.optimizers", "Adam"), "TypeError: 'Adam' object is not callable");
  });

  test("a regularizer computes, and has no nodes", () => {
    assert.equal(last("keras.regularizers", "L2"), "AttributeError: 'L2' object has no attribute '_inbound_nodes'");
  });

  test("from 3.9 it is no layer before", () => {
    assert.match(
      last("keras.regularizers", "L2", "3.9.2") ?? "",
      /^ValueError: Unexpected object from deserialization/,
    );
  });
});

describe("a layer that takes its inputs alone", () => {
  const x = {
    class_name: "__keras_tensor__",
    config: { shape: [null, 4], dtype: "float32", keras_history: ["x", 0, 0] },
  };
  const twice = (callee: Json) =>
    functional([input("x"), { ...callee, inbound_nodes: [{ args: [x, x], kwargs: {} }] }, dense("y", "h")]);

  test("is not called with two", () => {
    for (const name of ["Add", "Flatten", "LayerNormalization"]) {
      const model = twice(layer(name, "h"));
      assert.equal(raised(model), "TypeError: too many positional arguments");
      assert.deepEqual(problems(model), ["malformed-reference at layers/1/inbound_nodes/0/args/1"]);
      assert.match(words(model) ?? "", /is called with other arguments than its `call` takes\.$/);
    }
  });

  test("a Softmax takes a mask, too", () => {
    assert.deepEqual(problems(twice(layer("Softmax", "h"))), []);
  });
});

describe("a list that is added to a shape", () => {
  const relu = { module: "keras.activations", class_name: "function", config: "relu", registered_name: "relu" };
  const lambda = (output_shape: unknown): Json => ({
    ...layer("Lambda", "h", "x"),
    config: { name: "h", function: relu, output_shape },
  });
  const model = (output_shape: unknown) => functional([input("x"), lambda(output_shape), dense("y", "h")]);
  const refused = (name: string, type: string) =>
    new RegExp(
      `^TypeError: Exception encountered when calling ${name}\\.call\\(\\)\\.[^]*can only concatenate tuple \\(not "${type}"\\)`,
    );

  test("the output shape of a Lambda is one in 3.2 and 3.3", () => {
    for (const version of ["3.2.0", "3.3.3"])
      assert.match(raised(model([3]), version) ?? "", refused("Lambda", "TrackedList"));
    for (const version of ["3.1.1", "3.4.0", "3.15.1"]) assert.equal(raised(model([3, null]), version), undefined);
    assert.deepEqual(problems(model([3]), "3.3.3"), ["invalid-argument at layers/1/config/output_shape"]);
  });

  test("later where not all of it are integers", () => {
    assert.match(raised(model([3.5])) ?? "", refused("Lambda", "float"));
    assert.match(raised(sequential(input("x"), lambda([3.5]))) ?? "", refused("Lambda", "float"));
    assert.equal(raised(sequential(input("x"), lambda([3]))), undefined);
  });

  test("the output size of adaptive pooling is always one", () => {
    const pool = called("keras.src.ops.nn", "AdaptiveMaxPool", {
      output_size: [2],
      data_format: "channels_last",
      name: "h",
    });
    const operation = (pool.config as { layers: Json[] }).layers[1] as Json;
    operation.registered_name = "AdaptiveMaxPool";
    assert.match(raised(pool) ?? "", refused("AdaptiveMaxPool", "list"));
  });
});

describe("how many tensors the operation Nonzero makes", () => {
  const model = (() => {
    const made = called("keras.src.ops.numpy", "Nonzero");
    const callee = (made.config as { layers: Json[] }).layers[1] as Json;
    callee.registered_name = "Nonzero";
    return {
      ...made,
      config: { ...(made.config as Json), layers: [input("x"), callee], output_layers: [["h", 0, 1]] },
    };
  })();

  test("is one in 3.2.1 to 3.3, and then one for each axis", () => {
    assert.equal(raised(model, "3.3.3"), "IndexError: list index out of range");
    assert.equal(raised(model, "3.4.0"), undefined);
  });
});
