"""Questions about what runs or reads what somebody else wrote, where a release does not refuse it: see `warning_questions`."""

from keras_oracle.lambda_bytecode import BYTECODE
from keras_oracle.warning_questions import PATH, case, function, h5, layer, sequential

IDENTITY = {"class_name": "__lambda__", "config": {"code": BYTECODE, "defaults": None, "closure": None}}
LAMBDA = layer("Lambda", {"function": IDENTITY})
BARE_LAMBDA = {"class_name": "Lambda", "config": {"function": IDENTITY}}
LIST_LAMBDA = {"class_name": "Lambda", "config": {"function": [IDENTITY["config"]["code"], None, None], "function_type": "lambda"}}
RUNS = "value.layers[-1].function.__name__"
TEXT = {
    "TextVectorization": {
        "standardize": "lower_and_strip_punctuation",
        "split": "whitespace",
        "ngrams": None,
        "output_mode": "int",
        "output_sequence_length": None,
    }
}
DANGEROUS = [
    case("a Lambda layer of a lambda", LAMBDA),
    case("a Lambda layer of a lambda in a Sequential", sequential(LAMBDA)),
    case("a Lambda layer without module, of a lambda, in a Sequential", sequential(BARE_LAMBDA)),
    case("a Lambda layer without module, of a list, in a Sequential", sequential(LIST_LAMBDA)),
    case("a Lambda layer of a list in a Sequential", sequential(layer("Lambda", LIST_LAMBDA["config"]))),
    case("a Lambda layer of a lambda in an .h5 file", h5(BARE_LAMBDA), "load_model_h5", then=RUNS),
    case("a Lambda layer of a list in an .h5 file", h5(LIST_LAMBDA), "load_model_h5", then=RUNS),
    case("a Lambda layer with module, of a lambda, in an .h5 file", h5(LAMBDA), "load_model_h5", then=RUNS),
    case(
        "a lambda for the output shape of a Lambda layer",
        layer("Lambda", {"function": function("builtins", "relu"), "output_shape": IDENTITY}),
    ),
    case(
        "a lambda for the output shape in an .h5 file",
        h5({"class_name": "Lambda", "config": {"function": function("builtins", "relu"), "output_shape": IDENTITY}}),
        "load_model_h5",
        then="value.layers[-1]._output_shape.__name__",
    ),
    case(
        "a lambda for the mask of a Lambda layer",
        layer("Lambda", {"function": function("builtins", "relu"), "mask": IDENTITY}),
        then="type(value.mask).__name__",
    ),
    case(
        "a lambda for the mask in an .h5 file",
        h5({"class_name": "Lambda", "config": {"function": function("builtins", "relu"), "mask": IDENTITY}}),
        "load_model_h5",
        then="type(value.layers[-1].mask).__name__",
    ),
    case("a function of the standard library", function("os", "system"), then="value.__name__"),
    case("a class of the standard library", {"module": "subprocess", "class_name": "Popen", "config": {}, "registered_name": None}),
    case("a function of Python itself", function("builtins", "eval"), then="value.__name__"),
    case(
        "a Lambda layer of a function of the standard library",
        layer("Lambda", {"function": function("os", "getcwd")}),
        then="value.function.__name__",
    ),
    *[
        case(f"keras.{name}", function(f"keras.{name.rpartition('.')[0]}", name.rpartition(".")[2]), then="value.__name__")
        for name in ("utils.get_file", "config.enable_unsafe_deserialization", "models.load_model", "models.model_from_json", "saving.register_keras_serializable")
    ],
    case(
        "set_global_attribute by its source module",
        function("keras.src.backend.common.global_state", "set_global_attribute"),
        then="value.__name__",
    ),
    case("load_model by its source module", function("keras.src.saving.saving_api", "load_model"), then="value.__name__"),
    case("func_load by its source module", function("keras.src.utils.python_utils", "func_load"), then="value.__name__"),
    case("a TorchModuleWrapper", layer("TorchModuleWrapper", {"module": "AAAA"}), torch=True),
    case("a TorchModuleWrapper in a Sequential", sequential(layer("TorchModuleWrapper", {"module": "AAAA"})), torch=True),
    case("a TorchModuleWrapper without module", {"class_name": "Sequential", "module": "keras", "registered_name": None, "config": {"name": "m", "layers": [{"class_name": "TorchModuleWrapper", "config": {"module": "AAAA"}}]}}, torch=True),
    case("a TorchModuleWrapper in an .h5 file", h5({"class_name": "TorchModuleWrapper", "config": {"module": "AAAA"}}), "load_model_h5", torch=True),
    *[
        case(f"{name} with the vocabulary {path!r}", layer(name, {**TEXT.get(name, {}), "vocabulary": path}))
        for name in ("StringLookup", "IntegerLookup", "TextVectorization")
        for path in ("/dev/null", "/no/such/file", "")
    ],
    case(
        "StringLookup with the path of a vocabulary in an .h5 file",
        h5({"class_name": "StringLookup", "config": {"vocabulary": "/dev/null"}}),
        "load_model_h5",
    ),
    case("a TFSMLayer", layer("TFSMLayer", {"filepath": "/no/such/model"})),
    case("a TFSMLayer in a Sequential", sequential(layer("TFSMLayer", {"filepath": "/no/such/model"}))),
    case(
        "a TFSMLayer in an .h5 file",
        h5({"class_name": "TFSMLayer", "config": {"filepath": "/no/such/model"}}),
        "load_model_h5",
    ),
]

