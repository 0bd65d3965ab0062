"""Asks one release every case of `cases` and `model_cases`.

python -m keras_oracle.record_cases OUT.json
"""

import json
import sys

from keras_oracle.loading import Workspace, ask, deserialize_keras_object, python_version
from keras_oracle.model_cases import CASES

import keras  # isort: skip

CALLS = {
    "deserialize_keras_object": deserialize_keras_object,
    "model_from_json": lambda text, custom_objects=None: keras.models.model_from_json(text, custom_objects),
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

            with keras.saving.custom_object_scope(resolve(case.get("scope", {}))):
                if case["loader"] == "import":
                    return modules
                if case["loader"] == "serialize_keras_object":
                    return keras.saving.serialize_keras_object(eval(case["object"], names))
                custom_objects = resolve(case["custom_objects"]) if "custom_objects" in case else None
                return CALLS[case["loader"]](case["config"], custom_objects)

    return ask(call)


def main():
    answers = [{**case, "outcome": answer(case)} for case in CASES]
    with open(sys.argv[1], "w") as out:
        json.dump({"python": python_version(), "cases": answers}, out)


if __name__ == "__main__":
    main()
