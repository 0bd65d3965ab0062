import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkDocument } from "../../../server/src/workspace/checkDocument.ts";
import { readObjectPath, type StatedCall } from "../../../server/src/workspace/statedCall.ts";
import { lambdaCode } from "../../lambdaCode.ts";
import { catalogue } from "../../recorded/shippedCatalogue.ts";
import { registryOf } from "../registry/build.ts";

const python = `# - /my/layers.py
import keras
class Scale(keras.layers.Layer): pass
class Other: pass
def swishy(x): return x
`;

/** What a check of the config at /a.json says when the user states the call: `loader: rule or reason, …`, a warning with its severity. */
function verdict(
  config: object,
  { custom, ...call }: Partial<StatedCall> & { custom?: Record<string, string> } = {},
  { program = "", version = "3.15.1" } = {},
): string {
  const customObjects = custom && Object.entries(custom).map(([key, path]) => ({ key, ...readObjectPath(path)! }));
  const { loader, problems, unknown } = checkDocument({
    uri: "/a.json",
    text: JSON.stringify(config),
    container: "json",
    targets: [{ version, from: "--keras" }],
    catalogue,
    registry: registryOf(`${python}${program}`),
    call: { safeMode: true, from: "the arguments", ...call, ...(customObjects && { customObjects }) },
  });
  const said = [
    ...problems.map(({ rule, severity }) => (severity === "error" ? rule : `${severity} ${rule}`)),
    ...unknown.map(({ reason }) => reason),
  ];
  return `${loader}: ${said.join(", ") || "found"}`;
}

const scale = { module: "elsewhere", class_name: "Scale", config: {}, registered_name: "p>Scale" };
const sequential = (...layers: object[]) => ({
  module: "keras",
  class_name: "Sequential",
  config: { name: "s", layers },
  registered_name: null,
});
const lambda = {
  module: "keras.layers",
  class_name: "Lambda",
  config: {
    name: "l",
    function: { class_name: "__lambda__", config: { code: lambdaCode, defaults: null, closure: null } },
  },
  registered_name: null,
};

describe("custom objects that the user states", () => {
  test("are found under their keys, and nothing else is", () => {
    assert.equal(verdict(scale), "deserialize_keras_object: class-not-registered");
    assert.equal(verdict(scale, { custom: { "p>Scale": "my.layers.Scale" } }), "deserialize_keras_object: found");
    // Keras looks up the registered name alone.
    assert.equal(
      verdict(scale, { custom: { Scale: "my.layers.Scale" } }),
      "deserialize_keras_object: class-not-registered",
    );
  });

  test("may be Keras's own", () => {
    assert.equal(verdict(scale, { custom: { "p>Scale": "keras.layers.Flatten" } }), "deserialize_keras_object: found");
  });

  test("win over what a place in sight hands to the load of this file", () => {
    const program = `# - /train.py
import keras
from my.layers import Scale
keras.saving.load_model("a.json", custom_objects={"p>Scale": Scale})`;
    assert.equal(verdict(scale, {}, { program }), "deserialize_keras_object: found");
    const stated = { custom: { "p>Else": "my.layers.Scale" } };
    assert.equal(verdict(scale, stated, { program }), "deserialize_keras_object: class-not-registered");
  });

  test("give way to what is registered, within a model", () => {
    const program = '\nkeras.saving.get_custom_objects()["p>Scale"] = Scale';
    const custom = { "p>Scale": "my.layers.Other" };
    assert.equal(
      verdict(sequential(scale), { custom }, { program }),
      "deserialize_keras_object: warning custom-object-ignored",
    );
    assert.equal(verdict(sequential(scale), { custom }), "deserialize_keras_object: missing-from-config");
  });

  test("that the workspace does not define leave their keys open", () => {
    assert.equal(
      verdict(scale, { custom: { "p>Scale": "my.layers.Scael" } }),
      "deserialize_keras_object: the arguments hand `my.layers.Scael` in as `p>Scale`, which the workspace does not define",
    );
  });
});

