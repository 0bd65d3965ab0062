import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { dense, functional, input, layer, loadOf, problems, raised, words } from "./models.ts";

const history = (at: number, call = 0) => `layers/${at}/inbound_nodes/${call}/args/0/config/keras_history`;

describe("a Functional model", () => {
  test("is found whole where every layer takes what another one makes", () => {
    assert.deepEqual(problems(functional([input("x"), dense("h", "x"), dense("y", "h")])), []);
  });

  test("may call a layer twice, and take of both calls", () => {
    const shared = [input("x"), input("w"), dense("h", "x", "w"), layer("Add", "y", "h h:1")];
    assert.deepEqual(problems(functional(shared, "x w")), []);
  });

  test("may list its layers in any order since 3.7", () => {
    const turned = functional([input("x"), dense("y", "h"), dense("h", "x")]);
    assert.deepEqual(problems(turned, "3.7.0"), []);
    assert.deepEqual(problems(turned, "3.6.0"), [`layer-order at ${history(1)}/1`]);
    assert.equal(words(turned, "3.6.0"), "`y` of the model `m` stands before `h`, whose tensor it takes.");
  });

  test("may be shared at different depths since 3.7: the second call waits for what the first one leads to", () => {
    const nested = functional([input("x"), dense("a", "x", "b"), dense("b", "a", "a:1")], "x", "b:1");
    assert.deepEqual(problems(nested, "3.15.1"), []);
    assert.deepEqual(problems(nested, "3.6.0"), [`layer-order at ${history(1, 1)}/1`]);
  });
});

describe("a reference to a layer that the model does not have", () => {
  const nowhere = functional([input("x"), dense("y", "w")]);

  test("is told where it stands, with the layer and the model", () => {
    assert.deepEqual(problems(nowhere), [`unknown-layer-reference at ${history(1)}/0`]);
    assert.equal(words(nowhere), "`y` of the model `m` refers to `w`, and the model has no layer of that name.");
    assert.equal(raised(nowhere), "ValueError: Unknown layer: w");
  });

  test("is told of all layers at once", () => {
    const several = functional([input("x"), dense("h", "v"), dense("y", "w")]);
    assert.deepEqual(problems(several), [
      `unknown-layer-reference at ${history(1)}/0`,
      `unknown-layer-reference at ${history(2)}/0`,
    ]);
  });

  test("among the outputs has no words to 3.13", () => {
    const lost = functional([input("x"), dense("y", "x")], "x", "z");
    assert.deepEqual(problems(lost), ["unknown-layer-reference at output_layers/0/0"]);
    assert.equal(raised(lost, "3.13.2"), "AssertionError: ");
    assert.equal(raised(lost, "3.14.0"), "RuntimeError: Internal error: could not find layer z.");
  });

  test("in the list form is a KeyError where the release does not look for loops", () => {
    const old = functional([input("x"), { ...dense("y"), inbound_nodes: [[["w", 0, 0, {}]]] }]);
    assert.deepEqual(problems(old), ["unknown-layer-reference at layers/1/inbound_nodes/0/0/0"]);
    assert.equal(raised(old, "3.14.0"), "KeyError: 'w'");
    assert.equal(raised(old, "3.15.1"), "ValueError: Invalid Functional model configuration. Missing node: w");
  });
});

