import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { registrationFixes } from "../../../server/src/features/registrationFixes.ts";
import { registryOf } from "../registry/build.ts";
import { applied } from "./applied.ts";

/** The text after each fix of its first problem, by the fix's title. */
function fixed(text: string): Record<string, string> {
  const [problem] = registryOf(text).problemsIn("/a.py");
  assert.ok(problem, "there is a problem");
  const places = { at: problem.at, ...("object" in problem && { object: problem.object }) };
  const fixes = registrationFixes(problem, text, places);
  return Object.fromEntries(fixes.map(({ title, changes }) => [title, applied(text, changes)]));
}

const head = "import keras\nfrom keras.saving import get_custom_objects, register_keras_serializable as reg\n";

describe("fixes of registrations", () => {
  test("add the parentheses", () => {
    assert.deepEqual(fixed(`${head}@reg  # here\nclass A: pass`), {
      "Add `()`": `${head}@reg()  # here\nclass A: pass`,
    });
  });

  test("give the string as name, or as package", () => {
    assert.deepEqual(fixed(`${head}@reg("swish")\ndef swish(x): pass`), {
      'Write `name="swish"`': `${head}@reg(name="swish")\ndef swish(x): pass`,
      'Write `package="swish"`: it is the package': `${head}@reg(package="swish")\ndef swish(x): pass`,
    });
    assert.equal(
      fixed(`${head}def swish(x): pass\nreg('swish')(swish)`)["Write `name='swish'`"],
      `${head}def swish(x): pass\nreg(name='swish')(swish)`,
    );
  });

  test("write the methods with what the constructor keeps, in the class's own indentation", () => {
    const text = (rest: string) => `${head}
if True:
  @reg()
  class Vocabulary:
    size = 0

    def __init__(self, words, depth=2, *, unused=None):
      self.words = words
      self.depth: int = depth
      if self.unused == 1: pass
${rest}
after = 1
`;
    assert.deepEqual(fixed(text("")), {
      "Add `get_config` and `from_config`": text(`
    def get_config(self):
      return {"words": self.words, "depth": self.depth}

    @classmethod
    def from_config(cls, config):
      return cls(**config)
`),
    });
  });

  test("write get_config alone where the class has from_config, with the file's line ends", () => {
    const text = `${head}@reg()\nclass A:\n\t@classmethod\n\tdef from_config(cls, config):\n\t\treturn cls()`;
    const crlf = text.replaceAll("\n", "\r\n");
    const added = "\n\n\tdef get_config(self):\n\t\treturn {}";
    assert.deepEqual(fixed(crlf), { "Add `get_config`": (text + added).replaceAll("\n", "\r\n") });
  });

  test("no methods where the class has no lines of its own", () => {
    assert.deepEqual(fixed(`${head}@reg()\nclass A: pass\n`), {});
  });

  test("write the function or class in place of an object", () => {
    const swish = `${head}def swish(x): pass\n`;
    assert.deepEqual(
      fixed(`${swish}get_custom_objects().update({"a": swish, "swish": keras.layers.Activation(swish)})`),
      { "Change to `swish`": `${swish}get_custom_objects().update({"a": swish, "swish": swish})` },
    );
    assert.deepEqual(fixed(`${head}get_custom_objects()["Dense"] = keras.layers.Dense(2)`), {
      "Change to `keras.layers.Dense`": `${head}get_custom_objects()["Dense"] = keras.layers.Dense`,
    });
    const scale = `${head}class Scale(keras.layers.Layer): pass\n`;
    assert.deepEqual(fixed(`${scale}reg()(Scale())`), { "Change to `Scale`": `${scale}reg()(Scale)` });
  });

  test("nothing for an activation that is no function, or what is not written there", () => {
    assert.deepEqual(fixed(`${head}get_custom_objects()["a"] = keras.layers.Activation("relu")`), {});
    assert.deepEqual(
      fixed(`${head}d = {"b": keras.layers.Dense(1)}\nget_custom_objects().update({"b": keras.layers.Dense(1), **d})`),
      {
        "Change to `keras.layers.Dense`": `${head}d = {"b": keras.layers.Dense(1)}\nget_custom_objects().update({"b": keras.layers.Dense, **d})`,
      },
    );
  });

  test("take out the registration of a built-in with its line", () => {
    assert.deepEqual(fixed(`${head}reg()(keras.Sequential)  # helps\nx = 1\n`), {
      "Remove this registration": `${head}x = 1\n`,
    });
    assert.deepEqual(fixed(`${head}def f():\n    x = 1\n    reg()(\n        keras.Sequential\n    )\n`), {
      "Remove this registration": `${head}def f():\n    x = 1\n`,
    });
    assert.deepEqual(fixed(`${head}def f():\n    reg()(keras.Sequential)\n`), {});
    assert.deepEqual(fixed(`${head}x = reg()(keras.Sequential)\n`), {});
    assert.deepEqual(fixed(`${head}x = 1; reg()(keras.Sequential)\n`), {});
  });
});
