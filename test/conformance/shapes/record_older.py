"""Has an older release load every so many-eth model that 3.15.1 wrote, and its damages. See README.md."""

import gzip
import json
import os
import sys

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
from keras_shapes.damage import with_edit
from keras_shapes.measure import said_of
from keras_shapes.recording import write

# Arguments that older releases do not know; in what was recorded they have their defaults.
NEW = ("quantization_config", "renorm", "renorm_clipping", "renorm_momentum", "use_gate", "optional", "input_axes", "output_axes")


def without_new(value):
    if isinstance(value, dict):
        return {key: without_new(member) for key, member in value.items() if key not in NEW}
    if isinstance(value, list):
        return [without_new(member) for member in value]
    return value


def main(source, target, every):
    with gzip.open(source) as file:
        recorded = json.load(file)["cases"]
    cases = []
    for case in recorded:
        if case["seed"] % every != 0:
            continue
        config = without_new(case["config"])
        said = said_of(config)
        if "exception" in said:
            continue
        damages = [{"at": one["at"], "value": one["value"]} for one in case["damages"]]
        damages = [{**one, **said_of(with_edit(config, one))} for one in damages]
        cases.append({"seed": case["seed"], "config": config, **said, "damages": damages})
    recording = {"keras": keras.__version__, "backend": keras.backend.backend(), "cases": cases}
    write(target, recording, separators=(", ", ": "))


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
