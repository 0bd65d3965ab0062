import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkDocument } from "../../../server/src/workspace/checkDocument.ts";
import type { StatedCall } from "../../../server/src/workspace/statedCall.ts";
import { lambdaCode } from "../../lambdaCode.ts";
import { catalogue } from "../../recorded/shippedCatalogue.ts";
import { registryOf } from "../registry/build.ts";

const python = `# - /layers.py
import keras

@keras.saving.register_keras_serializable("my")
class Scale(keras.layers.Layer):
    pass

@keras.saving.register_keras_serializable("my")
class Gate(keras.layers.Layer):
    pass

@keras.saving.register_keras_serializable("my", "Old")
class Successor(keras.layers.Layer):
    pass

@keras.saving.register_keras_serializable("my")
class NarrowScale(Scale):
    pass

class Bare(keras.layers.Layer):
    pass
`;

interface Asked {
  readonly versions?: readonly string[];
  /** What the user states of the call. */
  readonly call?: Partial<StatedCall>;
  /** More Python, in a file of its own. */
  readonly program?: string;
}

function report(config: object, { versions = ["3.15.1"], program = "", call }: Asked = {}) {
  const text = JSON.stringify(config);
  const { problems } = checkDocument({
    uri: "/model.json",
    text,
    container: "json",
    targets: versions.map((version) => ({ version, from: "--keras" })),
    catalogue,
    registry: registryOf(program === "" ? python : `${python}# - /train.py\nimport keras, layers\n${program}`),
    ...(call && { call: { safeMode: true, from: "the arguments", ...call } }),
  });
  return problems.map((problem) => ({ ...problem, value: text.slice(problem.start, problem.end) }));
}

/** What a check says, one problem a line: `«value» severity rule versions`. */
function said(config: object, asked?: Asked): string[] {
  return report(config, asked).map(
    ({ value, severity, rule, versions }) => `${value} ${severity} ${rule} ${versions.join()}`,
  );
}

const layer = (class_name: string, config: object = {}, registered_name: string | null = null) => ({
  module: "keras.layers",
  class_name,
  config,
  registered_name,
});
const own = (class_name: string, registered_name = `my>${class_name}`) => ({
  module: "layers",
  class_name,
  config: {},
  registered_name,
});
const model = (compile_config: object) => ({
  module: "keras",
  class_name: "Sequential",
  config: { name: "m", layers: [] },
  registered_name: null,
  compile_config,
});
const functionOf = (module: string, name: string) => ({
  module,
  class_name: "function",
  config: name,
  registered_name: name,
});

describe("what loads and is not what is meant", () => {
  test("stops no load, raises nothing, and says what happens", () => {
    const [problem] = report(model({ loss: "my_loss" }));
    assert.equal(
      problem?.message,
      "No loss is called `my_loss`: it loads, and training or evaluating the model raises " +
        "ValueError: Could not interpret loss identifier: my_loss",
    );
    assert.deepEqual([problem?.severity, problem?.stops, problem?.outcome], ["warning", false, undefined]);
  });

  test("a name that is near one of Keras's is corrected by a fix", () => {
    const [problem] = report(model({ loss: { out: "mean_sqaured_error" } }));
    assert.equal(problem?.hint, "Did you mean `mean_squared_error`?");
    assert.deepEqual(
      problem?.fixes?.map((fix) => fix.kind === "write" && fix.value),
      ["mean_squared_error"],
    );
  });

  test("an error where the release raises, a warning where it goes on", () => {
    assert.deepEqual(said(layer("Dense", { units: 1 }, "other>Dense"), { versions: ["3.12.4", "3.14.1", "3.15.1"] }), [
      '"other>Dense" warning registered-name-on-builtin 3.12.4,3.14.1',
      '"other>Dense" error registered-name-on-builtin 3.15.1',
    ]);
  });

  test("a key that something unseen may register is not called unregistered", () => {
    const program = "import unseen_package";
    assert.deepEqual(said(layer("Dense", { units: 1 }, "other>Dense"), { versions: ["3.12.4"], program }), []);
    assert.deepEqual(
      said(model({ loss: "my_loss" }), {
        program: "import unseen\nkeras.saving.get_custom_objects().update(unseen.LOSSES)",
      }),
      [],
    );
  });

  test("a dict without config gets one by a fix", () => {
    const [problem] = report(layer("StackedRNNCells", { cells: [{ module: "keras.layers", class_name: "LSTMCell" }] }));
    assert.deepEqual([problem?.value, problem?.severity], ['"LSTMCell"', "warning"]);
    assert.deepEqual(
      problem?.fixes?.map((fix) => fix.kind === "write" && [fix.field, fix.value]),
      [["config", {}]],
    );
  });

  test("a dict that only looks like an object is left alone", () => {
    const meta = { class_name: "Dense" };
    assert.deepEqual(said(layer("Lambda", { function: functionOf("builtins", "relu"), arguments: { meta } })), []);
    assert.deepEqual(said({ ...layer("Dense", { units: 1 }), build_config: { ...meta, module: "keras.layers" } }), []);
  });
});

