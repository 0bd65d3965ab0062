"""Activation functions of the example project."""

import keras
from keras import ops
from keras.saving import register_keras_serializable

PACKAGE = "my_package"


@register_keras_serializable(PACKAGE)
def leaky_swish(x):
    """Swish with a slope that never vanishes."""
    return x * ops.sigmoid(x) + 0.01 * x


@keras.utils.register_keras_serializable(package=PACKAGE, name="tanh2")
def scaled_tanh(x):
    """Tanh between -2 and 2; saved as `my_package>tanh2`."""
    return 2 * ops.tanh(x)


def hard_swish6(x):
    """Forgotten: no decorator, so no config can name it. configs/broken_model.json does."""
    return x * ops.relu6(x + 3) / 6
