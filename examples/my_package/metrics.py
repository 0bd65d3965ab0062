"""Metrics of the example project."""

import keras
from keras import ops
from keras.saving import register_keras_serializable

reg = register_keras_serializable


@reg("my_package")
class WithinTolerance(keras.metrics.MeanMetricWrapper):
    """The share of predictions that are within a tolerance of the truth."""

    def __init__(self, tolerance=0.1, name="within_tolerance", dtype=None):
        super().__init__(self.within, name=name, dtype=dtype)
        self.tolerance = tolerance

    def within(self, y_true, y_pred):
        return ops.cast(ops.abs(y_true - y_pred) <= self.tolerance, "float32")

    def get_config(self):
        return {"tolerance": self.tolerance, "name": self.name, "dtype": self.dtype}
