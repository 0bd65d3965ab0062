import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { decodeCatalogue } from "../../../server/src/catalogue/decode.ts";
import { decodeDocumentation } from "../../../server/src/catalogue/documentation.ts";
import type { KerasCatalogue } from "../../../server/src/catalogue/keras.ts";
import { CatalogueWriter } from "../../../server/tools/catalogue/encode.ts";
import { DocumentationWriter } from "../../../server/tools/catalogue/encodeDocumentation.ts";
import { SlotReader } from "../../../server/tools/catalogue/slots.ts";
import { read, slotText } from "./fixture.ts";

const first = `
#- __init__.py
from keras.src.layers import core
from keras.src import losses
#- src/layers/core.py
from keras.src import initializers
from keras.src.api_export import keras_export
from keras.src.layers.layer import Layer
@keras_export(["keras.layers.Dense", "keras.layers.FullyConnected"])
class Dense(Layer):
    """Just your regular
    densely-connected layer.

    More of it.

    Args:
        units: Positive integer.
        kernel: Where it
            starts from.

            At length.
    """
    def __init__(self, units, kernel="zeros", **kwargs):
        super().__init__(**kwargs)
        self.kernel = initializers.get(kernel)
class Gone(Layer):
    class Inner: pass
#- src/losses/__init__.py
class Loss: pass
ALL_OBJECTS_DICT = {"Loss": Loss}
#- src/optional.py
import torch
`;
const second = first
  .replace('kernel="zeros"', 'kernel="ones", *, bias=(1, 2)')
  .replace("class Gone(Layer):\n    class Inner: pass\n", "class Come(Dense): pass\n")
  .replace('{"Loss": Loss}', '{"Loss": Loss, "loss": Loss}')
  .replace("Positive integer.", "A number.");

function encode(...releases: (readonly [version: string, files: string])[]): KerasCatalogue {
  const writer = new CatalogueWriter();
  for (const [version, files] of releases) {
    const facts = read(files, version);
    const reader = new SlotReader(facts.complete.machine);
    writer.add(
      facts,
      new Map([...facts.complete.classes].map(([key, cls]) => [key, { slots: reader.slotsOf(cls), rules: undefined }])),
    );
  }
  return decodeCatalogue(writer.text());
}

