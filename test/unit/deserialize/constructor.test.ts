import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { jsonPointer } from "../../../server/src/json/index.ts";
import { emptyRegistry } from "../../recorded/emptyRegistry.ts";
import { catalogue } from "../../recorded/shippedCatalogue.ts";
import { simulateRecord } from "../../recorded/simulateRecord.ts";
import { workspaceRegistry } from "../../recorded/workspaceRegistry.ts";

/** `POINTER: the last sentence` of every error, of a class of Keras by its path. */
function problems(path: string, config: object | null, version = "3.15.1"): string[] {
  const dot = path.lastIndexOf(".");
  return problemsOf(
    { module: path.slice(0, dot), class_name: path.slice(dot + 1), config, registered_name: null },
    version,
  );
}

/** The same of the class `C` of a workspace, which is registered as `p>C`. */
function ownProblems(body: string, config: object | null, version = "3.15.1"): string[] {
  const files = { "m.py": `import keras\n\n@keras.saving.register_keras_serializable("p")\n${body}` };
  return problemsOf({ module: "m", class_name: "C", config, registered_name: "p>C" }, version, files);
}

function problemsOf(object: object, version: string, files?: Record<string, string>): string[] {
  const load = { loader: "deserialize_keras_object", config: JSON.stringify(object) } as const;
  const registry = files ? workspaceRegistry(files) : emptyRegistry;
  const { tree, events } = simulateRecord(load, catalogue.release(version), registry);
  return events.flatMap((event) => {
    if (event.kind !== "failed") return [];
    const said = event.outcome.message.split("Exception encountered: ").at(-1);
    return [`${jsonPointer(tree, event.failure.node)}: ${said}`];
  });
}

describe("arguments of a class of Keras", () => {
  test("that it does not know, each at its place", () => {
    const said = "Unrecognized keyword arguments passed to Dense: {'unitss': 3, 'lr': 1}";
    assert.deepEqual(problems("keras.layers.Dense", { unitss: 3, lr: 1, units: 2 }), [
      `/config/unitss: ${said}`,
      `/config/lr: ${said}`,
    ]);
    assert.deepEqual(problems("keras.initializers.GlorotUniform", { sead: 1 }), [
      "/config/sead: GlorotUniform.__init__() got an unexpected keyword argument 'sead'",
    ]);
    assert.deepEqual(problems("keras.optimizers.Adam", { learning_rate: 0.1, decay_rate: 1 }), [
      "/config/decay_rate: Argument(s) not recognized: {'decay_rate': 1}",
    ]);
  });

  test("that a release does not know yet", () => {
    const config = { units: 2, quantization_config: null };
    assert.deepEqual(problems("keras.layers.Dense", config, "3.15.1"), []);
    assert.deepEqual(problems("keras.layers.Dense", config, "3.8.0"), [
      "/config/quantization_config: Unrecognized keyword arguments passed to Dense: {'quantization_config': None}",
    ]);
  });

  test("that are missing, all at once as Python names them", () => {
    const both = "Conv2D.__init__() missing 2 required positional arguments: 'filters' and 'kernel_size'";
    assert.deepEqual([...new Set(problems("keras.layers.Conv2D", {}))], [`/class_name: ${both}`]);
    assert.deepEqual(problems("keras.layers.Bidirectional", {}), ["/class_name: 'layer'"]);
    const inOrder = "EinsumDense.__init__() missing 2 required positional arguments: 'equation' and 'output_shape'";
    assert.deepEqual([...new Set(problems("keras.layers.EinsumDense", {}))], [`/class_name: ${inOrder}`]);
  });

  test("that are missing where the config is null, which Keras takes for an empty one", () => {
    for (const version of ["3.15.1", "3.12.0", "3.3.3"]) {
      assert.deepEqual(
        problems("keras.layers.LSTM", null, version),
        ["/config: LSTM.__init__() missing 1 required positional argument: 'units'"],
        version,
      );
      assert.deepEqual(problems("keras.layers.RNN", null, version), ["/config: 'cell'"], version);
      assert.deepEqual(problems("keras.layers.JaxLayer", null, version), ["/config: 'call_fn'"], version);
      assert.deepEqual(problems("keras.layers.Flatten", null, version), [], version);
    }
    assert.deepEqual(problems("keras.optimizers.LossScaleOptimizer", null), ["/config: 'inner_optimizer'"]);
    assert.deepEqual(problems("keras.layers.TFSMLayer", null, "3.3.3"), [
      "/config: TFSMLayer.__init__() missing 1 required positional argument: 'filepath'",
    ]);
    const body =
      "class C(keras.layers.Layer):\n    def __init__(self, units, **kwargs):\n        super().__init__(**kwargs)\n";
    assert.deepEqual(ownProblems(body, null), [
      "/config: C.__init__() missing 1 required positional argument: 'units'",
    ]);
  });

  test("that are missing in an empty config, in all releases", () => {
    for (const version of ["3.15.1", "3.14.1", "3.0.5"]) {
      const [problem] = problems("keras.layers.Dense", {}, version);
      assert.equal(problem, "/class_name: Dense.__init__() missing 1 required positional argument: 'units'", version);
    }
    assert.deepEqual(problems("keras.layers.Flatten", {}, "3.14.1"), []);
  });

  test("that only a graph has, where it is none", () => {
    for (const version of ["3.3.3", "3.15.1"])
      assert.deepEqual(
        problems("keras.Model", { name: "m", layers: [] }, version),
        ["/config/layers: Unrecognized keyword arguments passed to Model: {'layers': []}"],
        version,
      );
  });

  test("that cannot be looked up", () => {
    assert.deepEqual(problems("keras.metrics.MeanMetricWrapper", { fn: {} }), [
      "/config/fn: unhashable type: 'TrackedDict'",
    ]);
    assert.deepEqual(problems("keras.metrics.MeanMetricWrapper", { fn: [] }), [
      "/config/fn: unhashable type: 'TrackedList'",
    ]);
  });

  test("of which another may stand for the missing one", () => {
    assert.deepEqual(problems("keras.layers.InputLayer", { batch_input_shape: [null, 4] }), []);
    assert.deepEqual(problems("keras.layers.InputLayer", {}), ["/class_name: You must pass a `shape` argument."]);
  });

  test("whose value is refused, whatever the others are", () => {
    assert.deepEqual(problems("keras.layers.Conv2D", { filters: -1, kernel_size: 3, padding: "SMAE" }), [
      "/config/filters: Invalid value for argument `filters`. Expected a strictly positive value. Received filters=-1.",
      "/config/padding: The `padding` argument must be a list/tuple or one of {'valid', 'same'}. Received: smae",
    ]);
    assert.deepEqual(problems("keras.layers.Conv2D", { filters: 1, kernel_size: [3, 3], padding: "SAME" }), []);
  });

  test("a dtype that is none", () => {
    assert.match(
      problems("keras.layers.Dense", { units: 2, dtype: "flaot32" })[0] ?? "",
      /^\/config\/dtype: Cannot convert 'flaot32'/,
    );
    assert.match(
      problems("keras.layers.Dense", { units: 2, dtype: 3 })[0] ?? "",
      /^\/config\/dtype: Cannot interpret `dtype` argument/,
    );
    assert.deepEqual(problems("keras.layers.Dense", { units: 2, dtype: "mixed_float16" }), []);
    assert.deepEqual(problems("keras.layers.Dense", { units: 2, dtype: "int8_from_float32" }), []);
  });
});

