import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { RegistrationProblem, Registry } from "../../../server/src/registry/index.ts";
import { pythonFiles } from "../python/files.ts";
import { registryOf } from "./build.ts";

/**
 * The problems of a fixture: those of a line stand behind `#!` in it, several of them with ` & ` between. What stands there
 * is the cause and what `said` makes of the rest.
 */
function checkProblems(fixture: string, installed = ""): Registry {
  const registry = registryOf(fixture, {}, installed);
  const expected: string[] = [];
  for (const { uri, text } of pythonFiles(fixture)) {
    for (const [line, code] of text.split("\n").entries()) {
      const said = /#! (.*)$/.exec(code)?.[1]?.trim().split(" & ") ?? [];
      for (const one of said) expected.push(`${uri}:${line} ${one}`);
    }
  }
  const found = registry.files.flatMap((uri) =>
    registry.problemsIn(uri).map((problem) => `${problem.at.uri}:${problem.at.range.start.line} ${said(problem)}`),
  );
  assert.deepEqual(found.sort(), expected.sort());
  return registry;
}

function said(problem: RegistrationProblem): string {
  const { cause, name } = problem;
  switch (problem.cause) {
    case "decorator-not-called":
      return `${cause} ${problem.kind} ${name}`;
    case "name-as-package":
      return `${cause} ${problem.key}`;
    case "built-in-registered":
      return `${cause} ${problem.key}${problem.chosen ? " chosen" : ""}`;
    case "instance-registered":
      return `${cause} ${problem.by === "get_custom_objects" ? "dict" : "call"} ${problem.key ?? "-"} = ${name}${problem.isActivation ? " activation" : ""}`;
    case "duplicate-registration": {
      const { last, others } = problem;
      const kept = last ? ` last ${last.isThis ? "this" : last.name}` : "";
      return `duplicate ${problem.key} also ${others.map((other) => other.name).join()}${kept}`;
    }
    default:
      return `${cause} ${name}`;
  }
}

describe("the decorator without parentheses", () => {
  test("on a class and on a function, however it is imported", () => {
    checkProblems(`
import keras, tensorflow as tf
from keras.utils import register_keras_serializable as reg
@keras.saving.register_keras_serializable #! decorator-not-called class A
class A(keras.layers.Layer): pass
@reg                                      #! decorator-not-called function f
def f(x): return x
def make():
    @tf.keras.utils.register_keras_serializable #! decorator-not-called class B
    class B(keras.layers.Layer): pass
@reg()
class Good(keras.layers.Layer): pass
`);
  });

  test("not where it may be something else that is called so", () => {
    checkProblems(`
try:
    from keras.saving import register_keras_serializable
except ImportError:
    def register_keras_serializable(cls): return cls
from elsewhere import register_keras_serializable as other
from keras.saving import register_keras_serializable as reg
mine = reg("p")
@register_keras_serializable
class A: pass
@other
class B: pass
@mine
def c(x): pass
def wrap(cls): return reg("q")(cls)
@wrap
def d(x): pass
if False:
    @reg
    def never(x): pass
`);
  });
});

describe("a name for the package", () => {
  test("where it is the object's own, in whatever spelling", () => {
    checkProblems(`
import keras
from keras.saving import register_keras_serializable as reg
@reg("attention_loss") #! name-as-package attention_loss>attention_loss
def attention_loss(a, b): pass
@reg("scale_layer")    #! name-as-package scale_layer>ScaleLayer
class ScaleLayer(keras.layers.Layer): pass
def swish(x): pass
reg("swish")(swish)    #! name-as-package swish>swish
`);
  });

  test("not where a package is meant, or said", () => {
    checkProblems(`
import functools, keras
from keras.saving import register_keras_serializable as reg
bound = functools.partial(reg, "bound")
@bound("Threshold")
def threshold(x): pass
@reg("my_package")
def attention_loss(a, b): pass
@reg(package="focal")
def focal(a, b): pass
@reg("dice", "dice")
def dice(a, b): pass
@reg(name="gelu")
def gelu(x): pass
NAME = "tversky"
@reg(NAME)
def tversky(a, b): pass
@reg("Attention")
class Attention(keras.layers.Layer): pass
@reg("Attention")
class Other(keras.layers.Layer): pass
@reg()
def plain(x): pass
`);
  });
});

