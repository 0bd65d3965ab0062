"""What real Keras 2 says of a model that it has loaded from JSON: the shapes of every layer's outputs, and the counts."""

import copy
import json
import re

import tf_keras

from keras_shapes.measure import counts, within_time


def load(config):
    return tf_keras.models.model_from_json(json.dumps(config))


def shape_of(tensor):
    return list(tuple(tensor.shape))


def outputs_of(node):
    import tensorflow as tf

    return [shape_of(tensor) for tensor in tf.nest.flatten(node.outputs)]


def kept(model):
    """The layers that a config of the model holds, its input layer too."""
    return model._self_tracked_trackables


def layers_of(model, config):
    """[pointer, shapes of the outputs of each call, parameters, trainable ones] of every layer, those of nested models too."""
    said = []
    open_models = [(model, config, "", None)]
    while open_models:
        model, config, pointer, _ = open_models.pop(0)
        entries = config["config"]["layers"]
        is_sequential = isinstance(model, tf_keras.Sequential)
        # A Sequential that begins with the shape of its first layer has made an input layer of its own.
        places = list(kept(model))[-len(entries):] if is_sequential else None
        names = {layer.name: layer for layer in kept(model)}
        for index, entry in enumerate(entries):
            layer = places[index] if is_sequential else names.get(entry.get("name", entry["config"].get("name")))
            at = f"{pointer}/config/layers/{index}"
            if layer is None:
                continue
            nodes = layer._inbound_nodes
            if is_sequential:
                nodes = nodes[-1:]
            else:
                count = max(1, len(entry["inbound_nodes"]))
                nodes = nodes[-count:] if isinstance(layer, tf_keras.Model) else nodes[:count]
            number = layer.count_params() if layer.built else None
            trainable = counts(layer.trainable_weights) if layer.built else None
            said.append([at, [outputs_of(node) for node in nodes], number, trainable])
            if isinstance(layer, tf_keras.Model) and "layers" in entry["config"]:
                open_models.append((layer, entry, at, None))
    return said


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
    """What counts up over the whole program, or is TensorFlow's own affair, is `…`."""
    message = re.sub(r"name='?[A-Za-z_]*[Pp]laceholder[_0-9a-zA-Z:]*'?", "name=…", message)
    return re.sub(r"0x[0-9a-f]{6,}", "0x…", message)
