import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { listRegistrations } from "../../../server/src/registry/index.ts";
import { registryOf } from "./build.ts";

/**
 * What a fixture registers, a line each, sorted: `key kind module.qualname when`. The line comment of a class or call,
 * `#> key …`, says what is expected; `#> nothing` that there is none.
 */
function checkRegistrations(fixture: string, expected?: string): void {
  const world = { packages: new Map([["missing", "missing"] as const]) };
  const { registrations } = listRegistrations(registryOf(fixture, world));
  const found = registrations.map(
    ({ key, kind, module, qualname, when }) => `${key} ${kind} ${module}.${qualname} ${when}`,
  );
  const wanted =
    expected?.split("\n").map((line) => line.trim()) ??
    [...fixture.matchAll(/#> (.+)$/gm)].map(([, line]) => line!.trim()).filter((line) => line !== "nothing");
  assert.deepEqual(found.sort(), wanted.filter((line) => line !== "").sort());
}

describe("the decorator", () => {
  test("brought by a star import of Keras", () => {
    checkRegistrations(`
from keras.saving import *
import keras
@register_keras_serializable("a")
class A(keras.layers.Layer): pass                  #> a>A class a.A import
`);
  });

  test("above one that wraps, by the name that functools gives", () => {
    checkRegistrations(
      `
import functools
import keras
def timed(f):
    @functools.wraps(f)
    def wrapped(*args): return f(*args)
    return wrapped
def logged(f):
    def inner(*args): return f(*args)
    return functools.update_wrapper(inner, f)
def bare(f):
    def plain(*args): return f(*args)
    return plain
@keras.saving.register_keras_serializable("p")
@timed
def ramp(shape): pass
@keras.saving.register_keras_serializable("p")
@timed
def fade(shape): pass
@keras.saving.register_keras_serializable("p")
@logged
def clip(x): pass
@keras.saving.register_keras_serializable("p")
@bare
def gain(x): pass
`,
      `
      p>ramp function a.timed.<locals>.wrapped import
      p>fade function a.timed.<locals>.wrapped import
      p>clip function a.logged.<locals>.inner import
      p>plain function a.bare.<locals>.plain import
      `,
    );
  });

  test("in every spelling that imports reach", () => {
    checkRegistrations(`
import keras
import keras as ks
import tensorflow as tf
import tf_keras
import keras.saving as sv
import keras.src.saving.object_registration as objr
from keras import saving, utils as ut
from tensorflow import keras as tfk
from keras.saving import register_keras_serializable
from keras.utils import register_keras_serializable as rks
from keras.src.saving import object_registration
from tensorflow.keras.utils import register_keras_serializable as tfr

@keras.saving.register_keras_serializable("a")
class A(keras.layers.Layer): pass                  #> a>A class a.A import
@ks.utils.register_keras_serializable("a")
class B(A): pass                                   #> a>B class a.B import
@tf.keras.utils.register_keras_serializable("a")
class C(A): pass                                   #> a>C class a.C import
@tf_keras.saving.register_keras_serializable("a")
class D(A): pass                                   #> a>D class a.D import
@sv.register_keras_serializable("a")
class E(A): pass                                   #> a>E class a.E import
@objr.register_keras_serializable("a")
class F(A): pass                                   #> a>F class a.F import
@saving.register_keras_serializable("a")
class G(A): pass                                   #> a>G class a.G import
@ut.register_keras_serializable("a")
class H(A): pass                                   #> a>H class a.H import
@tfk.saving.register_keras_serializable("a")
class I(A): pass                                   #> a>I class a.I import
@register_keras_serializable("a")
class J(A): pass                                   #> a>J class a.J import
@rks("a")
class K(A): pass                                   #> a>K class a.K import
@object_registration.register_keras_serializable("a")
class L(A): pass                                   #> a>L class a.L import
@tfr("a")
class M(A): pass                                   #> a>M class a.M import
`);
  });

  test("through aliases, partial arguments and other modules", () => {
    checkRegistrations(`
# - /pkg/__init__.py
from .compat import *
# - /pkg/compat.py
import functools
import keras
__all__ = ["reg", "stored"]
try:
    from keras.saving import register_keras_serializable as reg
except ImportError:
    from keras.utils import register_keras_serializable as reg
stored = keras.saving.register_keras_serializable(package="stored")
bound = functools.partial(keras.saving.register_keras_serializable, "bound")
class Registrar:
    add = keras.saving.register_keras_serializable
# - /pkg/layers.py
import keras
import pkg
from . import compat, reg
from pkg import stored as st
from .compat import bound, Registrar
alias = keras.utils.register_keras_serializable
Base = keras.layers.Layer

@reg("a")
class A(Base): pass            #> a>A class pkg.layers.A import
@st
class B(A): pass               #> stored>B class pkg.layers.B import
@bound(name="c")
class C(A): pass               #> bound>c class pkg.layers.C import
@compat.reg(package="d")
class D(A): pass               #> d>D class pkg.layers.D import
@pkg.compat.reg("e")
class E(A): pass               #> e>E class pkg.layers.E import
@alias()
class F(A): pass               #> Custom>F class pkg.layers.F import
@pkg.reg("g")
class G(A): pass               #> g>G class pkg.layers.G import
@Registrar.add("h")
class H(A): pass               #> h>H class pkg.layers.H import
@getattr(keras.saving, "register_keras_serializable")("i")
class I(A): pass               #> i>I class pkg.layers.I import
`);
  });

  test("package and name as literals, constants and what is made of them", () => {
    checkRegistrations(`
# - /pkg/names.py
PACKAGE = "pkg"
NAMES = {"b": "Bee"}
ALIAS = PACKAGE
# - /pkg/layers.py
from keras.saving import register_keras_serializable as reg
from keras.layers import Layer
from . import names
from .names import PACKAGE as P, ALIAS

@reg()
class A(Layer): pass           #> Custom>A class pkg.layers.A import
@reg(P, names.NAMES["b"])
class B(Layer): pass           #> pkg>Bee class pkg.layers.B import
@reg(name="c")
class C(Layer): pass           #> Custom>c class pkg.layers.C import
@reg(package=ALIAS, name=None)
class D(Layer): pass           #> pkg>D class pkg.layers.D import
@reg(names.PACKAGE + ".sub")
class E(Layer): pass           #> pkg.sub>E class pkg.layers.E import
@reg(f"{P}_f", name=f"{P!s}")
class F(Layer): pass           #> pkg_f>pkg class pkg.layers.F import
@reg(__name__)
class G(Layer): pass           #> pkg.layers>G class pkg.layers.G import
@reg("", "h")
class H(Layer): pass           #> >h class pkg.layers.H import
@reg(package=None)
class I(Layer): pass           #> None>I class pkg.layers.I import
@reg("a>b")
class J(Layer): pass           #> a>b>J class pkg.layers.J import
`);
  });

  test("on functions, methods, nested classes, and several at once", () => {
    checkRegistrations(`
import functools
import tensorflow as tf
from keras.saving import register_keras_serializable as reg
from keras.layers import Layer

@reg("f")
def loss(y): pass              #> f>loss function a.loss import
@reg("f")
@tf.function
async def traced(y): pass      #> f>traced function a.traced import
@functools.lru_cache(None)
@reg("two", "one")
@reg("two", "other")
class Two(Layer):              #> two>one class a.Two import
    @reg("n")                  #> two>other class a.Two import
    class Inner(Layer):        #> n>Inner class a.Two.Inner import
        @reg("n")
        def method(self): pass #> n>method function a.Two.Inner.method import
def make():
    @reg("n")
    class Local(Layer): pass   #> n>Local class a.make.<locals>.Local call
    def inner():
        @reg("n")
        def deep(): pass       #> n>deep function a.make.<locals>.inner.<locals>.deep call
`);
  });

  test("without parentheses it registers nothing, and says so", () => {
    const fixture = "from keras.saving import register_keras_serializable as reg\n@reg('outer')\n@reg\nclass A: pass\n";
    checkRegistrations(fixture, "");
    const [hint] = registryOf(fixture).hintsFor("A");
    assert.deepEqual(
      [hint!.kind, hint!.qualname, hint!.at.range.start],
      ["not called", "A", { line: 2, character: 1 }],
    );
  });

  test("a class that surely has no get_config() is refused by Keras", () => {
    const fixture = `
import abc
from keras.saving import register_keras_serializable as reg
class Plain(abc.ABC):
    def call(self): pass
@reg("p")
class A(Plain): pass                #> nothing
class Config:
    get_config = None
@reg("p")
class B(Plain, Config): pass        #> p>B class a.B import
`;
    checkRegistrations(fixture);
    assert.deepEqual(
      registryOf(fixture)
        .hintsFor("A")
        .map(({ kind }) => kind),
      ["no get_config"],
    );
  });
});

describe("when", () => {
  test("what runs on import, what may, and what never does", () => {
    checkRegistrations(`
import contextlib, sys, typing
from typing import TYPE_CHECKING
from keras.saving import register_keras_serializable as reg
from keras.layers import Layer
if TYPE_CHECKING:
    @reg("a")
    class A1(Layer): pass      #> nothing
else:
    @reg("a")
    class A2(Layer): pass      #> a>A2 class a.A2 import
if True:
    @reg("b")
    class B1(Layer): pass      #> b>B1 class a.B1 import
elif x:
    @reg("b")
    class B2(Layer): pass      #> nothing
if sys.platform == "win32":
    @reg("c")
    class C1(Layer): pass      #> c>C1 class a.C1 maybe
else:
    @reg("c")
    class C2(Layer): pass      #> c>C2 class a.C2 maybe
with contextlib.suppress(ValueError):
    @reg("d")
    class D(Layer): pass       #> d>D class a.D import
try:
    @reg("e")
    class E1(Layer): pass      #> e>E1 class a.E1 import
except ValueError:
    @reg("e")
    class E2(Layer): pass      #> e>E2 class a.E2 maybe
else:
    @reg("e")
    class E3(Layer): pass      #> e>E3 class a.E3 import
finally:
    @reg("e")
    class E4(Layer): pass      #> e>E4 class a.E4 import
for i in range(2):
    @reg("f")
    class F(Layer): pass       #> f>F class a.F maybe
if __name__ == "__main__":
    @reg("g")
    class G(Layer): pass       #> g>G class a.G maybe
class Outer:
    if x:
        @reg("h")
        class H(Layer): pass   #> h>H class a.Outer.H maybe
`);
  });

  test("a script runs what stands under its own test", () => {
    checkRegistrations(`
# - /main.py
import keras
if __name__ == "__main__":
    @keras.saving.register_keras_serializable(__name__)
    class A(keras.layers.Layer): pass     #> __main__>A class __main__.A import
`);
  });

  test("imports in a try decide it, where it is known that they fail", () => {
    checkRegistrations(`
import keras
try:
    import missing.part
    @keras.saving.register_keras_serializable("a")
    class A(keras.layers.Layer): pass     #> a>A class a.A maybe
except ImportError:
    pass
try:
    from missing import register_keras_serializable as reg
except ImportError:
    from keras.saving import register_keras_serializable as reg
try:
    from keras.saving import register_keras_serializable as keep
except ImportError:
    def keep(*args): return lambda x: x
@reg("b")
class B(keras.layers.Layer): pass         #> b>B class a.B import
@keep("c")
class C(keras.layers.Layer): pass         #> c>C class a.C import
`);
  });
});

describe("the call form", () => {
  test("on classes and functions, by name and by attribute, in statements and assignments", () => {
    checkRegistrations(`
# - /b.py
import keras
class Far(keras.layers.Layer):
    class Inner(keras.layers.Layer): pass
# - /a.py
import keras
import b
from b import Far as F
reg = keras.saving.register_keras_serializable
class A(keras.layers.Layer): pass
def f(x): return x
reg("one")(A)                                              #> one>A class a.A import
Again = reg(package="two", name="again")(A)                #> two>again class a.A import
reg("three")(Again)                                        #> three>A class a.A import
keras.saving.register_keras_serializable()(f)              #> Custom>f function a.f import
reg("four")(b.Far.Inner)                                   #> four>Inner class b.Far.Inner import
reg("five", "far")(F)                                      #> five>far class b.Far import
stored = reg("six")
stored(A)                                                  #> six>A class a.A import
if x:
    reg("seven")(A)                                        #> seven>A class a.A maybe
def setup():
    reg("eight")(A)                                        #> eight>A class a.A call
later = lambda: reg("lambda")(A)                           #> lambda>A class a.A call
x and reg("and")(A)                                        #> and>A class a.A maybe
assert reg("assert")(A)                                    #> assert>A class a.A import
reg("outer")(reg("inner")(A))                              #> outer>A class a.A import
reg("nine")(keras.Sequential)                              #> nine>Sequential class keras.Sequential import
                                                           #> inner>A class a.A import
reg("ten", "made")(keras.layers.Dense(1))                  #> ten>made other a.made import
`);
  });

  test("the place is that of the object's own name, and `via` tells the registration", () => {
    const fixture =
      "# - /a.py\nimport keras\nclass Abc(keras.layers.Layer): pass\n# - /b.py\nfrom a import Abc\nfrom keras.saving import register_keras_serializable as r\nr('p')(Abc)\n";
    const [entry] = listRegistrations(registryOf(fixture)).registrations;
    assert.deepEqual(
      [
        entry!.location.uri,
        entry!.location.range.start,
        entry!.location.end - entry!.location.start,
        entry!.via.location.uri,
      ],
      ["/a.py", { line: 1, character: 6 }, 3, "/b.py"],
    );
    assert.match(entry!.via.text, /^r\b/);
    assert.equal(entry!.name, "Abc");
  });
});

describe("several registrations", () => {
  test("all declarations of a key are kept, the last one wins", () => {
    const registry = registryOf(`
# - /a.py
import b
from keras.saving import register_keras_serializable as reg
from keras.layers import Layer
@reg("p", "same")
class A(Layer): pass
@reg("p", "same")
class A(Layer): tag = 2
# - /b.py
from keras.saving import register_keras_serializable as reg
from keras.layers import Layer
@reg("p", "same")
class Z(Layer): pass
`);
    assert.deepEqual(
      registry.declarations("p>same").map(({ module, location }) => `${module} ${location.range.start.line}`),
      ["b 3", "a 4", "a 6"],
    );
    assert.deepEqual(
      registry.declarationsEndingWith("me").map(({ key }) => key),
      ["p>same", "p>same", "p>same"],
    );
    assert.deepEqual(registry.keys(), ["p>same"]);
    assert.deepEqual(
      registry.declarationsNamed("Z").map(({ key }) => key),
      ["p>same"],
    );
  });

  test("the listing has one entry per key and object, and the surest time of it", () => {
    const fixture =
      "import keras\nreg = keras.saving.register_keras_serializable\nclass A(keras.layers.Layer): pass\ndef f():\n  reg('p')(A)\nreg('p')(A)\nreg('p')(A)\n";
    checkRegistrations(fixture, "p>A class a.A import");
    checkRegistrations(
      "import keras\nreg = keras.saving.register_keras_serializable\nreg('p')(keras.Sequential)\nreg('p')(keras.Sequential)\n",
      "p>Sequential class keras.Sequential import",
    );
  });

  test("half-typed files keep their other classes", () => {
    for (const line of [
      "x = Dense(",
      "@reg(",
      "    def get_config(self",
      "y = {'a': [",
      "class New(Layer",
      "if A.",
      "s = 'half",
    ]) {
      checkRegistrations(`
from keras.saving import register_keras_serializable as reg
from keras.layers import Layer
@reg("p")
class A(Layer): pass           #> p>A class a.A import
@reg("p", name="bee")
class B(Layer):                #> p>bee class a.B import
    def call(self, x):
        return x
${line}
@reg("p")
class C(Layer): pass           #> p>C class a.C import
@reg("p")
def d(x): return x             #> p>d function a.d import
`);
    }
  });
});

describe("what code does to classes, packages and names before it registers", () => {
  test("decorators that make another class, names and packages that change", () => {
    checkRegistrations(`
import enum, functools
import keras
from keras.layers import Layer
reg = keras.saving.register_keras_serializable
class Package(enum.Enum):
    A = "alpha"
class Text(str, enum.Enum):
    B = "beta"
def replaced(cls):
    class New(cls): pass
    return New
def renamed(cls):
    cls.__name__ += "V2"
    return reg("v")(cls)
def completed(cls):
    cls.get_config = lambda self: {}
    return reg("c")(cls)
def suffixed(cls, package, suffix):
    return reg(package, cls.__name__ + suffix)(cls)
CHANGES = "one"
def change():
    global CHANGES
    CHANGES = "two"
k = __import__("keras")

@reg(Package.A.value)
class InEnum(Layer): pass                           #> alpha>InEnum class a.InEnum import
@reg(Text.B)
class AsMember(Layer): pass                         #> nothing
@reg("p")
@replaced
class Old(Layer): pass                              #> p>New class a.replaced.<locals>.New import
@renamed
class Model(Layer): pass                            #> v>ModelV2 class a.Model import
@completed
class Plain: pass                                   #> c>Plain class a.Plain import
@functools.partial(suffixed, package="s", suffix="X")
class Suffixed(Layer): pass                         #> s>SuffixedX class a.Suffixed import
@reg(CHANGES)
class Changed(Layer): pass                          #> one>Changed class a.Changed maybe
@(lambda cls: reg("lambda")(cls))
class InLambda(Layer): pass                         #> lambda>InLambda class a.InLambda import
@k.saving.register_keras_serializable("k")
class Imported(Layer): pass                         #> k>Imported class a.Imported import
`);
  });

  test("a lambda has a name, too", () => {
    checkRegistrations(`
import keras
reg = keras.saving.register_keras_serializable
double = lambda x: 2 * x
reg("my")(double)                                   #> my><lambda> other a.<lambda> import
reg("my", "half")(lambda x: x / 2)                  #> my>half other a.<lambda> import
`);
  });

  test("a dict that is changed and taken from, in the order in which it happens", () => {
    checkRegistrations(`
import keras
from keras.layers import Layer
objects = keras.saving.get_custom_objects()
@keras.saving.register_keras_serializable("p")
class Gone(Layer): pass                             #> nothing
del objects["p>Gone"]
objects |= {"Kept": Gone}                           #> Kept class a.Gone import
objects["Lost"] = Gone
objects.pop("Lost", None)
for index, (name, cls) in enumerate({"x": Gone, "y": Gone}.items()):
    if name == "x": continue
    objects[f"{name}{index}"] = cls                 #> y1 class a.Gone import
`);
  });

  test("a test that clears the dict, or takes a key out, says nothing for certain about programs without it", () => {
    checkRegistrations(`
# - /layers.py
import keras
@keras.saving.register_keras_serializable("p")
class A(keras.layers.Layer): pass                   #> p>A class layers.A import
@keras.saving.register_keras_serializable("p")
class B(keras.layers.Layer): pass                   #> p>B class layers.B maybe
# - /test_layers.py
import keras
from layers import A, B
keras.saving.get_custom_objects().clear()
keras.saving.get_custom_objects().pop("p>B", None)
`);
  });
});
