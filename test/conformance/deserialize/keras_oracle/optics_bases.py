"""Configs with objects of the workspace `optics`: the half that is only measured has these bases and no others."""

import base64
import json
import marshal

import keras
from keras import Input, Model, Sequential, constraints, initializers, layers, losses, metrics, optimizers, regularizers

from keras_oracle.writing import by_every_door, saved_config, serialized

SHUTTER = {"Shutter": "optics.parts.lenses.Shutter"}


def small_objects(optics):
    parts, study = optics.parts, optics.study
    return {
        "convolution": layers.Conv2D(
            2,
            3,
            activation="silu",
            kernel_initializer=initializers.TruncatedNormal(seed=1),
            bias_initializer=parts.Polariser(0.3),
            kernel_regularizer=parts.filters.Haze(),
            kernel_constraint=parts.Aperture(2.0),
        ),
        "lens": parts.Lens(2.0, tint=regularizers.L1(0.1), coating=initializers.RandomUniform(seed=2)),
        "lens of a lens": parts.Lens(tint=parts.Lens(tint=parts.Aperture())),
        "mirror": parts.Mirror(1),
        "doublet": parts.Doublet(layers.EinsumDense("ab,bc->ac", 4), second=parts.Lens()),
        "vignette": layers.Activation(parts.vignette),
        "embedding": layers.Embedding(5, 2, embeddings_initializer="he_uniform", embeddings_constraint=constraints.MinMaxNorm()),
        "stacked cells": layers.RNN(layers.StackedRNNCells([layers.LSTMCell(2), layers.GRUCell(2)])),
        "both ways": layers.Bidirectional(
            layers.GRU(2, activation=parts.filters.bloom), backward_layer=layers.GRU(2, go_backwards=True)
        ),
        "group normalization": layers.GroupNormalization(1, gamma_initializer=parts.Polariser()),
        "separable": layers.SeparableConv1D(2, 3, pointwise_regularizer=regularizers.L1L2(0.1, 0.1)),
        "leaky": layers.Dense(2, activation=layers.LeakyReLU()),
        "rmsprop": optimizers.RMSprop(study.Dusk(0.2)),
        "steady": study.Steady(optimizers.schedules.PiecewiseConstantDecay([10], [0.1, 0.01])),
        "nadam": optimizers.Nadam(optimizers.schedules.CosineDecayRestarts(0.1, 10)),
        "blur": study.Blur(3),
        "cross entropy": losses.CategoricalCrossentropy(label_smoothing=0.1),
        "sharpness": study.Sharpness(name="sharp"),
        "auc": metrics.AUC(curve="PR"),
        "haze": parts.filters.Haze(0.2),
        "polariser": parts.Polariser(),
        "orthogonal": initializers.OrthogonalInitializer(seed=1),
        "contrast": study.contrast_loss,
        "softsign": keras.activations.softsign,
        "a list of losses": [losses.Poisson(), study.Blur(), study.contrast_loss],
        "a dict of layers": {"in": parts.Mirror(), "out": {"last": [layers.Softmax(), parts.vignette]}},
    }


