"""Records the shapes and counts of some models of tf_keras.applications. See README.md."""

import gc
import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras_shapes.keras2  # noqa: F401  (before what imports keras)
import tf_keras
from keras_shapes.measure_keras2 import layers_of
from keras_shapes.measure import counts
from keras_shapes.recording import write

NAMES = ("MobileNet", "MobileNetV3Small", "EfficientNetV2B0", "InceptionV3", "ResNet50V2", "RegNetY002", "Xception")


def main(target):
    cases = []
    for name in NAMES:
        tf_keras.backend.clear_session()
        model = getattr(tf_keras.applications, name)(weights=None)
        config = json.loads(model.to_json())
        said = {"total": model.count_params(), "trainable": counts(model.trainable_weights)}
        cases.append({"name": name, "config": config, "layers": layers_of(model, config), **said})
        del model
        gc.collect()
    write(target, {"keras": tf_keras.__version__, "cases": cases})


main(sys.argv[1])
