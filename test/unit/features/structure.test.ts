import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { keptBreadthFirst } from "../../../server/src/features/breadthFirst.ts";
import { foldingOf } from "../../../server/src/features/folding.ts";
import { outlineOf } from "../../../server/src/features/outline.ts";
import { selectionStepsAt } from "../../../server/src/features/selectionRanges.ts";
import { LineIndex } from "../../../server/src/workspace/lineIndex.ts";
import { shapeOf } from "./shape.ts";

/** The outline as indented lines: `name (detail) kind`. */
async function outline(text: string, limit?: number): Promise<string[]> {
  const entries = outlineOf(await shapeOf(text), limit);
  const depths: number[] = [];
  return entries.map(({ name, detail, kind, parent, start, end, selection }) => {
    assert.ok(start <= selection.start && selection.start <= selection.end && selection.end <= end, name);
    depths.push(parent < 0 ? 0 : depths[parent]! + 1);
    return `${"  ".repeat(depths.at(-1)!)}${name}${detail === "" ? "" : ` (${detail})`} ${kind}`;
  });
}

const dense = (name: string, more = ""): string =>
  `{"module": "keras.layers", "class_name": "Dense", "config": {"name": "${name}", "units": 3${more}}, "registered_name": null}`;
const object = (module: string, className: string): string =>
  `{"module": "keras.${module}", "class_name": "${className}", "config": {}, "registered_name": null}`;
const sequential = (name: string, layers: string[], more = ""): string =>
  `{"module": "keras", "class_name": "Sequential", "config": {"name": "${name}", "layers": [${layers.join(", ")}]}, "registered_name": null${more}}`;

describe("the outline", () => {
  test("has models, their layers by name, and their objects by the argument that they are for", async () => {
    const relu =
      '{"module": "builtins", "class_name": "function", "config": "my>swish", "registered_name": "function"}';
    const first = dense("d", `, "kernel_initializer": ${object("initializers", "Zeros")}, "activation": ${relu}`);
    const compiled = `, "compile_config": {"optimizer": ${object("optimizers", "Adam")}, "metrics": [${object("metrics", "Precision")}]}`;
    assert.deepEqual(await outline(sequential("s", [first, sequential("inner", [dense("e")])], compiled)), [
      "s (Sequential) model",
      "  d (Dense) layer",
      "    kernel_initializer (Zeros) object",
      "    activation (my>swish) function",
      "  inner (Sequential) model",
      "    e (Dense) layer",
      "  optimizer (Adam) object",
      "  Precision object",
    ]);
  });

  test("says under which name a custom object is registered", async () => {
    const scale =
      '{"module": "my", "class_name": "Scale", "config": {"name": "scale_1"}, "registered_name": "my>Scale"}';
    assert.deepEqual(await outline(scale), ["scale_1 (my>Scale) layer"]);
  });

  test("knows layers of a Functional model by the name that others use", async () => {
    const layer = '{"class_name": "Dense", "name": "outer", "config": {"name": "inner"}, "inbound_nodes": []}';
    const text = `{"class_name": "Functional", "config": {"name": "m", "layers": [${layer}], "input_layers": [], "output_layers": []}, "keras_version": "2.15.0"}`;
    assert.deepEqual(await outline(text), ["m (Functional) model", "  outer (Dense) layer"]);
  });

  test("leaves out tensors, and what is no object", async () => {
    const tensor = '{"class_name": "__keras_tensor__", "config": {"keras_history": ["a", 0, 0]}}';
    assert.deepEqual(await outline(dense("d", `, "x": ${tensor}, "y": {"class_name": "Other"}`)), ["d (Dense) layer"]);
  });

  test("has every config of a document", async () => {
    assert.deepEqual(await outline(`{"a": ${dense("d")}, "b": [${dense("e")}]}`), [
      "d (Dense) layer",
      "e (Dense) layer",
    ]);
  });

  test("gives the outer before the inner where there are too many", async () => {
    const initialized = (name: string) => dense(name, `, "kernel_initializer": ${object("initializers", "Zeros")}`);
    const text = sequential("s", [initialized("a"), initialized("b"), initialized("c")]);
    assert.deepEqual(await outline(text, 5), [
      "s (Sequential) model",
      "  a (Dense) layer",
      "    kernel_initializer (Zeros) object",
      "  b (Dense) layer",
      "  c (Dense) layer",
    ]);
    assert.deepEqual(await outline(text, 3), ["s (Sequential) model", "  a (Dense) layer", "  b (Dense) layer"]);
  });

  test("of models nested 200 deep has all of them, of hostile ones what clients can walk", async () => {
    const nested = (depth: number): string => {
      const begin = '{"module": "keras", "class_name": "Sequential", "config": {"name": "s", "layers": [';
      return `${begin.repeat(depth)}${dense("d")}${']}, "registered_name": null}'.repeat(depth)}`;
    };
    assert.equal(outlineOf(await shapeOf(nested(200))).length, 201);
    assert.equal(outlineOf(await shapeOf(nested(5_000))).length, 401);
  });
});

