"""The same configs, loaded by different calls: which function, in which safe mode, with which custom objects."""

import json

from keras_oracle.lambda_bytecode import BYTECODE
from keras_oracle.model_questions import GRAPH, TENSOR
from keras_oracle.questions import LAYER, PLAIN, builtin, dense, function, obj

CASES = []
TAKE_SAFE_MODE = ["deserialize_keras_object", "load_model", "load_model_h5"]
EVERY_DOOR = [*TAKE_SAFE_MODE, "model_from_json", "layers.deserialize", "from_config"]


def call(name, config, doors=EVERY_DOOR, workspace=None, **arguments):
    """One case for each door; a config for `load_model_h5` stands in the attributes of the file."""
    for door in doors:
        text = json.dumps({"model_config": config} if door == "load_model_h5" else config)
        CASES.append(
            {"name": f"{name}, {door}", "workspace": workspace or {}, "door": door, **arguments, "config": text}
        )


def sequential(*layers):
    return builtin("Sequential", {"name": "s", "trainable": True, "dtype": "float32", "layers": layers}, module="keras")


def old(model):
    """As an .h5 file has it: without `module`."""
    return {"class_name": model["class_name"], "config": model["config"]}


# --- Python lambdas ---------------------------------------------------------------------------------------------------

RAW = {"code": BYTECODE, "defaults": None, "closure": None}
LAMBDA_LAYER = builtin("Lambda", {"name": "l", "function": {"class_name": "__lambda__", "config": RAW}})
LAMBDA = {"class_name": "__lambda__", "config": {"value": [BYTECODE, None, None]}}
SCOPES = {"": {}, ", inside SafeModeScope(True)": {"safe_mode_scope": True}, ", inside SafeModeScope(False)": {"safe_mode_scope": False}}

for inside, scope in SCOPES.items():
    call(f"Lambda layer{inside}", sequential(LAMBDA_LAYER), **scope)
    call(f"Lambda layer, safe_mode=False{inside}", sequential(LAMBDA_LAYER), TAKE_SAFE_MODE, safe_mode=False, **scope)
    call(f"lambda as an activation{inside}", sequential(dense(activation=LAMBDA)), **scope)
    call(
        f"lambda as an activation, safe_mode=False{inside}",
        sequential(dense(activation=LAMBDA)),
        TAKE_SAFE_MODE,
        safe_mode=False,
        **scope,
    )
    call(f"Lambda layer without module{inside}", old(sequential(old(LAMBDA_LAYER))), ["load_model_h5", "from_config"], **scope)
    call(f"a list of a lambda{inside}", [LAMBDA], ["deserialize_keras_object"], **scope)
    call(
        f"a list of a lambda, safe_mode=False{inside}", [LAMBDA], ["deserialize_keras_object"], safe_mode=False, **scope
    )
    call(f"Lambda layer alone{inside}", LAMBDA_LAYER, ["from_config"], **scope)

# --- custom objects ---------------------------------------------------------------------------------------------------

ELSEWHERE = {"module": "not_there.layers", "registered_name": "p>Scale"}
SCALE = obj("Scale", {"name": "a"}, **ELSEWHERE)
HANDED = {"custom_objects": {"p>Scale": "my_layers.Scale"}}

call("a layer that nobody knows", sequential(SCALE))
call("a layer that is handed in", sequential(SCALE), workspace=PLAIN, **HANDED)
call("a layer that a scope holds", sequential(SCALE), workspace=PLAIN, scope=HANDED["custom_objects"])
call(
    "a layer that is handed in by its class name alone",
    sequential(SCALE),
    workspace=PLAIN,
    custom_objects={"Scale": "my_layers.Scale"},
)
call(
    "a layer without module that is handed in",
    sequential(obj("Scale", {"name": "a"})),
    workspace=PLAIN,
    custom_objects={"Scale": "my_layers.Scale"},
)
call(
    "a wrapped layer that is handed in",
    sequential(builtin("TimeDistributed", {"name": "t", "layer": SCALE})),
    workspace=PLAIN,
    **HANDED,
)
ACTIVATION = dense(name="d", activation=function("p>swishy"))
call("an activation that is handed in", sequential(ACTIVATION), workspace=PLAIN, custom_objects={"p>swishy": "my_layers.swishy"})
call("an activation that nobody knows", sequential(ACTIVATION))
call("an activation of a layer alone that nobody knows", ACTIVATION, ["from_config"])
call(
    "an activation of a layer alone that a scope holds",
    ACTIVATION,
    ["from_config"],
    PLAIN,
    scope={"p>swishy": "my_layers.swishy"},
)

