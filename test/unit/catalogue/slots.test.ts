import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { read, slots } from "./fixture.ts";

/** The slots of `Mine` in a module that imports what its author would. */
function slotsOf(code: string): string[] {
  const facts = read(`
#- src/mine.py
import numpy as np
from keras.src import initializers
from keras.src.layers.layer import Layer
from keras.src.saving import serialization_lib
${code}
`);
  return slots(facts, "keras.src.mine:Mine");
}

describe("slots of a class", () => {
  test("an argument that the constructor hands to a deserializing function", () => {
    const found = slotsOf(`
class Mine(Layer):
    def __init__(self, units, kernel="zeros", flag=False):
        super().__init__()
        self.units = units
        self.kernel = initializers.get(kernel)
`);
    assert.deepEqual(found, ["kernel: initializers.get, init"]);
  });

  test("through kwargs, under another name and by position, in the order of the calls", () => {
    const found = slotsOf(`
class Middle(Layer):
    def __init__(self, first, second=None, **kwargs):
        self.first = initializers.get(first)
        super().__init__(initializer=second, **kwargs)
class Mine(Middle):
    def __init__(self, start, end=None, **kwargs):
        super().__init__(end, start, **kwargs)
`);
    assert.deepEqual(found, ["end: initializers.get, init", "start: initializers.get, init"]);
  });

  test("through what the constructor builds, keeps, and calls", () => {
    const found = slotsOf(`
class Cell:
    def __init__(self, kernel, bias):
        self.kernel = initializers.get(kernel)
        self._take(bias)
    def _take(self, value):
        self._bias = value or "ones"
        self.bias = initializers.get(self._bias)
class Mine(Layer):
    def __init__(self, kernel=None, bias=None, **kwargs):
        self.cell = Cell(kernel, bias=bias)
        super().__init__(**kwargs)
`);
    assert.deepEqual(found, [
      "kernel: initializers.get, init",
      "bias: initializers.get, init",
      "initializer: initializers.get, init",
    ]);
  });

  test("what from_config deserializes is not deserialized again", () => {
    const found = slotsOf(`
class Mine(Layer):
    def __init__(self, layer, **kwargs):
        super().__init__(**kwargs)
        self.layer = serialization_lib.deserialize_keras_object(layer)
    @classmethod
    def from_config(cls, config):
        config = dict(config)
        layer = serialization_lib.deserialize_keras_object(config.pop("layer"))
        return cls(layer, **config)
`);
    assert.deepEqual(found, [
      "layer: deserialize_keras_object, from_config",
      "initializer: initializers.get, init",
      // A string comes out of deserialize_keras_object as it went in.
      "layer: deserialize_keras_object, init, only strings",
    ]);
  });

  test("elements of lists and dicts", () => {
    const found = slotsOf(`
class Mine(Layer):
    def __init__(self, cells, heads):
        super().__init__()
        self.cells = [serialization_lib.deserialize_keras_object(cell) for cell in cells]
        for name, head in heads.items():
            self.keep(name, initializers.get(head))
`);
    assert.deepEqual(found, ["cells: deserialize_keras_object, init, each", "heads: initializers.get, init, each"]);
  });

  test("only where the value is a dict, or a string", () => {
    const found = slotsOf(`
class Mine(Layer):
    def __init__(self, rate, mode):
        super().__init__()
        if isinstance(rate, dict):
            rate = serialization_lib.deserialize_keras_object(rate)
        if isinstance(mode, str):
            mode = initializers.get(mode)
`);
    assert.deepEqual(found, [
      "rate: deserialize_keras_object, init, only objects",
      "mode: initializers.get, init, only strings",
    ]);
  });

  test("what reading cannot decide is conditional; what raises otherwise is not", () => {
    const found = slotsOf(`
class Mine(Layer):
    def __init__(self, units, kernel=None, bias=None):
        super().__init__()
        if units < 1:
            raise ValueError("units")
        if np.random.rand() > 0.5:
            self.kernel = initializers.get(kernel)
        self.bias = initializers.get(bias)
`);
    assert.deepEqual(found, ["kernel: initializers.get, init, conditional", "bias: initializers.get, init"]);
  });

  test("a property's setter", () => {
    const found = slotsOf(`
class Mine(Layer):
    def __init__(self, policy=None):
        super().__init__()
        self.policy = policy
    @property
    def policy(self):
        return self._policy
    @policy.setter
    def policy(self, value):
        self._policy = initializers.get(value)
`);
    assert.deepEqual(found, ["policy: initializers.get, init"]);
  });

  test("nothing of a class that has no from_config, and nothing of arguments that are only kept", () => {
    assert.deepEqual(slotsOf("class Mine:\n    def __init__(self, kernel):\n        initializers.get(kernel)\n"), []);
    assert.deepEqual(
      slotsOf("class Mine(Layer):\n    def __init__(self, kernel):\n        self.kernel = kernel\n"),
      [],
    );
  });

  test("a constructor that never comes to its end is given up", () => {
    const found = slotsOf(`
class Mine(Layer):
    def __init__(self, kernel):
        super().__init__()
        self.kernel = initializers.get(kernel)
        self.again(kernel)
    def again(self, kernel):
        return self.again(kernel), self.again(kernel)
`);
    assert.deepEqual(found, ["kernel: initializers.get, init"]);
  });
});
