"""Small questions with an answer each: one way in which a config can be found, missed or misread.

A case names what the workspace's Python declares (files that are all imported), the call, and the config. What Keras
answers is in the recordings, release by release.
"""

import copy

LAYER = """import keras


class Scale(keras.layers.Layer):
    def __init__(self, factor=1, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def get_config(self):
        return {**super().get_config(), "factor": self.factor}

    def call(self, x):
        return x * self.factor


def swishy(x):
    return x
"""
PLAIN = {"my_layers.py": LAYER}


def registering(*lines):
    """The plain workspace and what comes after the declarations."""
    return {"my_layers.py": LAYER + "\n\n" + "\n".join(lines) + "\n"}


def registered(package, name=None, target="Scale"):
    arguments = f'"{package}"' + (f', "{name}"' if name else "")
    return registering(f"keras.saving.register_keras_serializable({arguments})({target})")


def obj(class_name, config=None, **fields):
    return {"class_name": class_name, "config": {} if config is None else config, **fields}


def builtin(class_name, config=None, module="keras.layers", registered_name=None):
    return obj(class_name, config, module=module, registered_name=registered_name)


def function(name, module="builtins", registered_name="function"):
    return obj("function", name, module=module, registered_name=registered_name)


def dense(**config):
    return builtin("Dense", {"units": 3, **config})


CASES = []


def case(name, config, workspace=None, door="deserialize_keras_object", **call):
    """`call`: custom_objects or scope (key to dotted path), or, for serialize_keras_object, object (an expression)."""
    CASES.append(
        {"name": name, "workspace": workspace or {}, "door": door, **call, "config": copy.deepcopy(config)}
    )


SCALE = {"Scale": "my_layers.Scale"}
ELSEWHERE = {"module": "not_there.layers"}

# --- a built-in class -------------------------------------------------------------------------------------------------

case("built-in class by its exported path", dense())
case(
    "built-in class whose registered_name repeats the class name",
    builtin("Dense", {"units": 3}, registered_name="Dense"),
)
case("built-in class with somebody's registered_name", builtin("Dense", {"units": 3}, registered_name="my>Dense"))
case(
    "built-in path, but registered_name leads to a custom class",
    builtin("Dense", {"factor": 2}, registered_name="test>Dense"),
    registered("test", "Dense"),
)
case("built-in class with an empty registered_name", builtin("Dense", {"units": 3}, registered_name=""))
case("built-in class by class_name alone", obj("Dense", {"units": 3}))
case("alias of an exported class", builtin("Convolution2D", {"filters": 1, "kernel_size": 1}))
case("alias of an exported function", obj("function", "MSE", module="keras.losses", registered_name="MSE"))
case("alias of an initializer in snake case", builtin("glorot_uniform", module="keras.initializers"))
case("keras.Sequential", builtin("Sequential", {"name": "s", "layers": []}, module="keras"))
case(
    "Sequential by its alias in keras.models", builtin("Sequential", {"name": "s", "layers": []}, module="keras.models")
)
case("the base class Layer by its alias", builtin("Layer"))
case("a class that keras.layers does not have", builtin("Nope"))
case("a module that keras does not have", builtin("Dense", {"units": 3}, module="keras.nope"))
case(
    "Functional where Keras 2.13 to 2.15 had it",
    builtin("Functional", module="keras.src.engine.functional", registered_name="Functional"),
)
case(
    "Functional where Keras 2.12 had it",
    builtin("Functional", module="keras.engine.functional", registered_name="Functional"),
)
case("built-in class by the path in tensorflow", builtin("Dense", {"units": 3}, module="tensorflow.keras.layers"))
case("built-in class by the path in tf_keras", builtin("Dense", {"units": 3}, module="tf_keras.layers"))
case("keras_hub is not installed", builtin("X", module="keras_hub.src.x", registered_name="keras_hub>X"))
case("keras_rs is a package like any other", builtin("X", module="keras_rs.layers", registered_name="keras_rs>X"))
case(
    "an optimizer of keras.optimizers.legacy", builtin("Adam", {"learning_rate": 0.1}, module="keras.optimizers.legacy")
)
case("a layer that Keras 3 dropped", builtin("ThresholdedReLU", {"theta": 1.0}))
case(
    "a module that Keras 3 dropped",
    builtin("Rescaling", {"scale": 1.0}, module="keras.layers.experimental.preprocessing"),
)
case(
    "TFOpLambda in keras.layers",
    builtin("TFOpLambda", {"name": "x", "function": "math.add"}, registered_name="TFOpLambda"),
)
case(
    "TFOpLambda in its old private module",
    builtin(
        "TFOpLambda",
        {"name": "x", "function": "math.add"},
        module="keras.src.layers.core.tf_op_layer",
        registered_name="TFOpLambda",
    ),
)
case(
    "an operation of a private module",
    builtin("Add", {"name": "add"}, module="keras.src.ops.numpy", registered_name="Add"),
)