NOT_A_CLASS = {
    "my_layers.py": LAYER
    + """

keras.saving.get_custom_objects()["N"] = Scale


class NoFromConfig:
    pass
"""
}
"""What is found tells by what is raised: `NoFromConfig` has no `from_config`."""
NOT_A_LAYER = """import keras


class Made(keras.losses.Loss):
    def call(self, y_true, y_pred):
        return y_pred
"""
N = obj("N", {"name": "a"}, module="not_there", registered_name="N")
PASSED = {"custom_objects": {"N": "my_layers.NoFromConfig"}}
SCOPED = {"scope": {"N": "my_layers.NoFromConfig"}}
WRAPPED = builtin("TimeDistributed", {"name": "t", "layer": N})
for label, handed in {"argument": PASSED, "scope": SCOPED}.items():
    doors = ["deserialize_keras_object", "load_model"]
    call(f"registered and in the {label}: the outermost object", N, doors, NOT_A_CLASS, **handed)
    doors = ["deserialize_keras_object", "load_model", "model_from_json", "from_config"]
    call(f"registered and in the {label}: a layer", sequential(N), doors, NOT_A_CLASS, **handed)
    call(f"registered and in the {label}: a wrapped layer", sequential(WRAPPED), doors, NOT_A_CLASS, **handed)


# --- what is handed to the calls of a Functional's nodes --------------------------------------------------------------

NODES = {
    **GRAPH,
    "layers": [
        GRAPH["layers"][0],
        {**GRAPH["layers"][1], "inbound_nodes": [{"args": [TENSOR], "kwargs": {"training": SCALE}}]},
    ],
}
FUNCTIONAL = builtin("Functional", NODES, module="keras.src.models.functional", registered_name="Functional")
MODERN = ["deserialize_keras_object", "load_model", "model_from_json", "layers.deserialize", "from_config"]
call("an object in a call that nobody knows", FUNCTIONAL, MODERN)
call("an object in a call that is handed in", FUNCTIONAL, MODERN, PLAIN, **HANDED)
call("an object in a call that a scope holds", FUNCTIONAL, MODERN, PLAIN, scope=HANDED["custom_objects"])

# --- what get_config returns, shared objects, models of Keras 2 -------------------------------------------------------

call("the config of a Sequential", sequential(dense(name="d"))["config"], ["from_config"])
call("the config of a Sequential with an unknown layer", sequential(dense(name="d"), SCALE)["config"], ["from_config"])
call("the config of a Functional", GRAPH, ["from_config"])
SHARED = [{**dense(name="d"), "shared_object_id": 7}, {**SCALE, "shared_object_id": 7}]
call("an unknown layer under the id of a known one", sequential(*SHARED), MODERN)
call("a Sequential of Keras 2", old(sequential(dense(name="d"))), MODERN)

# --- keras.layers.deserialize -----------------------------------------------------------------------------------------

LOSS = builtin("MeanSquaredError", {"name": "mse"}, module="keras.losses")
ALONE = ["deserialize_keras_object", "layers.deserialize"]
call("a loss", LOSS, ALONE)
call("a function", function("relu"), ALONE)
call("a layer of the workspace", SCALE, ALONE, PLAIN, **HANDED)
call("a class of the workspace that is no layer", N, ALONE, {"my_layers.py": NOT_A_LAYER}, custom_objects={"N": "my_layers.Made"})
