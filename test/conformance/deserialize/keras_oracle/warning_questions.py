"""Questions about what loads without a word, and is not what was meant.

Each case has a config and a door. `workspace` holds the user's Python, all of it imported; `then` is a Python expression
about what was loaded (`value`), which shows what Keras made of it.
"""

import json

LAYERS = """import keras


class Scale(keras.layers.Layer):
    pass


class Gate(keras.layers.Layer):
    pass


def swish(x):
    return x * keras.ops.sigmoid(x)
"""
REGISTERED = LAYERS + """

keras.saving.register_keras_serializable("my")(Scale)
keras.saving.register_keras_serializable("my")(Gate)
"""


def layer(class_name, config=None, **more):
    return {"module": "keras.layers", "class_name": class_name, "config": config or {}, "registered_name": None, **more}


def without_config(value):
    return {key: held for key, held in value.items() if key != "config"}


def function(module, name):
    return {"module": module, "class_name": "function", "config": name, "registered_name": name}


def sequential(*layers, **more):
    config = {"name": "model", "layers": [layer("InputLayer", {"batch_shape": [None, 3], "name": "in"}), *layers]}
    return {"module": "keras", "class_name": "Sequential", "config": config, "registered_name": None, **more}


def functional(inner):
    history = {"class_name": "__keras_tensor__", "config": {"shape": [None, 3], "dtype": "float32", "keras_history": ["in", 0, 0]}}
    layers = [
        {**layer("InputLayer", {"batch_shape": [None, 3], "name": "in"}), "name": "in", "inbound_nodes": []},
        {**inner, "name": "inner", "inbound_nodes": [{"args": [history], "kwargs": {}}]},
    ]
    config = {"name": "model", "layers": layers, "input_layers": ["in", 0, 0], "output_layers": ["inner", 0, 0]}
    return {"module": "keras.src.models.functional", "class_name": "Functional", "config": config, "registered_name": "Functional"}


def h5(*layers, **more):
    first = {"class_name": "InputLayer", "config": {"batch_shape": [None, 3], "name": "in"}}
    model = {"class_name": "Sequential", "config": {"name": "model", "layers": [first, *layers]}}
    return {"keras_version": "3.12.0", "backend": "tensorflow", "model_config": model, **more}


def case(name, config, door="deserialize_keras_object", then=None, workspace=None, **more):
    return {
        "name": name,
        "door": door,
        "workspace": {"layers.py": workspace} if workspace else {},
        "config": json.dumps(config),
        # The text layers and TFSMLayer need it.
        "backend": "tensorflow",
        **({"then": then} if then else {}),
        **more,
    }


def compiled(**arguments):
    config = {"optimizer": "sgd", "loss": "mse", "loss_weights": None, "metrics": None, "weighted_metrics": None, "run_eagerly": False, "steps_per_execution": 1, "jit_compile": False}
    return sequential(layer("Dense", {"units": 1}), compile_config={**config, **arguments})


FIT = "value.evaluate(__import__('numpy').zeros((2, 3)), __import__('numpy').zeros((2, 1)), verbose=0)"

NO_CONFIG = [
    case("a layer without config, alone", without_config(layer("Dense")), then="type(value).__name__"),
    case("a layer without config in a list", [without_config(layer("Dense"))], then="type(value[0]).__name__"),
    case("a layer of a Sequential without config", sequential(without_config(layer("Dropout")))),
    case("a layer of a Functional without config", functional(without_config(layer("Flatten")))),
    case("a wrapped layer without config", layer("TimeDistributed", {"layer": without_config(layer("Flatten"))})),
    case(
        "a cell without config",
        layer("RNN", {"cell": {"module": "keras.layers", "class_name": "LSTMCell", "registered_name": None}}),
    ),
    case("a bidirectional layer without config", layer("Bidirectional", {"layer": without_config(layer("LSTM"))})),
    case(
        "an initializer without config",
        layer(
            "Dense",
            {
                "units": 1,
                "kernel_initializer": {"module": "keras.initializers", "class_name": "Zeros", "registered_name": None},
            },
        ),
        then="type(value.kernel_initializer).__name__",
    ),
    case(
        "a learning rate schedule without config",
        {
            "module": "keras.optimizers",
            "class_name": "SGD",
            "config": {
                "learning_rate": {
                    "module": "keras.optimizers.schedules",
                    "class_name": "CosineDecay",
                    "registered_name": None,
                }
            },
            "registered_name": None,
        },
    ),
    case(
        "a loss without config in compile_config",
        compiled(loss={"module": "keras.losses", "class_name": "MeanSquaredError", "registered_name": None}),
        then=FIT,
    ),
    case(
        "a metric without config in compile_config",
        compiled(metrics=[{"module": "keras.metrics", "class_name": "MeanSquaredError", "registered_name": None}]),
        then=FIT,
    ),
    case(
        "an optimizer without config in compile_config",
        compiled(optimizer={"module": "keras.optimizers", "class_name": "Adam", "registered_name": None}),
        then="type(value.optimizer).__name__",
    ),
    case(
        "an argument of an operation that only looks like an object",
        layer("Lambda", {"function": function("builtins", "relu"), "arguments": {"meta": {"class_name": "Dense"}}}),
        then="type(value.arguments['meta']).__name__",
    ),
    case(
        "a dtype policy without config",
        layer("Dense", {"units": 1, "dtype": {"module": "keras", "class_name": "DTypePolicy", "registered_name": None}}),
    ),
]

