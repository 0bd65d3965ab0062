"""Asks the running release every case of `cases`: `python -m silent.ask OUT.json`."""

import json
import os
import sys
import types

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

from keras_oracle.answer import ask, python_version
from keras_oracle.doors import DOORS
from keras_oracle.workspace import Workspace

from silent.cases import CASES

import keras  # isort: skip


DOOR_OF_LOADER = {"legacy_h5": "load_model_h5"}


def torch_in_name():
    """A torch that says when its pickle would be read."""
    torch = types.ModuleType("torch")

    def load(*_arguments, **_options):
        raise RuntimeError("torch.load was called")

    torch.load = load
    return torch


def answer(case):
    workspace = Workspace(case["workspace"])
    loaded = []

    def load():
        with workspace.imported() as modules:
            names = {"keras": keras, **modules}

            def resolve(paths):
                return {key: eval(path, dict(names)) for key, path in paths.items()}

            if case.get("torch"):
                sys.modules["torch"] = torch_in_name()
            try:
                with keras.saving.custom_object_scope(resolve(case.get("scope", {}))):
                    custom_objects = resolve(case["custom_objects"]) if "custom_objects" in case else None
                    door = DOORS[DOOR_OF_LOADER.get(case["loader"], case["loader"])]
                    loaded.append(door({"config": case["config"]}, custom_objects))
            finally:
                if case.get("torch"):
                    del sys.modules["torch"]
            return loaded[0]

    outcome = ask(load)
    for more in ("raised_in", "found"):
        outcome.pop(more, None)
    if loaded and "then" in case:
        then = []
        after = ask(lambda: then.append(eval(case["then"], {"value": loaded[0], "keras": keras})))
        after.pop("raised_in", None)
        outcome["then"] = str(then[0]) if then else after
    return outcome


def main():
    answers = [{**case, "outcome": answer(case)} for case in CASES]
    with open(sys.argv[1], "w") as out:
        json.dump({"python": python_version(), "cases": answers}, out)


if __name__ == "__main__":
    main()
