"""What training uses: initializer, regularizer, constraint, schedule, optimizer."""

import keras

PACKAGE = "audio"


@keras.saving.register_keras_serializable(PACKAGE)
class Ramp(keras.initializers.Initializer):
    def __init__(self, slope=1.0):
        self.slope = slope

    def __call__(self, shape, dtype=None):
        return keras.ops.ones(shape, dtype) * self.slope

    def get_config(self):
        return {"slope": self.slope}


@keras.saving.register_keras_serializable(PACKAGE)
class Smooth(keras.regularizers.Regularizer):
    def __init__(self, rate=0.1):
        self.rate = rate

    def __call__(self, x):
        return self.rate * keras.ops.sum(keras.ops.square(x))

    def get_config(self):
        return {"rate": self.rate}


@keras.saving.register_keras_serializable(PACKAGE)
class Bounded(keras.constraints.Constraint):
    def __call__(self, w):
        return keras.ops.clip(w, -1.0, 1.0)


@keras.saving.register_keras_serializable(PACKAGE)
class WarmUp(keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, peak=0.1, then=None):
        self.peak = peak
        self.then = then

    def __call__(self, step):
        return self.peak

    def get_config(self):
        return {"peak": self.peak, "then": keras.saving.serialize_keras_object(self.then)}

    @classmethod
    def from_config(cls, config):
        return cls(config["peak"], keras.saving.deserialize_keras_object(config["then"]))


@keras.saving.register_keras_serializable(PACKAGE)
class SlowAdam(keras.optimizers.Adam):
    pass
