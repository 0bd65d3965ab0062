"""Configs with objects of the workspace `audio`, from which damaged ones are made, as the running release writes them.

They are small, and hold objects wherever Keras reads some: arguments, wrappers, cells, nested models, compile_config.
"""

import json

import keras
from keras import (
    Input,
    Model,
    Sequential,
    activations,
    constraints,
    initializers,
    layers,
    losses,
    metrics,
    optimizers,
    regularizers,
)

from keras_oracle.writing import by_every_door, serialized

schedules = optimizers.schedules


def small_objects(audio):
    """Objects that are loaded on their own."""
    return {
        "dense": layers.Dense(
            3,
            activation=activations.gelu,
            kernel_initializer=initializers.HeNormal(seed=1),
            kernel_regularizer=regularizers.L2(0.1),
            kernel_constraint=constraints.MaxNorm(2.0),
        ),
        "dense with custom objects": layers.Dense(
            3,
            activation=audio.functions.soft_clip,
            kernel_initializer=audio.training.Ramp(),
            kernel_regularizer=audio.training.Smooth(),
            kernel_constraint=audio.training.Bounded(),
        ),
        "activation": layers.Activation(audio.functions.wave_fold),
        "gain": audio.layers.Gain(audio.training.Ramp(2.0), regularizers.L1(0.1), audio.functions.soft_clip),
        "low pass": audio.layers.LowPass(),
        "rack": audio.layers.Rack([layers.Dense(2), audio.layers.Gain()]),
        "preset": audio.layers.Preset({"inner": serialized_object(layers.Dense(2)), "rate": 3}),
        "envelope": audio.layers.Envelope(layers.Dense(2, kernel_initializer="zeros")),
        "noise": audio.layers.Noise(),
        "bidirectional": layers.Bidirectional(layers.LSTM(2, recurrent_regularizer=regularizers.L1(0.1))),
        "time distributed": layers.TimeDistributed(layers.TimeDistributed(audio.layers.Gain())),
        "rnn of cells": layers.RNN([layers.GRUCell(2), audio.layers.Cell(2)]),
        "spectral normalization": layers.SpectralNormalization(layers.Dense(2)),
        "pipeline": layers.MultiHeadAttention(1, 2, bias_regularizer=regularizers.L2(0.2)),
        "batch normalization": layers.BatchNormalization(gamma_constraint=constraints.NonNeg()),
        "adam": optimizers.Adam(schedules.ExponentialDecay(0.1, 10, 0.9)),
        "slow adam": audio.training.SlowAdam(audio.training.WarmUp(0.1, schedules.CosineDecay(0.1, 10))),
        "loss scale": optimizers.LossScaleOptimizer(optimizers.SGD(0.1)),
        "loss": losses.Huber(0.5),
        "custom loss": audio.losses.Spectral(),
        "metric": metrics.MeanMetricWrapper(audio.losses.distance, name="distance"),
        "custom metric": audio.losses.Loudness(),
        "initializer": initializers.VarianceScaling(2.0, "fan_out", seed=1),
        "regularizer": regularizers.L1L2(0.1, 0.2),
        "function": activations.gelu,
        "custom function": audio.functions.soft_clip,
        "a list": [layers.Dense(2), audio.functions.wave_fold],
        "a dict": {"first": layers.ReLU(), "second": [losses.Hinge()]},
    }


def serialized_object(value):
    return keras.saving.serialize_keras_object(value)


