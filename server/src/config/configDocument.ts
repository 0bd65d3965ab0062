import type { Node } from "../json/index.ts";

/** The shapes in which Keras writes configs. */
export type Dialect =
  | "object"
  | "function"
  | "functional"
  | "sequential"
  /** What `get_config` of a model returns: its inner config, without the class. */
  | "model-config"
  | "keras-2-model"
  | "h5-attributes"
  | "tfjs";

/** One config of a document, and the function of Keras that loads it. */
export interface Root {
  readonly dialect: Dialect;
  /** The serialized object. */
  readonly node: Node;
  readonly loader:
    | "deserialize_keras_object"
    | "load_model"
    | "load_model_from_hdf5"
    | "model_from_json"
    | "layers.deserialize"
    | "from_config";
  /** The `training_config` beside it, which the legacy loader compiles. */
  readonly trainingConfig?: Node;
}
