"""Imports every module below a folder with real Keras and writes down what it registered.

    python import_package.py ROOT PACKAGE OUT.json [FOLDER ...]

ROOT is the folder that the dotted names count from, PACKAGE the folder below it whose modules are imported (`.` for all
of ROOT). Each FOLDER is put on `sys.path` too, and its modules are imported after those of the package. One process
per package: a registry is global.
"""

import importlib
import inspect
import json
import os
import platform
import signal
import sys
import sysconfig
import traceback
import warnings

SECONDS_PER_MODULE = 180


class Registry(dict):
    """A registry of Keras that notes which file set each key, and what it held before."""

    def __init__(self, entries):
        super().__init__(entries)
        self.history = {}

    def __setitem__(self, key, value):
        super().__setitem__(key, value)
        self.history.setdefault(key, []).append((value, registering_file()))

    def update(self, *args, **kwargs):
        for key, value in dict(*args, **kwargs).items():
            self[key] = value

    def __ior__(self, other):
        self.update(other)
        return self

    def setdefault(self, key, default=None):
        if key not in self:
            self[key] = default
        return self[key]


def registering_file():
    """The file of the innermost frame that is neither this file nor Keras's own `object_registration.py`."""
    frame = sys._getframe(1)
    while frame is not None:
        file = frame.f_code.co_filename
        if file != __file__ and os.path.basename(file) != "object_registration.py":
            return file
        frame = frame.f_back
    return None


def watch_registries():
    """Puts a watching dict in the place of the registry of every Keras that is imported here."""
    registries = []
    for name in ("keras", "tf_keras"):
        try:
            importlib.import_module(name)
            module = importlib.import_module(f"{name}.src.saving.object_registration")
        except ImportError:
            continue
        for attribute in ("GLOBAL_CUSTOM_OBJECTS", "_GLOBAL_CUSTOM_OBJECTS"):
            if hasattr(module, attribute):
                registry = Registry(getattr(module, attribute))
                setattr(module, attribute, registry)
                registries.append(registry)
    return registries


def is_test(path):
    """Whether a relative path is of the package's own tests."""
    *folders, name = path.split("/")
    stem = name.removesuffix(".py")
    return (
        any(folder in ("test", "tests") for folder in folders)
        or stem in ("conftest", "tests")
        or stem.startswith("test_")
        or stem.endswith("_test")
    )


def modules_below(root, package):
    """(dotted name, relative path) of every Python file, those in folders without `__init__.py` too, in order of paths."""
    found = []
    for folder, folders, files in os.walk(os.path.join(root, package)):
        folders[:] = [name for name in folders if name != "__pycache__"]
        for name in files:
            path = os.path.relpath(os.path.join(folder, name), root).replace(os.sep, "/")
            if path.endswith(".py") and not is_test(path):
                dotted = path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
                found.append((dotted, path))
    return sorted(found, key=lambda one: one[1])


def on_alarm(_signal, _frame):
    raise TimeoutError(f"longer than {SECONDS_PER_MODULE} seconds")


def import_all(modules):
    """{relative path: exception} of the modules that could not be imported."""
    failed = {}
    signal.signal(signal.SIGALRM, on_alarm)
    for dotted, path in modules:
        signal.alarm(SECONDS_PER_MODULE)
        try:
            importlib.import_module(dotted)
        # A module may also call sys.exit().
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            line = traceback.format_exception_only(error)[-1].strip().split("\n")[0]
            # Where the environment stands is no part of the exception.
            failed[path] = line.replace(sysconfig.get_path("purelib") + os.sep, "")[:200]
        finally:
            signal.alarm(0)
    return failed


def unwrapped(thing):
    """The class or function behind wrappers: `__wrapped__`, and the Python function of a `tf.function`."""
    for _ in range(20):
        inner = inspect.unwrap(thing)
        # `inspect.getattr_static`: an object may answer any attribute.
        if not inspect.isclass(inner) and hasattr(type(inner), "python_function"):
            inner = inner.python_function
        if inner is thing:
            return inner
        thing = inner
    return thing


def kind_of(thing):
    if inspect.isclass(thing):
        return "class"
    return "function" if inspect.isroutine(thing) else "other"


def source_of(thing):
    """(file, line) of a class or function, None for what has none."""
    try:
        file = inspect.getsourcefile(thing)
    except TypeError:
        return None, None
    try:
        line = inspect.getsourcelines(thing)[1]
    except (OSError, TypeError, IndexError):
        line = None
    return file, line


def describe(thing, by, relative):
    inner = unwrapped(thing)
    file, line = source_of(inner)
    entry = {
        "kind": kind_of(inner),
        "module": getattr(inner, "__module__", None),
        "qualname": getattr(inner, "__qualname__", None),
        "file": relative(file),
        "line": line,
    }
    if relative(by) != entry["file"]:
        entry["by"] = relative(by)
    return entry


def record(root, package, beside):
    sys.path[:0] = [*beside, root]
    registries = watch_registries()
    before = [dict(registry) for registry in registries]
    failed = import_all(modules_below(root, package))
    for folder in beside:
        failed.update(import_all(modules_below(folder, ".")))

    inside = [os.path.realpath(os.path.join(root, package)), *map(os.path.realpath, beside)]
    bases = [os.path.realpath(root), *map(os.path.realpath, beside)]

    def relative(file):
        """A path from the folder of installed packages; None where it is of no file, or of Python itself."""
        if file is None or not os.path.exists(file):
            return None
        file = os.path.realpath(file)
        for base in [*bases, *map(os.path.realpath, filter(None, sys.path))]:
            if file.startswith(base + os.sep):
                return os.path.relpath(file, base).replace(os.sep, "/")
        return None

    def belongs(file):
        return file is not None and any(
            os.path.realpath(file).startswith(folder + os.sep) for folder in inside
        )

    def left_out(file):
        path = relative(file)
        return path is not None and (path in failed or is_test(path))

    keys = {}
    for registry, earlier in zip(registries, before):
        for key, thing in registry.items():
            if key in earlier and earlier[key] is thing:
                continue
            history = registry.history.get(key, [(thing, None)])
            by = history[-1][1]
            file, _ = source_of(unwrapped(thing))
            if not (belongs(by) or belongs(file)) or left_out(by) or left_out(file):
                continue
            entry = describe(thing, by, relative)
            others = []
            for other, other_by in history[:-1]:
                replaced = describe(other, other_by, relative)
                if replaced != entry and replaced not in others:
                    others.append(replaced)
            if others:
                entry["replaced"] = others
            keys[key if isinstance(key, str) else repr(key)] = entry
    return {"failed": failed, "keys": dict(sorted(keys.items()))}


def versions():
    found = {"python": platform.python_version()}
    for name in ("keras", "tensorflow", "tf_keras"):
        module = sys.modules.get(name)
        if module is not None and getattr(module, "__version__", None):
            found[name] = module.__version__
    return found


def main():
    warnings.simplefilter("ignore")
    root, package, out, *beside = sys.argv[1:]
    made = record(os.path.abspath(root), package, [os.path.abspath(folder) for folder in beside])
    made["versions"] = versions()
    with open(out, "w", encoding="utf-8") as file:
        json.dump(made, file)


if __name__ == "__main__":
    # Some packages print much and leave threads behind.
    sys.stdout = sys.stderr
    main()
    sys.stderr.flush()
    os._exit(0)
