import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { summariseFully } from "../../../server/src/python/index.ts";
import { buildRegistry, Linker, listRegistrations, type Registry } from "../../../server/src/registry/index.ts";

const names = ["register", "registry", "Base", "load", "fill"];
const input = (module: string, text: string) => ({
  summary: summariseFully({ uri: `/${module}.py`, text }, names),
  names: [module],
});

function linked(linker: Linker, modules: readonly ReturnType<typeof input>[]): Registry {
  const steps = linker.link(modules, { complete: true });
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** All that a registry says of some modules. */
const said = (registry: Registry) => ({
  ...listRegistrations(registry),
  open: ["p>A", "p>B", "q>A", "Scale", "Late"].map((key) => registry.whyOpen(key, key.slice(-1), null)?.reason),
});

/** A project in which one module's text decides what others register, in each of the ways there are. */
const project = {
  tools: `import keras
PACKAGE = "p"
registry = {}
def register(cls):
    registry[cls.__name__] = cls
    return keras.saving.register_keras_serializable(PACKAGE)(cls)
`,
  base: "import keras\nclass Base(keras.layers.Layer):\n    def __init_subclass__(cls): keras.saving.register_keras_serializable('sub')(cls)\n",
  layers: "import keras\nfrom tools import register\nfrom base import Base\n@register\nclass A(Base): pass\n",
  more: "from tools import register\nfrom layers import A\n@register\nclass B(A): pass\n",
  train: "import keras\nfrom tools import registry\nkeras.saving.load_model('m', custom_objects=registry)\n",
  apart: "import keras\n@keras.saving.register_keras_serializable('apart')\nclass Other(keras.layers.Layer): pass\n",
};

/** One edit of one module after the other, each with what it replaces. */
const edits: readonly [keyof typeof project, string, string][] = [
  ["tools", 'PACKAGE = "p"', 'PACKAGE = "q"'],
  ["tools", "(PACKAGE)(cls)", "(PACKAGE, cls.__name__.lower())(cls)"],
  ["layers", "class A(Base)", "class Scale(Base)"],
  ["layers", "@register\n", ""],
  ["more", "@register\n", ""],
  ["base", "    def __init_subclass__", "    def other"],
  ["train", "custom_objects=registry", "custom_objects={**registry, 'Late': 1}"],
  ["tools", "    registry[cls.__name__] = cls\n", ""],
  ["tools", "def register", "def keep(cls):\n    registry['B'] = cls\ndef register"],
  ["more", "@register\n", "import tools\ntools.registry['B'] = A\n@register\n"],
  ["apart", "pass\n", "pass\nfrom tools import registry\nregistry['Late'] = Other\n"],
  ["apart", "pass\n", "pass\nkeras.saving.get_custom_objects().clear()\n"],
  ["layers", "from base import Base", "from keras.layers import Layer as Base"],
];

describe("linking again after a change", () => {
  for (const [module, from, to] of edits) {
    test(`says what linking anew says: ${module}, ${JSON.stringify(from)} to ${JSON.stringify(to)}`, () => {
      const linker = new Linker();
      const modules = Object.entries(project).map(([name, text]) => input(name, text));
      const before = said(linked(linker, modules));
      assert.deepEqual(before, said(buildRegistry(modules, { complete: true })));
      assert.ok(project[module].includes(from));
      const at = Object.keys(project).indexOf(module);
      const changed = modules.with(at, input(module, project[module].replace(from, to)));
      const after = said(linked(linker, changed));
      assert.deepEqual(after, said(buildRegistry(changed, { complete: true })));
      assert.notDeepEqual(after, before);
      assert.deepEqual(said(linked(linker, modules)), before);
    });
  }

  test("what a module put into another one is gone with it, where several did", () => {
    const linker = new Linker();
    const modules = Object.entries(project).map(([name, text]) => input(name, text));
    linked(linker, modules);
    const without = modules.with(3, input("more", "from layers import A\nclass B(A): pass\n"));
    const { provided } = listRegistrations(linked(linker, without));
    assert.deepEqual(
      provided.map(({ key }) => key),
      ["A"],
    );
  });

  test("what a decorator gave a class is remembered while its module is not read again", () => {
    const tools = `import keras
def register(cls):
    cls.get_config = lambda self: {}
    keras.saving.get_custom_objects()["c>" + cls.__name__] = cls
    return cls
`;
    const late = (pack: string) =>
      input(
        "late",
        `import keras\nfrom plain import Plain\nkeras.saving.register_keras_serializable("${pack}")(Plain)\n`,
      );
    const plain = "from tools import register\n@register\nclass Plain: pass\n";
    const linker = new Linker();
    const keys = (last: ReturnType<typeof input>, completing = tools) => {
      const modules = [input("tools", completing), input("plain", plain), last];
      const found = linked(linker, modules).registrations.map(({ key }) => key);
      assert.deepEqual(
        found,
        buildRegistry(modules, { complete: true }).registrations.map(({ key }) => key),
      );
      return found;
    };
    assert.deepEqual(keys(late("one")), ["c>Plain", "one>Plain"]);
    assert.deepEqual(keys(late("two")), ["c>Plain", "two>Plain"]);
    assert.deepEqual(keys(late("two"), tools.replace("    cls.get_config = lambda self: {}\n", "")), ["c>Plain"]);
  });
});
