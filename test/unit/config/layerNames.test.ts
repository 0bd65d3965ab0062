import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type LayerNames, layerNamesOf } from "../../../server/src/config/layerNames.ts";
import { parseJson, type ValueTree } from "../../../server/src/json/index.ts";

/** The layers' names of a config, and how often its tree was asked for them. */
function read(text: string): { names: LayerNames; questions: number } {
  const { tree } = parseJson(text);
  let questions = 0;
  const counting = new Proxy(tree as ValueTree, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== "function") return value;
      questions++;
      return value.bind(target);
    },
  });
  const root = { dialect: "functional", node: tree.root, loader: "deserialize_keras_object" } as const;
  const names = layerNamesOf(counting, [root]);
  return { names, questions };
}

const functional = (name: string, layers: string, more = ""): string =>
  `{"class_name": "Functional", "config": {"name": "${name}", "layers": [${layers}]${more}}`;
const layer = (name: string, nodes: string): string =>
  `{"class_name": "Dense", "config": {"name": "${name}"}, "name": "${name}", "inbound_nodes": [${nodes}]}`;

/** Configs of a size, and how many places name the layer `a`. */
const shapes: Record<string, (size: number) => [text: string, places: number]> = {
  "a chain of layers": (size) => {
    const rest = Array.from({ length: size }, (_, i) =>
      layer(`d${i}`, `[["${i === 0 ? "a" : `d${i - 1}`}", 0, 0, {}]]`),
    );
    return [`${functional("m", [layer("a", ""), ...rest].join(", "))}}`, 3];
  },
  "layers that all take one": (size) => {
    const rest = Array.from({ length: size }, (_, i) => layer(`d${i}`, '[["a", 0, 0, {}]]'));
    return [`${functional("m", [layer("a", ""), ...rest].join(", "))}}`, size + 2];
  },
  "a layer that takes itself many times": (size) => {
    const nodes = Array.from({ length: size }, (_, i) => `[["a", ${i}, 0, {}]]`);
    return [`${functional("m", layer("a", nodes.join(", ")))}}`, size + 2];
  },
  "layers that are all called the same": (size) => {
    const layers = Array.from({ length: size }, () => layer("a", '[["a", 0, 0, {}]]'));
    return [`${functional("m", layers.join(", "))}}`, size + 2];
  },
  "models nested in each other": (size) => {
    const depth = Math.ceil(size / 10);
    const begin = '{"class_name": "Functional", "name": "a", "config": {"name": "a", "layers": [';
    const nested = `${begin.repeat(depth)}${layer("d", "")}${']}, "inbound_nodes": [[["a", 0, 0]]]}'.repeat(depth)}`;
    return [`${functional("m", nested)}}`, 3];
  },
  "dicts of layers among the inputs, nested in each other": (size) => {
    const depth = Math.ceil(size / 10);
    const begin = `{"layers": [${layer("d", "")}], "input_layers": `;
    return [
      `${functional("m", layer("a", ""), `, "input_layers": ${begin.repeat(depth)}["d", 0, 0]${"}".repeat(depth)}`)}}`,
      2,
    ];
  },
  "tensors among the keywords of tensors": (size) => {
    const depth = Math.ceil(size / 10);
    return [
      `${functional("m", layer("a", `[${'["a", 0, 0, {"x": '.repeat(depth)}1${"}]".repeat(depth)}]`))}}`,
      depth + 2,
    ];
  },
};

describe("the names of layers are read in one pass", () => {
  for (const [name, shape] of Object.entries(shapes)) {
    test(`of ${name}`, () => {
      const [small, places] = shape(2_000);
      const [large, morePlaces] = shape(4_000);
      const first = read(small);
      const second = read(large);
      assert.ok(second.questions < 2.3 * first.questions, `${first.questions} questions, then ${second.questions}`);
      assert.equal(first.names.placeAt(small.lastIndexOf('"a"'))?.layer.places.length, places);
      assert.equal(second.names.placeAt(large.lastIndexOf('"a"'))?.layer.places.length, morePlaces);
    });
  }

  test("of 50,000 layers", () => {
    const [text] = shapes["a chain of layers"]!(50_000);
    const { names } = read(text);
    const last = names.placeAt(text.lastIndexOf('"d49999"') + 1);
    assert.equal(last?.layer.places.length, 2);
    const before = names.placeAt(text.lastIndexOf('"d49998"') + 1);
    assert.deepEqual(
      before?.layer.places.map(({ role }) => role),
      ["name", "name", "reference"],
    );
  });
});
