import type { Root } from "../config/configDocument.ts";
import { isLayerList, isPair } from "../config/layerLists.ts";
import type { LayerNames } from "../config/layerNames.ts";
import { NO_NODE, type Node, type ValueTree } from "../json/index.ts";
import type { DocumentShape } from "../workspace/documentShape.ts";
import { keptBreadthFirst } from "./breadthFirst.ts";
import { isFunction, textOf } from "./identity.ts";
import { contentOf, layerNamesIn } from "./layerPlaces.ts";

/** A serialized object in the outline; offsets are UTF-16. */
export interface OutlineEntry {
  /** A layer's name, the key of an argument, else the class; never empty. */
  readonly name: string;
  /** The class, or the function, as it is registered. */
  readonly detail: string;
  readonly kind: "model" | "layer" | "function" | "object";
  /** The value, its key included. */
  readonly start: number;
  readonly end: number;
  /** The string that names it. */
  readonly selection: { readonly start: number; readonly end: number };
  /** The index of the entry that holds it, which stands before it; -1 at the top. */
  readonly parent: number;
}

/** As many entries as VS Code takes of JSON by default. */
const MOST_ENTRIES = 5_000;
/** Deeper than Python reads; what is deeper still is left out, since clients walk outlines recursively. */
const DEEPEST = 400;

/** The serialized objects of a document, in document order; where there are too many, the outer before the inner. */
export function outlineOf(shape: DocumentShape, limit = MOST_ENTRIES): OutlineEntry[] {
  const { tree } = shape.document;
  const found = serializedObjects(tree, shape.roots);
  const kept = keptBreadthFirst(found.depths, limit);
  const names = layerNamesIn(shape);
  const entries: OutlineEntry[] = [];
  const places = new Int32Array(found.objects.length).fill(-1);
  for (const [index, object] of found.objects.entries()) {
    if (kept[index] === 0) continue;
    const parent = found.parents[index]!;
    places[index] = entries.length;
    entries.push(entryOf(tree, names, object, parent < 0 ? -1 : places[parent]!));
  }
  return entries;
}

/** The objects in document order, each with the index of the one that holds it and how many hold it. */
interface FoundObjects {
  readonly objects: Node[];
  readonly parents: number[];
  readonly depths: number[];
}

function serializedObjects(tree: ValueTree, roots: readonly Root[]): FoundObjects {
  const found: FoundObjects = { objects: [], parents: [], depths: [] };
  for (const root of roots) {
    const end = tree.end(root.node);
    let parent = -1;
    for (let node = root.node; node < tree.size && tree.start(node) < end; node++) {
      if (tree.kind(node) !== "object") continue;
      while (parent >= 0 && tree.end(found.objects[parent]!) <= tree.start(node)) parent = found.parents[parent]!;
      if (node !== root.node && !isShown(tree, node)) continue;
      const depth = parent < 0 ? 0 : found.depths[parent]! + 1;
      if (depth > DEEPEST) continue;
      found.objects.push(node);
      found.parents.push(parent);
      found.depths.push(depth);
      parent = found.objects.length - 1;
    }
  }
  return found;
}

/** Serialized values that are no objects of a class of somebody's, such as `__keras_tensor__`, are left out. */
function isShown(tree: ValueTree, node: Node): boolean {
  return isPair(tree, node) && !/^__\w+__$/.test(textOf(tree, node, "class_name") ?? "");
}

function entryOf(tree: ValueTree, names: LayerNames, object: Node, parent: number): OutlineEntry {
  const config = tree.member(object, "config");
  const className = textOf(tree, object, "class_name");
  const isNamedFunction = isFunction(tree, object);
  const detail = isNamedFunction
    ? (textOf(tree, object, "config") ?? "function")
    : (textOf(tree, object, "registered_name") ?? className ?? "");
  const layer = names.layerOf(object)?.name;
  const key = parent < 0 ? "" : tree.key(object);
  const own = layer ?? (key === "" ? (textOf(tree, config, "name") ?? textOf(tree, object, "name")) : undefined);
  const name = [own, key, isNamedFunction ? detail : className, "object"].find((one) => one)!;
  const keyStart = tree.keyStart(object);
  return {
    name,
    detail: detail === name ? "" : detail,
    kind: kindOf(tree, object, isNamedFunction, layer !== undefined || (parent < 0 && own !== undefined)),
    start: parent < 0 || keyStart < 0 ? tree.start(object) : keyStart,
    end: tree.end(object),
    selection: selectionOf(tree, object, layer !== undefined || key === ""),
    parent,
  };
}

function kindOf(tree: ValueTree, object: Node, isNamedFunction: boolean, isLayer: boolean): OutlineEntry["kind"] {
  if (holdsLayers(tree, object)) return "model";
  if (isNamedFunction) return "function";
  return isLayer ? "layer" : "object";
}

function holdsLayers(tree: ValueTree, object: Node): boolean {
  const config = tree.member(object, "config");
  const lists = [config, tree.member(config, "layers"), tree.member(object, "layers")];
  return lists.some((list) => list !== NO_NODE && isLayerList(tree, list));
}

/** The content of the string by which one knows the object: its name, else its class. */
function selectionOf(tree: ValueTree, object: Node, isNamed: boolean): { start: number; end: number } {
  const own = isNamed ? [tree.member(object, "name"), tree.member(tree.member(object, "config"), "name")] : [];
  const node = [...own, tree.member(object, "class_name")].find(
    (one) => one !== NO_NODE && tree.kind(one) === "string",
  );
  const start = tree.start(object);
  if (node === undefined) return { start, end: Math.min(start + 1, tree.end(object)) };
  return contentOf({ start: tree.start(node), end: tree.end(node) });
}
