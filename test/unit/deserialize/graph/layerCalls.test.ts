import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { behaviourOf } from "../../../../server/src/deserialize/behaviour.ts";
import { simulateLoad } from "../../../../server/src/deserialize/simulateLoad.ts";
import { parseJson } from "../../../../server/src/json/index.ts";
import { catalogue } from "../../../recorded/shippedCatalogue.ts";
import { workspaceRegistry } from "../../../recorded/workspaceRegistry.ts";
import { dense, functional, input, layer, problems, raised, sequential } from "./models.ts";

type Json = Record<string, unknown>;

const x = {
  class_name: "__keras_tensor__",
  config: { shape: [null, 4], dtype: "float32", keras_history: ["x", 0, 0] },
};
const relu = { module: "keras.activations", class_name: "function", config: "relu", registered_name: "relu" };
const zeros = { module: "keras.initializers", class_name: "Zeros", config: {}, registered_name: null };
const bytes = { class_name: "__bytes__", config: { value: "x" } };

/** A layer called `h` with these arguments, in a model whose output `y` takes what it makes. */
function called(callee: Json, args: unknown, kwargs: unknown = {}): Json {
  const node = { ...callee, inbound_nodes: [{ args, kwargs }] };
  return functional([input("x"), node, dense("y", "h")]);
}

/** A model as a layer of the name `h`. */
const asLayer = (model: Json) => ({ ...model, name: "h", config: { ...(model.config as Json), name: "h" } });

/** An operation of keras.ops. */
const operation = (module: string, className: string) => ({
  ...{ module: `keras.src.ops.${module}`, class_name: className, config: { name: "h" }, registered_name: className },
  name: "h",
});

const multiply = operation("numpy", "Multiply");
const argument = "layers/1/inbound_nodes/0/args/0";

describe("what a layer takes by position", () => {
  const refused = (printed: string, type: string) =>
    "ValueError: Only input tensors may be passed as positional arguments. The following argument value should be passed " +
    `as a keyword argument: ${printed} (of type <class '${type}'>)`;
  const handed = (value: unknown, version?: string) => raised(called(dense("h"), [value]), version);

  test("is tensors", () => {
    assert.deepEqual(problems(called(dense("h"), [x])), []);
    assert.deepEqual(problems(called(dense("h"), [3])), [`malformed-reference at ${argument}`]);
  });

  test("is no number, text, bytes or ellipsis", () => {
    assert.equal(handed(3), refused("3", "int"));
    assert.equal(handed("nowhere"), refused("nowhere", "str"));
    assert.equal(handed(bytes), refused("b'x'", "bytes"));
    assert.equal(handed({ class_name: "__ellipsis__", config: {} }), refused("Ellipsis", "ellipsis"));
  });

  test("is no function and no object, which are revived before", () => {
    assert.equal(handed(relu), refused("<function relu at 0x…>", "function"));
    const module = "keras.src.initializers.constant_initializers.Zeros";
    assert.equal(handed(zeros), refused(`<${module} object at 0x…>`, module));
    const { inbound_nodes: _, ...other } = dense("other");
    assert.equal(handed(other), refused("<Dense name=other, built=False>", "keras.src.layers.core.dense.Dense"));
  });

  test("may be None since 3.4, where no layer needs more", () => {
    const merged = called(layer("Add", "h"), [[x, x, null]]);
    assert.equal(raised(merged, "3.3.3"), refused("None", "NoneType"));
    assert.match(raised(merged, "3.4.0") ?? "", /'NoneType' object has no attribute 'shape'/);
  });
});

