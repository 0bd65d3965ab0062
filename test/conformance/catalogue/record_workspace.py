"""What `serialize_keras_object` writes of the classes of ../../recorded/workspaceObjects/garden.py, as JSON on standard output.

    PYTHONPATH=releases/3.8.0 python record_workspace.py > ../../recorded/workspaceObjects/3.8.0.json
"""

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "numpy")
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "recorded" / "workspaceObjects"))

import garden
import keras

REQUIRED = {"NarrowDense": {"units": 1}, "Gated": {"units": 1}}
"""What is given since the class requires it."""
CLASSES = ["Scale", "NarrowDense", "Gated", "Ramp", "Smooth", "Bounded", "Spectral", "Loudness", "WarmUp", "SlowAdam"]


def written(name):
    required = REQUIRED.get(name, {})
    value = keras.saving.serialize_keras_object(getattr(garden, name)(**required))
    return {"required": list(required), "written": json.loads(json.dumps(value))}


json.dump({"version": keras.__version__, "objects": {name: written(name) for name in CLASSES}}, sys.stdout, indent=1)