# --- a custom class ---------------------------------------------------------------------------------------------------

case(
    "custom class neither registered nor importable",
    obj("Scale", module="not_there.layers", registered_name="pkg>Scale"),
)
case(
    "custom class not registered, but importable", obj("Scale", module="my_layers", registered_name="pkg>Scale"), PLAIN
)
case(
    "custom class passed by its class name",
    obj("Scale", module=None, registered_name="Scale"),
    PLAIN,
    custom_objects=SCALE,
)
case(
    "custom class passed by its class name, looked up by registered_name",
    obj("Scale", **ELSEWHERE, registered_name="pkg>Scale"),
    PLAIN,
    custom_objects=SCALE,
)
case(
    "custom class passed by its registered_name",
    obj("Scale", **ELSEWHERE, registered_name="pkg>Scale"),
    PLAIN,
    custom_objects={"pkg>Scale": "my_layers.Scale"},
)
case("custom class passed, config has class_name alone", obj("Scale"), PLAIN, custom_objects=SCALE)
case(
    "registered_name null switches the key off",
    obj("Scale", module=None, registered_name=None),
    PLAIN,
    custom_objects=SCALE,
)
case(
    "registered_name null and a module that is not there",
    obj("Scale", **ELSEWHERE, registered_name=None),
    PLAIN,
    custom_objects=SCALE,
)
case(
    "registered as Custom>Scale, looked up as Scale",
    obj("Scale", module="x", registered_name="Scale"),
    registered("Custom"),
)
case("registered as Custom>Scale, config has class_name alone", obj("Scale"), registered("Custom"))
case("registered as Custom>Scale, class_name is the key", obj("Custom>Scale"), registered("Custom"))
case(
    "two classes under one key: the later one counts",
    obj("N", module="x", registered_name="p>N"),
    registering(
        "class First(Scale):",
        "    pass",
        "",
        "",
        "class Second(Scale):",
        "    pass",
        "",
        "",
        'keras.saving.register_keras_serializable("p", "N")(First)',
        'keras.saving.register_keras_serializable("p", "N")(Second)',
    ),
)
THREE = registering(
    "class Global(Scale):",
    "    pass",
    "",
    "",
    "class Scoped(Scale):",
    "    pass",
    "",
    "",
    "class Passed(Scale):",
    "    pass",
    "",
    "",
    'keras.saving.get_custom_objects()["N"] = Global',
)
case(
    "global, scope and argument disagree on the outermost object",
    obj("N"),
    THREE,
    scope={"N": "my_layers.Scoped"},
    custom_objects={"N": "my_layers.Passed"},
)
case("global and argument disagree on the outermost object", obj("N"), THREE, custom_objects={"N": "my_layers.Passed"})
case(
    "registered class without from_config",
    obj("NoFrom", module="x", registered_name="pkg>NoFrom"),
    registering(
        "class NoFrom:",
        "    def get_config(self):",
        "        return {}",
        "",
        "",
        'keras.saving.register_keras_serializable("pkg")(NoFrom)',
    ),
)
case(
    "registering a class without get_config",
    None,
    registering("class NoConfig:", "    pass", "", "", 'keras.saving.register_keras_serializable("pkg")(NoConfig)'),
    door="import",
)
NO_KWARGS = registering(
    "@keras.saving.register_keras_serializable('p')",
    "class NoKwargs(keras.layers.Layer):",
    "    def __init__(self, a):",
    "        super().__init__()",
    "        self.a = a",
    "",
    "    def get_config(self):",
    "        return {**super().get_config(), 'a': self.a}",
)
case(
    "constructor without **kwargs",
    obj(
        "NoKwargs",
        {"name": "n", "trainable": True, "dtype": "float32", "a": 2},
        module="my_layers",
        registered_name="p>NoKwargs",
    ),
    NO_KWARGS,
)
MISSING = registering(
    "@keras.saving.register_keras_serializable('p')",
    "class Missing(keras.layers.Layer):",
    "    def __init__(self, a, **kwargs):",
    "        super().__init__(**kwargs)",
    "        self.a = a",
    "",
    "    def get_config(self):",
    "        return super().get_config()",
)
case(
    "get_config forgot an argument",
    obj(
        "Missing", {"name": "n", "trainable": True, "dtype": "float32"}, module="my_layers", registered_name="p>Missing"
    ),
    MISSING,
)
HOLDS_LAYER = registering(
    "@keras.saving.register_keras_serializable('p')",
    "class Holds(keras.layers.Layer):",
    "    def __init__(self, inner, **kwargs):",
    "        super().__init__(**kwargs)",
    "        self.inner = inner",
)
case(
    "no get_config and an argument that is a layer",
    None,
    HOLDS_LAYER,
    door="serialize_keras_object",
    object="my_layers.Holds(keras.layers.Dense(2))",
)
NOTHING = registering("class Nothing(keras.layers.Layer):", "    def get_config(self):", "        super().get_config()")
case("get_config returns nothing", None, NOTHING, door="serialize_keras_object", object="my_layers.Nothing()")

