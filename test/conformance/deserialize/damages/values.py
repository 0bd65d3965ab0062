"""Damages that put something else in the place of an object, or of a string that stands for one."""

import re

from damages.damage import is_object, places, put, typo
from damages.fields import UNKNOWN_CLASS

SLOTS = re.compile(
    r"(activation|initializer|regularizer|constraint|dtype|loss|optimizer|learning_rate|metrics|fn|function|coating|tint)s?$"
)


FUNCTIONS = re.compile(r"(activation|initializer|regularizer|constraint|loss|metrics|fn|function|coating)s?$")
"""Where a function may stand: what is put there is found or refused, and not the wrong kind of thing."""


def function(name, module="builtins", registered_name="function"):
    return {"module": module, "class_name": "function", "config": name, "registered_name": registered_name}


def functions(names):
    yield "resolution", "unknown function instead", function("nowhere")
    yield "resolution", "unregistered function instead", function(names["plain function"])
    yield "safety", "forbidden function instead", function("get_file", "keras.utils", "get_file")
    yield "safety", "forbidden loader instead", function("load_model", "keras.models", "load_model")
    yield "safety", "switch of safe mode instead", function(
        "enable_unsafe_deserialization", "keras.config", "enable_unsafe_deserialization"
    )
    yield "safety", "function of Keras's global state instead", function(
        "set_global_attribute", "keras.src.backend.common.global_state", "set_global_attribute"
    )
    yield "safety", "os.system instead", function("system", "os", "system")


def replacements(names):
    yield "resolution", "unknown class instead", UNKNOWN_CLASS
    yield "resolution", "unregistered class instead", {
        "module": names["module"],
        "class_name": names["plain class"],
        "config": {},
        "registered_name": names["plain class"],
    }
    yield "another object", "custom function instead", function(names["function key"])
    yield "another object", "custom class instead", {
        "module": names["initializer module"],
        "class_name": names["initializer key"].split(">")[-1],
        "config": {},
        "registered_name": names["initializer key"],
    }
    yield "loader", "object without module instead", {"class_name": "Nowhere", "config": {}}
    yield "another object", "built-in object without module instead", {"class_name": "Zeros", "config": {}}
    yield "safety", "lambda instead", {"class_name": "__lambda__", "config": {"value": ["4wE=", None, None]}}
    yield "another object", "null instead", None
    yield "another object", "number instead", 3
    yield "another object", "empty object instead", {}
    yield "another object", "list instead", []
    yield "another object", "bytes instead", {"class_name": "__bytes__", "config": {"value": "x"}}
    yield "another object", "object inside a plain dict instead", {"inner": UNKNOWN_CLASS}
    yield "another object", "object inside a list instead", [UNKNOWN_CLASS]
    yield "strings", "unknown string instead", "nowhere"
    yield "strings", "custom key instead", names["function key"]
    yield "strings", "custom class's key instead", names["initializer key"]
    yield "strings", "built-in string instead", "zeros"


def strings(names):
    yield "resolution", "unknown class for a string", UNKNOWN_CLASS
    yield "loader", "object without module for a string", {"class_name": "Nowhere", "config": {}}
    yield "strings", "key of a function for a string", names["function key"]
    yield "strings", "key of an initializer for a string", names["initializer key"]
    yield "strings", "bare name of a custom object for a string", names["function's own name"]
    yield "strings", "upper case for a string", "RELU"
    yield "strings", "empty string", ""


def unsafe_layers():
    """Layers that Keras refuses in safe mode, or that read what the config names: in the place of a layer."""
    code = {"class_name": "__lambda__", "config": {"code": "4wE=", "defaults": None, "closure": None}}
    layer = {"module": "keras.layers", "registered_name": None}
    yield "Lambda layer of a Python lambda instead", {
        **layer,
        "class_name": "Lambda",
        "config": {"name": "l", "function": code, "arguments": {}},
    }
    yield "Lambda layer without module instead", {
        "class_name": "Lambda",
        "config": {"name": "l", "function": ["4wE=", None, None], "arguments": {}},
    }
    yield "TorchModuleWrapper instead", {
        **layer,
        "class_name": "TorchModuleWrapper",
        "config": {"name": "t", "module": "gAJ9cQAu"},
    }
    yield "TFSMLayer instead", {**layer, "class_name": "TFSMLayer", "config": {"name": "f", "filepath": "somewhere"}}


def last_name(path):
    """The argument or list that holds a value."""
    return next((key for key in reversed(path) if isinstance(key, str)), "")


def in_place_of(layer, new):
    """What stands in a graph keeps its name and its references, so that the graph is as it was."""
    if not isinstance(new, dict) or "class_name" not in new or not isinstance(layer, dict) or "inbound_nodes" not in layer:
        return new
    kept = {key: layer[key] for key in ("name", "inbound_nodes") if key in layer}
    config = {"name": layer["name"], **new["config"]} if isinstance(new.get("config"), dict) and "name" in layer else new["config"]
    return {**new, "config": config, **kept}


def damages(config, names, rng):
    for path, value in places(config):
        if not path:
            continue
        takes_function = FUNCTIONS.search(last_name(path)) is not None
        if is_object(value):
            for family, kind, new in replacements(names):
                yield put(family, kind, path, in_place_of(value, new))
            if takes_function:
                for family, kind, new in functions(names):
                    yield put(family, kind, path, new)
            if last_name(path) in ("layers", "layer"):
                for kind, new in unsafe_layers():
                    yield put("safety", kind, path, in_place_of(value, new))
        elif isinstance(value, str) and isinstance(path[-1], str) and SLOTS.search(path[-1]):
            yield put("strings", "typo in a string", path, typo(value, rng))
            for family, kind, new in strings(names):
                yield put(family, kind, path, new)
            if takes_function:
                for family, kind, new in functions(names):
                    yield put(family, f"{kind.removesuffix('instead')}for a string", path, new)
