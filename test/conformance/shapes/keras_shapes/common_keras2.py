"""Models of Keras 2 as everybody builds them, and edits of their layers: the name, an argument, and another value."""

import tensorflow as tf
from tf_keras import Input, Model, Sequential
from tf_keras import layers as L


def unet():
    i = Input((64, 64, 3), name="i")
    a = L.Conv2D(4, 3, padding="same", name="a")(i)
    b = L.MaxPooling2D(name="mp")(a)
    c = L.Conv2D(8, 3, padding="same", name="c")(b)
    d = L.MaxPooling2D(name="mp2")(c)
    e = L.Conv2DTranspose(8, 2, strides=2, name="up")(d)
    f = L.Concatenate(name="cc")([e, c])
    g = L.UpSampling2D(name="u2")(f)
    h = L.concatenate([g, a], name="cc2")
    return Model(i, L.Conv2D(1, 1, activation="sigmoid", name="o")(h))


def cnn():
    return Sequential(
        [
            Input((28, 28, 1), name="i"), L.Conv2D(8, 3, name="c1"), L.MaxPooling2D(name="p1"),
            L.BatchNormalization(name="bn"), L.Conv2D(8, 3, name="c2"), L.MaxPooling2D(name="p2"), L.Dropout(0.2, name="dr"),
            L.Flatten(name="f"), L.Dense(10, name="d"),
        ],
    )


def text():
    return Sequential(
        [
            L.Embedding(100, 8, input_length=10, name="e"), L.Flatten(name="f"), L.Dense(3, name="d"),
        ],
    )


def rnn():
    return Sequential(
        [
            Input((10, 4), name="i"), L.LSTM(5, return_sequences=True, name="l1"),
            L.Bidirectional(L.GRU(3, return_sequences=True, name="g"), name="b"),
            L.TimeDistributed(L.Dense(2, name="td_d"), name="td"), L.GlobalMaxPooling1D(name="gm"), L.Dense(2, name="d"),
        ],
    )


def shared():
    a = Input((4,), name="a")
    b = Input((4,), name="b")
    d = L.Dense(3, name="sh")
    x = L.Subtract(name="s")([d(a), d(b)])
    return Model([a, b], L.Dense(1, name="o")(x))


def siamese():
    i = Input((8, 8, 1), name="inner_in")
    e = Model(i, L.Dense(4, name="inner_d")(L.Flatten(name="inner_f")(L.Conv2D(2, 3, name="inner_c")(i))), name="enc")
    a = Input((8, 8, 1), name="a")
    b = Input((8, 8, 1), name="b")
    return Model([a, b], L.Dot(1, normalize=True, name="dot")([e(a), e(b)]))


def se():
    i = Input((16, 16, 8), name="i")
    s = L.GlobalAveragePooling2D(name="gap")(i)
    s = L.Dense(2, activation="relu", name="d1")(s)
    s = L.Dense(8, activation="sigmoid", name="d2")(s)
    s = L.Reshape((1, 1, 8), name="r")(s)
    return Model(i, L.Multiply(name="m")([i, s]))


def attn():
    i = Input((10, 8), name="i")
    k = Input((12, 8), name="k")
    x = L.MultiHeadAttention(2, 4, name="mha")(i, k)
    x = L.Add(name="ad")([i, x])
    x = L.LayerNormalization(name="ln")(x)
    y = L.Attention(name="at")([x, k])
    return Model([i, k], L.GlobalAveragePooling1D(name="g")(y))


def ops():
    i = Input((10, 8), name="i")
    k = Input((10, 8), name="k")
    x = i + k
    x = tf.concat([x, k], axis=-1)
    x = tf.reduce_mean(x, axis=1)
    return Model([i, k], L.Dense(2, name="d")(x))


def gen():
    return Sequential(
        [
            Input((100,), name="i"), L.Dense(7 * 7 * 16, name="d"), L.Reshape((7, 7, 16), name="r"),
            L.Conv2DTranspose(8, 5, strides=2, padding="same", name="t1"), L.LeakyReLU(name="lr"),
            L.Conv2DTranspose(1, 5, strides=2, padding="same", name="t2"),
        ],
    )


def vid():
    return Sequential(
        [
            Input((5, 16, 16, 3), name="i"), L.TimeDistributed(L.Conv2D(4, 3, name="c"), name="td"),
            L.TimeDistributed(L.Flatten(name="f"), name="tf"), L.LSTM(3, name="l"), L.Dense(1, name="d"),
        ],
    )


