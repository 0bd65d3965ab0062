"""Losses of the example project."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="my_package")
class ModifiedMeanSquaredError(keras.losses.MeanSquaredError):
    """The loss of the Keras documentation (`keras.saving.deserialize_keras_object`)."""


@keras.saving.register_keras_serializable(package="my_package")
def log_cosh_plus(y_true, y_pred):
    """Log-cosh with a little of the absolute error."""
    return keras.losses.log_cosh(y_true, y_pred) + 0.1 * ops.mean(ops.abs(y_true - y_pred), axis=-1)
