import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { member, read } from "./fixture.ts";

describe("what a module's namespace holds", () => {
  test("what its statements bind, by whatever way", () => {
    const facts = read(`
#- src/a.py
import math
from math import floor as down
from collections import OrderedDict
from keras.src.b import Thing, make as build
LIMIT = 3
NOTHING = None
first, second = Thing, build
class Own(Thing):
    class Inner:
        pass
def own():
    pass
#- src/b.py
class Thing:
    pass
def make():
    pass
`);
    assert.equal(member(facts, "keras.src.a", "Thing"), "class keras.src.b:Thing");
    assert.equal(member(facts, "keras.src.a", "build"), "function keras.src.b:make");
    assert.equal(member(facts, "keras.src.a", "make"), undefined);
    assert.equal(member(facts, "keras.src.a", "first"), "class keras.src.b:Thing");
    assert.equal(member(facts, "keras.src.a", "second"), "function keras.src.b:make");
    assert.equal(member(facts, "keras.src.a", "Own"), "class keras.src.a:Own");
    assert.equal(member(facts, "keras.src.a", "Inner"), undefined);
    assert.equal(member(facts, "keras.src.a", "own"), "function keras.src.a:own");
    assert.equal(member(facts, "keras.src.a", "math"), "other");
    assert.equal(member(facts, "keras.src.a", "down"), "function math:floor");
    assert.equal(member(facts, "keras.src.a", "OrderedDict"), "class collections:OrderedDict");
    assert.equal(member(facts, "keras.src.a", "LIMIT"), "other");
    assert.equal(member(facts, "keras.src.a", "NOTHING"), undefined, "vars(module).get cannot tell None from nothing");
  });

  test("a star import brings public names, or what __all__ says", () => {
    const facts = read(`
#- src/a.py
from keras.src.plain import *
from keras.src.chosen import *
#- src/plain.py
class Public: pass
class _Private: pass
#- src/chosen.py
__all__ = ["_Listed"]
class _Listed: pass
class Unlisted: pass
`);
    assert.equal(member(facts, "keras.src.a", "Public"), "class keras.src.plain:Public");
    assert.equal(member(facts, "keras.src.a", "_Private"), undefined);
    assert.equal(member(facts, "keras.src.a", "_Listed"), "class keras.src.chosen:_Listed");
    assert.equal(member(facts, "keras.src.a", "Unlisted"), undefined);
  });

  test("packages hold the modules inside that were imported, and no others", () => {
    const facts = read(`
#- src/package/__init__.py
from keras.src.package.one import One
#- src/package/one.py
class One: pass
#- src/package/two.py
class Two: pass
`);
    assert.equal(member(facts, "keras.src.package", "one"), "other");
    assert.equal(member(facts, "keras.src.package", "two"), undefined);
    assert.equal(member(facts, "keras.src.package.two", "Two"), "class keras.src.package.two:Two");
  });

  test("modules that import each other see what the other has so far", () => {
    const facts = read(`
#- src/a.py
class Early: pass
from keras.src import b
class Late: pass
#- src/b.py
from keras.src.a import Early
from keras.src import a
`);
    assert.equal(member(facts, "keras.src.a", "b"), "other");
    assert.equal(member(facts, "keras.src.b", "Early"), "class keras.src.a:Early");
  });

  test("a second folder of the package gives its modules a second name", () => {
    const facts = read(`
#- __init__.py
import os
from keras.api import layers
__path__.append(os.path.join(os.path.dirname(__file__), "api"))
del os
#- api/__init__.py
from keras.api import layers
#- api/layers/__init__.py
from keras.src.layers.layer import Layer
`);
    assert.equal(member(facts, "keras.layers", "Layer"), "class keras.src.layers.layer:Layer");
    assert.equal(member(facts, "keras.api.layers", "Layer"), "class keras.src.layers.layer:Layer");
    assert.equal(member(facts, "keras", "os"), undefined);
  });

  test("what wraps a function looks like it; what only may be a function is something else", () => {
    const facts = read(`
#- src/a.py
import functools
def logged(f):
    @functools.wraps(f)
    def wrapper(*args, **kwargs):
        return f(*args, **kwargs)
    return wrapper
@logged
def wrapped(x): pass
@functools.lru_cache
def cached(x): pass
`);
    assert.equal(member(facts, "keras.src.a", "wrapped"), "function keras.src.a:wrapped");
    assert.equal(member(facts, "keras.src.a", "cached"), "other");
  });
});

