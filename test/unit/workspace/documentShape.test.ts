import assert from "node:assert/strict";
import { test } from "node:test";
import { documentShape } from "../../../server/src/workspace/documentShape.ts";
import { catalogue } from "../../recorded/shippedCatalogue.ts";

/** How many configs a text holds, and whether the names of Keras had to decide that. */
async function configs(text: string): Promise<{ configs: number; asked: boolean }> {
  let asked = false;
  const shape = await documentShape(text, async () => {
    asked = true;
    return catalogue;
  });
  return { configs: shape?.roots.length ?? 0, asked };
}

const dense = '{"module": "keras.layers", "class_name": "Dense", "config": {}, "registered_name": null}';

test("the shape of a document has its configs, however broken it is", async () => {
  assert.deepEqual(await configs(`{"a": ${dense}, "b": [${dense}]}`), { configs: 2, asked: false });
  assert.deepEqual(await configs(`{"a": ${dense}, "b": [`), { configs: 1, asked: false });
});

test("the names of Keras are asked for where the shape alone does not tell", async () => {
  assert.deepEqual(await configs('{"class_name": "Adam", "config": {}}'), { configs: 1, asked: true });
  assert.deepEqual(await configs('{"class_name": "Widget", "config": {}}'), { configs: 0, asked: true });
});

test("what holds no config has no shape", async () => {
  assert.deepEqual(await configs('{"class": "Dense"}'), { configs: 0, asked: false });
  assert.deepEqual(await configs('{"class_name": "Dense"}'), { configs: 0, asked: false });
});