describe("a registered name of another class", () => {
  test("is told where the class that is named is there, in Keras or in the workspace", () => {
    assert.deepEqual(said(layer("Dense", {}, "my>Scale")), ['"my>Scale" warning unrelated-object 3.15.1']);
    assert.deepEqual(said(own("Gate", "my>Scale")), ['"my>Scale" warning unrelated-object 3.15.1']);
    assert.deepEqual(said(own("Bare", "my>Scale")), ['"my>Scale" warning unrelated-object 3.15.1']);
  });

  test("is no matter where the class is a relation, a successor, or gone", () => {
    assert.deepEqual(said(own("Scale", "my>NarrowScale")), []);
    assert.deepEqual(said(own("NarrowScale", "my>Scale")), []);
    assert.deepEqual(said(layer("Layer", {}, "my>Scale")), []);
    assert.deepEqual(said(own("Old")), []);
    assert.deepEqual(said(own("Vanished", "my>Scale")), []);
  });
});

describe("what a load in sight hands in", () => {
  const load = (given: string) => ({ program: `keras.saving.load_model("model.json", custom_objects={${given}})` });

  test("is ignored where another object is registered under the key", () => {
    const [problem] = report(own("Scale"), load('"my>Scale": layers.Gate'));
    assert.equal(
      problem?.message,
      "`custom_objects=` hands in `Gate` as `my>Scale`, and it is ignored: what is registered under that key, `Scale`, counts.",
    );
    assert.deepEqual(said(own("Scale"), load('"my>Scale": layers.Scale')), []);
    assert.deepEqual(said(own("Scale"), load('"my>Other": layers.Gate')), []);
  });

  test("a scope counts for the outermost object, and not inside it", () => {
    const scope = {
      program: `with keras.saving.custom_object_scope({"my>Scale": layers.Gate}):\n    keras.saving.load_model("model.json")`,
    };
    assert.deepEqual(said(own("Scale"), scope), []);
    assert.deepEqual(said(layer("TimeDistributed", { layer: own("Scale") }), scope), [
      '"my>Scale" warning custom-object-ignored 3.15.1',
    ]);
  });

  test("under another key than Keras looks up is told by the hint", () => {
    const [problem] = report(own("Bare"), load('"Bare": layers.Bare'));
    assert.equal(problem?.rule, "class-not-registered");
    assert.equal(
      problem?.hint,
      "`custom_objects=` hands in `Bare` as `Bare`, and Keras looks up `my>Bare`: change the key to that.",
    );
    assert.equal(problem?.related?.[0]?.uri, "/train.py");
  });

  test("of another file is told by the hint, too", () => {
    const other = 'keras.saving.load_model("other.json", custom_objects={"Bare": layers.Bare})';
    const [problem] = report(own("Bare"), { program: other });
    assert.match(
      problem?.hint ?? "",
      /hands in `Bare` as `Bare`, and Keras looks up `my>Bare`: where that is the load/,
    );
    assert.equal(problem?.fixes?.[0]?.kind, "decorate");
  });
});

