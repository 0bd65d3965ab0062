import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { BuiltinSymbol } from "../../../server/src/catalogue/keras.ts";
import { behaviourOf } from "../../../server/src/deserialize/behaviour.ts";
import { nodeAtPointer, parseJson } from "../../../server/src/json/index.ts";
import { type LayerShapes, type ModelShapes, modelShapes } from "../../../server/src/shapes/index.ts";
import { runThrough } from "../../../server/src/workspace/slices.ts";
import { RELEASE } from "./release.ts";

/** The shapes of a config, where every class of `keras` and `keras.layers` is found and nothing else is. */
function shapesOf(config: unknown): { shapes: ModelShapes; layer: (pointer: string) => LayerShapes | undefined } {
  return shapesIn(JSON.stringify(config));
}

const classes = new Map<string, BuiltinSymbol | undefined>([["Functional", RELEASE.resolve("keras.Model")]]);

function classOf(name: string): BuiltinSymbol | undefined {
  if (!classes.has(name))
    classes.set(name, RELEASE.exported(`keras.${name}`) ?? RELEASE.exported(`keras.layers.${name}`));
  return classes.get(name);
}

function shapesIn(text: string) {
  const { tree } = parseJson(text);
  const symbolOf = (node: number) => classOf(tree.string(tree.member(node, "class_name")));
  const shapes = runThrough(modelShapes(tree, tree.root, symbolOf, behaviourOf("3.15.1")));
  return { shapes, layer: (pointer: string) => shapes.layers.get(nodeAtPointer(tree, pointer)) };
}

const sequential = (...layers: unknown[]) => ({ class_name: "Sequential", config: { name: "s", layers } });
const layer = (class_name: string, config: object, more: object = {}) => ({
  class_name,
  config: { name: class_name.toLowerCase(), ...config },
  ...more,
});
const input = (...batch_shape: (number | null)[]) =>
  layer("InputLayer", { batch_shape, name: "x" }, { name: "x", inbound_nodes: [] });

/** A layer of a functional model in the format of Keras 3, called with one tensor. */
function called(name: string, class_name: string, config: object, on: string, shape?: (number | null)[]) {
  const tensor = { class_name: "__keras_tensor__", config: { shape, keras_history: [on, 0, 0] } };
  return layer(class_name, { ...config, name }, { name, inbound_nodes: [{ args: [tensor], kwargs: {} }] });
}

const functional = (layers: unknown[], output: string) => ({
  class_name: "Functional",
  config: { name: "m", trainable: true, layers, input_layers: [["x", 0, 0]], output_layers: [[output, 0, 0]] },
});

describe("what follows from a config", () => {
  test("a Sequential with an input", () => {
    const { layer: at } = shapesOf(
      sequential(input(null, 8), layer("Dense", { units: 4 }), layer("Dense", { units: 2 })),
    );
    assert.deepEqual(at("/config/layers/1"), {
      calls: [[[null, 4]]],
      weights: { trainable: 36, nonTrainable: 0 },
      isModel: false,
    });
    assert.deepEqual(at("")?.weights, { trainable: 46, nonTrainable: 0 });
  });

  test("a Sequential without an input says what its build_config says, and no shapes", () => {
    const built = layer("Dense", { units: 4 }, { build_config: { input_shape: [null, 8] } });
    const { layer: at } = shapesOf(sequential(built));
    assert.deepEqual(at("/config/layers/0"), {
      calls: [],
      weights: { trainable: 36, nonTrainable: 0 },
      isModel: false,
    });
    assert.equal(at("")?.weights, undefined);
  });

  test("a functional model in the format of Keras 2", () => {
    const dense = (name: string, on: string) =>
      layer("Dense", { units: 3, name }, { name, inbound_nodes: [[[on, 0, 0, {}]]] });
    const { layer: at } = shapesOf(functional([input(null, 5), dense("b", "a"), dense("a", "x")], "b"));
    assert.deepEqual(at("/config/layers/1")?.calls, [[[null, 3]]]);
    assert.deepEqual(at("")?.weights, { trainable: 18 + 12, nonTrainable: 0 });
  });

  test("a class without a rule has the shape that its consumers state, and the total is not known", () => {
    const layers = [input(null, 5), called("c", "Mine", {}, "x"), called("d", "Dense", { units: 2 }, "c", [null, 7])];
    const { layer: at, shapes } = shapesOf(functional(layers, "d"));
    assert.deepEqual(at("/config/layers/1"), { calls: [[[null, 7]]], weights: undefined, isModel: false });
    assert.deepEqual(at("/config/layers/2")?.weights, { trainable: 16, nonTrainable: 0 });
    assert.equal(at("")?.weights, undefined);
    assert.deepEqual(shapes.conflicts, []);
  });

  test("a frozen layer has parameters that are not trainable", () => {
    const { layer: at } = shapesOf(sequential(input(null, 2), layer("Dense", { units: 1, trainable: false })));
    assert.deepEqual(at("")?.weights, { trainable: 0, nonTrainable: 3 });
  });
});

