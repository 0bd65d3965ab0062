import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { calledOn, dense, functional, input, layer, loadOf, problems, raised } from "./models.ts";

const many = 20_000;
const names = Array.from({ length: many }, (_, i) => `d${i}`);

describe("a graph of 20,000 layers in Keras 2", () => {
  test("side by side is found whole", () => {
    const wide = functional([input("x"), ...names.map((name) => dense(name, "x")), layer("Add", "y", names.join(" "))]);
    assert.deepEqual(problems(wide), []);
  });

  test("in a row is deeper than Python goes, whichever way round it is listed", () => {
    const row = names.map((name, i) => dense(name, i === 0 ? "x" : `d${i - 1}`));
    for (const layers of [row, row.toReversed()]) {
      const [only, ...others] = problems(functional([input("x"), ...layers], "x", names.at(-1)));
      assert.match(only ?? "", /^unknown: its layers follow one another 20001 deep/);
      assert.deepEqual(others, []);
    }
  });

  test("that is one circle is told once", () => {
    const circle = names.map((name, i) => dense(name, `d${(i + 1) % many}`));
    assert.equal(problems(functional([input("x"), ...circle], "x", "d0")).length, 1);
  });

  test("looks a layer up that waits for all of them once for each", () => {
    const waits = layer("Add", "y", names.join(" "));
    const listed = functional([input("x"), waits, ...names.map((name) => dense(name, "x")).toReversed()]);
    assert.deepEqual(problems(listed), []);
  });

  test("may have as many layers of one name, and as many inputs twice", () => {
    const same = functional([input("x"), ...names.map(() => dense("y", "x"))]);
    assert.deepEqual(problems(same), []);
    const inputs = names.map(() => ["x", 0, 0]);
    assert.match(raised(functional([input("x"), dense("y", "x")], inputs)) ?? "", /the same input multiple times/);
  });
});

describe("a reference in Keras 2", () => {
  test("nested as deep as it likes is cut off by what is said of nesting", () => {
    for (const [open, close] of [
      ["[", "]"],
      ['{"a":', "}"],
    ] as const) {
      const deep = `${open.repeat(100_000)}["x",0,0,{}]${close.repeat(100_000)}`;
      const config = JSON.stringify(functional([input("x"), calledOn(dense("y"), "deep")], "x", "ends"));
      const text = config.replace('"deep"', () => deep).replace('[["ends",0,0]]', () => deep);
      const { answer } = loadOf(text);
      assert.ok(
        answer.events.some((event) => event.kind === "unknown" && /recursion limit/.test(event.unknown.reason)),
      );
      assert.ok(answer.events.every(({ kind }) => kind !== "failed"));
    }
  });
});
