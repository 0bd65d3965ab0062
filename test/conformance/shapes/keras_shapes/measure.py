"""What real Keras says of a model that it has loaded: the shapes of every layer's outputs, and the counts."""

import copy
import re
import signal

LOAD_SECONDS = 20


class Hangs(BaseException):
    """Some releases look for the calls of a broken graph for ever."""


def hang(*_):
    raise Hangs


signal.signal(signal.SIGALRM, hang)


def load(config):
    import keras

    return keras.saving.deserialize_keras_object(config)


def counts(weights):
    total = 0
    for weight in weights:
        size = 1
        for dim in weight.shape:
            size *= dim
        total += size
    return total


def shapes_of(tensors):
    return [list(tensor.shape) for tensor in tensors]


def layers_of(model, config, pointer=""):
    """[pointer, shapes of the outputs of each call, parameters, trainable ones] of every layer, those of nested models too."""
    import keras

    said = []
    open_models = [(model, config, pointer)]
    while open_models:
        model, config, pointer = open_models.pop(0)
        is_sequential = isinstance(model, keras.Sequential)
        if is_sequential:
            by_place = list(model._layers)
            if len(by_place) > len(config["config"]["layers"]):
                by_place = by_place[1:]
        else:
            names = {op.name: op for op in model.operations}
        for index, entry in enumerate(config["config"]["layers"]):
            op = by_place[index] if is_sequential else names.get(entry.get("name", entry["config"].get("name")))
            at = f"{pointer}/config/layers/{index}"
            if op is None:
                # A layer that no output needs is built and left out of the model.
                continue
            nodes = op._inbound_nodes
            nodes = nodes[-1:] if is_sequential else nodes[: max(1, len(entry["inbound_nodes"]))]
            is_layer = isinstance(op, keras.Layer)
            count = None
            trainable = None
            if not is_layer:
                count = trainable = 0
            elif op.built:
                count = op.count_params()
                trainable = counts(op.trainable_weights)
            said.append([at, [shapes_of(node.outputs) for node in nodes], count, trainable])
            if isinstance(op, (keras.Sequential, keras.Model)) and "layers" in entry["config"]:
                open_models.append((op, entry, at))
    return said


def within_time(call):
    """What a call returns, and None, or else what it raises: `Hangs` where nothing comes of it."""
    signal.alarm(LOAD_SECONDS)
    try:
        return call(), None
    except (Exception, Hangs) as error:
        return None, error
    finally:
        signal.alarm(0)


def said_of(config):
    """What comes of loading: the layers and the counts, or the exception."""
    model, error = within_time(lambda: load(copy.deepcopy(config)))
    if error is not None:
        return {"exception": type(error).__name__, "message": masked(str(error))}
    return {
        "layers": layers_of(model, config),
        "total": model.count_params() if model.built else None,
        "trainable": counts(model.trainable_weights) if model.built else None,
    }


def masked(message):
    """The names of symbolic tensors count up over the whole program: they are `…`."""
    return re.sub(r"name=keras_tensor[_0-9a-zA-Z]*", "name=…", message)
