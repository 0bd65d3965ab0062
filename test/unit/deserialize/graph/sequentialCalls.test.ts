import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { jsonPointer } from "../../../../server/src/json/index.ts";
import { emptyRegistry } from "../../../recorded/emptyRegistry.ts";
import { catalogue } from "../../../recorded/shippedCatalogue.ts";
import { simulateRecord } from "../../../recorded/simulateRecord.ts";

const layer = (class_name: string, config: object) => ({
  module: "keras.layers",
  class_name,
  config,
  registered_name: null,
});
const input = layer("InputLayer", { batch_shape: [null, 3, 4] });
const cell = layer("LSTMCell", { units: 2 });

function problems(layers: readonly object[], more: object = {}, version = "3.15.1"): string[] {
  const model = { module: "keras", class_name: "Sequential", config: { name: "s", layers, ...more } };
  const load = { loader: "deserialize_keras_object", config: JSON.stringify(model) } as const;
  const { tree, events } = simulateRecord(load, catalogue.release(version), emptyRegistry);
  return events.flatMap((event) =>
    event.kind === "failed" ? [`${jsonPointer(tree, event.failure.node)}: ${event.outcome.message}`] : [],
  );
}

describe("a layer that takes more than one argument in a Sequential", () => {
  test("is told where it is called", () => {
    const said = (needs: string, name: string, list: string) =>
      `Layers added to a Sequential model can only have a single ${needs}, the input tensor. ` +
      `Layer ${name} has multiple ${needs}s: [${list}]`;
    const required = "required positional argument";
    const states = '<Parameter "inputs">, <Parameter "states">';
    const told = said(required, "LSTMCell", states);
    assert.deepEqual(problems([input, cell]), [`/config/layers/1/class_name: ${told}`]);
    assert.deepEqual(problems([input, layer("Dense", { units: 2 }), cell]), [`/config/layers/2/class_name: ${told}`]);
    assert.deepEqual(problems([cell], { build_input_shape: [null, 4] }), [`/config/layers/0/class_name: ${told}`]);
    assert.deepEqual(problems([input, cell], {}, "3.13.2"), [
      `/config/layers/1/class_name: ${said("positional argument", "LSTMCell", states)}`,
    ]);
    const stacked = layer("StackedRNNCells", { cells: [cell] });
    assert.deepEqual(problems([input, stacked]), [
      `/config/layers/1/class_name: ${said(required, "StackedRNNCells", states)}`,
    ]);
    assert.deepEqual(problems([input, stacked], {}, "3.8.0"), [
      `/config/layers/1/class_name: ${said("positional argument", "StackedRNNCells", `${states}, <Parameter "**kwargs">`)}`,
    ]);
    const attention = layer("MultiHeadAttention", { num_heads: 2, key_dim: 2 });
    const query = '<Parameter "query">, <Parameter "value">';
    assert.deepEqual(problems([input, attention]), [
      `/config/layers/1/class_name: ${said(required, "MultiHeadAttention", query)}`,
    ]);
  });

  test("is nobody's business where nobody calls it, or a layer before it may have ended that", () => {
    assert.deepEqual(problems([cell]), []);
    assert.deepEqual(problems([input, layer("TimeDistributed", { layer: layer("Dense", { units: 2 }) }), cell]), []);
  });

  test("is told once", () => {
    assert.equal(problems([input, cell, cell]).length, 1);
  });
});
