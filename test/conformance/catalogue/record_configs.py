"""What real Keras writes of every exported class that can be made with its defaults.

    PYTHONPATH=releases/3.8.0 KERAS_BACKEND=tensorflow python test/conformance/catalogue/record_configs.py OUTPUT.json.gz

Where a class requires arguments, samples are tried in turn until it can be made.
"""

import gzip
import inspect
import itertools
import json
import sys
import warnings

import keras
from keras.src import api_export
from keras.src.backend.common import global_state

warnings.simplefilter("ignore")


def forget_names():
    """Names are numbered from the beginning, as in a process of its own."""
    vars(global_state.GLOBAL_STATE_TRACKER).clear()


SAMPLES = [
    lambda: 2,
    lambda: 0.5,
    lambda: (2, 3),
    lambda: "relu",
    lambda: keras.layers.Dense(3),
    lambda: keras.layers.LSTMCell(3),
    lambda: keras.layers.LSTM(3),
    lambda: keras.optimizers.SGD(),
    lambda: "int8",
    lambda: [keras.layers.LSTMCell(3)],
    lambda: [keras.layers.Dense(3)],
]


def required_arguments(cls):
    parameters = list(inspect.signature(cls.__init__).parameters.values())[1:]
    kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return [p.name for p in parameters if p.default is p.empty and p.kind in kinds]


def write(cls, required):
    samples = SAMPLES if len(required) == 1 else SAMPLES[:3]
    for combination in itertools.product(samples, repeat=min(len(required), 3)):
        try:
            arguments = {name: make() for name, make in zip(required, combination)}
            forget_names()
            return json.loads(json.dumps(keras.saving.serialize_keras_object(cls(**arguments))))
        except Exception:  # noqa: BLE001, S112: whatever it raises, the next sample is tried
            continue
    return None


def main(output):
    objects, required = {}, {}
    for name, cls in sorted(api_export.REGISTERED_NAMES_TO_OBJS.items()):
        if not inspect.isclass(cls) or not hasattr(cls, "get_config") or "_legacy" in name:
            continue
        needed = required_arguments(cls)
        written = write(cls, needed)
        if written is None:
            continue
        objects[name] = written
        if needed:
            required[name] = needed
    recording = {"version": keras.__version__, "objects": objects, "required": required}
    with gzip.GzipFile(output, "wb", mtime=0) as out:
        out.write(json.dumps(recording, indent=1).encode())


main(sys.argv[1])
