"""Damages of what is found: arguments of constructors, and the graph of a Functional model."""

from damages.damage import MISSING, Damage, edit, is_class, place_name, places, pointer, put

RENAMED = {"units": "output_dim", "kernel_initializer": "init", "name": "label", "learning_rate": "lr", "filters": "nb_filter"}


def argument_damages(config, rng):
    """Constructor arguments that are unknown, missing, renamed or of another type."""
    for path, value in places(config):
        if not is_class(value) or not isinstance(value["config"], dict) or "layers" in value["config"]:
            continue
        inner = (*path, "config")
        place = f"{value['class_name']} in {place_name(path)}"
        at = pointer((*inner, "strength_of_will"))
        yield Damage("arguments", "unknown argument", [{"at": pointer(inner), "add": {"strength_of_will": 1}}], place, at)
        for name, argument in value["config"].items():
            there = (*inner, name)
            yield Damage("arguments", "argument missing", [edit(there, MISSING)], f"{place}: {name}", pointer(there))
            new = RENAMED.get(name, f"{name}_")
            renamed = [{"at": pointer(there), "rename": new}]
            yield Damage("arguments", "argument renamed", renamed, f"{place}: {name}", pointer((*inner, new)))
            if isinstance(argument, bool) or argument is None:
                wrong = {"a": 1}
            elif isinstance(argument, (int, float)):
                wrong = rng.choice(["many", [argument], None, -argument - 1])
            elif isinstance(argument, str):
                wrong = rng.choice([5, ["x"], {"x": 1}])
            else:
                continue
            yield Damage("arguments", "argument retyped", [edit(there, wrong)], f"{place}: {name}", pointer(there))


def graph_damages(config, rng):
    """References between the layers of Functional models, and the keys that a model must have."""
    for path, value in places(config):
        if not is_class(value) or not isinstance(value["config"], dict) or "layers" not in value["config"]:
            continue
        inner = (*path, "config")
        model = value["config"]
        for key in ["layers", "name", "input_layers", "output_layers"]:
            if key in model:
                yield put("graph", "key of a model missing", (*inner, key), MISSING)
        layers = model["layers"] if isinstance(model["layers"], list) else []
        for index, layer in enumerate(layers):
            there = (*inner, "layers", index)
            for new in [3, None, {"class_name": "Zeros", "module": "keras.initializers", "config": {}, "registered_name": None}]:
                yield put("graph", "no layer among the layers", there, new)
            if "inbound_nodes" not in layer:
                continue
            yield put("graph", "key of a layer missing", (*there, "inbound_nodes"), MISSING)
            yield put("graph", "key of a layer missing", (*there, "name"), MISSING)
            if index > 0 and isinstance(layer.get("config"), dict) and "name" in layer["config"]:
                name = layers[0].get("name")
                edits = [edit((*there, "name"), name), edit((*there, "config", "name"), name)]
                yield Damage("graph", "two layers of one name", edits, place_name(there), pointer((*there, "name")))
        for at, history in references(model):
            there = (*inner, *at)
            if not (isinstance(history, list) and len(history) >= 3 and isinstance(history[0], str)):
                continue
            yield put("graph", "reference to no layer", (*there, 0), "nowhere")
            yield put("graph", "node index out of range", (*there, 1), 5)
            yield put("graph", "tensor index out of range", (*there, 2), 5)
            yield put("graph", "reference of another type", there, "nowhere")
            own = owner(layers, at)
            if own is not None:
                yield put("graph", "layer that feeds itself", (*there, 0), own)


def owner(layers, at):
    """The name of the layer whose inbound nodes hold the reference."""
    if at[0] != "layers" or not isinstance(layers[at[1]], dict):
        return None
    return layers[at[1]].get("name")


def references(model):
    """(path, [layer, node, tensor]) of every reference of a model, in its own graph only."""
    for key in ["input_layers", "output_layers"]:
        ends = model.get(key)
        for path, value in places(ends):
            if isinstance(value, list) and value and isinstance(value[0], str):
                yield (key, *path), value
    for index, layer in enumerate(model["layers"] if isinstance(model["layers"], list) else []):
        if not isinstance(layer, dict):
            continue
        for path, value in places(layer.get("inbound_nodes", [])):
            if path and path[-1] == "keras_history" or isinstance(value, list) and len(value) == 4 and isinstance(value[0], str):
                yield ("layers", index, "inbound_nodes", *path), value


def damages(config, _names, rng):
    yield from argument_damages(config, rng)
    yield from graph_damages(config, rng)
