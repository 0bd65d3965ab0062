"""Records what tf-keras says of models that it has generated and written, and of damaged ones. See README.md."""

import json
import os
import random
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import keras_shapes.keras2  # noqa: F401  (before what imports keras)
import tf_keras
from keras_shapes.damage import damages_of, with_edit
from keras_shapes.formats import without_modules
from keras_shapes.generate_keras2 import model_of
from keras_shapes.measure_keras2 import said_of
from keras_shapes.recording import write


# Lists of another length are refused by the constructors.
OF_ONE_LENGTH = ("strides", "dilation_rate", "kernel_size", "pool_size", "size", "output_padding")


def is_wanted(config, edit):
    key = next(part for part in reversed(edit["at"].split("/")) if not part.isdigit())
    at = config
    for part in edit["at"].split("/")[1:]:
        at = at[int(part)] if isinstance(at, list) else at[part]
    return not (key in OF_ONE_LENGTH and isinstance(at, list) and len(at) != len(edit["value"])) and at != edit["value"]


def references_of(config, choose, count):
    """Edits by which a layer of a functional model is called with the output of another one."""
    layers = config["config"]["layers"]
    names = [layer["config"]["name"] for layer in layers if "layers" not in layer["config"]]
    found = []
    for index, layer in enumerate(layers):
        for node, data in enumerate(layer.get("inbound_nodes", [])):
            single = isinstance(data[0], str)
            for place in range(1 if single else len(data)):
                at = f"/config/layers/{index}/inbound_nodes/{node}{'' if single else f'/{place}'}/0"
                tensor = data if single else data[place]
                others = [name for name in names[: names.index(layer["config"]["name"])] if name != tensor[0]] if layer["config"]["name"] in names else []
                if tensor[0] in names and others:
                    found.append({"at": at, "value": choose.choice(others)})
    return choose.sample(found, min(count, len(found)))


def main(target, first, last, damages_each):
    cases = []
    failed = 0
    for seed in range(first, last):
        if seed % 20 == 0:
            tf_keras.backend.clear_session()
        try:
            config = json.loads(model_of(seed).to_json())
        except Exception as error:
            failed += 1
            print(seed, type(error).__name__, str(error)[:100], flush=True)
            continue
        if seed % 4 > 1:
            config = without_modules(config)
        case = {"seed": seed, "config": config, **said_of(config)}
        if "exception" in case:
            print(seed, "does not load:", case["message"][:100], flush=True)
        choose = random.Random(seed)
        case["damages"] = []
        edits = [edit for edit in damages_of(config, choose, 3 * damages_each) if is_wanted(config, edit)]
        for edit in edits[:damages_each] + references_of(config, choose, damages_each // 2):
            said = said_of(with_edit(config, edit))
            # What the constructors refuse is held elsewhere.
            if not said.get("message", "").startswith("Error when deserializing class"):
                case["damages"].append({**edit, **said})
        cases.append(case)
        if seed % 20 == 19:
            print(seed, len(cases), flush=True)
            write(target, {"keras": tf_keras.__version__, "cases": cases})
    write(target, {"keras": tf_keras.__version__, "cases": cases})
    print(len(cases), "models,", failed, "could not be written")


main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
