"""Models of Keras 2 made of random layers, from a seed."""

import tensorflow as tf
from tf_keras import layers

from keras_shapes.generate import Generator


class Keras2Generator(Generator):
    def normalization(self, shape):
        return self.pick(
            lambda: layers.BatchNormalization(center=self.chance(0.8), scale=self.chance(0.8)),
            lambda: layers.LayerNormalization(center=self.chance(0.8), scale=self.chance(0.8)),
            lambda: layers.GroupNormalization(groups=self.pick(1, 2, -1)),
            layers.UnitNormalization,
            lambda: layers.BatchNormalization(axis=self.random.randint(1, len(shape) - 1)),
            lambda: layers.LayerNormalization(axis=[len(shape) - 2, len(shape) - 1] if len(shape) > 2 else -1),
            lambda: layers.Normalization(mean=0.0, variance=1.0),
        )()

    def masking(self, shape):
        return layers.Masking()

    def locally_connected(self, shape):
        rank = len(shape) - 2
        cls = {1: layers.LocallyConnected1D, 2: layers.LocallyConnected2D}[rank]
        return cls(self.pick(2, 3), self.window(rank), use_bias=self.chance(0.7))

    def noise(self, shape):
        return self.pick(lambda: layers.ThresholdedReLU(0.5), lambda: layers.GaussianNoise(0.1))()

    any_rank = [*Generator.any_rank[:-1], normalization, noise]
    of_sequences = [*Generator.of_sequences, locally_connected]

    def operation(self, tensors, tensor):
        others = [t for t in tensors if len(t.shape) == len(tensor.shape)]
        other = self.random.choice(others)
        return self.pick(
            lambda: tensor + other,
            lambda: tensor * 2.0,
            lambda: 1.0 - tensor,
            lambda: tensor / 3,
            lambda: -tensor,
            lambda: tensor[:, 1:],
            lambda: tensor[..., 0],
            lambda: tensor[:, tf.newaxis],
            lambda: tensor[:, -1],
            lambda: tf.nn.relu(tensor),
            lambda: tf.exp(tensor),
            lambda: tf.maximum(tensor, 0.0),
            lambda: tf.reduce_mean(tensor, axis=-1, keepdims=self.chance()),
            lambda: tf.reduce_sum(tensor, axis=-1),
            lambda: tf.expand_dims(tensor, axis=self.pick(-1, 1)),
            lambda: tf.concat([tensor, other], axis=self.pick(-1, 1)),
            lambda: tf.transpose(tensor, (0, *reversed(range(1, len(tensor.shape))))),
            lambda: tf.cast(tensor, "float16"),
            lambda: tf.clip_by_value(tensor, 0.0, 1.0),
        )()

    def attention(self, tensors, tensor):
        others = [t for t in tensors if len(t.shape) == len(tensor.shape)]
        other = self.random.choice(others)
        return self.pick(
            lambda: layers.MultiHeadAttention(self.pick(1, 2, 4), self.pick(2, 3), value_dim=self.pick(None, 5),
                                              use_bias=self.chance(0.7), output_shape=self.pick(None, 6))(tensor, other),
            lambda: layers.MultiHeadAttention(2, 4)(query=tensor, value=tensor, key=tensor),
            lambda: layers.Attention(use_scale=self.chance())([tensor, tensor]),
            lambda: layers.AdditiveAttention()([tensor, tensor]),
            lambda: layers.LSTM(3, return_state=True, return_sequences=self.chance())(tensor),
            lambda: layers.GRU(3, return_state=True)(tensor),
        )()


def model_of(seed):
    return Keras2Generator(seed).model()
