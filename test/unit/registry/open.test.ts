import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { PackageStatus, World } from "../../../server/src/registry/index.ts";
import { registryOf } from "./build.ts";

/**
 * The question `key name module` (`-` for no module), and how it is answered: a part of the reason, `closed`, or `found`
 * where importing the workspace registers the key.
 */
function checkOpen(fixture: string, questions: string, world: Partial<World> = {}, installed = ""): void {
  const registry = registryOf(fixture, world, installed);
  for (const line of questions.trim().split("\n")) {
    const [asked, expected] = line.split(" => ") as [string, string];
    const [key, name, module] = asked.trim().split(/\s+/) as [string, string, string];
    const answer = registry.whyOpen(key, name, module === "-" ? null : module);
    if (expected.trim() === "found") {
      assert.deepEqual(
        [...new Set(registry.declarations(key).map(({ when }) => when))],
        ["import"],
        `${asked}: ${answer?.reason}`,
      );
      continue;
    }
    assert.deepEqual(
      registry.declarations(key).filter(({ when }) => when === "import"),
      [],
      asked,
    );
    if (expected.trim() === "closed") assert.equal(answer, undefined, `${asked}: ${answer?.reason}`);
    else assert.ok(answer?.reason.includes(expected.trim()), `${asked} => ${answer?.reason ?? "closed"}`);
  }
}

const packages = (statuses: Record<string, PackageStatus>) => ({ packages: new Map(Object.entries(statuses)) });

describe("a name may be called missing", () => {
  test("where all of the workspace was read and nothing speaks of it", () => {
    checkOpen(
      `
import keras, numpy as np, os.path, tensorflow as tf
@keras.saving.register_keras_serializable("p")
class A(keras.layers.Layer): pass
class Plain(keras.layers.Layer): pass
`,
      `
      p>B B a              => closed
      p>Plain Plain a      => closed
      Plain Plain -        => closed
      other>A A elsewhere  => closed
      `,
    );
  });

  test("not where the index is incomplete", () => {
    checkOpen("import keras\n", "p>B B a => the scan stopped at 20,000 files", {
      complete: false,
      incompleteReason: "the scan stopped at 20,000 files",
    });
  });

  test("not where only a call, a branch or another root registers it", () => {
    const sibling = registryOf(
      "import keras\n@keras.saving.register_keras_serializable('s')\nclass Far(keras.layers.Layer): pass\nclass Other: pass\n",
    );
    checkOpen(
      `
import keras, sys
reg = keras.saving.register_keras_serializable
class A(keras.layers.Layer): pass
def setup():
    def inner():
        reg("p")(A)
if sys.argv:
    @reg("p")
    class B(keras.layers.Layer): pass
`,
      `
      p>A A a       => \`p>A\` is registered only where setup() is called
      p>B B a       => in a branch that cannot be decided
      s>Far Far b   => another root of the workspace, models
      p>Other Other a => \`Other\` is defined in another root
      p>C C a       => closed
      `,
      { siblings: [{ name: "models", view: sibling }] },
    );
  });
});

