"""Records the shapes and counts of every model of keras.applications. See README.md."""

import gc
import inspect
import os
import sys

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
from keras_shapes.measure import counts, layers_of
from keras_shapes.recording import write


def builders():
    return sorted(
        (name, value)
        for name, value in vars(keras.applications).items()
        if inspect.isfunction(value)
    )


def main(target):
    cases = []
    # What a weight holds is of no interest, and making it takes most of the time.
    keras.initializers.GlorotUniform.__call__ = keras.initializers.Zeros.__call__
    keras.initializers.VarianceScaling.__call__ = keras.initializers.Zeros.__call__
    for name, build in builders():
        keras.backend.clear_session()
        model = build(weights=None)
        config = keras.saving.serialize_keras_object(model)
        cases.append(
            {
                "name": name,
                "config": config,
                "layers": layers_of(model, config),
                "total": model.count_params(),
                "trainable": counts(model.trainable_weights),
            }
        )
        print(name, cases[-1]["total"], len(cases[-1]["layers"]), flush=True)
        del model
        gc.collect()
    write(target, {"keras": keras.__version__, "cases": cases})


main(sys.argv[1])