def clstm():
    return Sequential(
        [
            Input((5, 16, 16, 3), name="i"), L.ConvLSTM2D(4, 3, name="cl", return_sequences=True),
            L.ConvLSTM2D(2, 3, name="cl2"), L.Conv2D(1, 1, name="c"),
        ],
    )


def sepc():
    return Sequential(
        [
            Input((32, 32, 3), name="i"), L.SeparableConv2D(8, 3, name="s"), L.DepthwiseConv2D(3, name="dw"),
            L.ZeroPadding2D(1, name="zp"), L.Cropping2D(2, name="cr"), L.GlobalMaxPooling2D(name="g"), L.Dense(2, name="d"),
        ],
    )


def nested():
    inner = Sequential(
        [
            L.Dense(4, name="n1"), L.BatchNormalization(name="nb"), L.Dense(2, name="n2"),
        ], name="inner",
    )
    return Sequential(
        [
            Input((6,), name="i"), inner, L.Dense(1, name="o"),
        ],
    )


def c1d():
    return Sequential(
        [
            L.Conv1D(8, 3, input_shape=(20, 2), name="c1"), L.MaxPooling1D(2, name="p"),
            L.Conv1D(8, 3, padding="causal", dilation_rate=2, name="c2"), L.GlobalAveragePooling1D(name="g"),
            L.RepeatVector(4, name="rv"), L.LSTM(3, name="l"),
        ],
    )


