import type { LayerModel, LayerPlace } from "../config/layerNames.ts";
import type { ValueTree } from "../json/index.ts";
import type { DocumentShape } from "../workspace/documentShape.ts";
import { textOf } from "./identity.ts";
import { contentOf, layerPlaceAt } from "./layerPlaces.ts";
import { jsonContent, type TextChange } from "./textChange.ts";

/** What can be renamed at an offset: the content of the string there, and the name that it holds. */
export interface RenameTarget {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

/** The layer's name at an offset; undefined where no layer is named. */
export function renameTargetAt(shape: DocumentShape, offset: number): RenameTarget | undefined {
  const place = layerPlaceAt(shape, offset);
  return place && { ...contentOf(place), name: place.layer.name };
}

/** The changes of a rename, in document order, or a sentence that says why there are none. */
export type Renamed = { readonly changes: readonly TextChange[] } | { readonly refused: string };

/**
 * Gives the layer at an offset another name, in its `name`, in its config and wherever its model mentions it; undefined where no
 * layer is named. Refuses a name with which one of the versions of Keras would not load the model.
 */
export function renameAt(
  shape: DocumentShape,
  offset: number,
  newName: string,
  versions: readonly string[],
): Renamed | undefined {
  const place = layerPlaceAt(shape, offset);
  if (!place) return undefined;
  const { layer } = place;
  if (newName === layer.name) return { changes: [] };
  const { tree } = shape.document;
  const refused = whyNoName(newName, versions) ?? whyTaken(tree, layer.model, newName);
  if (refused !== undefined) return { refused };
  return { changes: layer.places.map((one) => changeOf(tree, one, newName)) };
}

/** Within the quotes, where there are two of JSON's own, so that a preview shows the name and no more. */
function changeOf(tree: ValueTree, place: LayerPlace, newName: string): TextChange {
  const text = tree.slice(place.start, place.end);
  const isQuoted = text.length > 1 && text.startsWith('"') && text.endsWith('"');
  if (isQuoted) return { ...contentOf(place), newText: jsonContent(newName) };
  return { start: place.start, end: place.end, newText: JSON.stringify(newName) };
}

/** What TensorFlow takes for the name of a scope, and so Keras 2 for the name of a layer. */
const SCOPE_NAME = /^[A-Za-z0-9.][A-Za-z0-9_.\\/>-]*$/;

/** Why no layer can have such a name (`Operation.__init__` in keras/src/ops/operation.py; `name_scope` of TensorFlow). */
function whyNoName(name: string, versions: readonly string[]): string | undefined {
  if (name === "") return "A layer needs a name.";
  const isKeras2 = (version: string): boolean => version.startsWith("2.");
  if (name.includes("/") && !versions.every(isKeras2)) return "Keras 3 takes no layer name with a slash.";
  if (!SCOPE_NAME.test(name) && versions.some(isKeras2))
    return "Keras 2 takes layer names of letters, digits and . _ - > / \\ only, beginning with a letter, a digit or a dot.";
  return undefined;
}

function whyTaken(tree: ValueTree, { config, byName, layers }: LayerModel, name: string): string | undefined {
  const isTaken =
    byName.has(name) || layers.some(({ object }) => textOf(tree, tree.member(object, "config"), "name") === name);
  if (!isTaken) return undefined;
  const model = textOf(tree, config, "name");
  return `${model === undefined ? "The model" : `The model "${model}"`} has another layer named "${name}".`;
}
