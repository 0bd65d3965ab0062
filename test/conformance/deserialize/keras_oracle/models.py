"""Models that `record_loads` builds, saves and loads: every shape that a model's config can take."""

import keras
import numpy
from keras import (
    Input,
    Model,
    Sequential,
    activations,
    initializers,
    layers,
    losses,
    metrics,
    ops,
    optimizers,
    regularizers,
)

schedules = optimizers.schedules


def sequential(*inner):
    """An unbuilt Sequential of these layers."""
    return Sequential(list(inner))


def functional(*inner, shape=(4,)):
    """A Functional chain of these layers."""
    inputs = x = Input(shape)
    for layer in inner:
        x = layer(x)
    return Model(inputs, x)


def sequential_unbuilt():
    return Sequential([layers.Dense(3, activation="relu"), layers.Dropout(0.5), layers.Dense(1)], name="unbuilt")


def sequential_built():
    return Sequential([Input((4,)), layers.Dense(3, kernel_regularizer=regularizers.L2(0.1)), layers.Dense(1)])


def sequential_empty():
    return Sequential(name="empty")


def sequential_image():
    return Sequential(
        [
            Input((16, 16, 3)),
            layers.Rescaling(1 / 255),
            layers.RandomFlip("horizontal"),
            layers.Conv2D(4, 3, activation="relu"),
            layers.BatchNormalization(),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(2, activation="softmax"),
        ]
    )


def sequential_compiled():
    model = sequential_built()
    model.compile("adam", "mse", metrics=["mae", "accuracy"])
    return model


def sequential_compiled_with_objects():
    model = sequential_built()
    model.compile(
        optimizers.SGD(schedules.ExponentialDecay(0.1, 100, 0.9), momentum=0.9),
        loss=losses.Huber(0.5),
        metrics=[metrics.RootMeanSquaredError(), "mse", metrics.MeanMetricWrapper(losses.mean_absolute_error)],
        weighted_metrics=[metrics.MeanSquaredError()],
        loss_weights=[0.5],
    )
    return model


def sequential_compiled_with_functions():
    model = sequential_built()
    model.compile(optimizers.RMSprop(), loss=losses.mean_squared_error, metrics=[metrics.mean_absolute_error])
    return model


def sequential_nested():
    inner = Sequential([Input((4,)), layers.Dense(3)], name="inner")
    return Sequential([Input((4,)), inner, Sequential([layers.Dense(2), Sequential([layers.ReLU()])]), layers.Dense(1)])


def sequential_mixed_precision():
    return Sequential([Input((4,)), layers.Dense(3, dtype="mixed_float16"), layers.Dense(1, dtype="float32")])


def sequential_recurrent():
    return Sequential(
        [
            layers.Embedding(10, 4, mask_zero=True),
            layers.Bidirectional(layers.LSTM(3, return_sequences=True)),
            layers.TimeDistributed(layers.Dense(2)),
            layers.RNN([layers.GRUCell(2), layers.LSTMCell(2)]),
        ]
    )


def functional_plain():
    return functional(layers.Dense(3), layers.Dense(1))


def functional_named_dtype():
    inputs = Input((4,), dtype="float16", name="half")
    return Model(inputs, layers.Dense(2, dtype="mixed_float16")(inputs), name="halves", trainable=False)


def functional_two_inputs():
    a, b = Input((4,), name="a"), Input((4,), name="b")
    joined = layers.Concatenate()([layers.Dense(3)(a), layers.Dense(3)(b)])
    return Model([a, b], [layers.Dense(1, name="x")(joined), layers.Dense(2, name="y")(joined)])


def functional_two_outputs_compiled():
    model = functional_two_inputs()
    model.compile(
        optimizers.Adam(1e-3, clipnorm=1.0),
        loss={"x": losses.MeanSquaredError(), "y": "mae"},
        loss_weights={"x": 1.0, "y": 0.5},
        metrics={"x": ["mse"], "y": [metrics.MeanAbsoluteError(), "mse"]},
    )
    return model