MODELS = [
    (
        cnn,
        [
            ("i", "batch_input_shape", [None, 8, 8, 1]), ("i", "batch_input_shape", [None, 10, 10, 1]),
            ("i", "batch_input_shape", [None, 5, 28, 1]), ("i", "batch_input_shape", [None, 28, 28]),
            ("i", "batch_input_shape", [None, None, None, 1]), ("i", "batch_input_shape", [None, 28, 28, None]),
            ("i", "batch_input_shape", [None, 28, 28, 3]), ("c1", "kernel_size", [30, 30]), ("p1", "pool_size", [40, 2]),
            ("bn", "axis", [4]), ("bn", "axis", [2]), ("bn", "axis", [1]), ("c1", "data_format", "channels_first"),
            ("c1", "groups", 3), ("c2", "strides", [3, 3]), ("p2", "padding", "same"), ("d", "units", 0),
        ],
    ),
    (
        text,
        [
            ("e", "batch_input_shape", [None, None]), ("e", "batch_input_shape", [None, 20]),
            ("e", "batch_input_shape", [None]), ("e", "input_length", None), ("e", "batch_input_shape", [None, 5, 5]),
            ("e", "batch_input_shape", [4, 10]),
        ],
    ),
    (
        rnn,
        [
            ("l1", "return_sequences", False), ("b", "merge_mode", "sum"), ("b", "merge_mode", None),
            ("g", "return_sequences", False), ("i", "batch_input_shape", [None, 10]),
            ("i", "batch_input_shape", [None, None, 4]), ("i", "batch_input_shape", [None, 10, 4, 2]),
            ("i", "batch_input_shape", [3, 10, 4]), ("l1", "units", 7), ("l1", "return_state", True),
        ],
    ),
    (
        shared,
        [
            ("a", "batch_input_shape", [None, 5]), ("b", "batch_input_shape", [None, 5]),
            ("b", "batch_input_shape", [None, 5, 4]), ("b", "batch_input_shape", [7, 4]),
            ("a", "batch_input_shape", [None, None]),
        ],
    ),
    (
        siamese,
        [
            ("a", "batch_input_shape", [None, 8, 9, 1]), ("b", "batch_input_shape", [None, 8, 8, 3]),
            ("a", "batch_input_shape", [None, 2, 8, 1]), ("inner_c", "kernel_size", [9, 9]),
            ("inner_in", "batch_input_shape", [None, 9, 9, 1]), ("dot", "axes", [1, 2]), ("dot", "axes", 2),
            ("a", "batch_input_shape", [None, 8, 8]), ("inner_in", "batch_input_shape", [None, 8, 8, 2]),
        ],
    ),
    (
        se,
        [
            ("r", "target_shape", [1, 1, 4]), ("d2", "units", 4), ("r", "target_shape", [8]), ("r", "target_shape", [1, 8]),
            ("r", "target_shape", [16, 1, -1]), ("i", "batch_input_shape", [None, None, None, 8]),
            ("i", "batch_input_shape", [2, 16, 16, 8]), ("gap", "keepdims", True),
        ],
    ),
    (
        attn,
        [
            ("i", "batch_input_shape", [None, 10, 6]), ("k", "batch_input_shape", [None, 12, 6]),
            ("k", "batch_input_shape", [None, 12]), ("i", "batch_input_shape", [None, 10, None]),
            ("mha", "output_shape", [5]), ("k", "batch_input_shape", [None, 12, 8, 2]), ("ln", "axis", [2, 3]),
            ("mha", "num_heads", 3), ("i", "batch_input_shape", [None, None, 8]),
        ],
    ),
    (
        ops,
        [
            ("i", "batch_input_shape", [None, 9, 8]), ("i", "batch_input_shape", [None, 10, 1]),
            ("k", "batch_input_shape", [None, 1, 8]), ("k", "batch_input_shape", [None, 8]),
            ("i", "batch_input_shape", [None, None, 8]),
        ],
    ),
    (
        gen,
        [
            ("r", "target_shape", [7, 7, 15]), ("r", "target_shape", [7, -1, 16]), ("r", "target_shape", [7, 112]),
            ("d", "units", 785), ("i", "batch_input_shape", [None, None]), ("r", "target_shape", [6, -1, 16]),
            ("i", "batch_input_shape", [8, 100]), ("t1", "dilation_rate", [1, 2]), ("t1", "strides", [3, 3]),
        ],
    ),
    (
        vid,
        [
            ("i", "batch_input_shape", [None, 16, 16, 3]), ("i", "batch_input_shape", [None, 5, 2, 16, 3]),
            ("i", "batch_input_shape", [None, None, 16, 16, 3]), ("i", "batch_input_shape", [None, 5, 16, 16]),
            ("i", "batch_input_shape", [None, 5]), ("c", "kernel_size", [20, 20]),
            ("i", "batch_input_shape", [2, 5, 16, 16, 3]), ("i", "batch_input_shape", [None, 5, 16, None, 3]),
        ],
    ),
    (
        clstm,
        [
            ("cl", "return_sequences", False), ("i", "batch_input_shape", [None, 5, 2, 16, 3]),
            ("i", "batch_input_shape", [None, 5, 16, 16]), ("cl", "kernel_size", [17, 1]), ("cl2", "return_sequences", True),
            ("i", "batch_input_shape", [None, 5, 4, 4, 3]),
        ],
    ),
    (
        sepc,
        [
            ("i", "batch_input_shape", [None, 2, 32, 3]), ("i", "batch_input_shape", [None, 4, 4, 3]),
            ("i", "batch_input_shape", [None, 32, 32, None]), ("cr", "cropping", [[20, 20], [0, 0]]),
            ("s", "kernel_size", [40, 1]), ("dw", "depth_multiplier", 3), ("i", "batch_input_shape", [None, 7, 7, 3]),
            ("i", "batch_input_shape", [None, 32, 3]),
        ],
    ),
    (
        nested,
        [
            ("i", "batch_input_shape", [None, None]), ("i", "batch_input_shape", [None, 3, 6]),
            ("i", "batch_input_shape", [None]), ("nb", "axis", [2]), ("n1", "units", 9),
        ],
    ),
    (
        c1d,
        [
            ("c1", "batch_input_shape", [None, 4, 2]), ("c1", "batch_input_shape", [None, 20]),
            ("c1", "batch_input_shape", [None, None, 2]), ("p", "pool_size", [19]), ("c1", "kernel_size", [21]),
            ("c1", "kernel_size", [20]), ("g", "keepdims", True), ("c1", "batch_input_shape", [None, 20, 2, 2]),
            ("c1", "groups", 2),
        ],
    ),
    (
        unet,
        [
            ("i", "batch_input_shape", [None, 50, 50, 3]), ("i", "batch_input_shape", [None, 66, 64, 3]),
            ("i", "batch_input_shape", [None, None, None, 3]), ("mp", "pool_size", [3, 3]), ("mp2", "strides", [1, 1]),
            ("cc", "axis", 1), ("cc2", "axis", 4), ("up", "strides", [3, 3]), ("i", "batch_input_shape", [2, 64, 64, 3]),
            ("i", "batch_input_shape", [None, 1, 1, 3]), ("u2", "size", [1, 2]), ("up", "padding", "same"),
            ("c", "filters", 3),
        ],
    ),
]
