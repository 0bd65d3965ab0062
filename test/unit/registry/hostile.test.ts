import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { summariseFully } from "../../../server/src/python/index.ts";
import { buildRegistry, listRegistrations } from "../../../server/src/registry/index.ts";
import { registryOf } from "./build.ts";

const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i)).join("\n");
const keys = (fixture: string) =>
  listRegistrations(registryOf(fixture)).registrations.map(({ key, when }) => `${key} ${when}`);

/** Each of these would never end, or run out of memory or stack, if nothing bounded it. */
describe("what cannot be followed to its end", () => {
  test("functions that call themselves and each other", () => {
    const registry = registryOf(`
import keras
def even(cls, n):
    odd(cls, n)
    return keras.saving.register_keras_serializable("p")(cls)
def odd(cls, n):
    return even(cls, n)
@odd
class A(keras.layers.Layer): pass
even(A, 3)
`);
    assert.match(registry.whyOpen("q>A", "A", "a")?.reason ?? "", /registers/);
    assert.equal(registry.whyOpen("q>B", "B", "a"), undefined);
  });

  test("branches that double with every call", () => {
    const registry = registryOf(`
import keras, os
${lines(16, (i) => `def f${i}(cls):\n    if os.environ.get("A${i}"): f${i + 1}(cls)\n    else: f${i + 1}(cls)`)}
def f16(cls): keras.saving.register_keras_serializable("p")(cls)
class A(keras.layers.Layer): pass
f0(A)
`);
    assert.match(registry.whyOpen("q>A", "A", "a")?.reason ?? "", /registers names that are not computed/);
  });

  test("loops over loops, and lists that grow", () => {
    keys(`
import keras
class A(keras.layers.Layer): pass
names = [str(i) for i in range(1000)]
for a in names:
    for b in names:
        for c in names:
            keras.saving.register_keras_serializable(a + b + c)(A)
`);
    keys(`
import keras
def grow(items):
    for item in items: items.extend(items)
    keras.saving.get_custom_objects().update({str(i): i for i in items})
grow([1, 2, 3])
`);
  });

  test("modules that import each other, and classes that derive from each other", () => {
    assert.deepEqual(
      keys(`
# - /a.py
from b import *
from b import Base, register
@register
class A(Base): pass
class Loop(Pool): pass
# - /b.py
import keras
from a import *
from a import Loop
class Pool(Loop): pass
class Base(keras.layers.Layer): pass
def register(cls): return keras.saving.register_keras_serializable("p")(cls)
`),
      ["p>A import"],
    );
  });

  test("ten thousand lines, and a thousand classes one above the other", () => {
    const found = keys(`
import keras
reg = keras.saving.register_keras_serializable
class C0(keras.layers.Layer): pass
${lines(1000, (i) => `@reg("p")\nclass C${i + 1}(C${i}): pass`)}
${lines(8000, (i) => `x${i} = reg("q", "n${i % 10}")`)}
`);
    assert.equal(found.length, 1000);
  });

  test("what is only known when it runs opens the names it could be", () => {
    const registry = registryOf(`
import importlib, pkgutil, inspect, keras
def register_all(package):
    for info in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(info.name)
        for name, cls in inspect.getmembers(module):
            keras.saving.register_keras_serializable("p")(cls)
import plugins
register_all(plugins)
exec("keras.saving.register_keras_serializable('p')(A)")
`);
    assert.notEqual(registry.whyOpen("p>Anything", "Anything", null), undefined);
  });

  test("a package that a file is broken in, and two packages of one name", () => {
    const modules = ["one", "two"].flatMap((root) =>
      Object.entries({
        "tools.py": `import keras\ndef reg(cls): return keras.saving.register_keras_serializable("${root}")(cls)\n`,
        "layers.py": "import keras\nfrom pkg.tools import reg\n@reg\nclass A(keras.layers.Layer): pass\n",
        "broken.py": 'def half(:\n    """\n@reg\nclass\n',
      }).map(([file, text]) => ({
        summary: summariseFully({ uri: `/${root}/pkg/${file}`, text }, ["reg"]),
        names: [`pkg.${file.slice(0, -3)}`],
      })),
    );
    const { registrations } = buildRegistry(modules, { complete: true });
    assert.deepEqual(
      registrations.map(({ key, location }) => `${key} ${location.uri}`),
      ["one>A /one/pkg/layers.py", "two>A /two/pkg/layers.py"],
    );
  });
});
