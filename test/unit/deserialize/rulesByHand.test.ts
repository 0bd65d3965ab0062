import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { behaviourOf } from "../../../server/src/deserialize/behaviour.ts";
import { simulateLoad } from "../../../server/src/deserialize/simulateLoad.ts";
import { jsonPointer, parseJson } from "../../../server/src/json/index.ts";
import { emptyRegistry } from "../../recorded/emptyRegistry.ts";
import { catalogue } from "../../recorded/shippedCatalogue.ts";
import { simulateRecord } from "../../recorded/simulateRecord.ts";
import { workspaceRegistry } from "../../recorded/workspaceRegistry.ts";

/** `POINTER: the last sentence` of every error of an object. */
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

function problems(path: string, config: object, version = "3.15.1"): string[] {
  const dot = path.lastIndexOf(".");
  const [module, class_name] = [path.slice(0, dot), path.slice(dot + 1)];
  return problemsOf({ module, class_name, config, registered_name: null }, version);
}

const adam = { module: "keras.optimizers", class_name: "Adam", config: {}, registered_name: null };

describe("TextVectorization", () => {
  const whole = { standardize: null, split: "whitespace", ngrams: null };
  const of = (config: object, version?: string) =>
    problems("keras.layers.TextVectorization", { ...whole, ...config }, version);

  test("reads its standardize, split and ngrams out of the config", () => {
    assert.deepEqual(problems("keras.layers.TextVectorization", {}), [
      "/class_name: 'standardize'",
      "/class_name: 'split'",
      "/class_name: 'ngrams'",
    ]);
    const both = { standardize: "lower", split: null };
    assert.deepEqual(problems("keras.layers.TextVectorization", both), ["/class_name: 'ngrams'"]);
    assert.deepEqual(problems("keras.layers.TextVectorization", both, "3.0.5"), []);
  });

  test("takes few strings", () => {
    const said = "value for `standardize` argument of TextVectorization. Allowed values are: ";
    const allowed = "('lower_and_strip_punctuation', 'lower', 'strip_punctuation')";
    const received = `${said}${allowed}. Received: standardize=upper`;
    assert.deepEqual(of({ standardize: "upper" }), [`/config/standardize: Unknown ${received}`]);
    assert.deepEqual(of({ standardize: "upper" }, "3.1.1"), [`/config/standardize: Unknown ${received}`]);
    assert.deepEqual(of({ standardize: "upper" }, "3.0.5"), [`/config/standardize: Unkown ${received}`]);
    assert.equal(of({ split: "words" }).length, 1);
    assert.equal(of({ output_mode: "ints" }).length, 1);
    assert.deepEqual(of({ standardize: "lower", split: "character", output_mode: "tf-idf" }), []);
    const relu = { module: "keras.activations", class_name: "function", config: "relu", registered_name: "relu" };
    assert.deepEqual(of({ standardize: relu, split: relu }), []);
  });

  test("asks for the length of sequences of integers alone", () => {
    const length = "output_sequence_length";
    assert.deepEqual(of({ [length]: 3 }), []);
    assert.deepEqual(of({ [length]: "3" }), [
      `/config/${length}: \`${length}\` must be either None or an integer when \`output_mode\` is 'int'. Received: ${length}=3`,
    ]);
    assert.deepEqual(of({ [length]: 3, output_mode: "count" }), [
      `/config/${length}: \`${length}\` must not be set if \`output_mode\` is not 'int'. Received ${length}=3.`,
    ]);
  });

  test("hands what it does not know on", () => {
    assert.deepEqual(of({ lowercase: true, has_input_vocabulary: false, vocabulary_size: 2 }), [
      "/config/lowercase: Unrecognized keyword arguments passed to TextVectorization: {'lowercase': True}",
    ]);
  });

  test("whose class in a workspace has a from_config of its own", () => {
    const body = (inner: string) =>
      `import keras\n\n@keras.saving.register_keras_serializable("p")\nclass C(keras.layers.TextVectorization):\n${inner}`;
    const own = { module: "m", class_name: "C", config: {}, registered_name: "p>C" };
    assert.deepEqual(problemsOf(own, "3.15.1", { "m.py": body("    pass\n") }), ["/class_name: 'standardize'"]);
    const making = "    @classmethod\n    def from_config(cls, config):\n        return cls(**config)\n";
    assert.deepEqual(problemsOf(own, "3.15.1", { "m.py": body(making) }), []);
  });
});

