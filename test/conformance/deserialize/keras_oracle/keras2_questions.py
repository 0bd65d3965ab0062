"""Small questions to Keras 2 alone: see `questions`, all of which it is asked too."""

import json

from keras_oracle.model_questions import OLD, OLD_DENSE, OLD_INPUT
from keras_oracle.questions import PLAIN, builtin, dense, function, obj, registered, registering

CASES = []


def case(name, config, workspace=None, door="deserialize_keras_object", **call):
    CASES.append({"name": name, "workspace": workspace or {}, "door": door, **call, "config": json.dumps(config)})


def sequential(*layers):
    return builtin("Sequential", {"name": "s", "layers": list(layers)}, module="keras")


def old_model(*layers):
    inner = {"name": "s", "layers": [obj("InputLayer", OLD_INPUT), *layers]}
    return {**OLD, "config": inner}


def compiled(**compile_config):
    arguments = {"optimizer": "adam", "loss": None, "metrics": None, **compile_config}
    layers = [builtin("InputLayer", {"batch_input_shape": [None, 4], "name": "i"}), dense()]
    return {**sequential(*layers), "compile_config": arguments}


def h5(**training_config):
    arguments = {"loss": "mse", "metrics": None, "weighted_metrics": None, "loss_weights": None, **training_config}
    optimizer = {"class_name": "Adam", "config": {"learning_rate": 0.1}}
    return {
        "keras_version": "2.15.0",
        "backend": "tensorflow",
        "model_config": old_model(obj("Dense", OLD_DENSE)),
        "training_config": {"optimizer_config": optimizer, **arguments},
    }


# A bare name that nobody knows, wherever one can stand: what is done with it decides whether the load fails.
UNKNOWN = "Mystery"
for argument in ["kernel_initializer", "bias_initializer", "kernel_regularizer", "kernel_constraint", "activation", "dtype"]:
    case(f"Dense: {argument} is a class that nobody knows", dense(**{argument: builtin(UNKNOWN, module="keras.nowhere")}))
    case(f"Dense: {argument} is a name that nobody knows", dense(**{argument: UNKNOWN}))
    case(f"Dense: {argument} is a class that nobody knows, without module", dense(**{argument: obj(UNKNOWN)}))
    case(
        f"Dense: {argument} is a class of the workspace that is not registered, without module",
        dense(**{argument: obj("Scale")}),
        PLAIN,
    )
for argument in ["optimizer", "loss", "metrics"]:
    lists = argument == "metrics"
    for kind, value in [
        ("class", builtin(UNKNOWN, module=None)),
        ("class without module", obj(UNKNOWN)),
        ("name", UNKNOWN),
        ("function", function(UNKNOWN)),
    ]:
        config = compiled(**{argument: [value] if lists else value})
        case(f"compile: {argument} is a {kind} that nobody knows", config)
        if argument != "optimizer":
            attributes = h5(**{argument: [value] if lists else value})
            case(f"training_config: {argument} is a {kind} that nobody knows", attributes, door="load_model_h5")
for name in ["Mystery", "mystery", "SGD", "sgd", "Custom>Adam"]:
    attributes = h5(optimizer_config={"class_name": name, "config": {}})
    case(f"training_config: the optimizer is {name}", attributes, door="load_model_h5")
for wrapper in ["TimeDistributed", "Bidirectional", "Wrapper"]:
    for kind, layer in [("in the older format", obj("Dense", {"units": 2})), ("with module", dense())]:
        case(f"{wrapper} of a layer {kind}", builtin(wrapper, {"layer": layer}))
    case(f"{wrapper} of a layer that nobody knows", builtin(wrapper, {"layer": obj(UNKNOWN)}))
    case(f"{wrapper} of a layer that nobody knows, with module", builtin(wrapper, {"layer": builtin(UNKNOWN, module=None)}))
case("Sequential: a layer that nobody knows", sequential(builtin(UNKNOWN, module=None)))
case("Sequential: a layer that nobody knows, without module", sequential(obj(UNKNOWN)))
case("Sequential: a string for a layer", sequential("Dense"))
case("model JSON of Keras 2: a layer that nobody knows", old_model(obj(UNKNOWN)), door="model_from_json")
case("model JSON of Keras 2: the root is not known", {**OLD, "class_name": UNKNOWN}, door="model_from_json")
case(
    "model JSON of Keras 2: an initializer that nobody knows",
    old_model(obj("Dense", {**OLD_DENSE, "kernel_initializer": obj(UNKNOWN)})),
    door="model_from_json",
)
case("model JSON of Keras 2, by deserialize_keras_object", OLD)
for key in ["Custom>Scale", "Scale", "my>Scale"]:
    old = old_model(obj(key, {"factor": 2}))
    case(f"model JSON of Keras 2: a custom layer by {key}", old, registered("my"), door="model_from_json")
    custom = {"custom_objects": {key: "my_layers.Scale"}}
    case(f"model JSON of Keras 2: a custom layer passed by {key}", old, PLAIN, door="model_from_json", **custom)
case("a class that Keras 2 registers itself", builtin("Adam", {}, module=None, registered_name="Custom>Adam"))
case("a class within a class", builtin("Outer.Inner", module="my_layers"), registering("class Outer:", "    class Inner(Scale):", "        pass"))
case("a module of tf_keras.src", builtin("Dense", {"units": 2}, module="tf_keras.src.layers.core.dense"))
case("a module of keras.src", builtin("Dense", {"units": 2}, module="keras.src.layers.core.dense"))
case("a module of keras.engine", builtin("Sequential", {"name": "s", "layers": []}, module="keras.engine.sequential"))
case("an optimizer of the legacy module", builtin("Adam", {"lr": 0.1}, module="keras.optimizers.legacy"))
case(
    "a layer that another name registers",
    builtin("Scale", {"factor": 2}, module=None, registered_name="other>Big"),
    registering('keras.saving.register_keras_serializable("other", "Big")(Scale)'),
)
case("DTypePolicy of Keras 3", dense(dtype=builtin("DTypePolicy", {"name": "float32"}, module="keras")))
case("Policy of Keras 2", dense(dtype=builtin("Policy", {"name": "mixed_float16"}, module="keras.mixed_precision")))
case("Policy of Keras 2, without module", dense(dtype=obj("Policy", {"name": "mixed_float16"})))
