"""Uses a package that is not installed here."""

import keras_hub

encoder = keras_hub.layers.TransformerEncoder
