/** What releases before the latest one do with shapes, where it differs. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { BuiltinSymbol } from "../../../server/src/catalogue/keras.ts";
import { behaviourOf } from "../../../server/src/deserialize/behaviour.ts";
import { parseJson } from "../../../server/src/json/index.ts";
import { modelShapes } from "../../../server/src/shapes/index.ts";
import { runThrough } from "../../../server/src/workspace/slices.ts";
import { RELEASE } from "./release.ts";

const symbols = new Map<string, BuiltinSymbol | undefined>([["Functional", RELEASE.resolve("keras.Model")]]);

function symbolFor(name: string): BuiltinSymbol | undefined {
  return (
    symbols.get(name) ??
    RELEASE.exported(`keras.${name}`) ??
    RELEASE.exported(`keras.layers.${name}`) ??
    RELEASE.resolve(`keras.src.ops.numpy.${name}`)
  );
}

function shapesIn(config: unknown, release: string) {
  const { tree } = parseJson(JSON.stringify(config));
  const symbolOf = (node: number) => symbolFor(tree.string(tree.member(node, "class_name")));
  return runThrough(modelShapes(tree, tree.root, symbolOf, behaviourOf(release)));
}

const conflictOf = (config: unknown, release: string) => shapesIn(config, release).conflicts[0]?.sentence;

const layer = (class_name: string, config: object, more: object = {}) => ({
  class_name,
  config: { name: class_name.toLowerCase(), ...config },
  ...more,
});
const on = (batch_shape: (number | null)[], ...layers: unknown[]) => ({
  class_name: "Sequential",
  config: { name: "s", layers: [layer("InputLayer", { batch_shape, name: "x" }), ...layers] },
});

describe("earlier releases of Keras 3", () => {
  test("a pooling of the input's own size and more leaves 0 before 3.15, a convolution before 3.14", () => {
    const pooled = on([null, 2, 3], layer("MaxPooling1D", { pool_size: [3], strides: [1] }));
    assert.match(conflictOf(pooled, "3.15.1") ?? "", /^Computed output size would be zero or negative\./);
    assert.equal(conflictOf(pooled, "3.14.1"), undefined);
    const larger = on([null, 2, 3], layer("MaxPooling1D", { pool_size: [5], strides: [1] }));
    assert.equal(
      conflictOf(larger, "3.14.1"),
      "Computed output size would be negative. Received: `inputs.shape=[None 2 3]` and `pool_size=[5]`.",
    );
    const convolved = on([null, 2, 3], layer("Conv1D", { filters: 4, kernel_size: [3] }));
    assert.match(conflictOf(convolved, "3.14.1") ?? "", /^Computed output size would be zero or negative\./);
    assert.equal(conflictOf(convolved, "3.13.2"), undefined);
    assert.equal(
      conflictOf(on([null, 2, 3], layer("Conv1D", { filters: 4, kernel_size: [4] })), "3.0.5"),
      "Computed output size would be negative. Received `inputs shape=(None, 2, 3)`, `kernel shape=(4, 3, 4)`, `dilation_rate=[1]`.",
    );
  });

  test("a Dot that was built when it was saved is refused before 3.2", () => {
    const shapes = [
      [null, 3],
      [null, 3],
    ];
    const dot = on([null, 3], layer("Dot", { axes: 1 }, { build_config: { input_shape: shapes } }));
    const sentence =
      "A `Dot` layer should be called on a list of 2 inputs. Received: input_shape=[[None, 3], [None, 3]]";
    assert.equal(conflictOf(dot, "3.1.1"), sentence);
    assert.equal(conflictOf(dot, "3.2.1"), undefined);
  });

  test("a frozen layer counts as trainable in its model before 3.2", () => {
    const model = on([null, 3], layer("Dense", { units: 2, trainable: false }));
    const total = (release: string) => [...shapesIn(model, release).layers.values()].find((one) => one.isModel);
    assert.deepEqual(total("3.1.1")?.weights, { trainable: 8, nonTrainable: 0 });
    assert.deepEqual(total("3.2.1")?.weights, { trainable: 0, nonTrainable: 8 });
  });

  test("a Reshape works out its shape when it is built before 3.12, from what was saved", () => {
    const built = layer("Reshape", { target_shape: [5] }, { build_config: { input_shape: [null, 2, 2] } });
    assert.equal(
      conflictOf({ class_name: "Sequential", config: { name: "s", layers: [built] } }, "3.0.5"),
      "The total size of the tensor must be unchanged. Received: input_shape=[2, 2], target_shape=(5,)",
    );
    assert.equal(conflictOf({ class_name: "Sequential", config: { name: "s", layers: [built] } }, "3.12.0"), undefined);
  });

  test("an axis outside of the shape is refused from 3.6 on by layers without weights", () => {
    const unit = on([null, 6], layer("UnitNormalization", { axis: 3 }));
    assert.match(conflictOf(unit, "3.6.0") ?? "", /^Axis 3 is out of bounds/);
    assert.equal(conflictOf(unit, "3.5.0"), undefined);
  });

  test("a Concatenate that was built for tensors of other ranks is refused from 3.7 on, but for axes of one", () => {
    const shapes = [
      [null, 5, 8],
      [null, 5, 8, 1],
    ];
    const built = layer("Concatenate", { axis: 1 }, { build_config: { input_shape: shapes } });
    const model = { class_name: "Sequential", config: { name: "s", layers: [built] } };
    assert.match(conflictOf(model, "3.10.0") ?? "", /^A `Concatenate` layer requires inputs with matching shapes/);
    assert.equal(conflictOf(model, "3.6.0"), undefined);
  });

  test("a slice of two keys is refused before 3.2", () => {
    const slice = (start: number | null, stop: number | null) => ({
      class_name: "__slice__",
      config: { start, stop, step: null },
    });
    const tensor = { class_name: "__keras_tensor__", config: { keras_history: ["x", 0, 0] } };
    const node = { args: [tensor, [slice(null, null), slice(1, null)]], kwargs: {} };
    const model = {
      class_name: "Functional",
      config: {
        layers: [
          layer("InputLayer", { batch_shape: [null, 4], name: "x" }, { name: "x", inbound_nodes: [] }),
          layer("GetItem", { name: "g" }, { name: "g", inbound_nodes: [node] }),
        ],
        input_layers: [["x", 0, 0]],
        output_layers: [["g", 0, 0]],
      },
    };
    assert.equal(
      conflictOf(model, "3.0.5"),
      "Unsupported key type for array slice. Recieved: `[slice(None, None, None), slice(1, None, None)]`",
    );
    assert.equal(conflictOf(model, "3.2.1"), undefined);
  });
});