describe("arguments of a class of the workspace", () => {
  const layer = "class C(keras.layers.Layer):\n    def __init__(self, units, **kw):\n        super().__init__(**kw)\n";

  test("go from its constructor to that of its base", () => {
    assert.deepEqual(ownProblems(layer, { units: 1, name: "c", trainable: true }), []);
    assert.deepEqual(ownProblems(layer, { units: 1, rate: 2 }), [
      "/config/rate: Unrecognized keyword arguments passed to C: {'rate': 2}",
    ]);
  });

  test("are bound by Python", () => {
    const body =
      "class C(keras.losses.Loss):\n    def __init__(self, power, name=None):\n        super().__init__(name=name)\n";
    assert.deepEqual(ownProblems(body, { power: 2, reduction: "sum" }), [
      "/config/reduction: C.__init__() got an unexpected keyword argument 'reduction'",
    ]);
    assert.deepEqual(ownProblems(body, {}), [
      "/class_name: C.__init__() missing 1 required positional argument: 'power'",
    ]);
  });

  test("are left alone where its code decides", () => {
    const popping =
      "class C(keras.layers.Layer):\n    def __init__(self, **kw):\n        kw.pop('rate', None)\n        super().__init__(**kw)\n";
    assert.deepEqual(ownProblems(popping, { rate: 2 }), []);
    const keeping =
      "class C(keras.layers.Layer):\n    def __init__(self, **kw):\n        super().__init__()\n        self.kw = kw\n";
    assert.deepEqual(ownProblems(keeping, { rate: 2 }), []);
    const making = `${layer}    @classmethod\n    def from_config(cls, config):\n        return cls(config["n"])\n`;
    assert.deepEqual(ownProblems(making, { n: 2 }), []);
  });

  test("are left alone where a helper, a decorator or an early return may decide", () => {
    const base = "        super().__init__(**kw)\n";
    const helped = `class C(keras.layers.Layer):\n    def __init__(self, **kw):\n        drop_old(kw)\n${base}`;
    assert.deepEqual(ownProblems(helped, { rate: 2 }), []);
    const decorated = `class C(keras.layers.Layer):\n    @accept_old_names\n    def __init__(self, units):\n        super().__init__()\n`;
    assert.deepEqual(ownProblems(decorated, { units: 1, rate: 2 }), []);
    const fields =
      "@dataclass\nclass C(keras.losses.Loss):\n    gamma: float = 2.0\n    def __post_init__(self):\n        super().__init__()\n";
    assert.deepEqual(ownProblems(fields, { gamma: 2.0 }), []);
    const returning = `${layer}    @classmethod\n    def from_config(cls, config):\n        if "v" in config:\n            return cls._from_v1(config["v"])\n        return cls(**config)\n`;
    assert.deepEqual(ownProblems(returning, { units: 1, v: 2 }), []);
    const upgrading = `${layer}    @classmethod\n    def from_config(cls, config):\n        _upgrade(config)\n        return cls(**config)\n`;
    assert.deepEqual(ownProblems(upgrading, { units: 1, rate: 2 }), []);
  });

  test("are left alone where the class is given another constructor", () => {
    const patched = "class C(keras.layers.Layer):\n    def __init__(self):\n        super().__init__()\n";
    assert.deepEqual(ownProblems(patched, { rate: 2 }), [
      "/config/rate: C.__init__() got an unexpected keyword argument 'rate'",
    ]);
    assert.deepEqual(ownProblems(`${patched}\nC.__init__ = accept_old_names(C.__init__)\n`, { rate: 2 }), []);
  });

  test("are judged where the decorator has another name", () => {
    for (const naming of [
      "from keras.saving import register_keras_serializable as reg",
      "import keras\nreg = keras.saving.register_keras_serializable",
    ]) {
      const files = { "m.py": `${naming}\nfrom keras import layers\n@reg("p")\nclass C(layers.Layer):\n    pass\n` };
      const object = { module: "m", class_name: "C", config: { rate: 2 }, registered_name: "p>C" };
      const said = "/config/rate: Unrecognized keyword arguments passed to C: {'rate': 2}";
      assert.deepEqual(problemsOf(object, "3.15.1", files), [said]);
    }
  });

  test("that are taken by their names alone are missed in Python's words", () => {
    const body = "class C(keras.losses.Loss):\n    def __init__(self, *, power):\n        super().__init__()\n";
    assert.deepEqual(ownProblems(body, {}), [
      "/class_name: C.__init__() missing 1 required keyword-only argument: 'power'",
    ]);
  });

  test("reach the constructor without what from_config takes out", () => {
    const reviving = `${layer}    @classmethod\n    def from_config(cls, config):\n        rate = config.pop("rate")\n        return cls(**config)\n`;
    assert.deepEqual(ownProblems(reviving, { units: 1, rate: 2 }), []);
    assert.deepEqual(ownProblems(reviving, { units: 1, rate: 2, more: 3 }), [
      "/config/more: Unrecognized keyword arguments passed to C: {'more': 3}",
    ]);
  });
});

