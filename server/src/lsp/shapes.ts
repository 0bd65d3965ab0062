import type { CancellationToken } from "vscode-languageserver";
import { type DocumentShape, documentShape } from "../workspace/documentShape.ts";
import { answering } from "./cancellation.ts";
import { type Context, isJson, openDocument } from "./context.ts";
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

/** What is said of an open document that holds a config; null of every other one. */
export function ofConfig<T>(
  context: Context,
  uri: string,
  token: CancellationToken,
  answer: (shape: DocumentShape, document: OpenDocument) => T | Promise<T>,
): Promise<T | null> {
  const document = openDocument(context, uri);
  return answering(token, document, async () => {
    const shape = await shapeOf(context, document);
    return shape ? answer(shape, document) : null;
  });
}
