/** Shapes in Keras 2, as tf-keras makes and refuses them. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { BuiltinSymbol } from "../../../server/src/catalogue/keras.ts";
import { behaviourOf } from "../../../server/src/deserialize/behaviour.ts";
import { nodeAtPointer, parseJson } from "../../../server/src/json/index.ts";
import { modelShapes } from "../../../server/src/shapes/index.ts";
import { runThrough } from "../../../server/src/workspace/slices.ts";
import { catalogueWithKeras2 } from "../../recorded/shippedCatalogue.ts";

const release = catalogueWithKeras2.release("2.15.1");
const operations = "tf_keras.src.layers.core.tf_op_layer";

function symbolFor(name: string): BuiltinSymbol | undefined {
  if (name === "Functional") return release.resolve("tf_keras.src.engine.functional.Functional");
  return (
    release.exported(`keras.${name}`) ??
    release.exported(`keras.layers.${name}`) ??
    release.resolve(`${operations}.${name}`)
  );
}

function shapesIn(config: unknown) {
  const { tree } = parseJson(JSON.stringify(config));
  const symbolOf = (node: number) => symbolFor(tree.string(tree.member(node, "class_name")));
  const shapes = runThrough(modelShapes(tree, tree.root, symbolOf, behaviourOf("2.15.1")));
  return { conflicts: shapes.conflicts, at: (pointer: string) => shapes.layers.get(nodeAtPointer(tree, pointer)) };
}

const conflictOf = (config: unknown) => shapesIn(config).conflicts[0]?.message;

const layer = (class_name: string, config: object = {}, more: object = {}) => ({
  class_name,
  config: { name: class_name.toLowerCase(), ...config },
  ...more,
});
const sequential = (...layers: unknown[]) => ({ class_name: "Sequential", config: { name: "s", layers } });
const input = (...batch_input_shape: (number | null)[]) => layer("InputLayer", { batch_input_shape, name: "x" });
const on = (shape: (number | null)[], ...layers: unknown[]) => sequential(input(...shape), ...layers);

type Tensor = [string, number, number, object];

/** A functional model: inputs by their names, and layers with what they are called with. */
function functional(inputs: Record<string, (number | null)[]>, ...called: [string, object, Tensor[]][]) {
  const layers = Object.entries(inputs).map(([name, batch_input_shape]) =>
    layer("InputLayer", { batch_input_shape, name }, { name, inbound_nodes: [] }),
  );
  const others = called.map(([class_name, config, tensors]) => {
    const made = layer(class_name, config);
    return { ...made, name: made.config.name, inbound_nodes: [tensors] };
  });
  return {
    class_name: "Functional",
    config: {
      name: "m",
      layers: [...layers, ...others],
      input_layers: Object.keys(inputs).map((name) => [name, 0, 0]),
      output_layers: [[others.at(-1)?.name, 0, 0]],
    },
  };
}

const inCall = (name: string, type: string, sentence: string, quote = '"') =>
  `Exception encountered when calling layer ${quote}${name}${quote} (type ${type}).\n\n${sentence}\n\n` +
  `Call arguments received by layer ${quote}${name}${quote} (type ${type}):\n…`;