describe("a layer of one input", () => {
  const handed = (callee: Json, value: unknown, version?: string) => raised(called(callee, [value]), version);

  test("is handed a list without tensors", () => {
    const none = 'ValueError: Layer "h" expects 1 input(s), but it received 0 input tensors. Inputs received: []';
    for (const value of [[], [[]], {}]) assert.equal(handed(dense("h"), value), none);
    assert.equal(handed(layer("LSTM", "h"), []), none);
    assert.equal(handed(dense("h"), [], "3.3.3"), "ValueError: Layer 'h' expected 1 input(s). Received 0 instead.");
  });

  test("is handed None", () => {
    const none = "Got 'None' (of type <class 'NoneType'>) as input for layer 'h'.";
    assert.equal(handed(dense("h"), null), `ValueError: Inputs to a layer should be tensors. ${none}`);
  });

  test("may be a model, which names its input since 3.15", () => {
    const inner = asLayer(functional([input("i"), dense("o", "i")], "i", "o"));
    const named =
      "Layer \"h\" expects 1 named input(s) with keys ['i'], but it received 0 input tensors. Pass inputs as a dict";
    assert.equal(handed(inner, []), `ValueError: ${named}, e.g. \`layer({'i': ...})\`.`);
    const counted = 'Layer "h" expects 1 input(s), but it received 0 input tensors. Inputs received: []';
    assert.equal(handed(inner, [], "3.14.1"), `ValueError: ${counted}`);
  });

  test("may be a model, which takes what it is handed for a tensor", () => {
    const inner = asLayer(functional([input("i"), dense("o", "i")], "i", "o"));
    assert.equal(
      handed(inner, 3),
      "ValueError: Inputs to a layer should be tensors. Got '3' (of type <class 'int'>) as input for layer 'h'.",
    );
  });
});

describe("a merging layer", () => {
  test("is handed something else beside tensors", () => {
    const merged = raised(called(layer("Add", "h"), [[x, []]])) ?? "";
    const opening = "AttributeError: Exception encountered when calling Add.call().\n\n";
    assert.ok(merged.startsWith(`${opening}\u001b[1m'list' object has no attribute 'shape'\u001b[0m`));
  });
});

