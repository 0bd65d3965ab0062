import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { behaviourOf } from "../../../server/src/deserialize/behaviour.ts";
import type { LoadQuestion } from "../../../server/src/deserialize/load.ts";
import { simulateLoad } from "../../../server/src/deserialize/simulateLoad.ts";
import { jsonPointer, NO_NODE, parseJson } from "../../../server/src/json/index.ts";
import { emptyRegistry } from "../../recorded/emptyRegistry.ts";
import { catalogueWithKeras2 as catalogue } from "../../recorded/shippedCatalogue.ts";
import { workspaceRegistry } from "../../recorded/workspaceRegistry.ts";

/** The last sentence of the first error, without what is wrapped around it, and where it is shown. */
function firstError(path: string, config: unknown, version: string, more: Partial<LoadQuestion> = {}) {
  const dot = path.lastIndexOf(".");
  const [module, class_name] = [path.slice(0, dot), path.slice(dot + 1)];
  const object = { module, class_name, config, registered_name: module === "audio" ? `audio>${class_name}` : null };
  const { tree } = parseJson(JSON.stringify(object));
  return errorOf({ tree, root: tree.root, loader: "deserialize_keras_object", ...more }, version);
}

/** The same of the attributes of an `.h5` file, in Keras 3.12.4. */
function h5Error(attributes: object): string | undefined {
  const { tree } = parseJson(JSON.stringify(attributes));
  const trainingConfig = tree.member(tree.root, "training_config");
  const root = tree.member(tree.root, "model_config");
  const loader = "load_model_from_hdf5";
  return errorOf({ tree, root, loader, ...(trainingConfig === NO_NODE ? {} : { trainingConfig }) }, "3.12.4");
}

function errorOf(
  asked: Pick<LoadQuestion, "tree" | "root" | "loader"> & Partial<LoadQuestion>,
  version: string,
): string | undefined {
  const { tree } = asked;
  const known = { release: catalogue.release(version), behaviour: behaviourOf(version) };
  const { events } = simulateLoad({ registry: emptyRegistry, ...asked, ...known });
  const failed = events.find((event) => event.kind === "failed");
  if (!failed) return undefined;
  return `${jsonPointer(tree, failed.failure.node)}: ${failed.outcome.message.split("Exception encountered: ").at(-1)}`;
}

describe("a config that is no dict", () => {
  test("reaches the constructor to 3.14", () => {
    const error = firstError("keras.regularizers.L2", [1], "3.14.1");
    const said = "keras.src.regularizers.regularizers.L2() argument after ** must be a mapping, not list";
    assert.equal(error, `/config: ${said}`);
  });

  test("is refused from 3.15 on", () => {
    const error = firstError("keras.regularizers.L2", [1], "3.15.1");
    assert.match(error ?? "", /^\/config: Expected 'config' to be a dict for L2/);
  });

  test("is asked for its dtype by layers since 3.4", () => {
    assert.equal(
      firstError("keras.layers.Dropout", 5, "3.3.3"),
      "/config: keras.src.layers.regularization.dropout.Dropout() argument after ** must be a mapping, not int",
    );
    assert.equal(firstError("keras.layers.Dropout", 5, "3.4.0"), "/config: argument of type 'int' is not iterable");
  });

  test("fails at what a class of Keras takes out of it first", () => {
    assert.equal(firstError("keras.layers.RNN", 5, "3.12.4"), "/config: 'int' object has no attribute 'pop'");
    assert.match(firstError("keras.layers.Bidirectional", [1], "3.12.4") ?? "", /list indices must be integers/);
  });

  test("is an empty one where it is falsy, to 3.14", () => {
    assert.equal(firstError("keras.regularizers.L2", false, "3.14.1"), undefined);
  });

  test("is asked for what the class needs, where it is an empty one", () => {
    assert.equal(firstError("keras.layers.StackedRNNCells", null, "3.15.1"), "/config: 'cells'");
    assert.equal(firstError("keras.layers.Lambda", null, "3.8.0"), "/config: 'function'");
    assert.equal(
      firstError("keras.layers.Conv2D", null, "3.12.4"),
      "/config: Conv2D.__init__() missing 2 required positional arguments: 'filters' and 'kernel_size'",
    );
    assert.equal(firstError("keras.layers.InputLayer", null, "3.12.4"), "/config: You must pass a `shape` argument.");
    assert.equal(firstError("keras.layers.ReLU", null, "3.12.4"), undefined);
    // One that is written down is shown at the class.
    assert.match(firstError("keras.layers.Conv2D", {}, "3.12.4") ?? "", /^\/class_name: Conv2D.__init__\(\) missing 2/);
  });

  test("fails in a from_config of the workspace that asks it for a key before all else", () => {
    const rack = (...body: string[]) => ({
      registry: workspaceRegistry({
        "audio.py": `import keras
@keras.saving.register_keras_serializable("audio")
class Rack(keras.layers.Layer):
    def __init__(self, effects, **kwargs):
        super().__init__(**kwargs)
    @classmethod
    def from_config(cls, config):
${body.map((line) => `        ${line}\n`).join("")}        return cls(**config)
`,
      }),
    });
    const asks = rack('config["effects"] = [revive(one) for one in config["effects"]]');
    for (const [config, said] of [
      [5, "'int' object is not subscriptable"],
      [[1], "list indices must be integers or slices, not str"],
      ["x", "string indices must be integers, not 'str'"],
    ] as const) {
      assert.equal(firstError("audio.Rack", config, "3.14.1", asks), `/config: ${said}`);
      assert.equal(firstError("audio.Rack", config, "2.15.1", asks), `/config: ${said}`);
    }
    const copies = rack("config = dict(config)", 'effects = config["effects"]');
    assert.equal(firstError("audio.Rack", 5, "3.14.1", copies), undefined);
  });

  test("is taken for layers by Sequential where it is a text, to 3.14", () => {
    assert.equal(firstError("keras.Sequential", "x", "3.14.1"), "/config: string indices must be integers, not 'str'");
  });
});

describe("a layer that stands on another package", () => {
  const withoutPackages = (path: string, config: object, version: string) =>
    firstError(path, config, version, { packageInstalled: () => false });

  test("fails where that is not installed", () => {
    const torch = ["keras.layers.TorchModuleWrapper", { module: "gASV" }] as const;
    assert.equal(withoutPackages(...torch, "3.8.0"), "/config/module: No module named 'torch'");
    assert.equal(withoutPackages(...torch, "3.15.1"), "/config/module: No module named 'torch'");
    assert.equal(
      withoutPackages("keras.layers.TFSMLayer", { filepath: "exported" }, "3.8.0"),
      "/config/filepath: The TFSMLayer is only currently supported with the TensorFlow backend.",
    );
  });

  test("loads where nobody knows what is installed", () => {
    assert.equal(firstError("keras.layers.TFSMLayer", { filepath: "exported" }, "3.8.0"), undefined);
  });
});

describe("the older format", () => {
  const attributes = (layer: object, training_config?: object) =>
    h5Error({ model_config: { class_name: "Sequential", config: { name: "s", layers: [layer] } }, training_config });

  test("asks every layer for its config", () => {
    assert.equal(attributes({ class_name: "Dense" }), "/model_config/config/layers/0/class_name: 'config'");
  });

  test("asks an optimizer that nobody knows for its name", () => {
    const dense = { class_name: "Dense", config: { units: 1 } };
    const optimizer_config = { class_name: "Adem", config: {} };
    assert.equal(attributes(dense, { optimizer_config }), "/training_config/optimizer_config/class_name: 'name'");
  });
});
