import { NO_NODE, type Node } from "../../json/index.ts";
import { failedCall } from "../graph/graphMessages.ts";
import type { FoundObject, Load, PythonError } from "../load.ts";
import * as messages from "../messages.ts";
import { plainRepr } from "../objectRepr.ts";

/** A layer of the workspace that a model calls, and its config. */
interface Called {
  readonly config: Node;
  readonly object: FoundObject;
}

/**
 * What leaves a layer where something is raised in its `call`, itself or in that of the layer `within` which it calls: in Keras 3 by
 * `Operation.compute_output_spec` of keras/src/ops/operation.py, in Keras 2 by tf_keras/src/engine/base_layer.py.
 */
export function raisedInCall(
  load: Load,
  called: Called,
  within: FoundObject | undefined,
  error: PythonError,
): PythonError {
  if (load.behaviour.package === "tf_keras") return raisedInKeras2(load, called, error);
  const name = messages.nameOf(called.object);
  const inner = within ? failedCall(messages.nameOf(within), error) : error;
  const { keepsCallErrors } = load.behaviour;
  if (!keepsCallErrors && error.exception === "TypeError") return failedCall(name, inner);
  return failedCall(name, {
    exception: keepsCallErrors ? error.exception : "RuntimeError",
    message:
      `Could not automatically infer the output shape / dtype of '${layerName(load, called)}' (of type ${name}). Either the ` +
      `\`${name}.call()\` method is incorrect, or you need to implement the \`${name}.compute_output_spec() / compute_output_shape()\` ` +
      `method. Error encountered:\n\n${inner.message}`,
  });
}

/** A dict that is called is taken for what was not deserialized; of all else TensorFlow tells the lines of the user's code. */
function raisedInKeras2(load: Load, called: Called, error: PythonError): PythonError {
  if (error.exception === "TypeError" && error.message.includes("DictWrapper")) {
    return messages.typeError(messages.explicitlyDeserialized(plainRepr(load, called.object)));
  }
  const { exception, message } = error;
  const told = `in user code:\n\n    …\n\n    ${exception}: ${message}\n`;
  return { exception, message: messages.callOfLayer(layerName(load, called), called.object, told, "…") };
}

function layerName({ tree }: Load, { config }: Called): string {
  const name = tree.member(config, "name");
  return name !== NO_NODE && tree.kind(name) === "string" ? tree.string(name) : "…";
}