describe("where a module can be imported", () => {
  const facts = read(`
#- src/needs_torch.py
import torch
#- src/leans_on_it.py
from keras.src import needs_torch
#- src/guarded.py
try:
    import pandas
except ImportError:
    pandas = None
#- src/by_backend.py
from keras.src import backend
if backend.backend() == "torch":
    import torch
    class Mine: pass
elif backend.backend() == "numpy":
    class Mine: pass
else:
    class Mine: pass
#- src/late.py
def f():
    import torch
`);
  const needs = (name: string) => facts.modules.get(name)?.needs;
  test("not without what it imports unconditionally", () => assert.equal(needs("keras.src.needs_torch"), "torch"));
  test("nor without what its imports need", () => assert.equal(needs("keras.src.leans_on_it"), "torch"));
  test("everywhere where the import is tried", () => {
    assert.equal(needs("keras.src.guarded"), undefined);
    assert.equal(member(facts, "keras.src.guarded", "pandas"), undefined);
  });
  test("everywhere where the backend asks for it, or a function", () => {
    assert.equal(needs("keras.src.by_backend"), undefined);
    assert.equal(member(facts, "keras.src.by_backend", "Mine"), "class keras.src.by_backend:Mine");
    assert.equal(needs("keras.src.late"), undefined);
  });
});

describe("exports, bases and tables", () => {
  const facts = read(`
#- __init__.py
from keras.src import losses
#- src/losses/__init__.py
import re
from keras.src.api_export import keras_export
@keras_export(["keras.losses.Hinge", "keras.metrics.Hinge"])
class Hinge:
    def __init__(self, reduction="sum", *, dtype=None, **kwargs): pass
@keras_export("keras.losses.hinge")
def hinge(y_true, y_pred): pass
class Left(Hinge):
    def get_config(self): pass
class Right(Hinge): pass
class Both(Left, Right): pass
ALL_OBJECTS = {Hinge, hinge}
ALL_OBJECTS_DICT = {cls.__name__: cls for cls in ALL_OBJECTS}
ALL_OBJECTS_DICT.update({re.sub("(.)([A-Z])", r"\\1_\\2", cls.__name__).lower(): cls for cls in [Both, Left]})
ALL_OBJECTS_DICT.update({"max_margin": Hinge})
`);
  test("the first path of @keras_export is canonical", () => {
    assert.deepEqual(
      facts.exports.map(({ paths, reference }) => [...paths, reference.key]),
      [
        ["keras.losses.Hinge", "keras.metrics.Hinge", "keras.src.losses:Hinge"],
        ["keras.losses.hinge", "keras.src.losses:hinge"],
      ],
    );
  });
  test("bases stand in method resolution order", () => {
    assert.deepEqual(facts.classes.get("keras.src.losses:Both")?.bases, [
      "keras.src.losses:Left",
      "keras.src.losses:Right",
      "keras.src.losses:Hinge",
    ]);
  });
  test("the class's own methods and constructor", () => {
    assert.deepEqual(facts.classes.get("keras.src.losses:Left")?.ownMethods, ["get_config"]);
    assert.equal(facts.classes.get("keras.src.losses:Left")?.init, undefined);
    assert.deepEqual(facts.classes.get("keras.src.losses:Hinge")?.init, {
      parameters: [
        { name: "reduction", default: '"sum"', keywordOnly: false },
        { name: "dtype", default: "None", keywordOnly: true },
      ],
      kwargs: true,
    });
  });
  test("tables are computed as Keras computes them", () => {
    const table = facts.tables.get("losses") ?? new Map();
    assert.deepEqual(
      [...table].map(([name, { key }]) => `${name} ${key}`),
      [
        "Hinge keras.src.losses:Hinge",
        "hinge keras.src.losses:hinge",
        "both keras.src.losses:Both",
        "left keras.src.losses:Left",
        "max_margin keras.src.losses:Hinge",
      ],
    );
  });
});
