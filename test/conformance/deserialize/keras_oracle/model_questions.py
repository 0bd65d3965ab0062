"""The cases about models, and about what a built-in class makes of its arguments: see `questions`."""

import copy
import json

from keras_oracle.questions import CASES, PLAIN, builtin, case, dense, obj

# --- Functional -------------------------------------------------------------------------------------------------------

INPUT = {"batch_shape": [None, 3], "dtype": "float32", "sparse": False, "name": "i"}
TENSOR = {
    "class_name": "__keras_tensor__",
    "config": {"shape": [None, 3], "dtype": "float32", "keras_history": ["i", 0, 0]},
}
GRAPH = {
    "name": "m",
    "trainable": True,
    "layers": [
        {**builtin("InputLayer", INPUT), "name": "i", "inbound_nodes": []},
        {
            **builtin("Dense", {"units": 2, "name": "d"}),
            "name": "d",
            "inbound_nodes": [{"args": [TENSOR], "kwargs": {}}],
        },
    ],
    "input_layers": [["i", 0, 0]],
    "output_layers": [["d", 0, 0]],
}


def functional(change=None):
    graph = copy.deepcopy(GRAPH)
    if change:
        change(graph, graph["layers"][0], graph["layers"][1])
    return builtin("Functional", graph, module="keras.src.models.functional", registered_name="Functional")


def history(layer):
    return layer["inbound_nodes"][0]["args"][0]["config"]["keras_history"]


def from_unknown_layer(_graph, _first, second):
    history(second)[0] = "zzz"


def from_node_out_of_range(_graph, _first, second):
    history(second)[1] = 5


def without_output_layers(graph, _first, _second):
    del graph["output_layers"]


def with_unknown_output(graph, _first, _second):
    graph["output_layers"] = [["q", 0, 0]]


def with_one_name_twice(graph, first, second):
    first["name"] = first["config"]["name"] = history(second)[0] = "d"
    graph["input_layers"] = [["d", 0, 0]]


def with_two_names(_graph, _first, second):
    second["config"]["name"] = "other"


def without_modules(_graph, first, second):
    for layer in (first, second):
        del layer["module"], layer["registered_name"]
    second["inbound_nodes"] = [[["i", 0, 0, {}]]]


def with_unknown_layer_without_module(graph, first, second):
    without_modules(graph, first, second)
    second.update(class_name="Scale", config={"name": "d"})


def without_inbound_nodes(_graph, _first, second):
    del second["inbound_nodes"]


def without_name(_graph, _first, second):
    del second["name"]


def with_an_initializer(_graph, _first, second):
    second.update(class_name="GlorotUniform", module="keras.initializers", config={})


case("Functional", functional())
case("Functional: a tensor of a layer that is not there", functional(from_unknown_layer))
case("Functional: a node that is out of range", functional(from_node_out_of_range))
case("Functional without output_layers", functional(without_output_layers))
case("Functional: an output layer that is not there", functional(with_unknown_output))
case("Functional: two layers of one name", functional(with_one_name_twice))
case("Functional: a layer with two names", functional(with_two_names))
case("Functional: layers without module", functional(without_modules))
case("Functional: an unknown layer without module", functional(with_unknown_layer_without_module))
case("Functional: a layer without inbound_nodes", functional(without_inbound_nodes))
case("Functional: a layer without its outer name", functional(without_name))
case("Functional: an initializer among the layers", functional(with_an_initializer))

# --- Sequential, and models of Keras 2 --------------------------------------------------------------------------------

OLD_INPUT = {"batch_input_shape": [None, 3], "dtype": "float32", "sparse": False, "ragged": False, "name": "i"}
OLD_DENSE = {
    "name": "d",
    "trainable": True,
    "dtype": "float32",
    "units": 2,
    "activation": "relu",
    "use_bias": True,
    "kernel_initializer": obj("GlorotUniform", {"seed": None}),
    "bias_initializer": obj("Zeros"),
    "kernel_regularizer": None,
    "bias_regularizer": None,
    "activity_regularizer": None,
    "kernel_constraint": None,
    "bias_constraint": None,
}
OLD = {
    **obj("Sequential", {"name": "s", "layers": [obj("InputLayer", OLD_INPUT), obj("Dense", OLD_DENSE)]}),
    "keras_version": "2.9.0",
    "backend": "tensorflow",
}

case("model JSON of Keras 2", OLD, door="model_from_json")
case(
    "model JSON of Keras 2, Sequential passed",
    OLD,
    door="model_from_json",
    custom_objects={"Sequential": "keras.Sequential"},
)
case("model JSON of Keras 2, module and registered_name added", {**OLD, "module": "keras", "registered_name": None})
case("the inner config of a Keras 2 Sequential", OLD["config"], door="from_config", **{"class": "keras.Sequential"})
case("Sequential without name", builtin("Sequential", {"layers": []}, module="keras"))
case("Sequential without layers", builtin("Sequential", {"name": "s"}, module="keras"))
case(
    "Sequential whose config is the list of layers", builtin("Sequential", [obj("Dense", {"units": 2})], module="keras")
)

