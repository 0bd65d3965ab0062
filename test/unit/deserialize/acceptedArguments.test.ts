import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { acceptedArguments } from "../../../server/src/deserialize/acceptedArguments.ts";
import { catalogue } from "../../recorded/shippedCatalogue.ts";
import { workspaceRegistry } from "../../recorded/workspaceRegistry.ts";

const release = catalogue.release("3.15.1");

function ofKeras(path: string) {
  const symbol = release.exported(path);
  assert.ok(symbol);
  return acceptedArguments(release, symbol);
}

/** The arguments of the class `C` of a workspace, and `...` where others may be taken. */
function ofWorkspace(body: string): string {
  const cls = workspaceRegistry({ "m.py": `import keras\nimport gone\n\n${body}` }).classOf("m", "C");
  assert.ok(cls);
  const { arguments: list, open } = acceptedArguments(release, cls);
  return [...list.map(({ name, required }) => (required ? `${name}!` : name)), ...(open ? ["..."] : [])].join(" ");
}

describe("the arguments that a class accepts", () => {
  test("are those of its constructor, then those of its bases", () => {
    const { arguments: list } = ofKeras("keras.layers.Dropout");
    assert.deepEqual(
      list.slice(0, 4).map(({ name, required }) => [name, required]),
      [
        ["rate", true],
        ["noise_shape", false],
        ["seed", false],
        ["activity_regularizer", false],
      ],
    );
    assert.equal(list.find(({ name }) => name === "trainable")?.of, "keras.src.layers.layer.Layer");
  });

  test("end with a constructor that takes no others", () => {
    assert.deepEqual(ofKeras("keras.initializers.Zeros"), { arguments: [], open: false });
    assert.equal(ofKeras("keras.regularizers.L1").open, false);
  });

  test("go on through `super().__init__(**kwargs)` of a class of the workspace", () => {
    const body = "    def __init__(self, units, **kw):\n        super().__init__(**kw)\n";
    assert.equal(
      ofWorkspace(`class C(keras.layers.Layer):\n${body}`),
      "units! activity_regularizer trainable dtype autocast name ...",
    );
  });

  test("are not said to be all where `**kwargs` are kept or a base could not be read", () => {
    assert.equal(ofWorkspace("class C:\n    def __init__(self, a, **kw):\n        self.kw = kw\n"), "a! ...");
    assert.equal(
      ofWorkspace("class C(gone.Base):\n    def __init__(self, a, **kw):\n        super().__init__(**kw)\n"),
      "a! ...",
    );
  });

  test("of a constructor without `**kwargs` are all that it names", () => {
    assert.equal(ofWorkspace("class C(keras.layers.Layer):\n    def __init__(self, a, b=1):\n        pass\n"), "a! b");
  });
});
