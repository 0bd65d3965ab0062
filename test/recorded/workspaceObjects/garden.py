"""Classes as users write them, each made with its defaults where it has them."""

import keras


@keras.saving.register_keras_serializable("garden")
class Scale(keras.layers.Layer):
    def __init__(self, factor=2.0, center=True, kernel_initializer="ones", mode=None, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor
        self.center = center
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.mode = mode

    def get_config(self):
        config = super().get_config()
        config.update(
            {
                "factor": self.factor,
                "center": self.center,
                "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
                "mode": self.mode,
            }
        )
        return config


@keras.saving.register_keras_serializable("garden", name="Narrow")
class NarrowDense(keras.layers.Dense):
    """Takes all from its base."""


@keras.saving.register_keras_serializable("garden")
class Gated(keras.layers.Layer):
    def __init__(self, units, axes=(1, 2), *, rate=0.5, **kwargs):
        super().__init__(**kwargs)
        self.units, self.axes, self.rate = units, axes, rate

    def get_config(self):
        return {**super().get_config(), "units": self.units, "axes": self.axes, "rate": self.rate}


@keras.saving.register_keras_serializable("garden")
class Ramp(keras.initializers.Initializer):
    def __init__(self, slope=1.0, seed=None):
        self.slope = slope
        self.seed = seed

    def __call__(self, shape, dtype=None):
        return keras.ops.ones(shape, dtype) * self.slope

    def get_config(self):
        return {"slope": self.slope, "seed": self.seed}


@keras.saving.register_keras_serializable("garden")
class Smooth(keras.regularizers.Regularizer):
    def __init__(self, rate=0.1):
        self.rate = rate

    def __call__(self, x):
        return self.rate * keras.ops.sum(x)

    def get_config(self):
        return {"rate": self.rate}


@keras.saving.register_keras_serializable("garden")
class Bounded(keras.constraints.Constraint):
    def __init__(self, low=-1.0, high=1.0):
        self.low, self.high = low, high

    def __call__(self, w):
        return keras.ops.clip(w, self.low, self.high)

    def get_config(self):
        return {"low": self.low, "high": self.high}


@keras.saving.register_keras_serializable("garden")
class Spectral(keras.losses.Loss):
    def __init__(self, power=2, name="spectral", **kwargs):
        super().__init__(name=name, **kwargs)
        self.power = power

    def call(self, y_true, y_pred):
        return keras.ops.abs(y_true - y_pred) ** self.power

    def get_config(self):
        return {**super().get_config(), "power": self.power}


@keras.saving.register_keras_serializable("garden")
class Loudness(keras.metrics.Metric):
    def __init__(self, name="loudness", **kwargs):
        super().__init__(name=name, **kwargs)
        self.total = self.add_weight(name="total", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.total.assign_add(keras.ops.mean(y_pred))

    def result(self):
        return self.total


@keras.saving.register_keras_serializable("garden")
class WarmUp(keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, peak=0.1, steps=100):
        self.peak, self.steps = peak, steps

    def __call__(self, step):
        return self.peak

    def get_config(self):
        return {"peak": self.peak, "steps": self.steps}


@keras.saving.register_keras_serializable("garden")
class SlowAdam(keras.optimizers.Adam):
    """Takes all from its base."""