# --- functions --------------------------------------------------------------------------------------------------------

case("built-in function by name", function("relu"))
case("custom function not registered", function("swishy"), PLAIN)
case(
    "registered function by its bare name, as Keras 3.6 and before saved it",
    function("swishy"),
    registered("pkg", target="swishy"),
)
case("registered function by its key", function("pkg>swishy"), registered("pkg", target="swishy"))
case(
    "function passed by its bare name, looked up by key",
    function("pkg>swishy"),
    PLAIN,
    custom_objects={"swishy": "my_layers.swishy"},
)
case("function passed by its bare name", function("swishy"), PLAIN, custom_objects={"swishy": "my_layers.swishy"})
case("built-in function by its exported path", function("relu", "keras.activations", "relu"))
case("built-in function with another registered_name", function("relu", "keras.activations", "foo"))
case("custom function not registered, but importable", function("swishy", "my_layers", "swishy"), PLAIN)
case("function of a private module", function("relu", "keras.src.activations.activations", "relu"))
case("keras.utils.get_file", function("get_file", "keras.utils", "get_file"))
case(
    "keras.config.enable_unsafe_deserialization",
    function("enable_unsafe_deserialization", "keras.config", "enable_unsafe_deserialization"),
)
case("keras.models.model_from_json", function("model_from_json", "keras.models", "model_from_json"))
case("os.system", function("system", "os", "system"))
case(
    "a function of Keras's global state",
    function("set_global_attribute", "keras.src.backend.common.global_state", "set_global_attribute"),
)
case("function whose config is null", function(None))

# --- the form of an object --------------------------------------------------------------------------------------------

case("object without config", {"class_name": "Dense", "module": "keras.layers"})
for label, config in [("null", None), ("a list", [1]), ("a string", "x")]:
    case(
        f"config is {label}",
        {"class_name": "Dense", "module": "keras.layers", "config": config, "registered_name": None},
    )
case("module is a number", builtin("Dense", {"units": 1}, module=3))
case("registered_name is a list", builtin("Dense", {"units": 1}, registered_name=["a"]))
case("class_name is null", builtin(None, {"units": 1}))
case("a dict that is no object", {"optimizer": "adam", "loss": "my_loss", "metrics": ["accuracy"]})

# --- lambdas ----------------------------------------------------------------------------------------------------------

case("__lambda__ in safe mode", {"class_name": "__lambda__", "config": {"value": ["4wE=", None, None]}})
LAMBDA = {
    "name": "l",
    "function": {"class_name": "__lambda__", "config": {"code": "4wE=", "defaults": None, "closure": None}},
    "arguments": {},
}
case("Lambda layer of a Python lambda", builtin("Lambda", LAMBDA))
case(
    "Lambda layer of a Python lambda, outside every scope",
    {"name": "s", "layers": [obj("Lambda", LAMBDA)]},
    door="from_config", **{"class": "keras.Sequential"},
)
