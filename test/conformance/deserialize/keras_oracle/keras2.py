"""Lets tf_keras answer by the name `keras`, so that what asks Keras 3 can ask Keras 2. Import it before anything else.

Where a module of Keras 3 has another place in tf_keras, or none, a stand-in has its name.
"""

import sys
import threading
import types

import tensorflow  # noqa: F401
import tf_keras
from tensorflow.python.util import tf_export
from tf_keras.src.saving import object_registration, saving_lib, serialization_lib
from tf_keras.src.saving.legacy import hdf5_format
from tf_keras.src.saving.legacy import serialization as legacy_serialization


class Registry:
    """A dict of `object_registration` whose `clear()` leaves what tf_keras registers itself (`Custom>Adam`, …)."""

    def __init__(self, entries):
        self.entries = entries
        self.own = dict(entries)

    def clear(self):
        self.entries.clear()
        self.entries.update(self.own)

    def update(self, more):
        self.entries.update(more)

    def keys(self):
        return self.entries.keys()

    def __getitem__(self, key):
        return self.entries[key]


def stand_in(name, **members):
    module = types.ModuleType(name)
    vars(module).update(members)
    sys.modules[name] = module
    return module


def exported():
    """Public path to object, the first path of each object only."""
    first = {}
    for path, value in sorted(tf_export._NAME_TO_SYMBOL_MAPPING.items()):
        names = getattr(value, "_keras_api_names", ())
        if path.startswith("keras.") and names and names[0] == path and "_keras_api_names" in vars(value):
            first[path] = value
    return first


for name, module in list(sys.modules.items()):
    if name == "tf_keras" or name.startswith("tf_keras."):
        sys.modules[name.removeprefix("tf_")] = module

stand_in("keras.src.backend.common", global_state=stand_in("keras.src.backend.common.global_state"))
sys.modules["keras.src.backend.common.global_state"].GLOBAL_STATE_TRACKER = threading.local()
stand_in("keras.src.legacy")
stand_in("keras.src.legacy.saving", legacy_h5_format=hdf5_format, serialization=legacy_serialization)
stand_in(
    "keras.src.saving",
    saving_lib=saving_lib,
    serialization_lib=serialization_lib,
    object_registration=stand_in(
        "keras.src.saving.object_registration",
        GLOBAL_CUSTOM_OBJECTS=Registry(object_registration._GLOBAL_CUSTOM_OBJECTS),
        GLOBAL_CUSTOM_NAMES=Registry(object_registration._GLOBAL_CUSTOM_NAMES),
    ),
)
sys.modules["keras.src"] = stand_in(
    "keras.src", api_export=stand_in("keras.src.api_export", REGISTERED_NAMES_TO_OBJS=exported())
)


def entries_of(part):
    """The names that a module's `deserialize` answers, as `ALL_OBJECTS_DICT` of Keras 3 has them."""
    module = getattr(tf_keras.src, part)
    local = getattr(module, "LOCAL", None)
    objects = vars(module) if local is None else local.ALL_OBJECTS
    base = {"constraints": "Constraint", "regularizers": "Regularizer", "losses": "Loss", "metrics": "Metric"}.get(part)
    own = {
        name: value
        for name, value in objects.items()
        if not name.startswith("_") and callable(value) and getattr(value, "__module__", "").startswith("tf_keras")
    }
    if base is None:
        return own
    return {
        name: value
        for name, value in own.items()
        if not isinstance(value, type) or issubclass(value, getattr(getattr(tf_keras, part), base))
    }


for part in ("activations", "constraints", "initializers", "losses", "metrics", "optimizers", "regularizers"):
    setattr(
        sys.modules["keras.src"],
        part,
        types.SimpleNamespace(__name__=f"keras.src.{part}", ALL_OBJECTS_DICT=entries_of(part)),
    )
sys.modules["keras.src"].saving = sys.modules["keras.src.saving"]

tf = tensorflow
names = types.SimpleNamespace  # what Keras 3 alone has: every use of it is a thing that cannot be built
for missing in ("ops", "dtype_policies", "quantizers", "random", "config", "distribution", "tree"):
    if not hasattr(tf_keras, missing):
        setattr(tf_keras, missing, names())
tf_keras.config.backend = lambda: "tensorflow"
# What the workspace's functions call when a model is built around them.
vars(tf_keras.ops).update(
    abs=tf.abs,
    clip=tf.clip_by_value,
    cos=tf.cos,
    flip=lambda x, axis: tf.reverse(x, [axis]),
    full=lambda shape, value, dtype=None: tf.cast(tf.fill(shape, value), dtype or "float32"),
    matmul=tf.matmul,
    mean=tf.reduce_mean,
    ones=tf.ones,
    relu=tf.nn.relu,
    sin=tf.sin,
    softplus=tf.nn.softplus,
    square=tf.square,
    sum=tf.reduce_sum,
    tanh=tf.tanh,
)


def write_by_names_of_keras3():
    """Where users of Keras 2 find what the expressions have elsewhere; while it answers, no such name may be there."""
    tf_keras.optimizers.LossScaleOptimizer = tf_keras.mixed_precision.LossScaleOptimizer
    tf_keras.initializers.OrthogonalInitializer = tf_keras.initializers.Orthogonal
