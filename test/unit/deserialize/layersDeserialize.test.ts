import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { behaviourOf } from "../../../server/src/deserialize/behaviour.ts";
import type { Loader } from "../../../server/src/deserialize/load.ts";
import { simulateLoad } from "../../../server/src/deserialize/simulateLoad.ts";
import { parseJson } from "../../../server/src/json/index.ts";
import { catalogue } from "../../recorded/shippedCatalogue.ts";
import { workspaceRegistry } from "../../recorded/workspaceRegistry.ts";

const python = `import keras

@keras.saving.register_keras_serializable("audio")
class Mixer(keras.Model):
    def __init__(self, track=None, **kwargs):
        super().__init__(**kwargs)
        self.track = track

    @classmethod
    def from_config(cls, config):
        return cls(keras.layers.deserialize(config.pop("track")), **config)

@keras.saving.register_keras_serializable("audio")
class Late(keras.Model):
    @classmethod
    def from_config(cls, config):
        track = config.pop("track")
        if track is not None:
            track = keras.layers.deserialize(track)
        return cls(**config)

@keras.saving.register_keras_serializable("audio")
class Ramp(keras.initializers.Initializer):
    def __init__(self, slope=1.0):
        self.slope = slope

    def __call__(self, shape, dtype=None):
        return keras.ops.ones(shape, dtype=dtype)

    def get_config(self):
        return {"slope": self.slope}
`;

/** What leaves the loader first. */
function raised(config: unknown, loader: Loader = "deserialize_keras_object"): string | undefined {
  const { tree } = parseJson(JSON.stringify(config));
  const { events } = simulateLoad({
    tree,
    root: tree.root,
    loader,
    behaviour: behaviourOf("3.15.1"),
    release: catalogue.release("3.15.1"),
    registry: workspaceRegistry({ "audio.py": python }),
  });
  const failed = events.find((event) => event.kind === "failed");
  return failed && `${failed.outcome.exception}: ${failed.outcome.message}`;
}

const custom = (className: string, config: object) => ({
  ...{ module: "audio", class_name: className, config, registered_name: `audio>${className}` },
});
const dense = { module: "keras.layers", class_name: "Dense", config: { units: 1 }, registered_name: null };
const ramp = custom("Ramp", {});
const refused = (received: string) =>
  "ValueError: `keras.layers.deserialize` was passed a `config` object that is not a `keras.layers.Layer`. Received: " +
  received;

describe("what a class of the workspace hands to keras.layers.deserialize", () => {
  const track = (value: unknown) => raised(custom("Mixer", { track: value }));

  test("is a layer", () => {
    assert.equal(track(dense), undefined);
  });

  test("is refused where it is none", () => {
    assert.equal(track(null), refused("None"));
    assert.equal(track(3), refused("3"));
    assert.equal(track("zeros"), refused("zeros"));
    assert.equal(track({}), refused("{…}"));
    assert.equal(track(ramp), refused("{…}"));
  });

  test("is refused where it is the key of a class, which stands for the class", () => {
    assert.equal(track("audio>Ramp"), refused("audio>Ramp"));
    assert.equal(track("audio>Mixer"), refused("audio>Mixer"));
  });

  test("may be nothing where the class asks for that before", () => {
    assert.equal(raised(custom("Late", { track: null })), undefined);
  });

  test("is refused as a root in the same words", () => {
    assert.equal(raised(ramp, "layers.deserialize"), refused("{…}"));
    assert.equal(raised(null, "layers.deserialize"), refused("None"));
    assert.equal(raised("nowhere", "layers.deserialize"), refused("nowhere"));
  });
});

describe("the optimizer of a compile_config", () => {
  const layers = [{ ...dense, config: { units: 1, name: "d" } }];
  const model = { module: "keras", class_name: "Sequential", config: { name: "s", layers }, registered_name: null };
  const optimizer = (value: unknown) => raised({ ...model, compile_config: { optimizer: value, loss: "mse" } });

  test("may be a name, an optimizer or nothing", () => {
    assert.equal(optimizer("adam"), undefined);
    assert.equal(optimizer(null), undefined);
    const adam = { module: "keras.optimizers", class_name: "Adam", config: {}, registered_name: null };
    assert.equal(optimizer(adam), undefined);
  });

  test("is refused where it has become something else", () => {
    const refusal = "ValueError: Could not interpret optimizer identifier: ";
    assert.equal(optimizer(ramp), `${refusal}<audio.Ramp object at 0x…>`);
    assert.equal(optimizer("audio>Ramp"), `${refusal}<class 'audio.Ramp'>`);
    assert.equal(optimizer(3), `${refusal}3`);
    assert.equal(optimizer([]), `${refusal}[]`);
    assert.equal(optimizer({}), "KeyError: 'class_name'");
  });
});
