"""Damages of the fields that say who an object is."""

from damages.damage import MISSING, Damage, edit, is_class, is_object, place_name, places, pointer, put, typo

UNKNOWN_CLASS = {"module": None, "class_name": "Nowhere", "config": {}, "registered_name": "nobody>Nowhere"}

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
RELATIONS = {
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


def class_changes(obj, names, rng):
    """(family, kind, field, new value) for an object of a class; `names` are those of the workspace."""
    name, module, key = obj.get("class_name"), obj.get("module"), obj.get("registered_name")
    if isinstance(name, str):
        yield "identity", "typo in class_name", "class_name", typo(name, rng)
        yield "identity", "class_name in another case", "class_name", name.swapcase()
        yield "identity", "class_name null", "class_name", None
        yield "identity", "class_name a number", "class_name", 7
        yield "identity", "class_name empty", "class_name", ""
        yield "identity", "class_name missing", "class_name", MISSING
        yield "identity", "class_name function", "class_name", "function"
        yield "resolution", "class_name is a key", "class_name", f"{names['package']}>{name}"
        yield "another object", "class_name of a near relation", "class_name", RELATIONS.get(name, "Dropout")
        yield "another object", "class_name is a registered key", "class_name", names["class key"]
    if "module" in obj or "registered_name" in obj:
        if isinstance(module, str):
            yield "identity", "typo in module", "module", typo(module, rng)
            yield "resolution", "module by its private path", "module", PRIVATE.get(module, f"{module}.core")
            yield "resolution", "module by a private path that is not there", "module", f"keras.src.{name}".lower()
        yield "identity", "module null", "module", None
        yield "identity", "module missing", "module", MISSING
        yield "identity", "module empty", "module", ""
        yield "identity", "module a number", "module", 3
        yield "identity", "module a list", "module", ["keras", "layers"]
        yield "resolution", "module is keras", "module", "keras"
        yield "resolution", "module moved", "module", "keras.layers.core"
        yield "keras 2", "module of keras 2", "module", "keras.engine.training"
        yield "keras 2", "module of tensorflow", "module", "tensorflow.keras.layers"
        yield "resolution", "module of tf_keras", "module", "tf_keras.layers"
        yield "resolution", "module of keras_hub", "module", "keras_hub.layers"
        yield "identity", "module builtins", "module", "builtins"
        yield "resolution", "module of the workspace", "module", names["module"]
        yield "resolution", "module of another package", "module", "not_there.layers"
        yield "safety", "module of the standard library", "module", "json.decoder"
        yield "identity", "registered_name null", "registered_name", None
        yield "identity", "registered_name missing", "registered_name", MISSING
        yield "identity", "registered_name empty", "registered_name", ""
        yield "identity", "registered_name a number", "registered_name", 3
        yield "identity", "registered_name a list", "registered_name", [names["class key"]]
        yield "resolution", "registered_name of another package", "registered_name", f"radio>{name}"
        yield "resolution", "registered_name of keras_hub", "registered_name", f"keras_hub>{name}"
        yield "resolution", "registered_name Custom", "registered_name", f"Custom>{name}"
        yield "resolution", "registered_name without package", "registered_name", name
        yield "another object", "registered_name of another class", "registered_name", names["other key"]
        yield "resolution", "registered_name that nobody registers", "registered_name", "Unheard"
        if isinstance(key, str):
            yield "identity", "typo in registered_name", "registered_name", typo(key, rng)
    elif isinstance(name, str):
        yield "keras 2", "module null added", "module", None
        yield "keras 2", "module of the workspace added", "module", names["module"]
        yield "keras 2", "registered_name of another package added", "registered_name", f"radio>{name}"
    yield "loader", "config null", "config", None
    yield "loader", "config a list", "config", [1]
    yield "loader", "config a string", "config", "x"
    yield "loader", "config a number", "config", 5
    yield "loader", "config false", "config", False
    yield "loader", "config missing", "config", MISSING
    yield "another object", "shared_object_id of another object", "shared_object_id", 1
    if isinstance(obj.get("build_config"), dict):
        yield "loader", "unknown object in build_config", "build_config", {**obj["build_config"], "more": UNKNOWN_CLASS}
        yield "arguments", "build_config a string", "build_config", "x"


def function_changes(obj, names, rng):
    """(family, kind, field, new value) for a function object."""
    name = obj.get("config")
    if isinstance(name, str):
        bare = name.split(">")[-1]
        yield "identity", "typo in function", "config", typo(name, rng)
        yield "resolution", "function without package", "config", bare
        yield "resolution", "function of another package", "config", f"radio>{bare}"
        yield "resolution", "function of Custom", "config", f"Custom>{bare}"
        yield "resolution", "function that is not registered", "config", names["plain function"]
        yield "resolution", "function by its own name instead of its key", "config", names["function's own name"]
        yield "resolution", "function that ends like a key", "config", names["function key"][-4:]
        yield "resolution", "built-in function", "config", "relu"
        yield "another object", "built-in function of another module", "config", "mean_squared_error"
        yield "resolution", "alias of a built-in function", "config", "mse"
    yield "identity", "function null", "config", None
    yield "identity", "function a number", "config", 4
    yield "identity", "function a dict", "config", {"name": "relu"}
    yield "identity", "function's module null", "module", None
    yield "identity", "function's module missing", "module", MISSING
    yield "resolution", "function's module exported", "module", "keras.activations"
    yield "resolution", "function's module private", "module", "keras.src.activations.activations"
    yield "resolution", "function's module of the workspace", "module", names["function module"]
    yield "resolution", "function's module of another package", "module", "not_there"
    yield "identity", "function's module a number", "module", 3
    yield "identity", "function's registered_name a key", "registered_name", names["function key"]
    yield "identity", "function's registered_name null", "registered_name", None
    yield "identity", "function's registered_name missing", "registered_name", MISSING


def damages(config, names, rng):
    for path, value in places(config):
        if not is_object(value) or str(value["class_name"]).startswith("__"):
            continue
        changes = function_changes if value["class_name"] == "function" else class_changes
        for family, kind, field, new in changes(value, names, rng):
            if new is MISSING and field not in value:
                continue
            if new is not MISSING and field in value and value[field] == new and type(value[field]) is type(new):
                continue
            if field in value:
                yield put(family, kind, (*path, field), new)
            else:
                added = [{"at": pointer(path), "add": {field: new}}]
                yield Damage(family, kind, added, place_name((*path, field)), pointer((*path, field)))


def deep_damages(config, names, rng):
    """The same kinds of damage under one name, of objects that lie ten objects deep or deeper."""
    for path, value in places(config):
        if not is_class(value):
            continue
        depth, at = 0, config
        for key in path:
            depth += is_class(at)
            at = at[key]
        if depth < 10:
            continue
        for field, new in [
            ("class_name", typo(value["class_name"], rng)),
            ("module", "not_there.layers"),
            ("registered_name", "radio>Nothing"),
            ("config", MISSING),
        ]:
            if field in value:
                at = pointer((*path, field))
                yield Damage("identity", "damage ten levels deep", [edit((*path, field), new)], place_name(path) + field, at)