describe("what runs what somebody else wrote", () => {
  const versions = ["3.8.0", "3.10.0", "3.11.2", "3.12.0", "3.12.4", "3.13.0", "3.15.1"];

  test("is an error from the release that refuses it, and before it a warning", () => {
    const rules = (config: object) => said(config, { versions }).map((line) => line.split(" ").slice(-3).join(" "));
    assert.deepEqual(rules(layer("StringLookup", { vocabulary: "/etc/passwd" })), [
      "warning vocabulary-file 3.8.0,3.10.0,3.11.2",
      "error vocabulary-file 3.12.0,3.12.4,3.13.0,3.15.1",
    ]);
    assert.deepEqual(rules(layer("TFSMLayer", { filepath: "x" })), [
      "warning unsafe-saved-model 3.8.0,3.10.0,3.11.2,3.12.0,3.13.0",
      "error unsafe-saved-model 3.12.4,3.15.1",
    ]);
    assert.deepEqual(rules(layer("TorchModuleWrapper", { module: "AAAA" })), [
      "error invalid-argument 3.8.0,3.10.0",
      "warning unsafe-torch-module 3.11.2",
      "error unsafe-torch-module 3.12.0,3.12.4,3.13.0,3.15.1",
    ]);
    assert.deepEqual(rules(functionOf("keras.models", "model_from_json")), [
      "warning not-a-modeling-function 3.8.0,3.10.0,3.11.2,3.12.0,3.13.0",
      "error not-a-modeling-function 3.12.4,3.15.1",
    ]);
  });

  test("a vocabulary that is a list is one", () => {
    assert.deepEqual(said(layer("StringLookup", { vocabulary: ["a", "b"] }), { versions }), []);
  });

  test("what comes with Python is told of, what is the workspace's own is not", () => {
    const old = { versions: ["3.8.0"] };
    assert.deepEqual(said(functionOf("os", "system"), old), ['"os" warning unsafe-module 3.8.0']);
    assert.deepEqual(said(functionOf("builtins", "eval"), old), ['"builtins" warning unsafe-module 3.8.0']);
    assert.deepEqual(said(functionOf("builtins", "abs"), old), []);
    assert.deepEqual(said(functionOf("joblib", "load"), old), ['"joblib" warning unsafe-module 3.8.0']);
    assert.deepEqual(said(functionOf("numpy", "abs"), old), []);
    assert.deepEqual(said(own("Bare", "Bare"), old), []);
  });

  test("an error of another rule says what older releases do", () => {
    const [problem] = report(functionOf("os", "system"));
    assert.equal(problem?.rule, "function-not-registered");
    assert.match(problem?.hint ?? "", /^To 3\.8 Keras imports `os` for this and takes its `system` \(CVE-2025-1550\)/);
  });

  test("a lambda without a module is told to run outside safe mode in older releases", () => {
    const lambda = { class_name: "__lambda__", config: { code: lambdaCode, defaults: null, closure: null } };
    const hint = (more: object) =>
      report({
        ...model({}),
        config: { name: "m", layers: [{ class_name: "Lambda", config: { function: lambda }, ...more }] },
      })[0]?.hint;
    assert.match(hint({}) ?? "", /called by themselves, run it in Keras 3\.0 to 3\.12\.2, 3\.13 and 3\.14\.$/);
    assert.match(hint({ module: "keras.layers", registered_name: null }) ?? "", /\(CVE-2025-9905\)\.$/);
  });

  test("a lambda in an .h5 file runs to 3.11.2, in safe mode too", () => {
    const lambda = { class_name: "__lambda__", config: { code: lambdaCode, defaults: null, closure: null } };
    const config = {
      keras_version: "3.10.0",
      model_config: {
        class_name: "Sequential",
        config: { name: "m", layers: [{ class_name: "Lambda", config: { function: lambda } }] },
      },
    };
    assert.deepEqual(said(config, { versions: ["3.11.2", "3.11.3"] }), [
      '"__lambda__" warning unsafe-lambda 3.11.2',
      '"__lambda__" error unsafe-lambda 3.11.3',
    ]);
  });

  test("is told of with safe mode off, too", () => {
    const off = { call: { safeMode: false } };
    const lambda = { class_name: "__lambda__", config: { value: [lambdaCode, null, null] } };
    const messages = (config: object) => report(config, off).map(({ severity, message }) => `${severity}: ${message}`);
    assert.deepEqual(messages(layer("Dense", { units: 1, activation: lambda })), [
      "warning: This is a Python lambda, and with safe mode off Keras makes it a function again, whose bytecode runs when it is called (CVE-2024-3660).",
    ]);
    assert.deepEqual(messages(layer("StringLookup", { vocabulary: "/etc/passwd" })), [
      "warning: With safe mode off Keras opens this path or URL, `/etc/passwd`, while it loads the config (CVE-2025-12058).",
    ]);
    assert.deepEqual(messages(layer("TorchModuleWrapper", { module: "AAAA" })), [
      "warning: With safe mode off Keras reads this pickle with `torch.load`, which runs what it holds (CVE-2025-49655).",
    ]);
  });

  test("a lambda of a Lambda layer is told of where from_config is called by itself and lets it through", () => {
    const lambda = { class_name: "__lambda__", config: { code: lambdaCode, defaults: null, closure: null } };
    const versions = ["3.8.0", "3.11.3", "3.12.1", "3.12.2", "3.12.3", "3.12.4", "3.13.2", "3.14.1", "3.15.0"];
    assert.deepEqual(said(layer("Lambda", { function: lambda }), { versions, call: { loader: "from_config" } }), [
      '"__lambda__" warning unsafe-lambda 3.8.0,3.11.3,3.12.1,3.12.2,3.13.2,3.14.1',
      '"__lambda__" error unsafe-lambda 3.12.3,3.12.4,3.15.0',
    ]);
  });

  describe("in a class of the workspace that derives from a layer of Keras", () => {
    const subclasses = `
class Words(keras.layers.StringLookup): pass

class Sized(keras.layers.StringLookup):
    def __init__(self, size=1, **kwargs):
        super().__init__(**kwargs)
        self.size = size

class Renamed(keras.layers.StringLookup):
    def __init__(self, words=None, vocabulary=None, **kwargs):
        super().__init__(vocabulary=vocabulary, **kwargs)

class Instead(keras.layers.StringLookup):
    def __init__(self, vocabulary=None, **kwargs):
        super().__init__(vocabulary=["a"], **kwargs)
        self.path = vocabulary

class Guarded(keras.layers.StringLookup):
    @classmethod
    def from_config(cls, config):
        return cls(**{**config, "vocabulary": ["a"]})

class Exported(keras.layers.TFSMLayer):
    def __init__(self, filepath, **kwargs):
        super().__init__(filepath=filepath + "/1", **kwargs)

for cls in [Words, Sized, Renamed, Instead, Guarded, Exported]:
    keras.saving.register_keras_serializable("my")(cls)
`;
    const rules = (name: string, config: object) => {
      const asked = { versions: ["3.11.3", "3.15.1"], program: subclasses };
      return said({ module: "train", class_name: name, config, registered_name: `my>${name}` }, asked);
    };
    const path = { vocabulary: "/etc/passwd" };

    test("what reaches the constructor of Keras's own is told of", () => {
      for (const name of ["Words", "Sized", "Renamed"]) {
        assert.deepEqual(rules(name, path), [
          '"/etc/passwd" warning vocabulary-file 3.11.3',
          '"/etc/passwd" error vocabulary-file 3.15.1',
        ]);
      }
      assert.deepEqual(rules("Words", { vocabulary: ["a"] }), []);
    });

    test("what its own code decides is not", () => {
      for (const name of ["Instead", "Guarded"]) assert.deepEqual(rules(name, path), []);
    });

    test("a TFSMLayer is refused before its constructor is asked", () => {
      assert.deepEqual(rules("Exported", { filepath: "/m" }), [
        '"/m" warning unsafe-saved-model 3.11.3',
        '"/m" error unsafe-saved-model 3.15.1',
      ]);
    });
  });
});
