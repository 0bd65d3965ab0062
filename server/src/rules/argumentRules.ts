import type { Rule } from "./rule.ts";

/** What a constructor raises when `from_config` calls it with the config. */
export const argumentRules: readonly Omit<Rule, "of">[] = [
  {
    code: "unknown-argument",
    severity: "error",
    summary: "The constructor of the class does not take an argument of this name.",
    message: "{sentence}",
    cause:
      "`from_config` hands the config to the constructor: `cls(**config)`. An argument that it does not name goes to the base class " +
      "where it takes `**kwargs`, and is refused at the end of that way: by Python, by `Layer.__init__` (layers/layer.py), or by " +
      "`BaseOptimizer.__init__` (optimizers/base_optimizer.py). Arguments come and go with releases: a file that a newer Keras wrote " +
      "may hold one that yours does not know, and a file of Keras 2 one that is gone. `compile_from_config` hands the `compile_config` " +
      "of a model to `compile` in the same way.",
    fix: "Correct the name, remove the argument, or load the file with the release that wrote it.",
    example:
      '{"module": "keras.layers", "class_name": "Dense", "config": {"unitss": 3, "units": 3}, "registered_name": null}',
  },
  {
    code: "missing-argument",
    severity: "error",
    summary: "The config lacks an argument that the constructor cannot do without.",
    message: "{sentence}",
    cause:
      "`from_config` calls `cls(**config)`, and the argument has no default; or `from_config` itself takes it out of the config first, " +
      "as the `layer` of a wrapper. For your own class, `get_config` has to return every argument without a default.",
    fix: "Add the argument: the quick fix writes its default, or null where it has none and you have to fill it in. Where the file was saved by your own class, let its `get_config` return it, and save again.",
    example:
      '{"module": "keras.layers", "class_name": "Dense", "config": {"activation": "relu"}, "registered_name": null}',
  },
  {
    code: "invalid-argument",
    severity: "error",
    summary: "The constructor refuses the value of an argument.",
    message: "{sentence}",
    cause:
      "Constructors of Keras check some of their arguments: that a number is positive, that a string is one of a few, that a tuple has " +
      "so many elements. What is reported is refused whatever the other arguments are. So does `compile`, which a `compile_config` is " +
      "handed to: metrics stand in a list or dict, and a model that is built needs an optimizer.",
    fix: "Write a value that the message allows.",
    example:
      '{"module": "keras.layers", "class_name": "Conv2D", "config": {"filters": 8, "kernel_size": 3, "padding": "smae"}, "registered_name": null}',
  },
  {
    code: "not-deserialized",
    severity: "error",
    summary: "A class of yours uses an argument as an object, and nothing has made one of what the config holds.",
    message: "{sentence}",
    cause:
      "`get_config` of a class writes a layer, a function or another object that it holds as a dict. `from_config` hands the config to the " +
      "constructor as it is: `cls(**config)`. Keras deserializes no argument by itself, but for those of its own classes, so that your " +
      "class gets the dict, and fails where its constructor, its `build` or its `call` uses it as the object.",
    fix:
      'Deserialize it in `from_config`: `config["layer"] = keras.saving.deserialize_keras_object(config["layer"])` before ' +
      "`return cls(**config)`; or in the constructor, where it may also get the object itself.",
    example:
      '{"module": "lab.layers", "class_name": "Block", "config": {"layer": {"module": "keras.layers", "class_name": "Dense", "config": ' +
      '{"units": 3}, "registered_name": null}}, "registered_name": "lab>Block"}',
  },
];
