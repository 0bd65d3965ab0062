"""Asks the running release every case of `cases`: `python -m silent.ask OUT.json`."""

import json
import os
import sys
import types

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

from keras_oracle.loading import LOADERS, Workspace, ask, python_version

from silent.cases import CASES

import keras  # isort: skip


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
                    loaded.append(LOADERS[case["loader"]](case["config"], custom_objects))
            finally:
                if case.get("torch"):
                    del sys.modules["torch"]
            return loaded[0]

    outcome = ask(load)
    outcome.pop("raised_in", None)
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