describe("a catalogue, written and read", () => {
  const catalogue = encode(["3.1.0", first], ["3.1.1", first], ["3.2.0", second]);
  const [old, patch, recent] = ["3.1.0", "3.1.1", "3.2.0"].map((version) => catalogue.release(version)) as [
    ReturnType<KerasCatalogue["release"]>,
    ReturnType<KerasCatalogue["release"]>,
    ReturnType<KerasCatalogue["release"]>,
  ];

  test("lists its releases, and no others", () => {
    assert.deepEqual(catalogue.versions, ["3.1.0", "3.1.1", "3.2.0"]);
    assert.throws(() => catalogue.release("3.3.0"), RangeError);
    assert.equal(catalogue.release("3.2.0"), recent);
  });

  test("finds exports by their canonical path only, and resolves the others", () => {
    assert.equal(old.exported("keras.layers.Dense")?.qualname, "Dense");
    assert.equal(old.exported("keras.layers.FullyConnected"), undefined);
    assert.equal(old.resolve("keras.layers.FullyConnected"), old.exported("keras.layers.Dense"));
    assert.equal(old.resolve("keras.src.layers.core.Dense")?.canonical, "keras.layers.Dense");
    assert.equal(old.resolve("keras.src.layers.core.Gone.Inner")?.qualname, "Gone.Inner");
    assert.equal(old.resolve("keras.layers.Nothing"), undefined);
    assert.deepEqual(old.exportedPaths(), ["keras.layers.Dense"]);
  });

  test("says of every release what that one holds", () => {
    for (const [release, member, kernel] of [
      [old, "Gone", '"zeros"'],
      [patch, "Gone", '"zeros"'],
      [recent, "Come", '"ones"'],
    ] as const) {
      const module = release.importModule("keras.src.layers.core");
      assert.ok(module.status === "importable");
      assert.equal(module.member("Gone") !== undefined, member === "Gone");
      assert.equal(module.member("Come") !== undefined, member === "Come");
      const dense = release.exported("keras.layers.Dense");
      assert.equal(dense?.parameters.find((parameter) => parameter.name === "kernel")?.default, kernel);
    }
    assert.equal(old.resolve("keras.src.layers.core.Come"), undefined);
    assert.equal(recent.resolve("keras.src.layers.core.Gone.Inner"), undefined);
    assert.deepEqual(recent.tableNames("losses"), ["Loss", "loss"]);
    assert.equal(old.tableEntry("losses", "loss"), undefined);
    assert.equal(recent.tableEntry("losses", "loss")?.qualname, "Loss");
    assert.deepEqual(old.tableNames("metrics"), []);
  });

  test("says of a class its bases, what it inherits, and its slots", () => {
    const come = recent.resolve("keras.src.layers.core.Come");
    assert.deepEqual(
      come?.mro.map((cls) => cls.qualname),
      ["Come", "Dense", "Layer", "KerasSaveable"],
    );
    assert.equal(come?.kerasSaveable, true);
    assert.equal(come?.fromConfig, "keras.src.layers.layer.Layer");
    assert.deepEqual(come?.parameters, [
      { name: "units", kind: "positional" },
      { name: "kernel", default: '"ones"', kind: "positional" },
      { name: "bias", default: "(1, 2)", kind: "keyword" },
    ]);
    assert.equal(come?.acceptsKwargs, true);
    assert.deepEqual(come?.slots.map(slotText), [
      "initializer: initializers.get, init",
      "kernel: initializers.get, init",
    ]);
    assert.equal(old.tableEntry("losses", "Loss")?.kerasSaveable, false);
    assert.equal(old.tableEntry("losses", "Loss")?.fromConfig, undefined);
  });

  test("tells modules that are missing from modules that need something", () => {
    assert.deepEqual(old.importModule("keras.src.nowhere"), { status: "missing" });
    assert.deepEqual(old.importModule("os"), { status: "missing" });
    assert.deepEqual(old.importModule("keras.src.optional"), { status: "environment", needs: "torch" });
    const core = old.importModule("keras.src.layers.core");
    assert.ok(core.status === "importable");
    assert.equal(core.member("initializers")?.kind, "other");
    assert.equal(core.member("__name__")?.kind, "other");
    assert.deepEqual([...core.memberNames()].sort(), ["Dense", "Gone", "Layer", "initializers", "keras_export"]);
  });

  test("before KerasSaveable, every class will do", () => {
    const before = encode([
      "3.0.2",
      first.replace(
        "#- src/losses",
        "#- src/saving/keras_saveable.py\nclass KerasSaveable_: pass\nKerasSaveable = object\n#- src/losses",
      ),
    ]);
    assert.equal(before.release("3.0.2").tableEntry("losses", "Loss")?.kerasSaveable, true);
  });

  test("where Keras forgot to return what it looked up, no export is found by its path", () => {
    const forgetful = `${first}\n#- src/api_export.py\nclass keras_export:\n    def __init__(self, path): pass\ndef get_symbol_from_name(name):\n    REGISTERED_NAMES_TO_OBJS.get(name, None)\n`;
    const release = encode(["3.0.0", forgetful]).release("3.0.0");
    assert.equal(release.exported("keras.layers.Dense"), undefined);
    assert.equal(release.resolve("keras.layers.Dense")?.qualname, "Dense");
  });

  test("refuses other texts", () => {
    for (const text of ["", "{}", "keras-catalogue 2\n\n\n\n", "keras-catalogue 1"]) {
      assert.throws(() => decodeCatalogue(text), /format/);
    }
  });
});

describe("the documentation, written and read", () => {
  const writer = new DocumentationWriter();
  const releases = [read(first, "3.1.0"), read(second, "3.2.0")];
  for (const facts of releases) writer.add(facts.version, facts.documents);
  const documentation = decodeDocumentation(writer.toText());
  const catalogue = encode(["3.1.0", first], ["3.2.0", second]);
  const dense = (version: string) => {
    const symbol = catalogue.release(version).exported("keras.layers.Dense");
    assert.ok(symbol);
    return symbol;
  };

  test("first paragraphs, in one line", () => {
    assert.equal(documentation.summary("3.1.0", dense("3.1.0")), "Just your regular densely-connected layer.");
    assert.equal(documentation.argument("3.1.0", dense("3.1.0"), "kernel"), "Where it starts from.");
  });
  test("of every release its own", () => {
    assert.equal(documentation.argument("3.1.0", dense("3.1.0"), "units"), "Positive integer.");
    assert.equal(documentation.argument("3.2.0", dense("3.2.0"), "units"), "A number.");
    assert.equal(documentation.summary("3.9.0", dense("3.2.0")), undefined);
  });
  test("an argument is documented by the class or a base", () => {
    const come = catalogue.release("3.2.0").resolve("keras.src.layers.core.Come");
    assert.ok(come);
    assert.equal(documentation.argument("3.2.0", come, "units"), "A number.");
    assert.equal(documentation.argument("3.2.0", come, "initializer"), undefined);
    assert.equal(documentation.summary("3.2.0", come), undefined);
  });
  test("refuses other texts", () => {
    for (const text of ["", "keras-documentation 2\n\n\n\n", "keras-documentation 1"]) {
      assert.throws(() => decodeDocumentation(text), /format/);
    }
  });
});
