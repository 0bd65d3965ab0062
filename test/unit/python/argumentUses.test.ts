import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { functionFlow, importAliases, parsePython } from "../../../server/src/python/index.ts";
import { walkStatements } from "../../../server/src/python/walk.ts";

/** The uses of the last function of a text, a line each: `parameter["key"] -> callee(argument)`, then how certain. */
function uses(source: string): string {
  const tree = parsePython(source);
  const functions = [...walkStatements(tree.body, ({ kind }) => kind !== "def")].filter(({ kind }) => kind === "def");
  const resolve = importAliases(tree, { module: "pkg.layers", isPackage: false });
  const flow = functionFlow(tree, functions.at(-1)!, resolve);
  return flow.uses
    .map(({ parameter, key, callee, argument, conditional, ownCondition, each }) => {
      const value = key === undefined ? parameter : `${parameter}[${JSON.stringify(key)}]`;
      const certainty = ownCondition ? " if itself" : conditional ? " perhaps" : "";
      return `${value}${each ? " each" : ""} -> ${callee}(${argument})${certainty}`;
    })
    .join("\n");
}

function checkUses(source: string, expected: string): void {
  const lines = expected.split("\n").map((line) => line.trim());
  assert.equal(uses(source), lines.filter((line) => line !== "").join("\n"));
}

describe("what a function does with its parameters", () => {
  test("parameters, by position and by keyword, through the module's imports", () => {
    checkUses(
      `
from keras import initializers
from keras.regularizers import get as regularizer
import keras as ks
from . import utils

class Scale(ks.layers.Layer):
    def __init__(self, units, kernel_initializer="zeros", reg=None, **kwargs):
        super(Scale, self).__init__(activity_regularizer=reg, **kwargs)
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.reg = regularizer(reg)
        self.act = ks.activations.get(kwargs.pop("activation", None))
        utils.note(units)
        self.add(units)
`,
      `
      self -> super(1)
      reg -> super().__init__(activity_regularizer)
      kwargs -> super().__init__(**)
      kernel_initializer -> keras.initializers.get(0)
      reg -> keras.regularizers.get(0)
      kwargs["activation"] -> keras.activations.get(0)
      units -> pkg.utils.note(0)
      units -> self.add(0)
      `,
    );
  });

  test("keys of a dict, through variables and copies", () => {
    checkUses(
      `
import copy
from keras.saving import deserialize_keras_object as revive

class Wrap:
    @classmethod
    def from_config(cls, config, custom_objects=None):
        config = copy.deepcopy(config)
        layer_config = config.pop("layer")
        layer = revive(layer_config, custom_objects=custom_objects)
        config["cell"] = revive(config["cell"])
        head = config.get("head", None)
        if head is not None:
            config["head"] = revive(head)
        return cls(layer, **config)
`,
      `
      config -> copy.deepcopy(0)
      config["layer"] -> keras.saving.deserialize_keras_object(0)
      custom_objects -> keras.saving.deserialize_keras_object(custom_objects)
      config["cell"] -> keras.saving.deserialize_keras_object(0)
      config["head"] -> keras.saving.deserialize_keras_object(0) if itself
      config -> cls(**)
      `,
    );
  });

  test("elements of loops and comprehensions, and keys out of a literal list", () => {
    checkUses(
      `
def from_config(cls, config):
    for key in ("query", "value"):
        config[key] = revive(config[key])
    blocks = [revive(block) for block in config["blocks"]]
    for name, cell in config["cells"].items():
        add(cell)
`,
      `
      config["query"] -> revive(0)
      config["value"] -> revive(0)
      config["blocks"] each -> revive(0) if itself
      config["cells"] each -> add(0) if itself
      `,
    );
  });

  test("tests of the value itself, and of something else", () => {
    checkUses(
      `
def __init__(self, layer, cell, mode):
    if isinstance(layer, dict):
        layer = revive(layer)
    else:
        check(layer)
    if mode == "deep":
        revive(cell)
    self.cell = get(cell) if cell is not None else None
    self.mode = mode or default(mode)
    try:
        f(mode)
    except ValueError:
        pass
`,
      `
      layer -> isinstance(0)
      layer -> revive(0) if itself
      layer -> check(0) perhaps
      cell -> revive(0) perhaps
      cell -> get(0) if itself
      mode -> default(0) if itself
      mode -> f(0) perhaps
      `,
    );
  });

  test("what a call returned is no parameter any more", () => {
    checkUses("def f(x):\n    x = int(x)\n    y = x\n    g(x, y)\n", "x -> int(0)");
  });

  test("parameters with their defaults", () => {
    const tree = parsePython("def f(a, b: int = 1 + 2, /, c='x', *args, d, e=None, **kw): pass");
    const { parameters, varargs, kwargs } = functionFlow(tree, tree.body[0]!, () => undefined);
    assert.deepEqual(parameters, [
      { name: "a" },
      { name: "b", default: "1 + 2" },
      { name: "c", default: "'x'" },
      { name: "d", keywordOnly: true },
      { name: "e", default: "None", keywordOnly: true },
    ]);
    assert.deepEqual([varargs, kwargs], ["args", "kw"]);
  });
});
