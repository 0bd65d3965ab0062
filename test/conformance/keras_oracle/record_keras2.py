"""The recorders of Keras 3, asking tf_keras: `keras2-loads-…`, `keras2-finding-…` and `keras2-cases-….json.gz`.

python -m keras_oracle.record_keras2 loads|finding|cases OUT.json
"""

import json
import sys

from keras_oracle import keras2  # noqa: F401  (first: it lets tf_keras answer by the name keras)

import keras  # isort: skip
from keras_oracle import loading  # isort: skip


def is_old_model(config):
    """Whether this is what `to_json` writes: a model without `module`, which only `model_from_json` loads."""
    if not isinstance(config, dict) or "module" in config or "config" not in config:
        return False
    inner = config["config"]
    return config.get("class_name") == "Sequential" or (isinstance(inner, dict) and "layers" in inner)


def load_json(config_text, custom_objects=None):
    """What the text of a config is loaded by: a model of `to_json` by `model_from_json`, all else as what it is."""
    if is_old_model(json.loads(config_text)):
        return keras.models.model_from_json(config_text, custom_objects)
    return keras.saving.deserialize_keras_object(json.loads(config_text), custom_objects)


loading.LOADERS["deserialize_keras_object"] = load_json


def main():
    kind = sys.argv.pop(1)
    if kind == "loads":
        from keras_oracle import record_loads as recorder
    elif kind == "finding":
        from keras_oracle import record_finding as recorder
    else:
        from keras_oracle import record_cases as recorder
    recorder.main()


if __name__ == "__main__":
    main()
