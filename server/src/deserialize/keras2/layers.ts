import { NO_NODE, type Node, type ValueTree } from "../../json/index.ts";
import { type Frame, inner, type Load, type Result } from "../load.ts";
import * as messages from "../messages.ts";
import { failsOnEmpty } from "./emptyConfig.ts";
import { bareOf } from "./leftInPlace.ts";
import { deserializeLegacy } from "./legacy.ts";

/** `model_from_config` of tf_keras/src/saving/legacy/model_config.py, as a file in HDF5 is read. */
export function modelFromConfig(load: Load, node: Node, frame: Frame): Result {
  return deserializeLegacy(load, { node }, frame, "layers");
}

/** What `Model.to_json` writes: a model without `module`, which of all functions only `model_from_json` loads. */
export function isOldModel(tree: ValueTree, node: Node): boolean {
  const config = tree.member(node, "config");
  if (config === NO_NODE || tree.member(node, "module") !== NO_NODE) return false;
  const className = tree.member(node, "class_name");
  const isSequential =
    className !== NO_NODE && tree.kind(className) === "string" && tree.string(className) === "Sequential";
  return isSequential || tree.member(config, "layers") !== NO_NODE;
}

/** `model_from_json` of tf_keras/src/saving/legacy/model_config.py: the way of `layers.deserialize`. */
export function modelFromJson(load: Load, node: Node, frame: Frame): void {
  if (failsOnEmpty(load, { node }, inner(frame, { calls: 1 }))) return;
  const result = load.keras.deserializeKerasObject(load, { node }, inner(frame, { calls: 2 }), "layers");
  const bare = bareOf(load, node, result);
  // It returns the name.
  if (bare?.type === "str") load.warn(node, { rule: "unknown-identifier", at: bare.at, name: bare.shown }, frame);
}

/** A layer of `Sequential.from_config`, which tells the formats apart, or of `reconstruct_from_config`, which does not. */
export function layerFromConfig(load: Load, layer: Node, frame: Frame, model: "sequential" | "functional"): Result {
  const { tree } = load;
  if (failsOnEmpty(load, { node: layer }, frame)) return { is: "failed" };
  const isOld = tree.kind(layer) === "array" || tree.member(layer, "module") === NO_NODE;
  if (model === "sequential" && isOld) {
    return deserializeLegacy(load, { node: layer }, inner(frame, { calls: 2 }), "layers");
  }
  const result = load.keras.deserializeKerasObject(load, { node: layer }, inner(frame, { calls: 2 }), "layers");
  const bare = bareOf(load, layer, result);
  if (!bare || model === "functional") return result;
  const { shown: name, at: node, type } = bare;
  const error = messages.typeError(
    `The added layer must be an instance of class Layer. Received: layer=${name} of type <class '${type}'>.`,
  );
  load.fail(layer, { rule: "unknown-layer", node, error, lookedUp: name, name }, frame);
  return { is: "failed" };
}
