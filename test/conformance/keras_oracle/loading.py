"""One question to Keras: does this config load, by this door, with these custom objects at hand?"""

import contextlib
import importlib
import json
import os
import re
import signal
import sys
import tempfile
import threading
import warnings
import zipfile

os.environ.setdefault("KERAS_BACKEND", "numpy")
warnings.simplefilter("ignore")

import h5py  # noqa: E402
import keras  # noqa: E402
from keras.src.backend.common import global_state  # noqa: E402
from keras.src.legacy.saving import legacy_h5_format  # noqa: E402
from keras.src.saving import object_registration, saving_lib  # noqa: E402

HANG_SECONDS = 6
"""Keras's loops are Python: an alarm ends them. The longest honest load here takes a fraction of a second."""


class Hang(BaseException):
    """Raised by the alarm; no `except Exception` of Keras catches it."""


class ConfigLoaded(BaseException):
    """Raised where `load_model` is through with the config and would turn to the weights."""


def _on_alarm(_signal, _frame):
    raise Hang


signal.signal(signal.SIGALRM, _on_alarm)


def start_afresh():
    """Forgets registrations, scopes, and the counters that make automatic names."""
    object_registration.GLOBAL_CUSTOM_OBJECTS.clear()
    object_registration.GLOBAL_CUSTOM_NAMES.clear()
    global_state.GLOBAL_STATE_TRACKER = threading.local()
    if hasattr(global_state, "GLOBAL_SETTINGS_TRACKER"):
        global_state.GLOBAL_SETTINGS_TRACKER = threading.local()


# --- the doors -------------------------------------------------------------------------------------------------------


def deserialize_keras_object(config_text, custom_objects=None, **safe_mode):
    return keras.saving.deserialize_keras_object(json.loads(config_text), custom_objects, **safe_mode)


def model_from_json(config_text, custom_objects=None):
    return keras.models.model_from_json(config_text, custom_objects)


def layers_deserialize(config_text, custom_objects=None):
    return keras.layers.deserialize(json.loads(config_text), custom_objects)


def from_config(config_text, custom_objects=None):
    """`from_config` of the class that the config names, or of a model for what `get_config` of one returns."""
    config = json.loads(config_text)
    inner = config["config"] if "class_name" in config else config
    if "layers" not in inner:
        return getattr(keras.layers, config["class_name"]).from_config(inner)
    return (keras.Model if "input_layers" in inner else keras.Sequential).from_config(inner, custom_objects)


def load_model(config_text, custom_objects=None, **safe_mode):
    """`keras.saving.load_model` of a `.keras` file with this config.json, up to where it would read the weights."""
    with tempfile.NamedTemporaryFile(suffix=".keras") as file:
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(
                "metadata.json", json.dumps({"keras_version": keras.__version__, "date_saved": "2026-01-01@00:00:00"})
            )
            archive.writestr("config.json", config_text)
        file.flush()
        loaded = []
        real = saving_lib.deserialize_keras_object

        def deserialize_and_stop(*args, **kwargs):
            # Keras 2 reads the compile config by the same name.
            saving_lib.deserialize_keras_object = real
            loaded.append(real(*args, **kwargs))
            raise ConfigLoaded

        saving_lib.deserialize_keras_object = deserialize_and_stop
        try:
            keras.saving.load_model(file.name, custom_objects, **safe_mode)
        except ConfigLoaded:
            return loaded[0]
        finally:
            saving_lib.deserialize_keras_object = real
    raise AssertionError("load_model returned without deserializing the config")


def legacy_h5(config_text, custom_objects=None, **safe_mode):
    """`keras.saving.load_model` of an `.h5` file with these attributes, weights left out.

    `config_text` is a JSON object: `model_config`, `training_config` (objects here, JSON strings in the file),
    `keras_version` and `backend`.
    """
    with tempfile.NamedTemporaryFile(suffix=".h5") as file:
        with h5py.File(file.name, "w", libver="latest") as h5:
            for name, value in json.loads(config_text).items():
                h5.attrs[name] = value if isinstance(value, str) else json.dumps(value)
            h5.create_group("model_weights")
        real = legacy_h5_format.load_weights_from_hdf5_group
        legacy_h5_format.load_weights_from_hdf5_group = lambda *args, **kwargs: None
        try:
            return keras.saving.load_model(file.name, custom_objects, **safe_mode)
        finally:
            legacy_h5_format.load_weights_from_hdf5_group = real


LOADERS = {"deserialize_keras_object": deserialize_keras_object, "load_model": load_model, "legacy_h5": legacy_h5}


