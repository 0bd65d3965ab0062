"""Lets tf_keras answer by the name `keras`, so that the generator makes models of it. Import it before the others."""

import sys
import types

import tf_keras

for name, module in list(sys.modules.items()):
    if name == "tf_keras" or name.startswith("tf_keras."):
        sys.modules[name.removeprefix("tf_")] = module
# What asks for an operation of Keras 3 is tried again otherwise.
tf_keras.ops = types.SimpleNamespace()
