import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { registryOf } from "./build.ts";

/** The method resolution order of a class: own ones by `module.qualname`, others by their path. */
function checkOrder(fixture: string, module: string, qualname: string, expected: string, complete = true): void {
  const found = registryOf(fixture, { packages: new Map([["lib", "missing"]]) }).classOf(module, qualname);
  assert.ok(found, `${module}.${qualname}`);
  const order = found.mro.map((entry) =>
    entry.kind === "external" ? entry.path : `${entry.class.module}.${entry.class.qualname}`,
  );
  assert.deepEqual([order.join(" "), found.mroComplete], [expected, complete]);
}

describe("method resolution order", () => {
  const fixture = `
# - /pkg/base.py
import keras
from typing import Generic, TypeVar
T = TypeVar("T")
class Mixin: pass
class Base(Mixin, keras.layers.Layer, Generic[T]): pass
# - /pkg/__init__.py
from .base import Base as PublicBase, Mixin
# - /pkg/layers.py
import pkg
import tensorflow as tf
from lib import Far
from . import base
from .base import Mixin
L = tf.keras.layers.Layer
class One(pkg.PublicBase[int]): pass
class Two(L, Mixin): pass
class Three(One, Two): pass
class Missing(Far): pass
class Made(base.make()): pass
class Bad(Mixin, One): pass
class Again(Again): pass
class Outer:
    class Inner(base.Base): pass
    class Error(ValueError, dict): pass
class Meta(type): pass
class WithMeta(metaclass=Meta): pass
`;
  test("across files, through re-exports and aliases", () => {
    checkOrder(
      fixture,
      "pkg.layers",
      "One",
      "pkg.layers.One pkg.base.Base pkg.base.Mixin keras.layers.Layer typing.Generic object",
    );
    checkOrder(fixture, "pkg.layers", "Two", "pkg.layers.Two tensorflow.keras.layers.Layer pkg.base.Mixin object");
    checkOrder(
      fixture,
      "pkg.layers",
      "Outer.Inner",
      "pkg.layers.Outer.Inner pkg.base.Base pkg.base.Mixin keras.layers.Layer typing.Generic object",
    );
    checkOrder(fixture, "pkg.layers", "Outer.Error", "pkg.layers.Outer.Error ValueError dict object");
    checkOrder(fixture, "pkg.layers", "WithMeta", "pkg.layers.WithMeta object");
  });

  test("is not complete where a base is missing, made by a call, or out of order", () => {
    checkOrder(fixture, "pkg.layers", "Missing", "pkg.layers.Missing lib.Far object", false);
    checkOrder(fixture, "pkg.layers", "Made", "pkg.layers.Made object", false);
    checkOrder(
      fixture,
      "pkg.layers",
      "Bad",
      "pkg.layers.Bad pkg.base.Mixin pkg.layers.One pkg.base.Base keras.layers.Layer typing.Generic object",
      false,
    );
    checkOrder(fixture, "pkg.layers", "Again", "pkg.layers.Again object", false);
    checkOrder("import lib\n@lib.decorate\nclass A: pass\n", "a", "A", "a.A object", false);
  });

  test("a linearization that needs C3", () => {
    const diamond =
      "class O: pass\nclass A(O): pass\nclass B(O): pass\nclass C(A, B): pass\nclass D(B): pass\nclass E(C, D): pass\n";
    checkOrder(diamond, "a", "E", "a.E a.C a.A a.D a.B a.O object");
  });

  test("long chains and circles end", () => {
    const chain = Array.from({ length: 3000 }, (_, i) => `class C${i + 1}(C${i}): pass`).join("\n");
    const found = registryOf(`class C0: pass\n${chain}\n`).classOf("a", "C3000");
    assert.deepEqual([found!.mroComplete, found!.mro.at(-1)], [false, { kind: "external", path: "object" }]);
    checkOrder(
      "# - /a.py\nimport b\nclass A(b.B): pass\n# - /b.py\nimport a\nclass B(a.A): pass\n",
      "a",
      "A",
      "a.A b.B object",
      false,
    );
  });

  test("bodies tell their members and what their constructors do", () => {
    const registry = registryOf(`
# - /pkg/util.py
def revive(x): return x
# - /pkg/a.py
from keras import initializers
from .util import revive
from keras.layers import Layer
class A(Layer):
    limit: int = 3
    def __init__(self, kernel, units=1, *args, **kwargs):
        super().__init__(**kwargs)
        self.kernel = initializers.get(kernel)
    @classmethod
    def from_config(cls, config):
        return cls(revive(config.pop("kernel")), **config)
    class Inner: pass
`);
    const [body] = registry.classOf("pkg.a", "A")!.mro;
    assert.ok(body?.kind === "workspace");
    assert.deepEqual([...body.class.members], ["limit", "__init__", "from_config", "Inner"]);
    assert.deepEqual(body.class.init!.parameters, [
      { name: "self" },
      { name: "kernel" },
      { name: "units", default: "1" },
    ]);
    assert.deepEqual(
      body.class.init!.uses.map(({ callee, parameter }) => `${parameter} ${callee}`),
      ["kwargs super().__init__", "kernel keras.initializers.get"],
    );
    assert.deepEqual(
      body.class.fromConfig!.uses.map(({ callee, key }) => `${key} ${callee}`),
      ["kernel pkg.util.revive", "undefined cls"],
    );
  });
});

describe("what modules hold", () => {
  const registry = registryOf(`
# - /pkg/__init__.py
from .a import *
from .a import _private as public
from keras.layers import Dense
value = 1
# - /pkg/a.py
import keras
__all__ = ["A", "f"]
@keras.saving.register_keras_serializable("p")
class A(keras.layers.Layer): pass
class B: pass
def f(): pass
def _private():
    def closure(): pass
    class Local: pass
# - /space/sub/c.py
class C:
    def method(self): pass
`);
  const member = (module: string, name: string) => {
    const found = registry.moduleMember(module, name);
    return found && `${"key" in found ? `${found.key} ` : ""}${found.kind} ${found.module}.${found.qualname}`;
  };

  test("members, re-exports and submodules", () => {
    assert.equal(member("pkg", "A"), "p>A class pkg.a.A");
    assert.equal(member("pkg", "B"), undefined);
    assert.equal(member("pkg", "f"), "function pkg.a.f");
    assert.equal(member("pkg", "public"), "function pkg.a._private");
    assert.equal(member("pkg", "Dense"), "other keras.layers.Dense");
    assert.equal(member("pkg", "value"), "other pkg.value");
    assert.equal(member("pkg", "a"), "other pkg.a");
    assert.equal(member("nowhere", "A"), undefined);
  });

  test("modules, namespace packages and definitions by name", () => {
    assert.deepEqual(
      ["pkg", "pkg.a", "space", "space.sub", "space.sub.c", "pkg.b"].map((name) => registry.hasModule(name)),
      [...[true, true, true, true, true], false],
    );
    const named = (name: string) =>
      registry.definitionsNamed(name).map(({ kind, module, qualname }) => `${kind} ${module}.${qualname}`);
    assert.deepEqual(named("closure"), ["function pkg.a._private.<locals>.closure"]);
    assert.deepEqual(named("Local"), ["class pkg.a._private.<locals>.Local"]);
    assert.deepEqual(named("method"), []);
  });
});
