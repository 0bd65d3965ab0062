import type { Rule } from "./rule.ts";

/** What has Keras run or read what somebody else wrote. An error where the release refuses it, a warning where it goes on. */
export const safetyRules: readonly Omit<Rule, "of">[] = [
  {
    code: "unsafe-lambda",
    severity: "error",
    quietSeverity: "warning",
    summary: "The config holds a Python lambda, whose bytecode runs where Keras does not refuse it.",
    message: "{sentence}",
    cause:
      "A lambda is saved as bytecode, and loading it runs code of whoever wrote the file: on load where a model calls the layer while " +
      "it is put together, else when it is used. Safe mode, the default, refuses it: a `__lambda__` anywhere, and a Lambda layer whose " +
      "`function` or `output_shape` is one (in files of Keras 2, a list). Keras before 2.13 had no safe mode " +
      "([CVE-2024-3660](https://nvd.nist.gov/vuln/detail/CVE-2024-3660)). From `.h5` files Keras runs it to 3.11.2 in spite of safe mode " +
      "([CVE-2025-9905](https://nvd.nist.gov/vuln/detail/CVE-2025-9905)): there it is a warning. `Sequential.from_config` and the like, " +
      "called without a loader, revive the lambda of a Lambda layer to 3.12.2 and in 3.13 and 3.14: a warning. With safe mode off it " +
      "is one, too.",
    fix: "Replace the lambda by a registered function or a layer. Only for a file that you trust: `safe_mode=False`.",
    example: '{"class_name": "__lambda__", "config": {"value": ["4wE=", null, null]}}',
  },
  {
    code: "unsafe-module",
    severity: "warning",
    summary: "The object is a function or class of a module that no model needs, which Keras to 3.8 imports.",
    message: "{sentence}",
    cause:
      "To 3.8 `_retrieve_class_or_fn` imports any `module` and takes what it holds. A Lambda layer can then call it with arguments " +
      "from the config ([CVE-2025-1550](https://nvd.nist.gov/vuln/detail/CVE-2025-1550)): `os.system` runs a command while the model is " +
      "loaded. What comes with Python is reported, and packages that read, fetch or run, such as `joblib`; modules of the workspace and " +
      "of packages that compute are not. From 3.9 Keras imports its own packages alone; there such an " +
      "object is not found, which is another rule's error.",
    fix: "Remove it, and do not load the file with Keras 3.8 or older: Keras writes no such config by itself.",
    example: '{"module": "os", "class_name": "function", "config": "system", "registered_name": "system"}',
  },
  {
    code: "not-a-modeling-function",
    severity: "error",
    quietSeverity: "warning",
    summary: "The function is one that Keras refuses to load from a config, or should.",
    message: "{sentence} Looked up: `{key}`.",
    cause:
      "Functions that load, save or download let a config write files or switch safe mode off " +
      "([CVE-2025-8747](https://nvd.nist.gov/vuln/detail/CVE-2025-8747), [CVE-2025-9906](https://nvd.nist.gov/vuln/detail/CVE-2025-9906)). " +
      "Since Keras 3.11 a list of them is refused by name; 3.12.3, 3.12.4 and 3.15 refuse more. Since 3.11 a module of Keras's source " +
      "gives classes alone. Releases that do not refuse such a function load it: there it is a warning.",
    fix: "Remove it. A config that names such a function may have been made to attack whoever loads it.",
    example: '{"module": "keras.utils", "class_name": "function", "config": "get_file", "registered_name": "get_file"}',
  },
  {
    code: "unsafe-torch-module",
    severity: "error",
    quietSeverity: "warning",
    summary: "The config holds the pickle of a PyTorch module, which runs what it holds when it is read.",
    message: "{sentence}",
    cause:
      "`TorchModuleWrapper.from_config` reads its `module` with `torch.load`, and a pickle runs code " +
      "([CVE-2025-49655](https://nvd.nist.gov/vuln/detail/CVE-2025-49655)). Keras 3.11.0 to 3.11.2 does so from any config: there it is " +
      "a warning, and so it is with safe mode off. From 3.11.3 safe mode refuses it. To 3.10 the pickle does not survive JSON, and the load fails.",
    fix: "Load it with `safe_mode=False` only where you trust the file; else build the model in code and load its weights.",
    example:
      '{"module": "keras.layers", "class_name": "TorchModuleWrapper", "config": {"module": "gASVAAAA"}, "registered_name": null}',
  },
  {
    code: "vocabulary-file",
    severity: "error",
    quietSeverity: "warning",
    summary: "The vocabulary is a path or URL, which Keras opens while it loads the config, or refuses.",
    message: "{sentence}",
    cause:
      "`StringLookup`, `IntegerLookup`, `TextVectorization` and classes that derive from them and hand it on read a `vocabulary` that " +
      "is a string as a file: any file of whoever loads the config, or an address of a network ([CVE-2025-12058](https://nvd.nist.gov/vuln/detail/CVE-2025-12058)). To 3.11 Keras writes such " +
      "configs itself, for layers that were made with a path, and reads them: there it is a warning. From 3.12 safe mode refuses them; " +
      "with safe mode off, or where `from_config` is called without a loader, it is a warning.",
    fix: "Write the vocabulary itself, as a list of strings; or save the model again with Keras 3.12, which keeps it inside the file.",
    example:
      '{"module": "keras.layers", "class_name": "StringLookup", "config": {"vocabulary": "/etc/passwd"}, "registered_name": null}',
  },
  {
    code: "unsafe-saved-model",
    severity: "error",
    quietSeverity: "warning",
    summary: "The layer loads a TensorFlow SavedModel from outside the model, whose graph runs whatever it holds.",
    message: "{sentence}",
    cause:
      "`TFSMLayer` loads the SavedModel at its `filepath` when it is made ([CVE-2026-1462](https://nvd.nist.gov/vuln/detail/CVE-2026-1462)). " +
      "Keras 3.12.1 to 3.12.4, 3.13.2 and 3.14 and newer refuse it in safe mode; for the others, and with safe mode off, it is a warning.",
    fix: "Make the layer in code, from a SavedModel that you trust. Only for a file that you trust: `safe_mode=False`.",
    example:
      '{"module": "keras.layers", "class_name": "TFSMLayer", "config": {"filepath": "./exported"}, "registered_name": null}',
  },
  {
    code: "archive-bomb",
    severity: "error",
    quietSeverity: "warning",
    summary: "A member of the .keras file declares far more bytes than are stored of it.",
    message: "{sentence}",
    cause:
      "Keras reads the weights into memory, and with assets writes all members to the disk; a few MB can so become hundreds of GB " +
      "([CVE-2026-0897](https://nvd.nist.gov/vuln/detail/CVE-2026-0897) is the same for HDF5). Keras 3.12.3, 3.12.4 and 3.15 refuse a member " +
      "of more than 4 GiB that is stored in less than a hundredth; 3.12.4 and 3.15.1, where there are assets, one of more than 256 MiB. " +
      "The sizes are those of the archive's directory. Others inflate it: there it is a warning. This tool inflates `config.json` and " +
      "`metadata.json` alone, and no more than 200 MB. The example names a member and its two sizes.",
    fix: "Do not load a file that you do not trust. Keras stores members as they are: one that you saved yourself and compressed is saved again.",
    example: '{"member": "model.weights.h5", "declared": 8589934592, "stored": 8388608}',
  },
];
