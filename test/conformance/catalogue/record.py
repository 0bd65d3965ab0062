"""Records what one installed Keras release holds, as the truth that the catalogue is held against.

    PYTHONPATH=RELEASE KERAS_BACKEND=numpy python record.py OUTPUT.json.gz

What is written (all by name, since the objects themselves cannot be):
    exports   canonical export path -> [kind, object]
    lookup    whether api_export.get_symbol_from_name finds them
    aliases   canonical export path -> every path of its @keras_export
    classes   object -> method resolution order, kind, definer of from_config, own methods, __init__ parameters
    modules   module name -> {name: [kind, object]} of vars(module), or the error of importing it
    tables    ALL_OBJECTS_DICT of every module that loading asks by string
An object is written "module:qualname". Kinds: c class, f function, m module, o anything else; None is left out,
since `vars(module).get(name)` cannot tell it from an absent name.
"""

import gzip
import importlib
import inspect
import json
import os
import signal
import sys
import types

import keras
from keras.src import api_export

try:
    from keras.src.saving.keras_saveable import KerasSaveable
except ImportError:
    KerasSaveable = None

TABLES = (
    "activations constraints dtype_policies initializers losses metrics optimizers quantizers regularizers"
).split()
FUNCTION_TYPES = (
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodType,
)


def identity(obj):
    return f"{getattr(obj, '__module__', None)}:{getattr(obj, '__qualname__', None)}"


def kind_of(value):
    if isinstance(value, type):
        return "c"
    if isinstance(value, FUNCTION_TYPES):
        return "f"
    if isinstance(value, types.ModuleType):
        return "m"
    return "o"


def reference(value):
    kind = kind_of(value)
    if kind in "cf":
        return [kind, identity(value)]
    if kind == "m":
        return [kind, value.__name__]
    return [kind, type(value).__name__]


def namespace(module):
    return {
        name: reference(value)
        for name, value in vars(module).items()
        if value is not None
    }


def describe_class(cls):
    parameters = []
    try:
        signature = inspect.signature(cls.__init__)
    except (TypeError, ValueError):
        signature = None
    if signature is not None:
        for parameter in list(signature.parameters.values())[1:]:
            entry = [parameter.name, parameter.kind.name.lower()]
            if parameter.default is not inspect.Parameter.empty:
                entry.append(repr(parameter.default))
            parameters.append(entry)
    from_config = [c for c in cls.__mro__ if "from_config" in vars(c)]
    return {
        "mro": [identity(c) for c in cls.__mro__],
        "saveable": KerasSaveable is None or issubclass(cls, KerasSaveable),
        "from_config": identity(from_config[0]) if from_config else None,
        "init": next(identity(c) for c in cls.__mro__ if "__init__" in vars(c)),
        "own": sorted(
            name
            for name, value in vars(cls).items()
            if isinstance(
                value,
                (types.FunctionType, classmethod, staticmethod, property),
            )
        ),
        "parameters": parameters,
    }


def classes_in(module):
    for value in list(vars(module).values()):
        if (
            isinstance(value, type)
            and value.__module__.split(".")[0] == "keras"
        ):
            for cls in value.__mro__:
                if cls.__module__.split(".")[0] == "keras":
                    yield cls


def describe_module(module):
    classes = {identity(cls): cls for cls in classes_in(module)}
    return {
        "names": namespace(module),
        "classes": {
            name: describe_class(cls) for name, cls in classes.items()
        },
    }


def imported_apart(name):
    """What importing `name` gives in a process of its own, so that one import does not colour the next."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        signal.alarm(120)
        os.close(read)
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        try:
            answer = describe_module(importlib.import_module(name))
        except BaseException as error:
            answer = {
                "error": type(error).__name__,
                "message": str(error)[:200],
                "missing": getattr(error, "name", None),
            }
        with os.fdopen(write, "w") as pipe:
            json.dump(answer, pipe)
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        text = pipe.read()
    os.waitpid(pid, 0)
    return (
        json.loads(text)
        if text
        else {"error": "killed", "message": "", "missing": None}
    )


def module_names():
    names = set()
    for root in keras.__path__:
        for folder, folders, files in os.walk(root):
            folders[:] = sorted(f for f in folders if f != "__pycache__")
            path = os.path.relpath(folder, root)
            prefix = "keras" if path == "." else "keras." + path.replace(os.sep, ".")
            for file in files:
                if not file.endswith(".py"):
                    continue
                stem = file[:-3]
                names.add(prefix if stem == "__init__" else f"{prefix}.{stem}")
    return sorted(names)


def main(output):
    loaded = {
        name: describe_module(module)
        for name, module in list(sys.modules.items())
        if name.split(".")[0] == "keras" and module is not None
    }
    exports = {}
    aliases = {}
    for path, obj in api_export.REGISTERED_NAMES_TO_OBJS.items():
        exports[path] = reference(obj)
        paths = getattr(obj, "_api_export_path", None)
        aliases[path] = (
            list(paths) if isinstance(paths, (list, tuple)) else [paths]
        )
    tables = {}
    for table in TABLES:
        module = sys.modules.get(f"keras.src.{table}")
        entries = getattr(module, "ALL_OBJECTS_DICT", None)
        if entries is not None:
            tables[table] = {
                key: reference(value) for key, value in entries.items()
            }
    modules = {}
    classes = {}
    for name in module_names():
        answer = (
            loaded[name] if name in loaded else imported_apart(name)
        )
        classes.update(answer.pop("classes", {}))
        modules[name] = (
            answer.get("names") if "names" in answer else {"": answer}
        )
    record = {
        "version": keras.__version__,
        "backend": keras.backend.backend(),
        "python": sys.version.split()[0],
        "loaded": sorted(loaded),
        "exports": exports,
        "lookup": api_export.get_symbol_from_name("keras.layers.Dense")
        is not None,
        "aliases": aliases,
        "classes": classes,
        "modules": modules,
        "tables": tables,
    }
    # mtime=0: the same content gives the same bytes.
    with open(output, "wb") as file:
        with gzip.GzipFile(
            fileobj=file, mode="wb", compresslevel=9, mtime=0, filename=""
        ) as packed:
            packed.write(
                json.dumps(record, sort_keys=True, separators=(",", ":")).encode()
            )


if __name__ == "__main__":
    main(sys.argv[1])
