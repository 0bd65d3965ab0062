from keras import ops
from keras.saving import register_keras_serializable


@register_keras_serializable("my_package")
def leaky_swish(x):
    """Swish with a slope that never vanishes."""
    return x * ops.sigmoid(x) + 0.01 * x


def hard_swish(x):
    """Forgotten: not registered."""
    return x * ops.relu6(x + 3) / 6
