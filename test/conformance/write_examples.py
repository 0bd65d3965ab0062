"""Rewrites the files of examples/ that real Keras writes: configs/functional_model.json and model.keras.

    KERAS_BACKEND=numpy PYTHONPATH=<a folder with keras installed> python test/conformance/write_examples.py

Then it loads every example as Keras does and prints what came of it, which is the table of examples/README.md.
"""

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "numpy")
sys.dont_write_bytecode = True
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
sys.path.insert(0, str(EXAMPLES))

import keras  # noqa: E402
import my_package  # noqa: E402


def build_model():
    """A model with a shared layer, two inputs, an operation as a layer, and custom objects at several depths."""
    measured = keras.Input((12, 8), name="measured")
    expected = keras.Input((12, 8), name="expected")
    scale = my_package.Scale(factor_initializer=my_package.Checkerboard(gain=0.5), name="scale")
    x = scale(measured) - scale(expected)
    x = my_package.ResidualDense(8, activation=my_package.leaky_swish, name="residual")(x)
    x = keras.layers.TimeDistributed(my_package.WithScale(keras.layers.Dense(6, activation="relu")), name="per_step")(x)
    x = my_package.Gate(name="gate")(x)
    x = keras.layers.Bidirectional(keras.layers.GRU(4), name="both_ways")(x)
    score = keras.layers.Dense(1, activation=my_package.scaled_tanh, name="score")(x)
    return keras.Model(inputs=[measured, expected], outputs=score, name="difference")


def outcome(load):
    """What a load comes to, in one line."""
    try:
        return f"loads: {type(load()).__name__}"
    except Exception as error:
        return f"{type(error).__name__}: {error}".splitlines()[0]


def main():
    keras.utils.set_random_seed(0)
    model = build_model()
    (EXAMPLES / "configs" / "functional_model.json").write_text(model.to_json(indent=2) + "\n")
    model.compile(
        optimizer=keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.001, decay_steps=1000)),
        loss=my_package.log_cosh_plus,
        metrics=[my_package.WithinTolerance(0.2)],
    )
    model.save(EXAMPLES / "model.keras")

    print(f"Keras {keras.__version__}")
    for path in sorted((EXAMPLES / "configs").glob("*.json")):
        config = json.loads(path.read_text())
        print(f"{path.name}: {outcome(lambda: keras.saving.deserialize_keras_object(config))}")
    print(f"model.keras: {outcome(lambda: keras.saving.load_model(EXAMPLES / 'model.keras'))}")


if __name__ == "__main__":
    main()