def models(optics):
    parts, study = optics.parts, optics.study

    def telescope():
        """A chain with a compile config full of objects."""
        model = Sequential(
            [
                Input((8, 8, 1)),
                layers.Conv2D(2, 3, kernel_constraint=parts.Aperture(), activation=parts.filters.bloom),
                parts.Lens(2.0, tint=layers.ReLU()),
                layers.Flatten(),
                layers.Dense(2, "softmax", kernel_regularizer=parts.filters.Haze()),
            ],
            name="telescope",
        )
        model.compile(study.Steady(study.Dusk()), study.Blur(), metrics=[study.Sharpness(), "accuracy"])
        return model

    def interferometer():
        """Two inputs by name, two outputs, a shared layer, losses by output."""
        inputs = {"red": Input((4,), name="red"), "blue": Input((4,), name="blue")}
        shared = parts.Mirror(name="shared")
        left, right = shared(inputs["red"]), shared(inputs["blue"])
        difference = layers.Subtract(name="difference")([left, right])
        outputs = {
            "phase": layers.Dense(1, name="phase", kernel_initializer=parts.Polariser())(difference),
            "power": layers.Dense(1, name="power", activation=parts.vignette)(layers.Maximum(name="most")([left, right])),
        }
        model = Model(inputs, outputs, name="interferometer")
        model.compile(
            optimizers.Adagrad(0.1),
            loss={"phase": losses.LogCosh(), "power": study.contrast_loss},
            metrics={"phase": [metrics.MeanSquaredError()], "power": [study.Sharpness()]},
        )
        return model

    def microscope():
        """A model in a model in a model, with wrappers between."""
        core = Sequential([Input((3, 4)), layers.TimeDistributed(parts.Doublet(layers.Dense(4)))], name="core")
        a = Input((3, 4), name="a")
        middle = Model(a, layers.LayerNormalization(name="n")(core(a)), name="middle")
        b = Input((3, 4), name="b")
        c = layers.Bidirectional(layers.LSTM(2, recurrent_initializer=parts.Polariser()), name="both")(middle(b))
        return Model(b, layers.Dense(1, bias_constraint=constraints.NonNeg(), name="d")(c), name="microscope")

    def deep():
        """Ten models, one inside the other, each with a layer of its own."""
        inner = Sequential([Input((4,)), parts.Lens(name="lens0"), layers.Dense(4, activation=parts.vignette)], name="m0")
        for depth in range(1, 11):
            inner = Sequential(
                [Input((4,)), inner, layers.Dense(4, kernel_constraint=parts.Aperture(), name=f"d{depth}")],
                name=f"m{depth}",
            )
        return inner

    def attention():
        x = Input((5, 4), name="x")
        y = layers.MultiHeadAttention(1, 2, kernel_regularizer=parts.filters.Haze(), name="look")(x, x)
        y = layers.LayerNormalization(name="n")(layers.Add(name="sum")([x, y]))
        return Model(x, layers.GlobalAveragePooling1D(name="mean")(y), name="attention")

    return {
        "telescope": telescope,
        "interferometer": interferometer,
        "microscope": microscope,
        "deep": deep,
        "attention": attention,
    }


def handed_in(optics, build):
    """Objects that the caller hands to the loader."""
    shutter = optics.parts.lenses.Shutter
    yield {
        "name": "shutter",
        "door": "deserialize_keras_object",
        "config": serialized(shutter(30)),
        "custom_objects": SHUTTER,
    }

    def camera():
        model = Sequential([Input((4,)), shutter(10, name="shutter"), layers.Dense(2)], name="camera")
        model.compile("sgd", "mse")
        return model

    for base in by_every_door("camera", camera, build):
        yield {**base, "custom_objects": SHUTTER}
    text = build("camera, compile off", lambda: saved_config(camera()))
    if text:
        yield {"name": "camera, compile off", "door": "load_model", "config": text, "compile": False, "scope": SHUTTER}
    text = build("camera, from_config", lambda: json.dumps(json.loads(serialized(camera()))["config"]))
    if text:
        call = {"door": "from_config", "class": "keras.Sequential", "custom_objects": SHUTTER}
        yield {"name": "camera, from_config", "config": text, **call}


def with_a_lambda():
    """A Python lambda, which loads only without safe mode."""
    code = base64.b64encode(marshal.dumps((lambda x: x).__code__)).decode()
    function = {"class_name": "__lambda__", "config": {"code": code, "defaults": None, "closure": None}}
    layer = {
        "module": "keras.layers",
        "class_name": "Lambda",
        "config": {"name": "same", "function": function, "arguments": {}},
        "registered_name": None,
    }
    source = {
        "module": "keras.layers",
        "class_name": "InputLayer",
        "config": {"batch_shape": [None, 4], "dtype": "float32", "name": "i"},
        "registered_name": None,
    }
    model = {
        "module": "keras",
        "class_name": "Sequential",
        "config": {"name": "s", "layers": [source, layer]},
        "registered_name": None,
    }
    for name, config in [("lambda layer", layer), ("model with a lambda", model)]:
        yield {"name": name, "door": "deserialize_keras_object", "config": json.dumps(config), "safe_mode": False}
    yield {"name": "model with a lambda", "door": "load_model", "config": json.dumps(model), "safe_mode": False}


