"""Asks one release every case of `call_cases`: `python -m keras_oracle.record_calls OUT.json`."""

import json
import sys

from keras_oracle.answer import ask, python_version
from keras_oracle.ask import import_and_call
from keras_oracle.call_cases import CASES

DOOR_OF_LOADER = {"legacy_h5": "load_model_h5"}


def answer(case):
    door = DOOR_OF_LOADER.get(case["loader"], case["loader"])
    outcome = ask(lambda: import_and_call({**case, "door": door}, case["workspace"]))
    for more in ("raised_in", "found"):
        outcome.pop(more, None)
    return outcome


def main():
    with open(sys.argv[1], "w") as out:
        cases = [{**case, "outcome": answer(case)} for case in CASES]
        json.dump({"python": python_version(), "cases": cases}, out)


if __name__ == "__main__":
    main()
