import { type LayerNames, type LayerPlace, layerNamesOf } from "../config/layerNames.ts";
import type { DocumentShape } from "../workspace/documentShape.ts";

/** The names of the layers of a document. */
export function layerNamesIn({ document, roots }: DocumentShape): LayerNames {
  return layerNamesOf(document.tree, roots);
}

/** The name of a layer at a UTF-16 offset of a document; undefined where there is none. */
export function layerPlaceAt(shape: DocumentShape, offset: number): LayerPlace | undefined {
  return layerNamesIn(shape).placeAt(offset);
}

/** The content of a string: its range without the quotes. */
export function contentOf({ start, end }: Pick<LayerPlace, "start" | "end">): { start: number; end: number } {
  return { start: start + 1, end: Math.max(start + 1, end - 1) };
}
