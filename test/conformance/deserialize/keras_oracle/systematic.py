"""Configs that `record_loads` makes by going through Keras's own lists: every operation, every string identifier."""

import json

import keras
from keras import ops
from keras.src import activations, constraints, initializers, losses, metrics, optimizers, regularizers


def _x(*shape, dtype="float32"):
    return keras.Input(shape, dtype=dtype)


# Ways to call an operation, tried in this order: arguments and keyword arguments.
CALLS = [
    lambda: ([_x(4)], {}),
    lambda: ([_x(4), _x(4)], {}),
    lambda: ([_x(4), 2], {}),
    lambda: ([_x(4, dtype="int32"), _x(4, dtype="int32")], {}),
    lambda: ([_x(4), _x(4), _x(4)], {}),
    lambda: ([_x(6, 4)], {}),
    lambda: ([[_x(4), _x(4)]], {}),
    lambda: ([_x(4, 4)], {}),
    lambda: ([_x(4, 4), _x(4, 4)], {}),
    lambda: ([_x(6, 4), 1], {"axis": -1}),
    lambda: ([_x(6, 4)], {"axis": -1}),
    lambda: ([_x(6, 4), [0, 1]], {}),
    lambda: ([_x(6, 4), (-1, 4)], {}),
    lambda: ([_x(6, 4), (0, 2, 1)], {}),
    lambda: ([_x(6, 4), 0.0, 1.0], {}),
    lambda: ([_x(8, 8, 3)], {}),
    lambda: ([_x(8, 8, 3), 2], {}),
    lambda: ([_x(8, 8, 3), (4, 4)], {}),
    lambda: ([_x(8, 8, 3), _x(8)], {}),
]
UNFIT = {
    "convert_to_tensor",
    "convert_to_numpy",
    "vectorized_map",
    "map",
    "scan",
    "while_loop",
    "fori_loop",
    "cond",
    "switch",
    "custom_gradient",
    "stop_gradient",
    "name_scope",
    "is_tensor",
    "shape",
    "dtype",
}


def models_of_operations():
    """(name, make) for every function of `keras.ops` that can be called on a symbolic tensor."""
    for name in sorted(dir(ops)):
        function = getattr(ops, name)
        if callable(function) and not isinstance(function, type) and not name.startswith("_") and name not in UNFIT:
            yield f"ops.{name}", lambda function=function: _model_of(function)


def _model_of(function):
    error = None
    for call in CALLS:
        args, kwargs = call()
        try:
            model = keras.Model(
                keras.tree.flatten([a for a in args if not isinstance(a, (int, float, tuple))]),
                function(*args, **kwargs),
            )
            if model.operations and len(model.layers) + len(model.operations) > 2:
                return model
        except Exception as refused:
            error = error or refused
    raise error or ValueError("no call makes a model")


def _names(objects):
    return sorted(name for name in objects if isinstance(name, str))


def _layer(class_name, **config):
    return {"module": "keras.layers", "class_name": class_name, "config": config, "registered_name": None}


def _compiled(**compile_config):
    dense = _layer("Dense", units=3)
    model = {
        "name": "m",
        "trainable": True,
        "layers": [_layer("InputLayer", batch_shape=[None, 4], dtype="float32", name="i"), dense],
    }
    defaults = {"optimizer": "adam", "loss": None, "metrics": None}
    return {
        "module": "keras",
        "class_name": "Sequential",
        "config": model,
        "registered_name": None,
        "compile_config": {**defaults, **compile_config},
    }


def configs_of_identifiers():
    """(name, config) for every string identifier of every kind, in an argument or compile argument that takes it."""
    slots = [
        (activations, lambda name: _layer("Dense", units=3, activation=name)),
        (initializers, lambda name: _layer("Dense", units=3, kernel_initializer=name)),
        (regularizers, lambda name: _layer("Dense", units=3, kernel_regularizer=name)),
        (constraints, lambda name: _layer("Dense", units=3, kernel_constraint=name)),
        (losses, lambda name: _compiled(loss=name)),
        (metrics, lambda name: _compiled(loss="mse", metrics=[name])),
        (optimizers, lambda name: _compiled(optimizer=name, loss="mse")),
    ]
    for module, config in slots:
        for name in _names(module.ALL_OBJECTS_DICT):
            yield f"{module.__name__.split('.')[-1]} identifier {name!r}", json.dumps(config(name))
    for name in ["float32", "float16", "bfloat16", "float64", "mixed_float16", "mixed_bfloat16", "int8_from_float32"]:
        yield f"dtype identifier {name!r}", json.dumps(_layer("Dense", units=3, dtype=name))


def configs_without_module():
    """(name, config) of objects in the form without `module` that `get` of a module understands: Keras 2 wrote it."""
    kinds = [
        (initializers, "kernel_initializer", "Initializer"),
        (regularizers, "kernel_regularizer", "Regularizer"),
        (constraints, "kernel_constraint", "Constraint"),
    ]
    for module, argument, _ in kinds:
        for name, value in sorted((n, v) for n, v in module.ALL_OBJECTS_DICT.items() if isinstance(n, str)):
            if not isinstance(value, type):
                continue
            try:
                config = value().get_config()
            except Exception:
                continue
            old = {"class_name": name, "config": config}
            yield f"{argument} {name} without module", json.dumps(_layer("Dense", units=3, **{argument: old}))
