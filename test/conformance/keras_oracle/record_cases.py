"""Asks one release every case of a module: of `model_cases` (with `cases`), or of `call_cases`.

python -m keras_oracle.record_cases OUT.json model_cases|call_cases
"""

import contextlib
import importlib
import json
import sys

from keras_oracle.loading import (
    LOADERS,
    Workspace,
    ask,
    from_config,
    layers_deserialize,
    model_from_json,
    python_version,
)

import keras  # isort: skip
from keras.src.saving import serialization_lib  # isort: skip

CALLS = {
    **LOADERS,
    "model_from_json": model_from_json,
    "layers.deserialize": layers_deserialize,
    "from_config": from_config,
    "Sequential.from_config": lambda text, custom_objects=None: keras.Sequential.from_config(
        json.loads(text), custom_objects
    ),
    "optimizers.get": lambda text, custom_objects=None: keras.optimizers.get(json.loads(text)),
    "optimizers.deserialize": lambda text, custom_objects=None: keras.optimizers.deserialize(json.loads(text)),
}


def answer(case):
    """What Keras makes of a case, the import of the workspace included."""
    workspace = Workspace(case["workspace"])

    def call():
        with workspace.imported() as modules:
            names = {"keras": keras, **modules}

            def resolve(paths):
                return {key: eval(path, dict(names)) for key, path in paths.items()}

            safe_mode_scope = contextlib.nullcontext()
            if "safe_mode_scope" in case:
                safe_mode_scope = serialization_lib.SafeModeScope(case["safe_mode_scope"])
            with keras.saving.custom_object_scope(resolve(case.get("scope", {}))), safe_mode_scope:
                if case["loader"] == "import":
                    return modules
                if case["loader"] == "serialize_keras_object":
                    return keras.saving.serialize_keras_object(eval(case["object"], names))
                custom_objects = resolve(case["custom_objects"]) if "custom_objects" in case else None
                safe_mode = {"safe_mode": case["safe_mode"]} if "safe_mode" in case else {}
                return CALLS[case["loader"]](case["config"], custom_objects, **safe_mode)

    return ask(call)


def main():
    cases = importlib.import_module(f"keras_oracle.{sys.argv[2]}").CASES
    answers = [{**case, "outcome": answer(case)} for case in cases]
    with open(sys.argv[1], "w") as out:
        json.dump({"python": python_version(), "cases": answers}, out)


if __name__ == "__main__":
    main()
