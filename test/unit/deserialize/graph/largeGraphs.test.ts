import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { referencesOf } from "../../../../server/src/deserialize/graph/nodeReferences.ts";
import { parseJson } from "../../../../server/src/json/index.ts";
import { dense, functional, input, layer, loadOf, problems } from "./models.ts";

const many = 50_000;
const names = Array.from({ length: many }, (_, i) => `d${i}`);

describe("a graph of 50,000 layers", () => {
  test("side by side is found whole", () => {
    const wide = functional([input("x"), ...names.map((name) => dense(name, "x")), layer("Add", "y", names.join(" "))]);
    assert.deepEqual(problems(wide), []);
  });

  test("in a row is deeper than Python goes, whichever way round it is listed", () => {
    const row = names.map((name, i) => dense(name, i === 0 ? "x" : `d${i - 1}`));
    for (const layers of [row, row.toReversed()]) {
      const [only, ...others] = problems(functional([input("x"), ...layers], "x", names.at(-1)));
      assert.match(only ?? "", /^unknown: its layers follow one another 50001 deep/);
      assert.deepEqual(others, []);
    }
  });

  test("that is one circle is told once, and that each feeds itself no more often than one can read", () => {
    const circle = names.map((name, i) => dense(name, `d${(i + 1) % many}`));
    assert.equal(problems(functional([input("x"), ...circle], "x", "d0")).length, 1);
    const selves = names.map((name) => dense(name, name));
    assert.equal(problems(functional([input("x"), ...selves], "x", "x")).length, 100);
  });

  test("looks a layer up that waits for all of them once for each", () => {
    const waits = layer("Add", "y", names.join(" "));
    const listed = functional([input("x"), waits, ...names.map((name) => dense(name, "x")).toReversed()]);
    assert.deepEqual(problems(listed), []);
  });
});

describe("a model", () => {
  test("nested 200 deep is cut off by what is said of nesting, and not by this program's own stack", () => {
    let model: object = functional([input("x"), dense("y", "w")]);
    for (let depth = 0; depth < 200; depth++) {
      const inner = { ...model, name: "inner", inbound_nodes: dense("inner", "x").inbound_nodes };
      model = functional([input("x"), inner, dense("y", "inner")]);
    }
    const { answer } = loadOf(model);
    assert.ok(answer.events.some((event) => event.kind === "unknown" && /recursion limit/.test(event.unknown.reason)));
  });

  test("may hold a layer that is called with 200,000 tensors, by name or by position", () => {
    const tensor = {
      class_name: "__keras_tensor__",
      config: { shape: [null, 4], dtype: "float32", keras_history: ["x", 0, 0] },
    };
    const tensors = Array.from({ length: 200_000 }, () => tensor);
    for (const call of [
      { args: [], kwargs: { inputs: tensors } },
      { args: [tensors], kwargs: {} },
    ]) {
      const add = { ...layer("Add", "h"), inbound_nodes: [call] };
      assert.deepEqual(problems(functional([input("x"), add, dense("y", "h")])), []);
    }
  });

  test("may hold an argument that nests a thousand lists deep", () => {
    const text = `{"args": [${"[".repeat(1000)}${"]".repeat(1000)}], "kwargs": {}}`;
    assert.deepEqual(referencesOf(parseJson(text).tree, 0).references, []);
  });
});
