import { argumentRules } from "./argumentRules.ts";
import { graphRules } from "./graphRules.ts";
import { quietRules } from "./quietRules.ts";
import { registrationRules } from "./registrationRules.ts";
import type { Rule, RuleCode } from "./rule.ts";
import { safetyRules } from "./safetyRules.ts";

const lookedUp = "{sentence} Looked up: `{key}`.";

const configRules: readonly Omit<Rule, "of">[] = [
  {
    code: "syntax-error",
    severity: "error",
    summary: "The document is not JSON that Python reads.",
    message: "{sentence}",
    cause:
      "Keras reads a config with Python's `json.loads`, which accepts `NaN` and `Infinity` beside standard JSON and nothing " +
      "else: no comments, no trailing commas, no single quotes. It stops at the first error.",
    fix: "Mend the JSON at the place shown. The other problems of the document are what Keras would say next.",
    example: '{"module": "keras.layers", "class_name": "Dense", "config": {"units": 3,}, "registered_name": null}',
  },
  {
    code: "unreadable-archive",
    severity: "error",
    summary: "The .keras file is no archive that Keras reads.",
    message: "{sentence}",
    cause:
      "`keras.saving.load_model` opens a `.keras` file with Python's `zipfile` and reads the member `config.json`. It says " +
      '"File not found" also of a file that is there but is no zip archive, such as a truncated one or an HDF5 file.',
    fix:
      "Save the model again, or copy the file again where it was cut off. An HDF5 file keeps its extension, `.h5`. The example " +
      "lists the members of a zip archive that is no model.",
    example: '["metadata.json", "model.weights.h5"]',
  },
  {
    code: "class-not-registered",
    severity: "error",
    summary: "No class is registered under the name that Keras looks up.",
    message: lookedUp,
    cause:
      "`_retrieve_class_or_fn` looks up `registered_name` (where that key is absent: `class_name`) among the custom objects, " +
      "then the class by `module` among Keras's own. An explicit `null` looks nothing up. Since Keras 3.9 the modules of " +
      "other packages are not imported any more, so a class that merely can be imported is not found.",
    fix:
      'Decorate the class with `@keras.saving.register_keras_serializable(package="…")`, so that `package>name` equals the ' +
      "`registered_name`, and import its module before loading; or write the key under which it is registered.",
    example:
      '{"module": "my_package.layers", "class_name": "Scale", "config": {}, "registered_name": "my_package>Scael"}',
  },
  {
    code: "function-not-registered",
    severity: "error",
    summary: "No function is registered under the name that Keras looks up.",
    message: lookedUp,
    cause:
      "For a function, the key is the string in `config`. Keras seeks it among the custom objects, then among its own " +
      "activations, constraints, initializers, losses, metrics, optimizers and regularizers. Keras 3.7 and 3.8 do not find " +
      "`my_fn` where `my_package>my_fn` is registered; other releases do.",
    fix: 'Decorate the function with `@keras.saving.register_keras_serializable(package="…")` and write its whole key into `config`.',
    example:
      '{"module": "builtins", "class_name": "function", "config": "my_package>swihs", "registered_name": "function"}',
  },
  {
    code: "module-not-importable",
    severity: "error",
    summary: "The module named by `module` cannot be imported.",
    message: lookedUp,
    cause:
      "`_retrieve_class_or_fn` imports `module` when nothing else answers: any module to Keras 3.8, those of keras, " +
      "keras_hub, keras_cv and keras_nlp since. Python raises ModuleNotFoundError.",
    fix: "Write the module where the class lives in this version (Keras 2 modules such as `keras.engine` are gone), or register the class.",
    example:
      '{"module": "keras.src.engine.functional", "class_name": "Functional", "config": {}, "registered_name": "Functional"}',
  },
  {
    code: "not-a-saveable-class",
    severity: "error",
    summary: "A Keras module does not hold a class of this name that can be saved.",
    message: lookedUp,
    cause:
      "Since Keras 3.11 what a module of keras holds is accepted only where it is a subclass of `KerasSaveable`. The same " +
      "sentence answers a typo, a class that was removed, and an alias that is no canonical export.",
    fix: "Write the canonical name, such as `keras.layers.Dense`.",
    example: '{"module": "keras.layers", "class_name": "Dens", "config": {"units": 3}, "registered_name": null}',
  },
  {
    code: "not-a-layer",
    severity: "error",
    summary: "Something that is no layer stands where a layer is due.",
    message: "{sentence}",
    cause:
      "`Sequential.add` refuses what is no `Layer`, and since Keras 3.9 a Functional model what is neither a layer nor another " +
      "operation. `keras.layers.deserialize` deserializes its config as `deserialize_keras_object` does, and refuses what is no `Layer`.",
    fix:
      "Write a layer, or take it out of `layers`. Where `keras.layers.deserialize` is stated as the loader: load the config by " +
      "`keras.saving.deserialize_keras_object`, or by `deserialize` of the module that it belongs to.",
    example: '{"module": "keras.losses", "class_name": "MeanSquaredError", "config": {}, "registered_name": null}',
  },
  {
    code: "registered-name-on-builtin",
    severity: "error",
    quietSeverity: "warning",
    summary: "A registered name stands beside a class of Keras itself, and nothing is registered under it.",
    message: lookedUp,
    cause:
      "Since Keras 3.15 this is an error. Before, the built-in is loaded in place of your class, without a word: a warning. In all " +
      "releases that is so where a class is named by a module of Keras's source, and in arguments that a table of names " +
      "answers, such as `kernel_initializer`: a custom `GlorotUniform` that is not registered is Keras's own there.",
    fix: "Remove `registered_name`, or register the class under it.",
    example:
      '{"module": "keras.layers", "class_name": "Dense", "config": {"units": 3}, "registered_name": "my_package>Dense"}',
  },
  {
    code: "null-module",
    severity: "error",
    summary: "`module` is null where a built-in name is looked up, and no custom object answers.",
    message: lookedUp,
    cause:
      "Initializers, regularizers, constraints, losses, metrics, optimizers and dtype policies are sought in Keras's table of " +
      "names; an object whose `module` is null is taken for a custom one.",
    fix: "Register the class under `registered_name`, or name the module of the built-in.",
    example:
      '{"module": "keras.layers", "class_name": "Dense", "registered_name": null, "config": {"units": 3, "kernel_initializer": ' +
      '{"module": null, "class_name": "MyInit", "config": {}, "registered_name": "MyInit"}}}',
  },
  {
    code: "unknown-identifier",
    severity: "error",
    quietSeverity: "warning",
    summary: "The argument names no activation, initializer, loss, metric, optimizer, regularizer or constraint.",
    message: lookedUp,
    cause:
      "`get()` of the argument's kind looks into Keras's table of names, and for initializers and optimizers among the custom " +
      "objects too. `module` is not asked. Keras 2 keeps the bare name of a class that it does not know: that is an error where a " +
      "constructor objects or the layer is built while it is loaded, and a warning elsewhere.",
    fix: "Write a built-in name, or for your own function the function object with its registered name.",
    example:
      '{"module": "keras.layers", "class_name": "Dense", "config": {"units": 3, "activation": "rleu"}, "registered_name": null}',
  },
  {
    code: "unknown-layer",
    severity: "error",
    summary: "The legacy loader knows no layer of this class name.",
    message: lookedUp,
    cause:
      "A layer without `module` (every layer in an `.h5` file or a Keras 2 config) is sought by its `class_name` alone: among " +
      "the custom objects, then in `keras.layers`.",
    fix: "Register the class so that its whole key, such as `Custom>Scale`, equals the `class_name`, or pass it in `custom_objects`.",
    example:
      '{"keras_version": "3.12.0", "model_config": {"class_name": "Sequentail", "config": {"name": "s", "layers": []}}}',
  },
  {
    code: "missing-from-config",
    severity: "error",
    summary: "The class that was found has no `from_config()`.",
    message: "{sentence}",
    cause: "`deserialize_keras_object` revives an object by `cls.from_config(config)`.",
    fix: "Derive the class from one of Keras's, or give it a class method `from_config(cls, config)`.",
    example: '{"module": "keras.optimizers.legacy", "class_name": "Adam", "config": {}, "registered_name": null}',
  },
  {
    code: "wrong-field-type",
    severity: "error",
    summary: "A field of the serialized object has a type that Keras cannot work with.",
    message: "{sentence}",
    cause:
      "`module` must be a string or null, `class_name` a string, `registered_name` a string or null, `config` a dict (for a " +
      "function: a string). What Keras raises otherwise is Python's own error, as of a Python lambda whose code is cut off.",
    fix: "Write the field as `serialize_keras_object` writes it.",
    example: '{"module": 3, "class_name": "Dense", "config": {"units": 3}, "registered_name": null}',
  },
  ...argumentRules,
  ...graphRules,
  {
    code: "shape-conflict",
    severity: "error",
    summary: "A layer is given a shape that it refuses.",
    message: "{sentence}",
    cause:
      "Loading a model builds its layers with the shapes of their `build_config`, and calls them with the tensors of the model. A " +
      "layer refuses a tensor whose axes are not those it was built with, merging layers refuse shapes that do not meet, `Reshape` " +
      "another number of elements, and a window larger than its input leaves nothing. It is reported where all " +
      "objects of the config are found, and everything that leads to the shape is known.",
    fix:
      "Write the argument that the shapes ask for. Where an argument was changed on purpose, change the `build_config` of the layers " +
      "that follow too, or take it out: the layers are then built with the shapes that they are given.",
    example:
      '{"module": "keras", "class_name": "Sequential", "registered_name": null, "config": {"name": "s", "layers": [' +
      '{"module": "keras.layers", "class_name": "InputLayer", "registered_name": null, "config": {"batch_shape": [null, 8], "name": "x"}}, ' +
      '{"module": "keras.layers", "class_name": "Reshape", "registered_name": null, "config": {"target_shape": [3, 3], "name": "r"}}]}}',
  },
  ...quietRules,
  ...safetyRules,
  {
    code: "cannot-be-known",
    severity: "hint",
    summary: "Whether Keras finds the object cannot be known from here.",
    message: "Cannot be known: {sentence}.",
    cause:
      "Keras looks the object up among what the running program has registered. Something that may register it is not in sight: " +
      "a package that is imported and not installed, a decorator that is not known, a registration that happens only where a " +
      "function is called, a file that could not be read.",
    fix:
      "Nothing has to be done. Installing the missing package in the workspace's environment lets the tool look into it; where " +
      "nothing outside the workspace registers names, say so (`--closed`, in the editor `kerasConfig.closedWorkspace`). The command " +
      "line lists such objects beside the problems, editors show a hint. In the example, the workspace imports `other_package` and does " +
      "not have it.",
    example:
      '{"module": "other_package.layers", "class_name": "Scale", "config": {}, "registered_name": "other>Scale"}',
  },
];

