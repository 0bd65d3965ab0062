"""Puts the recorded questions to tf_keras again: `keras2-loads-…`, `keras2-finding-…` and `keras2-cases-….json.gz`.

    PYTHONPATH=test/conformance/deserialize PYTHONHASHSEED=0 CUDA_VISIBLE_DEVICES=-1 \\
        python -m keras_oracle.record_keras2 loads|finding|cases [--check]

with an interpreter that has one tf-keras and its TensorFlow. Writes into test/recorded; with `--check` it writes nothing, and
says what is answered otherwise now. Where an exception came from is not compared: it shows who asked.
"""

import gzip
import json
import sys
from pathlib import Path

from keras_oracle import keras2  # noqa: F401  (first: it lets tf_keras answer by the name keras)

import keras  # isort: skip
from keras_oracle.answer import ask, python_version  # isort: skip
from keras_oracle.ask import call  # isort: skip
from keras_oracle.doors import DOORS  # isort: skip
from keras_oracle.workspace import Workspace  # isort: skip

RECORDED = Path(__file__).resolve().parents[3] / "recorded"
DOOR_OF_LOADER = {"legacy_h5": "load_model_h5"}


def is_old_model(config):
    """Whether this is what `to_json` writes: a model without `module`, which only `model_from_json` loads."""
    if not isinstance(config, dict) or "module" in config or "config" not in config:
        return False
    inner = config["config"]
    return config.get("class_name") == "Sequential" or (isinstance(inner, dict) and "layers" in inner)


def by_what_it_is(case, custom_objects):
    """What the text of a config is loaded by: a model of `to_json` by `model_from_json`, all else as what it is."""
    door = "model_from_json" if is_old_model(json.loads(case["config"])) else "deserialize_keras_object"
    return LOADED_BY[door](case, custom_objects)


LOADED_BY = dict(DOORS)
DOORS["deserialize_keras_object"] = by_what_it_is


def ask_again(records, workspaces, has_own_workspace):
    """The records with the outcomes of now. What is no load is left as it is."""
    folders = {}
    for record in records:
        door = DOOR_OF_LOADER.get(record["loader"], record["loader"])
        if door not in DOORS and door != "serialize_keras_object":
            yield record
            continue
        files = record["workspace"] if has_own_workspace else workspaces.get(record.get("workspace"), {})
        key = json.dumps(files)
        if key not in folders:
            folders[key] = Workspace(files)
        with folders[key].imported() as modules:
            outcome = ask(lambda: call({**record, "door": door}, modules))
        outcome.pop("found", None)
        if "raised_in" not in record["outcome"]:
            outcome.pop("raised_in", None)
        yield {**record, "outcome": outcome}


def said(record):
    return {name: value for name, value in record["outcome"].items() if name != "raised_in"}


def main():
    kind = sys.argv[1]
    path = RECORDED / f"keras2-{kind}-{keras.__version__}.json.gz"
    recording = json.loads(gzip.decompress(path.read_bytes()))
    name = "cases" if kind == "cases" else "records"
    before = recording[name]
    now = list(ask_again(before, recording.get("workspaces", {}), kind == "cases"))
    if "--check" in sys.argv:
        others = [(old, new) for old, new in zip(before, now) if said(old) != said(new)]
        for old, new in others[:20]:
            print(old.get("name") or old["id"], old["outcome"], new["outcome"], sep="\n  ")
        sys.exit(f"{len(others)} of {len(now)} are answered otherwise" if others else f"{len(now)} are answered the same")
    text = json.dumps({**recording, "python": python_version(), name: now}, ensure_ascii=False, separators=(",", ":"))
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    main()
