import { NO_NODE } from "../json/index.ts";
import type { LayerShapes } from "../shapes/index.ts";
import type { CheckedDocument } from "../workspace/session.ts";
import { type DocumentShapes, shapeParagraph, shownCount, shownShapes } from "./shapes.ts";

/** A hint behind the class name of a layer or model. */
export interface ShapeHint {
  /** UTF-16 offset at which it stands. */
  readonly offset: number;
  readonly label: string;
  /** Markdown. */
  readonly tooltip: string;
}

/** Nobody reads more of them; a document on one line has all of its layers in sight. */
const MOST_HINTS = 2_000;

/** The output shape and the number of parameters behind each layer's class name between two UTF-16 offsets, by the user's settings. */
export function shapeHints(
  { report, settings }: CheckedDocument,
  shapes: DocumentShapes,
  { start, end }: { readonly start: number; readonly end: number },
): ShapeHint[] {
  const tree = report.analysis?.document.tree;
  const hints: ShapeHint[] = [];
  if (!tree) return hints;
  const isRoot = new Set(report.analysis?.roots.map(({ node }) => node));
  for (const [node, layer] of shapes) {
    const name = tree.member(node, "class_name");
    if (name === NO_NODE || tree.end(name) < start || tree.end(name) > end) continue;
    const label = labelOf(layer, isRoot.has(node), settings.inlayHints);
    const tooltip = shapeParagraph(layer);
    if (label === undefined || tooltip === undefined) continue;
    hints.push({ offset: tree.end(name), label, tooltip });
  }
  return hints.sort((a, b) => a.offset - b.offset).slice(0, MOST_HINTS);
}

function labelOf(
  layer: LayerShapes,
  isRoot: boolean,
  wanted: { readonly shapes: boolean; readonly parameters: boolean },
): string | undefined {
  const shape = wanted.shapes ? shownShapes(layer) : undefined;
  const parts = shape === undefined ? [] : [shape];
  const { weights } = layer;
  const count = weights ? weights.trainable + weights.nonTrainable : 0;
  // What has none is most of the layers: nothing is to be read there.
  if (wanted.parameters && weights && (count > 0 || isRoot))
    parts.push(`${shownCount(count)} ${isRoot ? "params in total" : "params"}`);
  return parts.length === 0 ? undefined : parts.join(" · ");
}