describe("a call without a tensor", () => {
  const computed = called(multiply, [3, 2.0]);

  test("of an operation computes, so that it makes no node for others", () => {
    assert.equal(
      raised(computed, "3.6.0"),
      "ValueError: Layer node index out of bounds.\ninbound_layer = <Operation name=h>\n" +
        "inbound_layer._inbound_nodes = []\ninbound_node_index = 0",
    );
    assert.match(raised(computed, "3.8.0") ?? "", /^: Keras never returns/);
    assert.match(raised(computed) ?? "", /nodes failed to be resolved: \{<Dense name=y, built=False>/);
  });

  test("is shown where the tensor is missing", () => {
    assert.deepEqual(problems(computed), [`malformed-reference at ${argument}`]);
  });

  test("is nobody's business where nobody takes what it makes", () => {
    const idle = { ...multiply, inbound_nodes: [{ args: [3, 2.0], kwargs: {} }] };
    assert.deepEqual(problems(functional([input("x"), idle, dense("y", "x")])), []);
  });

  test("of an operation with what is no number fails in the words of the backend", () => {
    assert.match(
      raised(called(multiply, ["nowhere", 2.0])) ?? "",
      /^TypeError: Exception encountered when calling Multiply/,
    );
    assert.match(
      raised(called(multiply, [null, 2.0])) ?? "",
      /^ValueError: Exception encountered when calling Multiply/,
    );
    const item = raised(called(operation("numpy", "GetItem"), [3, 0])) ?? "";
    assert.match(item, /^TypeError: .*'int' object is not subscriptable/s);
  });

  test("has no arguments at all", () => {
    const missing = "TypeError: missing a required argument: 'inputs'";
    assert.equal(raised(called(dense("h"), [])), missing);
    const empty = { ...dense("h"), inbound_nodes: [null] };
    assert.equal(raised(functional([input("x"), empty, dense("y", "h")])), missing);
  });

  test("may be that of a Sequential", () => {
    const inner = asLayer(sequential(input("i"), dense("o")));
    assert.match(raised(called(inner, [null])) ?? "", /nodes failed to be resolved: \{<Dense name=y/);
  });
});

describe("a layer of the workspace with a from_config of its own", () => {
  const rack = (returned: string) => `import keras

@keras.saving.register_keras_serializable("audio")
class Rack(keras.layers.Layer):
    def call(self, x):
        return x

    @classmethod
    def from_config(cls, config):
        return ${returned}
`;
  const object = {
    module: "audio",
    class_name: "Rack",
    config: { name: "h" },
    registered_name: "audio>Rack",
    name: "h",
  };
  const failures = (returned: string) => {
    const { tree } = parseJson(JSON.stringify(called(object, [3])));
    const question = { behaviour: behaviourOf("3.15.1"), release: catalogue.release("3.15.1") };
    const registry = workspaceRegistry({ "audio.py": rack(returned) });
    const loader = "deserialize_keras_object";
    const { events } = simulateLoad({ tree, root: tree.root, loader, registry, ...question });
    return events.flatMap((event) => (event.kind === "failed" ? [event.failure.error.message] : []));
  };

  test("is called as others are where that makes an instance of it", () => {
    assert.match(failures("cls(**config)")[0] ?? "", /^Only input tensors may be passed as positional arguments/);
  });

  test("is left alone where it may be anything", () => {
    assert.deepEqual(failures("other.layer(config)"), []);
  });
});

describe("a class of the workspace", () => {
  const saidOf = (model: Json, python: string) => {
    const { tree } = parseJson(JSON.stringify(model));
    const question = { behaviour: behaviourOf("3.15.1"), release: catalogue.release("3.15.1") };
    const registry = workspaceRegistry({
      "audio.py": `import keras\n\n@keras.saving.register_keras_serializable("audio")\n${python}`,
    });
    const { events } = simulateLoad({
      tree,
      root: tree.root,
      loader: "deserialize_keras_object",
      registry,
      ...question,
    });
    return events.flatMap((event) => (event.kind === "failed" ? [event.failure.error.message] : []));
  };
  const own = (config: Json) => ({
    ...{ module: "audio", class_name: "Rack", config: { name: "h", ...config }, registered_name: "audio>Rack" },
    name: "h",
  });

  test("is called with what the header of its `call` takes", () => {
    const rackWith = (header: string) => `class Rack(keras.layers.Layer):
    def call(self${header}):
        return x
`;
    for (const [header, args, kwargs, said] of [
      [", x", [x], {}, undefined],
      [", x", [], { x }, undefined],
      [", x", [x], { training: true }, undefined],
      [", x, **kwargs", [x], { mask: null }, undefined],
      [", x", [x], { mask: null }, "got an unexpected keyword argument 'mask'"],
      [", x, gain", [x], {}, "missing a required argument: 'gain'"],
      [", x, *, gain", [x], {}, "missing a required keyword-only argument: 'gain'"],
      [", x", [x, x], {}, "too many positional arguments"],
      [", x", [x], { x }, "multiple values for argument 'x'"],
      [", x", [], {}, "missing a required argument: 'x'"],
    ] as const) {
      assert.equal(saidOf(called(own({}), args, kwargs), rackWith(header))[0], said, header);
    }
  });

  test("is left alone where another `call` may run", () => {
    const making = (...lines: string[]) => ["def __init__(self, **kwargs):", ...lines.map((line) => `    ${line}`)];
    for (const before of [
      ["@keras.tree.lists_to_tuples"],
      [...making("self.call = self.play", "super().__init__(**kwargs)"), "play = None"],
      making("super().__init__(**kwargs)", 'self._register_call_context_args("mask")'),
      ["def __getattribute__(self, name):", "    return super().__getattribute__(name)"],
    ]) {
      const lines = [...before, "def call(self, x):", "    return x"].map((line) => `    ${line}`);
      const python = `class Rack(keras.layers.Layer):\n${lines.join("\n")}\n`;
      assert.deepEqual(saidOf(called(own({}), [x], { mask: null }), python), [], python);
    }
    const rack = "class Rack(keras.layers.Layer):\n    def call(self, x):\n        return x\n";
    for (const after of [
      "Rack.call = play",
      "def patch(*classes):\n    for cls in classes:\n        cls.call = play",
    ]) {
      assert.deepEqual(saidOf(called(own({}), [x], { mask: null }), `${rack}\n${after}\n`), [], after);
    }
  });

  test("takes other things than tensors where its constructor says so", () => {
    const rackWith = (more: string) => `class Rack(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
${more}
    def call(self, x, gain):
        return x * gain
`;
    assert.equal(saidOf(called(own({}), [x, 3]), rackWith("")).length, 1);
    const allows = "        if True:\n            self._allow_non_tensor_positional_args = True\n";
    assert.deepEqual(saidOf(called(own({}), [x, 3]), rackWith(allows)), []);
  });

  test("that is a Model may be a Functional, whose own nodes are counted from one", () => {
    const rack = `class Rack(keras.Model):
    def __init__(self, **kwargs):
        x = keras.Input((4,))
        super().__init__(x, keras.layers.Dense(4)(x), **kwargs)
`;
    const model = (node: number) => {
      const { config, ...rest } = functional([input("x"), { ...own({}), inbound_nodes: [{ args: [x], kwargs: {} }] }]);
      return { ...rest, config: { ...(config as Json), output_layers: [["h", node, 0]] } };
    };
    assert.deepEqual(saidOf(model(1), rack), []);
    assert.deepEqual(saidOf(model(2), rack), ["list index out of range"]);
  });
});

describe("the arguments of a call", () => {
  test("are a list and a dict", () => {
    const unpacked = "TypeError: <Dense name=h, built=False> argument after";
    assert.equal(raised(called(dense("h"), 3)), `${unpacked} * must be an iterable, not int`);
    assert.equal(raised(called(dense("h"), zeros)), `${unpacked} * must be an iterable, not Zeros`);
    assert.equal(raised(called(dense("h"), [x], null)), `${unpacked} ** must be a mapping, not NoneType`);
  });

  test("have tensors with a dtype and a history", () => {
    const tensor = (changed: Json) => raised(called(dense("h"), [{ ...x, config: { ...x.config, ...changed } }]));
    assert.equal(tensor({ dtype: { a: 1 } }), "TypeError: unhashable type: 'dict'");
    const { keras_history: _, ...without } = x.config;
    assert.equal(raised(called(dense("h"), [{ ...x, config: without }])), "KeyError: 'keras_history'");
  });

  test("stand in a list of nodes", () => {
    for (const inbound_nodes of ["ab", { a: 1 }]) {
      const model = functional([input("x"), { ...dense("h"), inbound_nodes }, dense("y", "h")]);
      assert.equal(raised(model), "TypeError: string indices must be integers, not 'str'");
    }
  });
});

describe("a model within a model", () => {
  const inner = (className: string, config: unknown) => {
    const module = className === "Sequential" ? "keras" : "keras.src.models.functional";
    const object = { module, class_name: className, config, registered_name: className, name: "h", inbound_nodes: [] };
    return functional([input("x"), object, dense("y", "x")]);
  };

  test("without a config is made without arguments", () => {
    assert.match(
      raised(inner("Functional", null)) ?? "",
      /missing 2 required positional arguments: 'inputs' and 'outputs'$/,
    );
    assert.match(raised(inner("Sequential", null), "3.6.0") ?? "", /^UnboundLocalError: .*'build_input_shape'/);
    assert.match(
      raised(inner("Sequential", null), "3.15.1") ?? "",
      /^ValueError: A Sequential model configuration must be/,
    );
    assert.deepEqual(problems(inner("Sequential", null), "3.8.0"), []);
  });

  test("to 3.14 is asked for its keys, whatever its config is", () => {
    for (const className of ["Functional", "Sequential"])
      assert.equal(raised(inner(className, 3), "3.14.0"), "TypeError: argument of type 'int' is not iterable");
  });
});

describe("the layers of a model", () => {
  const text = "TypeError: string indices must be integers, not 'str'";

  test("are a list: the characters of a text and the keys of a dict are no layers", () => {
    for (const layers of ["ab", { name: 1, x: 2 }]) {
      assert.equal(raised(functional(layers)), text);
      const stack = { ...sequential(), config: { name: "s", layers } };
      assert.equal(raised(stack, "3.14.1"), text);
      assert.match(
        raised(stack, "3.15.1") ?? "",
        /^ValueError: .* containing a 'config' key\. Received: config=(?:a|name)$/,
      );
    }
  });

  test("may be none", () => {
    assert.deepEqual(problems({ ...sequential(), config: { name: "s", layers: {} } }), []);
  });
});

describe("the name of a model", () => {
  const named = (name: unknown) => {
    const model = functional([input("x"), dense("y", "x")]);
    return { ...model, config: { ...(model.config as Json), name } };
  };

  test("is a string without a slash, or none", () => {
    const refused = "ValueError: Argument `name` must be a string and cannot contain character `/`. Received: name=";
    assert.equal(raised(named(3)), `${refused}3 (of type <class 'int'>)`);
    assert.equal(raised(named("a/b")), `${refused}a/b (of type <class 'str'>)`);
    assert.deepEqual(problems(named(null)), []);
  });
});