describe("decorators that are not computed", () => {
  test("of the workspace: those that register open what they decorate, others nothing", () => {
    checkOpen(
      `
# - /pkg/export.py
import functools
import keras
def plain(cls):
    return cls
def timed(f):
    @functools.wraps(f)
    def inner(*args): return f(*args)
    return inner
class export:
    def __init__(self, path): self.path = path
    def __call__(self, symbol):
        maybe(self.path, symbol)
        return symbol
def maybe(path, symbol):
    keras.saving.register_keras_serializable(package="pkg", name=path)(symbol)
def by_name(name):
    def decorate(cls):
        keras.utils.get_custom_objects()[name] = cls
        return cls
    return decorate
# - /pkg/layers.py
from keras.layers import Layer
from .export import *
from . import export as ex
@plain
class A(Layer): pass
@timed
def f(): pass
@export(["pkg.layers.B", "pkg.OldB"])
class B(Layer): pass
@ex.by_name("see")
class C(Layer): pass
class D(Layer): pass
`,
      `
      pkg>A A pkg.layers        => closed
      pkg>f f builtins          => closed
      pkg>B B pkg.layers        => @export registers \`B\`
      pkg>OldB OldB pkg.layers  => @export registers \`B\`
      C C pkg.layers            => closed
      see see -                 => found
      pkg>D D pkg.layers        => closed
      `,
    );
  });

  test("of packages: what is known or silent opens nothing, what is missing opens what it decorates", () => {
    checkOpen(
      `
import abc, dataclasses, functools
import silent, missing, tensorflow as tf
from keras.layers import Layer
@dataclasses.dataclass
class A(Layer):
    @property
    def x(self): pass
    @missing.method
    def y(self): pass
@tf.function
@functools.lru_cache
def f(): pass
@silent.decorate
class B(Layer): pass
@missing.decorate("old>Name")
class C(Layer): pass
app = missing.App()
@app.route("/")
def g(): pass
@undefined
class D(Layer): pass
`,
      `
      p>A A a       => closed
      p>y y a       => closed
      p>f f a       => closed
      p>B B a       => closed
      p>C C a       => @missing.decorate is not known
      old>Name X a  => @missing.decorate
      p>g g a       => @app.route is not known
      p>D D a       => @undefined is not known
      `,
      { ...packages({ silent: "installed-silent", missing: "missing" }), closed: true },
    );
  });

  test("of the workspace, whose body calls into a missing package", () => {
    checkOpen(
      `
import missing
from keras.layers import Layer
def decorate(cls):
    return helper(cls)
def helper(cls):
    missing.add(cls)
    return cls
@decorate
class A(Layer): pass
class B(Layer): pass
`,
      `
      p>A A a => calls into a package that was not read
      p>B B a => closed
      `,
      { closed: true },
    );
  });

  test("of an installed package that was read", () => {
    const installed = `
# - /lib/__init__.py
import keras
def add(name):
    return lambda cls: keras.saving.register_keras_serializable("lib", name)(cls)
def none(cls): return cls
@keras.saving.register_keras_serializable("lib")
class Own(keras.layers.Layer): pass
`;
    const fixture =
      "import lib\nfrom keras.layers import Layer\n@lib.add('a')\nclass A(Layer): pass\n@lib.none\nclass B(Layer): pass\n";
    checkOpen(fixture, "lib>a A a => found\np>B B a => closed", packages({ lib: "installed-read" }), installed);
    const registry = registryOf(fixture, packages({ lib: "installed-read" }), installed);
    assert.deepEqual(
      registry.declarations("lib>Own").map(({ module }) => module),
      ["lib"],
    );
    assert.deepEqual(
      registry.registrations.map(({ key }) => key),
      ["lib>a"],
    );
  });
});

describe("installed packages that were read", () => {
  test("leave open the names that they speak of, not everything that their functions could do", () => {
    const installed = `
# - /lib/__init__.py
import keras, other
def load(path):
    return keras.models.load_model(path, custom_objects=other.OBJECTS)
def register():
    for cls in other.classes(): keras.saving.register_keras_serializable("lib")(cls)
def fill():
    keras.saving.get_custom_objects()["Filled"] = other.thing()
`;
    const fixture = "import lib, keras\nclass A(keras.layers.Layer): pass\n";
    checkOpen(
      fixture,
      "p>A A a => closed\nFilled Filled - => is registered only where fill() is called",
      packages({ lib: "installed-read" }),
      installed,
    );
  });
});

