import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { highlightsAt } from "../../../server/src/features/highlights.ts";
import { renameAt, renameTargetAt } from "../../../server/src/features/rename.ts";
import { applied } from "./applied.ts";
import { shapeOf } from "./shape.ts";

interface Marked {
  readonly text: string;
  /** The content of the marked strings, and whether they give the layer its name or mention it. */
  readonly places: { readonly start: number; readonly end: number; readonly kind: "write" | "read" }[];
}

/** A config in which the places of one layer are marked: «its name», ‹what mentions it›. */
function marked(fixture: string): Marked {
  const places: Marked["places"] = [];
  let text = "";
  for (const part of fixture.split(/(«[^»]*»|‹[^›]*›)/)) {
    const isMark = /^[«‹]/.test(part);
    const content = isMark ? part.slice(1, -1) : part;
    if (isMark)
      places.push({ start: text.length, end: text.length + content.length, kind: part[0] === "«" ? "write" : "read" });
    text += content;
  }
  return { text, places };
}

const tensor = (name: string, node = 0): string =>
  `{"class_name": "__keras_tensor__", "config": {"shape": [null, 3], "dtype": "float32", "keras_history": ["${name}", ${node}, 0]}}`;
const layer = (className: string, name: string, inbound: string, more = ""): string =>
  `{"module": "keras.layers", "class_name": "${className}", "config": {"name": "${name}"${more}}, "registered_name": null, "name": "${name}", "inbound_nodes": [${inbound}]}`;
const input = (name: string): string => layer("InputLayer", name, "", ', "batch_shape": [null, 3]');
const functional = (name: string, layers: string[], inputs: string, outputs: string): string =>
  `{"module": "keras.src.models.functional", "class_name": "Functional", "config": {"name": "${name}", "trainable": true, "layers": [${layers.join(",\n")}], "input_layers": ${inputs}, "output_layers": ${outputs}}, "registered_name": "Functional"`;
const takes = (...tensors: string[]): string => `{"args": [${tensors.join(", ")}], "kwargs": {}}`;

const models: Record<string, string> = {
  "an input of a Functional model": `${functional(
    "m",
    [input("«in»"), layer("Dense", "out", takes(tensor("‹in›")))],
    '[["‹in›", 0, 0]]',
    '[["out", 0, 0]]',
  )}}`,
  "a layer that is called twice, once with a tensor for a keyword": `${functional(
    "m",
    [
      input("in"),
      layer("Dense", "«shared»", `${takes(tensor("in"))}, ${takes(tensor("‹shared›"))}`),
      layer("Attention", "out", `{"args": [[${tensor("‹shared›")}]], "kwargs": {"mask": ${tensor("‹shared›", 1)}}}`),
    ],
    '["in", 0, 0]',
    '{"a": ["out", 0, 0], "b": [["‹shared›", 1, 0]]}',
  )}}`,
  "a layer as Keras 2 writes it": `{"class_name": "Functional", "config": {"name": "m", "layers": [
    {"class_name": "InputLayer", "name": "in", "config": {"name": "in"}, "inbound_nodes": []},
    {"class_name": "Dense", "name": "«d»", "config": {"name": "«d»", "activation": "d"}, "inbound_nodes": [[["in", 0, 0, {}]]]},
    {"class_name": "Add", "name": "add", "config": {"name": "add"}, "inbound_nodes": [[["‹d›", 0, 0, {}], ["in", 0, 0, {"mask": ["‹d›", 0, 0]}]]]}],
    "input_layers": [["in", 0, 0]], "output_layers": [["add", 0, 0], ["‹d›", 0, 0]]}, "keras_version": "2.15.0", "backend": "tensorflow"}`,
  "a layer in front of a nested model with layers of the same names": `${functional(
    "m",
    [
      input("in"),
      layer("Dense", "«d»", takes(tensor("in"))),
      `${functional("inner", [input("in"), layer("Dense", "d", takes(tensor("in")))], '[["in", 0, 0]]', '[["d", 0, 0]]')}, "name": "inner", "inbound_nodes": [${takes(tensor("‹d›"))}]}`,
    ],
    '[["in", 0, 0]]',
    '[["inner", 1, 0]]',
  )}}`,
  "a layer of a nested model with layers of the same names": `${functional(
    "m",
    [
      input("in"),
      layer("Dense", "d", takes(tensor("in"))),
      `${functional("inner", [input("in"), layer("Dense", "«d»", takes(tensor("in")))], '[["in", 0, 0]]', '[["‹d›", 0, 0]]')}, "name": "inner", "inbound_nodes": [${takes(tensor("d"))}]}`,
    ],
    '[["in", 0, 0]]',
    '[["inner", 1, 0]]',
  )}}`,
  "a nested model": `${functional(
    "m",
    [
      input("in"),
      `${functional("«inner»", [input("in"), layer("Dense", "inner", takes(tensor("in")))], '[["in", 0, 0]]', '[["inner", 0, 0]]')}, "name": "«inner»", "inbound_nodes": [${takes(tensor("in"))}]}`,
    ],
    '[["in", 0, 0]]',
    '[["‹inner›", 1, 0]]',
  )}}`,
  "a layer of a Sequential model":
    '{"module": "keras", "class_name": "Sequential", "config": {"name": "s", "layers": [{"module": "keras.layers", "class_name": "Dense", "config": {"name": "«d»", "units": 3}, "registered_name": null}]}, "registered_name": null}',
  "an output that a compile config names": `${functional(
    "m",
    [input("in"), layer("Dense", "«a»", takes(tensor("in"))), layer("Dense", "b", takes(tensor("in")))],
    '[["in", 0, 0]]',
    '[["‹a›", 0, 0], ["b", 0, 0]]',
  )}, "compile_config": {"optimizer": "adam", "loss": {"‹a›": "mse", "b": "mae"}, "metrics": {"b": ["a"], "‹a›": ["mse"]}, "loss_weights": {"‹a›": 1.0}}}`,
  "an output of a model whose outputs are a dict, whose keys are the user's": `${functional(
    "m",
    [input("in"), layer("Dense", "«a»", takes(tensor("in")))],
    '[["in", 0, 0]]',
    '{"a": ["‹a›", 0, 0]}',
  )}, "compile_config": {"loss": {"a": "mse"}}}`,
  "an output that the training config of an HDF5 file names":
    '{"model_config": {"class_name": "Functional", "config": {"name": "m", "layers": [{"class_name": "InputLayer", "name": "«in»", "config": {"name": "«in»"}, "inbound_nodes": []}], "input_layers": [["‹in›", 0, 0]], "output_layers": [["‹in›", 0, 0]]}}, "training_config": {"loss": {"‹in›": "mse"}}}',
  "what get_config of a model returns":
    '{"name": "m", "trainable": true, "layers": [{"module": "keras.layers", "class_name": "InputLayer", "config": {"name": "«i»"}, "name": "«i»", "inbound_nodes": []}], "input_layers": [["‹i›", 0, 0]], "output_layers": [["‹i›", 0, 0]]}',
  "a layer whose config has another name, which is nobody's":
    '{"name": "m", "trainable": true, "layers": [{"module": "keras.layers", "class_name": "InputLayer", "config": {"name": "other"}, "name": "«i»", "inbound_nodes": []}], "input_layers": [["‹i›", 0, 0]], "output_layers": [["‹i›", 0, 0]]}',
};

