import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { jsonPointer } from "../../../server/src/json/index.ts";
import { catalogue } from "../../recorded/shippedCatalogue.ts";
import { simulateRecord } from "../../recorded/simulateRecord.ts";
import { workspaceRegistry } from "../../recorded/workspaceRegistry.ts";

const workspace = workspaceRegistry({
  "m.py": `import keras
from keras.saving import register_keras_serializable

@register_keras_serializable("p")
def clip(x):
    return x

@register_keras_serializable("p")
class Slow(keras.optimizers.SGD):
    pass

@register_keras_serializable("p")
class Ramp(keras.initializers.Initializer):
    def __call__(self, shape, dtype=None):
        return keras.ops.ones(shape, dtype)

@register_keras_serializable("p")
class Steep(Ramp):
    def __init__(self, slope):
        self.slope = slope

@register_keras_serializable("p")
class Own(keras.layers.Layer):
    def call(self, x):
        return x
`,
});

const own = (name: string, config: object = {}) => ({
  module: "m",
  class_name: name,
  config,
  registered_name: `p>${name}`,
});
const clip = { module: "builtins", class_name: "function", config: "clip", registered_name: "p>clip" };

const dense = (argument: string, value: unknown) => ({
  module: "keras.layers",
  class_name: "Dense",
  config: { units: 1, [argument]: value },
  registered_name: null,
});

const compiled = (optimizer: unknown) => ({
  module: "keras",
  class_name: "Sequential",
  config: { name: "s", layers: [] },
  registered_name: null,
  compile_config: { optimizer },
});

/** `POINTER: the last sentence` of every error. */
function problems(object: unknown, version = "3.15.1"): string[] {
  const load = { loader: "deserialize_keras_object", config: JSON.stringify(object) } as const;
  const { tree, events } = simulateRecord(load, catalogue.release(version), workspace);
  return events.flatMap((event) => {
    if (event.kind !== "failed") return [];
    const said = event.outcome.message.split("Exception encountered: ").at(-1);
    return [`${jsonPointer(tree, event.failure.node)}: ${said}`];
  });
}

describe("what has become of an identifier", () => {
  test("is called by who gets it, and an optimizer cannot be", () => {
    const printed = "{'module': 'm', 'class_name': 'Slow', 'config': {}, 'registered_name': 'p>Slow'}";
    for (const version of ["3.3.3", "3.15.1"]) {
      assert.deepEqual(
        problems(dense("kernel_initializer", own("Slow")), version),
        [`/config/kernel_initializer: Could not interpret initializer identifier: ${printed}`],
        version,
      );
      assert.deepEqual(problems(dense("activation", own("Slow")), version), [
        `/config/activation: Could not interpret activation function identifier: ${printed}`,
      ]);
      assert.deepEqual(problems(dense("activation", own("Own")), version), []);
      assert.deepEqual(problems(dense("kernel_constraint", own("Ramp")), version), []);
    }
  });

  test("is an optimizer where a model is compiled", () => {
    const said = "/compile_config/optimizer: Could not interpret optimizer identifier:";
    assert.deepEqual(problems(compiled(own("Slow"))), []);
    assert.deepEqual(problems(compiled(own("Ramp"))), [`${said} <m.Ramp object at 0x…>`]);
    assert.deepEqual(problems(compiled(own("Own", { name: "o" }))), [`${said} <Own name=o, built=False>`]);
    assert.deepEqual(problems(compiled(clip)), [`${said} <function clip at 0x…>`]);
  });
});

describe("the key of a class for an initializer", () => {
  test("is that class, made of nothing", () => {
    assert.deepEqual(problems(dense("kernel_initializer", "p>Ramp")), []);
    assert.deepEqual(problems(dense("kernel_initializer", "p>Steep")), [
      "/config/kernel_initializer: Steep.__init__() missing 1 required positional argument: 'slope'",
    ]);
    assert.deepEqual(problems(dense("kernel_initializer", "p>Slow")), [
      "/config/kernel_initializer: Could not interpret initializer identifier: p>Slow",
    ]);
    assert.deepEqual(problems(dense("kernel_initializer", "p>clip")), []);
  });
});
