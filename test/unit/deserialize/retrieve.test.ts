import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { catalogue } from "../../recorded/shippedCatalogue.ts";
import { firstSaid } from "./firstSaid.ts";

const named = (module: unknown, class_name: unknown, registered_name: unknown = null) => ({
  module,
  class_name,
  config: {},
  registered_name,
});
const functionNamed = (config: string) => ({
  module: "builtins",
  class_name: "function",
  config,
  registered_name: "function",
});
const activation = (value: unknown) => ({
  module: "keras.layers",
  class_name: "Activation",
  config: { activation: value },
  registered_name: null,
});

describe("a name that is no text", () => {
  test("is no key of a module's names", () => {
    for (const version of ["3.12.4", "3.15.1"])
      assert.equal(firstSaid(named("keras.layers", ["Dense"]), version), "TypeError: unhashable type: 'list'");
    assert.equal(
      firstSaid(named("keras.layers", ["Dense"]), "3.8.0"),
      'TypeError: can only concatenate str (not "list") to str',
    );
    assert.equal(firstSaid(named("m", {}), "3.8.0", "x = 1\n"), "TypeError: unhashable type: 'dict'");
  });

  test("is printed where a config is refused for its type", () => {
    assert.match(
      firstSaid({ ...named("m", 3), config: "x" }, "3.15.1"),
      /^TypeError: Expected 'config' to be a dict for 3,\n/,
    );
  });

  test("identifies no shared object", () => {
    const shared = { ...named("keras.layers", "Flatten"), shared_object_id: [1] };
    assert.equal(firstSaid(shared, "3.15.1", "", { loader: "load_model" }), "TypeError: unhashable type: 'list'");
    assert.equal(firstSaid(shared, "3.15.1"), "loads");
  });
});

test("shared objects are known by what is one key to Python", () => {
  const flatten = (shared_object_id: unknown, class_name = "Flatten") => ({
    ...named("keras.layers", class_name),
    shared_object_id,
  });
  const said = (first: unknown, second: unknown) =>
    firstSaid([flatten(first), flatten(second, "Gone")], "3.15.1", "", { loader: "load_model" });
  for (const [first, second] of [
    [1, 1.5],
    [1, "1"],
    ["a", "b"],
    [null, 0],
  ])
    assert.match(said(first, second), /^ValueError: Could not deserialize 'keras.layers.Gone'/);
  for (const [first, second] of [
    [1, 1],
    [1, true],
    [0, false],
    ["a", "a"],
    [null, null],
  ])
    assert.equal(said(first, second), "loads");
});

describe("a module", () => {
  test("is none of a package where its name begins with a dot", () => {
    assert.equal(
      firstSaid(named(".keras", "Dense"), "3.8.0"),
      "TypeError: the 'package' argument is required to perform a relative import for '.keras'",
    );
    assert.match(firstSaid(named(".keras", "Dense"), "3.9.0"), /^TypeError: Could not locate class 'Dense'/);
  });

  test("is there where Keras imports its package itself", () => {
    assert.match(
      firstSaid(named("numpy", "Dense"), "3.8.0"),
      /^open: whether `numpy` can be imported and holds `Dense`/,
    );
  });

  test("__main__ is there always, and holds what the script that loads defines", () => {
    const python = "import keras\nclass Gate(keras.layers.Layer):\n    pass\n";
    assert.match(firstSaid(named("__main__", "Gate"), "3.8.0", python), /^open: whether `Gate` is in `__main__`/);
    assert.match(firstSaid(named("__main__", "Other"), "3.8.0", python), /^TypeError: Could not locate class 'Other'/);
    assert.match(firstSaid(named("__main__", "Gate"), "3.9.0", python), /^TypeError: Could not locate class 'Gate'/);
  });
});

describe("a function", () => {
  test("is not None of builtins", () => {
    const wrapper = {
      ...named("keras.metrics", "MeanMetricWrapper"),
      config: { name: "x", fn: functionNamed("None") },
    };
    assert.match(firstSaid(wrapper, "3.8.0"), /Could not locate function 'None'/);
  });

  test("may be a class, which is taken as it is and can be called", () => {
    for (const version of ["3.8.0", "3.12.4", "3.15.1"]) {
      const adam = { ...named("keras.optimizers", "Adam"), config: { learning_rate: functionNamed("Adam") } };
      assert.equal(firstSaid(adam, version), "loads");
    }
    assert.equal(firstSaid(activation(functionNamed("Adam")), "3.15.1"), "loads");
  });

  test("found by the end of a key is what is registered there, not what is handed in", () => {
    const python =
      'import keras\ndef my_loss(x):\n    return x\nkeras.utils.get_custom_objects()["my_loss"] = my_loss\n';
    const handed = catalogue.release("3.6.0").resolve("keras.layers.Dense");
    assert.ok(handed);
    const customObjects = new Map([["my_loss", { from: "keras", symbol: handed } as const]]);
    const layers = [{ ...named("keras.layers", "Dense"), config: { units: 1 } }];
    const compile_config = { optimizer: functionNamed("loss") };
    const model = { ...named("keras", "Sequential"), config: { name: "model", layers }, compile_config };
    assert.equal(
      firstSaid(model, "3.6.0", python, { customObjects }),
      "ValueError: Could not interpret optimizer identifier: <function my_loss at 0x…>",
    );
  });

  test("of a Lambda is no text that nobody registers", () => {
    const lambda = (value: unknown) => ({ ...named("keras.layers", "Lambda"), config: { function: value } });
    for (const value of ["double", null, 3, ["code"]])
      assert.match(firstSaid(lambda(value), "3.15.1"), /Exception encountered: unsupported callable$/);
    const python = 'import keras\n@keras.saving.register_keras_serializable("p")\ndef double(x):\n    return x\n';
    assert.equal(firstSaid(lambda("p>double"), "3.15.1", python), "loads");
    assert.equal(firstSaid(lambda(functionNamed("p>double")), "3.15.1", python), "loads");
  });
});

describe("a class that the workspace puts into a module", () => {
  const gate = "import keras\nclass Gate(keras.layers.Layer):\n    pass\n";
  const inKeras = named("keras.layers", "Gate");
  const h5 = {
    class_name: "Sequential",
    config: { name: "model", layers: [{ class_name: "Gate", config: { name: "gate" } }] },
  };

  test("may be found there", () => {
    for (const version of ["3.8.0", "3.15.1"]) {
      const python = `${gate}keras.layers.Gate = Gate\n`;
      assert.equal(
        firstSaid(inKeras, version, python),
        "open: the workspace's Python may put a `Gate` into `keras.layers`",
      );
      const said = firstSaid(h5, version, python, { loader: "load_model_from_hdf5" });
      assert.equal(said, "open: the workspace's Python may put a `Gate` into `keras.layers`");
    }
  });

  test("may be found in one of its own", () => {
    const python = `${gate}globals()["Door"] = Gate\n`;
    const said = firstSaid(named("m", "Door"), "3.8.0", python);
    assert.equal(said, "open: the workspace's Python may put a `Door` into `m`");
    assert.match(firstSaid(named("m", "Door"), "3.9.0", python), /^TypeError: Could not locate class 'Door'/);
  });

  test("is none where only something is set on it", () => {
    const python = `${gate}Gate.call = print\n`;
    assert.match(firstSaid(inKeras, "3.15.1", python), /^ValueError: Could not deserialize 'keras.layers.Gate'/);
    assert.match(
      firstSaid(h5, "3.15.1", python, { loader: "load_model_from_hdf5" }),
      /^ValueError: Unknown layer: 'Gate'/,
    );
  });
});
