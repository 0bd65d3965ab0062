"""Serialized forms, as the running release writes them."""

import json
import os
import re
import tempfile
import zipfile

import h5py
import keras
from keras.src.legacy.saving import legacy_h5_format


def serialized(value):
    return json.dumps(keras.saving.serialize_keras_object(value))


def saved_config(model):
    """The config.json of the `.keras` file that Keras writes."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.keras")
        model.save(path)
        with zipfile.ZipFile(path) as archive:
            return archive.read("config.json").decode()


def h5_attributes(model):
    """The attributes of the `.h5` file that Keras writes, as one JSON object; the weights, which it refuses for some
    models, are left out."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.h5")
        real = legacy_h5_format.save_weights_to_hdf5_group
        legacy_h5_format.save_weights_to_hdf5_group = lambda *args, **kwargs: None
        try:
            model.save(path)
        finally:
            legacy_h5_format.save_weights_to_hdf5_group = real
        with h5py.File(path) as h5:
            texts = {
                name: h5.attrs[name]
                for name in ("keras_version", "backend", "model_config", "training_config")
                if name in h5.attrs
            }
    texts = {name: text.decode() if isinstance(text, bytes) else text for name, text in texts.items()}
    return json.dumps({name: json.loads(text) if name.endswith("config") else text for name, text in texts.items()})


def by_every_door(name, make, build):
    """A model as each door reads it: its config, its JSON, its `.keras` file, its `.h5` file."""
    doors = [
        ("deserialize_keras_object", serialized),
        ("model_from_json", lambda model: model.to_json()),
        ("load_model", saved_config),
        ("load_model_h5", h5_attributes),
    ]
    for door, write in doors:
        text = build(f"{name}, written for {door}", lambda write=write: write(make()))
        if text is not None:
            yield {"name": name, "door": door, "config": text}


def with_small_ids(text):
    """Numbers shared objects 1, 2, 3 instead of by their addresses, so that a recording is the same each time."""
    ids = {}
    return re.sub(r'(?<="shared_object_id": )\d+', lambda m: str(ids.setdefault(m[0], len(ids) + 1)), text)