COMPILED = {
    **builtin(
        "Sequential",
        {
            "name": "s",
            "layers": [builtin("InputLayer", {"batch_shape": [None, 3], "dtype": "float32", "name": "i"}), dense()],
        },
        module="keras",
    ),
    "compile_config": {"optimizer": "adam", "loss": "my_loss", "metrics": None},
}
case("compile_config names a loss that is passed", COMPILED, PLAIN, custom_objects={"my_loss": "my_layers.swishy"})
case("compile_config names a loss that nobody knows", COMPILED)

# --- what built-in classes make of their arguments --------------------------------------------------------------------

case("InputLayer with batch_input_shape", builtin("InputLayer", OLD_INPUT))
case(
    "InputLayer with optional",
    builtin(
        "InputLayer",
        {
            "batch_shape": [None, 3],
            "dtype": "float32",
            "sparse": False,
            "ragged": False,
            "name": "i",
            "optional": False,
        },
    ),
)
case("Dense with batch_input_shape", dense(batch_input_shape=[None, 3]))
case("Dense with an argument that it does not have", dense(foo=1))
case("Dense without units", builtin("Dense", {}))
case("Dense with quantization_config null", dense(quantization_config=None))
case("Adam with lr", builtin("Adam", {"lr": 0.1}, module="keras.optimizers"))
case("Adam with decay", builtin("Adam", {"learning_rate": 0.1, "decay": 0.0}, module="keras.optimizers"))
case(
    "Adam with the arguments of Keras 2",
    builtin(
        "Adam", {"learning_rate": 0.1, "jit_compile": True, "is_legacy_optimizer": False}, module="keras.optimizers"
    ),
)
case(
    "Adam with a schedule",
    builtin(
        "Adam",
        {
            "learning_rate": builtin(
                "ExponentialDecay",
                {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.9, "staircase": False, "name": "e"},
                module="keras.optimizers.schedules",
            )
        },
        module="keras.optimizers",
    ),
)
case("LSTM with time_major", builtin("LSTM", {"units": 2, "time_major": False}))
case("LSTM with implementation", builtin("LSTM", {"units": 2, "implementation": 2}))
case("BatchNormalization whose axis is a list", builtin("BatchNormalization", {"axis": [3]}))
case("BatchNormalization with renorm", builtin("BatchNormalization", {"renorm": True}))
case("DepthwiseConv2D with groups", builtin("DepthwiseConv2D", {"kernel_size": 3, "groups": 1}))
case("Conv2DTranspose with groups", builtin("Conv2DTranspose", {"filters": 2, "kernel_size": 3, "groups": 1}))
case("LeakyReLU with alpha", builtin("LeakyReLU", {"alpha": 0.3}))
case(
    "loss with reduction auto", builtin("MeanSquaredError", {"reduction": "auto", "name": "mse"}, module="keras.losses")
)
case(
    "loss with fn",
    builtin("MeanSquaredError", {"reduction": "sum", "name": "mse", "fn": "mean_squared_error"}, module="keras.losses"),
)

# --- objects inside arguments -----------------------------------------------------------------------------------------

case("dtype is a Policy without module", dense(dtype=obj("Policy", {"name": "mixed_float16"})))
case(
    "dtype is a Policy of keras.mixed_precision",
    dense(dtype=builtin("Policy", {"name": "mixed_float16"}, module="keras.mixed_precision")),
)
case("dtype is a DTypePolicy", dense(dtype=builtin("DTypePolicy", {"name": "float32"}, module="keras")))
case(
    "activation is the name of a function that is passed",
    dense(activation="my_act"),
    PLAIN,
    custom_objects={"my_act": "my_layers.swishy"},
)
case("activation is a name that nobody knows", dense(activation="nope"))
case("initializer without module that nobody knows", dense(kernel_initializer=obj("Nope")))
case("initializer with module null", dense(kernel_initializer=obj("Nope", module=None, registered_name="Nope")))
case("built-in initializer without module", dense(kernel_initializer=obj("GlorotUniform", {"seed": None})))
case(
    "custom initializer that is not registered",
    dense(kernel_initializer=obj("Init", module="not_there", registered_name="pkg>Init")),
)
case(
    "optimizers.deserialize of a class name in lower case",
    obj("adam", {"learning_rate": 0.1}),
    door="optimizers.deserialize",
)
case("optimizers.get of a class that nobody knows", obj("Nope"), door="optimizers.get")

for one in CASES:
    one["config"] = json.dumps(one["config"])
