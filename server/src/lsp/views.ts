import type { Position, Range, TextDocumentContentResult } from "vscode-languageserver";
import { jsonPointer, NO_NODE, nodeAtOffset, nodeAtPointer, parseJson } from "../json/index.ts";
import { LineIndex } from "../workspace/lineIndex.ts";
import { readDocument, viewText } from "../workspace/readDocument.ts";
import { baseName } from "../workspace/uri.ts";
import { isView, sourceOf, viewOf } from "../workspace/views.ts";
import { type Context, textOf } from "./context.ts";
import { rangeOf } from "./convert.ts";
import { keyOf } from "./documents.ts";
import type { ViewAnswer } from "./protocol.ts";

/** Editors draw nothing of a line past this column, so that places there are shown in the formatted view. */
export const LAST_DRAWN_COLUMN = 10_000;

/** Answers `kerasConfig/view`: the view of a file, and in it the value at a position; null where it holds no config. */
export async function viewFor(
  context: Context,
  uri: string,
  position: Position | undefined,
): Promise<ViewAnswer | null> {
  const source = sourceOf(keyOf(uri));
  const read = await readDocument(context.host, { uri: source, path: baseName(source) });
  switch (read.status) {
    case "no config":
      return null;
    case "unreadable":
      return { problem: { message: `The file cannot be read: ${read.detail}.` } };
    case "unknown":
      return {
        problem: {
          rule: "cannot-be-known",
          message: `Keras may read this file, Keras Config does not: ${read.reason}.`,
        },
      };
    case "fails": {
      const { exception, message, hint } = read;
      return { problem: { rule: "unreadable-archive", message: `${exception}: ${message}`, hint } };
    }
    case "read": {
      const view = viewOf(source);
      const range = position && rangeInView(context, uri, read.text, position);
      return { uri: view, ...(range && { range }) };
    }
  }
}

/** The range of the same value in the view, told by its JSON Pointer. */
function rangeInView(context: Context, uri: string, text: string, position: Position): Range | undefined {
  const document = context.documents.get(uri);
  if (!document || document.text.getText() !== text) return undefined;
  const { tree } = parseJson(text);
  const node = nodeAtOffset(tree, document.text.offsetAt(position), true);
  if (node === NO_NODE) return undefined;
  const shown = viewText(text);
  const view = parseJson(shown).tree;
  const same = nodeAtPointer(view, jsonPointer(tree, node));
  if (same === NO_NODE) return undefined;
  return rangeOf(new LineIndex(shown), { start: view.start(same), end: view.end(same) });
}

/** Answers `workspace/textDocumentContent`: the text of a view. */
export async function contentOf(context: Context, uri: string): Promise<TextDocumentContentResult> {
  const key = keyOf(uri);
  if (!isView(key)) return { text: "" };
  remember(context, key, uri);
  const source = sourceOf(key);
  const read = await readDocument(context.host, { uri: source, path: baseName(source) });
  if (read.status === "read") return { text: viewText(read.text) };
  // JSON without a config is formatted all the same: somebody asked for it.
  const plain = read.status === "no config" ? await textOf(context.host, source) : undefined;
  if (plain !== undefined) return { text: viewText(plain) };
  const why = read.status === "fails" ? read.message : read.status === "unknown" ? read.reason : "it cannot be read";
  return { text: `${JSON.stringify(`No config is shown: ${why}`)}\n` };
}

/** How many views are remembered; of one that was given longer ago the client keeps no text. */
const MOST_GIVEN = 1_000;

function remember({ givenViews }: Context, key: string, uri: string): void {
  givenViews.delete(key);
  givenViews.set(key, uri);
  for (const oldest of givenViews.keys()) {
    if (givenViews.size <= MOST_GIVEN) break;
    givenViews.delete(oldest);
  }
}

/** Has the views of these files made again that a client was given: it may keep the text of closed ones for a while, too. */
export function refreshViews(context: Context, sources: Iterable<string>): void {
  const changed = new Set(sources);
  if (!context.client.showsViews || changed.size === 0) return;
  for (const [key, uri] of context.givenViews) {
    if (!changed.has(sourceOf(key))) continue;
    context.connection.workspace.textDocumentContent.refresh(uri).catch((error: unknown) => {
      context.host.log("debug", `${uri}: the client did not make it again: ${String(error)}`);
    });
  }
}
