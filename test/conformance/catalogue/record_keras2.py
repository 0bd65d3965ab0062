"""Records what one installed tf-keras holds, as the truth that the catalogue of Keras 2 is held against.

    python record_keras2.py OUTPUT.json.gz

What is written (objects as "module:qualname"):
    exports     every path that `tf_export.get_symbol_from_name` knows under keras -> object
    registered  the keys that tf_keras registers itself -> object
    tables      the `module_objects` that each module's `deserialize` hands on -> {name: object}; None for other values
    classes     exported class -> method resolution order within tf_keras, definer of from_config, own methods, __init__
    modules     every module that `import tf_keras` loads -> {name: object} of its classes and functions
"""

import gzip
import importlib
import inspect
import json
import sys
import types

import tensorflow  # noqa: F401
import tf_keras
from tensorflow.python.util import tf_export
from tf_keras.src.saving import object_registration, serialization_lib

TABLES = {
    "activations": "tf_keras.src.activations",
    "constraints": "tf_keras.src.constraints",
    "dtype_policies": "tf_keras.src.mixed_precision.policy",
    "initializers": "tf_keras.src.initializers",
    "layers": "tf_keras.src.layers.serialization",
    "losses": "tf_keras.src.losses",
    "metrics": "tf_keras.src.metrics",
    "optimizers": "tf_keras.src.optimizers",
    "regularizers": "tf_keras.src.regularizers",
    "schedules": "tf_keras.src.optimizers.schedules.learning_rate_schedule",
}
FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType)


def identity(value):
    return f"{getattr(value, '__module__', None)}:{getattr(value, '__qualname__', None)}"


def reference(value):
    return identity(value) if isinstance(value, (type, *FUNCTIONS)) else None


def module_objects(name):
    """What `deserialize` of a module hands to `deserialize_keras_object`."""
    module = importlib.import_module(name)
    handed = {}

    def keep(*args, **kwargs):
        handed.update(kwargs["module_objects"])

    real = serialization_lib.deserialize_keras_object
    own = vars(module).get("deserialize_keras_object")
    try:
        serialization_lib.deserialize_keras_object = keep
        if own:
            module.deserialize_keras_object = keep
        module.deserialize({"class_name": "?", "config": {}})
    finally:
        serialization_lib.deserialize_keras_object = real
        if own:
            module.deserialize_keras_object = own
    return {name: reference(own if value is keep else value) for name, value in handed.items()}


def describe_class(cls):
    from_config = [base for base in cls.__mro__ if "from_config" in vars(base)]
    signature = inspect.signature(cls.__init__)
    return {
        "mro": [identity(base) for base in cls.__mro__ if base.__module__.split(".")[0] == "tf_keras"],
        "from_config": identity(from_config[0]) if from_config else None,
        "init": [[p.name, p.kind.name.lower()] for p in list(signature.parameters.values())[1:]],
    }


def main():
    symbols = tf_export._NAME_TO_SYMBOL_MAPPING
    exports = {path: value for path, value in symbols.items() if path.startswith(("keras.", "compat.v1.keras.__internal__.legacy"))}
    modules = {
        name: {
            member: identity(value)
            for member, value in vars(module).items()
            if isinstance(value, (type, *FUNCTIONS)) and value.__module__.split(".")[0] == "tf_keras"
        }
        for name, module in sorted(sys.modules.items())
        if name.split(".")[0] == "tf_keras" and isinstance(module, types.ModuleType)
    }
    record = {
        "version": tf_keras.__version__,
        "exports": {path: identity(value) for path, value in exports.items()},
        "registered": {key: identity(value) for key, value in object_registration._GLOBAL_CUSTOM_OBJECTS.items()},
        "modules": modules,
        "tables": {table: module_objects(name) for table, name in TABLES.items()},
        "classes": {identity(value): describe_class(value) for value in exports.values() if isinstance(value, type)},
    }
    text = json.dumps(record, separators=(",", ":"), sort_keys=True)
    with open(sys.argv[1], "wb") as out:
        out.write(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    main()
