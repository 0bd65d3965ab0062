import { text, type Value } from "./dict.ts";
import { derivesFrom, lineageOf } from "./graph/lineage.ts";
import { type FoundObject, type Frame, kindOf, type Load, type Result } from "./load.ts";
import * as messages from "./messages.ts";
import { elided, pythonRepr } from "./pythonRepr.ts";
import { fieldNode } from "./retrievalFailures.ts";

/**
 * `keras.layers.deserialize` of keras/src/layers/__init__.py: what the value has become must be a layer, which is asked behind
 * all that stands in it. What cannot be told is said of a root only: of an argument it is left to the caller.
 */
export function deserializeLayer(load: Load, value: Value, frame: Frame, isRoot: boolean): Result {
  const behind = load.pending;
  const result = load.keras.deserializeKerasObject(load, value, frame);
  const isOne = isLayer(load, value, result);
  if (result.is === "failed" || isOne) return result;
  const node = fieldNode(load, { node: value.node }, "class_name");
  load.nextAfter(behind, () => {
    const reason = "whether `keras.layers.deserialize` gets a layer here is not known";
    const error = messages.notADeserializedLayer(received(load, value));
    if (isOne === false) load.fail(value.node, { rule: "not-a-layer", node, error }, frame);
    else if (isRoot) load.unknown(value.node, node, { reason, names: [] });
  });
  return result;
}

/** Whether what a value has become is a Layer; undefined where it cannot be told. */
function isLayer(load: Load, value: Value, result: Result): boolean | undefined {
  // The key of a class stands for the class, and that is no layer.
  if (result.is !== "object" || text(load.tree, value) !== undefined) return false;
  return isLayerObject(load, result.object);
}

function isLayerObject(load: Load, object: FoundObject): boolean | undefined {
  if (object.from !== "keras" && kindOf(object) === "function") return false;
  const lineage = lineageOf(load, object);
  if (derivesFrom(lineage, "Layer")) return true;
  // A `from_config` of its own may return anything.
  return lineage.complete && !lineage.defines("from_config") ? false : undefined;
}

function received({ tree }: Load, value: Value): string {
  if (tree.kind(value.node) === "object") return elided;
  return text(tree, value) ?? pythonRepr(tree, value);
}
