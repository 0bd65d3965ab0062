"""Builds one instance of as many classes of Keras as possible, by the names of their parameters."""

import inspect

import keras


def make(path, *args, **kwargs):
    """`keras.path(*args)`, or None in releases that do not have it."""
    value = keras
    for name in path.split("."):
        value = getattr(value, name, None)
        if value is None:
            return None
    return value(*args, **kwargs)


def by_parameter():
    """Values for parameters without a default, by their names."""
    return {
        "units": 3,
        "filters": 2,
        "rate": 0.5,
        "factor": 0.5,
        "kernel_size": 3,
        "layer": lambda: keras.layers.Dense(2),
        "cell": lambda: keras.layers.LSTMCell(2),
        "cells": lambda: [keras.layers.LSTMCell(2)],
        "layers": lambda: [keras.layers.Rescaling(0.5)],
        "function": lambda: keras.activations.relu,
        "fn": lambda: keras.losses.mean_squared_error,
        "activation": "relu",
        "stddev": 0.5,
        "target_shape": (2, 2),
        "dims": (1, 2),
        "n": 2,
        "size": 2,
        "axes": 1,
        "scale": 0.5,
        "num_heads": 2,
        "num_query_heads": 2,
        "num_key_value_heads": 1,
        "head_dim": 2,
        "key_dim": 2,
        "input_dim": 4,
        "output_dim": 2,
        "num_bins": 3,
        "num_tokens": 3,
        "height": 4,
        "width": 4,
        "height_factor": 0.1,
        "width_factor": 0.1,
        "output_size": 2,
        "equation": "ab,bc->ac",
        "output_shape": (2,),
        "groups": 1,
        "num_classes": 2,
        "target_class_ids": [0],
        "threshold": 0.5,
        "thresholds": 0.5,
        "recall": 0.5,
        "precision": 0.5,
        "specificity": 0.5,
        "sensitivity": 0.5,
        "learning_rate": 0.1,
        "initial_learning_rate": 0.1,
        "decay_steps": 3,
        "decay_rate": 0.5,
        "boundaries": [1.0],
        "values": [0.1, 0.2],
        "first_decay_steps": 3,
        "inner_optimizer": lambda: keras.optimizers.SGD(),
        "default_optimizer": lambda: keras.optimizers.SGD(),
        "optimizer_map": lambda: None,
        "max_value": 2.0,
        "min_value": 0.0,
        "mode": "int8",
        "source_name": "float32",
        "features": {"a": "float"},
        "feature_names": ["a", "b"],
        "crossing_dim": 4,
        "dtype": "float32",
        "preprocessor": None,
        "max_boxes": 3,
        "max_number": 3,
        "bounding_box_format": "xyxy",
        "color": 1.0,
        "name": "a_name",
        "seed": 1,
        "shape": (2,),
        "data_format": "channels_last",
        "mean_loss_fn": None,
        "filepath": "x",
        "clip": 0.5,
        "ignore_class": 1,
        "axis": -1,
        "reduction": "sum_over_batch_size",
        "alpha": 0.5,
        "inputs": lambda: keras.Input((2,)),
        "outputs": None,
        "vocabulary": None,
        "from_logits": False,
        "weight_bits": 4,
        "group_size": 128,
        "dataset": None,
        "tokenizer": None,
        "min": 0.0,
        "max": 1.0,
        "x1": 1,
        "x2": 1,
        "newshape": (2,),
        "new_shape": (2,),
        "repeats": 2,
        "shift": 1,
        "source": 0,
        "destination": 1,
        "axis1": 0,
        "axis2": 1,
        "indices_or_sections": 2,
        "pad_width": 1,
        "k": 2,
        "pool_size": 2,
        "ord": 2,
        "num_segments": 2,
        "sequence_length": 4,
        "sequence_stride": 2,
        "fft_length": 4,
        "subscripts": "ab,bc->ac",
        "num": 3,
        "f": lambda: keras.activations.relu,
        "q": 0.5,
        "start_indices": (0,),
        "start": 0,
        "stop": 2,
        "bins": 3,
        "dim": 1,
        "norm": 1.0,
        "top_padding": 1,
        "left_padding": 1,
        "target_height": 4,
        "target_width": 4,
        "top_cropping": 0,
        "left_cropping": 0,
        "bottom_cropping": 0,
        "right_cropping": 0,
        "order": 1,
        "bottom_padding": 0,
        "right_padding": 0,
        "coordinates": None,
        "fill_mode": "constant",
        "to_type": "channels_last",
        "image": None,
        "to_dtype": "float32",
        "wrapped": None,
        "weight_quantizer": None,
        "rank": 1,
        "depth_multiplier": 1,
        "strides": 2,
        "pool_dimensions": 1,
        "init_values": 1e-6,
        "projection_dim": 2,
        "drop_path_rate": 0.5,
        "value": 0.5,
        "confusion_matrix_cond": "tp",
        "lower": 0,
        "upper": 1,
        "body_fun": lambda: keras.activations.relu,
        "cond": lambda: keras.activations.relu,
        "body": lambda: keras.activations.relu,
        "spatial_dims": (0, 1),
        "method": "linear",
        "block_size": 2,
        "max_val": 1.0,
        "default_value": 0.0,
        "kth": 1,
        "x_min": 0.0,
        "x_max": 1.0,
        "activation_quantizer": None,
    }


