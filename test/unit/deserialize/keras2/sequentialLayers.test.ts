import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { dense, input, problems, raised, sequential } from "./models.ts";

const withShape = (name: string) => ({ ...dense(name), config: { units: 4, name, batch_input_shape: [null, 4] } });
const onlyConfig = (config: unknown) => ({ ...sequential(), config });

describe("a Sequential of Keras 2", () => {
  test("is a stack of layers, with an input or without", () => {
    assert.deepEqual(problems(sequential(input("x"), dense("a"), dense("b"))), []);
    assert.deepEqual(problems(sequential(withShape("a"), dense("b"))), []);
    assert.deepEqual(problems(sequential(dense("a"), dense("b"))), []);
    assert.deepEqual(problems(sequential()), []);
    // Another InputLayer is called like every layer.
    assert.deepEqual(problems(sequential(input("x"), dense("a"), input("w"))), []);
  });

  test("has layers of different names", () => {
    const twice = sequential(dense("a"), dense("a"));
    assert.deepEqual(problems(twice), ["duplicate-layer-name at layers/1/config/name"]);
    assert.equal(
      raised(twice),
      'ValueError: All layers added to a Sequential model should have unique names. Name "a" is already the name of a layer in ' +
        "this model. Update the `name` argument to pass a unique name.",
    );
  });

  test("has an input of another name than they, which the first layer may bring", () => {
    const used = "is used 2 times in the model. All layer names should be unique.";
    assert.equal(raised(sequential(input("a"), dense("a"))), `ValueError: The name "a" ${used}`);
    assert.equal(raised(sequential(withShape("a"), dense("a_input"))), `ValueError: The name "a_input" ${used}`);
    assert.deepEqual(problems(sequential(dense("a"), dense("a_input"))), []);
  });

  test("calls its layers where it has an input, and TensorFlow takes not every name for a scope", () => {
    assert.match(
      raised(sequential(input("x"), dense("a b"))) ?? "",
      /^ValueError: 'a b\/' is not a valid root scope name/,
    );
    assert.deepEqual(problems(sequential(dense("a b"))), []);
  });

  test("holds layers alone", () => {
    const name = { ...dense("a"), class_name: "Zeros" };
    assert.equal(
      raised(sequential(name)),
      "TypeError: The added layer must be an instance of class Layer. Received: layer=Zeros of type <class 'str'>.",
    );
    for (const [value, type] of [
      [3, "int"],
      [null, "NoneType"],
      [true, "bool"],
    ] as const) {
      assert.deepEqual(problems(sequential(value)), ["not-a-layer at layers/0"]);
      assert.equal(raised(sequential(value)), `TypeError: argument of type '${type}' is not iterable`);
    }
    assert.equal(raised(sequential([])), "ValueError: Cannot deserialize empty config. Received: config=[]");
    assert.equal(raised(sequential([1])), "ValueError: Could not interpret serialized layer: [1]");
  });

  test("takes a text for the name of a class, which it calls without arguments", () => {
    assert.deepEqual(problems(sequential("Flatten")), []);
    assert.equal(
      raised(sequential("Dense")),
      "TypeError: Dense.__init__() missing 1 required positional argument: 'units'",
    );
    assert.match(raised(sequential("Nope")) ?? "", /^ValueError: Unknown layer: 'Nope'\./);
  });
});

describe("the config of a Sequential of Keras 2", () => {
  test("has a name, or is taken for the layers: the first of its keys is sought as one", () => {
    const nameless = onlyConfig({ layers: [dense("a")] });
    assert.deepEqual(problems(nameless), ["missing-key at /class_name"]);
    assert.match(raised(nameless) ?? "", /^ValueError: Unknown layer: 'layers'\./);
  });

  test("has layers, in a list", () => {
    const bare = onlyConfig({ name: "s" });
    assert.deepEqual(problems(bare), ["missing-key at /class_name"]);
    assert.equal(raised(bare), "KeyError: 'layers'");
    assert.equal(raised(onlyConfig({ name: "s", layers: 3 })), "TypeError: 'int' object is not iterable");
    assert.match(raised(onlyConfig({ name: "s", layers: "ab" })) ?? "", /^ValueError: Unknown layer: 'a'\./);
    assert.match(raised(onlyConfig({ name: "s", layers: { k: 1 } })) ?? "", /^ValueError: Unknown layer: 'k'\./);
  });

  test("may be the list itself, since 2.16, or where it has an input", () => {
    const open = onlyConfig([dense("a")]);
    assert.deepEqual(problems(open, "2.21.0"), []);
    assert.match(raised(open, "2.15.1") ?? "", /^UnboundLocalError: cannot access local variable 'build_input_shape'/);
    assert.deepEqual(problems(onlyConfig([input("x"), dense("a")]), "2.15.1"), []);
    assert.match(raised(onlyConfig({}), "2.15.1") ?? "", /^UnboundLocalError/);
  });

  test("is no number", () => {
    assert.equal(raised(onlyConfig(3)), "TypeError: argument of type 'int' is not iterable");
  });
});
