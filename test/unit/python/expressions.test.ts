import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Expression } from "../../../server/src/python/expressions.ts";
import { DEEPEST_EXPRESSION } from "../../../server/src/python/expressions.ts";
import { childExpressions, literalValue, parseExpression, stringValue } from "../../../server/src/python/index.ts";

/** An expression in one line, nested ones in brackets after their kind. */
function shape(expression: Expression, text: string): string {
  const list = (expressions: readonly Expression[]) => expressions.map((child) => shape(child, text)).join(" ");
  switch (expression.kind) {
    case "name":
      return expression.id;
    case "attribute":
      return `${shape(expression.value, text)}.${expression.name}`;
    case "string": {
      const value = stringValue(text, expression);
      return value === undefined ? "string?" : JSON.stringify(value);
    }
    case "constant":
      return expression.type === "number" ? text.slice(expression.start, expression.end) : expression.type;
    case "call": {
      const given = expression.arguments.map(
        ({ keyword, stars, value }) =>
          `${keyword === undefined ? "*".repeat(stars) : `${keyword}=`}${shape(value, text)}`,
      );
      return `${shape(expression.callee, text)}(${given.join(" ")})`;
    }
    case "operation":
      return `[${expression.operators.join(" ")}: ${list(expression.operands)}]`;
    default:
      return `[${expression.kind}${childExpressions(expression).length > 0 ? ": " : ""}${list(childExpressions(expression))}]`;
  }
}

/** Cases as `source => shape`. */
function checkShapes(cases: string): void {
  for (const line of cases.trim().split("\n")) {
    const [source, expected] = line.split(" => ") as [string, string];
    const text = source.trim();
    assert.equal(shape(parseExpression(text, { start: 0, end: text.length }), text), expected.trim(), text);
  }
}

describe("expressions", () => {
  test("names, calls and attributes", () => {
    checkShapes(`
      a                                   => a
      a.b.c                               => a.b.c
      keras.saving.register("p", name=N)  => keras.saving.register("p" name=N)
      f(*a, **b)                          => f(*a **b)
      f(x)(y).z                           => f(x)(y).z
      f(x for x in y)                     => f([comprehension: x x y])
      f(a := 1)                           => f([walrus: a 1])
      Base[int]                           => [subscript: Base int]
      a[1:2, ::3]                         => [subscript: a [tuple: [slice: 1 2] [slice: 3]]]
      super().__init__(**kwargs)          => super().__init__(**kwargs)
    `);
  });

  test("strings, joined and decoded", () => {
    checkShapes(String.raw`
      "a" 'b' r'\c'      => "ab\\c"
      "\n\x41\u0042\'"   => "\nAB'"
      f"no fields {{}}"  => "no fields {}"
      f"{x}"             => string?
      b"x"               => string?
      """a"b"""          => "a\"b"
    `);
  });

  test("operators are flat, and looser ones stand outside", () => {
    checkShapes(`
      a + b - c                => [+ -: a b c]
      a or b and not c == d    => [or: a [and: b [not: [==: c d]]]]
      a if b else c            => [conditional: a b c]
      x is not None            => [is not: x none]
      "k" not in d             => [not in: "k" d]
      -1 ** 2                  => [**: [-: 1] 2]
      lambda x, *y, z=1: x     => [lambda: 1 x]
      await f(x)               => [await: f(x)]
    `);
  });

  test("displays and comprehensions", () => {
    checkShapes(`
      ()                              => [tuple]
      (a)                             => a
      (a,)                            => [tuple: a]
      a, b                            => [tuple: a b]
      [a, *b]                         => [list: a [starred: b]]
      {}                              => [dict]
      {"a": b, **c}                   => [dict: "a" b c]
      {a, b}                          => [set: a b]
      {k: v for k, v in d.items()}    => [comprehension: k v [tuple: k v] d.items()]
      [x for x in y if x for z in x]  => [comprehension: x x y z x x]
    `);
  });

  test("half-typed ones keep what is there", () => {
    checkShapes(`
      f(               => f()
      f(a, b=          => f(a b=[opaque])
      a.               => a.
      keras.saving.register("p", => keras.saving.register("p")
      [a, b            => [list: a b]
      {"a":            => [dict: "a" [opaque]]
      (a b)            => [tuple: a b]
      a if             => [conditional: a [opaque] [opaque]]
    `);
  });

  test("what is nested too deep is one opaque node", () => {
    for (const [open, close] of ["()", "[]", "{}"].map((pair) => [pair[0]!, pair[1]!] as const)) {
      const text = open.repeat(200_000) + close.repeat(200_000);
      let depth = 0;
      for (let at = parseExpression(text, { start: 0, end: text.length }); ; depth++) {
        const [child] = childExpressions(at);
        if (!child) break;
        at = child;
      }
      assert.ok(depth <= DEEPEST_EXPRESSION, `${open}: ${depth}`);
    }
  });

  test("literals have values", () => {
    const value = (text: string) => literalValue(text, parseExpression(text, { start: 0, end: text.length }));
    assert.deepEqual(value(`["a", 1, -2.5, None, True, ("b",)]`), ["a", 1, -2.5, null, true, ["b"]]);
    assert.deepEqual(value(`{"a": {"b": 1_000}}`), { entries: [["a", { entries: [["b", 1000]] }]] });
    assert.equal(value("[a]"), undefined);
    assert.equal(value("{**a}"), undefined);
  });
});
