import { NO_NODE, type Node, type ValueTree } from "../json/index.ts";
import type { Root } from "./configDocument.ts";
import { isLayerList } from "./layerLists.ts";
import { visitInboundNode, visitModelTensors } from "./tensorReferences.ts";

/** A model's layers by their names. Of layers of one name the last counts, as in `functional_from_config`. */
export interface LayerModel {
  /** What `get_config` of the model returned. */
  readonly config: Node;
  readonly layers: readonly NamedLayer[];
  readonly byName: ReadonlyMap<string, NamedLayer>;
}

/** A layer of a model, and the places that name it, in document order. */
export interface NamedLayer {
  readonly name: string;
  /** The serialized object. */
  readonly object: Node;
  readonly model: LayerModel;
  readonly places: readonly LayerPlace[];
}

/** A string that names a layer: its UTF-16 offsets, quotes included. */
export interface LayerPlace {
  readonly start: number;
  readonly end: number;
  /** Whether it is the layer's own `name`, or a mention of it. */
  readonly role: "name" | "reference";
  readonly layer: NamedLayer;
}

/** The names of the layers of a document. */
export interface LayerNames {
  /** The layer's name at a UTF-16 offset, its quotes and its end included. */
  placeAt(offset: number): LayerPlace | undefined;
  /** What a serialized object is as a layer of a model. */
  layerOf(object: Node): NamedLayer | undefined;
}

const known = new WeakMap<readonly Root[], LayerNames>();

/**
 * The layers of all models in the configs of a document, nested ones included, with the places that name each in its own
 * model: `name` of the layer and of its config, `inbound_nodes` in both formats, `input_layers`, `output_layers`, and the
 * keys by which a compile config names outputs. Linear; made once for each list of roots.
 */
export function layerNamesOf(tree: ValueTree, roots: readonly Root[]): LayerNames {
  let names = known.get(roots);
  if (!names) {
    names = readLayerNames(tree, roots);
    known.set(roots, names);
  }
  return names;
}

/** A layer while its places are gathered. */
interface GatheredLayer extends NamedLayer {
  readonly places: LayerPlace[];
}

interface GatheredModel extends LayerModel {
  readonly layers: GatheredLayer[];
  readonly byName: Map<string, GatheredLayer>;
}

function readLayerNames(tree: ValueTree, roots: readonly Root[]): LayerNames {
  const places: LayerPlace[] = [];
  const layers = new Map<Node, NamedLayer>();
  for (const root of roots) {
    const end = tree.end(root.node);
    for (let node = root.node; node < tree.size && tree.start(node) < end; node++) {
      if (!isLayerList(tree, node)) continue;
      const model = readModel(tree, node, places);
      for (const layer of model.layers) layers.set(layer.object, layer);
      const object = tree.parent(model.config);
      const compiled = root.node === object && root.trainingConfig !== undefined ? root.trainingConfig : NO_NODE;
      readOutputNames(tree, model, compiled === NO_NODE ? tree.member(object, "compile_config") : compiled, places);
    }
  }
  places.sort((a, b) => a.start - b.start);
  for (const place of places) (place.layer as GatheredLayer).places.push(place);
  return { placeAt: (offset) => placeAt(places, offset), layerOf: (object) => layers.get(object) };
}

function readModel(tree: ValueTree, list: Node, places: LayerPlace[]): GatheredModel {
  // The first Sequential models have the list itself for a config.
  const config = tree.key(list) === "layers" ? tree.parent(list) : list;
  const model: GatheredModel = { config, layers: [], byName: new Map() };
  const add = (layer: GatheredLayer | undefined, start: number, end: number, role: LayerPlace["role"]): void => {
    if (layer) places.push({ start, end, role, layer });
  };
  for (let object = tree.firstChild(list); object !== NO_NODE; object = tree.nextSibling(object)) {
    const inner = stringNode(tree, tree.member(object, "config"));
    const outer = stringNode(tree, object);
    const own = outer === NO_NODE ? inner : outer;
    if (own === NO_NODE) continue;
    const name = tree.string(own);
    const layer: GatheredLayer = { name, object, model, places: [] };
    model.layers.push(layer);
    model.byName.set(name, layer);
    add(layer, tree.start(own), tree.end(own), "name");
    if (inner !== own && inner !== NO_NODE && tree.string(inner) === name)
      add(layer, tree.start(inner), tree.end(inner), "name");
  }
  const visit = (node: Node) => add(model.byName.get(tree.string(node)), tree.start(node), tree.end(node), "reference");
  for (const { object } of model.layers) {
    const inbound = tree.member(object, "inbound_nodes");
    if (inbound === NO_NODE || tree.kind(inbound) !== "array") continue;
    for (let node = tree.firstChild(inbound); node !== NO_NODE; node = tree.nextSibling(node))
      visitInboundNode(tree, node, visit);
  }
  visitModelTensors(tree, tree.member(config, "input_layers"), visit);
  visitModelTensors(tree, tree.member(config, "output_layers"), visit);
  return model;
}

/** Arguments of `compile` that name outputs by the keys of a dict. */
const BY_OUTPUT = ["loss", "loss_weights", "metrics", "weighted_metrics"];

/** An output is called as the layer that gives it (`output_names` of functional.py), unless the outputs are a dict. */
function readOutputNames(tree: ValueTree, model: GatheredModel, compileConfig: Node, places: LayerPlace[]): void {
  const outputs = tree.member(model.config, "output_layers");
  if (compileConfig === NO_NODE || outputs === NO_NODE || tree.kind(outputs) !== "array") return;
  const names = new Set<string>();
  visitModelTensors(tree, outputs, (layer) => names.add(tree.string(layer)));
  for (const argument of BY_OUTPUT) {
    const dict = tree.member(compileConfig, argument);
    if (dict === NO_NODE || tree.kind(dict) !== "object" || tree.member(dict, "class_name") !== NO_NODE) continue;
    for (let value = tree.firstChild(dict); value !== NO_NODE; value = tree.nextSibling(value)) {
      const layer = names.has(tree.key(value)) ? model.byName.get(tree.key(value)) : undefined;
      if (layer) places.push({ start: tree.keyStart(value), end: tree.keyEnd(value), role: "reference", layer });
    }
  }
}

/** The string that is the `name` of an object; NO_NODE where there is none. */
function stringNode(tree: ValueTree, object: Node): Node {
  const node = tree.member(object, "name");
  return node !== NO_NODE && tree.kind(node) === "string" ? node : NO_NODE;
}

function placeAt(places: readonly LayerPlace[], offset: number): LayerPlace | undefined {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (places[middle]!.start <= offset) low = middle + 1;
    else high = middle;
  }
  const place = places[low - 1];
  return place && offset <= place.end ? place : undefined;
}
