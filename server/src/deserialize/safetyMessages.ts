import type { Behaviour } from "./behaviour.ts";
import type { PythonError } from "./load.ts";
import { valueError } from "./messages.ts";

/** What Keras says of what would run or read what somebody else wrote, word for word. */

/** `TorchModuleWrapper.from_config` in utils/torch_utils.py (3.11.3). */
export function torchModuleRefused(): PythonError {
  return valueError(
    "Requested the deserialization of a `torch.nn.Module` object via `torch.load()`. This carries a potential risk of " +
      "arbitrary code execution and thus it is disallowed by default. If you trust the source of the artifact, you can " +
      "override this error by passing `safe_mode=False` to the loading function, or calling " +
      "`keras.config.enable_unsafe_deserialization().",
  );
}

/** `IndexLookup.set_vocabulary` in layers/preprocessing/index_lookup.py (3.12.0). */
export function vocabularyRefused(path: string): PythonError {
  return valueError(
    "Requested the loading of a vocabulary file outside of the model archive. This carries a potential risk of loading " +
      "arbitrary and sensitive files and thus it is disallowed by default. If you trust the source of the artifact, you " +
      "can override this error by passing `safe_mode=False` to the loading function, or calling " +
      `\`keras.config.enable_unsafe_deserialization(). Vocabulary file: '${path}'`,
  );
}

/** The same of a file that is not there (3.0 to 3.15). */
export function noVocabulary(path: string): PythonError {
  return valueError(`Vocabulary file ${path} does not exist.`);
}

/** `TFSMLayer.from_config` in export/tfsm_layer.py (3.12.1, 3.13.2, 3.14.0). */
export function savedModelRefused(): PythonError {
  return valueError(
    "Requested the deserialization of a `TFSMLayer`, which loads an external SavedModel. This carries a potential risk " +
      "of arbitrary code execution and thus it is disallowed by default. If you trust the source of the artifact, you " +
      "can override this error by passing `safe_mode=False` to the loading function, or calling " +
      "`keras.config.enable_unsafe_deserialization().",
  );
}

/** Python's own ModuleNotFoundError of `import name`. */
export function moduleNotFound(name: string): PythonError {
  return { exception: "ModuleNotFoundError", message: `No module named '${name}'` };
}

/** `TFSMLayer.__init__` in export/tfsm_layer.py (3.9.0) where there is no TensorFlow; in 3.0 its import fails first. */
export function noTensorFlow({ importsTensorFlowFirst }: Behaviour): PythonError {
  return importsTensorFlowFirst
    ? {
        exception: "ImportError",
        message: "This requires the tensorflow module. You can install it via `pip install tensorflow`",
      }
    : {
        exception: "NotImplementedError",
        message: "The TFSMLayer is only currently supported with the TensorFlow backend.",
      };
}
