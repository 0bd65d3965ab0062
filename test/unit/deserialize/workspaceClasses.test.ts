import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { behaviourOf } from "../../../server/src/deserialize/behaviour.ts";
import { simulateLoad } from "../../../server/src/deserialize/simulateLoad.ts";
import { parseJson } from "../../../server/src/json/index.ts";
import { catalogue } from "../../recorded/shippedCatalogue.ts";
import { workspaceRegistry } from "../../recorded/workspaceRegistry.ts";

const lost = { module: "gone.mod", class_name: "Lost", config: {}, registered_name: "gone>Lost" };

/** What becomes of an object that nobody registers, in the argument `inner` of a class of the workspace. */
function verdict(body: string, argument = "kernel_initializer"): "error" | "open" | "silent" {
  const files = { "m.py": `import keras\n\n@keras.saving.register_keras_serializable("p")\n${body}` };
  const config = JSON.stringify({
    module: "m",
    class_name: "C",
    config: { units: 1, [argument]: lost },
    registered_name: "p>C",
  });
  const { tree } = parseJson(config);
  const { events } = simulateLoad({
    tree,
    root: tree.root,
    loader: "deserialize_keras_object",
    behaviour: behaviourOf("3.15.1"),
    release: catalogue.release("3.15.1"),
    registry: workspaceRegistry(files),
    packageInstalled: () => false,
  });
  if (events.some((event) => event.kind === "failed")) return "error";
  return events.some((event) => event.kind === "unknown") ? "open" : "silent";
}

const initOf = (...lines: string[]) =>
  `class C(keras.layers.Dense):\n    def __init__(self, units=1, **kw):\n${lines.map((line) => `        ${line}\n`).join("")}`;

describe("an object that nobody registers, in a class of the workspace", () => {
  test("is an error where the class passes it on to a layer of Keras", () => {
    assert.equal(verdict("class C(keras.layers.Dense):\n    pass\n"), "error");
    assert.equal(verdict(initOf("super().__init__(units, **kw)")), "error");
  });

  test("is an error where the class gets it itself", () => {
    const body =
      "class C(keras.layers.Layer):\n    def __init__(self, units, kernel_initializer=None, **kw):\n" +
      "        super().__init__(**kw)\n        self.k = keras.initializers.get(kernel_initializer)\n";
    assert.equal(verdict(body), "error");
  });

  test("is an error where from_config revives it, alone or in a list", () => {
    const reviving = (value: string) =>
      "class C(keras.layers.Layer):\n    def __init__(self, units, inner, **kw):\n        super().__init__(**kw)\n" +
      `    @classmethod\n    def from_config(cls, config):\n        config["inner"] = ${value}\n        return cls(**config)\n`;
    assert.equal(verdict(reviving('keras.saving.deserialize_keras_object(config["inner"])'), "inner"), "error");
    assert.equal(verdict(reviving('keras.layers.deserialize(config.pop("inner"))'), "inner"), "error");
  });

  test("is nobody's business where the class only keeps it", () => {
    const body =
      "class C(keras.layers.Layer):\n    def __init__(self, units, inner, **kw):\n        super().__init__(**kw)\n        self.inner = inner\n";
    assert.equal(verdict(body, "inner"), "silent");
  });

  for (const line of [
    'kw.pop("kernel_initializer", None)',
    'kw["kernel_initializer"] = "zeros"',
    'del kw["kernel_initializer"]',
    'kw.update(kernel_initializer="zeros")',
    "kw.clear()",
  ]) {
    test(`is left open where the class changes what it passes on: ${line}`, () => {
      assert.equal(verdict(initOf(line, "super().__init__(units, **kw)")), "open");
    });
  }

  test("is left open where a copy with another value is passed on", () => {
    assert.equal(verdict(initOf('super().__init__(units, **dict(kw, kernel_initializer="zeros"))')), "open");
  });

  test("is left open where the argument may have become something else", () => {
    const body =
      "class C(keras.layers.Dense):\n    def __init__(self, units, kernel_initializer=None, **kw):\n" +
      "        if isinstance(kernel_initializer, dict):\n            kernel_initializer = 'zeros'\n" +
      "        super().__init__(units, kernel_initializer=kernel_initializer, **kw)\n";
    assert.equal(verdict(body), "open");
  });

  test("is left open where from_config takes it out before it goes on to Keras's own", () => {
    const body =
      "class C(keras.layers.Dense):\n    @classmethod\n    def from_config(cls, config):\n" +
      '        config.pop("kernel_initializer")\n        return super().from_config(config)\n';
    assert.equal(verdict(body), "open");
  });

  test("is left open where a base of the class could not be read", () => {
    assert.equal(verdict("class C(Base):\n    pass\n"), "open");
  });
});
