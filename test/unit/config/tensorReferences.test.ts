import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { visitInboundNode, visitModelTensors } from "../../../server/src/config/tensorReferences.ts";
import { parseJson } from "../../../server/src/json/index.ts";

/** The references that `visit` finds in a value, as `name node tensor`, with `kwargs` behind those that only Keras 2 reads. */
function references(text: string, visit: typeof visitInboundNode): string[] {
  const { tree } = parseJson(text);
  const found: string[] = [];
  visit(tree, tree.root, (layer, nodeIndex, tensorIndex, inKwargs) => {
    const parts = [tree.string(layer), tree.raw(nodeIndex), tree.raw(tensorIndex), ...(inKwargs ? ["kwargs"] : [])];
    found.push(parts.join(" "));
  });
  return found;
}

const tensor = (history: string): string =>
  `{"class_name": "__keras_tensor__", "config": {"shape": [null, 3], "dtype": "float32", "keras_history": ${history}}}`;
const a = tensor('["a", 0, 0]');
const b = tensor('["b", 1, 2]');

const inboundNodes: Record<string, [text: string, expected: string[]]> = {
  "a tensor among the args, as Keras 3 writes it": [`{"args": [${a}], "kwargs": {}}`, ["a 0 0"]],
  "a list of tensors": [`{"args": [[${a}, ${b}]], "kwargs": {}}`, ["a 0 0", "b 1 2"]],
  "tensors among the kwargs": [`{"args": [${a}], "kwargs": {"mask": null, "value": ${b}}}`, ["a 0 0", "b 1 2"]],
  "a tuple and a dict of tensors": [
    `{"args": [{"class_name": "__tuple__", "config": [${a}, {"x": ${b}}]}], "kwargs": {}}`,
    ["a 0 0", "b 1 2"],
  ],
  "no tensors": ['{"args": [3, "a", ["a", 0, 0]], "kwargs": {}}', []],
  "a history of another shape": [`{"args": [${tensor('["a", 0]')}, ${tensor("[7, 0, 0]")}, ${tensor("null")}]}`, []],
  "an object of its own, such as a layer that is an argument": [
    `{"args": [{"class_name": "Wrapper", "config": {"tensor": ${a}}}, ${b}], "kwargs": {}}`,
    ["b 1 2"],
  ],
  "one tensor, as Keras 2 writes it": ['[["a", 0, 0, {}]]', ["a 0 0"]],
  "several tensors": ['[["a", 0, 0, {}], ["b", 1, 2, {}]]', ["a 0 0", "b 1 2"]],
  "without kwargs": ['[["a", 0, 0]]', ["a 0 0"]],
  "tensors among the kwargs, which Keras 2 alone reads": [
    '[["a", 0, 0, {"value": ["b", 1, 2], "training": false}], ["c", 0, 0, {}]]',
    ["a 0 0", "b 1 2 kwargs", "c 0 0"],
  ],
  "one tensor by itself, and in a dict": ['["a", 0, 0, {"y": {"z": [["b", 1, 2]]}}]', ["a 0 0", "b 1 2 kwargs"]],
  "a constant in place of a tensor": ['[["_CONSTANT_VALUE", -1, 3.0, {"y": ["a", 0, 0]}]]', ["a 0 0"]],
  "lists of another length": ['[["a", 0], ["b", 0, 0, {}, 1], []]', []],
  neither: ["7", []],
};

describe("the tensors that a layer takes", () => {
  for (const [name, [text, expected]] of Object.entries(inboundNodes))
    test(name, () => assert.deepEqual(references(text, visitInboundNode), expected));
});

const modelTensors: Record<string, [text: string, expected: string[]]> = {
  "a list of them": ['[["a", 0, 0], ["b", 1, 2]]', ["a 0 0", "b 1 2"]],
  "one by itself": ['["a", 0, 0]', ["a 0 0"]],
  "a dict, and lists in it": ['{"x": ["a", 0, 0], "y": [["b", 1, 2]]}', ["a 0 0", "b 1 2"]],
  none: ["[]", []],
};

describe("the tensors that a model takes and gives", () => {
  for (const [name, [text, expected]] of Object.entries(modelTensors))
    test(name, () => assert.deepEqual(references(text, visitModelTensors), expected));
});

test("a node of lists nested 100,000 deep is read", () => {
  const depth = 100_000;
  const text = `${"[".repeat(depth)}["a", 0, 0]${"]".repeat(depth)}`;
  assert.deepEqual(references(text, visitInboundNode), ["a 0 0"]);
});
