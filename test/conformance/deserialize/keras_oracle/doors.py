"""The ways in which a config gets into Keras. A door takes a case and the custom objects at hand, and returns what loaded.

A case has `config` (a text), `door`, and may have `safe_mode`, `compile` and, for `from_config`, `class`: the path of
the class. To add a door, add it to DOORS.
"""

import json
import os
import tempfile
import warnings
import zipfile

os.environ.setdefault("KERAS_BACKEND", "numpy")
warnings.simplefilter("ignore")

import h5py  # noqa: E402
import keras  # noqa: E402
from keras.src.legacy.saving import legacy_h5_format  # noqa: E402
from keras.src.saving import saving_lib  # noqa: E402


class ConfigLoaded(BaseException):
    """Raised where `load_model` is through with the config and would turn to the weights."""


def options(case, *names):
    """The keyword arguments of a loader that a case sets."""
    return {name: case[name] for name in names if name in case}


def deserialize_keras_object(case, custom_objects):
    return keras.saving.deserialize_keras_object(
        json.loads(case["config"]), custom_objects, **options(case, "safe_mode")
    )


def model_from_json(case, custom_objects):
    return keras.models.model_from_json(case["config"], custom_objects)


def from_config(case, custom_objects):
    """`cls.from_config(config)`, with `custom_objects` where the class takes some (models do)."""
    if "class" not in case:
        return from_config_of_named(case, custom_objects)
    cls = eval(case["class"], {"keras": keras})
    arguments = [] if custom_objects is None else [custom_objects]
    return cls.from_config(json.loads(case["config"]), *arguments)


def from_config_of_named(case, custom_objects):
    """`from_config` of the class that the config names, or of a model for what `get_config` of one returns."""
    config = json.loads(case["config"])
    inner = config["config"] if "class_name" in config else config
    if "layers" not in inner:
        return getattr(keras.layers, config["class_name"]).from_config(inner)
    return (keras.Model if "input_layers" in inner else keras.Sequential).from_config(inner, custom_objects)


def load_model(case, custom_objects):
    """`keras.saving.load_model` of a `.keras` file with this config.json, up to where it would read the weights."""
    with tempfile.NamedTemporaryFile(suffix=".keras") as file:
        with zipfile.ZipFile(file, "w") as archive:
            metadata = {"keras_version": keras.__version__, "date_saved": "2026-01-01@00:00:00"}
            archive.writestr("metadata.json", json.dumps(metadata))
            archive.writestr("config.json", case["config"])
        file.flush()
        loaded = []
        real = saving_lib.deserialize_keras_object

        def deserialize_and_stop(*args, **kwargs):
            # Keras 2 reads the compile config by the same name.
            saving_lib.deserialize_keras_object = real
            loaded.append(real(*args, **kwargs))
            raise ConfigLoaded

        saving_lib.deserialize_keras_object = deserialize_and_stop
        try:
            keras.saving.load_model(file.name, custom_objects, **options(case, "compile", "safe_mode"))
        except ConfigLoaded:
            return loaded[0]
        finally:
            saving_lib.deserialize_keras_object = real
    raise AssertionError("load_model returned without deserializing the config")


def load_model_h5(case, custom_objects):
    """`keras.saving.load_model` of an `.h5` file with these attributes, weights left out.

    The config is a JSON object: `model_config`, `training_config` (objects here, JSON strings in the file),
    `keras_version` and `backend`.
    """
    with tempfile.NamedTemporaryFile(suffix=".h5") as file:
        with h5py.File(file.name, "w", libver="latest") as h5:
            for name, value in json.loads(case["config"]).items():
                h5.attrs[name] = value if isinstance(value, str) else json.dumps(value)
            h5.create_group("model_weights")
        real = legacy_h5_format.load_weights_from_hdf5_group
        legacy_h5_format.load_weights_from_hdf5_group = lambda *args, **kwargs: None
        try:
            return keras.saving.load_model(file.name, custom_objects, **options(case, "compile", "safe_mode"))
        finally:
            legacy_h5_format.load_weights_from_hdf5_group = real


def tfjs(case, _):
    """What `tensorflowjs` makes of a `model.json` (converters/keras_tfjs_loader.py): `model_from_json` of the topology, with
    no custom objects but those in scope, and without compiling."""
    topology = json.loads(case["config"])["modelTopology"]
    return keras.models.model_from_json(json.dumps(topology.get("model_config", topology)))


DOORS = {
    "deserialize_keras_object": deserialize_keras_object,
    "model_from_json": model_from_json,
    "from_config": from_config,
    "load_model": load_model,
    "load_model_h5": load_model_h5,
    "tfjs": tfjs,
    "layers.deserialize": lambda case, custom_objects: keras.layers.deserialize(
        json.loads(case["config"]), custom_objects
    ),
    # Parts of Keras that are asked alone.
    "optimizers.get": lambda case, _: keras.optimizers.get(json.loads(case["config"])),
    "optimizers.deserialize": lambda case, _: keras.optimizers.deserialize(json.loads(case["config"])),
}
