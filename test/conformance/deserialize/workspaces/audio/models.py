"""A model that is a class of its own."""

import keras


@keras.saving.register_keras_serializable(package="audio")
class Mixer(keras.Model):
    def __init__(self, track=None, **kwargs):
        super().__init__(**kwargs)
        self.track = track

    def call(self, x):
        return self.track(x)

    def get_config(self):
        return {"name": self.name, "track": keras.saving.serialize_keras_object(self.track)}

    @classmethod
    def from_config(cls, config):
        track = keras.layers.deserialize(config.pop("track"))
        return cls(track, **config)
