import assert from "node:assert/strict";
import { test } from "node:test";
import { registrationWords } from "../../../server/src/rules/registrationRules.ts";
import { registryOf } from "../registry/build.ts";

/** `severity: message` of the first problem; the severity is left out where it is the rule's. */
function said(python: string): string {
  const text = `import keras
from keras.saving import get_custom_objects, register_keras_serializable as reg
class Scale(keras.layers.Layer): pass
def swish(x): pass
${python}
`;
  const [problem] = registryOf(text).problemsIn("/a.py");
  assert.ok(problem);
  const { message, severity } = registrationWords(problem);
  return severity ? `${severity}: ${message}` : message;
}

for (const [python, words] of [
  [
    "@reg\nclass A(Scale): pass",
    "`register_keras_serializable` is not called: `A` is not registered, and becomes its inner function `decorator`. Making one, or deriving from it, fails.",
  ],
  [
    '@reg("mish")\ndef mish(x): pass',
    '`"mish"` is taken for the package: the key is `mish>mish`. With `name=` it is `Custom>mish`.',
  ],
  [
    "@reg()\nclass Plain: pass",
    "Cannot register a class that does not have a get_config() method. Keras raises this ValueError for `Plain` when the module is imported.",
  ],
  [
    "reg()(Scale())",
    "error: `'Scale' object has no attribute '__name__'`: Keras raises this AttributeError, since an object of `Scale` stands where the class belongs.",
  ],
  [
    'reg("p", "S")(Scale())',
    "An object of `Scale` is registered as `p>S` where the class belongs: no config names it so.",
  ],
  [
    'get_custom_objects()["swish"] = keras.layers.Activation(swish)',
    "`swish` stands for a layer instead of a function. Keras 3 saves the layer in place of the name, one more each time; Keras 2 does not load what it saved.",
  ],
  [
    'get_custom_objects()["Scale"] = Scale()',
    "information: `Scale` stands for one object of `Scale` where the class or a function belongs. Keras calls its `from_config` as it would the class's.",
  ],
  [
    'get_custom_objects()["scale"] = Scale()',
    "information: `scale` stands for one object of `Scale` where the class or a function belongs. Configs that name a function so get this one object.",
  ],
  [
    "reg()(keras.Sequential)",
    "`Sequential` is Keras's own, which it finds without this. Inside an `.h5` file it is written as `Custom>Sequential` from now on, and loads only where this runs.",
  ],
  [
    'reg("mine")(keras.activations.relu)',
    "information: `relu` is Keras's own. Only files that name `mine>relu` need this. In what is saved it is written as `mine>relu` from now on, and loads only where this runs.",
  ],
] as const) {
  test(`of ${python.replaceAll("\n", " ")}`, () => assert.equal(said(python), words));
}
