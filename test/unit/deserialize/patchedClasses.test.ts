import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { behaviourOf } from "../../../server/src/deserialize/behaviour.ts";
import { simulateLoad } from "../../../server/src/deserialize/simulateLoad.ts";
import { parseJson } from "../../../server/src/json/index.ts";
import { catalogue } from "../../recorded/shippedCatalogue.ts";
import { workspaceRegistry } from "../../recorded/workspaceRegistry.ts";

const gain = { module: "layers", class_name: "Gain", config: { units: 1, extra: 2 }, registered_name: "p>Gain" };
const dense = { module: "keras.layers", class_name: "Dense", config: { units: 1, extra: 2 }, registered_name: null };

const LAYERS = `import keras

@keras.saving.register_keras_serializable("p")
class Gain(keras.layers.Layer):
    def __init__(self, units=1):
        super().__init__()
`;
const PATCHES = `import keras
import layers
from layers import Gain

def new_init(self, units=1, extra=None):
    keras.layers.Layer.__init__(self)

`;

/** What becomes of an argument that the constructor does not take, as it stands in its class. */
function verdict(files: Readonly<Record<string, string>>, config: object = gain): "error" | "open" | "silent" {
  const { tree } = parseJson(JSON.stringify(config));
  const { events } = simulateLoad({
    tree,
    root: tree.root,
    loader: "deserialize_keras_object",
    behaviour: behaviourOf("3.15.1"),
    release: catalogue.release("3.15.1"),
    registry: workspaceRegistry(files),
    packageInstalled: () => false,
  });
  if (events.some((event) => event.kind === "failed")) return "error";
  return events.some((event) => event.kind === "unknown") ? "open" : "silent";
}

const beside = (code: string) => ({ "layers.py": LAYERS, "patches.py": PATCHES + code });

