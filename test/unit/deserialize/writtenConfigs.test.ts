import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { behaviourOf } from "../../../server/src/deserialize/behaviour.ts";
import type { LoadQuestion } from "../../../server/src/deserialize/load.ts";
import { simulateLoad } from "../../../server/src/deserialize/simulateLoad.ts";
import { jsonPointer, parseJson } from "../../../server/src/json/index.ts";
import { emptyRegistry } from "../../recorded/emptyRegistry.ts";
import { catalogueWithKeras2 as catalogue } from "../../recorded/shippedCatalogue.ts";

/** `POINTER: Exception: the last sentence` of the first error of an object of Keras; undefined where it loads. */
function firstError(
  path: string,
  config: unknown,
  version = "3.15.1",
  more: Partial<LoadQuestion> & { readonly beside?: object } = {},
): string | undefined {
  const { beside = {}, ...asked } = more;
  const dot = path.lastIndexOf(".");
  const [module, class_name] = [path.slice(0, dot), path.slice(dot + 1)];
  const { tree } = parseJson(JSON.stringify({ module, class_name, config, registered_name: null, ...beside }));
  const { events } = simulateLoad({
    ...{ tree, root: tree.root, loader: "deserialize_keras_object", registry: emptyRegistry },
    ...{ release: catalogue.release(version), behaviour: behaviourOf(version) },
    ...asked,
  });
  const failed = events.find((event) => event.kind === "failed");
  if (!failed) return undefined;
  const { exception, message } = failed.outcome;
  return `${jsonPointer(tree, failed.failure.node)}: ${exception}: ${message.split("Exception encountered: ").at(-1)}`;
}

describe("a number that a constructor makes of an argument", () => {
  const axis = (value: unknown) => firstError("keras.layers.BatchNormalization", { axis: value }, "3.0.1");

  test("is made of no list, dict or null", () => {
    const said = "/config/axis: TypeError: int() argument must be a string, a bytes-like object or a real number, not";
    assert.equal(axis([3]), `${said} 'list'`);
    assert.equal(axis({}), `${said} 'dict'`);
    assert.equal(axis(null), `${said} 'NoneType'`);
  });

  test("is made of numbers and of texts", () => {
    for (const value of [3, -1, 1.5, true, "3"]) assert.equal(axis(value), undefined);
  });
});

describe("an operation of keras.ops", () => {
  const append = (config: object, version: string) => firstError("keras.src.ops.numpy.Append", config, version);

  test("has no name before 3.11", () => {
    const said = "/config/name: TypeError: Append.__init__() got an unexpected keyword argument 'name'";
    for (const version of ["3.3.3", "3.4.0", "3.10.0"]) assert.equal(append({ axis: null, name: "a" }, version), said);
    assert.equal(append({ axis: null, name: "a" }, "3.11.0"), undefined);
    assert.equal(append({ axis: null }, "3.10.0"), undefined);
  });
});

describe("the factors of a layer that changes images", () => {
  const shear = (config: object) => firstError("keras.layers.RandomShear", config, "3.8.0");
  const range = "The `factor` argument should be a number (or a list of two numbers) in the range";

  test("are both in its range, as what it writes itself is not", () => {
    const said = `${range} [0, 1.0]. Received: input_number=`;
    assert.equal(shear({ x_factor: [-0.1, 0.1] }), `/config/x_factor: TypeError: ${said}-0.1`);
    assert.equal(shear({ y_factor: [0.5, 2] }), `/config/y_factor: TypeError: ${said}2`);
    assert.equal(shear({ x_factor: [0, 1], y_factor: [-0.0, 0.5] }), undefined);
  });

  test("may be less than nothing for others", () => {
    const zoom = (factor: unknown) => firstError("keras.layers.RandomZoom", { height_factor: factor }, "3.8.0");
    assert.equal(zoom([-0.5, 0.5]), undefined);
    assert.match(zoom([-0.5, 1.5]) ?? "", /Received: input_number=1\.5$/);
  });
});

describe("the dtype of a metric", () => {
  const dtype = { module: "keras", class_name: "FloatDTypePolicy", config: { name: "float32" }, registered_name: null };
  const metric = (name: string, version: string) => firstError(`keras.metrics.${name}`, { name: "m", dtype }, version);

  test("is no policy to 3.4 where its constructor makes variables", () => {
    for (const version of ["3.1.1", "3.3.3", "3.4.1"])
      for (const name of ["Mean", "Sum", "MeanSquaredError"])
        assert.equal(metric(name, version), "/config/dtype: TypeError: unhashable type: 'dict'");
    assert.equal(metric("Precision", "3.3.3"), undefined);
    assert.equal(metric("Mean", "3.5.0"), undefined);
  });
});

describe("an optimizer by its name alone", () => {
  const compiled = (optimizer: string, version: string) =>
    firstError("keras.Sequential", { name: "s", layers: [] }, version, {
      beside: { compile_config: { optimizer, loss: "mse", metrics: null } },
    });

  test("is made of an empty config, which some cannot do with", () => {
    const at = "/compile_config/optimizer: KeyError";
    for (const version of ["3.0.5", "3.15.1"])
      assert.equal(compiled("LossScaleOptimizer", version), `${at}: 'inner_optimizer'`);
    assert.equal(compiled("multioptimizer", "3.15.1"), `${at}: 'optimizer_map'`);
    assert.equal(compiled("adam", "3.15.1"), undefined);
  });
});

