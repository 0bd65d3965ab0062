import type { PythonError } from "../load.ts";
import { typeError, valueError } from "../messages.ts";

/** What Keras's constructors say, word for word, beside the rules that are read off their source. */

/** `TimeDistributed.__init__` and `Bidirectional.__init__` in layers/rnn. */
export function notALayerFor(className: string, printed: string): PythonError {
  return valueError(
    `Please initialize \`${className}\` layer with a \`keras.layers.Layer\` instance. Received: ${printed}`,
  );
}

/** `Bidirectional.__init__` in layers/rnn/bidirectional.py. */
export function notABackwardLayer(printed: string): PythonError {
  return valueError(`\`backward_layer\` need to be a \`keras.layers.Layer\` instance. Received: ${printed}`);
}

/** `Bidirectional._verify_layer_config`. */
export function sameDirection(keras: "keras" | "tf_keras", forward: string, backward: string): PythonError {
  if (keras === "tf_keras") {
    return valueError(
      "Forward layer and backward layer should have different `go_backwards` value." +
        `forward_layer.go_backwards = ${forward},backward_layer.go_backwards = ${backward}`,
    );
  }
  return valueError(
    "Forward layer and backward layer should have different `go_backwards` value. Received: " +
      `forward_layer.go_backwards ${forward}, backward_layer.go_backwards=${backward}`,
  );
}

/** `Bidirectional._verify_layer_config`. */
export function differentDirections(attribute: string, forward: string, backward: string): PythonError {
  return valueError(
    `Forward layer and backward layer are expected to have the same value for attribute "${attribute}", got ` +
      `"${forward}" for forward layer and "${backward}" for backward layer`,
  );
}

/** `Wrapper.__init__` in layers/core/wrapper.py. */
export function notALayerForWrapper(printed: string): PythonError {
  return valueError(
    `Layer ${printed} supplied to Wrapper isn't a supported layer type. Please ensure wrapped layer is a valid Keras layer.`,
  );
}

/** `RNN.__init__` in layers/rnn/rnn.py. */
export function notACell(printed: string): PythonError {
  return valueError(`Argument \`cell\` should have a \`call\` method. Received: cell=${printed}`);
}

/** `StackedRNNCells.__init__` in layers/rnn/stacked_rnn_cells.py. */
export function notOneOfCells(printed: string): PythonError {
  return valueError(`All cells must have a \`call\` method. Received cell without a \`call\` method: ${printed}`);
}

/** `BaseOptimizer.__init__` in optimizers/base_optimizer.py. */
export function notALearningRate(printed: string): PythonError {
  return valueError(
    "Argument `learning_rate` should be float, or an instance of LearningRateSchedule, or a callable (that takes in the " +
      "current iteration value and returns the corresponding learning rate value). Received instead: " +
      `learning_rate=${printed}`,
  );
}

/** Python's own TypeError for `value > other`. */
export function notCompared(type: string, other: string): PythonError {
  return typeError(`'>' not supported between instances of '${type}' and '${other}'`);
}

/** `inspect.getfullargspec(function)`, which `Lambda.__init__` of layers/core/lambda_layer.py calls, of what nobody can call. */
export function unsupportedCallable(): PythonError {
  return typeError("unsupported callable");
}
