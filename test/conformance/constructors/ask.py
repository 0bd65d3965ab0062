"""Loads each of the configs on standard input, and writes what came of it: null where it loads, else exception and text.

Keras is the package that the argument names, `keras` or `tf_keras`.
"""

import importlib
import json
import sys
import warnings

keras = importlib.import_module(sys.argv[1])

warnings.simplefilter("ignore")


def outcome(text):
    try:
        keras.saving.deserialize_keras_object(json.loads(text))
    except BaseException as error:  # noqa: BLE001: whatever is raised is the answer
        return [type(error).__name__, str(error)]
    return None


json.dump([outcome(text) for text in json.load(sys.stdin)], sys.stdout)
