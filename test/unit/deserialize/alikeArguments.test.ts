import assert from "node:assert/strict";
import { test } from "node:test";
import { behaviourOf } from "../../../server/src/deserialize/behaviour.ts";
import type { LoadQuestion } from "../../../server/src/deserialize/load.ts";
import { simulateLoad } from "../../../server/src/deserialize/simulateLoad.ts";
import { jsonPointer, parseJson } from "../../../server/src/json/index.ts";
import { catalogue } from "../../recorded/shippedCatalogue.ts";
import { workspaceRegistry } from "../../recorded/workspaceRegistry.ts";

const registry = workspaceRegistry({
  "layers.py": `import keras
@keras.saving.register_keras_serializable("my")
def swish(x):
    return x
`,
});

/** What the load of a Sequential of these layers says of their arguments, one event a line. */
function saidOf(layers: readonly object[], more: Partial<LoadQuestion> = {}): string[] {
  const config = { name: "model", layers };
  const { tree } = parseJson(
    JSON.stringify({ module: "keras", class_name: "Sequential", config, registered_name: null }),
  );
  const release = catalogue.release("3.15.1");
  const question = { tree, root: tree.root, behaviour: behaviourOf("3.15.1"), release, registry };
  const { events } = simulateLoad({ loader: "deserialize_keras_object", ...question, ...more });
  const lines = events.map((event) => `${event.kind} ${jsonPointer(tree, event.node)}`);
  return lines.filter((line) => line.includes("/layers/")).map((line) => line.replace("/config/layers/", ""));
}

const keras = (module: string, class_name: string, config: object = {}) => ({
  module,
  class_name,
  config,
  registered_name: null,
});
const dense = (name: string, config: object) => keras("keras.layers", "Dense", { name, units: 2, ...config });
const float32 = keras("keras", "DTypePolicy", { name: "float32" });

test("an argument that is written like one before is found, and so is what it holds", () => {
  const dtype = keras("keras.dtype_policies", "DTypePolicyMap", { default_policy: float32, policy_map: {} });
  const said = saidOf([dense("a", { dtype }), dense("b", { dtype })]);
  const ofOne = ["found N", "found N/config/dtype", "found N/config/dtype/config/default_policy"];
  assert.deepEqual(
    said,
    [0, 1].flatMap((layer) => ofOne.map((line) => line.replace("N", `${layer}`))),
  );
});

test("what is refused is refused each time", () => {
  const kernel_initializer = keras("keras.initializers", "GlorotUniformm");
  const said = saidOf([dense("a", { kernel_initializer }), dense("b", { kernel_initializer })]);
  assert.deepEqual(
    said.filter((line) => line.startsWith("failed")),
    ["failed 0/config/kernel_initializer", "failed 1/config/kernel_initializer"],
  );
});

test("the same text stands for another thing in another argument", () => {
  const activation = { module: "builtins", class_name: "function", config: "my>swish", registered_name: "function" };
  const both = { activation, kernel_regularizer: activation };
  const l2 = keras("keras.regularizers", "L2", { l2: 0.01 });
  assert.deepEqual(saidOf([dense("a", { kernel_regularizer: l2 }), dense("b", { kernel_initializer: l2 })]), [
    "found 0",
    "found 0/config/kernel_regularizer",
    "found 1",
    "failed 1/config/kernel_initializer",
  ]);
  assert.equal(saidOf([dense("a", both), dense("b", both)]).length, 6);
});

test("an object that is shared is found once", () => {
  const layer = { ...keras("keras.layers", "Flatten"), shared_object_id: 1 };
  const wrappers = ["a", "b"].map((name) => keras("keras.layers", "TimeDistributed", { name, layer }));
  const said = saidOf(wrappers, { loader: "load_model" });
  assert.deepEqual(said, ["found 0", "found 0/config/layer", "found 1"]);
});
