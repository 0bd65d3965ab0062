"""Constraint, regularizer, initializer and functions."""

import keras
from keras import ops

serializable = keras.saving.register_keras_serializable(package="optics")


@serializable
class Aperture(keras.constraints.Constraint):
    def __init__(self, radius=1.0):
        self.radius = radius

    def __call__(self, w):
        return ops.clip(w, -self.radius, self.radius)

    def get_config(self):
        return {"radius": self.radius}


@serializable
class Haze(keras.regularizers.Regularizer):
    def __init__(self, density=0.01):
        self.density = density

    def __call__(self, x):
        return self.density * ops.sum(ops.abs(x))

    def get_config(self):
        return {"density": self.density}


class Polariser(keras.initializers.Initializer):
    def __init__(self, angle=0.0):
        self.angle = angle

    def __call__(self, shape, dtype=None, **kwargs):
        return ops.full(shape, ops.cos(self.angle), dtype=dtype)

    def get_config(self):
        return {"angle": self.angle}


keras.saving.get_custom_objects()["Polariser"] = Polariser


@keras.saving.register_keras_serializable("optics", name="dim")
def vignette(x):
    return x * 0.5


@keras.saving.register_keras_serializable("optics")
def bloom(x):
    return ops.softplus(x)


def glare(x):
    return ops.relu(x)