describe("an argument that a constructor of the workspace does not take", () => {
  for (const code of [
    "Gain.__init__ = new_init",
    "layers.Gain.__init__ = new_init",
    "def patch():\n    Gain.__init__ = new_init",
    "def patch():\n    from layers import Gain as G\n    G.__init__ = new_init",
    "def patch():\n    target = layers.Gain\n    target.__init__ = new_init",
    "Gain.__init__, Gain.more = new_init, 1",
    "for Gain.__init__ in [new_init]:\n    pass",
    "del Gain.__init__",
    "Gain.__bases__ = (keras.layers.Dense,)",
    'setattr(Gain, "__init__", new_init)',
    'name = "__init__"\nsetattr(Gain, name, new_init)',
    'for name in ("__init__", "more"):\n    setattr(Gain, name, new_init)',
    'for name, value in {"__init__": new_init}.items():\n    setattr(Gain, name, value)',
    'type.__setattr__(Gain, "__init__", new_init)',
    'type(Gain).__setattr__(Gain, "__init__", new_init)',
    'functools.partial(setattr, Gain, "__init__")(new_init)',
    'put = setattr\nput(Gain, "__init__", new_init)',
    "for cls in [Gain]:\n    cls.__init__ = new_init",
    "for cls in keras.layers.Layer.__subclasses__():\n    cls.__init__ = new_init",
    "for name, cls in vars(layers).items():\n    cls.__init__ = new_init",
    'getattr(layers, "Gain").__init__ = new_init',
    'globals()["Gain"].__init__ = new_init',
    "def patch(cls):\n    cls.__init__ = new_init\npatch(Gain)",
    'def put(cls, name, value):\n    setattr(cls, name, value)\nput(Gain, "__init__", new_init)',
    "class Patcher:\n    def run(self, cls):\n        cls.__init__ = new_init\nPatcher().run(Gain)",
    "def add_to(cls):\n    def wrap(f):\n        setattr(cls, f.__name__, f)\n    return wrap\n" +
      "@add_to(Gain)\ndef __init__(self, units=1, extra=None):\n    pass",
    'exec("Gain.__init__ = new_init")',
    'mock.patch("layers.Gain.__init__", new_init).start()',
    'mock.patch.object(Gain, "__init__", new_init).start()',
    "dataclasses.dataclass(Gain)",
    "layers.Gain = new_class",
    'vars(layers)["Gain"] = new_class',
    'setattr(layers, "Gain", new_class)',
    "keras.layers.Layer.__init__ = new_init",
    "from keras.src.ops.operation import Operation\ndef patch():\n    Operation.from_config = new_from_config",
  ]) {
    test(`is left open where the workspace may set something on the class: ${code.replace(/\n\s*/g, "; ")}`, () => {
      assert.equal(verdict(beside(code)), "open");
    });
  }

  for (const code of [
    "Gain.units = 3",
    "Other.__init__ = new_init",
    "class A:\n    def patch(self):\n        self.__init__ = new_init",
    "class A:\n    def f(self, values):\n        for k, v in values.items():\n            setattr(self, k, v)",
    "def update(args, values):\n    for k, v in values.items():\n        setattr(args, k, v)",
    'for layer in model.layers:\n    setattr(layer, "trainable", False)',
    "model.call = keras.function(model.call)",
    "model = keras.Model()\nmodel.__call__ = None",
    '"""Gain.__init__ takes units."""',
    "# Gain.__init__ = new_init",
    "if Gain.__init__ == new_init:\n    pass",
    'hasattr(Gain, "__init__")',
    "def keep(cls):\n    cls.__init__ = new_init\n    return cls\n@keep\nclass Other:\n    pass",
  ]) {
    test(`is an error beside what sets nothing on the class: ${code.replace(/\n\s*/g, "; ")}`, () => {
      assert.equal(verdict(beside(code)), "error");
    });
  }

  test("is left open where a decorator sets another constructor, whatever it is called", () => {
    const decorator = "def register_it(cls):\n    cls.__init__ = new_init\n    return cls\n";
    const decorated = `from decorators import register_it\n${LAYERS.replace("@", "@register_it\n@")}`;
    assert.equal(verdict({ "layers.py": decorated, "decorators.py": decorator }), "open");
    const other = `${LAYERS}\nfrom decorators import register_it\n@register_it\nclass Other:\n    pass\n`;
    assert.equal(verdict({ "layers.py": other, "decorators.py": decorator }), "error");
    const called = `${LAYERS}\nfrom decorators import register_it\nregister_it(Gain)\n`;
    assert.equal(verdict({ "layers.py": called, "decorators.py": decorator }), "open");
  });

  test("is left open where a base sets another constructor on all that derive from it", () => {
    const base = (code: string) =>
      LAYERS.replace("class Gain(keras.layers.Layer)", "class Gain(Base)").replace(
        "@keras",
        `class Base(keras.layers.Layer):\n${code}\n\n@keras`,
      );
    const within = "    def __init_subclass__(cls, **kwargs):\n        cls.__init__ = new_init";
    assert.equal(verdict({ "layers.py": base(within) }), "open");
    assert.equal(verdict({ "layers.py": base("    def f(self):\n        type(self).__init__ = new_init") }), "open");
    assert.equal(verdict({ "layers.py": base("    @classmethod\n    def f(cls):\n        cls.other = 1") }), "error");
  });

  test("is nobody's business where the workspace may set another from_config", () => {
    assert.equal(verdict(beside("def f():\n    Gain.from_config = classmethod(lambda cls, config: cls())")), "silent");
    const twice = "    @classmethod\n    def from_config(cls, config):\n        return cls(**config)\n";
    assert.equal(verdict({ "layers.py": `${LAYERS}${twice}` }), "error");
    assert.equal(verdict({ "layers.py": `${LAYERS}${twice}    from_config = replace(from_config)\n` }), "silent");
  });

  for (const line of [
    'exec("def __init__(self, units, extra): pass")',
    'locals()["__init__"] = new_init',
    "vars().update(__init__=new_init)",
    "(__init__ := new_init)",
    "del __init__",
  ]) {
    test(`is left open where the body of the class may bind another: ${line}`, () => {
      assert.equal(verdict({ "layers.py": `${LAYERS}    ${line}\n` }), "open");
    });
  }
});

describe("an argument that a class of Keras does not take", () => {
  for (const code of [
    "keras.layers.Dense.__init__ = new_init",
    "from keras.layers import Dense\ndef patch():\n    Dense.__init__ = new_init",
    "keras.layers.Layer.__init__ = new_init",
    "def patch(cls):\n    cls.__init__ = new_init\npatch(keras.layers.Dense)",
    "for cls in (keras.layers.Dense, keras.layers.Conv2D):\n    cls.from_config = new_from_config",
    "for cls in keras.layers.Layer.__subclasses__():\n    cls.__init__ = new_init",
  ]) {
    test(`is left open where the workspace may set something on it: ${code.replace(/\n\s*/g, "; ")}`, () => {
      assert.equal(verdict(beside(code), dense), "open");
    });
  }

  test("is an error where the workspace sets something on others", () => {
    assert.equal(verdict(beside("keras.layers.Conv2D.__init__ = new_init"), dense), "error");
    assert.equal(verdict(beside("def patch(cls):\n    cls.__init__ = new_init"), dense), "error");
  });
});

