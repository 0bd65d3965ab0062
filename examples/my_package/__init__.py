"""Custom Keras objects. Importing the package registers them all."""

from my_package.activations import leaky_swish, scaled_tanh
from my_package.initializers import Checkerboard
from my_package.layers import Gate, ResidualDense, Scale, WithScale
from my_package.losses import ModifiedMeanSquaredError, log_cosh_plus
from my_package.metrics import WithinTolerance

__all__ = [
    "Checkerboard",
    "Gate",
    "ModifiedMeanSquaredError",
    "ResidualDense",
    "Scale",
    "WithScale",
    "WithinTolerance",
    "leaky_swish",
    "log_cosh_plus",
    "scaled_tanh",
]