describe("calls that are not computed", () => {
  test("loops and comprehensions name what they run over", () => {
    checkOpen(
      `
import keras
from keras.layers import Layer
reg = keras.saving.register_keras_serializable
class A(Layer): pass
class B(Layer): pass
class C(Layer): pass
class D(Layer): pass
ALL = [B]
for cls in (A, *ALL):
    reg("p")(cls)
[reg("p")(cls) for cls in [C]]
`,
      `
      p>A A a => found
      p>B B a => found
      p>C C a => found
      p>D D a => closed
      `,
    );
  });

  test("what cannot be listed opens every name, of one package where that is known", () => {
    const text = (loop: string, args: string) => `
import keras, inspect, sys
class A(keras.layers.Layer): pass
for name, cls in ${loop}:
    keras.saving.register_keras_serializable(${args})(cls)
`;
    checkOpen(text("globals().items()", '"p"'), "p>A A a => found\np>B B a => closed");
    checkOpen(text("inspect.getmembers(sys.modules[__name__])", '"p"'), "p>B B a => not literals\nq>B B a => closed");
    checkOpen(text("vars(sys).items()", "name"), "q>B B a => not literals");
  });

  test("functions that register what they are given, where they are called", () => {
    checkOpen(
      `
# - /tools.py
import keras
class Registrar:
    def __init__(self, package): self.package = package
    def add(self, cls, name=None):
        return keras.saving.register_keras_serializable(self.package, name)(cls)
def register_all(classes):
    for cls in classes: keras.saving.register_keras_serializable("p")(cls)
registrar = Registrar("r")
# - /a.py
from keras.layers import Layer
from tools import register_all, registrar
import tools as t
class A(Layer): pass
class B(Layer): pass
class C(Layer): pass
class D(Layer): pass
register_all([A])
registrar.add(B, "bee")
def later(): t.Registrar("x").add(C)
`,
      `
      p>A A a     => found
      r>bee X a   => found
      r>B B a     => closed
      x>C C a     => is registered only where later() is called
      p>D D a     => closed
      `,
    );
  });

  test("handed on without a call", () => {
    checkOpen(
      "import keras\nfrom keras.layers import Layer\nclass A(Layer): pass\nclass B(Layer): pass\nlist(map(keras.saving.register_keras_serializable('p'), [A]))\n",
      "p>A A a => found\np>B B a => closed",
    );
    checkOpen(
      "import keras\nhooks = {'on': keras.saving.register_keras_serializable}\n",
      "p>B B a => is handed on here",
    );
    checkOpen(
      "import functools\nfrom keras.saving import register_keras_serializable\nassert callable(register_keras_serializable)\n@functools.wraps(register_keras_serializable)\ndef f(): pass\n",
      "p>B B a => closed",
    );
  });

  test("__init_subclass__ and metaclasses", () => {
    checkOpen(
      `
import keras
class Base(keras.layers.Layer):
    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        keras.saving.register_keras_serializable(package="auto")(cls)
class Meta(type):
    def __new__(mcs, name, bases, body):
        return keras.saving.register_keras_serializable("meta")(super().__new__(mcs, name, bases, body))
class A(Base): pass
class B(A): pass
class C(keras.layers.Layer, metaclass=Meta): pass
class D(C): pass
class E(keras.layers.Layer): pass
`,
      `
      auto>A A a => found
      auto>B B a => found
      meta>C C a => found
      meta>D D a => found
      p>E E a    => closed
      auto>Base Base a => closed
      `,
    );
  });
});