# --- the answer ------------------------------------------------------------------------------------------------------


def python_version():
    """Of the interpreter that answers: some texts are Python's own, and change with it."""
    return ".".join(map(str, sys.version_info[:2]))


def type_path(value):
    kind = value if isinstance(value, type) or callable(value) and hasattr(value, "__qualname__") else type(value)
    return f"{kind.__module__}.{kind.__qualname__}"


def ask(call):
    """What `call()` comes to: {"loads": true, "object"}, {"exception", "message", "raised_in"} or {"hangs": true}."""
    signal.alarm(HANG_SECONDS)
    try:
        with open(os.devnull, "w") as nothing, contextlib.redirect_stdout(nothing), contextlib.redirect_stderr(nothing):
            value = call()
        return {"loads": True, "object": type_path(value)}
    except Hang:
        return {"hangs": True}
    except Exception as error:
        return {"exception": type(error).__name__, "message": clean(str(error)), "raised_in": raised_in(error)}
    finally:
        signal.alarm(0)


def raised_in(error):
    """Where the first exception of the chain came from, as `saving/serialization_lib.py: deserialize_keras_object`.

    The innermost function of Keras, or of the workspace where none of Keras is there. It tells a failure to find an
    object from one to construct it, which texts do not always.
    """
    while error.__cause__ or error.__context__:
        error = error.__cause__ or error.__context__
    place = ""
    trace = error.__traceback__
    while trace:
        code = trace.tb_frame.f_code
        source = re.split(r"/(?:tf_)?keras/src/|/workspace-[^/]*/", code.co_filename)
        if len(source) > 1:
            place = f"{source[-1]}: {code.co_name}"
        trace = trace.tb_next
    return place


_PRINTED_CONFIG = re.compile(r"(?:config=|Full object config: ?|`keras\.layers\.Layer`\. Received: )(?=\{)")


def clean(message):
    """The message without what no one can foresee: printed configs become `{…}`, addresses `0x…`.

    A config is cut only after `config=` and `Full object config:`, and only as far as its closing brace, since other
    sentences of Keras follow it.
    """
    pieces = []
    position = 0
    while match := _PRINTED_CONFIG.search(message, position):
        end = _end_of_literal(message, match.end())
        if end is None:
            break
        pieces += [message[position : match.end()], "{…}"]
        position = end
    pieces.append(message[position:])
    text = re.sub(r"\b0x[0-9a-f]{6,}\b", "0x…", "".join(pieces))
    return re.sub(r"\bid=\d{6,}\b", "id=…", text)


def _end_of_literal(text, start):
    """Where the Python literal that opens at `start` ends, or None where it never does."""
    depth = 0
    quote = None
    index = start
    while index < len(text):
        character = text[index]
        if quote:
            if character == "\\":
                index += 1
            elif character == quote:
                quote = None
        elif character in "'\"":
            quote = character
        elif character in "{[(":
            depth += 1
        elif character in "}])":
            depth -= 1
            if depth == 0:
                return index + 1
        index += 1
    return None


# --- the workspace ---------------------------------------------------------------------------------------------------


class Workspace:
    """The user's Python: files that are written to a folder and all imported, and what their import registers."""

    def __init__(self, files):
        self.files = files
        self.folder = tempfile.TemporaryDirectory(prefix="workspace-")
        self.modules = []
        for path, text in files.items():
            target = os.path.join(self.folder.name, path)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, "w") as file:
                file.write(text)
            self.modules.append(path.removesuffix(".py").replace("/", ".").removesuffix(".__init__"))

    @contextlib.contextmanager
    def imported(self):
        """Starts afresh, imports every file, and forgets the modules again at the end."""
        start_afresh()
        sys.path.insert(0, self.folder.name)
        sys.dont_write_bytecode = True
        importlib.invalidate_caches()
        try:
            modules = {name: importlib.import_module(name) for name in sorted(self.modules)}
            self.registered = (
                dict(object_registration.GLOBAL_CUSTOM_OBJECTS),
                dict(object_registration.GLOBAL_CUSTOM_NAMES),
            )
            yield modules
        finally:
            sys.path.remove(self.folder.name)
            for name in self.modules:
                sys.modules.pop(name, None)
            start_afresh()

    def register_again(self):
        """Starts afresh with what the import registered: cheaper than importing again, inside `imported()` only."""
        start_afresh()
        object_registration.GLOBAL_CUSTOM_OBJECTS.update(self.registered[0])
        object_registration.GLOBAL_CUSTOM_NAMES.update(self.registered[1])
