import { type DocumentShape, documentShape } from "../workspace/documentShape.ts";
import { type Context, isJson } from "./context.ts";
import type { OpenDocument } from "./documents.ts";

interface Shaped {
  readonly version: number;
  readonly shape: Promise<DocumentShape | undefined>;
}

const shapes = new WeakMap<OpenDocument, Shaped>();

/**
 * The shape of an open document as it is now, read once for each version of it; undefined where it is no JSON or holds no config.
 * It waits for no check, so that what is asked at every move of the caret is answered meanwhile.
 */
export function shapeOf({ catalogue }: Context, document: OpenDocument): Promise<DocumentShape | undefined> {
  if (!isJson(document)) return Promise.resolve(undefined);
  const { version } = document.text;
  let shaped = shapes.get(document);
  if (shaped?.version !== version) {
    shaped = { version, shape: documentShape(document.text.getText(), catalogue) };
    shapes.set(document, shaped);
  }
  return shaped.shape;
}
