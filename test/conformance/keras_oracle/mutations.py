"""Damages: every way in which a serialized object, or a string that stands for one, can be wrong in one place.

`mutations(config)` yields (kind, place, pointer, damaged config). The place is the name of the argument, or of the list,
that holds the object: a sample over places meets every kind of slot.
"""

import copy
import re

MISSING = object()
SLOTS = re.compile(
    r"(activation|initializer|regularizer|constraint|dtype|loss|optimizer|learning_rate|metrics|fn|function)s?$"
)

UNKNOWN_CLASS = {"module": None, "class_name": "Nowhere", "config": {}, "registered_name": "audio>Nowhere"}
UNKNOWN_FUNCTION = {"module": "builtins", "class_name": "function", "config": "nowhere", "registered_name": "function"}
FORBIDDEN = {"module": "keras.utils", "class_name": "function", "config": "get_file", "registered_name": "get_file"}
FORBIDDEN_LOADER = {
    "module": "keras.models",
    "class_name": "function",
    "config": "load_model",
    "registered_name": "load_model",
}
LAMBDA = {"class_name": "__lambda__", "config": {"value": ["4wE=", None, None]}}
PRIVATE = {
    "keras.layers": "keras.src.layers",
    "keras.initializers": "keras.src.initializers.random_initializers",
    "keras.regularizers": "keras.src.regularizers.regularizers",
    "keras.constraints": "keras.src.constraints.constraints",
    "keras.losses": "keras.src.losses.losses",
    "keras.metrics": "keras.src.metrics.reduction_metrics",
    "keras.optimizers": "keras.src.optimizers.adam",
    "keras.optimizers.schedules": "keras.src.optimizers.schedules.learning_rate_schedule",
    "keras": "keras.src.models.sequential",
}
ALIASES = {
    "Dense": "Densely",
    "Sequential": "Model",
    "LSTM": "GRU",
    "Huber": "huber",
    "HeNormal": "he_normal",
    "L2": "l2",
    "ReLU": "LeakyReLU",
    "Add": "Multiply",
    "InputLayer": "Input",
    "GlorotUniform": "glorot_uniform",
    "Zeros": "zeros",
    "Adam": "adam",
}


def typo(name, rng):
    """The name with two neighbours swapped, so that no test knows it by heart."""
    places = [i for i in range(1, len(name) - 1) if name[i] != name[i + 1]]
    if not places:
        return name + "x"
    place = rng.choice(places)
    return name[:place] + name[place + 1] + name[place] + name[place + 2 :]


def class_changes(obj, rng):
    """(kind, field, new value) for an object of a class."""
    name, module, key = obj.get("class_name"), obj.get("module"), obj.get("registered_name")
    if isinstance(name, str):
        yield "typo in class_name", "class_name", typo(name, rng)
        yield "class_name in another case", "class_name", name.swapcase()
        yield "class_name of a near relation", "class_name", ALIASES.get(name, "Dropout")
        yield "class_name is a key", "class_name", f"audio>{name}"
        yield "class_name is a registered key", "class_name", "audio>Gain"
        yield "class_name null", "class_name", None
        yield "class_name a number", "class_name", 7
        yield "class_name empty", "class_name", ""
        yield "class_name missing", "class_name", MISSING
        yield "class_name function", "class_name", "function"
    if "module" in obj or "registered_name" in obj:
        if isinstance(module, str):
            yield "typo in module", "module", typo(module, rng)
            yield "module by its private path", "module", PRIVATE.get(module, f"{module}.core")
            yield "module by a private path that is not there", "module", f"keras.src.{name}".lower()
        yield "module null", "module", None
        yield "module missing", "module", MISSING
        yield "module empty", "module", ""
        yield "module a number", "module", 3
        yield "module a list", "module", ["keras", "layers"]
        yield "module is keras", "module", "keras"
        yield "module moved", "module", "keras.layers.core"
        yield "module of keras 2", "module", "keras.engine.training"
        yield "module of tensorflow", "module", "tensorflow.keras.layers"
        yield "module of tf_keras", "module", "tf_keras.layers"
        yield "module of keras_hub", "module", "keras_hub.layers"
        yield "module builtins", "module", "builtins"
        yield "module of the workspace", "module", "audio.layers"
        yield "module of another package", "module", "not_there.layers"
        yield "module of the standard library", "module", "json.decoder"
        yield "registered_name null", "registered_name", None
        yield "registered_name missing", "registered_name", MISSING
        yield "registered_name empty", "registered_name", ""
        yield "registered_name a number", "registered_name", 3
        yield "registered_name a list", "registered_name", ["audio>Gain"]
        yield "registered_name of another package", "registered_name", f"radio>{name}"
        yield "registered_name of keras_hub", "registered_name", f"keras_hub>{name}"
        yield "registered_name Custom", "registered_name", f"Custom>{name}"
        yield "registered_name without package", "registered_name", name
        yield "registered_name of another class", "registered_name", "audio>Filter"
        yield "registered_name that nobody registers", "registered_name", "Unheard"
        if isinstance(key, str):
            yield "typo in registered_name", "registered_name", typo(key, rng)
    elif isinstance(name, str):
        yield "module null added", "module", None
        yield "module of the workspace added", "module", "audio.layers"
        yield "registered_name of another package added", "registered_name", f"radio>{name}"
    yield "config null", "config", None
    yield "config a list", "config", [1]
    yield "config a string", "config", "x"
    yield "config a number", "config", 5
    yield "config false", "config", False
    yield "config missing", "config", MISSING
    yield "shared_object_id of another object", "shared_object_id", 1
    if isinstance(obj.get("build_config"), dict):
        yield "unknown object in build_config", "build_config", {**obj["build_config"], "more": UNKNOWN_CLASS}
        yield "build_config a string", "build_config", "x"


