import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { workspaceRegistry } from "../../../recorded/workspaceRegistry.ts";
import { asLayer, calledOn, dense, functional, input, layer, problems, raised, sequential, words } from "./models.ts";

const add = (name: string, ...calls: string[]) => layer("Add", name, ...calls);
const hangs = ": Keras never returns: it waits for a tensor that no layer will make.";

describe("a Functional model of Keras 2", () => {
  test("is found whole where every layer takes what another one makes, in any order", () => {
    assert.deepEqual(problems(functional([input("x"), dense("h", "x"), dense("y", "h")])), []);
    assert.deepEqual(problems(functional([dense("y", "h"), dense("h", "x"), input("x")])), []);
  });

  test("may share a layer at different depths", () => {
    const shared = functional([input("x"), dense("a", "x", "b"), dense("b", "a"), add("y", "a a:1 b")]);
    assert.deepEqual(problems(shared), []);
  });

  test("may name its inputs and outputs, list one of them flat, or nest them", () => {
    const layers = [input("x"), input("w"), add("y", "x w")];
    assert.deepEqual(problems(functional(layers, { a: ["x", 0, 0], b: ["w", 0, 0] }, ["y", 0, 0])), []);
    assert.deepEqual(problems(functional(layers, [[["x", 0, 0]], ["w", 0, 0]], { out: [["y", 0, 0]] })), []);
  });

  test("takes an InputLayer for its one node, whatever the index", () => {
    assert.deepEqual(problems(functional([input("x"), dense("y", "x:7")], "x:3")), []);
  });

  test("counts the calls of a model that has an input from one", () => {
    const inner = functional([input("q"), dense("f", "q")], "q", "f");
    const from = (index: string) => functional([input("x"), asLayer(inner, "m2", "x"), dense("y", `m2:${index}`)]);
    assert.deepEqual(problems(from("1")), []);
    assert.equal(raised(from("0")), hangs);
    const built = sequential(input("q"), dense("f"));
    assert.deepEqual(problems(functional([input("x"), asLayer(built, "y", "x")], "x", "y:1")), []);
    const open = sequential(dense("f"));
    assert.deepEqual(problems(functional([input("x"), asLayer(open, "y", "x")], "x", "y")), []);
    assert.match(raised(functional([input("x"), asLayer(open, "y", "x")], "x", "y:1")) ?? "", /NoneType$/);
  });

  test("tells by its references from which number on a model of the workspace counts its calls", () => {
    const files = {
      "my.py": "import keras\n\n@keras.saving.register_keras_serializable('my')\nclass Mine(keras.Model):\n    pass\n",
    };
    const mine = (...calls: string[]) => ({
      ...layer("Mine", "h", ...calls),
      module: "my",
      registered_name: "my>Mine",
    });
    const of = (call: string, ...calls: string[]) =>
      problems(functional([input("x"), mine(...calls), dense("y", call)]), "2.15.1", workspaceRegistry(files));
    assert.deepEqual(of("h", "x"), []);
    assert.deepEqual(of("h:1", "x"), []);
    assert.deepEqual(of("h:2", "x"), ["node-index-out-of-range at layers/2/inbound_nodes/0/0/1"]);
    // The second call comes of the first: both count from one.
    assert.deepEqual(of("h:2", "x", "h:1"), []);
    assert.deepEqual(of("h:1", "x", "h"), []);
    assert.equal(of("h:2", "x", "h").length, 1);
  });

  test("may have layers that lead nowhere", () => {
    assert.deepEqual(problems(functional([input("x"), dense("y", "x"), dense("z", "x")])), []);
  });
});

