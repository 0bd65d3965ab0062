"""Layers that are registered in different ways, or handed to the loader."""

import keras
from keras import saving


@saving.register_keras_serializable(package="optics.parts", name="lens")
class Lens(keras.layers.Layer):
    """Its tint is deserialized by an override of from_config."""

    def __init__(self, strength=1.0, tint=None, coating="zeros", **kwargs):
        super().__init__(**kwargs)
        self.strength = strength
        self.tint = tint
        self.coating = keras.initializers.get(coating)

    def call(self, x):
        return x * self.strength

    def get_config(self):
        config = super().get_config()
        config.update(
            strength=self.strength,
            tint=saving.serialize_keras_object(self.tint),
            coating=keras.initializers.serialize(self.coating),
        )
        return config

    @classmethod
    def from_config(cls, config):
        tint = config.pop("tint", None)
        return cls(tint=saving.deserialize_keras_object(tint), **config)


@keras.utils.register_keras_serializable()
class Mirror(keras.layers.Layer):
    """Registered under Keras's own default package."""

    def __init__(self, axis=-1, **kwargs):
        super().__init__(**kwargs)
        self.axis = axis

    def call(self, x):
        return keras.ops.flip(x, axis=self.axis)

    def get_config(self):
        return {**super().get_config(), "axis": self.axis}


@saving.register_keras_serializable("optics")
class Doublet(keras.layers.Wrapper):
    def __init__(self, layer, second=None, **kwargs):
        super().__init__(layer, **kwargs)
        self.second = second

    def call(self, x):
        return self.layer(x)

    def compute_output_shape(self, shape):
        return self.layer.compute_output_shape(shape)

    def get_config(self):
        return {**super().get_config(), "second": saving.serialize_keras_object(self.second)}

    @classmethod
    def from_config(cls, config):
        config["layer"] = saving.deserialize_keras_object(config["layer"])
        config["second"] = saving.deserialize_keras_object(config["second"])
        return cls(**config)


class Shutter(keras.layers.Layer):
    """Not registered: whoever loads it hands it in."""

    def __init__(self, speed=60, **kwargs):
        super().__init__(**kwargs)
        self.speed = speed

    def call(self, x):
        return x / self.speed

    def get_config(self):
        return {**super().get_config(), "speed": self.speed}
