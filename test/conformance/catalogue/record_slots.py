"""Records by which function Keras deserializes each argument of a config, by running `from_config`.

    PYTHONPATH=RELEASE KERAS_BACKEND=numpy python record_slots.py OUTPUT.json.gz

Every class that can be built is built and asked for its config. Then each argument in turn is replaced by a marker, in
four forms: a serialized object, a list of one, a dict of one, a string. All functions of Keras that deserialize are
hooked; the first one that gets the marker is written down as [function, phase, "each" or ""]. A marker that none of
them gets is raw: its argument is listed under "raw".
"""

import copy
import gzip
import importlib
import inspect
import json
import os
import signal
import sys
import types

os.environ.setdefault("KERAS_BACKEND", "numpy")

import keras
from keras.src import layers as keras_layers
from keras.src.saving import serialization_lib

from samples import build

TABLES = (
    "activations constraints dtype_policies initializers losses metrics optimizers quantizers regularizers"
).split()
FORMS = ("object", "list", "dict", "string")


class Hooks:
    """Replaces the code of functions, so that every reference to them is hooked."""

    def __init__(self):
        self.marker = None
        self.seen = []
        self.original = None

    def install(self, name, function):
        real = types.FunctionType(
            function.__code__,
            function.__globals__,
            function.__name__,
            function.__defaults__,
            function.__closure__,
        )
        real.__kwdefaults__ = function.__kwdefaults__
        key = "__slot_hook_" + name.replace(".", "_")
        function.__globals__[key] = lambda args, kwargs: self.called(
            name, real, args, kwargs
        )
        source = f"def hook(*args, **kwargs):\n    return {key}(args, kwargs)\n"
        namespace = {}
        exec(source, namespace)
        function.__code__ = namespace["hook"].__code__
        function.__defaults__ = None
        function.__kwdefaults__ = None

    def called(self, name, real, args, kwargs):
        value = args[0] if args else next(iter(kwargs.values()), None)
        if self.marker is not None:
            whole, element = self.marker
            each = (
                ""
                if value == whole
                else "each"
                if value == element and element is not whole
                else None
            )
            if each is not None and type(value) is type(
                whole if each == "" else element
            ):
                event = [name, self.phase(), each]
                if event not in self.seen:
                    self.seen.append(event)
                if name == "deserialize_keras_object" and isinstance(value, str):
                    # A string that is no custom object comes out as it went in.
                    return value
                return copy.copy(self.original)
        return real(*args, **kwargs)

    def phase(self):
        frame = sys._getframe(2)
        phase = "from_config"
        while frame is not None:
            code = frame.f_code
            if code.co_name == "__init__" and "keras" in code.co_filename:
                phase = "init"
            if code.co_name == "from_config_of_slots":
                break
            frame = frame.f_back
        return phase


hooks = Hooks()


def install_hooks():
    hooks.install(
        "deserialize_keras_object", serialization_lib.deserialize_keras_object
    )
    for table in TABLES:
        try:
            module = importlib.import_module(f"keras.src.{table}")
        except ImportError:
            continue
        for name in ("get", "deserialize"):
            function = getattr(module, name, None)
            if function is not None:
                hooks.install(f"{table}.{name}", function)
    for name in ("get", "deserialize"):
        function = getattr(keras_layers, name, None)
        if isinstance(function, types.FunctionType):
            hooks.install(f"layers.{name}", function)


def marker(form, number):
    if form == "string":
        text = f"marker_{number}"
        return text, text
    element = {
        "module": "marker.module",
        "class_name": f"Marker{number}",
        "config": {"marker": number},
        "registered_name": f"Marker{number}",
    }
    if form == "object":
        return element, element
    return ([element] if form == "list" else {"marker_key": element}), element


def from_config_of_slots(cls, config):
    return cls.from_config(config)


class Hang(BaseException):
    pass


def on_alarm(*_):
    raise Hang()


def run(cls, config):
    signal.alarm(20)
    try:
        from_config_of_slots(cls, config)
    except (Exception, Hang):
        pass
    finally:
        signal.alarm(0)