def functional_list_losses_compiled():
    model = functional_two_inputs()
    model.compile("sgd", loss=[losses.mean_squared_error, "mae"], metrics=[["mse"], None])
    return model


def functional_dicts():
    inputs = {"image": Input((4,), name="image"), "text": Input((4,), name="text")}
    joined = layers.Add()([inputs["image"], inputs["text"]])
    return Model(inputs, {"score": layers.Dense(1)(joined), "joined": joined})


def functional_nested_structure():
    inputs = [Input((4,)), {"b": Input((4,)), "c": [Input((4,))]}]
    x = layers.Add()([inputs[0], inputs[1]["b"], inputs[1]["c"][0]])
    return Model(inputs, [x, {"twice": x * 2}])


def functional_tuple_inputs():
    a, b = Input((4,)), Input((4,))
    return Model((a, b), layers.Subtract()([a, b]))


def functional_shared_layer():
    a, b = Input((4,)), Input((4,))
    shared = layers.Dense(3, name="shared")
    return Model([a, b], layers.Dot(axes=1)([shared(a), shared(b)]))


def functional_shared_initializer():
    initializer = initializers.GlorotUniform(seed=3)
    dense = [layers.Dense(3, kernel_initializer=initializer), layers.Dense(3, kernel_initializer=initializer)]
    return functional(*dense)


def functional_shared_submodel():
    encoder = Sequential([Input((4,)), layers.Dense(3)], name="encoder")
    a, b = Input((4,)), Input((4,))
    return Model([a, b], [encoder(a), encoder(b)])


def functional_nested():
    inner = functional(layers.Dense(3), layers.LayerNormalization())
    innermost = functional(inner, layers.Dense(2))
    return functional(innermost, layers.Dense(1))


def functional_operators():
    x = Input((4,))
    return Model(x, (x + 1.0) * x / 2 - x**2)


def functional_slices():
    x = Input((6, 4))
    return Model(x, [x[:, 1:5:2], x[:, 0], x[..., None], x[:, -1, :2]])


def functional_ops():
    x = Input((6, 4))
    y = ops.concatenate([ops.relu(x), ops.sin(x)], axis=-1)
    return Model(x, ops.reshape(ops.mean(ops.transpose(y, (0, 2, 1)), axis=1), (-1, 3, 2)))


def functional_ops_with_layers():
    x = Input((6, 4))
    y = ops.softmax(ops.matmul(layers.Dense(3)(x), ops.transpose(layers.Dense(3)(x), axes=(0, 2, 1))))
    return Model(x, ops.einsum("bij,bjk->bik", y, x))


def functional_op_arguments():
    x = Input((6, 4))
    return Model(
        x,
        [ops.cast(x, "int32"), ops.where(x > 0, x, 0.0), ops.one_hot(ops.argmax(x, axis=-1), 4), ops.expand_dims(x, 1)],
    )


def functional_numpy_constant():
    x = Input((2,))
    return Model(x, layers.Add()([x, numpy.array([[1.0, 2.0]], "float32")]))


def functional_attention():
    q, v = Input((5, 4)), Input((6, 4))
    y = layers.MultiHeadAttention(2, 4)(q, v, use_causal_mask=False)
    return Model([q, v], layers.LayerNormalization()(layers.Add()([q, y])))


def functional_attention_masked():
    x, mask = Input((5, 4)), Input((5, 5), dtype="bool")
    return Model([x, mask], layers.MultiHeadAttention(2, 4)(x, x, attention_mask=mask))


def functional_call_arguments():
    x = Input((5, 4))
    y, state = layers.GRU(3, return_state=True)(x, training=False)
    return Model(x, layers.LSTM(3)(x, initial_state=[state, y]))


def functional_masked_embedding():
    x = Input((5,), dtype="int32")
    return Model(x, layers.LSTM(3)(layers.Embedding(10, 4, mask_zero=True)(x)))


def functional_optional_input():
    a, b = Input((4,), name="a"), Input((4,), name="b", optional=True)
    return Model([a, b], layers.Dense(2)(a))