/** Every cause that the tool reports, by its code. */
export const ruleTable: ReadonlyMap<RuleCode, Rule> = new Map(
  [...configRules.map((rule): Rule => ({ ...rule, of: "config" })), ...registrationRules].map((rule) => [
    rule.code,
    rule,
  ]),
);

/** The message of a problem: Keras's sentence without the printed config, then the key that was looked up. */
export function messageOf(code: RuleCode, sentence: string, key: string | undefined): string {
  const spoken = sentence.replace(/ ?Full object config: .*$/s, "").trim();
  const form = ruleTable.get(code)?.message ?? "{sentence}";
  if (key === undefined) return spoken;
  const ended = /[.!?`]$/.test(spoken) ? spoken : `${spoken}.`;
  return form.replace("{sentence}", () => ended).replace("{key}", () => key);
}

/** The page of a rule, as Markdown: the content of `docs/rules/<code>.md`. */
export function rulePage(rule: Rule): string {
  return `# ${rule.code}

${rule.summary}

Default severity: ${rule.severity}${rule.quietSeverity === undefined ? "" : `; ${rule.quietSeverity} where the release goes on`}.

## What Keras does

${rule.cause}

## What to do

${rule.fix}

## Example

\`\`\`${rule.of === "config" ? "json" : "python"}
${rule.example}
\`\`\`
`;
}