describe("a node that never comes", () => {
  const beyond = functional([input("x"), dense("y", "x:3")]);

  test("raises to 3.6, is waited for without end to 3.12.1, and is told of since", () => {
    assert.match(
      raised(beyond, "3.6.0") ?? "",
      /^ValueError: Layer node index out of bounds\.\ninbound_layer = <InputLayer name=x, built=True>/,
    );
    for (const version of ["3.7.0", "3.12.1", "3.13.2", "3.14.0"]) {
      assert.match(raised(beyond, version) ?? "", /^: Keras never returns/, version);
    }
    for (const version of ["3.12.2", "3.14.1"]) {
      assert.match(
        raised(beyond, version) ?? "",
        /nodes failed to be resolved: \{<Dense name=y, built=False>: \[\{'args'/,
        version,
      );
    }
  });

  test("is told at its index", () => {
    assert.deepEqual(problems(beyond), [`node-index-out-of-range at ${history(1)}/1`]);
    assert.equal(words(beyond), "`y` of the model `m` refers to node 3 of `x`, which has 1 node.");
    const ends = functional([input("x"), dense("y", "x")], "x", "y:3");
    assert.deepEqual(problems(ends), ["node-index-out-of-range at output_layers/0/1"]);
    assert.equal(raised(ends), "IndexError: list index out of range");
  });

  test("is to blame, and not what waits for the layer that waits", () => {
    const chain = functional([input("x"), dense("a", "x:3"), dense("b", "a"), dense("y", "b")]);
    assert.deepEqual(problems(chain), [`node-index-out-of-range at ${history(1)}/1`]);
    assert.deepEqual(problems(chain, "3.6.0"), [`node-index-out-of-range at ${history(1)}/1`]);
  });

  test("is counted from behind where it is negative", () => {
    assert.deepEqual(problems(functional([input("x"), dense("y", "x:-1")])), []);
    assert.deepEqual(problems(functional([input("x"), dense("y", "x:-2")])), [
      `node-index-out-of-range at ${history(1)}/1`,
    ]);
  });
});

describe("a tensor that a layer does not make", () => {
  test("is waited for like a node that never comes", () => {
    const beyond = functional([input("x"), dense("h", "x"), dense("y", "h:0:2")]);
    assert.deepEqual(problems(beyond), [`tensor-index-out-of-range at ${history(2)}/2`]);
    assert.equal(words(beyond), "`y` of the model `m` refers to tensor 2 of `h`, which makes 1 tensor.");
    assert.match(raised(beyond, "3.6.0") ?? "", /^: Keras never returns/);
  });

  test("is not counted where a layer may make several", () => {
    const lstm = { ...layer("LSTM", "h", "x"), config: { name: "h", units: 4 } };
    const states = { ...lstm, config: { name: "h", units: 4, return_state: true } };
    assert.deepEqual(problems(functional([input("x"), states, dense("y", "h:0:2")])), []);
    assert.deepEqual(problems(functional([input("x"), lstm, dense("y", "h:0:2")])), [
      `tensor-index-out-of-range at ${history(2)}/2`,
    ]);
    const both = { ...layer("Bidirectional", "h", "x"), config: { name: "h", layer: lstm, merge_mode: null } };
    assert.deepEqual(problems(functional([input("x"), both, dense("y", "h:0:1")])), []);
  });
});

describe("a circle", () => {
  test("of one layer is told at the name that it refers to", () => {
    const own = functional([input("x"), dense("y", "y")]);
    assert.deepEqual(problems(own), [`cyclic-graph at ${history(1)}/0`]);
    assert.equal(words(own), "`y` of the model `m` takes its own tensor.");
  });

  test("of several is told once, where the first of the file refers to what comes behind it", () => {
    const circle = functional([input("x"), dense("a", "c"), dense("b", "a"), dense("c", "b"), dense("y", "c")]);
    assert.deepEqual(problems(circle), [`cyclic-graph at ${history(1)}/0`]);
    assert.equal(
      words(circle),
      "`a` of the model `m` takes what it makes itself: `a` takes of `c` takes of `b` takes of `a`.",
    );
    assert.match(raised(circle, "3.8.0") ?? "", /^: Keras never returns/);
  });
});

describe("two layers of one name", () => {
  test("leave the nodes of the first unmade", () => {
    const twice = functional([input("x"), dense("y", "x"), dense("y", "x")]);
    assert.deepEqual(problems(twice), ["duplicate-layer-name at layers/2/name"]);
    assert.equal(words(twice), "The model `m` has two layers of the name `y`.");
    assert.match(raised(twice, "3.8.0") ?? "", /^: Keras never returns/);
  });

  test("are to blame for a reference to the name that one of them had", () => {
    const renamed = functional([input("x"), { ...dense("h", "x"), name: "x" }, dense("y", "h")]);
    assert.deepEqual(problems(renamed), ["duplicate-layer-name at layers/1/name"]);
    assert.equal(raised(renamed), "ValueError: Unknown layer: h");
  });

  test("in their configs alone are refused when the model is made", () => {
    const own = { ...dense("h", "x"), config: { units: 4, name: "y" } };
    const model = functional([input("x"), own, dense("y", "h")]);
    assert.deepEqual(problems(model), ["duplicate-layer-name at layers/2/config/name"]);
    assert.match(raised(model) ?? "", /^ValueError: The name "y" is used 2 times in the model\./);
  });
});

describe("inputs and outputs", () => {
  const idle = functional([input("x"), input("w"), dense("y", "x")], "x w");
  const loose = functional([input("x"), input("w"), layer("Add", "y", "x w")], "x");

  test("that no layer takes are refused in 3.10 to 3.13", () => {
    assert.deepEqual(problems(idle, "3.9.2"), []);
    assert.deepEqual(problems(idle, "3.10.0"), ["disconnected-graph at input_layers/1"]);
    assert.equal(raised(idle, "3.13.2"), "ValueError: `inputs` not connected to `outputs`");
    assert.deepEqual(problems(idle, "3.14.0"), []);
  });

  test("that do not come of the inputs are refused since 3.14", () => {
    assert.deepEqual(problems(loose, "3.13.2"), []);
    assert.equal(raised(loose, "3.14.0"), "ValueError: Output with path `0` is not connected to `inputs`");
    assert.equal(words(loose), "The output `y` of the model `m` does not come of its inputs alone.");
  });

  test("may be one tensor, and nest, since 3.4", () => {
    const one = { ...functional([input("x"), dense("y", "x")]) };
    one.config = { ...(one.config as object), output_layers: ["y", 0, 0] };
    assert.deepEqual(problems(one, "3.4.0"), []);
    assert.equal(
      raised(one, "3.3.3"),
      "TypeError: functional_from_config.<locals>.get_tensor() missing 2 required positional arguments: 'node_index' and 'tensor_index'",
    );
    one.config = { ...(one.config as object), output_layers: [[["y", 0, 0]]] };
    assert.deepEqual(problems(one, "3.4.0"), []);
  });

  test("that are a name alone make Keras go round in its letters", () => {
    const model = { ...functional([input("x"), dense("y", "x")]) };
    model.config = { ...(model.config as object), output_layers: ["y"] };
    assert.deepEqual(problems(model), ["malformed-reference at output_layers/0"]);
    assert.equal(raised(model), "RecursionError: ");
  });
});

describe("a layer from which no output comes", () => {
  const unreached = (config: object, version = "3.15.1") => {
    const { tree, answer } = loadOf(config, version);
    return answer.events.flatMap((event) =>
      event.kind === "warned" && event.warning.rule === "unreachable-layer" ? [tree.string(event.warning.at)] : [],
    );
  };

  test("is made and dropped, which is a warning", () => {
    const model = functional([input("x"), input("w"), dense("y", "x"), dense("extra", "x"), dense("uncalled")]);
    assert.deepEqual(problems(model), []);
    assert.deepEqual(unreached(model), ["w", "extra", "uncalled"]);
    assert.deepEqual(unreached(model, "3.3.3"), ["w", "extra", "uncalled"]);
  });

  test("is none where an output comes of it, or where Keras fails before", () => {
    assert.deepEqual(unreached(functional([input("x"), dense("h", "x"), dense("y", "h")])), []);
    assert.deepEqual(unreached(functional([input("x"), dense("y", "x"), dense("extra", "nowhere")])), []);
  });
});

describe("what is written as something else", () => {
  const withHistory = (history: unknown) => {
    const args = [
      { class_name: "__keras_tensor__", config: { shape: [null, 4], dtype: "float32", keras_history: history } },
    ];
    return functional([input("x"), { ...dense("y"), inbound_nodes: [{ args, kwargs: {} }] }]);
  };

  test("fails in Python's words", () => {
    assert.equal(raised(withHistory([{ name: "x" }, 0, 0])), "TypeError: unhashable type: 'dict'");
    assert.equal(
      raised(withHistory(["x", "0", 0])),
      "TypeError: '<=' not supported between instances of 'int' and 'str'",
    );
    assert.equal(raised(withHistory(["x", 0, {}])), "TypeError: list indices must be integers or slices, not dict");
    assert.equal(raised(withHistory({ name: "x" })), "KeyError: 0");
    assert.equal(raised(withHistory(3)), "TypeError: 'int' object is not subscriptable");
    assert.equal(raised(withHistory("nowhere")), "ValueError: Unknown layer: n");
  });

  test("is no layer", () => {
    assert.equal(raised(functional([input("x"), 3])), "TypeError: 'int' object is not subscriptable");
    assert.equal(raised(functional([input("x"), null])), "TypeError: 'NoneType' object is not subscriptable");
    assert.equal(raised(functional(null)), "TypeError: 'NoneType' object is not iterable");
    const zeros = {
      module: "keras.initializers",
      class_name: "Zeros",
      config: {},
      registered_name: null,
      name: "z",
      inbound_nodes: [],
    };
    assert.deepEqual(problems(functional([input("x"), zeros, dense("y", "x")])), ["not-a-layer at layers/1"]);
    assert.deepEqual(problems(functional([input("x"), zeros, dense("y", "x")]), "3.8.0"), []);
  });

  test("lacks a key", () => {
    const { name: _, ...nameless } = dense("y", "x");
    assert.deepEqual(problems(functional([input("x"), nameless])), ["missing-key at layers/1"]);
    assert.equal(words(functional([input("x"), nameless])), "`y` of the model `m` has no `name`.");
    const { inbound_nodes: __, ...nodeless } = dense("y");
    assert.deepEqual(problems(functional([input("x"), nodeless])), ["missing-key at layers/1"]);
    const model = functional([input("x"), dense("y", "x")]);
    const { layers: ___, ...without } = model.config as { layers: unknown };
    assert.match(
      raised({ ...model, config: without }) ?? "",
      /Functional\.__init__\(\) missing 2 required positional arguments: 'inputs' and 'outputs'$/,
    );
  });
});
