"""Builds all that the running release can serialize, and writes it: the configs from which cases are made.

    python -m keras_oracle.write OUT.json [--every-application] [--workspaces WORKSPACES.json] [--only NAMES.json]

OUT is {"version", "python", "configs", "unbuilt"}; each config has a `name`, the `door` through which it is loaded and the
text, and those that are bases of damages have a `workspace` too.
"""

import argparse
import json
import signal

from absl import logging

import keras  # isort: skip

if keras.__version__.startswith("2."):
    from keras_oracle.keras2 import write_by_names_of_keras3

    write_by_names_of_keras3()

from keras_oracle import expressions, keras2_expressions, layer_expressions, models, systematic
from keras_oracle.answer import Hang, clean, python_version
from keras_oracle.bases import bases_of
from keras_oracle.workspace import Workspace, start_afresh
from keras_oracle.writing import h5_attributes, saved_config, serialized, with_small_ids

from keras.src import api_export  # isort: skip

NAMES = {name: getattr(keras, name) for name in dir(keras) if not name.startswith("_")} | {
    "keras": keras,
    "schedules": keras.optimizers.schedules,
    "sequential": models.sequential,
    "functional": models.functional,
    "legacy": lambda path: api_export.REGISTERED_NAMES_TO_OBJS[path],
}

logging.set_verbosity(logging.ERROR)

# Tried in this order, until a layer takes one: a shape and dtype, or several of them.
INPUTS = [
    [((4,), "float32")],
    [((6, 4), "float32")],
    [((8, 8, 3), "float32")],
    [((6, 8, 8, 3), "float32")],
    [((4, 6, 8, 8, 3), "float32")],
    [((6,), "int32")],
    [((4,), "float32"), ((4,), "float32")],
    [((6, 4), "float32"), ((6, 4), "float32")],
    [((1,), "int32"), ((1,), "int32")],
    [((6, 4), "float32"), ((6, 4), "float32"), ((6, 4), "float32")],
    [((8, 8, 3), "uint8")],
]


def subject(name):
    """What a record's name speaks of, whichever way it is built and written."""
    return name.removeprefix("a model of ").removesuffix(", serialized").split(", written for ")[0]


class Writing:
    """The configs of one release, and what could not be built."""

    def __init__(self, only=None):
        self.configs = []
        self.unbuilt = []
        self.seen = set()
        self.only = only
        self.start_afresh = start_afresh

    def add(self, name, door, text, **more):
        text = with_small_ids(text)
        if (door, text) not in self.seen:
            self.seen.add((door, text))
            self.configs.append({"name": name, "door": door, "config": text, **more})

    def build(self, name, make):
        """`make()`, or None after noting why that failed. With `only`, nothing but the subjects named there."""
        if self.only is not None and subject(name) not in self.only:
            return None
        self.start_afresh()
        keras.utils.set_random_seed(0)
        signal.setitimer(signal.ITIMER_PROF, 120)
        try:
            return make()
        except (Exception, Hang) as error:
            message = clean(str(error)).strip().splitlines()
            self.unbuilt.append(
                {"name": name, "exception": type(error).__name__, "message": message[0] if message else ""}
            )
            return None
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)


def add_model(writing, name, make, to_json=True):
    """A model by every door: `to_json`, the `.keras` file, the `.h5` file."""
    model = writing.build(name, make)
    if model is None:
        return
    doors = [("load_model", saved_config), ("load_model_h5", h5_attributes)]
    if to_json:
        doors = [("deserialize_keras_object", serialized), ("model_from_json", lambda m: m.to_json()), *doors]
    for loader, write in doors:
        text = writing.build(f"{name}, written for {loader}", lambda write=write: write(model))
        if text is not None:
            writing.add(name, loader, text)


def around(layer):
    """A Functional model of one layer, with whatever inputs it takes."""
    error = None
    batched = getattr(layer, "stateful", False)
    for shapes in INPUTS:
        inputs = [keras.Input(shape, dtype=dtype, batch_size=2 if batched else None) for shape, dtype in shapes]
        calls = [inputs, [inputs]] if len(inputs) > 1 else [inputs]
        for arguments in calls:
            try:
                return keras.Model(inputs, layer(*arguments))
            except Exception as refused:
                error = error or refused
    raise error