describe("a from_config of the workspace", () => {
  const own = (from: string, base = "keras.layers.Layer") =>
    `class C(${base}):
    def __init__(self, effects, size=1, **kwargs):
        super().__init__(**kwargs)

    @classmethod
    def from_config(cls, config):
${from
  .split("\n")
  .map((line) => `        ${line}`)
  .join("\n")}
`;

  test("raises KeyError over what it takes out of the config and is not there", () => {
    const takes = own('effects = config.pop("effects")\nreturn cls(effects, **config)');
    assert.deepEqual(ownProblems(takes, { name: "c", size: 2 }), ["/class_name: 'effects'"]);
    assert.deepEqual(ownProblems(takes, { name: "c", effects: [] }), []);
    assert.deepEqual(ownProblems(takes, null), ["/config: 'effects'"]);
    const asks = own('if "effects" in config:\n    config["effects"] = config["effects"][0]\nreturn cls(**config)');
    assert.deepEqual(ownProblems(asks, { name: "c" }), []);
  });

  test("that hands all of it on does not add what is missing", () => {
    const missing = "C.__init__() missing 1 required positional argument: 'effects'";
    assert.deepEqual(ownProblems(own("return cls(**config)"), { size: 2 }), [`/class_name: ${missing}`]);
    assert.deepEqual(ownProblems(own("return super().from_config(config)"), { size: 2 }), [`/class_name: ${missing}`]);
    assert.deepEqual(ownProblems(own("return cls(effects=[], **config)"), { size: 2 }), []);
    assert.deepEqual(ownProblems(own('config["effects"] = []\nreturn cls(**config)'), { size: 2 }), []);
    const writes = own('config["size"] = 3\nreturn cls(**config)');
    assert.deepEqual(ownProblems(writes, { name: "c" }), [`/class_name: ${missing}`]);
    const takesOut = own('config["effects"] = []\nconfig.pop("effects")\nreturn cls(**config)');
    assert.deepEqual(ownProblems(takesOut, { name: "c" }), []);
  });

  test("may write the argument by any way into the dict", () => {
    for (const writing of [
      'config |= {"effects": []}',
      'config["effects"], config["size"] = [], 2',
      'config.__setitem__("effects", [])',
      'put = config.setdefault\nput("effects", [])',
      'for one in [config]:\n    one["effects"] = []',
      'held = {"config": config}\nheld["config"]["effects"] = []',
      'for key in ("rate",):\n    config.pop(key, None)\nfor key, value in (("effects", []), ("size", 2)):\n    config.setdefault(key, value)',
    ]) {
      assert.deepEqual(ownProblems(own(`${writing}\nreturn cls(**config)`), { name: "c" }), [], writing);
      assert.deepEqual(ownProblems(own(`${writing}\nreturn super().from_config(config)`), { name: "c" }), [], writing);
    }
  });

  test("that hands custom objects on, too, has taken out what it took out", () => {
    for (const handed of ["custom_objects", "custom_objects=custom_objects"]) {
      const body = `class C(keras.optimizers.SGD):
    @classmethod
    def from_config(cls, config, custom_objects=None):
        config.pop("is_legacy_optimizer", None)
        return super().from_config(config, ${handed})
`;
      assert.deepEqual(ownProblems(body, { is_legacy_optimizer: false }), [], handed);
      assert.deepEqual(
        ownProblems(body, { rate: 1 }),
        ["/config/rate: Argument(s) not recognized: {'rate': 1}"],
        handed,
      );
    }
  });

  test("that is Keras's own raises it, too", () => {
    const wrapper =
      "class C(keras.layers.Wrapper):\n    def __init__(self, layer, **kwargs):\n        super().__init__(layer, **kwargs)\n";
    assert.deepEqual(ownProblems(wrapper, { name: "c" }), [
      "/class_name: 'layer'",
      "/class_name: C.__init__() missing 1 required positional argument: 'layer'",
    ]);
  });

  test("is not judged where it goes on to another one of the workspace", () => {
    const files = `class B(keras.layers.Layer):
    @classmethod
    def from_config(cls, config):
        config.pop("size", None)
        return cls(**config)

@keras.saving.register_keras_serializable("p")
class C(B):
    @classmethod
    def from_config(cls, config):
        return super().from_config(config)
`;
    assert.deepEqual(ownProblems(files, { size: 2 }), []);
  });
});