def models(audio):
    """Models, each compiled in another way or not at all."""

    def chain():
        model = Sequential(
            [
                Input((4,)),
                layers.Dense(
                    3, "relu", kernel_initializer=audio.training.Ramp(), kernel_regularizer=regularizers.L2(0.1)
                ),
                audio.layers.Gain(activation=audio.functions.soft_clip),
                layers.Dense(1),
            ],
            name="chain",
        )
        model.compile(
            optimizers.SGD(schedules.InverseTimeDecay(0.1, 10, 0.5)), losses.MeanSquaredError(), metrics=["mae"]
        )
        return model

    def graph():
        left, right = Input((4,), name="left"), Input((4,), name="right")
        shared = audio.layers.LowPass(name="shared")
        joined = layers.Add(name="joined")([shared(left), shared(right)])
        out = layers.Dense(
            2, activation=audio.functions.wave_fold, kernel_constraint=constraints.UnitNorm(), name="out"
        )(joined)
        model = Model([left, right], out, name="graph")
        model.compile(audio.training.SlowAdam(0.1), audio.losses.distance, metrics=[audio.losses.Loudness()])
        return model

    def recurrent():
        x = Input((3, 4), name="x")
        y = layers.Bidirectional(
            layers.GRU(2, return_sequences=True, kernel_initializer=initializers.HeUniform(seed=1)), name="both"
        )(x)
        y = layers.TimeDistributed(layers.Dense(2, activation="tanh"), name="each")(y)
        return Model(x, layers.RNN([audio.layers.Cell(2), layers.SimpleRNNCell(2)], name="rnn")(y), name="recurrent")

    def nested():
        inner = Sequential([Input((4,)), audio.layers.Gain(audio.training.Ramp())], name="inner")
        x = Input((4,), name="x")
        middle = Model(
            x, layers.Dense(4, kernel_regularizer=audio.training.Smooth(), name="d")(inner(x)), name="middle"
        )
        return Sequential([Input((4,)), middle, audio.layers.Rack([layers.ReLU()]), layers.Dense(1)], name="outer")

    def arithmetic():
        x = Input((4,), name="x")
        return Model(x, keras.ops.relu(layers.Dense(4, name="d")(x) * 2.0), name="arithmetic")

    def strings():
        model = Sequential(
            [Input((4,)), layers.Dense(3, dtype="mixed_float16"), layers.PReLU(alpha_regularizer="l2")], name="strings"
        )
        model.compile("adam", "mean_squared_error", metrics=["accuracy", audio.losses.distance])
        return model

    def deep():
        """Ten racks, one inside the other."""
        inner = audio.layers.Gain(activation=audio.functions.soft_clip)
        for _ in range(10):
            inner = audio.layers.Rack([inner, layers.Dense(4, kernel_initializer=audio.training.Ramp())])
        return Sequential([Input((4,)), inner], name="deep")

    return {
        "deep": deep,
        "chain": chain,
        "graph": graph,
        "recurrent": recurrent,
        "nested": nested,
        "arithmetic": arithmetic,
        "strings": strings,
    }


def written_by_keras(audio, build):
    """What the running release writes."""
    for name, value in small_objects(audio).items():
        yield {"name": name, "door": "deserialize_keras_object", "config": serialized(value)}
    for name, make in models(audio).items():
        yield from by_every_door(name, make, build)
    mixer = audio.models.Mixer(layers.Dense(2), name="mixer")
    yield {"name": "mixer", "door": "load_model", "config": serialized(mixer)}


def written_by_hand():
    """The least that Keras accepts: what people type, and the same in every release."""

    def built_in(class_name, config, module="keras.layers", **fields):
        return {"module": module, "class_name": class_name, "config": config, "registered_name": None, **fields}

    def old(class_name, config):
        return {"class_name": class_name, "config": config}

    dense = built_in("Dense", {"units": 3, "kernel_initializer": "he_normal", "activation": "relu"})
    gain = {
        "module": "audio.layers",
        "class_name": "Gain",
        "config": {"initializer": "ones"},
        "registered_name": "audio>Gain",
    }
    source = built_in("InputLayer", {"batch_shape": [None, 4], "dtype": "float32", "name": "i"})
    model = built_in(
        "Sequential", {"name": "s", "layers": [source, dense, gain]}, "keras", build_config={"input_shape": [None, 4]}
    )
    old_dense = old(
        "Dense",
        {
            "units": 2,
            "activation": "relu",
            "kernel_initializer": old("GlorotUniform", {"seed": None}),
            "bias_initializer": old("Zeros", {}),
        },
    )
    old_layers = [
        old("InputLayer", {"batch_input_shape": [None, 4], "dtype": "float32", "name": "i"}),
        old_dense,
        old("audio>Gain", {"initializer": "ones"}),
    ]
    old_model = old("Sequential", {"name": "s", "layers": old_layers})
    training = {
        "optimizer_config": old("Adam", {"learning_rate": 0.1}),
        "loss": "mean_squared_error",
        "metrics": ["accuracy"],
        "weighted_metrics": None,
        "loss_weights": None,
    }
    attributes = {
        "keras_version": "2.15.0",
        "backend": "tensorflow",
        "model_config": old_model,
        "training_config": training,
    }
    compiled = {**model, "compile_config": {"optimizer": "adam", "loss": "mse", "metrics": ["accuracy"]}}

    for name, config in [("least dense", dense), ("least gain", gain), ("least model", compiled)]:
        yield {"name": name, "door": "deserialize_keras_object", "config": json.dumps(config)}
    yield {"name": "least model", "door": "load_model", "config": json.dumps(compiled)}
    old_in_new = built_in("Sequential", {"name": "s", "layers": old_layers}, "keras")
    yield {
        "name": "old layers in a new model",
        "door": "deserialize_keras_object",
        "config": json.dumps(old_in_new),
    }
    yield {
        "name": "old layers in a Sequential",
        "door": "from_config",
        "class": "keras.Sequential",
        "config": json.dumps(old_model["config"]),
    }
    yield {"name": "keras 2 attributes", "door": "load_model_h5", "config": json.dumps(attributes)}


def bases(audio, build):
    yield from written_by_keras(audio, build)
    yield from written_by_hand()