describe("the code of a Python lambda", () => {
  const lambda = (code: unknown, version = "3.8.0", safeMode = false) =>
    firstError(
      "keras.layers.Lambda",
      { function: { class_name: "__lambda__", config: { code, defaults: null, closure: null } } },
      version,
      { safeMode },
    );
  const at = "/config/function/config/code";

  test("is cut off", () => {
    assert.equal(lambda("4wE="), `${at}: EOFError: marshal data too short`);
    assert.equal(lambda("YwAAAAAA\n"), `${at}: EOFError: marshal data too short`);
    assert.equal(lambda(""), `${at}: EOFError: EOF read where object expected`);
  });

  test("is not looked into where there is more of it, or where it is no code that Python writes", () => {
    for (const code of ["4wAAAAAAAAAAAAAAAAAAAAAAAAAA", "TgE=", "4wE", "4w!E="]) assert.equal(lambda(code), undefined);
  });

  test("is not read in safe mode", () => {
    assert.match(lambda("4wE=", "3.15.1", true) ?? "", /^\/config\/function\/class_name: ValueError: Requested the /);
  });

  test("is the first of three in a layer as Keras 2 wrote it", () => {
    const layer = { class_name: "Lambda", config: { function: ["4wE=\n", null, null], function_type: "lambda" } };
    const said = firstError("keras.Sequential", { name: "s", layers: [layer] }, "3.8.0", { safeMode: false });
    assert.equal(said, "/config/layers/0/config/function/0: EOFError: marshal data too short");
  });

  test("is the first of three where any object may be a function", () => {
    const metric = (value: unknown) =>
      firstError("keras.metrics.MeanMetricWrapper", { fn: { class_name: "__lambda__", config: { value } } }, "3.8.0", {
        safeMode: false,
      });
    assert.match(
      metric(["4wE=\n", null, null]) ?? "",
      /^\/config\/fn\/config\/value: EOFError: marshal data too short$/,
    );
    assert.equal(metric(["4wE=\n", null]), undefined);
  });

  test("is read by the type of the function in Keras 2", () => {
    const config = { function: ["4wE=\n", null, null], function_type: "lambda", output_shape_type: "raw" };
    const error = firstError("keras.layers.Lambda", config, "2.15.1", { safeMode: false });
    assert.equal(error, "/config/function: EOFError: marshal data too short");
  });
});

describe("what a layer reads from outside the model", () => {
  test("a vocabulary without a path is nowhere", () => {
    const text = { standardize: null, split: null, ngrams: null, vocabulary: "" };
    const said = "Vocabulary file  does not exist.";
    assert.equal(
      firstError("keras.layers.TextVectorization", text, "3.8.0"),
      `/config/vocabulary: ValueError: ${said}`,
    );
    const lookup = firstError("keras.layers.StringLookup", { vocabulary: "" }, "3.15.1", { safeMode: false });
    assert.equal(lookup, `/config/vocabulary: TypeError: ${said}`);
    assert.equal(firstError("keras.layers.StringLookup", { vocabulary: "words.txt" }, "3.8.0"), undefined);
  });

  test("a module of torch is bytes to 3.10, which no JSON holds", () => {
    const torch = (module: unknown, version: string) =>
      firstError("keras.layers.TorchModuleWrapper", { module }, version, { safeMode: false });
    const said = "/config/module: TypeError: a bytes-like object is required, not";
    assert.equal(torch("gASV", "3.10.0"), `${said} 'str'`);
    assert.equal(torch([1], "3.8.0"), `${said} 'list'`);
    assert.equal(torch(null, "3.8.0"), undefined);
    assert.equal(torch("gASV", "3.11.0"), undefined);
  });
});

describe("a policy by its name", () => {
  test("does not quantize before 3.1", () => {
    const dense = (version: string) =>
      firstError("keras.layers.Dense", { units: 1, dtype: "int8_from_float32" }, version);
    const said =
      "/config/dtype: TypeError: Cannot convert 'int8_from_float32' to a mixed precision DTypePolicy. Valid policies include " +
      "'mixed_float16', 'mixed_bfloat16', and the name of any dtype such as 'float32'.";
    assert.equal(dense("3.0.5"), said);
    assert.equal(dense("3.1.1"), undefined);
  });
});

describe("a policy that newer releases write otherwise", () => {
  const config = { mode: "int8", source_name: "float32" };
  const dtype = { module: "keras.dtype_policies", class_name: "QuantizedDTypePolicy", config, registered_name: null };
  const dense = (version: string) =>
    firstError("keras.layers.Dense", { units: 1, dtype, quantization_config: null }, version);

  test("is refused before the keywords of its layer, from 3.1 on", () => {
    const said =
      "/config/dtype/config/mode: TypeError: DTypePolicy.__new__() got an unexpected keyword argument 'mode'";
    assert.equal(dense("3.1.1"), said);
    const missing = "TypeError: DTypePolicy.__new__() missing 1 required positional argument: 'name'";
    assert.equal(dense("3.3.3"), `/config/dtype/class_name: ${missing}`);
  });

  test("is not looked for before, since its layer does not know all of its keywords", () => {
    const said = "Unrecognized keyword arguments passed to Dense: {'quantization_config': None}";
    assert.equal(dense("3.0.4"), `/config/quantization_config: TypeError: ${said}`);
  });
});

describe("a Dot that is built again", () => {
  const dot = (version: string) =>
    firstError("keras.layers.Dot", { axes: 1 }, version, {
      beside: {
        build_config: {
          input_shape: [
            [null, 4],
            [null, 4],
          ],
        },
      },
    });

  test("takes no shapes but tuples to 3.1, which JSON does not hold", () => {
    const said = "A `Dot` layer should be called on a list of 2 inputs. Received: input_shape=[[None, 4], [None, 4]]";
    assert.equal(dot("3.1.1"), `/build_config/input_shape: ValueError: ${said}`);
    assert.equal(dot("3.2.0"), undefined);
  });
});
