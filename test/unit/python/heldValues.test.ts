import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { heldValues } from "../../../server/src/python/heldValues.ts";
import { importAliases, parsePython } from "../../../server/src/python/index.ts";

/** What a class keeps, and what its methods do with it; each method is its header and the lines of its body. */
function read(...methods: readonly (readonly string[])[]) {
  const text = [
    "import keras",
    "class Block(keras.layers.Layer):",
    ...methods.flatMap(([header, ...body]) => [`    ${header}`, ...body.map((line) => `        ${line}`)]),
  ].join("\n");
  const tree = parsePython(`${text}\n`);
  const statement = tree.body.find(({ kind }) => kind === "class");
  assert.ok(statement);
  return heldValues(tree, statement, importAliases(tree, { module: "m", isPackage: false }));
}

const init = ["def __init__(self, layer=None, **kwargs):", "super().__init__(**kwargs)", "self.layer = layer"];

/** What `call` does with the attribute, in a word each. */
function calls(...body: string[]): string[] | undefined {
  return read(init, ["def call(self, x):", ...body])?.call.map(
    ({ each, is, name, unless }) =>
      `${each ? "each " : ""}${is}${name ? ` ${name}` : ""}${unless ? ` unless ${unless}` : ""}`,
  );
}

describe("what a class keeps of its constructor's arguments", () => {
  test("an argument itself, and what a function makes of it or of each of its elements", () => {
    const values = read(
      [
        "def __init__(self, layer, activation, layers):",
        "self.layer = layer",
        "self.activation = keras.activations.get(activation)",
        "self.layers_ = [keras.layers.deserialize(one) for one in layers]",
      ],
      ["def call(self, x):", "return self.layer(self.activation(x))"],
    );
    assert.deepEqual(values?.held, [
      { attribute: "layer", parameter: "layer" },
      { attribute: "activation", parameter: "activation", by: "keras.activations.get" },
      { attribute: "layers_", parameter: "layers", by: "keras.layers.deserialize", each: true },
    ]);
  });

  for (const line of [
    "layer = layer or keras.layers.Dense(3)",
    "if isinstance(layer, dict): layer = keras.layers.deserialize(layer)",
    "for layer in []: pass",
    "with open(layer) as layer: pass",
    "del layer",
    "def layer(x): return x",
    "import math as layer",
    "from math import sqrt as layer",
    "match (abs,):\n            case (layer,): pass",
    "def swap():\n            nonlocal layer\n            layer = abs",
  ])
    test(`nothing of an argument that may be another: ${line}`, () => {
      const [header = "", ...body] = init;
      assert.equal(read([header, line, ...body], ["def call(self, x):", "return self.layer(x)"]), undefined);
    });

  for (const method of [
    ["def build(self, shape):", "self.layer = keras.layers.deserialize(self.layer)"],
    ["def setup(self):", "self.other, self.layer = 1, None"],
    ["def setup(self):", "setattr(self, 'layer', None)"],
    ["def setup(self):", "self.__dict__.update(layer=None)"],
    ["def setup(self):", "super().__setattr__('layer', None)"],
    ["def setup(self):", "prepare(self)"],
    ["def setup(self):", "prepare(1, owner=self)"],
    ["def setup(self):", "prepare([self])"],
    ["def setup(self):", "me = self", "prepare(me)"],
    ["def setup(self):", "return [None for self.layer in [abs]]"],
    ["build = prepare", ""],
    ["@prepares", "    def setup(self): pass"],
    ["def setup(self):", "self.call = lambda x: x"],
    ["def from_config(cls, config):", "return prepared(cls(**config))"],
    ["def from_config(cls, config):", "one = super().from_config(config)", "prepare(one)", "return one"],
  ])
    test(`nothing of an attribute that may be set elsewhere: ${method[1]}`, () => {
      const values = read(init, method, ["def call(self, x):", "return self.layer(x)"]);
      assert.deepEqual(values?.held ?? [], []);
      assert.deepEqual(values?.call ?? [], []);
    });
});

describe("what a class keeps is not known", () => {
  const call = ["def call(self, x):", "return self.layer(x)"];

  test("where its constructor is decorated", () => {
    assert.equal(read(["@revived"], init, call), undefined);
  });

  for (const line of [
    "super().__init__(dynamic=True, **kwargs)",
    "self.layer = keras.saving.deserialize_keras_object(layer, custom_objects={'relu': abs})",
    "with keras.saving.custom_object_scope({'relu': abs}): self.scale = 1",
    "if layer is None: raise NotImplementedError",
  ])
    test(`where a load does something else: ${line}`, () => assert.equal(read([...init, line], call), undefined));

  test("but is where its bases are handed it", () => {
    for (const line of [
      "super(Block, self).__init__(**kwargs)",
      "keras.layers.Layer.__init__(self, **kwargs)",
      "if hasattr(self, 'scale') and isinstance(self, Block): pass",
      "pass  # self-attention",
    ])
      assert.equal(read([...init, line], call)?.call.length, 1);
  });
});