FUNC = {"class_name": "__lambda__", "config": {"value": [BYTECODE, None, None]}}
VOCABULARY = {"vocabulary": "/dev/null"}
UNSAFE = [
    case("a lambda, with safe mode off", FUNC, then="value.__name__", safe_mode=False),
    case("a lambda as an activation, with safe mode off", layer("Dense", {"units": 1, "activation": FUNC}), then="value.activation.__name__", safe_mode=False),
    case("a Lambda layer of a lambda, with safe mode off", LAMBDA, then="value.function.__name__", safe_mode=False),
    case("a Lambda layer of a lambda in a Sequential, with safe mode off", sequential(LAMBDA), "load_model", RUNS, safe_mode=False),
    case("a Lambda layer of a lambda, with safe mode off, in an .h5 file", h5(BARE_LAMBDA), "load_model_h5", RUNS, safe_mode=False),
    case("a TorchModuleWrapper, with safe mode off", layer("TorchModuleWrapper", {"module": "AAAA"}), torch=True, safe_mode=False),
    case("StringLookup with the path of a vocabulary, with safe mode off", layer("StringLookup", VOCABULARY), then=PATH, safe_mode=False),
    case("a TFSMLayer, with safe mode off", layer("TFSMLayer", {"filepath": "/no/such/model"}), safe_mode=False),
]
OUTSIDE = [
    case(f"{name}, outside every scope", config, "from_config", then)
    for name, config, then in [
        ("a Lambda layer of a lambda", LAMBDA, "value.function.__name__"),
        ("a Lambda layer of a lambda in a Sequential", sequential(LAMBDA), "value.layers[-1].function.__name__"),
        ("a Lambda layer without module, of a lambda, in a Sequential", sequential(BARE_LAMBDA), RUNS),
        ("a lambda as an activation", layer("Dense", {"units": 1, "activation": FUNC}), "value.activation.__name__"),
        ("a lambda as the activation of a layer of a Sequential", sequential(layer("Dense", {"units": 1, "activation": FUNC})), None),
        ("StringLookup with the path of a vocabulary", layer("StringLookup", VOCABULARY), PATH),
        ("StringLookup with the path of a vocabulary in a Sequential", sequential(layer("StringLookup", VOCABULARY)), None),
    ]
]

SUBCLASSES = """import keras


@keras.saving.register_keras_serializable("my")
class Words(keras.layers.StringLookup):
    pass


@keras.saving.register_keras_serializable("my")
class Sentences(keras.layers.TextVectorization):
    def __init__(self, max_tokens=None, **kwargs):
        super().__init__(max_tokens, **kwargs)


@keras.saving.register_keras_serializable("my")
class ReadsOtherwise(keras.layers.StringLookup):
    def __init__(self, vocabulary=None, **kwargs):
        super().__init__(vocabulary=["a"], **kwargs)
        self.file = vocabulary


@keras.saving.register_keras_serializable("my")
class Exported(keras.layers.TFSMLayer):
    pass


@keras.saving.register_keras_serializable("my")
class Wrapped(keras.layers.TorchModuleWrapper):
    pass


@keras.saving.register_keras_serializable("my")
class Run(keras.layers.Lambda):
    pass
"""


def mine(name, config):
    return {"module": "layers", "class_name": name, "config": config, "registered_name": f"my>{name}"}


def of_workspace(name, config, door="deserialize_keras_object", then=None, **more):
    return case(name, config, door, then, SUBCLASSES, **more)


DERIVED = [
    of_workspace("a subclass of StringLookup with the path of a vocabulary", mine("Words", VOCABULARY), then=PATH),
    of_workspace("a subclass of StringLookup with a path that is not there", mine("Words", {"vocabulary": "/no/such/file"})),
    of_workspace("a subclass of StringLookup with a list of words", mine("Words", {"vocabulary": ["a"]}), then=PATH),
    of_workspace("a subclass of StringLookup, with safe mode off", mine("Words", VOCABULARY), then=PATH, safe_mode=False),
    of_workspace("a subclass of StringLookup in a Sequential", sequential(mine("Words", VOCABULARY))),
    of_workspace("a subclass of TextVectorization with the path of a vocabulary", mine("Sentences", {**TEXT["TextVectorization"], **VOCABULARY}), then=PATH),
    of_workspace("a subclass of StringLookup that hands on words of its own", mine("ReadsOtherwise", VOCABULARY), then=PATH),
    of_workspace("a subclass of TFSMLayer", mine("Exported", {"filepath": "/no/such/model"})),
    of_workspace("a subclass of TorchModuleWrapper", mine("Wrapped", {"module": "AAAA"}), torch=True),
    of_workspace("a subclass of Lambda of a lambda", mine("Run", {"function": IDENTITY}), then="value.function.__name__"),
]

CASES = DANGEROUS + UNSAFE + OUTSIDE + DERIVED