describe("a reference of Keras 2", () => {
  test("to no layer is a KeyError, and among the ends an assertion", () => {
    const nowhere = functional([input("x"), dense("y", "w")]);
    assert.deepEqual(problems(nowhere), ["unknown-layer-reference at layers/1/inbound_nodes/0/0/0"]);
    assert.equal(words(nowhere), "`y` of the model `m` refers to `w`, and the model has no layer of that name.");
    assert.equal(raised(nowhere), "KeyError: 'w'");
    const lost = functional([input("x"), dense("y", "x")], "x", "z");
    assert.deepEqual(problems(lost), ["unknown-layer-reference at output_layers/0/0"]);
    assert.equal(raised(lost), "AssertionError: ");
  });

  test("to a node that never comes is waited for without end, and is no index among the ends", () => {
    const beyond = functional([input("x"), dense("h", "x"), dense("y", "h:1")]);
    assert.deepEqual(problems(beyond), ["node-index-out-of-range at layers/2/inbound_nodes/0/0/1"]);
    assert.equal(raised(beyond), hangs);
    const end = functional([input("x"), dense("y", "x")], "x", "y:5");
    assert.deepEqual(problems(end), ["node-index-out-of-range at output_layers/0/1"]);
    assert.equal(words(end), "`output_layers` of the model `m` refers to node 5 of `y`, which has 1 node.");
    assert.equal(raised(end), "TypeError: list indices must be integers or slices, not NoneType");
  });

  test("to a tensor that its node does not make is an IndexError", () => {
    const beyond = functional([input("x"), dense("h", "x"), dense("y", "h:0:1")]);
    assert.deepEqual(problems(beyond), ["tensor-index-out-of-range at layers/2/inbound_nodes/0/0/2"]);
    assert.equal(words(beyond), "`y` of the model `m` refers to tensor 1 of `h`, which makes 1 tensor.");
    assert.equal(raised(beyond), "IndexError: list index out of range");
    const stateful = layer("LSTM", "h", "x");
    const states = { ...stateful, config: { ...(stateful.config as object), return_state: true } };
    assert.deepEqual(problems(functional([input("x"), states, dense("y", "h:0:2")])), []);
  });

  test("that is none has no as_list", () => {
    const text = functional([input("x"), calledOn(dense("y"), ["x"])]);
    assert.deepEqual(problems(text), ["malformed-reference at layers/1/inbound_nodes/0/0"]);
    assert.equal(raised(text), "AttributeError: 'str' object has no attribute 'as_list'");
    assert.equal(
      raised(functional([input("x"), dense("y", "x")], "x", [null])),
      "AttributeError: 'NoneType' object has no attribute 'as_list'",
    );
    const four = functional([input("x"), dense("y", "x")], "x", [["y", 0, 0, {}]]);
    assert.equal(raised(four), "ValueError: too many values to unpack (expected 3)");
  });

  test("may be an index of another type, as Python takes it", () => {
    const index = (one: unknown) =>
      functional([input("x"), dense("h", "x"), calledOn(dense("y"), [["h", one, 0, {}]])]);
    assert.deepEqual(problems(index(false)), []);
    assert.equal(raised(index("0")), hangs);
    assert.equal(raised(index([0])), "TypeError: unhashable type: 'list'");
  });
});

describe("the arguments of a call in Keras 2", () => {
  const attention = (kwargs: unknown) =>
    functional([input("x"), input("w"), calledOn(layer("Attention", "y"), [["x", 0, 0, kwargs]])], "x w");

  test("hold tensors, too: whatever is a list of three that begins with a text", () => {
    assert.deepEqual(problems(attention({ value: ["w", 0, 0] })), []);
    assert.deepEqual(problems(attention({ value: { deep: ["v", 0, 0] } })), [
      "unknown-layer-reference at layers/2/inbound_nodes/0/0/3/value/deep/0",
    ]);
    assert.equal(raised(attention({ axes: ["a", "b", "c"] })), "KeyError: 'a'");
    assert.equal(raised(attention({ value: ["w", 0, 3] })), hangs);
  });

  test("are a dict", () => {
    const wrong = attention(3);
    assert.deepEqual(problems(wrong), ["malformed-reference at layers/2/inbound_nodes/0/0/3"]);
    assert.equal(
      raised(wrong),
      "TypeError: <tf_keras.src.layers.attention.attention.Attention object at 0x…> argument after ** must be a mapping, not int",
    );
  });

  test("may be constants, which say -1 of their node", () => {
    const sum = (constant: unknown[]) => functional([input("x"), calledOn(add("y"), [["x", 0, 0, {}], constant])]);
    assert.deepEqual(problems(sum(["_CONSTANT_VALUE", -1, 2, {}])), []);
    assert.equal(raised(sum(["_CONSTANT_VALUE", 0, 2, {}])), "AssertionError: ");
    // An array is saved as lists, which a merging layer takes for shapes.
    assert.equal(raised(sum(["_CONSTANT_VALUE", -1, [[1, 2]], {}])), "TypeError: unhashable type: 'list'");
  });

  test("may be a constant, and a tensor by keyword", () => {
    const taken = calledOn(layer("Attention", "y"), [["_CONSTANT_VALUE", -1, 1, { value: ["x", 0, 0] }]]);
    assert.deepEqual(problems(functional([input("x"), taken])), []);
    const alone = calledOn(layer("Attention", "y"), [["_CONSTANT_VALUE", -1, 1, {}]]);
    assert.match(problems(functional([input("x"), alone]))[0] ?? "", /^unknown: what a layer makes of constants alone/);
  });

  test("must be there", () => {
    const nothing = functional([input("x"), calledOn(dense("y"), [])]);
    assert.match(raised(nothing) ?? "", /^UnboundLocalError: cannot access local variable 'kwargs'/);
    const single = functional([input("x"), add("y", "x")]);
    assert.equal(
      raised(single),
      "ValueError: A merge layer should be called on a list of inputs. Received: input_shape=(None, 4) (not a list of shapes)",
    );
  });
});