def write_expressions(writing):
    """Every expression as an object of its own; every layer also inside a model. Returns the classes that were seen."""
    built = set()
    of_keras2 = keras2_expressions.GROUPS if keras.__version__.startswith("2.") else []
    for group in [*expressions.GROUPS, *layer_expressions.GROUPS, *of_keras2]:
        for expression in expressions.lines(group):
            value = writing.build(expression, lambda: eval(expression, dict(NAMES)))
            if value is None:
                continue
            text = writing.build(f"{expression}, serialized", lambda: serialized(value))
            if text is None:
                continue
            built.add(value if isinstance(value, type) else type(value))
            writing.add(expression, "deserialize_keras_object", text)
            if isinstance(value, keras.layers.Layer) and not isinstance(value, (keras.Model, keras.layers.InputLayer)):
                start_afresh()
                add_model(
                    writing, f"a model of {expression}", lambda: around(eval(expression, dict(NAMES))), to_json=False
                )
    return built


def write_exports(writing, built):
    """What the expressions missed: exported classes with no arguments, and exported functions of the modeling modules."""
    for path, value in sorted(api_export.REGISTERED_NAMES_TO_OBJS.items()):
        if isinstance(value, type):
            if value not in built:
                made = writing.build(f"{path}()", value)
                text = made is not None and writing.build(f"{path}(), serialized", lambda: serialized(made))
                if text:
                    writing.add(f"{path}()", "deserialize_keras_object", text)
        elif callable(value) and path.split(".")[1] in (
            "activations",
            "losses",
            "metrics",
            "initializers",
            "regularizers",
            "constraints",
        ):
            text = writing.build(f"{path}, serialized", lambda: serialized(value))
            if text:
                writing.add(path, "deserialize_keras_object", text)


def write_systematic(writing):
    """Every operation of `keras.ops` as a layer, every string identifier, and objects without `module`."""
    for name, make in systematic.models_of_operations():
        model = writing.build(name, make)
        text = model is not None and writing.build(f"{name}, serialized", model.to_json)
        if text:
            writing.add(name, "model_from_json", text)
    for name, text in [*systematic.configs_of_identifiers(), *systematic.configs_without_module()]:
        writing.add(name, "deserialize_keras_object", text)


def write_applications(writing, names):
    for name in names:
        text = writing.build(
            f"applications.{name}", lambda: getattr(keras.applications, name)(weights=None).to_json()
        )
        if text is not None:
            writing.add(f"applications.{name}", "model_from_json", text)


def write_bases(writing, workspaces):
    """The configs that are damaged, with the user's Python at hand."""
    for name, files in workspaces.items():
        workspace = Workspace(files)
        with workspace.imported() as modules:
            writing.start_afresh = workspace.register_again
            for base in bases_of(name)(modules[name], writing.build):
                call = {key: value for key, value in base.items() if key not in ("name", "door", "config")}
                writing.add(base["name"], base["door"], base["config"], workspace=name, **call)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--every-application", action="store_true")
    parser.add_argument("--workspaces", help="a JSON file of {workspace: {path: text}}: writes the bases of damages only")
    parser.add_argument("--only", help="a JSON file of names: what could not be built on another backend")
    options = parser.parse_args()
    only = None
    if options.only:
        with open(options.only) as file:
            only = {subject(name) for name in json.load(file)}
    writing = Writing(only)
    if options.workspaces:
        with open(options.workspaces) as file:
            write_bases(writing, json.load(file))
    else:
        built = write_expressions(writing)
        write_exports(writing, built)
        write_systematic(writing)
        for name, make in models.MODELS.items():
            add_model(writing, f"models.{name}", make)
        left_out = set() if options.every_application else models.LARGEST_APPLICATIONS
        write_applications(writing, [name for name in models.application_names() if name not in left_out])
    with open(options.out, "w") as out:
        json.dump(
            {
                "version": keras.__version__,
                "python": python_version(),
                "backend": keras.config.backend(),
                "configs": writing.configs,
                "unbuilt": writing.unbuilt,
            },
            out,
        )


if __name__ == "__main__":
    main()
