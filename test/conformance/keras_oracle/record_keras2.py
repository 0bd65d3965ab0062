"""The recorders of Keras 3, asking tf_keras: `keras2-loads-…`, `keras2-finding-…` and `keras2-cases-….json.gz`.

    PYTHONPATH=test/conformance PYTHONHASHSEED=0 CUDA_VISIBLE_DEVICES=-1 \\
        python -m keras_oracle.record_keras2 loads|finding|cases

with an interpreter that has one tf-keras and its TensorFlow. Writes into test/recorded.
"""

import gzip
import json
import sys
import tempfile
from pathlib import Path

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
    kind = sys.argv[1]
    if kind == "loads":
        from keras_oracle import record_loads as recorder
    elif kind == "finding":
        from keras_oracle import record_finding as recorder
    else:
        from keras_oracle import record_cases as recorder
    with tempfile.NamedTemporaryFile("r", suffix=".json") as out:
        sys.argv = [kind, out.name, *(["model_cases"] if kind == "cases" else [])]
        recorder.main()
        recording = json.load(out)
    text = json.dumps(recording, ensure_ascii=False, separators=(",", ":"))
    path = Path(__file__).resolve().parents[2] / "recorded" / f"keras2-{kind}-{keras.__version__}.json.gz"
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    main()
