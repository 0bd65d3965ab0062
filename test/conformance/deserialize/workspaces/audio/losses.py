"""Losses and metrics."""

import keras
from keras import ops

reg = keras.saving.register_keras_serializable


@reg("audio")
class Spectral(keras.losses.Loss):
    def __init__(self, power=2, name="spectral", **kwargs):
        super().__init__(name=name, **kwargs)
        self.power = power

    def call(self, y_true, y_pred):
        return ops.mean(ops.abs(y_true - y_pred) ** self.power, axis=-1)

    def get_config(self):
        return {**super().get_config(), "power": self.power}


@reg(package="audio")
def distance(y_true, y_pred):
    return ops.mean(ops.abs(y_true - y_pred), axis=-1)


@reg(package="audio")
class Loudness(keras.metrics.Metric):
    def __init__(self, name="loudness", **kwargs):
        super().__init__(name=name, **kwargs)
        self.total = self.add_weight(name="total", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.total.assign_add(ops.mean(ops.abs(y_pred)))

    def result(self):
        return self.total