describe("a class of the workspace without any constructor", () => {
  test("takes no arguments", () => {
    const plain = "class C(keras.constraints.Constraint):\n    def __call__(self, w):\n        return w\n";
    assert.deepEqual(ownProblems(plain, { size: 2 }), ["/config/size: C() takes no arguments"]);
    assert.deepEqual(ownProblems(plain, {}), []);
  });

  test("above its own hands nothing on", () => {
    const init = "    def __init__(self, size=1, **kwargs):\n        super().__init__(**kwargs)\n";
    const own = `class C(keras.initializers.Initializer):\n${init}`;
    const said = "object.__init__() takes exactly one argument (the instance to initialize)";
    assert.deepEqual(ownProblems(own, { size: 2, rate: 1 }), [`/config/rate: ${said}`]);
    assert.deepEqual(ownProblems(own, { size: 2 }), []);
  });
});

describe("a dtype that is falsy", () => {
  test("is the default of losses and metrics, and refused by layers", () => {
    assert.deepEqual(problems("keras.losses.Huber", { dtype: 0 }), []);
    assert.deepEqual(problems("keras.metrics.AUC", { dtype: "" }), []);
    assert.match(problems("keras.layers.Flatten", { dtype: "" })[0] ?? "", /^\/config\/dtype: Cannot convert ''/);
    assert.match(problems("keras.layers.Dense", { units: 1, dtype: [] })[0] ?? "", /Received: dtype=\[\]$/);
  });
});

test("many arguments that nobody knows are told with one text, and not all of them", () => {
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`a${i}`, 0]));
  const said = problems("keras.layers.Dense", { units: 1, ...many });
  assert.equal(said.length, 100);
  assert.equal(new Set(said.map((line) => line.slice(line.indexOf(": ")))).size, 1);
});

test("a value that is serialized by itself is not judged by its form", () => {
  const padding = { class_name: "__tuple__", items: [1, 1] };
  assert.deepEqual(problems("keras.layers.ZeroPadding2D", { padding }), []);
});

test("a list of cells may be empty, and holds no empty list", () => {
  assert.deepEqual(problems("keras.layers.StackedRNNCells", { cells: [] }), []);
  assert.match(
    problems("keras.layers.StackedRNNCells", { cells: [[]] })[0] ?? "",
    /Received cell without a `call` method: \[\]$/,
  );
});
