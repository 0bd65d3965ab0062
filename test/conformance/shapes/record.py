"""Records the shapes and counts of generated models, and what comes of damaging their configs. See README.md."""

import json
import os
import random
import sys

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import keras
from keras_shapes.damage import damages_of, with_edit
from keras_shapes.generate import model_of
from keras_shapes.measure import said_of
from keras_shapes.recording import write


def main(target, first, last, damages_each):
    cases = []
    failed = 0
    for seed in range(first, last):
        if seed % 20 == 0:
            # It takes longer than a model.
            keras.backend.clear_session()
        try:
            config = json.loads(json.dumps(keras.saving.serialize_keras_object(model_of(seed))))
        except Exception as error:
            failed += 1
            print(seed, type(error).__name__, str(error)[:100], flush=True)
            continue
        case = {"seed": seed, "config": config, **said_of(config)}
        if "exception" in case:
            print(seed, "does not load:", case["message"][:100], flush=True)
        choose = random.Random(seed)
        case["damages"] = []
        for edit in damages_of(config, choose, damages_each):
            said = said_of(with_edit(config, edit))
            case["damages"].append({**edit, **said})
        cases.append(case)
        if seed % 20 == 19:
            print(seed, len(cases), flush=True)
            write(target, {"keras": keras.__version__, "backend": keras.backend.backend(), "cases": cases})
    write(target, {"keras": keras.__version__, "backend": keras.backend.backend(), "cases": cases})
    print(len(cases), "models,", failed, "could not be written")


main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
