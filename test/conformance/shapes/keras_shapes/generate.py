"""Models made of random layers, from a seed: what Keras refuses to build is tried again otherwise."""

import random

import keras
from keras import layers, ops

SIZES = [1, 2, 3, 4, 5, 6, 8, 12, 16]


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def pick(self, *values):
        return self.random.choice(values)

    def chance(self, part=0.5):
        return self.random.random() < part

    def window(self, rank, highest=3):
        if self.chance(0.6):
            return self.random.randint(1, highest)
        return tuple(self.random.randint(1, highest) for _ in range(rank))

    # -- inputs -----------------------------------------------------------------------------------------------------------

    def input_shape(self, rank):
        if rank == 1:
            return (self.pick(*SIZES),)
        spatial = [self.pick(5, 7, 8, 9, 12, 16, None) for _ in range(rank - 1)]
        if self.chance(0.7):
            spatial = [dim or 10 for dim in spatial]
        return (*spatial, self.pick(1, 2, 3, 4, 6, 8))

    # -- one layer for a tensor of a rank (without the batch) ---------------------------------------------------------------

    def layer(self, shape):
        rank = len(shape) - 1
        makers = list(self.any_rank)
        makers += {1: self.of_vectors, 2: self.of_sequences, 3: self.of_images, 4: self.of_volumes}.get(rank, [])
        return self.random.choice(makers)(self, shape)

    def dense(self, shape):
        return layers.Dense(self.pick(*SIZES), use_bias=self.chance(0.8), activation=self.pick("relu", None, "softmax"))

    def activation(self, shape):
        return self.pick(
            lambda: layers.Activation(self.pick("relu", "tanh", "gelu", "swish")),
            layers.ReLU,
            layers.LeakyReLU,
            layers.ELU,
            layers.Softmax,
            layers.PReLU,
            lambda: layers.PReLU(shared_axes=list(range(1, len(shape) - 1)) or None),
        )()

    def normalization(self, shape):
        return self.pick(
            lambda: layers.BatchNormalization(center=self.chance(0.8), scale=self.chance(0.8)),
            lambda: layers.LayerNormalization(center=self.chance(0.8), scale=self.chance(0.8)),
            lambda: layers.GroupNormalization(groups=self.pick(1, 2, -1)),
            layers.RMSNormalization,
            layers.UnitNormalization,
            lambda: layers.BatchNormalization(axis=self.random.randint(1, len(shape) - 1)),
            lambda: layers.LayerNormalization(axis=[len(shape) - 2, len(shape) - 1] if len(shape) > 2 else -1),
            lambda: layers.Normalization(mean=0.0, variance=1.0),
        )()

    def regularization(self, shape):
        return self.pick(
            lambda: layers.Dropout(0.2),
            lambda: layers.GaussianNoise(0.1),
            lambda: layers.GaussianDropout(0.1),
            lambda: layers.AlphaDropout(0.1),
            lambda: layers.ActivityRegularization(0.1),
            layers.Identity,
            lambda: layers.Rescaling(0.5),
            layers.Masking,
        )()

    def flatten(self, shape):
        return layers.Flatten()

    def reshape(self, shape):
        dims = [dim for dim in shape[1:]]
        if None in dims:
            return layers.Reshape((-1, self.pick(1, 2)))
        size = 1
        for dim in dims:
            size *= dim
        divisor = self.pick(*[d for d in range(1, 9) if size % d == 0])
        return layers.Reshape(self.pick((size // divisor, divisor), (-1, divisor), (divisor, -1, 1), (size,)))

    def permute(self, shape):
        order = list(range(1, len(shape)))
        self.random.shuffle(order)
        return layers.Permute(order)

    def einsum_dense(self, shape):
        units = self.pick(2, 3, 5)
        if len(shape) == 3:
            return self.pick(
                lambda: layers.EinsumDense("abc,cd->abd", output_shape=(None, units), bias_axes="d"),
                lambda: layers.EinsumDense("abc,cde->abde", output_shape=(None, units, 2), bias_axes="de"),
                lambda: layers.EinsumDense("...x,xy->...y", output_shape=units, bias_axes="y"),
                lambda: layers.EinsumDense("abc,dc->abd", output_shape=(None, units)),
            )()
        return layers.EinsumDense("...x,xy->...y", output_shape=units, bias_axes=self.pick("y", None))

    def spectral(self, shape):
        return layers.SpectralNormalization(layers.Dense(self.pick(2, 4)))

    any_rank = [dense, activation, normalization, regularization, flatten, reshape, permute, dense, einsum_dense, spectral]

    def repeat(self, shape):
        return layers.RepeatVector(self.pick(2, 3, 7))

    def embedding(self, shape):
        return layers.Embedding(self.pick(10, 50, 100), self.pick(2, 4, 8), mask_zero=self.chance(0.3))

    of_vectors = [repeat, embedding]

    def conv(self, shape):
        rank = len(shape) - 2
        cls = {1: layers.Conv1D, 2: layers.Conv2D, 3: layers.Conv3D}[rank]
        causal = ("causal",) if rank == 1 else ()
        dilation = self.pick(1, 1, 1, 2)
        return cls(
            self.pick(2, 4, 6),
            self.window(rank),
            strides=1 if dilation > 1 else self.window(rank, 2),
            dilation_rate=dilation,
            padding=self.pick("valid", "same", *causal),
            groups=self.pick(1, 1, 1, 2),
            use_bias=self.chance(0.7),
            data_format=self.pick(None, None, "channels_last", "channels_first" if rank == 2 and self.chance(0.3) else None),
        )

    def conv_transpose(self, shape):
        rank = len(shape) - 2
        cls = {1: layers.Conv1DTranspose, 2: layers.Conv2DTranspose, 3: layers.Conv3DTranspose}[rank]
        return cls(
            self.pick(2, 4, 6),
            self.window(rank),
            strides=self.window(rank, 2),
            padding=self.pick("valid", "same"),
            output_padding=self.pick(None, None, None, 0),
            use_bias=self.chance(0.7),
        )

    def depthwise(self, shape):
        rank = len(shape) - 2
        if rank == 3:
            return self.conv(shape)
        cls = {1: layers.DepthwiseConv1D, 2: layers.DepthwiseConv2D}[rank]
        return cls(
            self.window(rank), strides=self.pick(1, 2), padding=self.pick("valid", "same"),
            depth_multiplier=self.pick(1, 2), use_bias=self.chance(0.7),
        )

    def separable(self, shape):
        rank = len(shape) - 2
        if rank == 3:
            return self.conv(shape)
        cls = {1: layers.SeparableConv1D, 2: layers.SeparableConv2D}[rank]
        return cls(
            self.pick(2, 4), self.window(rank), strides=self.pick(1, 2), padding=self.pick("valid", "same"),
            depth_multiplier=self.pick(1, 2), use_bias=self.chance(0.7),
        )

    def pooling(self, shape):
        rank = len(shape) - 2
        cls = getattr(layers, f"{self.pick('Max', 'Average')}Pooling{rank}D")
        return cls(self.window(rank), strides=self.pick(None, 1, 2), padding=self.pick("valid", "same"))

    def adaptive_pooling(self, shape):
        rank = len(shape) - 2
        cls = getattr(layers, f"Adaptive{self.pick('Max', 'Average')}Pooling{rank}D")
        return cls(self.window(rank))

    def global_pooling(self, shape):
        rank = len(shape) - 2
        cls = getattr(layers, f"Global{self.pick('Max', 'Average')}Pooling{rank}D")
        return cls(keepdims=self.chance(0.3))

    def padding(self, shape):
        rank = len(shape) - 2
        cls = getattr(layers, f"ZeroPadding{rank}D")
        if rank == 1:
            return cls(self.pick(1, 2, (1, 0)))
        each = tuple(self.pick((0, 1), (1, 1), (2, 0)) for _ in range(rank))
        return cls(self.pick(1, each, tuple(self.pick(1, 2) for _ in range(rank))))

    def cropping(self, shape):
        rank = len(shape) - 2
        cls = getattr(layers, f"Cropping{rank}D")
        if rank == 1:
            return cls(self.pick(1, (1, 0)))
        return cls(self.pick(1, tuple(self.pick((0, 1), (1, 1)) for _ in range(rank))))

    def up_sampling(self, shape):
        rank = len(shape) - 2
        cls = getattr(layers, f"UpSampling{rank}D")
        return cls(self.pick(2, 3) if rank == 1 else self.window(rank))

    def spatial_dropout(self, shape):
        rank = len(shape) - 2
        return getattr(layers, f"SpatialDropout{rank}D")(0.2)

    spatial = [conv, conv, conv_transpose, depthwise, separable, pooling, global_pooling, padding, cropping, up_sampling,
               spatial_dropout, adaptive_pooling]

    def rnn(self, shape):
        cls = self.pick(layers.LSTM, layers.GRU, layers.SimpleRNN)
        more = {"reset_after": self.chance()} if cls is layers.GRU else {}
        return cls(
            self.pick(2, 3, 8), return_sequences=self.chance(0.6), use_bias=self.chance(0.8),
            go_backwards=self.chance(0.1), **more,
        )

    def bidirectional(self, shape):
        inner = self.pick(layers.LSTM, layers.GRU)(self.pick(2, 3), return_sequences=self.chance())
        return layers.Bidirectional(inner, merge_mode=self.pick("concat", "sum", "mul", "ave"))

    def cells(self, shape):
        cell = self.pick(layers.LSTMCell, layers.GRUCell, layers.SimpleRNNCell)
        if self.chance(0.3):
            return layers.RNN(layers.StackedRNNCells([cell(3), cell(4)]), return_sequences=self.chance())
        return layers.RNN(cell(4), return_sequences=self.chance())

    def time_distributed(self, shape):
        inner = self.layer((shape[0], *shape[2:]))
        return layers.TimeDistributed(inner)

    of_sequences = spatial + [rnn, rnn, rnn, bidirectional, cells, time_distributed]

    def conv_lstm(self, shape):
        rank = len(shape) - 3
        cls = {1: layers.ConvLSTM1D, 2: layers.ConvLSTM2D}[rank]
        return cls(
            self.pick(2, 3), self.window(rank), padding=self.pick("same", "valid"), return_sequences=self.chance(),
        )

    of_images = spatial * 2 + [time_distributed, conv_lstm]
    of_volumes = spatial + [time_distributed, time_distributed, conv_lstm]

    # -- whole models ---------------------------------------------------------------------------------------------------------

    def attempt(self, make, tries=30):
        """The first of some tries that Keras builds."""
        for _ in range(tries):
            try:
                return make()
            except Exception:
                continue
        return None

    def small(self, tensor):
        size = 1
        for dim in tensor.shape[1:]:
            size *= dim or 8
        return size <= 6000 and len(tensor.shape) <= 5

    def step(self, tensors):
        tensor = self.random.choice(tensors[-3:])
        kind = self.random.random()
        if kind < 0.62:
            out = self.layer(tensor.shape)(tensor)
        elif kind < 0.76:
            out = self.merge(tensors, tensor)
        elif kind < 0.88:
            out = self.operation(tensors, tensor)
        elif kind < 0.93:
            out = self.attention(tensors, tensor)
        elif kind < 0.97:
            out = self.nested(tensor)
        else:
            layer = self.layer(tensor.shape)
            layer(tensor)
            out = layer(tensor)
        outs = [t for t in (out if isinstance(out, (list, tuple)) else [out]) if self.small(t)]
        if not outs:
            raise ValueError("too large")
        return outs

    def merge(self, tensors, tensor):
        others = [t for t in tensors if t.shape == tensor.shape]
        name = self.pick("Add", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Subtract", "Dot", "Concatenate")
        if name == "Dot":
            return layers.Dot(axes=self.pick(-1, 1, 2), normalize=self.chance(0.2))([tensor, self.random.choice(tensors)])
        if name == "Concatenate":
            other = self.random.choice([t for t in tensors if len(t.shape) == len(tensor.shape)])
            return layers.Concatenate(axis=self.pick(-1, -1, 1))([tensor, other])
        if name == "Subtract":
            return layers.Subtract()([tensor, self.random.choice(others)])
        if self.chance(0.2):
            return getattr(layers, name)()([tensor, self.random.choice(tensors)])
        return getattr(layers, name)()([tensor, *self.random.sample(others, min(len(others), 2))])

    def operation(self, tensors, tensor):
        others = [t for t in tensors if len(t.shape) == len(tensor.shape)]
        other = self.random.choice(others)
        rank = len(tensor.shape)
        axis = self.random.randint(1, rank - 1)
        return self.pick(
            lambda: tensor + other,
            lambda: tensor * 2.0,
            lambda: 1.0 - tensor,
            lambda: tensor / 3,
            lambda: -tensor,
            lambda: tensor[:, 1:],
            lambda: tensor[..., 0],
            lambda: tensor[:, None],
            lambda: tensor[:, ::2],
            lambda: tensor[:, -1],
            lambda: ops.relu(tensor),
            lambda: ops.exp(tensor),
            lambda: ops.sqrt(tensor),
            lambda: ops.maximum(tensor, 0.0),
            lambda: ops.mean(tensor, axis=axis, keepdims=self.chance()),
            lambda: ops.sum(tensor, axis=-1),
            lambda: ops.max(tensor, axis=[1]),
            lambda: ops.expand_dims(tensor, axis=self.pick(-1, 1)),
            lambda: ops.squeeze(ops.expand_dims(tensor, 1), axis=1),
            lambda: ops.concatenate([tensor, other], axis=self.pick(-1, 1)),
            lambda: ops.stack([tensor, tensor], axis=self.pick(-1, 1)),
            lambda: ops.transpose(tensor, (0, *reversed(range(1, rank)))),
            lambda: ops.matmul(tensor, ops.transpose(tensor, (*range(rank - 2), rank - 1, rank - 2))),
            lambda: ops.reshape(tensor, (-1, tensor.shape[-1])),
            lambda: ops.softmax(tensor, axis=-1),
            lambda: ops.cast(tensor, "float16"),
            lambda: ops.split(tensor, 2, axis=-1),
            lambda: ops.repeat(tensor, 2, axis=axis),
            lambda: ops.pad(tensor, [[0, 0]] + [[1, 1]] * (rank - 1)),
            lambda: ops.where(ops.greater(tensor, 0.0), tensor, other),
            lambda: ops.clip(tensor, 0.0, 1.0),
            lambda: ops.swapaxes(tensor, 1, -1),
            lambda: ops.einsum("ab,cb->ac" if rank == 2 else "abc,abd->acd", tensor, tensor),
            lambda: ops.power(tensor, 2),
            lambda: ops.argmax(tensor, axis=-1),
        )()

    def attention(self, tensors, tensor):
        others = [t for t in tensors if len(t.shape) == len(tensor.shape)]
        other = self.random.choice(others)
        return self.pick(
            lambda: layers.MultiHeadAttention(self.pick(1, 2, 4), self.pick(2, 3), value_dim=self.pick(None, 5),
                                              use_bias=self.chance(0.7), output_shape=self.pick(None, 6))(tensor, other),
            lambda: layers.MultiHeadAttention(2, 4)(query=tensor, value=tensor, key=tensor),
            lambda: layers.GroupQueryAttention(self.pick(2, 3), 4, 2)(tensor, other),
            lambda: layers.Attention(use_scale=self.chance())([tensor, tensor]),
            lambda: layers.AdditiveAttention()([tensor, tensor]),
            lambda: layers.LSTM(3, return_state=True, return_sequences=self.chance())(tensor),
            lambda: layers.GRU(3, return_state=True)(tensor),
        )()

    def nested(self, tensor):
        shape = tensor.shape[1:]
        if self.chance():
            model = self.sequential(shape, self.random.randint(1, 3), with_input=self.chance())
        else:
            inputs = keras.Input(tuple(None if self.chance(0.2) and i < len(shape) - 1 else d for i, d in enumerate(shape)))
            model = self.functional(inputs, self.random.randint(1, 4))
        if self.chance(0.2):
            model.trainable = False
        if self.chance(0.2):
            model(tensor)
        return model(tensor)

    def sequential(self, shape, length, with_input):
        tensor = keras.Input(shape)
        made = []
        for _ in range(length):
            grown = self.attempt(lambda: self.grown(tensor))
            if grown is not None:
                layer, tensor = grown
                made.append(layer)
        # Those that were tried are built already.
        fresh = [type(layer).from_config(layer.get_config()) for layer in made]
        for layer in fresh:
            if self.chance(0.1):
                layer.trainable = False
        return keras.Sequential([keras.Input(shape), *fresh] if with_input else fresh)

    def grown(self, tensor):
        """A layer, and what comes of calling it with one tensor."""
        layer = self.layer(tensor.shape)
        output = layer(tensor)
        if isinstance(output, (list, tuple)) or not self.small(output):
            raise ValueError("not one tensor, or too large")
        return layer, output

    def functional(self, inputs, length):
        tensors = list(inputs) if isinstance(inputs, list) else [inputs]
        for _ in range(length):
            made = self.attempt(lambda: self.step(tensors))
            if made is not None:
                tensors.extend(made)
        outputs = tensors[-1]
        if len(tensors) < 3:
            raise ValueError("nothing was built")
        if self.chance(0.25) and len(tensors) > 3:
            outputs = self.random.sample(tensors[-3:], 2)
        return keras.Model(inputs, outputs)

    def model(self):
        rank = self.pick(1, 2, 2, 3, 3, 4)
        if self.chance(0.3):
            shape = self.input_shape(rank)
            with_input = self.chance()
            model = self.sequential(shape, self.random.randint(2, 7), with_input)
            if not with_input and self.chance(0.7):
                model.build((None, *shape))
            return model
        inputs = [keras.Input(self.input_shape(rank)) for _ in range(self.pick(1, 1, 2))]
        if self.chance(0.1):
            inputs[0] = keras.Input(batch_shape=(4, *inputs[0].shape[1:]))
        return self.functional(inputs if len(inputs) > 1 else inputs[0], self.random.randint(3, 14))


def model_of(seed):
    return Generator(seed).model()