describe("an argument that a constructor hands on and that Keras does not take", () => {
  const handing = (...lines: string[]) =>
    LAYERS.replace("self, units=1", "self, units=1, **kwargs").replace(
      "        super().__init__()\n",
      lines.map((line) => `        ${line}\n`).join(""),
    );
  const HANDS_ON = "super().__init__(**kwargs)";

  test("is an error where nothing happens to it before", () => {
    assert.equal(verdict({ "layers.py": handing(HANDS_ON) }), "error");
    assert.equal(verdict({ "layers.py": handing("with keras.name_scope('a'):", `    ${HANDS_ON}`) }), "error");
    assert.equal(verdict({ "layers.py": handing("print(f'{units} {kwargs}', vars(self))", HANDS_ON) }), "error");
  });

  for (const lines of [
    ["with contextlib.suppress(TypeError):", `    ${HANDS_ON}`],
    ["with contextlib.nullcontext({}) as kwargs:", `    ${HANDS_ON}`],
    ["exec('kwargs.clear()')", HANDS_ON],
    ["locals()['kwargs'].clear()", HANDS_ON],
    ["vars()['kwargs'].clear()", HANDS_ON],
    ["inspect.currentframe().f_locals['kwargs'].clear()", HANDS_ON],
    ["self.__dict__['kw'] = kwargs", "self.__dict__['kw'].clear()", HANDS_ON],
    ["print(f'{kwargs.popitem()}')", HANDS_ON],
  ]) {
    test(`is nobody's business where that may change: ${lines.join("; ").replace(/\s+/g, " ")}`, () => {
      const text = handing(...lines).replace("import keras", "import keras, contextlib, inspect");
      assert.notEqual(verdict({ "layers.py": text }), "error");
    });
  }

  const fromConfig = (...lines: string[]) =>
    `${LAYERS}    @classmethod\n    def from_config(cls, config):\n${lines.map((line) => `        ${line}\n`).join("")}`;

  test("is nobody's business where another class is made of the config", () => {
    assert.equal(verdict({ "layers.py": fromConfig("return cls(**config)") }), "error");
    assert.notEqual(verdict({ "layers.py": fromConfig("cls = other()", "return cls(**config)") }), "error");
    assert.notEqual(
      verdict({ "layers.py": fromConfig("with one():", "    return cls(**config)", "return 1") }),
      "error",
    );
  });
});

describe("an argument that a base does not take", () => {
  const A = "class A(keras.layers.Layer):\n    def __init__(self, units=1):\n        super().__init__()\n";
  const B = A.replace("class A", "class B").replace("units=1", "units=1, extra=2");
  const derived = (before: string, base = "A") =>
    `import keras\n${before}\n@keras.saving.register_keras_serializable("p")\nclass Gain(${base}):\n    pass\n`;

  test("is an error where there is one base", () => {
    assert.equal(verdict({ "layers.py": derived(A) }), "error");
    assert.equal(verdict({ "layers.py": derived(A, "A[int]") }), "error");
  });

  test("is nobody's business where another class may be the base", () => {
    const either = `if keras.version() > "3":\n${B.replace("class B", "class A").replace(/^/gm, "    ")}\nelse:\n`;
    assert.notEqual(verdict({ "layers.py": derived(`${either}${A.replace(/^/gm, "    ")}\n`) }), "error");
    const replaced = `${A}${B}def change():\n    global A\n    A = B\nchange()\n`;
    assert.notEqual(verdict({ "layers.py": derived(replaced) }), "error");
    assert.notEqual(verdict({ "layers.py": derived(`${A}${B}globals()["A"] = B\n`) }), "error");
    const answering = `${A}    def __class_getitem__(cls, item):\n        return B\n`;
    assert.notEqual(verdict({ "layers.py": derived(answering, "A[int]") }), "error");
    const inheriting = `${answering}class C(A):\n    pass\n`;
    assert.notEqual(verdict({ "layers.py": derived(inheriting, "C[int]") }), "error");
  });

  test("is nobody's business where a call made the class that is registered", () => {
    const made = `${LAYERS}keras.saving.get_custom_objects()["p>Gain"] = type("Gain", (Gain,), {"__init__": f})\n`;
    assert.notEqual(verdict({ "layers.py": made }), "error");
  });
});

test("what Keras sets on classes is its own affair where its source is in the workspace", () => {
  const files = { "keras/src/state.py": "def keep(tracker, name, value):\n    setattr(tracker, name, value)\n" };
  assert.equal(verdict({ "layers.py": LAYERS, ...files }), "error");
  assert.equal(verdict(files, dense), "error");
  const bases = { "tf_keras/src/utils.py": "def swap(cls):\n    cls.__bases__ = ()\n    Layer.__bases__ = ()\n" };
  assert.equal(verdict(bases, dense), "error");
  assert.equal(verdict({ "patches.py": files["keras/src/state.py"] + bases["tf_keras/src/utils.py"] }, dense), "open");
});

test("a class that sets the bases which it is written with stays what it is", () => {
  const layers = (bases: string) =>
    LAYERS.replace("        super()", `        Gain.__bases__ = ${bases}\n        super()`);
  assert.equal(verdict({ "layers.py": layers("(keras.layers.Layer,)") }), "error");
  assert.equal(verdict({ "layers.py": layers("(keras.layers.Dense,)") }), "open");
});
