import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { jsonPointer } from "../../../server/src/json/index.ts";
import { catalogue } from "../../recorded/shippedCatalogue.ts";
import { failuresIn, simulateRecord } from "../../recorded/simulateRecord.ts";
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
class Rack(keras.layers.Layer):
    def __init__(self, layer, **kwargs):
        super().__init__(**kwargs)
        self.layer = layer

    @classmethod
    def from_config(cls, config):
        return cls(layer=keras.layers.deserialize(config.pop("layer")), **config)

@register_keras_serializable("p")
class Rate(keras.optimizers.SGD):
    def __init__(self, learning_rate=0.1, **kwargs):
        super().__init__(learning_rate=learning_rate, **kwargs)

@register_keras_serializable("p")
class Own(keras.layers.Layer):
    def call(self, x):
        return x
`,
});

/** Puts its layer through `keras.layers.deserialize` itself. */
const rack = (layer: unknown) => ({
  module: "m",
  class_name: "Rack",
  config: { layer },
  registered_name: "p>Rack",
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

describe("what keras.layers.deserialize gets from a class of the workspace", () => {
  const said =
    "/config/layer: `keras.layers.deserialize` was passed a `config` object that is not a `keras.layers.Layer`.";

  test("must become a layer", () => {
    assert.deepEqual(problems(rack(own("Own"))), []);
    assert.deepEqual(problems(rack(null)), [`${said} Received: None`]);
    assert.deepEqual(problems(rack(3)), [`${said} Received: 3`]);
    assert.deepEqual(problems(rack("p>clip")), [`${said} Received: p>clip`]);
    assert.deepEqual(problems(rack("relu")), [`${said} Received: relu`]);
    assert.deepEqual(problems(rack({})), [`${said} Received: {…}`]);
    assert.deepEqual(problems(rack(own("Ramp"))), [`${said.replace("layer:", "layer/class_name:")} Received: {…}`]);
  });
});

describe("an optimizer", () => {
  test("is asked for its class name first", () => {
    assert.deepEqual(problems(compiled({})), ["/compile_config/optimizer: 'class_name'"]);
    assert.deepEqual(problems(compiled(3)), ["/compile_config/optimizer: Could not interpret optimizer identifier: 3"]);
  });

  test("does not take a key for its learning rate", () => {
    const rate = problems(own("Rate", { learning_rate: "p>clip" }));
    assert.equal(rate.length, 1);
    assert.match(rate[0] ?? "", /^\/config\/learning_rate: Argument `learning_rate` should be float, .*=p>clip$/);
  });
});

test("a file in HDF5 is compiled with an optimizer", () => {
  const model_config = { class_name: "Sequential", config: { name: "s", layers: [] } };
  const file = { model_config, training_config: { optimizer_config: own("Ramp"), loss_weights: null } };
  const load = { loader: "legacy_h5", config: JSON.stringify(file) } as const;
  for (const version of ["3.3.3", "3.15.1"]) {
    const { events } = simulateRecord(load, catalogue.release(version), workspace);
    assert.deepEqual(
      failuresIn(events),
      ["ValueError: Could not interpret optimizer identifier: <m.Ramp object at 0x…>"],
      version,
    );
  }
});
