"""Puts cases to the running release.

    python -m keras_oracle.ask QUESTIONS.json FROM

QUESTIONS has {"workspaces", "cases"}, each case with its `config` as Keras gets to see it and with all that the call needs.
From the case of number FROM on, writes one line of JSON for each, so that whoever reads them knows which case it is
when this process hangs or dies. A damaged case whose base does not load here is passed over: its line is null.
"""

import contextlib
import json
import sys
import types

from absl import logging

from keras_oracle.answer import HANG_SECONDS, ask
from keras_oracle.doors import DOORS
from keras_oracle.workspace import Workspace

import keras  # isort: skip
from keras.src.saving import serialization_lib  # isort: skip

logging.set_verbosity(logging.ERROR)

LARGE_MODEL_SECONDS = 90
"""What a release wrote does not hang; some models of keras.applications are large."""


@contextlib.contextmanager
def torch_in_name():
    """A torch that says when its pickle would be read."""
    torch = types.ModuleType("torch")

    def load(*_arguments, **_options):
        raise RuntimeError("torch.load was called")

    torch.load = load
    sys.modules["torch"] = torch
    try:
        yield
    finally:
        del sys.modules["torch"]


def call(case, modules):
    names = {"keras": keras, **modules}

    def resolve(paths):
        return {key: eval(path, dict(names)) for key, path in paths.items()}

    safe_mode_scope = contextlib.nullcontext()
    if "safe_mode_scope" in case:
        safe_mode_scope = serialization_lib.SafeModeScope(case["safe_mode_scope"])
    torch = torch_in_name() if case.get("torch") else contextlib.nullcontext()
    with torch, keras.saving.custom_object_scope(resolve(case.get("scope", {}))), safe_mode_scope:
        if case["door"] == "import":
            return modules
        if case["door"] == "serialize_keras_object":
            return keras.saving.serialize_keras_object(eval(case["object"], names))
        custom_objects = resolve(case["custom_objects"]) if "custom_objects" in case else None
        return DOORS[case["door"]](case, custom_objects)


def import_and_call(case, files):
    """Where importing the workspace is part of the question."""
    with Workspace(files).imported() as modules:
        return call(case, modules)


def answer_by_hand(case, files):
    """The outcome, and in `then` what that expression of the case makes of the loaded `value`, or what it raises."""
    loaded = []

    def load():
        loaded.append(import_and_call(case, files))
        return loaded[0]

    outcome = ask(load)
    if loaded and "then" in case:
        made = []
        after = ask(lambda: made.append(eval(case["then"], {"value": loaded[0], "keras": keras})))
        after.pop("raised_in", None)
        outcome["then"] = str(made[0]) if made else after
    return outcome


def main():
    with open(sys.argv[1]) as file:
        questions = json.load(file)
    cases = questions["cases"]
    answers = sys.stdout
    sys.stdout = sys.stderr
    start = int(sys.argv[2])
    loads = set(questions["load"])

    def answer(case, modules, workspace):
        if case.get("needs") and case["needs"] not in loads:
            outcome = None
        elif case["family"] == "by hand":
            outcome = answer_by_hand(case, questions["workspaces"].get(case.get("workspace"), {}))
        else:
            workspace.register_again()
            seconds = LARGE_MODEL_SECONDS if case["family"] == "as written" else HANG_SECONDS
            outcome = ask(lambda: call(case, modules), seconds)
            if "loads" in outcome:
                loads.add(case["id"])
        print(json.dumps(outcome), file=answers, flush=True)

    index = start
    while index < len(cases):
        name = cases[index].get("workspace")
        by_hand = cases[index]["family"] == "by hand"
        workspace = Workspace({} if by_hand else questions["workspaces"].get(name, {}))
        with workspace.imported() as modules:
            while index < len(cases) and (by_hand, name) == (
                cases[index]["family"] == "by hand",
                cases[index].get("workspace"),
            ):
                answer(cases[index], modules, workspace)
                index += 1


if __name__ == "__main__":
    main()
