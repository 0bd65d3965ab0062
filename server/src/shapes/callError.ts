import { KerasRaises } from "./values.ts";

/**
 * What `inject_argument_info_in_traceback` of keras/src/utils/traceback_utils.py makes of an error inside a call. The arguments
 * are printed with names that count up over the whole program: they are `…`.
 */
export function callError(className: string, { exception, message, sentence }: KerasRaises): KerasRaises {
  return new KerasRaises(
    exception,
    `Exception encountered when calling ${className}.call().\n\n\u001b[1m${message}\u001b[0m\n\n` +
      `Arguments received by ${className}.call():\n…`,
    sentence,
  );
}