describe("Discretization", () => {
  const of = (config: object, version?: string) => problems("keras.layers.Discretization", config, version);

  test("is told its bins in number or by their boundaries", () => {
    assert.deepEqual(of({}), ["/class_name: You need to set either `num_bins` or `bin_boundaries`."]);
    assert.deepEqual(of({ num_bins: 3 }), []);
    // It sets the boundaries afterwards, as `adapt` leaves both.
    assert.deepEqual(of({ num_bins: 3, bin_boundaries: [0.5] }), []);
    assert.deepEqual(of({}, "3.8.0"), []);
    assert.deepEqual(of({ num_bins: 2, bin_boundaries: [0.5] }, "3.8.0"), []);
    assert.deepEqual(of({ num_bins: 3, bin_boundaries: [0.5] }, "3.8.0"), [
      "/config/num_bins: Both `num_bins` and `bin_boundaries` should not be set. " +
        "Received: `num_bins=3` and `bin_boundaries=[0.5]`",
    ]);
  });

  for (const version of ["3.15.1", "3.8.0"]) {
    test(`counts them, in ${version}`, () => {
      assert.deepEqual(of({ num_bins: -1 }, version), [
        "/config/num_bins: `num_bins` must be greater than or equal to 0. Received: `num_bins=-1`",
      ]);
      assert.deepEqual(of({ num_bins: "3" }, version), [
        "/config/num_bins: '<' not supported between instances of 'str' and 'int'",
      ]);
      assert.deepEqual(of({ num_bins: 3, bins: 3 }, version), [
        "/config/bins: Discretization.__init__() got an unexpected keyword argument 'bins'",
      ]);
    });
  }
});

describe("LossScaleOptimizer", () => {
  const of = (config: object, version?: string) => problems("keras.optimizers.LossScaleOptimizer", config, version);

  test("takes of others' arguments their defaults alone", () => {
    const defaults = { weight_decay: null, use_ema: false, ema_momentum: 0.99, clipnorm: null };
    assert.deepEqual(of({ inner_optimizer: adam, ...defaults }), []);
    assert.deepEqual(of({ inner_optimizer: adam, clipnorm: 1.0, use_ema: true }), [
      "/config/clipnorm: LossScaleOptimizer does not support `clipnorm`. Instead, set `clipnorm` on the `inner_optimizer`.",
      "/config/use_ema: LossScaleOptimizer does not support `use_ema`. Instead, set `use_ema` on the `inner_optimizer`.",
    ]);
    const said = "LossScaleOptimizer does not support arguments: `learning_rate`, `decay`.";
    assert.deepEqual(of({ inner_optimizer: adam, learning_rate: 0.1, decay: 0 }), [
      `/config/learning_rate: ${said}`,
      `/config/decay: ${said}`,
    ]);
    assert.deepEqual(of({ inner_optimizer: adam, clipnorm: 1.0 }, "3.11.3"), []);
  });

  test("has an inner optimizer", () => {
    assert.deepEqual(of({}), ["/class_name: 'inner_optimizer'"]);
    assert.deepEqual(of({ inner_optimizer: "adam" }), [
      "/config/inner_optimizer: 'str' object has no attribute 'loss_scale_factor'",
    ]);
    assert.deepEqual(of({ inner_optimizer: null }), [
      "/config/inner_optimizer: 'NoneType' object has no attribute 'loss_scale_factor'",
    ]);
    assert.deepEqual(of({ inner_optimizer: "adam" }, "3.11.3"), []);
  });
});

