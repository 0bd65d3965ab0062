import type { TableName } from "../../catalogue/keras.ts";
import { deserializeKerasObject } from "../deserializeKerasObject.ts";
import type { Value } from "../dict.ts";
import { reviveFromConfig } from "../fromConfig.ts";
import { type Frame, inner, type KerasFunctions, type Load, type Result } from "../load.ts";
import { whyPatched } from "../patched.ts";
import { compileArguments } from "./compileArguments.ts";
import { deserializeSlot } from "./getters.ts";
import { functionalFromConfig } from "./graph/functionalGraph.ts";
import { sequentialFromConfig } from "./graph/sequentialLayers.ts";
import { layerFromConfig, modelFromConfig } from "./layers.ts";
import { deserializeLegacy } from "./legacy.ts";

/**
 * `deserialize_keras_object` of tf_keras/src/saving/serialization_lib.py. All of a load from HDF5 runs in
 * `in_tf_saved_model_scope`, where it hands everything to the older format.
 */
function deserialize(load: Load, value: Value, frame: Frame, table?: TableName): Result {
  return load.question.loader === "load_model_from_hdf5"
    ? deserializeLegacy(load, value, inner(frame, { calls: 1 }), table)
    : deserializeKerasObject(load, value, frame, table);
}

/** The functions of tf_keras, where they are not those of Keras 3. */
export const keras2Functions: KerasFunctions = {
  whyPatched,
  compileArguments,
  deserializeKerasObject: deserialize,
  deserializeSlot,
  functionalFromConfig,
  layerFromConfig,
  modelFromConfig,
  reviveFromConfig,
  sequentialFromConfig,
};
