import { lineageOf } from "../graph/lineage.ts";
import type { FoundObject, Load } from "../load.ts";

/** What `Layer` has as properties, or sets itself: keras/src/layers/layer.py, tf_keras/src/engine/base_layer.py. */
const ofLayer = (
  "activity_regularizer autocast built compute_dtype dtype dtype_policy dynamic inbound_nodes input input_dtype input_mask input_shape " +
  "input_spec losses metrics metrics_variables name name_scope non_trainable_variables non_trainable_weights outbound_nodes output " +
  "output_mask output_shape path quantization_mode stateful submodules supports_jit supports_masking trainable trainable_variables " +
  "trainable_weights updates variable_dtype variables weights"
).split(" ");
/** And `Model`, also when it is compiled: keras/src/models/model.py and trainers/trainer.py, tf_keras/src/engine/training.py. */
const ofModel = (
  "autotune_steps_per_execution compiled compiled_loss compiled_metrics distribute_reduction_method distribute_strategy history inputs " +
  "input_names jit_compile layers loss metrics_names optimizer output_names outputs predict_function run_eagerly state_updates " +
  "steps_per_execution stop_training test_function train_function"
).split(" ");
/** Of a base of Keras, the attributes that it may set to something else than what a class that derives from it has assigned. */
const ofBase: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["Layer", new Set(ofLayer)],
  ["Model", new Set([...ofLayer, ...ofModel])],
  ["Wrapper", new Set([...ofLayer, "layer"])],
]);

/**
 * Whether an attribute of an object may be another than what the constructor of its class assigns: the class defines something under
 * the name, as a property, or a base of Keras has it or sets it itself. Of most bases that is not known.
 */
export function mayBeSetElsewhere(load: Load, object: FoundObject, attribute: string): boolean {
  const { keras, defines } = lineageOf(load, object);
  const names = ofBase.get(keras[0]?.qualname ?? "");
  return defines(attribute) || !names || attribute.startsWith("__") || names.has(attribute.replace(/^_/, ""));
}
