import type { KerasCatalogue } from "../catalogue/keras.ts";
import type { Root } from "../config/configDocument.ts";
import { canHoldConfig, findRoots } from "../config/recognise.ts";
import { type JsonDocument, parseJson } from "../json/index.ts";

/** A document read as JSON, and the configs in it: all that is known of it before any load is simulated. */
export interface DocumentShape {
  readonly document: JsonDocument;
  readonly roots: readonly Root[];
}

/**
 * The shape of a text; undefined where it holds no config. The catalogue, whose names decide the doubtful shapes, is asked for only
 * where there are such. Parsing is one step.
 */
export async function documentShape(
  text: string,
  catalogue: () => Promise<KerasCatalogue>,
): Promise<DocumentShape | undefined> {
  if (!canHoldConfig(text)) return undefined;
  const document = parseJson(text);
  let isDoubtful = false;
  const doubt = (): boolean => {
    isDoubtful = true;
    return false;
  };
  let roots = findRoots(document.tree, doubt);
  if (isDoubtful) {
    const names = kerasNames(await catalogue());
    roots = findRoots(document.tree, (name) => names.has(name));
  }
  return roots.length === 0 ? undefined : { document, roots };
}

/** The bare names of what the newest release exports. */
export function kerasNames(catalogue: KerasCatalogue): ReadonlySet<string> {
  const newest = catalogue.versions.at(-1);
  const paths = newest === undefined ? [] : catalogue.release(newest).exportedPaths();
  return new Set([...paths.map((path) => path.slice(path.lastIndexOf(".") + 1)), "Functional"]);
}
