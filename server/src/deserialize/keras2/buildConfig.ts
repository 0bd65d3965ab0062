import { NO_NODE, type Node } from "../../json/index.ts";
import { ownBuildFailure } from "../building/ownMethods.ts";
import { pythonType, truthy } from "../dict.ts";
import { derivesFrom, isCertainlyNo, lineageOf } from "../graph/lineage.ts";
import { isInstance } from "../instances.ts";
import type { FoundObject, Frame, Load, PythonError } from "../load.ts";
import * as messages from "../messages.ts";

/**
 * `instance.build_from_config(build_config)` of tf_keras/src/engine/base_layer.py, which `deserialize_keras_object` calls of whatever it
 * has made: `config["input_shape"]`.
 */
export function buildFromConfig(load: Load, node: Node, object: FoundObject, buildConfig: Node, frame: Frame): void {
  const { tree } = load;
  if (!truthy(tree, { node: buildConfig })) return;
  const error = ofObject(load, object) ?? ofShape(load, object, buildConfig);
  const shape = tree.kind(buildConfig) === "object" ? tree.member(buildConfig, "input_shape") : NO_NODE;
  const isBuilt = shape !== NO_NODE && tree.kind(shape) !== "null";
  const own = !error && isBuilt ? ownBuildFailure(load, node, object) : undefined;
  if (error) load.fail(node, { rule: "wrong-field-type", node: buildConfig, error }, frame);
  else if (own) load.fail(node, own, frame);
}

/** Only layers have the method. */
function ofObject(load: Load, object: FoundObject): PythonError | undefined {
  if (object.from === "other" || !isCertainlyNo("Layer", lineageOf(load, object))) return undefined;
  if (lineageOf(load, object).defines("build_from_config")) return undefined;
  return messages.attributeError(messages.nameOf(object), "build_from_config");
}

function ofShape(load: Load, object: FoundObject, buildConfig: Node): PythonError | undefined {
  const { tree } = load;
  const lineage = lineageOf(load, object);
  const isMade = object.from === "keras" || isInstance(load, object);
  if (!isMade || lineage.defines("build_from_config") || !derivesFrom(lineage, "Layer")) return undefined;
  const type = pythonType(tree, { node: buildConfig });
  if (type !== "dict") return messages.subscriptFails(type, "input_shape");
  return tree.member(buildConfig, "input_shape") === NO_NODE ? messages.keyError("input_shape") : undefined;
}
