import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { behaviourOf } from "../../../server/src/deserialize/behaviour.ts";
import type { CustomObject, LoadQuestion } from "../../../server/src/deserialize/load.ts";
import { simulateLoad } from "../../../server/src/deserialize/simulateLoad.ts";
import { jsonPointer, parseJson } from "../../../server/src/json/index.ts";
import { emptyRegistry } from "../../recorded/emptyRegistry.ts";
import { catalogue } from "../../recorded/shippedCatalogue.ts";
import { workspaceRegistry } from "../../recorded/workspaceRegistry.ts";

/** What a load goes through in a workspace without Python, one event a line: `found POINTER`, `failed POINTER | …`. */
function events(config: object | string, version = "3.15.1", more: Partial<LoadQuestion> = {}): string[] {
  const { tree } = parseJson(typeof config === "string" ? config : JSON.stringify(config));
  const release = catalogue.release(version);
  const question = { tree, root: tree.root, behaviour: behaviourOf(version), release, registry: emptyRegistry };
  return simulateLoad({ loader: "deserialize_keras_object", ...question, ...more }).events.map((event) => {
    const pointer = jsonPointer(tree, event.node) || "/";
    if (event.kind === "found") return `found ${pointer}`;
    if (event.kind === "unknown") return `unknown ${pointer}`;
    if (event.kind === "warned") {
      const place = jsonPointer(tree, event.warning.at).slice(pointer === "/" ? 0 : pointer.length);
      return `warned ${pointer} at ${place} | ${event.warning.rule}`;
    }
    const at = jsonPointer(tree, event.failure.node).slice(pointer === "/" ? 0 : pointer.length);
    return `failed ${pointer} at ${at} | ${event.failure.rule}`;
  });
}

const layer = (class_name: string, config: object = {}) => ({
  module: "keras.layers",
  class_name,
  config,
  registered_name: null,
});
const custom = (key: string, config: object = {}) => ({
  module: "my_package.layers",
  class_name: key.slice(key.indexOf(">") + 1),
  config,
  registered_name: key,
});
const sequential = (...layers: object[]) => ({
  module: "keras",
  class_name: "Sequential",
  config: { name: "model", layers },
  registered_name: null,
});
const aClass: CustomObject = { from: "other", kind: "class" };

describe("one load", () => {
  test("goes through the objects in Keras's order, and on after a failure", () => {
    assert.deepEqual(
      events(sequential(custom("my>Scale"), layer("TimeDistributed", { layer: custom("my>Gate") }), layer("Nope"))),
      [
        "found /",
        "failed /config/layers/0 at /registered_name | class-not-registered",
        "found /config/layers/1",
        "failed /config/layers/1/config/layer at /registered_name | class-not-registered",
        "failed /config/layers/2 at /class_name | not-a-saveable-class",
      ],
    );
  });

  test("does not look at what nobody deserializes", () => {
    const built = { ...layer("Dense", { units: 3, use_bias: custom("my>Scale") }), build_config: custom("my>Shape") };
    assert.deepEqual(events(built), ["found /"]);
  });

  test("takes a dict without config for plain data, and looks into it", () => {
    assert.deepEqual(events({ class_name: "Dense", parts: [custom("my>Scale")] }), [
      "failed /parts/0 at /registered_name | class-not-registered",
    ]);
  });

  test("keeps the last of duplicate keys, as json.loads does", () => {
    const twice =
      '{"module": "keras.layers", "class_name": "Nope", "config": {}, "registered_name": null, "class_name": "Flatten"}';
    assert.deepEqual(events(twice), ["found /"]);
  });

  test("revives a shared object once, and only where load_model opens a sharing scope", () => {
    const shared = { ...layer("TimeDistributed", { layer: custom("my>Gate") }), shared_object_id: 7 };
    const model = sequential(shared, shared);
    const failures = (loader: LoadQuestion["loader"]) =>
      events(model, "3.15.1", { loader }).filter((line) => line.startsWith("failed"));
    assert.equal(failures("load_model").length, 1);
    assert.equal(failures("deserialize_keras_object").length, 2);
  });

  test("looks into the compile config of a model, and seeks its optimizer by name", () => {
    const compiled = {
      ...sequential(),
      compile_config: { optimizer: "adma", loss: "my_loss", metrics: [custom("my>Hits")] },
    };
    assert.deepEqual(events(compiled), [
      "found /",
      "failed /compile_config/metrics/0 at /registered_name | class-not-registered",
      "warned /compile_config/loss at  | unknown-loss-or-metric",
      "failed /compile_config/optimizer at  | unknown-identifier",
    ]);
  });

  test("goes on into the layers of a model whose root Keras does not find", () => {
    const keras2 = {
      class_name: "Sequential",
      config: { name: "m", layers: [{ class_name: "Nope", config: {} }] },
      keras_version: "2.9.0",
    };
    assert.deepEqual(events(keras2), [
      "failed / at /class_name | class-not-registered",
      "failed /config/layers/0 at /class_name | unknown-layer",
    ]);
  });
});