describe("the layers of a Functional model of Keras 2", () => {
  test("of one name are one layer, whose second object is not looked at", () => {
    const twice = [input("x"), dense("y", "x"), { ...dense("y", "x"), class_name: "Nope" }];
    assert.deepEqual(problems(functional(twice)), []);
  });

  test("of one name are told of where another layer is missed", () => {
    const renamed = functional([input("x"), dense("x", "x"), dense("y", "h")]);
    assert.deepEqual(problems(renamed), ["duplicate-layer-name at layers/1/name"]);
    assert.equal(words(renamed), "The model `m` has two layers of the name `x`.");
    assert.equal(raised(renamed), "KeyError: 'h'");
    const output = functional([input("x"), dense("x", "x")]);
    assert.deepEqual(problems(output), ["duplicate-layer-name at layers/1/name"]);
    assert.equal(raised(output), "AssertionError: ");
  });

  test("have different names of their own", () => {
    const same = { ...dense("y", "h"), config: { units: 4, name: "h" } };
    const twice = functional([input("x"), dense("h", "x"), same]);
    assert.deepEqual(problems(twice), ["duplicate-layer-name at layers/2/config/name"]);
    assert.equal(
      raised(twice),
      'ValueError: The name "h" is used 2 times in the model. All layer names should be unique.',
    );
  });

  test("have names that TensorFlow takes for scopes, where they are called", () => {
    const named = functional([input("x"), { ...dense("y", "x"), config: { units: 4, name: "the output" } }]);
    assert.deepEqual(problems(named), ["invalid-argument at layers/1/config/name"]);
    assert.match(raised(named) ?? "", /^ValueError: 'the output\/' is not a valid root scope name\./);
    const shared = { ...dense("h", "x", "x"), config: { units: 4, name: "a b" } };
    assert.deepEqual(problems(functional([input("x"), shared, add("y", "h h:1")])), [
      "invalid-argument at layers/1/config/name",
    ]);
    const blank = { ...input("x"), config: { batch_input_shape: [null, 4], name: "the input" } };
    assert.deepEqual(problems(functional([blank, dense("y", "x")])), []);
  });

  test("are layers: what Keras knows no class of stays a name, and fails as soon as it is used", () => {
    const nope = (...calls: string[]) => ({ ...dense("h", ...calls), class_name: "Nope" });
    const at = ["unknown-layer at layers/1/class_name"];
    const called = functional([input("x"), nope("x"), dense("y", "x")]);
    assert.deepEqual(problems(called), at);
    assert.equal(raised(called), "TypeError: 'str' object is not callable");
    const taken = functional([input("x"), nope(), dense("y", "h")]);
    assert.deepEqual(problems(taken), at);
    assert.equal(raised(taken), "AttributeError: 'str' object has no attribute 'name'");
    const idle = functional([input("x"), nope(), dense("y", "x")]);
    assert.deepEqual(problems(idle), at);
    assert.equal(raised(idle), "AttributeError: 'str' object has no attribute 'inbound_nodes'");
  });

  test("have a name and nodes, and are dicts", () => {
    assert.equal(raised(functional([input("x"), 3, dense("y", "x")])), "TypeError: 'int' object is not subscriptable");
    const { name: _, ...nameless } = dense("h", "x");
    assert.deepEqual(problems(functional([input("x"), nameless, dense("y", "x")])), ["missing-key at layers/1"]);
    const { inbound_nodes: __, ...uncalled } = dense("h", "x");
    assert.equal(raised(functional([input("x"), uncalled, dense("y", "x")])), "KeyError: 'inbound_nodes'");
  });
});

