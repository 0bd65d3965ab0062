import assert from "node:assert/strict";
import { type DocumentShape, documentShape } from "../../../server/src/workspace/documentShape.ts";
import { catalogue } from "../../recorded/shippedCatalogue.ts";

/** The shape of a text that holds a config. */
export async function shapeOf(text: string): Promise<DocumentShape> {
  const shape = await documentShape(text, async () => catalogue);
  assert.ok(shape, "there is no config");
  return shape;
}