COMPILE = [
    case(f"{argument}={value!r} in compile_config", compiled(**{argument: value}), then=FIT)
    for argument, values in {
        "loss": ["my_loss", "mse", "MSE", "ce", "CrossEntropy", ["my_loss"], {"dense": "my_loss"}],
        "metrics": [
            ["my_metric"],
            ["acc"],
            ["Accuracy"],
            ["ce"],
            ["crossentropy"],
            ["auc"],
            ["AUC"],
            [["mae", "my_metric"]],
            {"dense": ["my_metric"]},
        ],
        "weighted_metrics": [["my_metric"], ["mae"]],
    }.items()
    for value in values
] + [
    case(
        "a loss string that a registration answers in compile_config",
        compiled(loss="my>my_loss"),
        workspace='import keras\n\n\n@keras.saving.register_keras_serializable("my")\ndef my_loss(a, b):\n    return keras.ops.mean(a - b, axis=-1)\n',
        then="'loads and evaluates' if " + FIT + " is not None else None",
    ),
    case(
        "a loss string in training_config",
        h5(
            {"class_name": "Dense", "config": {"units": 1}},
            training_config={"loss": "my_loss", "metrics": None, "loss_weights": None, "optimizer_config": {"class_name": "SGD", "config": {}}},
        ),
        "load_model_h5",
    ),
    case(
        "a loss string in a list of training_config",
        h5(
            {"class_name": "Dense", "config": {"units": 1}},
            training_config={
                "loss": ["my_loss"],
                "metrics": [["my_metric"]],
                "weighted_metrics": None,
                "loss_weights": None,
                "optimizer_config": {"class_name": "SGD", "config": {}},
            },
        ),
        "load_model_h5",
        then=FIT,
    ),
]

PATH = "f'{type(value).__module__}.{type(value).__qualname__}'"
REPLACED = [
    case(
        "a built-in in place of a custom layer", layer("Dense", {"units": 1}) | {"registered_name": "my>Dense"}, then=PATH
    ),
    case(
        "a built-in function in place of a custom one",
        {**function("builtins", "relu"), "registered_name": "my>relu"},
        then="value.__name__",
    ),
    case(
        "a built-in in place of a custom initializer",
        layer(
            "Dense",
            {
                "units": 1,
                "kernel_initializer": {"module": "my.initializers", "class_name": "Zeros", "config": {}, "registered_name": "my>Zeros"},
            },
        ),
        then="type(value.kernel_initializer).__module__",
    ),
    case(
        "a built-in in place of a custom loss in compile_config",
        compiled(loss={"module": "my.losses", "class_name": "MeanSquaredError", "config": {}, "registered_name": "my>MeanSquaredError"}),
    ),
    case(
        "a built-in in place of a custom optimizer in compile_config",
        compiled(optimizer={"module": "my.optimizers", "class_name": "Adam", "config": {}, "registered_name": "my>Adam"}),
        then="type(value.optimizer).__module__",
    ),
    case(
        "a built-in that is reached by its source module, in place of a custom layer",
        {"module": "keras.src.layers.core.dense", "class_name": "Dense", "config": {"units": 1}, "registered_name": "my>Dense"},
        then=PATH,
    ),
    case(
        "another class under the registered name than a built-in that is named",
        layer("Dense") | {"registered_name": "my>Scale"},
        workspace=REGISTERED,
        then=PATH,
    ),
    case(
        "another class under the registered name than one of the workspace that is named",
        {"module": "layers", "class_name": "Gate", "config": {}, "registered_name": "my>Scale"},
        workspace=REGISTERED,
        then=PATH,
    ),
    case(
        "custom_objects and a registration under one key",
        {"module": "layers", "class_name": "Scale", "config": {}, "registered_name": "my>Scale"},
        workspace=REGISTERED,
        custom_objects={"my>Scale": "layers.Gate"},
        then=PATH,
    ),
    case(
        "a scope and a registration under one key, inside",
        sequential({"module": "layers", "class_name": "Scale", "config": {}, "registered_name": "my>Scale"}),
        workspace=REGISTERED,
        scope={"my>Scale": "layers.Gate"},
        then="type(value.layers[0]).__qualname__",
    ),
    case(
        "a scope and a registration under one key, outermost",
        {"module": "layers", "class_name": "Scale", "config": {}, "registered_name": "my>Scale"},
        workspace=REGISTERED,
        scope={"my>Scale": "layers.Gate"},
        then=PATH,
    ),
    case(
        "custom_objects by class name for a registered name",
        {"module": "layers", "class_name": "Scale", "config": {}, "registered_name": "my>Scale"},
        workspace=LAYERS,
        custom_objects={"Scale": "layers.Scale"},
    ),
    case(
        "custom_objects by function name for a registered name",
        function("builtins", "my>swish"),
        workspace=LAYERS,
        custom_objects={"swish": "layers.swish"},
    ),
]

CASES = NO_CONFIG + COMPILE + REPLACED