describe("custom objects", () => {
  test("in get_custom_objects(), by key and by what is put in", () => {
    checkOpen(
      `
# - /objects.py
OBJECTS = {"far": "x"}
# - /a.py
import keras
from keras.utils import get_custom_objects as gco
from objects import OBJECTS
def swish(x): pass
gco()["swishy"] = swish
gco().update({"a": swish, "b": swish})
gco().update(OBJECTS)
co = keras.saving.get_custom_objects()
co["c"] = swish
co.pop("d", None)
print(gco()["e"], "f" in gco(), len(co))
keras.saving.get_custom_objects().setdefault("g", swish)
`,
      `
      swishy swishy builtins => found
      swish swish builtins   => closed
      a a -                  => found
      far far -              => found
      c c -                  => found
      g g -                  => found
      d d -                  => closed
      e e -                  => closed
      f f -                  => closed
      `,
    );
  });

  test("in a dict or list that is filled where nobody follows it: any", () => {
    const fill = (filling: string, use: string) =>
      `import keras\nfrom objects import *\nR = {}\n${filling}\nclass Gate(keras.layers.Layer): pass\n${use}\n`;
    const update = "keras.saving.get_custom_objects().update(R)";
    const decorator = "def keep(cls):\n    R[cls.__name__] = cls\n    return cls\n@keep";
    const objects = "\n# - /objects.py\n";
    const open = "Gate Gate m => get_custom_objects() is changed here";
    checkOpen(`# - /m.py\n${fill(decorator, update)}${objects}`, open);
    checkOpen(`# - /m.py\n${fill("", `R["Gate"] = Gate\n${update}`)}${objects}`, open);
    checkOpen(`# - /m.py\n${fill("logs = []\nlogs.append(1)", update)}${objects}`, "Gate Gate m => closed");
    const load = "m = keras.models.load_model('a', custom_objects=R)";
    checkOpen(
      `# - /m.py\n${fill(decorator, load)}${objects}`,
      "Gate Gate m => custom_objects= brings names for one load",
    );
    const inObjects =
      "# - /objects.py\nclass Kept:\n    all = {}\n    def add(cls):\n        Kept.all[cls.__name__] = cls\n        return cls\n";
    checkOpen(
      `# - /m.py\n${fill("@Kept.add", "keras.saving.get_custom_objects().update(Kept.all)")}\n${inObjects}`,
      open,
    );
  });

  test("in a dict of another module that is filled where nobody follows it: any", () => {
    for (const [imports, kept] of [
      ["from store import KEPT", "KEPT"],
      ["import store", "store.KEPT"],
    ]) {
      const files = `
# - /store.py
KEPT = {}
# - /objects.py
import keras
${imports}
class Gate(keras.layers.Layer): pass
${kept}["Gate"] = Gate
# - /main.py
import keras, objects
${imports}
keras.saving.get_custom_objects().update(${kept})
`;
      checkOpen(files, "Gate Gate objects => get_custom_objects() is changed here");
      checkOpen(files.replace(/^.*\["Gate"\].*$/m, ""), "Gate Gate objects => closed");
    }
  });

  test("in what an object or a function keeps and hands out", () => {
    const keeper = `
class Keeper:
    def __init__(self):
        self.kept = {}
    def keep(self, cls):
        self.kept[cls.__name__] = cls
        return cls
    def all(self):
        return dict(self.kept)
keeper = Keeper()
def everything():
    return keeper.kept
@keeper.keep
class Gate(keras.layers.Layer): pass
`;
    for (const objects of ["keeper.kept", "keeper.all()", "everything()"]) {
      const update = `keras.saving.get_custom_objects().update(${objects})`;
      checkOpen(`import keras\n${keeper}${update}\n`, "Gate Gate a => get_custom_objects() is changed here");
    }
  });

  test("in a dict that is filled by what registers: those", () => {
    checkOpen(
      `
import keras
R = {}
def keep(cls):
    R[cls.__name__] = cls
    return keras.saving.register_keras_serializable("my")(cls)
@keep
class Gate(keras.layers.Layer): pass
keras.saving.get_custom_objects().update(R)
`,
      `
      Gate Gate m    => found
      my>Gate Gate m => found
      Other Other m  => closed
      `,
    );
  });

  test("in arguments, scopes and dicts of that name", () => {
    checkOpen(
      `
import keras
from keras.saving import custom_object_scope as cos
def losses():
    return {"from_function": 1}
def load(path, custom_objects=None):
    objects = {"local": 1}
    keras.models.load_model(path, custom_objects=objects)
    keras.models.load_model(path, custom_objects=dict(custom_objects or {}).copy())
    return keras.models.load_model(path, custom_objects=custom_objects)
load("x", custom_objects={"A": 1, "pkg>B": 2})
keras.models.load_model("x", {"C": 3})
load("x", custom_objects=dict(D=1, **losses()))
with keras.utils.CustomObjectScope({"E": 1}), cos({"F": 2}):
    pass
CUSTOM_OBJECTS = {"G": 1}
CUSTOM_OBJECTS["H"] = 2
`,
      `
      p>A A a     => closed
      A A a       => \`A\` is provided by custom_objects= of one load
      pkg>B X a   => \`pkg>B\` is provided by custom_objects= of one load
      q>B B a     => closed
      C C a       => \`C\` is provided by custom_objects= of one load
      D D a       => \`D\` is provided by custom_objects= of one load
      local local a => \`local\` is provided by custom_objects= of one load
      from_function from_function a => \`from_function\` is provided by custom_objects= of one load
      E E a       => \`E\` is provided by a custom object scope for the loads inside it
      F F a       => \`F\` is provided by a custom object scope for the loads inside it
      G G a       => CUSTOM_OBJECTS may bring names
      H H a       => CUSTOM_OBJECTS may bring names
      p>Z Z a     => closed
      `,
    );
  });

  test("what a text is evaluated to, or an attribute of any name, may hold every name", () => {
    const around = (statement: string) =>
      `import keras, settings\nclass A(keras.layers.Layer): pass\nco = keras.saving.get_custom_objects()\n${statement}\n`;
    for (const statement of [
      'co.update(eval("OBJECTS"))',
      'found = eval("OBJECTS")\nco.update(found)',
      'co.update(**dict(eval("OBJECTS")))',
      'co |= eval("OBJECTS")',
      'co[eval("KEY")] = A',
      'def objects(): return eval("OBJECTS")\nco.update(objects())',
      "co.update(getattr(settings, settings.NAME))",
    ]) {
      const world = { closed: true };
      checkOpen(around(statement), "p>Z Z a => get_custom_objects() is changed here", world);
      const place = registryOf(around(statement), world).whyOpen("p>Z", "Z", "a")?.location?.range.start.line;
      assert.equal(place, around(statement).trimEnd().split("\n").length - 1, statement);
    }
    checkOpen(around('limit = eval("3")\nco.update({"N": A})'), "p>Z Z a => closed", { closed: true });
  });

  test("a dict of a package that was not read may hold any name", () => {
    checkOpen(
      "import keras, missing\nkeras.models.load_model('x', custom_objects=missing.OBJECTS)\n",
      "p>A A a => custom_objects=",
      {
        closed: true,
      },
    );
  });
});