describe("what Keras 2 refuses", () => {
  test("before a layer is called: its input_spec, and its build", () => {
    assert.equal(
      conflictOf(on([null, 4], layer("LSTM", { units: 3 }))),
      'Input 0 of layer "lstm" is incompatible with the layer: expected ndim=3, found ndim=2. Full shape received: (None, 4)',
    );
    assert.equal(
      conflictOf(on([null, 4, null], layer("Dense", { units: 3 }))),
      "The last dimension of the inputs to a Dense layer should be defined. Found None. Full input shape received: (None, 4, None)",
    );
    assert.equal(
      conflictOf(on([null, 5, 3], layer("Conv1D", { filters: 3, kernel_size: [7] }))),
      "One of the dimensions in the output is <= 0 due to downsampling in conv1d. Consider increasing the input size. Received input " +
        "shape [None, 5, 3] which would produce output shape with a zero or negative value in a dimension.",
    );
    assert.equal(
      conflictOf(on([null, 5, 3], layer("BatchNormalization", { axis: [5] }))),
      "Invalid value for `axis` argument. Expected 0 <= axis < inputs.rank (with inputs.rank=3). Received: axis=(5,)",
    );
  });

  test("in its call, with the arguments that it received", () => {
    assert.equal(
      conflictOf(on([null, 5, 3], layer("Reshape", { target_shape: [4] }))),
      inCall(
        "reshape",
        "Reshape",
        "total size of new array must be unchanged, input_shape = [5, 3], output_shape = [4]",
      ),
    );
  });

  test("in an operation of TensorFlow", () => {
    assert.equal(
      conflictOf(on([null, 5, 3], layer("MaxPooling1D", { pool_size: [9] }))),
      inCall(
        "maxpooling1d",
        "MaxPooling1D",
        "Negative dimension size caused by subtracting 9 from 5 for '{{node …}}' with input shapes: ….",
      ),
    );
  });

  test("where tensors do not meet", () => {
    const inputs = { a: [null, 5, 3], b: [null, 4, 3] };
    const both: Tensor[] = [
      ["a", 0, 0, {}],
      ["b", 0, 0, {}],
    ];
    assert.equal(
      conflictOf(functional(inputs, ["Add", {}, both])),
      "Inputs have incompatible shapes. Received shapes (5, 3) and (4, 3)",
    );
    assert.equal(conflictOf(functional(inputs, ["Concatenate", { axis: 1 }, both])), undefined);
    const [first] = shapesIn(functional(inputs, ["Concatenate", { axis: 4 }, both])).conflicts;
    assert.equal(first?.exception, "IndexError");
  });

  test("in a model within a model: what a layer of it refuses before its call is the model's, the rest its own", () => {
    const within = (...layers: unknown[]) =>
      on([null, 9, 4], layer("Permute", { dims: [1, 2] }), sequential(...layers));
    assert.equal(
      conflictOf(within(layer("Permute", { dims: [1], name: "p" }))),
      inCall(
        "s",
        "Sequential",
        'Input 0 of layer "p" is incompatible with the layer: expected ndim=2, found ndim=3. Full shape received: (None, 9, 4)',
      ),
    );
    assert.equal(
      conflictOf(within(layer("Reshape", { target_shape: [5], name: "r" }))),
      inCall(
        "r",
        "Reshape",
        "total size of new array must be unchanged, input_shape = [9, 4], output_shape = [5]",
        "'",
      ),
    );
  });
});

describe("what Keras 2 makes", () => {
  test("a Sequential whose first layer has the shape of its input", () => {
    const { at, conflicts } = shapesIn(
      sequential(layer("Dense", { units: 4, batch_input_shape: [null, 8] }), layer("Dropout", { rate: 0.5 })),
    );
    assert.deepEqual(conflicts, []);
    assert.deepEqual(at("/config/layers/0")?.weights, { trainable: 36, nonTrainable: 0 });
    assert.deepEqual(at("/config/layers/1")?.calls, [[[null, 4]]]);
  });

  test("nothing of the build_config of a layer", () => {
    const built = layer("Dense", { units: 2 }, { build_config: { input_shape: [null, 3] } });
    const { at, conflicts } = shapesIn(on([null, 8], built));
    assert.deepEqual(conflicts, []);
    assert.deepEqual(at("/config/layers/1")?.weights, { trainable: 18, nonTrainable: 0 });
  });

  test("functions of TensorFlow with a number, or with another tensor", () => {
    const added = functional({ a: [null, 5], b: [null, 1] }, [
      "TFOpLambda",
      { name: "f", function: "math.add" },
      [["a", 0, 0, { y: ["b", 0, 0] }]],
    ]);
    assert.deepEqual(shapesIn(added).at("/config/layers/2")?.calls, [[[null, 5]]]);
    const sliced = functional({ a: [null, 5, 3] }, [
      "SlicingOpLambda",
      { name: "f", function: "__operators__.getitem" },
      [["a", 0, 0, { slice_spec: [{ start: null, stop: null, step: null }, -1] }]],
    ]);
    assert.deepEqual(shapesIn(sliced).at("/config/layers/1")?.calls, [[[null, 3]]]);
  });

  test("a model that is called counts the node that it has from the beginning", () => {
    const model = functional(
      { a: [null, 5] },
      ["Sequential", { name: "inner", layers: [input(null, 5), layer("Dense", { units: 2 })] }, [["a", 0, 0, {}]]],
      ["Dense", { units: 3, name: "last" }, [["inner", 1, 0, {}]]],
    );
    assert.deepEqual(shapesIn(model).at("/config/layers/2")?.calls, [[[null, 3]]]);
  });

  test("UpSampling3D takes any rank, and says nothing of what comes of it", () => {
    assert.equal(conflictOf(on([null, 8, 8, 3], layer("UpSampling3D", { size: [2, 2, 2] }))), undefined);
  });
});
