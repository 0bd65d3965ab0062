"""`model.json` of TensorFlow.js: what the JavaScript library writes, and what `tensorflowjs_converter` makes of files of Keras."""

import copy
import json

from keras_oracle.questions import PLAIN, builtin, obj

CASES = []


def model_json(topology, **more):
    return {"format": "layers-model", "generatedBy": "TensorFlow.js tfjs-layers v4.22.0", "modelTopology": topology, **more}


def case(name, topology, workspace=None, **call):
    text = json.dumps(model_json(topology, weightsManifest=[]))
    CASES.append({"name": f"TensorFlow.js: {name}", "workspace": workspace or {}, "door": "tfjs", **call, "config": text})


def initializer(name, **config):
    return {"class_name": name, "config": config}


DENSE = {
    "units": 2,
    "activation": "relu",
    "use_bias": True,
    "kernel_initializer": initializer("VarianceScaling", scale=1, mode="fan_avg", distribution="normal", seed=None),
    "bias_initializer": initializer("Zeros"),
    "kernel_regularizer": None,
    "bias_regularizer": None,
    "activity_regularizer": None,
    "kernel_constraint": None,
    "bias_constraint": None,
    "name": "dense_Dense1",
    "trainable": True,
}
FIRST = obj("Dense", {**DENSE, "batch_input_shape": [None, 10], "dtype": "float32"})
SCALE = obj("Scale", {"name": "scale", "trainable": True, "factor": 2})


def sequential(*layers):
    return obj("Sequential", {"name": "sequential_1", "layers": list(layers)})


# --- written by JavaScript --------------------------------------------------------------------------------------------

WRITTEN = {"keras_version": "tfjs-layers 4.22.0", "backend": "tensor_flow.js"}
case("a Sequential", {**sequential(FIRST), **WRITTEN})
case("a Sequential that is a list of layers", {**obj("Sequential", [FIRST]), **WRITTEN})
case("a custom layer", {**sequential(FIRST, SCALE), **WRITTEN})
case("a custom layer that a scope holds", {**sequential(FIRST, SCALE), **WRITTEN}, PLAIN, scope={"Scale": "my_layers.Scale"})
case("a layer that nobody knows, wrapped", {**sequential(obj("TimeDistributed", {"name": "t", "layer": SCALE})), **WRITTEN})
case(
    "an initializer that nobody knows",
    {**sequential(obj("Dense", {**FIRST["config"], "kernel_initializer": initializer("Nope")})), **WRITTEN},
)
case("an activation that nobody knows", {**sequential(obj("Dense", {**FIRST["config"], "activation": "nope"})), **WRITTEN})

# --- made by the converter --------------------------------------------------------------------------------------------

OF_KERAS_2 = {"keras_version": "2.15.0", "backend": "tensorflow"}
OF_KERAS_3 = {"keras_version": "3.15.1", "backend": "tensorflow"}
TRAINING = {"loss": "my_loss", "metrics": ["my_metric"], "optimizer_config": obj("Nope", {"lr": 0.1})}
case("of an .h5 file of Keras 2", {**OF_KERAS_2, "model_config": sequential(FIRST)})
case(
    "of an .h5 file of Keras 2, with a training config that nobody can load",
    {**OF_KERAS_2, "model_config": sequential(FIRST), "training_config": TRAINING},
)
case("of an .h5 file of Keras 2, with a custom layer", {**OF_KERAS_2, "model_config": sequential(FIRST, SCALE)})

INPUT = obj("InputLayer", {"batch_input_shape": [None, 10], "dtype": "float32", "sparse": False, "ragged": False, "name": "input"})
FUNCTIONAL = obj(
    "Functional",
    {
        "name": "model",
        "trainable": True,
        "layers": [
            {**INPUT, "name": "input", "inbound_nodes": []},
            {**obj("Dense", {**DENSE, "name": "d", "dtype": "float32"}), "name": "d", "inbound_nodes": [[["input", 0, 0, {}]]]},
        ],
        "input_layers": [["input", 0, 0]],
        "output_layers": [["d", 0, 0]],
    },
)
UNKNOWN_NODE = copy.deepcopy(FUNCTIONAL)
UNKNOWN_NODE["config"]["layers"][1]["class_name"] = "Scale"
case("of a Functional model of Keras 2", {**OF_KERAS_2, "model_config": FUNCTIONAL})
case("of a model of Keras 2, under the name that it had", {**OF_KERAS_2, "model_config": {**FUNCTIONAL, "class_name": "Model"}})
case("of a Functional model of Keras 2, with a custom layer", {**OF_KERAS_2, "model_config": UNKNOWN_NODE})
POLICY = builtin("DTypePolicy", {"name": "float32"}, module="keras")
OF_H5 = obj("Dense", {**DENSE, "dtype": POLICY, "kernel_initializer": builtin("GlorotUniform", {"seed": None}, module="keras.initializers")})
INPUT_3 = obj("InputLayer", {"batch_shape": [None, 10], "dtype": "float32", "sparse": False, "name": "input"})
case("of an .h5 file of Keras 3", {**OF_KERAS_3, "model_config": sequential(INPUT_3, OF_H5)})
case(
    "of an object of Keras 3, which the converter would strip",
    {**OF_KERAS_3, "model_config": builtin("Sequential", {"name": "s", "layers": [builtin("Dense", {"units": 2})]}, module="keras")},
)
