import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type ModuleSummary, summarise, summariseFully } from "../../../server/src/python/index.ts";

/** The names that scopes bind, a line each: scope, name, what it is, and when. */
function bindings({ scopes }: ModuleSummary): string[] {
  return scopes.flatMap((scope) =>
    scope.bindings.map(({ name, run, value }) => {
      const when = run?.never
        ? " never"
        : run?.maybe
          ? " maybe"
          : run?.main
            ? " as script"
            : run?.after
              ? ` after ${run.after}`
              : "";
      const tests = run?.tests?.map(({ name, is }) => ` if ${is ? "" : "not "}${name}`).join("") ?? "";
      const what = value.kind === "value" ? value.value.kind : value.kind;
      return `${scope.qualname || "module"}: ${name} ${what}${when}${tests}`;
    }),
  );
}

describe("a module's summary", () => {
  test("names, and the branch that binds them", () => {
    const text = `
import a.b, c as d
from ..pkg import (e, f as g)
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import h
elif x:
    import i
else:
    import j
try:
    import k
    from l import m
except ImportError:
    k = None
if __name__ == "__main__":
    n = 1
for o in p:
    with q() as r:
        s, t = 1, "two"
class U:
    v = 1
    def w(self): pass
`;
    assert.deepEqual(bindings(summarise({ uri: "/a.py", text })), [
      "module: a module",
      "module: d module",
      "module: e member",
      "module: g member",
      "module: TYPE_CHECKING member",
      "module: h module never",
      "module: i module if x",
      "module: j module if not x",
      "module: k module after k",
      "module: m member after k,l",
      "module: k constant maybe",
      "module: n constant as script",
      "module: o element",
      "module: r other maybe",
      "module: s constant maybe",
      "module: t string maybe",
      "module: U class",
      "U: v constant",
      "U: w function",
    ]);
  });

  test("decidable tests", () => {
    const text = `
import sys
if True: a = 1
else: b = 1
if not 0 and sys.version_info >= (3, 8): c = 1
else: d = 1
if False or x: e = 1
if sys.version_info < (3, 6): f = 1
`;
    assert.deepEqual(bindings(summarise({ uri: "/a.py", text })).slice(1), [
      "module: a constant",
      "module: b constant never",
      "module: c constant",
      "module: d constant never",
      "module: e constant maybe",
      "module: f constant never",
    ]);
  });

  test("classes and functions with their qualified names", () => {
    const text = "def f():\n  class A:\n    class B:\n      def m(self):\n        def g(): pass\n";
    const { scopes, classes } = summarise({ uri: "/a.py", text });
    assert.deepEqual(
      classes.map(({ body }) => scopes[body]!.qualname),
      ["f.<locals>.A", "f.<locals>.A.B"],
    );
    assert.ok(scopes.some(({ qualname }) => qualname === "f.<locals>.A.B.m"));
  });

  test("function bodies are read where the text holds a word of registration, or where asked", () => {
    const text = "from .compat import reg\ndef setup(cls):\n    reg('p')(cls)\n";
    assert.deepEqual(
      [summarise({ uri: "/a.py", text }).depth, summarise({ uri: "/a.py", text }).facts],
      ["headers", []],
    );
    const full = summariseFully({ uri: "/a.py", text }, ["reg"]);
    assert.deepEqual([full.depth, full.askedFor, full.facts.map((fact) => fact.text)], ["full", ["reg"], ["reg"]]);
    assert.equal(summarise({ uri: "/a.py", text: `${text}# register_keras_serializable\n` }).depth, "full");
  });

  test("constructors come with what they do, without a full reading", () => {
    const text = "from keras import activations as act\nclass A:\n  def __init__(self, f):\n    self.f = act.get(f)\n";
    const [a] = summarise({ uri: "/a.py", text }).classes;
    assert.deepEqual(a!.init?.uses, [
      { parameter: "f", callee: "keras.activations.get", argument: 0, conditional: false },
    ]);
  });

  test("places are those of the document, also in a notebook's cells", () => {
    const segments = [
      { uri: "n#1", text: "%pip install keras\nimport keras\n" },
      { uri: "n#2", text: "%%bash\nclass Shell: it's not Python\n" },
      { uri: "n#3", text: "\n  \nclass A:\n  'é'\nclass Bé: pass" },
    ];
    const { cells, classes } = summarise({ uri: "n", segments });
    assert.deepEqual(
      classes.map(({ name, at }) => [name, cells![at.cell!], at.start, at.line, at.character, at.endCharacter]),
      [
        ["A", "n#3", 10, 2, 6, 7],
        ["Bé", "n#3", 25, 4, 6, 8],
      ],
    );
  });

  test("what is too long is read for its headers, or not at all, and says so", () => {
    const text = "import keras\nclass A:\n  def f(self): keras.saving.get_custom_objects()\n";
    const long = summarise({ uri: "/a.py", text: text + "#\n".repeat(1_600_000) });
    assert.deepEqual([long.depth, long.classes.length, long.hasWord], ["headers", 1, true]);
    assert.match(long.incomplete!, /too long/);
    const longer = summarise({ uri: "/a.py", text: text + "#".repeat(20_000_000) });
    assert.deepEqual([longer.classes.length, longer.hasWord], [0, true]);
    assert.match(longer.incomplete!, /too long/);
  });

  test("it is plain data", () => {
    const text =
      "import keras\n@keras.saving.register_keras_serializable('p')\nclass A(keras.layers.Layer):\n  x = {'a': [1]}\n";
    const summary = summariseFully({ uri: "/a.py", text });
    assert.deepEqual(JSON.parse(JSON.stringify(summary)), summary);
  });
});

describe("hostile modules", () => {
  const times = 100_000;
  const head = "import keras\n@keras.saving.register_keras_serializable('p')\nclass A(keras.layers.Layer): pass\n";
  const texts: Record<string, string> = {
    brackets: `x = ${"(".repeat(times)}`,
    "nested comprehensions": `x = ${"[a for a in ".repeat(times)}`,
    "a long chain": `x = a${".b()".repeat(times)}`,
    "many arguments that register": `keras.saving.register_keras_serializable(${"keras.saving.register_keras_serializable,".repeat(times / 10)})`,
    "one function, many decorators": `${"@a\n".repeat(times)}def f(): pass`,
    "a try of many imports": `try:\n${" import a\n".repeat(times / 10)}except ImportError: pass\n`,
    "a doubled string": `x = 'a'\n${"x = x + x\n".repeat(1000)}`,
    lambdas: `x = ${"lambda: ".repeat(times)}1`,
  };
  for (const [name, text] of Object.entries(texts)) {
    test(name, () => {
      const summary = summariseFully({ uri: "/a.py", text: `${head}${text}\n` }, ["a"]);
      assert.equal(summary.classes[0]!.name, "A");
      // Nothing grows faster than the text.
      assert.ok(JSON.stringify(summary).length < 200 * text.length + 100_000);
    });
  }
});
