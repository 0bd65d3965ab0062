"""Initializers of the example project."""

import keras
from keras import ops


class Checkerboard(keras.initializers.Initializer):
    """Ones and minus ones in turn."""

    def __init__(self, gain=1.0):
        self.gain = gain

    def __call__(self, shape, dtype=None):
        count = 1
        for size in shape:
            count *= size
        signs = 1 - 2 * (ops.arange(count) % 2)
        return ops.cast(self.gain * ops.reshape(signs, shape), dtype or "float32")

    def get_config(self):
        return {"gain": self.gain}


# The decorator is a function: it can be called as well.
keras.saving.register_keras_serializable(package="my_package")(Checkerboard)