def by_class():
    """Constructor arguments of the classes that the table above does not do for."""
    layers = keras.layers
    samples = {
        "Bidirectional": lambda cls: cls(layers.LSTM(2)),
        "TimeDistributed": lambda cls: cls(layers.Dense(2)),
        "ConvLSTM1D": lambda cls: cls(2, 3),
        "Sequential": lambda cls: cls([keras.Input((2,)), layers.Dense(1)]),
        "Functional": functional,
        "Model": functional,
        "CategoryEncoding": lambda cls: cls(num_tokens=3),
        "Discretization": lambda cls: cls(bin_boundaries=[0.0, 1.0]),
        "Hashing": lambda cls: cls(num_bins=3),
        "HashedCrossing": lambda cls: cls(num_bins=3),
        "Normalization": lambda cls: cls(mean=0.0, variance=1.0),
        "StringLookup": lambda cls: cls(vocabulary=["a"]),
        "IntegerLookup": lambda cls: cls(vocabulary=[1]),
        "IndexLookup": lambda cls: cls(
            max_tokens=None,
            num_oov_indices=1,
            mask_token=None,
            oov_token=-1,
            vocabulary_dtype="int64",
            vocabulary=[1],
        ),
        "EinsumDense": lambda cls: cls("ab,bc->ac", output_shape=2, bias_axes="c"),
        "InputLayer": lambda cls: cls(shape=(2,)),
        "Input": lambda cls: None,
        "DTypePolicyMap": lambda cls: cls(),
        "Lambda": lambda cls: cls(keras.activations.relu, output_shape=(2,)),
        "FeatureSpace": lambda cls: cls({"a": "float", "b": "string_categorical"}),
        "Feature": lambda cls: cls("float32", "float", "float"),
        "Cross": lambda cls: cls(["a", "b"], 4),
        "MeanMetricWrapper": lambda cls: cls(keras.losses.mean_squared_error),
        "LossFunctionWrapper": lambda cls: cls(keras.losses.mean_squared_error),
        "SumOverBatchSize": lambda cls: cls(),
        "DTypePolicy": lambda cls: cls("mixed_float16"),
        "FloatDTypePolicy": lambda cls: cls("mixed_float16"),
        "QuantizedDTypePolicy": quantized,
        "QuantizedFloat8DTypePolicy": quantized,
        "GPTQDTypePolicy": lambda cls: cls("gptq/4/128", "float32"),
        "AWQDTypePolicy": lambda cls: cls("awq/4/128", "float32"),
        "Int4DTypePolicy": lambda cls: cls("int4/128", "float32"),
        "PiecewiseConstantDecay": lambda cls: cls([1], [0.1, 0.2]),
        "RandomCrop": lambda cls: cls(4, 4),
        "RandomElasticTransform": lambda cls: cls(),
        "RandAugment": lambda cls: cls(),
        "LossScaleOptimizer": lambda cls: cls(keras.optimizers.SGD()),
        "MultiOptimizer": multi_optimizer,
        "OptimizerMap": lambda cls: cls(keras.optimizers.SGD(), {}),
        "CompileLoss": lambda cls: cls("mse"),
        "CompileMetrics": lambda cls: cls(["mse"], None),
        "MetricsList": lambda cls: cls([keras.metrics.Mean()]),
        "AbsMaxQuantizer": lambda cls: cls(axis=-1),
        "DistillationLoss": lambda cls: cls(),
        "LogitsDistillation": lambda cls: cls(),
        "FeatureDistillation": lambda cls: cls(),
        "InputSpec": lambda cls: cls(shape=(2,)),
        "GPTQConfig": lambda cls: cls(dataset=["a"], tokenizer=None),
        "AWQConfig": lambda cls: cls(dataset=["a"], tokenizer=None),
        "Identity": lambda cls: cls(),
        "PRelu": lambda cls: cls(),
        "UnitNorm": lambda cls: cls(),
        "STFTSpectrogram": lambda cls: cls(),
        "Pipeline": lambda cls: cls([layers.Rescaling(0.5)]),
        "Solarization": lambda cls: cls(),
        "RandomTranslation": lambda cls: cls(0.1, 0.1),
        "MelSpectrogram": lambda cls: cls(),
        "SpectralNormalization": lambda cls: cls(layers.Dense(2)),
        "RNN": lambda cls: cls(layers.LSTMCell(2)),
        "TextVectorization": lambda cls: cls(),
        "IoU": lambda cls: cls(2, [0]),
        "RandomPosterization": lambda cls: cls(4),
        "Resize": lambda cls: cls((4, 4)),
        "MultiHot": lambda cls: cls(num_classes=2),
        "Function": lambda cls: functional(cls),
        "JaxLayer": lambda cls: cls(keras.activations.relu, init_fn=keras.activations.relu),
        "Distiller": distiller,
    }
    return samples


def functional(cls):
    inputs = keras.Input((2,))
    return keras.Model(inputs, keras.layers.Dense(1)(inputs))


def quantized(cls):
    mode = "float8" if "Float8" in cls.__name__ else "int8"
    try:
        return cls(mode, "float32")
    except Exception:
        return cls(f"{mode}_from_float32")


def multi_optimizer(cls):
    from keras.src.optimizers.multi_optimizer import OptimizerMap

    return cls(OptimizerMap(keras.optimizers.SGD(), {}))


def distiller(cls):
    model = functional(cls)
    return cls(model, functional(cls), cls_of("LogitsDistillation")())


def cls_of(name):
    return getattr(keras.distillation, name)


def value_of(sample):
    return sample() if callable(sample) and getattr(sample, "__name__", "") == "<lambda>" else sample


def build(cls):
    """An instance of the class, and the arguments by name that it was made with; raises where none can be made."""
    sample = by_class().get(cls.__name__)
    if sample is not None:
        try:
            return sample(cls), {}
        except Exception:
            pass
    parameters = list(inspect.signature(cls.__init__).parameters.values())[1:]
    samples = by_parameter()
    arguments = {}
    for parameter in parameters:
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        if parameter.default is parameter.empty and parameter.name in samples:
            arguments[parameter.name] = value_of(samples[parameter.name])
    return cls(**arguments), arguments