describe("the places that name a layer", () => {
  for (const [name, fixture] of Object.entries(models)) {
    const { text, places } = marked(fixture);
    test(`${name} are found from each of them`, async () => {
      const shape = await shapeOf(text);
      for (const { start, end } of places)
        for (const offset of [start, end]) assert.deepEqual(highlightsAt(shape, offset), places);
    });

    test(`${name} are all renamed from each of them`, async () => {
      const shape = await shapeOf(text);
      const expected = fixture.replace(/«[^»]*»|‹[^›]*›/g, 're\\"named');
      for (const { start, end } of places) {
        assert.deepEqual(renameTargetAt(shape, start), { start, end, name: text.slice(start, end) });
        const renamed = renameAt(shape, start, 're"named', ["3.15.1"]);
        assert.ok(renamed && "changes" in renamed);
        assert.equal(applied(text, renamed.changes), expected);
      }
    });
  }

  test("what names no layer names nothing", async () => {
    const { text } = marked(models["a layer as Keras 2 writes it"]!);
    const shape = await shapeOf(text);
    for (const word of ['"m"', '"Functional"', "0, 0", '"2.15.0"', '"Dense"', '"activation"']) {
      assert.ok(text.includes(word), word);
      assert.equal(highlightsAt(shape, text.indexOf(word) + 1), undefined, word);
      assert.equal(renameAt(shape, text.indexOf(word) + 1, "x", []), undefined, word);
    }
  });

  test("of two layers of one name the last is meant, and the first can be given a name of its own", async () => {
    const text = `${functional(
      "m",
      [input("in"), layer("Dense", "d", takes(tensor("in"))), layer("ReLU", "d", takes(tensor("in")))],
      '[["in", 0, 0]]',
      '[["d", 0, 0]]',
    )}}`;
    const shape = await shapeOf(text);
    const first = renameAt(shape, text.indexOf('"d"') + 1, "e", ["3.15.1"]);
    assert.ok(first && "changes" in first);
    assert.equal(
      applied(text, first.changes),
      text.replace('{"name": "d"', '{"name": "e"').replace('"name": "d", "inb', '"name": "e", "inb'),
    );
    const last = highlightsAt(shape, text.lastIndexOf('"d"') + 1);
    assert.deepEqual(
      last?.map(({ kind }) => kind),
      ["write", "write", "read"],
    );
  });
});

describe("a rename is refused", () => {
  const text = `${functional(
    "m",
    [input("in"), layer("Dense", "out", takes(tensor("in")))],
    '[["in", 0, 0]]',
    '[["out", 0, 0]]',
  )}}`;
  const refused = async (newName: string, ...versions: string[]): Promise<string | undefined> => {
    const asked = versions.length > 0 ? versions : ["3.15.1"];
    const renamed = renameAt(await shapeOf(text), text.indexOf('"in"') + 1, newName, asked);
    return renamed && "refused" in renamed ? renamed.refused : undefined;
  };
  test("where the model has a layer of that name", async () =>
    assert.equal(await refused("out"), 'The model "m" has another layer named "out".'));
  test("where Keras takes no such name", async () => {
    assert.equal(await refused(""), "A layer needs a name.");
    assert.equal(await refused("a/b"), "Keras 3 takes no layer name with a slash.");
    assert.equal(await refused("a/b", "2.15.0", "3.15.1"), "Keras 3 takes no layer name with a slash.");
    assert.match((await refused("a b", "2.15.0")) ?? "", /^Keras 2 takes layer names of letters/);
    assert.match((await refused("_a", "2.15.0")) ?? "", /^Keras 2 takes layer names of letters/);
  });
  test("and not where it does", async () => {
    for (const name of ["a b", "_a", "ä", "a\nb", '"']) assert.equal(await refused(name), undefined, name);
    for (const name of ["a/b", "a.b-c>d\\e", "1"]) assert.equal(await refused(name, "2.15.0"), undefined, name);
  });
  test("and nothing changes where the name stays", async () =>
    assert.deepEqual(renameAt(await shapeOf(text), text.indexOf('"in"') + 1, "in", ["3.15.1"]), { changes: [] }));
});
