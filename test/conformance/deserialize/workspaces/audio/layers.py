"""Layers: what is in their config is deserialized by themselves, by Keras, or by nobody."""

import keras
from keras.saving import register_keras_serializable


@register_keras_serializable("audio")
class Gain(keras.layers.Layer):
    def __init__(self, initializer="ones", regularizer=None, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.initializer = keras.initializers.get(initializer)
        self.regularizer = keras.regularizers.get(regularizer)
        self.activation = keras.activations.get(activation)

    def call(self, x):
        return self.activation(x)

    def get_config(self):
        return {
            **super().get_config(),
            "initializer": keras.initializers.serialize(self.initializer),
            "regularizer": keras.regularizers.serialize(self.regularizer),
            "activation": keras.activations.serialize(self.activation),
        }


@register_keras_serializable("audio", name="Filter")
class LowPass(keras.layers.Layer):
    def __init__(self, cutoff=0.5, **kwargs):
        super().__init__(**kwargs)
        self.cutoff = cutoff

    def call(self, x):
        return x * self.cutoff

    def get_config(self):
        return {**super().get_config(), "cutoff": self.cutoff}


@register_keras_serializable("audio")
class Rack(keras.layers.Layer):
    """Deserializes the layers in its config itself."""

    def __init__(self, effects, **kwargs):
        super().__init__(**kwargs)
        self.effects = effects

    def call(self, x):
        for effect in self.effects:
            x = effect(x)
        return x

    def get_config(self):
        return {**super().get_config(), "effects": [keras.saving.serialize_keras_object(e) for e in self.effects]}

    @classmethod
    def from_config(cls, config):
        config["effects"] = [keras.saving.deserialize_keras_object(e) for e in config["effects"]]
        return cls(**config)


@register_keras_serializable("audio")
class Preset(keras.layers.Layer):
    """Keeps what its config holds as it is: nobody deserializes it."""

    def __init__(self, settings=None, **kwargs):
        super().__init__(**kwargs)
        self.settings = settings

    def call(self, x):
        return x

    def get_config(self):
        return {**super().get_config(), "settings": self.settings}


@register_keras_serializable("audio")
class Envelope(keras.layers.Wrapper):
    """A wrapper: Keras deserializes its layer."""

    def call(self, x):
        return self.layer(x)


@register_keras_serializable("audio")
class Cell(keras.layers.Layer):
    def __init__(self, units, kernel_initializer="glorot_uniform", **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.state_size = units
        self.kernel_initializer = keras.initializers.get(kernel_initializer)

    def build(self, shape):
        self.kernel = self.add_weight(shape=(shape[-1], self.units), initializer=self.kernel_initializer)
        self.built = True

    def call(self, x, states):
        h = keras.ops.matmul(x, self.kernel) + states[0]
        return h, [h]

    def get_config(self):
        config = {**super().get_config(), "units": self.units}
        config["kernel_initializer"] = keras.initializers.serialize(self.kernel_initializer)
        return config


class Noise(keras.layers.Layer):
    """Forgotten: not registered, and so found by import or not at all."""

    def call(self, x):
        return x