describe("custom objects handed in", () => {
  test("are found by registered_name, never by class_name", () => {
    assert.deepEqual(events(custom("my>Scale"), "3.15.1", { customObjects: new Map([["my>Scale", aClass]]) }), [
      "found /",
    ]);
    assert.deepEqual(events(custom("my>Scale"), "3.15.1", { customObjects: new Map([["Scale", aClass]]) }), [
      "failed / at /registered_name | class-not-registered",
    ]);
  });

  test("are found by class_name where there is no registered_name at all", () => {
    const bare = { class_name: "Scale", config: {} };
    assert.deepEqual(events(bare, "3.15.1", { scope: new Map([["Scale", aClass]]) }), ["found /"]);
  });
});

describe("arguments that a table of names answers", () => {
  const dense = (argument: object) => layer("Dense", { units: 3, ...argument });

  test("ignore the module of a class", () => {
    const zeros = { module: "not.there", class_name: "Zeros", config: {}, registered_name: "x>Y" };
    assert.deepEqual(events(dense({ kernel_initializer: zeros })), [
      "found /",
      "warned /config/kernel_initializer at /registered_name | registered-name-on-builtin",
      "found /config/kernel_initializer",
    ]);
  });

  test("refuse a custom object without module", () => {
    const mine = { module: null, class_name: "Mine", config: {}, registered_name: "Mine" };
    assert.deepEqual(events(dense({ kernel_initializer: mine })), [
      "found /",
      "failed /config/kernel_initializer at /module | null-module",
    ]);
  });

  test("take a string that the table holds, and no other", () => {
    assert.deepEqual(events(dense({ activation: "relu", bias_initializer: "zeros" })), ["found /"]);
    assert.deepEqual(events(dense({ activation: "rleu" })), [
      "found /",
      "failed /config/activation at  | unknown-identifier",
    ]);
  });

  test("find the strings of custom initializers, not of custom activations", () => {
    const customObjects = new Map([["mine", aClass]]);
    assert.deepEqual(events(dense({ kernel_initializer: "mine" }), "3.15.1", { customObjects }), ["found /"]);
    assert.deepEqual(events(dense({ activation: "mine" }), "3.15.1", { customObjects }), [
      "found /",
      "failed /config/activation at  | unknown-identifier",
    ]);
  });
});

describe("the place of a problem", () => {
  const places: readonly [name: string, config: object, at: string][] = [
    ["registered_name, where it holds a key", custom("my>Scale"), "/registered_name"],
    [
      "module, where it is null",
      { module: null, class_name: "Scale", config: {}, registered_name: "Scale" },
      "/module",
    ],
    ["module, where it is empty", { module: "", class_name: "Dense", config: {}, registered_name: null }, "/module"],
    [
      "module, where it is builtins for a class",
      { module: "builtins", class_name: "Dense", config: {}, registered_name: null },
      "/module",
    ],
    [
      "module, where its package is not known",
      { module: "my.layers", class_name: "Scale", config: {}, registered_name: "Scale" },
      "/module",
    ],
    [
      "module, where it cannot be imported",
      { module: "keras.nope", class_name: "Dense", config: {}, registered_name: null },
      "/module",
    ],
    ["class_name, where the module is Keras's", layer("Nope"), "/class_name"],
    ["class_name, where the other keys are absent", { class_name: "Dense", config: {} }, "/class_name"],
    [
      "config, for a function",
      { module: "builtins", class_name: "function", config: "my_fn", registered_name: "function" },
      "/config",
    ],
    ["the field of a wrong type", { module: 3, class_name: "Dense", config: {}, registered_name: null }, "/module"],
  ];
  for (const [name, config, at] of places) {
    test(name, () => assert.match(events(config)[0] ?? "", new RegExp(`^failed / at ${at} `)));
  }

  test("registered_name, where a class of that name is registered under another key", () => {
    const registry = workspaceRegistry({
      "my.py": `import keras

@keras.saving.register_keras_serializable("my")
class Scale(keras.layers.Layer):
    pass

class Shift(keras.layers.Layer):
    pass
`,
    });
    const placeOf = (config: object): string => events(config, "3.15.1", { registry })[0] ?? "";
    for (const module of ["my", null]) {
      for (const registered_name of ["Scale", "Unheard", "", 7, null]) {
        const said = placeOf({ module, class_name: "Scale", config: {}, registered_name });
        assert.equal(said, "failed / at /registered_name | class-not-registered", JSON.stringify(registered_name));
      }
    }
    const unregistered = { module: "my", class_name: "Shift", config: {}, registered_name: "Shift" };
    assert.equal(placeOf(unregistered), "failed / at /class_name | class-not-registered");
  });
});

test("a document nested deeper than Python can go is left open, not called wrong", () => {
  const depth = 20_000;
  const wrapper =
    '{"module": "keras.layers", "class_name": "TimeDistributed", "registered_name": null, "config": {"layer": ';
  const deep = `${wrapper.repeat(depth)}null${"}}".repeat(depth)}`;
  const said = events(deep);
  assert.ok(said.some((line) => line.startsWith("unknown")));
  assert.ok(!said.some((line) => line.startsWith("failed")));
});