describe("where shapes do not meet", () => {
  test("a layer is called with another size than it was built with", () => {
    const dense = called("d", "Dense", { units: 2 }, "x");
    const { shapes } = shapesOf(
      functional([input(null, 5), { ...dense, build_config: { input_shape: [null, 8] } }], "d"),
    );
    assert.deepEqual(
      shapes.conflicts.map(({ exception, message }) => `${exception}: ${message}`),
      [
        "ValueError: Input 0 with name 'None' of layer 'd' is incompatible with the layer: expected axis -1 of input shape to " +
          "have value 8, but received input with shape (None, 5)",
      ],
    );
  });

  test("a weight would have a dimension that is None: Keras names it by the scopes that are open", () => {
    const dense = layer("Dense", { units: 2, name: "d" });
    const lstm = layer("LSTM", { units: 2, name: "l" });
    for (const [model, shape, path] of [
      [sequential(input(null, null), dense), "(None, 2)", "s/d/kernel"],
      [
        { ...sequential(dense), config: { name: "s", layers: [dense], build_input_shape: [null, null] } },
        "(None, 2)",
        "s/d/kernel",
      ],
      [
        functional([input(null, 3, null), called("t", "TimeDistributed", { layer: dense }, "x")], "t"),
        "(None, 2)",
        "t/d/kernel",
      ],
      [
        functional([input(null, 3, null), called("b", "Bidirectional", { layer: lstm }, "x")], "b"),
        "(None, 8)",
        "b/forward_l/lstm_cell/kernel",
      ],
      [
        functional([input(null, 3, null), called("n", "BatchNormalization", { scale: false }, "x")], "n"),
        "(None,)",
        "n/beta",
      ],
    ] as const)
      assert.deepEqual(
        shapesOf(model).shapes.conflicts.map(({ message }) => message),
        [
          "Shapes used to initialize variables must be fully-defined (no `None` dimensions). Received: " +
            `shape=${shape} for variable path='${path}'`,
        ],
      );
  });

  test("nothing is said behind a shape that a class without a rule stated", () => {
    const dense = called("d", "Dense", { units: 2 }, "c", [null, 7]);
    const layers = [
      input(null, 5),
      called("c", "Mine", {}, "x"),
      { ...dense, build_config: { input_shape: [null, 8] } },
    ];
    assert.deepEqual(shapesOf(functional(layers, "d")).shapes.conflicts, []);
  });

  test("what comes behind a conflict is not known", () => {
    const { layer: at, shapes } = shapesOf(
      sequential(input(null, 8), layer("Reshape", { target_shape: [3, 3] }), layer("Dense", { units: 2 })),
    );
    assert.equal(shapes.conflicts.length, 1);
    assert.deepEqual(at("/config/layers/2"), { calls: [[]], weights: undefined, isModel: false });
  });
});

