"""Records what tf-keras says of common models in both formats, and of their edits. See README.md."""

import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import keras_shapes.keras2  # noqa: F401  (before what imports keras)
import tf_keras
from keras_shapes.common_keras2 import MODELS
from keras_shapes.damage import with_edit
from keras_shapes.formats import without_modules
from keras_shapes.measure_keras2 import said_of
from keras_shapes.recording import write


def pointer_of(config, name, at=""):
    """Where a layer of a name stands, also in a model or a wrapper; None where there is none."""
    for index, layer in enumerate(config["config"]["layers"]):
        here = f"{at}/config/layers/{index}"
        if layer["config"].get("name") == name:
            return here
        held = layer["config"].get("layer")
        if isinstance(held, dict) and held["config"]["name"] == name:
            return f"{here}/config/layer"
        within = pointer_of(layer, name, here) if "layers" in layer["config"] else None
        if within is not None:
            return within
    return None


def main(target):
    cases = []
    for build, edits in MODELS:
        for in_format in (lambda config: config, without_modules):
            tf_keras.backend.clear_session()
            config = in_format(json.loads(build().to_json()))
            damages = [{"at": f"{pointer_of(config, name)}/config/{key}", "value": value} for name, key, value in edits]
            damages = [{**edit, **said_of(with_edit(config, edit))} for edit in damages]
            # None of these is held out.
            cases.append({"seed": 2 * len(cases), "config": config, **said_of(config), "damages": damages})
    write(target, {"keras": tf_keras.__version__, "cases": cases})


main(sys.argv[1])