describe("Distiller", () => {
  const model = {
    module: "keras",
    class_name: "Sequential",
    config: { name: "s", layers: [] },
    registered_name: null,
  };
  const of = (config: object) => problems("keras.distillation.Distiller", config);

  test("goes through its losses, and weighs that of the student", () => {
    const whole = { teacher: model, student: model, distillation_losses: [] };
    assert.deepEqual(of(whole), []);
    assert.deepEqual(of({ distillation_losses: [] }), ["/class_name: 'teacher'", "/class_name: 'student'"]);
    assert.deepEqual(of({ ...whole, distillation_losses: null }), [
      "/config/distillation_losses: 'NoneType' object is not iterable",
    ]);
    assert.deepEqual(of({ ...whole, student_loss_weight: "0.5" }), [
      "/config/student_loss_weight: student_loss_weight must be a number, got <class 'str'>",
    ]);
    assert.deepEqual(of({ ...whole, student_loss_weight: 2 }), [
      "/config/student_loss_weight: student_loss_weight must be between 0.0 and 1.0, got 2",
    ]);
  });
});

describe("a dtype policy whose name makes another one", () => {
  const of = (name: unknown, version: string) => problems("keras.DTypePolicy", { name }, version);

  test("is told in the words of that one", () => {
    const said = (kind: string) =>
      `/config/name: Cannot convert 'half' to a mixed precision ${kind}. Valid policies include 'mixed_float16', ` +
      "'mixed_bfloat16', and the name of any float dtype such as 'float32'.";
    assert.deepEqual(of("half", "3.3.3"), [said("FloatDTypePolicy")]);
    assert.deepEqual(of("half", "3.1.1"), [said("FloatDTypePolicy")]);
    assert.deepEqual(of("half", "3.8.0"), [said("DTypePolicy")]);
    const number =
      "/config/name: 'name' must be a string, such as 'mixed_float16'. Received: name=16 (of type <class 'int'>)";
    assert.deepEqual(of(16, "3.3.3"), [number]);
    for (const name of ["float16", "int", "mixed_bfloat16", "int8_from_float32"])
      assert.deepEqual(of(name, "3.3.3"), []);
  });
});

describe("TFSMLayer", () => {
  test("is bound before it asks for TensorFlow", () => {
    const of = (config: object) => {
      const layer = { module: "keras.layers", class_name: "TFSMLayer", config, registered_name: null };
      const { tree } = parseJson(JSON.stringify(layer));
      const { events } = simulateLoad({
        tree,
        root: tree.root,
        loader: "deserialize_keras_object",
        behaviour: behaviourOf("3.8.0"),
        release: catalogue.release("3.8.0"),
        registry: emptyRegistry,
        packageInstalled: () => true,
      });
      return events.flatMap((event) =>
        event.kind === "failed" ? [`${jsonPointer(tree, event.failure.node)}: ${event.failure.error.message}`] : [],
      );
    };
    const missing = "/class_name: TFSMLayer.__init__() missing 1 required positional argument: 'filepath'";
    assert.deepEqual(of({}), [missing]);
    assert.deepEqual(of({ filepath: "saved", call_endpoint: "serve" }), []);
    assert.deepEqual(of({ filepath: "saved", path: "saved" }), [
      "/config/path: TFSMLayer.__init__() got an unexpected keyword argument 'path'",
    ]);
  });
});

describe("layers of JAX and Flax", () => {
  test("read their functions out of the config", () => {
    assert.deepEqual(problems("keras.layers.JaxLayer", {}), ["/class_name: 'call_fn'", "/class_name: 'init_fn'"]);
    assert.deepEqual(problems("keras.layers.JaxLayer", { call_fn: null }), ["/class_name: 'init_fn'"]);
    assert.deepEqual(problems("keras.layers.FlaxLayer", { method: null }), ["/class_name: 'module'"]);
    assert.deepEqual(problems("keras.layers.FlaxLayer", { module: null, method: null }), []);
  });
});
