"""Layers of the example project, registered in the spellings that Keras users write."""

import keras
from keras import ops
from keras.saving import register_keras_serializable as register


@keras.saving.register_keras_serializable(package="my_package")
class Scale(keras.layers.Layer):
    """Multiplies each feature by a learned factor."""

    def __init__(self, factor_initializer="ones", **kwargs):
        super().__init__(**kwargs)
        self.factor_initializer = keras.initializers.get(factor_initializer)

    def build(self, input_shape):
        self.factor = self.add_weight(
            shape=(input_shape[-1],),
            initializer=self.factor_initializer,
            name="factor",
        )

    def call(self, inputs):
        return inputs * self.factor

    def get_config(self):
        config = super().get_config()
        config["factor_initializer"] = keras.initializers.serialize(self.factor_initializer)
        return config


@register("my_package")
class ResidualDense(keras.layers.Layer):
    """Adds what a dense layer makes of its input to the input."""

    def __init__(self, units, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.activation = keras.activations.get(activation)
        self.dense = keras.layers.Dense(units)

    def build(self, input_shape):
        self.dense.build(input_shape)

    def call(self, inputs):
        return inputs + self.activation(self.dense(inputs))

    def get_config(self):
        config = super().get_config()
        config["units"] = self.units
        config["activation"] = keras.activations.serialize(self.activation)
        return config


@register(package="my_package", name="SigmoidGate")
class Gate(keras.layers.Layer):
    """Lets its input pass as far as a sigmoid of it says; saved as `my_package>SigmoidGate`."""

    def call(self, inputs):
        return inputs * ops.sigmoid(inputs)


@register("my_package")
class WithScale(keras.layers.Layer):
    """Runs another layer and scales what comes out: a layer whose config holds a layer."""

    def __init__(self, layer, **kwargs):
        super().__init__(**kwargs)
        self.layer = layer
        self.scale = Scale()

    def build(self, input_shape):
        if not self.layer.built:
            self.layer.build(input_shape)
        self.scale.build(self.layer.compute_output_shape(input_shape))

    def call(self, inputs):
        return self.scale(self.layer(inputs))

    def compute_output_shape(self, input_shape):
        return self.layer.compute_output_shape(input_shape)

    def get_config(self):
        config = super().get_config()
        config["layer"] = keras.saving.serialize_keras_object(self.layer)
        return config

    @classmethod
    def from_config(cls, config):
        layer = keras.saving.deserialize_keras_object(config.pop("layer"))
        return cls(layer, **config)
