import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { problems, raised, sequential, words } from "./models.ts";

const layer = (class_name: string, config: object) => ({
  ...{ module: "keras.layers", class_name, config, registered_name: null },
});
const dense = (name?: string) => layer("Dense", { units: 2, ...(name !== undefined && { name }) });
const input = (name: string) => layer("InputLayer", { batch_shape: [null, 4], name });

describe("a Sequential", () => {
  test("takes layers of different names, and gives those without one a free one", () => {
    assert.deepEqual(problems(sequential(input("x"), dense("a"), dense("b"), dense(), dense())), []);
  });

  test("refuses a second layer of a name", () => {
    const twice = sequential(input("x"), dense("d"), dense("d"));
    assert.deepEqual(problems(twice), ["duplicate-layer-name at layers/2/config/name"]);
    assert.equal(words(twice), "The model `s` has two layers of the name `d`.");
    assert.match(
      raised(twice) ?? "",
      /^ValueError: All layers added to a Sequential model should have unique names\. Name 'd'/,
    );
  });

  test("refuses a second InputLayer", () => {
    const twice = sequential(input("a"), input("b"));
    assert.deepEqual(problems(twice), ["second-input-layer at layers/1"]);
    assert.match(
      raised(twice) ?? "",
      /^ValueError: Sequential model 's' has already been configured to use input shape \(None, 4\)\./,
    );
  });

  test("refuses what is no layer", () => {
    const zeros = { module: "keras.initializers", class_name: "Zeros", config: {}, registered_name: null };
    assert.deepEqual(problems(sequential(input("x"), zeros)), ["not-a-layer at layers/1"]);
    assert.match(
      raised(sequential(zeros)) ?? "",
      /Received: <keras\.src\.initializers\.constant_initializers\.Zeros object at 0x…> \(of type <class/,
    );
    assert.equal(raised(sequential(3)), "TypeError: argument of type 'int' is not iterable");
    assert.equal(raised(sequential(null)), "TypeError: argument of type 'NoneType' is not iterable");
  });

  test("has a name and layers", () => {
    const model = sequential(dense("d"));
    assert.equal(raised({ ...model, config: { name: "s" } }), "KeyError: 'layers'");
    const nameless = { ...model, config: { layers: [dense("d")] } };
    assert.deepEqual(problems(nameless), ["missing-key at /config/class_name".replace("/config/", "/")]);
    assert.match(
      raised(nameless, "3.15.1") ?? "",
      /^ValueError: A Sequential model configuration must be a dictionary/,
    );
    assert.equal(raised(nameless, "3.14.1"), "TypeError: string indices must be integers, not 'str'");
  });
});