def function_changes(obj, rng):
    """(kind, field, new value) for a function object."""
    name = obj.get("config")
    if isinstance(name, str):
        bare = name.split(">")[-1]
        yield "typo in function", "config", typo(name, rng)
        yield "function without package", "config", bare
        yield "function of another package", "config", f"radio>{bare}"
        yield "function of Custom", "config", f"Custom>{bare}"
        yield "function that is not registered", "config", "hard_clip"
        yield "function by its own name instead of its key", "config", "wave_fold"
        yield "function that ends like a key", "config", "clip"
        yield "built-in function", "config", "relu"
        yield "built-in function of another module", "config", "mean_squared_error"
        yield "alias of a built-in function", "config", "mse"
    yield "function null", "config", None
    yield "function a number", "config", 4
    yield "function a dict", "config", {"name": "relu"}
    yield "function's module null", "module", None
    yield "function's module missing", "module", MISSING
    yield "function's module exported", "module", "keras.activations"
    yield "function's module private", "module", "keras.src.activations.activations"
    yield "function's module of the workspace", "module", "audio.functions"
    yield "function's module of another package", "module", "not_there"
    yield "function's module a number", "module", 3
    yield "function's registered_name a key", "registered_name", "audio>soft_clip"
    yield "function's registered_name null", "registered_name", None
    yield "function's registered_name missing", "registered_name", MISSING


REPLACEMENTS = [
    ("unknown class instead", UNKNOWN_CLASS),
    ("unknown function instead", UNKNOWN_FUNCTION),
    ("unregistered function instead", {**UNKNOWN_FUNCTION, "config": "hard_clip"}),
    ("custom function instead", {**UNKNOWN_FUNCTION, "config": "audio>soft_clip"}),
    (
        "custom class instead",
        {"module": "audio.training", "class_name": "Ramp", "config": {}, "registered_name": "audio>Ramp"},
    ),
    (
        "unregistered class instead",
        {"module": "audio.layers", "class_name": "Noise", "config": {}, "registered_name": "Noise"},
    ),
    ("object without module instead", {"class_name": "Nowhere", "config": {}}),
    ("built-in object without module instead", {"class_name": "Zeros", "config": {}}),
    ("forbidden function instead", FORBIDDEN),
    ("forbidden loader instead", FORBIDDEN_LOADER),
    ("lambda instead", LAMBDA),
    ("unknown string instead", "nowhere"),
    ("custom key instead", "audio>soft_clip"),
    ("custom class's key instead", "audio>Ramp"),
    ("built-in string instead", "zeros"),
    ("null instead", None),
    ("number instead", 3),
    ("empty object instead", {}),
    ("list instead", []),
    ("bytes instead", {"class_name": "__bytes__", "config": {"value": "x"}}),
    ("object inside a plain dict instead", {"inner": UNKNOWN_CLASS}),
    ("object inside a list instead", [UNKNOWN_CLASS]),
]

STRINGS = [
    ("unknown class for a string", UNKNOWN_CLASS),
    ("unknown function for a string", UNKNOWN_FUNCTION),
    ("object without module for a string", {"class_name": "Nowhere", "config": {}}),
    ("forbidden function for a string", FORBIDDEN),
    ("key of a function for a string", "audio>soft_clip"),
    ("key of an initializer for a string", "audio>Ramp"),
    ("bare name of a custom object for a string", "soft_clip"),
    ("upper case for a string", "RELU"),
    ("empty string", ""),
]


def places(config):
    """Every value as (path from the root, value), parents before their members; iterative, as depth is the input's."""
    pending = [((), config)]
    while pending:
        path, value = pending.pop()
        yield path, value
        members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        pending.extend(((*path, key), member) for key, member in reversed(list(members)))


def pointer(path):
    return "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in path)


def put(config, path, value):
    """A copy of the config with this value at the path, or without it."""
    if not path:
        return copy.deepcopy(value)
    changed = copy.deepcopy(config)
    holder = changed
    for key in path[:-1]:
        holder = holder[key]
    if value is MISSING:
        holder.pop(path[-1], None)
    else:
        holder[path[-1]] = copy.deepcopy(value)
    return changed


def place_name(path):
    """The argument or list that holds the value; a position in a list, and a name in a dict of losses, do not matter."""
    names = [key for key in path if isinstance(key, str) and key != "config"]
    return "/".join(names[-2:])


def mutations(config, rng):
    for path, value in places(config):
        place = place_name(path)
        if isinstance(value, dict) and "class_name" in value and "config" in value:
            special = str(value["class_name"]).startswith("__")
            changes = function_changes if value["class_name"] == "function" else class_changes
            for kind, field, new in changes(value, rng):
                if not special and (new is not MISSING or field in value):
                    yield kind, place, pointer((*path, field)), put(config, (*path, field), new)
            if path:
                for kind, new in REPLACEMENTS:
                    yield kind, place, pointer(path), put(config, path, new)
        elif (
            isinstance(value, str)
            and path
            and SLOTS.search(next(key for key in reversed(path) if isinstance(key, str)))
        ):
            yield "typo in a string", place, pointer(path), put(config, path, typo(value, rng))
            for kind, new in STRINGS:
                yield kind, place, pointer(path), put(config, path, new)
