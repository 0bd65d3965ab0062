import { KerasRaises, valueError } from "../values.ts";

/**
 * What `inject_argument_info_in_traceback` of tf_keras/src/utils/traceback_utils.py makes of an error inside a call: only the
 * innermost call says so. `Layer.__call__` quotes the layer's name otherwise in the call of another layer. The arguments are
 * printed as TensorFlow has them: they are `…`.
 */
export function callError(name: string, className: string, isWithin: boolean, error: KerasRaises): KerasRaises {
  const { exception, message, sentence } = error;
  if (message !== sentence) return error;
  const quote = isWithin ? "'" : '"';
  const layer = `layer ${quote}${name}${quote} (type ${className})`;
  return new KerasRaises(
    exception,
    `Exception encountered when calling ${layer}.\n\n${sentence}\n\nCall arguments received by ${layer}:\n…`,
    sentence,
  );
}

/** What the shape function of an operation of TensorFlow refuses; the operation is printed as TensorFlow names it, and is `…`. */
export function operationError(sentence: string): KerasRaises {
  return valueError(`${sentence} for '{{node …}}' with input shapes: ….`);
}
