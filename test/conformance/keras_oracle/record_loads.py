"""Builds all that Keras can serialize, serializes it, and loads it back: the recording `loads-<version>.json.gz`.

python -m keras_oracle.record_loads OUT.json [--every-application]
"""

import argparse
import json
import signal

from absl import logging

from keras_oracle import expressions, layer_expressions, models, systematic
from keras_oracle.loading import LOADERS, Hang, ask, clean, python_version, start_afresh
from keras_oracle.writing import h5_attributes, saved_config, serialized, with_small_ids

import keras  # isort: skip
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


BACKEND = keras.config.backend()


def subject(name):
    """What a record's name speaks of, whichever way it is built and written."""
    return name.removeprefix("a model of ").removesuffix(", serialized").split(", written for ")[0]


class Recording:
    """The records of one release, and what could not be built."""

    def __init__(self, records=(), again=None):
        self.records = list(records)
        self.unbuilt = []
        self.seen = {(record["loader"], record["config"]) for record in self.records}
        self.again = again

    def add(self, name, loader, text):
        """Asks Keras about a config, unless the same was asked before."""
        text = with_small_ids(text)
        if (loader, text) in self.seen:
            return
        self.seen.add((loader, text))
        start_afresh()
        outcome = ask(lambda: LOADERS[loader](text))
        self.records.append(
            {
                "name": name,
                "version": keras.__version__,
                "backend": BACKEND,
                "loader": loader,
                "config": text,
                "outcome": outcome,
            }
        )

    def build(self, name, make):
        """`make()`, or None after noting why that failed. With `again`, only what was unbuilt on another backend."""
        if self.again is not None and subject(name) not in self.again:
            return None
        start_afresh()
        keras.utils.set_random_seed(0)
        signal.alarm(60)
        try:
            return make()
        except (Exception, Hang) as error:
            message = clean(str(error)).strip().splitlines()
            self.unbuilt.append(
                {"name": name, "exception": type(error).__name__, "message": message[0] if message else ""}
            )
            return None
        finally:
            signal.alarm(0)


def add_model(recording, name, make, to_json=True):
    """A model by every door: `to_json`, the `.keras` file, the `.h5` file."""
    model = recording.build(name, make)
    if model is None:
        return
    doors = [("load_model", saved_config), ("legacy_h5", h5_attributes)]
    if to_json:
        doors = [("deserialize_keras_object", serialized), ("deserialize_keras_object", lambda m: m.to_json()), *doors]
    for loader, write in doors:
        text = recording.build(f"{name}, written for {loader}", lambda write=write: write(model))
        if text is not None:
            recording.add(name, loader, text)


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


def record_expressions(recording):
    """Every expression as an object of its own; every layer also inside a model. Returns the classes that were seen."""
    built = set()
    for group in [*expressions.GROUPS, *layer_expressions.GROUPS]:
        for expression in expressions.lines(group):
            value = recording.build(expression, lambda: eval(expression, dict(NAMES)))
            if value is None:
                continue
            text = recording.build(f"{expression}, serialized", lambda: serialized(value))
            if text is None:
                continue
            built.add(value if isinstance(value, type) else type(value))
            recording.add(expression, "deserialize_keras_object", text)
            if isinstance(value, keras.layers.Layer) and not isinstance(value, (keras.Model, keras.layers.InputLayer)):
                start_afresh()
                add_model(
                    recording, f"a model of {expression}", lambda: around(eval(expression, dict(NAMES))), to_json=False
                )
    return built


def record_exports(recording, built):
    """What the expressions missed: exported classes with no arguments, and exported functions of the modeling modules."""
    for path, value in sorted(api_export.REGISTERED_NAMES_TO_OBJS.items()):
        if isinstance(value, type):
            if value not in built:
                made = recording.build(f"{path}()", value)
                text = made is not None and recording.build(f"{path}(), serialized", lambda: serialized(made))
                if text:
                    recording.add(f"{path}()", "deserialize_keras_object", text)
        elif callable(value) and path.split(".")[1] in (
            "activations",
            "losses",
            "metrics",
            "initializers",
            "regularizers",
            "constraints",
        ):
            text = recording.build(f"{path}, serialized", lambda: serialized(value))
            if text:
                recording.add(path, "deserialize_keras_object", text)


def record_systematic(recording):
    """Every operation of `keras.ops` as a layer, every string identifier, and objects without `module`."""
    for name, make in systematic.models_of_operations():
        model = recording.build(name, make)
        text = model is not None and recording.build(f"{name}, serialized", model.to_json)
        if text:
            recording.add(name, "deserialize_keras_object", text)
    for name, text in [*systematic.configs_of_identifiers(), *systematic.configs_without_module()]:
        recording.add(name, "deserialize_keras_object", text)


def record_applications(recording, names):
    for name in names:
        text = recording.build(
            f"applications.{name}", lambda: getattr(keras.applications, name)(weights=None).to_json()
        )
        if text is not None:
            recording.add(f"applications.{name}", "deserialize_keras_object", text)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--every-application", action="store_true")
    parser.add_argument(
        "--add-to", help="a recording made on another backend: build only what could not be built there"
    )
    options = parser.parse_args()
    if options.add_to:
        with open(options.add_to) as file:
            before = json.load(file)
        recording = Recording(before["records"], {subject(one["name"]) for one in before["unbuilt"]})
    else:
        recording = Recording()
    built = record_expressions(recording)
    record_exports(recording, built)
    record_systematic(recording)
    for name, make in models.MODELS.items():
        add_model(recording, f"models.{name}", make)
    record_applications(
        recording, models.application_names() if options.every_application else models.SMALL_APPLICATIONS
    )
    with open(options.out, "w") as out:
        json.dump(
            {
                "version": keras.__version__,
                "python": python_version(),
                "records": recording.records,
                "unbuilt": recording.unbuilt,
            },
            out,
        )


if __name__ == "__main__":
    main()