describe("what a method does for certain with what is kept", () => {
  test("calls it, asks it for attributes, and loops over it, in order", () => {
    assert.deepEqual(calls("y = self.layer(x)", "return y * self.layer.scale"), ["called", "asked scale"]);
    assert.deepEqual(calls("for one in self.layer:", "    x = one(x)", "return x"), ["iterated", "each called"]);
    assert.deepEqual(calls("for i, one in enumerate(self.layer):", "    x = one(x)"), ["iterated", "each called"]);
    assert.deepEqual(calls("return sum([one(x) for one in self.layer])"), ["iterated", "each called"]);
    assert.deepEqual(calls("layer = self.layer", "return layer(x)"), ["called"]);
  });

  test("builds it", () => {
    const values = read(init, ["def build(self, shape):", "self.layer.build(shape)"]);
    assert.deepEqual(
      values?.build.map(({ is, name }) => `${is} ${name}`),
      ["asked build", "told build"],
    );
  });

  test("builds nothing where the constructor takes the layer for built", () => {
    const call = ["def call(self, x):", "return self.layer(x)"];
    const values = read([...init, "self.built = True"], ["def build(self, shape):", "self.layer.build(shape)"], call);
    assert.deepEqual(values?.build, []);
    const annotated = read([...init, "self.built: bool = True"], ["def build(self, s):", "self.layer.build(s)"], call);
    assert.deepEqual(annotated?.build, []);
  });

  test("says with what it calls", () => {
    const values = read(init, ["def call(self, x):", "return self.layer(x, training=True)"]);
    assert.deepEqual(values?.call, [
      { attribute: "layer", is: "called", call: { positional: 1, keywords: ["training"] } },
    ]);
  });

  test("under a test of the value, for what passes it", () => {
    assert.deepEqual(calls("if self.layer is not None:", "    x = self.layer(x)", "return x"), ["called unless none"]);
    assert.deepEqual(calls("if self.layer:", "    x = self.layer(x)", "return x"), ["called unless false"]);
    assert.deepEqual(calls("if self.layer is None:", "    return x", "return self.layer(x)"), ["called unless none"]);
    assert.deepEqual(calls("if not self.layer:", "    return x", "return self.layer(x)"), ["called unless false"]);
  });

  for (const body of [
    ["if callable(self.layer):", "    return self.layer(x)"],
    ["return self.layer(x) if callable(self.layer) else x"],
    ["return callable(self.layer) and self.layer(x)"],
    ["try:", "    return self.layer(x)", "except TypeError:", "    return x"],
    ["with suppress(TypeError):", "    return self.layer(x)"],
    ["while x is None:", "    x = self.layer(x)"],
    ["return x", "return self.layer(x)"],
    ["if x is None:", "    return x", "return self.layer(x)"],
    ["return lambda y: self.layer(y)"],
    ["def inner(y):", "    return self.layer(y)", "return x"],
    ["yield self.layer(x)"],
    ["self = x", "return self.layer(x)"],
    ["layer = self.layer", "from math import sqrt as layer", "return layer(x)"],
    ["layer = self.layer", "def layer(y):", "    return y", "return layer(x)"],
    ["layer = self.layer", "class layer(Other):", "    pass", "return layer(x)"],
  ])
    test(`nothing where that need not run: ${body.join(" ").replace(/ +/g, " ")}`, () =>
      assert.deepEqual(calls(...body) ?? [], []));

  for (const body of [
    ["for one in self.layer:", "    if callable(one):", "        x = one(x)"],
    ["for one in self.layer:", "    if one is not None:", "        x = one(x)"],
    ["for one in self.layer:", "    break", "    x = one(x)"],
    ["for one in self.layer:", "    one = abs", "    x = one(x)"],
    ["return (one(x) for one in self.layer)"],
    ["return [one(x) for one in self.layer if callable(one)]"],
    ["self.layer.clear()", "for one in self.layer:", "    x = one(x)"],
    ["self.layer[0] = abs", "for one in self.layer:", "    x = one(x)"],
    ["fill(self.layer)", "for one in self.layer:", "    x = one(x)"],
  ])
    test(`nothing with elements that need not be what they were: ${body.join(" ").replace(/ +/g, " ")}`, () =>
      assert.deepEqual(calls(...body)?.filter((use) => use.startsWith("each")) ?? [], []));

  test("nothing where the method is decorated, or there are two of it", () => {
    const call = ["def call(self, x):", "return self.layer(x)"];

    assert.equal(read(init, call, ["def call(self, x):", "return x"]), undefined);
    assert.equal(read(init, call, ["call = traced(call)"]), undefined);
    assert.equal(read(init, call, ["if keras.__version__ > '3':", "    def call(self, x): return x"]), undefined);
  });
});

test("a line on which thousands of methods are annotated hides nothing else", () => {
  const annotated = `x = (${".call: .built: self.other: ".repeat(20_000)})`;
  const words = `x.${"__a".repeat(20_000)}`;
  for (const line of [annotated, words]) {
    const values = read([...init, line], ["def build(self, shape):", "self.layer.build(shape)"]);
    // What an annotation that goes on for long assigns is not known.
    assert.equal(values?.build.length, line === words ? 2 : undefined);
  }
});