describe("a class without get_config", () => {
  test("is refused on import", () => {
    const registry = checkProblems(`import abc
from keras.saving import register_keras_serializable as reg
@reg()      #! missing-get-config Plain
class Plain:
    pass
class Other: pass
reg("p")(Other) #! missing-get-config Other
@reg()      #! missing-get-config Abstract
class Abstract(metaclass=abc.ABCMeta): pass
`);
    const [first] = registry.problemsIn("/a.py");
    assert.ok(first?.cause === "missing-get-config");
    assert.deepEqual(first.object.range.start, { line: 3, character: 6 });
  });

  test("not where it may have one, or where a function expects the error", () => {
    checkProblems(`
import pytest, unknown
from keras.saving import register_keras_serializable as reg
from keras.layers import Layer
@reg()
class A(Layer): pass
@reg()
class B(unknown.Base): pass
@reg()
class C:
    def get_config(self): return {}
@reg()
@unknown.decorator
class D: pass
@reg()
class E(metaclass=unknown.Meta): pass
def expect(call):
    try: call()
    except ValueError: pass
def fails():
    class G: pass
    reg()(G)
expect(fails)
def test_it():
    with pytest.raises(ValueError):
        @reg()
        class F: pass
@reg()
def function(x): pass
`);
  });
});

describe("an object where a class or a function belongs", () => {
  test("in the dict", () => {
    checkProblems(`
import keras
from keras.layers import Activation
from tensorflow.keras.utils import get_custom_objects
def swish(x): return x
class Scale(keras.layers.Layer): pass
get_custom_objects().update({'swish': Activation(swish)})          #! instance-registered dict swish = Activation activation
keras.saving.get_custom_objects()["act"] = keras.layers.Activation(swish) #! instance-registered dict act = Activation activation
def setup():
    get_custom_objects()["Scale"] = Scale()                        #! instance-registered dict Scale = Scale
get_custom_objects().update({'a': swish, 'b': keras.losses.MeanSquaredError()}) #! instance-registered dict b = MeanSquaredError
`);
  });

  test("in a call", () => {
    checkProblems(`
import keras
from keras.saving import register_keras_serializable as reg
class Scale(keras.layers.Layer): pass
class Plain: pass
reg()(Scale())                  #! instance-registered call - = Scale
reg("p", "S")(Scale())          #! instance-registered call p>S = Scale
reg(name="d")(keras.layers.Dense(2)) #! instance-registered call Custom>d = Dense
reg()(Plain())                  #! instance-registered call - = Plain
`);
  });

  test("not what may be called, or may be anything", () => {
    checkProblems(`
import functools, keras, unknown
from keras.saving import get_custom_objects, register_keras_serializable as reg
class Swish:
    def __call__(self, x): return x
class Named:
    def __init__(self): self.__name__ = "named"
    def __getattr__(self, name): return name
class Made(keras.layers.Layer):
    def __new__(cls): return len
def make(): return keras.layers.Dense(1)
class Scale(keras.layers.Layer): pass
get_custom_objects().update({"swish": Swish(), "u": unknown.Layer(), "m": make(), "x": Made()})
get_custom_objects()["loss"] = keras.losses.get("mse")
get_custom_objects()["p"] = functools.partial(len)
get_custom_objects().update({"Scale": Scale, "Dense": keras.layers.Dense})
reg()(unknown.Thing())
reg()(Named())
reg()(make())
reg()(keras.activations.get("relu"))
`);
  });
});

