import assert from "node:assert/strict";
import { test } from "node:test";
import { decorate } from "../../../server/src/features/decorate.ts";
import { applied } from "./applied.ts";

/** The file after `Foo` is decorated with `package="p"`; undefined where there is no place for it. */
function decorated(text: string): string | undefined {
  const start = text.indexOf("Foo");
  const location = {
    uri: "file:///m.py",
    start,
    end: start + 3,
    range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
  };
  const fix = { kind: "decorate", location, name: "Foo", arguments: 'package="p"' } as const;
  const decoration = decorate(fix, "file:///m.py", text);
  return decoration && applied(text, decoration.changes);
}

const register = 'register_keras_serializable(package="p")';

for (const [imports, expression] of [
  ["import keras", "keras.saving"],
  ["import keras as k", "k.saving"],
  ["import tensorflow as tf", "tf.keras.saving"],
  ["from tensorflow import keras", "keras.saving"],
  ["from keras import saving", "saving"],
  ["import keras.saving as ks", "ks"],
] as const) {
  test(`${imports}: the decorator is called ${expression}.register_keras_serializable`, () => {
    assert.equal(
      decorated(`${imports}\n\nclass Foo:\n    pass\n`),
      `${imports}\n\n@${expression}.${register}\nclass Foo:\n    pass\n`,
    );
  });
}

test("an imported decorator is used by its name", () => {
  const imports = "from keras.saving import register_keras_serializable as reg\n";
  assert.equal(decorated(`${imports}class Foo: pass\n`), `${imports}@reg(package="p")\nclass Foo: pass\n`);
});

test("an import that may not run is none", () => {
  const text = "try:\n    import keras\nexcept ImportError:\n    keras = None\n\nclass Foo: pass\n";
  assert.match(decorated(text) ?? "", /^import keras\ntry:/);
});

test("what is imported goes behind the docstring and future imports, before the first import", () => {
  assert.equal(
    decorated(
      '#!/usr/bin/env python\n"""A module."""\nfrom __future__ import annotations\nimport os\n\ndef Foo(x): pass\n',
    ),
    `#!/usr/bin/env python\n"""A module."""\nfrom __future__ import annotations\nimport keras\nimport os\n\n@keras.saving.${register}\ndef Foo(x): pass\n`,
  );
  assert.equal(
    decorated('"""A module.\n\nOf two lines."""\nclass Foo: pass\n'),
    `"""A module.\n\nOf two lines."""\nimport keras\n\n\n@keras.saving.${register}\nclass Foo: pass\n`,
  );
});

for (const [what, before, after] of [
  ["inside a block", "with open('x') as f:\n    import os\n", "import keras\nwith open('x') as f:\n    import os\n"],
  ["behind a semicolon", "x = 1; import os\n", "import keras\nx = 1; import os\n"],
  ["behind a continued line", "x = \\\n1; import os\n", "import keras\nx = \\\n1; import os\n"],
  ["behind a mark of the byte order", "\uFEFFimport os\n", "\uFEFFimport keras\nimport os\n"],
] as const) {
  test(`the import is written before an import ${what}, or before what holds it`, () => {
    assert.equal(decorated(`${before}class Foo: pass\n`), `${after}@keras.saving.${register}\nclass Foo: pass\n`);
  });
}

for (const docstring of ["'''a\\'''b\nc'''", "'''a''' '''b\nc'''", "'doc'"]) {
  test(`${JSON.stringify(docstring)} stays the docstring`, () => {
    assert.equal(
      decorated(`${docstring}\nclass Foo: pass\n\nimport os\n`),
      `${docstring}\nimport keras\n\n\n@keras.saving.${register}\nclass Foo: pass\n\nimport os\n`,
    );
  });
}

test("the indentation, other decorators and line ends of the file are kept", () => {
  assert.equal(
    decorated("import keras\r\nif True:\r\n    @other\r\n    class Foo: pass\r\n"),
    `import keras\r\nif True:\r\n    @other\r\n    @keras.saving.${register}\r\n    class Foo: pass\r\n`,
  );
});

test("a class behind a semicolon, or that is not there any more, is left alone", () => {
  assert.equal(decorated("import keras; class Foo: pass\n"), undefined);
  assert.equal(decorated("import keras\nFoo = 1\n"), undefined);
});