describe("the graph of a Functional model of Keras 2", () => {
  test("goes in no circle", () => {
    const circle = functional([input("x"), add("a", "x b"), dense("b", "a"), dense("y", "b")]);
    assert.deepEqual(problems(circle), ["cyclic-graph at layers/1/inbound_nodes/0/1/0"]);
    assert.equal(words(circle), "`a` of the model `m` takes what it makes itself: `a` takes of `b` takes of `a`.");
    assert.equal(raised(circle), hangs);
  });

  test("comes of the model's inputs", () => {
    const loose = functional([input("x"), input("w"), add("h", "x w"), dense("y", "h")]);
    assert.deepEqual(problems(loose), ["disconnected-graph at input_layers"]);
    assert.equal(words(loose), "`h` of the model `m` takes the tensor of `w`, which is none of the model's inputs.");
    assert.equal(
      raised(loose),
      "ValueError: Graph disconnected: cannot obtain value for tensor KerasTensor(type_spec=TensorSpec(shape=(None, 4), " +
        "dtype=tf.float32, name='w'), name='w', description=\"created by layer 'w'\") at layer \"h\". The following previous " +
        "layers were accessed without issue: []",
    );
  });

  test("may begin behind its first layers, where all that comes of them is behind that", () => {
    const layers = [input("x"), dense("h", "x"), dense("y", "h")];
    assert.deepEqual(problems(functional(layers, "h")), []);
    const both = functional([...layers.slice(0, 2), add("y", "h x")], "h");
    assert.match(
      raised(both) ?? "",
      /^ValueError: Found input tensor cannot be reached given provided output tensors\./,
    );
    const idle = functional([...layers, dense("z", "h")], "y", "z");
    assert.match(raised(idle) ?? "", /^ValueError: Found input tensor cannot be reached/);
  });

  test("has each input once", () => {
    const twice = functional([input("x"), dense("y", "x")], "x x");
    assert.deepEqual(problems(twice), ["malformed-reference at input_layers/1"]);
    assert.equal(words(twice), "`input_layers` of the model `m` names `x` more than once.");
    assert.match(
      raised(twice) ?? "",
      /^ValueError: The list of inputs passed to the model contains the same input multiple/,
    );
  });

  test("is told of as Keras comes to it: in rounds over all layers", () => {
    const layers = [dense("y", "h"), dense("h", "x"), input("x"), calledOn(dense("z"), ["x"]), dense("v", "y:0:3")];
    assert.deepEqual(problems(functional(layers)), [
      "malformed-reference at layers/3/inbound_nodes/0/0",
      "tensor-index-out-of-range at layers/4/inbound_nodes/0/0/2",
    ]);
  });
});

describe("a model of Keras 2 that lacks a key", () => {
  for (const key of ["layers", "name", "input_layers", "output_layers"]) {
    test(`has no ${key}, and misses its tensors`, () => {
      const model = functional([input("x"), dense("y", "x")]);
      const config = { ...(model.config as Record<string, unknown>) };
      delete config[key];
      const broken = { ...model, config };
      assert.deepEqual(problems(broken), ["missing-key at /class_name"]);
      assert.match(
        raised(broken) ?? "",
        /Functional\.__init__\(\) missing 2 required positional arguments: 'inputs' and 'outputs'$/,
      );
    });
  }
});