describe("what Keras finds by itself", () => {
  test("a class or function of Keras", () => {
    checkProblems(`
import keras, tensorflow as tf
from keras.saving import register_keras_serializable as reg
from tensorflow.keras.models import Sequential
reg()(Sequential)                     #! built-in-registered Custom>Sequential
tf.keras.utils.register_keras_serializable()(tf.keras.layers.Dense) #! built-in-registered Custom>Dense
reg()(keras.activations.relu)         #! built-in-registered Custom>relu
reg("Addons")(keras.layers.GroupNormalization) #! built-in-registered Addons>GroupNormalization chosen
for layer in (keras.layers.LSTM, keras.layers.GRU):
    reg()(layer) #! built-in-registered Custom>LSTM & built-in-registered Custom>GRU
`);
  });

  test("not an alias, an entry of the dict, or another package's", () => {
    checkProblems(`
import keras, tensorflow as tf, tensorflow_addons as tfa
from keras.saving import get_custom_objects, register_keras_serializable as reg
reg("Addons", "GELU")(keras.activations.gelu)
get_custom_objects().update({"Functional": keras.Model, "relu6": keras.activations.relu6})
get_custom_objects()["Custom>Sequential"] = keras.Sequential
reg("Addons")(tfa.layers.GroupNormalization)
reg()(tf.nn.gelu)
class Dense(keras.layers.Dense): pass
reg()(Dense)
`);
  });
});

describe("two objects under one key", () => {
  test("in one file: the last one is kept", () => {
    checkProblems(`
import keras
from keras.saving import get_custom_objects, register_keras_serializable as reg
@reg("p", "A") #! duplicate p>A also Two last Two
class One(keras.layers.Layer): pass
@reg("p", "A") #! duplicate p>A also One last this
class Two(keras.layers.Layer): pass
def swish(x): pass
def mish(x): pass
get_custom_objects()["swish"] = swish #! duplicate swish also mish last mish
get_custom_objects()["swish"] = mish  #! duplicate swish also swish last this
`);
  });

  test("in modules of which one imports the other", () => {
    checkProblems(`
# - /pkg/__init__.py
# - /pkg/base.py
import keras
@keras.saving.register_keras_serializable("p") #! duplicate p>Scale also pkg.more.Scale last Scale
class Scale(keras.layers.Layer): pass
# - /pkg/middle.py
from .base import Scale
# - /pkg/more.py
import keras
from . import middle
@keras.saving.register_keras_serializable("p") #! duplicate p>Scale also pkg.base.Scale last this
class Scale(keras.layers.Layer): pass
`);
  });

  test("in modules that nothing brings together: only for those who import both", () => {
    checkProblems(`
# - /one.py
import keras
@keras.saving.register_keras_serializable("p") #! duplicate p>Scale also two.Scale
class Scale(keras.layers.Layer): pass
# - /two.py
import keras
@keras.saving.register_keras_serializable("p") #! duplicate p>Scale also one.Scale
class Scale(keras.layers.Layer): pass
`);
  });

  test("not one object twice, nor what excludes each other", () => {
    checkProblems(`
import keras, sys
from keras.saving import register_keras_serializable as reg
@reg("p", "A")
@reg("q", "A")
class Twice(keras.layers.Layer): pass
reg("p", "A")(Twice)
if sys.version_info > (3, 11):
    @reg("p")
    class Branch(keras.layers.Layer): pass
else:
    @reg("p")
    class Branch(keras.layers.Layer): pass
try:
    import fast
    @reg("p")
    class Try(keras.layers.Layer): pass
except ImportError:
    @reg("p")
    class Try(keras.layers.Layer): pass
def test_one():
    @reg("p")
    class Local(keras.layers.Layer): pass
def test_two():
    @reg("p")
    class Local(keras.layers.Layer): pass
def either(flag):
    if flag:
        @reg("p")
        class Either(keras.layers.Layer): pass
    else:
        @reg("p")
        class Either(keras.layers.Layer): pass
def test_that_saves_and_loads():
    @reg("p", "Again")
    class Again(keras.layers.Layer): pass
    @reg("p", "Again")
    class Again(keras.layers.Layer): pass
@reg("p")
class Late(keras.layers.Layer): pass
def later():
    @reg("p")
    class Late(keras.layers.Layer): pass
`);
  });

  test("not what an installed package registers too", () => {
    checkProblems(
      `
import keras
@keras.saving.register_keras_serializable("p")
class A(keras.layers.Layer): pass
`,
      `
# - /site/p/layers.py
import keras
@keras.saving.register_keras_serializable("p")
class A(keras.layers.Layer): pass
`,
    );
  });
});