def functional_lambda():
    return functional(layers.Lambda(ops.square), layers.Lambda(activations.relu))


def functional_activation_layers():
    return functional(layers.Activation("gelu"), layers.Dense(3, activation=layers.LeakyReLU(0.1)), layers.PReLU())


def functional_dtype_map():
    policies = keras.dtype_policies.DTypePolicyMap("mixed_float16", {"inner/dense": keras.DTypePolicy("float32")})
    return functional(layers.Dense(3, dtype=policies), layers.Dense(1))


def functional_quantized():
    model = functional_plain()
    model.quantize("int8")
    return model


def functional_lora():
    model = functional_plain()
    model.layers[1].enable_lora(2)
    return model


def functional_frozen():
    model = functional_plain()
    model.layers[1].trainable = False
    return model


def functional_compiled_loss_scaled():
    model = functional_plain()
    model.compile(
        optimizers.LossScaleOptimizer(optimizers.AdamW(schedules.CosineDecay(0.1, 100))), "mse", auto_scale_loss=False
    )
    return model


def functional_compiled_jit():
    model = functional_plain()
    model.compile(
        "adam",
        "binary_crossentropy",
        metrics=["AUC", "acc"],
        jit_compile=False,
        run_eagerly=True,
        steps_per_execution=2,
    )
    return model


def functional_compiled_add_loss():
    model = functional(layers.Dense(3, activity_regularizer=regularizers.L2(0.1)))
    model.compile(loss=[losses.CategoricalCrossentropy(from_logits=True)], optimizer=optimizers.Lion())
    return model


def nested_compiled_inner():
    inner = functional_plain()
    inner.compile("adam", "mse")
    outer = functional(inner, layers.Dense(1))
    outer.compile(optimizers.Adam(), losses.MeanSquaredError(), metrics=["mse"])
    return outer


def autoencoder():
    encoder = Sequential(
        [Input((8, 8, 1)), layers.Conv2D(2, 3, padding="same", strides=2), layers.Flatten()], name="encoder"
    )
    decoder = Sequential(
        [layers.Dense(64), layers.Reshape((8, 8, 1)), layers.Conv2DTranspose(1, 3, padding="same")], name="decoder"
    )
    image = Input((8, 8, 1))
    return Model(image, decoder(encoder(image)))


def residual_tower():
    image = x = Input((8, 8, 2))
    for _ in range(3):
        y = layers.BatchNormalization()(layers.SeparableConv2D(2, 3, padding="same")(x))
        x = layers.ReLU()(layers.Add()([x, y]))
    return Model(image, layers.Dense(2, "softmax")(layers.GlobalAveragePooling2D()(x)))


def transformer_block():
    tokens = Input((6,), dtype="int32")
    x = layers.Embedding(20, 8)(tokens) + layers.Embedding(6, 8)(ops.arange(6))
    x = layers.LayerNormalization()(x + layers.MultiHeadAttention(2, 4, dropout=0.1)(x, x))
    return Model(tokens, layers.LayerNormalization()(x + layers.Dense(8)(layers.Dense(16, "gelu")(x))))


NOT_MODELS = {"sequential", "functional"}
MODELS = {
    name: build
    for name, build in list(globals().items())
    if callable(build) and getattr(build, "__module__", "") == __name__ and name not in NOT_MODELS
}

LARGEST_APPLICATIONS = {
    "ConvNeXtLarge",
    "ConvNeXtXLarge",
    "DenseNet201",
    "EfficientNetB6",
    "EfficientNetB7",
    "EfficientNetV2L",
    "EfficientNetV2M",
    "InceptionResNetV2",
    "NASNetLarge",
}
"""By the size of their config, or of their weights: the newest release alone writes these."""


def application_names():
    """Every model of `keras.applications` that is made by calling a function."""
    found = {
        name
        for name, value in vars(keras.applications).items()
        if callable(value) and not name.startswith("_") and name[0].isupper()
    }
    return sorted(found)