describe("the safe mode that the user states", () => {
  test("is an argument where the function takes one", () => {
    assert.equal(verdict(sequential(lambda)), "deserialize_keras_object: unsafe-lambda");
    assert.equal(verdict(sequential(lambda), { safeMode: false }), "deserialize_keras_object: warning unsafe-lambda");
    assert.equal(
      verdict(sequential(lambda), { safeMode: false, loader: "load_model" }),
      "load_model: warning unsafe-lambda",
    );
  });

  test("is a scope around the call of a function that takes none", () => {
    for (const loader of ["model_from_json", "from_config"] as const) {
      assert.equal(verdict(sequential(lambda), { loader }), `${loader}: unsafe-lambda`);
      assert.equal(verdict(sequential(lambda), { loader, safeMode: false }), `${loader}: warning unsafe-lambda`);
    }
  });

  test("holds for all that safe mode refuses", () => {
    const lookup = { module: "keras.layers", class_name: "StringLookup", config: { vocabulary: "/v.txt" } };
    assert.equal(verdict(lookup), "deserialize_keras_object: vocabulary-file");
    assert.equal(verdict(lookup, { safeMode: false }), "deserialize_keras_object: warning vocabulary-file");
    // Outside of every safe mode scope, IndexLookup asks for one, and TFSMLayer does not.
    assert.equal(verdict(lookup, { loader: "from_config" }), "from_config: warning vocabulary-file");
    const model = { module: "keras.layers", class_name: "TFSMLayer", config: { filepath: "/m" } };
    assert.equal(verdict(model, { loader: "from_config" }), "from_config: unsafe-saved-model");
    assert.equal(verdict(model, { loader: "from_config", safeMode: false }), "from_config: warning unsafe-saved-model");
  });

  test("of load_model did not reach the loader of .h5 files before 3.11.3", () => {
    const attributes = { model_config: { class_name: "Sequential", config: { name: "s", layers: [lambda] } } };
    const off = { safeMode: false, loader: "load_model" } as const;
    assert.equal(verdict(attributes, off, { version: "3.11.2" }), "load_model_from_hdf5: unsafe-lambda");
    assert.equal(verdict(attributes, off, { version: "3.11.3" }), "load_model_from_hdf5: warning unsafe-lambda");
  });
});

describe("the loader that the user states", () => {
  test("decides whether shared objects are deserialized once", () => {
    const dense = { module: "keras.layers", class_name: "Dense", config: { units: 1 }, shared_object_id: 1 };
    const model = sequential(dense, { ...scale, shared_object_id: 1 });
    assert.equal(verdict(model, { loader: "load_model" }), "load_model: found");
    assert.equal(verdict(model, { loader: "model_from_json" }), "model_from_json: class-not-registered");
  });

  test("layers.deserialize takes layers only", () => {
    const loader = "layers.deserialize";
    const loss = { module: "keras.losses", class_name: "MeanSquaredError", config: {}, registered_name: null };
    assert.equal(verdict(loss, { loader }), "layers.deserialize: not-a-layer");
    assert.equal(verdict(lambda, { loader, safeMode: false }), "layers.deserialize: warning unsafe-lambda");
    const own = { custom: { "p>Scale": "my.layers.Scale" }, loader } as const;
    assert.equal(verdict(scale, own), "layers.deserialize: found");
    // What a `from_config` of the workspace returns is not known.
    const program = `# - /made.py
class Made:
    @classmethod
    def from_config(cls, config): return cls()`;
    const made = { custom: { "p>Scale": "made.Made" }, loader } as const;
    assert.match(
      verdict(scale, made, { program }),
      /^layers\.deserialize: whether `keras\.layers\.deserialize` gets a layer/,
    );
  });

  test("from_config looks no class up, and takes what stands in it", () => {
    const old = { class_name: "Sequential", config: { name: "s", layers: [scale] } };
    assert.equal(
      verdict(old, { loader: "deserialize_keras_object" }),
      "deserialize_keras_object: class-not-registered, class-not-registered",
    );
    assert.equal(verdict(old, { loader: "from_config" }), "from_config: class-not-registered");
    // Of a class that is nowhere, nothing is known.
    assert.match(
      verdict(scale, { loader: "from_config" }),
      /^from_config: what `from_config` of `Scale` does is not known/,
    );
  });

  test("from_config follows from what get_config returns", () => {
    assert.equal(verdict(sequential(scale).config), "from_config: class-not-registered");
  });
});
