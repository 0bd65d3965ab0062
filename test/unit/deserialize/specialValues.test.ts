import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { lambdaCode } from "../../lambdaCode.ts";
import { firstSaid } from "./firstSaid.ts";

const value = (class_name: string, config: unknown) => ({ class_name, config });

describe("what stands for a value", () => {
  test("needs its keys", () => {
    for (const version of ["3.0.5", "3.8.0", "3.15.1"]) {
      assert.equal(firstSaid(value("__numpy__", { dtype: "float32" }), version), "KeyError: 'value'");
      assert.equal(firstSaid(value("__tensor__", { value: [1] }), version), "KeyError: 'dtype'");
      assert.equal(firstSaid(value("__bytes__", {}), version), "KeyError: 'value'");
      assert.equal(
        firstSaid(value("__bytes__", { value: 3 }), version),
        "AttributeError: 'int' object has no attribute 'encode'",
      );
      assert.equal(firstSaid(value("__slice__", { start: 1, stop: null }), version), "KeyError: 'step'");
      assert.equal(firstSaid(value("__slice__", { start: 1, stop: null, step: null }), version), "loads");
      assert.equal(
        firstSaid(value("__slice__", [1]), version),
        "TypeError: list indices must be integers or slices, not str",
      );
      assert.equal(firstSaid(value("__keras_tensor__", { shape: [1] }), version), "KeyError: 'dtype'");
    }
    assert.equal(firstSaid(value("__numpy__", { value: [1] }), "2.15.1"), "KeyError: 'dtype'");
  });

  test("has an empty config where that is falsy, from 3.15 where it is null", () => {
    assert.equal(firstSaid(value("__bytes__", ""), "3.14.1"), "KeyError: 'value'");
    assert.equal(firstSaid(value("__bytes__", ""), "3.15.1"), "TypeError: string indices must be integers, not 'str'");
    assert.equal(firstSaid(value("__bytes__", null), "3.15.1"), "KeyError: 'value'");
  });

  test("is an ellipsis from 3.3", () => {
    assert.match(firstSaid(value("__ellipsis__", {}), "3.2.1"), /^TypeError: Could not locate class '__ellipsis__'/);
    assert.equal(firstSaid(value("__ellipsis__", {}), "3.3.0"), "loads");
  });

  test("is a lambda's code, for which nobody asks in safe mode", () => {
    const lambda = value("__lambda__", { code: "" });
    assert.match(firstSaid(lambda, "3.15.1"), /^ValueError: Requested the deserialization of a Python lambda/);
    assert.equal(firstSaid(lambda, "3.15.1", "", { safeMode: false }), "KeyError: 'value'");
    assert.equal(firstSaid(value("__lambda__", { value: lambdaCode }), "3.15.1", "", { safeMode: false }), "loads");
  });

  test("deserializes the parts of a slice", () => {
    const lost = { module: null, class_name: "Lost", config: {}, registered_name: "gone>Lost" };
    const slice = value("__slice__", { start: lost, stop: null, step: null });
    assert.match(firstSaid(slice, "3.15.1"), /^TypeError: Could not locate class 'Lost'/);
  });
});

describe("a type of TensorFlow's", () => {
  const spec = {
    class_name: "__typespec__",
    spec_name: "TensorSpec",
    module: "tensorflow",
    config: [[null], "float32"],
  };

  test("needs its keys", () => {
    assert.equal(firstSaid(spec, "3.15.1"), "KeyError: 'registered_name'");
    assert.equal(firstSaid({ class_name: "__typespec__", config: [] }, "3.15.1"), "KeyError: 'spec_name'");
  });

  test("needs a list from 3.15", () => {
    const config = { ...spec, config: { a: 1 }, registered_name: null };
    assert.equal(
      firstSaid(config, "3.15.1"),
      "TypeError: Expected 'config' to be a list or a tuplefor a __typespec__ class name,\ninstead got <class 'dict'>\n" +
        "Full config: {'class_name': '__typespec__', 'spec_name': 'TensorSpec', 'module': 'tensorflow', 'config': {'a': 1}, " +
        "'registered_name': None}",
    );
  });
});
