import type { Rule } from "./rule.ts";

/** What loads without a word and is hardly what the config means. */
export const quietRules: readonly Omit<Rule, "of">[] = [
  {
    code: "missing-config",
    severity: "error",
    quietSeverity: "warning",
    summary: "A dict lacks its `config` or its `class_name`, so that Keras takes it for plain data.",
    message: "{sentence}",
    cause:
      "`deserialize_keras_object` revives a dict that has both `class_name` and `config`; any other dict it returns as a dict. " +
      "Sequential and Functional models, wrappers such as `TimeDistributed`, `RNN` and optimizers raise an error for one in place of a " +
      "layer, cell or schedule. Elsewhere it is a warning: a loss or metric of `compile_config` is taken for a dict of outputs, and " +
      "training or evaluating the model fails later; a class of your own gets the dict. Initializers, regularizers and the like are " +
      "made with their defaults, and nothing is reported.",
    fix: 'Write `"config": {}` where the class needs no arguments. `serialize_keras_object` always writes a `config`.',
    example:
      '{"module": "keras.layers", "class_name": "TimeDistributed", "registered_name": null, "config": {"layer": ' +
      '{"module": "keras.layers", "class_name": "Flatten", "registered_name": null}}}',
  },
  {
    code: "unknown-loss-or-metric",
    severity: "warning",
    summary: "A string in the compile config names no loss or metric, which shows only when the model is used.",
    message: "{sentence}",
    cause:
      "`compile_from_config` hands strings on to `compile`, which keeps them. `losses.get` and `metrics.get` are asked when the " +
      "model is trained or evaluated first, and consult Keras's own names alone: a loss or metric that was registered or handed " +
      "in for loading is not found there by its bare name. `crossentropy` and `ce` are losses, `accuracy` and `acc` metrics.",
    fix:
      'Write your own function as an object, `{"module": "builtins", "class_name": "function", "config": "my_package>my_loss", …}`, ' +
      "and register it; or load with `compile=False` and call `compile` yourself.",
    example:
      '{"module": "keras", "class_name": "Sequential", "registered_name": null, "config": {"name": "s", "layers": []}, ' +
      '"compile_config": {"optimizer": "adam", "loss": "my_loss", "metrics": null}}',
  },
  {
    code: "unrelated-object",
    severity: "warning",
    summary: "The registered name belongs to a class that has nothing to do with the one that the config names.",
    message: "{sentence}",
    cause:
      "What is registered under `registered_name` is taken, whatever `module` and `class_name` say. Here the class that they name " +
      "is there, the one that is registered neither derives from it nor the other way round, and the registered name does not " +
      "bear its name. In the example, `Gate` is a class of the workspace beside `Scale`.",
    fix: "Write the registered name of the class that is meant. A file from elsewhere may have been made so on purpose.",
    example:
      '{"module": "my_package.layers", "class_name": "Gate", "config": {}, "registered_name": "my_package>Scale"}',
  },
  {
    code: "unreachable-layer",
    severity: "warning",
    summary: "No output of the model comes of a layer, so that the model that is loaded lacks it.",
    message: "{sentence}",
    cause:
      "`functional_from_config` makes every layer of the config, and `Functional.__init__` keeps those that lie between the inputs and " +
      "the outputs. The others are dropped without a word: they are not in `model.layers`, and `get_config` of the loaded model does not " +
      "write them. Keras itself never writes such a config. It is said of models in which all else is as it must be.",
    fix: "Refer to the layer in the `inbound_nodes` of another one or in `output_layers`, or remove it.",
    example:
      '{"module": "keras.src.models.functional", "class_name": "Functional", "registered_name": "Functional", "config": {"name": "m", "layers": [' +
      '{"module": "keras.layers", "class_name": "InputLayer", "config": {"batch_shape": [null, 4], "name": "a"}, "registered_name": null, "name": "a", "inbound_nodes": []}, ' +
      '{"module": "keras.layers", "class_name": "Dense", "config": {"units": 2, "name": "unused"}, "registered_name": null, "name": "unused", "inbound_nodes": []}], ' +
      '"input_layers": [["a", 0, 0]], "output_layers": [["a", 0, 0]]}}',
  },
  {
    code: "custom-object-ignored",
    severity: "warning",
    summary: "What the load is handed under a key is ignored, since another object is registered under it.",
    message: "{sentence}",
    cause:
      "For the outermost object Keras asks the custom object scope, then what is registered, then `custom_objects=`; for everything " +
      "inside it, what is registered, then the scope, then the argument. It is reported where one place of the workspace loads the file by its path.",
    fix: "Take the registration away, give one of the two objects another key, or do not hand it in.",
    example:
      '{"module": "my_package.layers", "class_name": "Scale", "config": {}, "registered_name": "my_package>Scale"}',
  },
];
