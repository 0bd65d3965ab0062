import assert from "node:assert/strict";
import { test } from "node:test";
import { bindingError } from "../../../../server/src/deserialize/building/binding.ts";
import { workspaceRegistry } from "../../../recorded/workspaceRegistry.ts";

/** What Python 3.11 says of `f(…)` with so many values by position and these keywords, where it is `def f(HEADER)`. */
function said(header: string, positional: number, ...keywords: string[]): string | undefined {
  const registry = workspaceRegistry({
    "m.py": `import keras\n\n@keras.saving.register_keras_serializable("p")\ndef f(${header}):\n    pass\n`,
  });
  const [declared] = registry.declarations("p>f");
  const signature = registry.signatureOf("m", "f", declared?.location.uri ?? "");
  assert.ok(signature);
  return bindingError(signature, { positional, keywords }, 0)?.message;
}

test("a call is held against the header of a function as Python does it", () => {
  assert.equal(said("shape, dtype=None", 1, "dtype"), undefined);
  assert.equal(said("shape, *, dtype", 1, "dtype"), undefined);
  assert.equal(said("*args, **kwargs", 1, "dtype"), undefined);
  assert.equal(said("shape, **kwargs", 1, "dtype"), undefined);
  assert.equal(said("x", 1, "dtype"), "f() got an unexpected keyword argument 'dtype'");
  assert.equal(said("dtype", 1, "dtype"), "f() got multiple values for argument 'dtype'");
  assert.equal(said("dtype, /", 1, "dtype"), "f() got an unexpected keyword argument 'dtype'");
  assert.equal(said("", 1), "f() takes 0 positional arguments but 1 was given");
  assert.equal(said("x", 2), "f() takes 1 positional argument but 2 were given");
  assert.equal(said("x, y=1", 3), "f() takes from 1 to 2 positional arguments but 3 were given");
  assert.equal(said("x, y", 1), "f() missing 1 required positional argument: 'y'");
  assert.equal(said("x, y, z", 0), "f() missing 3 required positional arguments: 'x', 'y', and 'z'");
  assert.equal(said("x, *, y", 1), "f() missing 1 required keyword-only argument: 'y'");
});

test("a header is known only where nothing else may take its place", () => {
  const header = (text: string, qualname: string) => {
    const registry = workspaceRegistry({ "m.py": `import keras\nimport gone\n\n${text}` });
    const uri = registry.classOf("m", "C")?.location.uri ?? registry.moduleMember("m", "f")?.location.uri ?? "";
    return registry.signatureOf("m", qualname, uri)?.parameters.map(({ name }) => name);
  };
  const register = '@keras.saving.register_keras_serializable("p")\n';
  assert.deepEqual(header(`${register}def f(x): pass\n`, "f"), ["x"]);
  assert.deepEqual(header(`${register}class C:\n    def __call__(self, w): pass\n`, "C.__call__"), ["self", "w"]);
  assert.equal(header(`${register}@gone.wrap\ndef f(x): pass\n`, "f"), undefined);
  assert.equal(header(`${register}def f(x): pass\n\ndef f(x, y): pass\n`, "f"), undefined);
  assert.equal(
    header(`${register}class C:\n    def __call__(self, w): pass\n    __call__ = gone.call\n`, "C.__call__"),
    undefined,
  );
});