describe("packages that are not installed", () => {
  const fixture = `
# - /mine/layers.py
import keras, missing
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import other_missing
@keras.saving.register_keras_serializable("mine")
class A(keras.layers.Layer): pass
`;
  const questions = (open: string) => `
      theirs>X X theirs.layers => ${open}
      theirs>X X -             => ${open}
      theirs>X X mine.layers   => ${open}
      mine>X X theirs.layers   => ${open}
      mine>X X -               => closed
      mine>X X builtins        => closed
      mine>X X mine.layers     => closed
      mine>X X mine.gone       => closed
      Custom>X X theirs.layers => ${open}
      Custom>X X -             => ${open}
      Custom>X X mine.layers   => closed
      X X theirs               => ${open}
      X X mine.layers          => closed
`;
  test("leave open what they could plausibly register", () => {
    checkOpen(fixture, questions("`missing` is imported and not installed"));
    assert.deepEqual(
      registryOf(fixture).unreadPackages.map(({ name, location }) => [name, location.range.start.line]),
      [["missing", 0]],
    );
  });
  test("modules of the workspace's own that are not there leave everything open, unless they may be missing", () => {
    const text = (line: string) => `# - /mine/__init__.py\n# - /mine/layers.py\nimport keras\n${line}\n`;
    const found = (line: string) => registryOf(text(line)).whyOpen("mine>X", "X", "mine.layers")?.reason;
    assert.equal(
      found("from .built import X"),
      "`mine.built` is imported and not in the workspace, it may register `mine>X`",
    );
    assert.equal(
      found("import mine.built"),
      "`mine.built` is imported and not in the workspace, it may register `mine>X`",
    );
    assert.equal(found("from ._version import version"), undefined);
    assert.equal(found("try:\n  from .built import X\nexcept ImportError: pass"), undefined);
    assert.equal(found("from . import layers"), undefined);
  });
  test("leave nothing open where the user says so, where they are silent, or where they were read", () => {
    checkOpen(fixture, questions("closed"), { closed: true });
    checkOpen(fixture, questions("closed"), packages({ missing: "installed-silent" }));
    checkOpen(
      fixture,
      questions("closed"),
      packages({ missing: "installed-read" }),
      "# - /missing/__init__.py\nx = 1\n",
    );
  });
});

describe("reading again", () => {
  test("asks for the function bodies of what imports something that registers", () => {
    checkOpen(
      `
# - /compat.py
from keras.saving import register_keras_serializable as reg
# - /more.py
from compat import reg as again
# - /a.py
from keras.layers import Layer
from more import again
class A(Layer): pass
def setup(): again("p")(A)
`,
      "p>A A a => registered only where setup() is called",
    );
  });

  test("nothing is asked twice, and decorators alone need no second reading", async () => {
    const { summarise } = await import("../../../server/src/python/index.ts");
    const { buildRegistry } = await import("../../../server/src/registry/index.ts");
    const compat = { uri: "/compat.py", text: "from keras.saving import register_keras_serializable as reg\n" };
    const user = { uri: "/a.py", text: "from compat import reg\n@reg('p')\nclass A:\n  def get_config(self): pass\n" };
    const modules = [compat, user].map((source) => ({ summary: summarise(source), names: [source.uri.slice(1, -3)] }));
    const registry = buildRegistry(modules, { complete: true });
    assert.deepEqual([registry.keys(), [...registry.wanted.keys()]], [["p>A"], []]);
  });
});

describe("a name may not be called missing where it is spelled otherwise", () => {
  test("as a keyword of an update", () => {
    checkOpen(
      "import keras\nclass A(keras.layers.Layer): pass\nkeras.utils.get_custom_objects().update(Z=A)\n",
      "Z Z - => found",
    );
  });

  test("by the name of a character", () => {
    checkOpen(
      'import keras\n@keras.saving.register_keras_serializable("\\N{GREEK SMALL LETTER ALPHA}")\nclass A(keras.layers.Layer): pass\n',
      "α>A A - => names that are not literals",
    );
  });
});