describe("configs that nobody wrote", () => {
  test("50,000 layers in a row", () => {
    const layers: unknown[] = [input(null, 5)];
    for (let i = 1; i <= 50_000; i++) layers.push(called(`d${i}`, "Dense", { units: 5 }, i === 1 ? "x" : `d${i - 1}`));
    const { layer: at } = shapesOf(functional(layers, "d50000"));
    assert.deepEqual(at("")?.weights, { trainable: 50_000 * 30, nonTrainable: 0 });
  });

  test("50,000 layers, the last one first", () => {
    const layers: unknown[] = [];
    for (let i = 50_000; i >= 1; i--) layers.push(called(`d${i}`, "Dense", { units: 5 }, i === 1 ? "x" : `d${i - 1}`));
    const { layer: at } = shapesOf(functional([...layers, input(null, 5)], "d50000"));
    assert.deepEqual(at("")?.weights, { trainable: 50_000 * 30, nonTrainable: 0 });
  });

  test("models nested 200 deep, each called with other shapes than it was built with", () => {
    let model: ReturnType<typeof functional> = functional(
      [input(null, 5), called("d", "Dense", { units: 5 }, "x")],
      "d",
    );
    for (let i = 1; i <= 200; i++) {
      const nested = { ...called("n", "Functional", {}, "x"), config: model.config };
      model = functional([input(i, 5), nested], "n");
      model.config.output_layers = [["n", 1 as never, 0 as never]] as never;
    }
    const { layer: at } = shapesOf(model);
    assert.deepEqual(at("")?.weights, { trainable: 30, nonTrainable: 0 });
  });

  test("wrappers nested 5,000 deep", () => {
    const opened = '{"class_name": "TimeDistributed", "config": {"layer": ';
    const wrapped = `${opened.repeat(5_000)}${JSON.stringify(layer("Dense", { units: 3 }))}${"}}".repeat(5_000)}`;
    const layers = `${JSON.stringify(input(null, 8))}, ${wrapped}`;
    assert.deepEqual(
      shapesIn(`{"class_name": "Sequential", "config": {"layers": [${layers}]}}`).shapes.layers.size,
      5_003,
    );
  });

  test("a layer that needs itself, and one that needs what is nowhere", () => {
    for (const on of ["d", "nowhere"]) {
      const { layer: at } = shapesOf(functional([input(null, 5), called("d", "Dense", { units: 2 }, on)], "d"));
      assert.equal(at("")?.weights, undefined);
    }
  });

  test("values of other types", () => {
    for (const units of ["4", null, [4], {}, 4.5, 1e300, -1e300, true]) {
      const { layer: at, shapes } = shapesOf(sequential(input(null, 8), layer("Dense", { units })));
      assert.deepEqual([at("/config/layers/1")?.calls, shapes.conflicts], [[[]], []]);
    }
  });
});

describe("what nobody writes", () => {
  test("a shape of 200,000 dimensions is nobody's, and nothing follows from it", () => {
    const dims = [null, ...Array<number>(200_000).fill(2)];
    const layers = [
      layer("EinsumDense", { equation: "ab...,bc->ac...", output_shape: 3 }),
      layer("PReLU", {}, { build_config: { input_shape: dims } }),
      layer("LayerNormalization", {}),
    ];
    for (const one of layers) {
      const { shapes, layer: at } = shapesOf(sequential(layer("InputLayer", { batch_shape: dims }), one));
      assert.deepEqual(shapes.conflicts, []);
      assert.equal(at("/config/layers/1")?.weights, undefined);
    }
  });

  test("dimensions that double from layer to layer end in silence", () => {
    const tensor = (on: string) => ({ class_name: "__keras_tensor__", config: { keras_history: [on, 0, 0] } });
    const dots = Array.from({ length: 40 }, (_, i) => {
      const on = tensor(i === 0 ? "x" : `dot_${i - 1}`);
      const node = { args: [[on, on]], kwargs: {} };
      return layer("Dot", { axes: 1, name: `dot_${i}` }, { name: `dot_${i}`, inbound_nodes: [node] });
    });
    const { layer: at } = shapesOf(functional([input(null, 1, 1, 1), ...dots], "dot_39"));
    assert.deepEqual(at("/config/layers/1")?.calls, [[[null, 1, 1, 1, 1]]]);
    assert.notEqual(at("/config/layers/40")?.calls[0]?.[0]?.length, 2 ** 30);
  });

  test("outputs that double from wrapper to wrapper end in silence", () => {
    let inner: object = layer("LSTM", { units: 1, return_state: true, return_sequences: true });
    for (let depth = 0; depth < 40; depth++) inner = layer("Bidirectional", { layer: inner, merge_mode: null });
    const { layer: at } = shapesOf(sequential(input(null, 2, 3), inner));
    assert.deepEqual(at("/config/layers/0")?.calls, [[[null, 2, 3]]]);
  });

  test("a shape that is none is not known", () => {
    const stated = sequential(layer("Dense", { units: 4 }));
    const odd = { ...stated, config: { ...stated.config, build_input_shape: [[null, 4], "x"] } };
    assert.doesNotThrow(() => shapesOf(odd));
    assert.doesNotThrow(() =>
      shapesOf(functional([input(null, 8), called("d", "Dense", { units: 1 }, "x", [1.5])], "d")),
    );
  });
});
