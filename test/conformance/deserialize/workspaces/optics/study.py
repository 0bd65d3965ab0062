"""A model, a loss, a metric, a schedule and an optimizer."""

import keras
from keras import ops


@keras.saving.register_keras_serializable("optics")
class Bench(keras.Model):
    """A model that is a class of its own and holds layers."""

    def __init__(self, stages, gate=None, **kwargs):
        super().__init__(**kwargs)
        self.stages = stages
        self.gate = gate

    def call(self, x):
        for stage in self.stages:
            x = stage(x)
        return x

    def get_config(self):
        return {
            "name": self.name,
            "stages": [keras.saving.serialize_keras_object(stage) for stage in self.stages],
            "gate": keras.saving.serialize_keras_object(self.gate),
        }

    @classmethod
    def from_config(cls, config):
        stages = [keras.saving.deserialize_keras_object(stage) for stage in config["stages"]]
        return cls(stages, keras.saving.deserialize_keras_object(config["gate"]), name=config["name"])


@keras.saving.register_keras_serializable("optics")
class Blur(keras.losses.Loss):
    def __init__(self, width=2, name="blur", reduction="sum_over_batch_size", **kwargs):
        super().__init__(name=name, reduction=reduction, **kwargs)
        self.width = width

    def call(self, y_true, y_pred):
        return ops.mean(ops.square(y_true - y_pred), axis=-1) / self.width

    def get_config(self):
        return {**super().get_config(), "width": self.width}


@keras.saving.register_keras_serializable("optics", "contrast")
def contrast_loss(y_true, y_pred):
    return ops.mean(ops.abs(y_true - y_pred), axis=-1)


@keras.saving.register_keras_serializable("optics")
class Sharpness(keras.metrics.Mean):
    pass


@keras.saving.register_keras_serializable("optics")
class Dusk(keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, start=0.1):
        self.start = start

    def __call__(self, step):
        return self.start

    def get_config(self):
        return {"start": self.start}


@keras.saving.register_keras_serializable("optics")
class Steady(keras.optimizers.SGD):
    pass