def written_by_hand():
    """Small configs that every release accepts."""

    def built_in(class_name, config, module="keras.layers", **fields):
        return {"module": module, "class_name": class_name, "config": config, "registered_name": None, **fields}

    def old(class_name, config):
        return {"class_name": class_name, "config": config}

    def node(name):
        history = {"shape": [None, 4], "dtype": "float32", "keras_history": [name, 0, 0]}
        return [{"args": [{"class_name": "__keras_tensor__", "config": history}], "kwargs": {}}]

    lens = {
        "module": "optics.parts.lenses",
        "class_name": "Lens",
        "config": {"coating": "ones", "name": "l"},
        "registered_name": "optics.parts>lens",
    }
    source = built_in("InputLayer", {"batch_shape": [None, 4], "dtype": "float32", "name": "i"})
    dense = built_in("Dense", {"units": 4, "activation": "elu", "bias_initializer": "ones", "name": "d"})
    graph = built_in(
        "Functional",
        {
            "name": "g",
            "trainable": True,
            "layers": [
                {**source, "name": "i", "inbound_nodes": []},
                {**dense, "name": "d", "inbound_nodes": node("i")},
                {**lens, "name": "l", "inbound_nodes": node("d")},
            ],
            "input_layers": [["i", 0, 0]],
            "output_layers": [["l", 0, 0]],
        },
        "keras.src.models.functional",
    )
    old_layers = [
        {**old("InputLayer", {"batch_input_shape": [None, 4], "dtype": "float32", "name": "i"}), "name": "i", "inbound_nodes": []},
        {
            **old("Dense", {"units": 4, "name": "d", "kernel_initializer": old("HeNormal", {"seed": None})}),
            "name": "d",
            "inbound_nodes": [[["i", 0, 0, {}]]],
        },
        {**old("optics.parts>lens", {"name": "l"}), "name": "l", "inbound_nodes": [[["d", 0, 0, {}]]]},
    ]
    old_graph = old(
        "Functional",
        {"name": "g", "layers": old_layers, "input_layers": [["i", 0, 0]], "output_layers": [["l", 0, 0]]},
    )
    training = {
        "optimizer_config": old("RMSprop", {"learning_rate": 0.1}),
        "loss": "mean_absolute_error",
        "metrics": ["mse"],
        "weighted_metrics": None,
        "loss_weights": None,
    }
    attributes = {
        "keras_version": "2.12.0",
        "backend": "tensorflow",
        "model_config": old_graph,
        "training_config": {"loss": "mean_absolute_error", **training},
    }
    for name, config in [("least lens", lens), ("least graph", graph)]:
        yield {"name": name, "door": "deserialize_keras_object", "config": json.dumps(config)}
    yield {"name": "least graph", "door": "load_model", "config": json.dumps(graph)}
    yield {"name": "least graph", "door": "model_from_json", "config": json.dumps(graph)}
    inner = {"door": "from_config", "class": "keras.Model", "config": json.dumps(graph["config"])}
    yield {"name": "the inside of the least graph", **inner}
    yield {"name": "keras 2 graph", "door": "load_model_h5", "config": json.dumps(attributes)}


def bases(optics, build):
    for name, value in small_objects(optics).items():
        yield {"name": name, "door": "deserialize_keras_object", "config": serialized(value)}
    for name, make in models(optics).items():
        yield from by_every_door(name, make, build)
    bench = optics.study.Bench([layers.Dense(2), optics.parts.Mirror()], gate=optics.parts.Aperture(), name="bench")
    yield {"name": "bench", "door": "load_model", "config": serialized(bench)}
    yield from handed_in(optics, build)
    yield from with_a_lambda()
    yield from written_by_hand()
