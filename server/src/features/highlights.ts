import type { DocumentShape } from "../workspace/documentShape.ts";
import { contentOf, layerPlaceAt } from "./layerPlaces.ts";

/** A place to highlight, in UTF-16 offsets: where a layer is given its name, or where it is mentioned. */
export interface Highlight {
  readonly start: number;
  readonly end: number;
  readonly kind: "write" | "read";
}

/** All places that name the layer at an offset, in document order; undefined where no layer is named. */
export function highlightsAt(shape: DocumentShape, offset: number): Highlight[] | undefined {
  return layerPlaceAt(shape, offset)?.layer.places.map((place) => ({
    ...contentOf(place),
    kind: place.role === "name" ? "write" : "read",
  }));
}
