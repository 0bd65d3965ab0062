/** What Keras 2 says of the graph of a model: tf_keras/src/engine/functional.py, sequential.py and functional_utils.py. */
import type { PythonError } from "../../load.ts";
import { typeError, valueError } from "../../messages.ts";
import { reprString } from "../../pythonRepr.ts";

/** Python's own AssertionError, without a word. */
export function assertion(): PythonError {
  return { exception: "AssertionError", message: "" };
}

/** Python's own error for a list of another length than three. */
export function notUnpacked(): PythonError {
  return valueError("too many values to unpack (expected 3)");
}

/** An entry that holds no tensor: what its loop sets is not there. */
export function unboundKwargs(): PythonError {
  const message = "cannot access local variable 'kwargs' where it is not associated with a value";
  return { exception: "UnboundLocalError", message };
}

/** Python's own TypeError for `layer(inputs, **kwargs)`. */
export function noMapping(layer: string, type: string): PythonError {
  return typeError(`${layer} argument after ** must be a mapping, not ${type}`);
}

/** What `build` of the layers in tf_keras/src/layers/merging says of a single tensor; its shape as Python prints it. */
export function noListOfInputs(className: string, shape: string): PythonError {
  const received = `Received: input_shape=${shape}`;
  if (className === "Concatenate")
    return valueError(`A \`Concatenate\` layer should be called on a list of at least 1 input. ${received}`);
  if (className === "Dot") return valueError(`A \`Dot\` layer should be called on a list of 2 inputs. ${received}`);
  return valueError(`A merge layer should be called on a list of inputs. ${received} (not a list of shapes)`);
}

/** `_Merge.build` of tf_keras/src/layers/merging/base_merge.py puts the first dimension of each input in a set. */
export function unhashableDimension(): PythonError {
  return typeError("unhashable type: 'list'");
}

/** `_validate_graph_inputs_and_outputs`; the tensors as they are printed in a list. */
export function sameInputs(printed: readonly string[]): PythonError {
  return valueError(
    "The list of inputs passed to the model contains the same input multiple times. All inputs should only appear once." +
      `Received inputs=[${printed.join(", ")}]`,
  );
}

/** `_map_graph_network`, of a tensor that comes of none of the inputs. */
export function disconnected(tensor: string, layer: string, before: readonly string[]): PythonError {
  return valueError(
    `Graph disconnected: cannot obtain value for tensor ${tensor} at layer "${layer}". The following previous layers were ` +
      `accessed without issue: [${before.map((name) => reprString(name)).join(", ")}]`,
  );
}

/** `find_nodes_by_inputs_and_outputs`, of an input that is not among those of the model. */
export function unreachable(tensor: string): PythonError {
  return valueError(
    "Found input tensor cannot be reached given provided output tensors. Please make sure the tensor " +
      `${tensor} is included in the model inputs when building functional model.`,
  );
}

/** The same, of inputs that no output comes of. */
export function unvisited(printed: readonly string[]): PythonError {
  return valueError(`Found unvisited input tensors that are disconnected from the outputs: [${printed.join(", ")}]`);
}

/** `_map_graph_network`. */
export function nameUsedTwice(name: string, count: number): PythonError {
  return valueError(`The name "${name}" is used ${count} times in the model. All layer names should be unique.`);
}

/** `Sequential.add`. */
export function layerNameNotUnique(name: string): PythonError {
  return valueError(
    `All layers added to a Sequential model should have unique names. Name "${name}" is already the name of a layer in this ` +
      "model. Update the `name` argument to pass a unique name.",
  );
}

/** The same of what is no layer. */
export function notALayer(printed: string, type: string): PythonError {
  return typeError(`The added layer must be an instance of class Layer. Received: layer=${printed} of type ${type}.`);
}

/** `Graph.name_scope` of TensorFlow. */
export function noScope(name: string): PythonError {
  return valueError(
    `'${name}/' is not a valid root scope name. A root scope name has to match the following pattern: ` +
      "^[A-Za-z0-9.][A-Za-z0-9_.\\\\/>-]*$",
  );
}

/** `Layer._name_scope` of a model whose name is no text. */
export function noScopeOfType(type: string): PythonError {
  // Python adds a text to a list.
  if (type === "list") return valueError("name for name_scope must be a string.");
  return typeError(`unsupported operand type(s) for +=: '${type}' and 'str'`);
}