def arguments_of(cls, config):
    names = dict.fromkeys(config)
    for base in cls.__mro__:
        init = vars(base).get("__init__")
        if isinstance(init, types.FunctionType):
            for parameter in list(inspect.signature(init).parameters.values())[1:]:
                if parameter.kind in (
                    parameter.POSITIONAL_OR_KEYWORD,
                    parameter.KEYWORD_ONLY,
                ):
                    names.setdefault(parameter.name)
        from_config = vars(base).get("from_config")
        if from_config is not None:
            for name in from_config.__func__.__code__.co_consts:
                if isinstance(name, str) and name.isidentifier():
                    names.setdefault(name)
    return list(names)


def record_class(cls):
    instance, built_with = build(cls)
    if instance is None or not hasattr(cls, "from_config"):
        return None
    with_names = instance.get_config()
    config = serialization_lib.serialize_keras_object(with_names)
    for key, value in with_names.items():
        # Serializing a dict of a config again must not change what get_config has serialized.
        config.setdefault(key, value)
    # Base classes whose own configs cannot build them again.
    for key, value in built_with.items():
        config.setdefault(key, value)
    slots = {}
    raw = []
    number = 0
    for argument in arguments_of(cls, config):
        found = {}
        for form in FORMS:
            number += 1
            whole, element = marker(form, number)
            changed = copy.deepcopy(config)
            hooks.original = original_value(changed.get(argument))
            changed[argument] = whole
            hooks.marker = (whole, element)
            hooks.seen = []
            run(cls, changed)
            hooks.marker = None
            if hooks.seen:
                found[form] = hooks.seen
        if found:
            slots[argument] = found
        else:
            raw.append(argument)
    order = record_order(cls, config, slots)
    return {"slots": slots, "raw": sorted(raw), "order": order}


def original_value(value):
    """What the deserialized marker is given out as: what the argument is by default, as far as that can be made."""
    hooks_marker, hooks.marker = hooks.marker, None
    try:
        return serialization_lib.deserialize_keras_object(copy.deepcopy(value))
    except Exception:
        return value
    finally:
        hooks.marker = hooks_marker


def record_order(cls, config, slots):
    """The order in which arguments are deserialized, each at its first time."""
    changed = copy.deepcopy(config)
    wanted = {}
    originals = {}
    for number, (argument, found) in enumerate(slots.items()):
        form = "object" if "object" in found else next(iter(found))
        if form != "object":
            continue
        whole, _ = marker("object", 10_000 + number)
        wanted[whole["class_name"]] = argument
        originals[whole["class_name"]] = original_value(changed.get(argument))
        changed[argument] = whole
    order = []
    called = hooks.called

    def noting(name, real, args, kwargs):
        value = args[0] if args else next(iter(kwargs.values()), None)
        if isinstance(value, dict) and value.get("class_name") in wanted:
            argument = wanted[value["class_name"]]
            if argument not in order:
                order.append(argument)
            return copy.copy(originals[value["class_name"]])
        return real(*args, **kwargs)

    hooks.called = noting
    try:
        run(cls, changed)
    finally:
        hooks.called = called
    return order


def candidates():
    seen = {}
    for name, module in sorted(sys.modules.items()):
        if name.split(".")[0] != "keras" or module is None:
            continue
        for value in list(vars(module).values()):
            if (
                isinstance(value, type)
                and value.__module__.startswith("keras.")
                and hasattr(value, "from_config")
                and hasattr(value, "get_config")
            ):
                seen[f"{value.__module__}:{value.__qualname__}"] = value
    return sorted(seen.items())


def main(output):
    signal.signal(signal.SIGALRM, on_alarm)
    install_hooks()
    classes = {}
    unbuilt = {}
    for key, cls in candidates():
        try:
            answer = record_class(cls)
        except Exception as error:
            unbuilt[key] = f"{type(error).__name__}: {error}"[:160]
            continue
        if answer is None:
            unbuilt[key] = "no config"
        else:
            classes[key] = answer
    record = {
        "version": keras.__version__,
        "backend": keras.backend.backend(),
        "classes": classes,
        "unbuilt": unbuilt,
    }
    with open(output, "wb") as file:
        with gzip.GzipFile(
            fileobj=file, mode="wb", compresslevel=9, mtime=0, filename=""
        ) as packed:
            packed.write(
                json.dumps(record, sort_keys=True, separators=(",", ":")).encode()
            )
    print(
        f"{keras.__version__}: {len(classes)} classes, {len(unbuilt)} not built"
    )


if __name__ == "__main__":
    main(sys.argv[1])