describe("folding", () => {
  /** The text with `+` before each line that folds, and `-` before the last one that is folded away. */
  const folded = async (text: string): Promise<string> => {
    const lines = text.split("\n");
    const ranges = foldingOf(await shapeOf(text), new LineIndex(text));
    const ends = new Set(ranges.map(({ endLine }) => endLine));
    const starts = new Set(ranges.map(({ startLine }) => startLine));
    return lines.map((line, i) => `${starts.has(i) ? "+" : ends.has(i) ? "-" : " "}${line}`).join("\n");
  };
  const text = `{
  "module": "keras.layers",
  "class_name": "Dense",
  "config": {
    "name": "d", "kernel_initializer": [{
      "a": 1
    }],
    "empty": {},
    "shape": [
      3
    ]
  },
  "registered_name": null
}`;

  test("has every list and dict of several lines, so that its closing bracket stays in sight", async () => {
    assert.equal(
      await folded(text),
      `+{
   "module": "keras.layers",
   "class_name": "Dense",
+  "config": {
+    "name": "d", "kernel_initializer": [{
-      "a": 1
     }],
     "empty": {},
+    "shape": [
-      3
-    ]
   },
-  "registered_name": null
 }`,
    );
  });

  test("has the outer before the inner where there are too many", async () => {
    assert.deepEqual(foldingOf(await shapeOf(text), new LineIndex(text), 2), [
      { startLine: 0, endLine: 12 },
      { startLine: 3, endLine: 10 },
    ]);
  });

  test("has nothing for a config on one line", async () => {
    const line = JSON.stringify(JSON.parse(text));
    assert.deepEqual(foldingOf(await shapeOf(line), new LineIndex(line)), []);
  });
});

describe("selection ranges", () => {
  const steps = async (text: string, word: string): Promise<string[]> =>
    selectionStepsAt(await shapeOf(text), text.indexOf(word) + 1).map(({ start, end }) => text.slice(start, end));
  const text = dense("d", ', "shape": [3, {"a": 1}]');

  test("grow from a string over its member to all", async () => {
    assert.deepEqual(await steps(text, "Dense"), [
      "Dense",
      '"Dense"',
      '"class_name": "Dense"',
      text.slice(1, -1),
      text,
    ]);
  });

  test("grow from a key, and from an element of a list", async () => {
    assert.deepEqual((await steps(text, "units")).slice(0, 3), ["units", '"units"', '"units": 3']);
    assert.deepEqual((await steps(text, '"a"')).slice(0, 7), [
      "a",
      '"a"',
      '"a": 1',
      '{"a": 1}',
      '3, {"a": 1}',
      '[3, {"a": 1}]',
      '"shape": [3, {"a": 1}]',
    ]);
  });

  test("lie within each other, wherever one begins", async () => {
    const formatted = JSON.stringify(JSON.parse(text), null, 2);
    const shape = await shapeOf(formatted);
    for (let offset = 0; offset <= formatted.length; offset++) {
      const all = selectionStepsAt(shape, offset);
      for (const [i, { start, end }] of all.entries()) {
        assert.ok(start <= offset && offset <= end);
        const inner = all[i - 1];
        assert.ok(!inner || (start <= inner.start && end >= inner.end && end - start > inner.end - inner.start));
      }
    }
  });
});

test("what is kept where there is too much are the outer, and of the innermost the first", () => {
  const depths = [0, 1, 2, 1, 2, 2, 0];
  const kept = (limit: number): string => keptBreadthFirst(depths, limit).join("");
  assert.deepEqual([0, 1, 2, 3, 5, 6, 7, 8].map(kept), [
    "0000000",
    "1000000",
    "1000001",
    "1100001",
    "1111001",
    "1111101",
    "1111111",
    "1111111",
  ]);
});
