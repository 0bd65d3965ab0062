import type { CancellationToken, InlayHint, InlayHintParams } from "vscode-languageserver";
import { shapeHints } from "../features/inlayHints.ts";
import { shapesOfDocument } from "../features/shapes.ts";
import { Slices } from "../workspace/slices.ts";
import { answering, tokenOf } from "./cancellation.ts";
import { type Context, isJson, openDocument } from "./context.ts";

/** Answers `textDocument/inlayHint`: shapes and counts in the part of the document that is in sight. */
export async function inlayHints(
  context: Context,
  { textDocument, range }: InlayHintParams,
  token: CancellationToken,
): Promise<InlayHint[] | null> {
  const document = openDocument(context, textDocument.uri);
  return answering(token, document, async () => {
    const checked = isJson(document) ? await context.session.check(document.key) : undefined;
    if (!checked || !(checked.settings.inlayHints.shapes || checked.settings.inlayHints.parameters)) return null;
    const shapes = await shapesOfDocument(checked, new Slices(context.host, tokenOf(token)));
    const offsets = { start: document.text.offsetAt(range.start), end: document.text.offsetAt(range.end) };
    return shapeHints(checked, shapes, offsets).map(({ offset, label, tooltip }) => ({
      position: document.text.positionAt(offset),
      label,
      paddingLeft: true,
      tooltip: context.client.markdownHover ? { kind: "markdown" as const, value: tooltip } : tooltip,
    }));
  });
}
