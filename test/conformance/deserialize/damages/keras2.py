"""What Keras 2 left in configs: names that Keras 3 does not have, and arguments that it does not take."""

from damages.damage import MISSING, Damage, edit, is_class, place_name, places, pointer, put

REMOVED = ["ThresholdedReLU", "LocallyConnected1D", "CuDNNLSTM", "DenseFeatures", "TFOpLambda", "SlicingOpLambda", "RandomHeight"]


def damages(config, _names, rng):
    for path, value in places(config):
        if not is_class(value):
            continue
        if not path and "module" in value:
            edits = [edit(("module",), MISSING)] + ([edit(("registered_name",), MISSING)] if "registered_name" in value else [])
            yield Damage("keras 2", "root without module", edits, f"{value['class_name']}", "/module")
        if isinstance(value.get("module"), str):
            for module in ["keras.src.engine.functional", "keras.layers.experimental.preprocessing", "keras.optimizers.legacy"]:
                yield put("keras 2", "module that Keras 3 dropped", (*path, "module"), module)
            yield put("keras 2", "class that Keras 3 dropped", (*path, "class_name"), rng.choice(REMOVED))
            if value["module"] == "keras.optimizers":
                yield put("keras 2", "legacy optimizer", (*path, "module"), "keras.optimizers.legacy")
        if not isinstance(value["config"], dict):
            continue
        inner = (*path, "config")
        if "dtype" in value["config"]:
            for module in [{}, {"module": "keras.mixed_precision", "registered_name": None}]:
                policy = {"class_name": "Policy", "config": {"name": "mixed_float16"}, **module}
                yield put("keras 2", "dtype is a Policy", (*inner, "dtype"), policy)
        for argument, new in [
            ("batch_input_shape", [None, 4]),
            ("groups", 1),
            ("time_major", False),
            ("lr", 0.1),
            ("is_legacy_optimizer", False),
            ("fn", "mean_squared_error"),
        ]:
            if argument not in value["config"] and "layers" not in value["config"]:
                place = f"{value['class_name']} in {place_name(path)}: {argument}"
                added = [{"at": pointer(inner), "add": {argument: new}}]
                yield Damage("arguments", "argument of Keras 2", added, place, pointer((*inner, argument)))
        if "reduction" in value["config"]:
            yield put("arguments", "argument of Keras 2", (*inner, "reduction"), "auto")
        if isinstance(value["config"].get("axis"), int):
            yield put("arguments", "argument of Keras 2", (*inner, "axis"), [value["config"]["axis"]])
        if isinstance(value["config"].get("layers"), list):
            yield put("keras 2", "list of layers for config", inner, value["config"]["layers"])
