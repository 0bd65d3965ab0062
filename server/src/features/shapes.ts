import { behaviourOf } from "../deserialize/behaviour.ts";
import type { Node } from "../json/index.ts";
import { type LayerShapes, type Shape, shown } from "../shapes/index.ts";
import type { DocumentAnalysis } from "../workspace/checkDocument.ts";
import type { CheckedDocument } from "../workspace/session.ts";
import { shapesOfLoad } from "../workspace/shapeConflicts.ts";
import { runInSlices, type Slices } from "../workspace/slices.ts";

/** What is known of the layers and models of a document, by the nodes of their objects. */
export type DocumentShapes = ReadonlyMap<Node, LayerShapes>;

const kept = new WeakMap<DocumentAnalysis, DocumentShapes>();

/** The shapes and counts of a checked document, in the load of the first release that it is checked for. Throws Cancelled. */
export async function shapesOfDocument({ report }: CheckedDocument, slices: Slices): Promise<DocumentShapes> {
  const { analysis } = report;
  if (!analysis) return new Map();
  const known = kept.get(analysis);
  if (known) return known;
  const all = new Map<Node, LayerShapes>();
  const seen = new Set<unknown>();
  for (const load of analysis.loads) {
    const { root, version } = load;
    if (seen.has(root)) continue;
    seen.add(root);
    const shapes = await runInSlices(
      shapesOfLoad(analysis.document.tree, root.node, load.events, behaviourOf(version)),
      slices,
    );
    for (const [node, layer] of shapes?.layers ?? []) all.set(node, layer);
  }
  kept.set(analysis, all);
  return all;
}

/** How many calls of a shared layer are told apart. */
const MOST_CALLS = 3;

/** The output shapes of a layer in Python's words, those of several calls apart by `|`; undefined where none is known. */
export function shownShapes({ calls }: LayerShapes): string | undefined {
  const known = calls.filter((outputs) => outputs.length > 0 && outputs.every((shape) => shape !== undefined));
  if (known.length === 0 || known.length < calls.length) return undefined;
  const texts = known.map((outputs) => (outputs as readonly Shape[]).map((shape) => shown(shape)).join(", "));
  const different = [...new Set(texts)];
  const rest = different.length > MOST_CALLS ? " | …" : "";
  return `${different.slice(0, MOST_CALLS).join(" | ")}${rest}`;
}

/** A number with its thousands set off, as `model.summary()` prints it. */
export function shownCount(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** What a hover says of a layer; undefined where nothing is known. */
export function shapeParagraph(layer: LayerShapes): string | undefined {
  const shapes = shownShapes(layer);
  const parts = shapes === undefined ? [] : [`Output shape \`${shapes}\``];
  if (layer.weights) {
    const { trainable, nonTrainable } = layer.weights;
    const all = `${shownCount(trainable + nonTrainable)} ${layer.isModel ? "parameters in total" : "parameters"}`;
    const apart = nonTrainable > 0 ? ` (${shownCount(trainable)} trainable, ${shownCount(nonTrainable)} not)` : "";
    parts.push(`${all}${apart}`);
  }
  return parts.length === 0 ? undefined : parts.join(" · ");
}
