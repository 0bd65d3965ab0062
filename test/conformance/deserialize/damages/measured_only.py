"""The kinds of damage that only the held out half has."""

import re

from damages.damage import Damage, edit, is_class, is_object, place_name, places, pointer, put


def snake(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def named(value, path):
    """Damages of the names of a class."""
    name, module, key = value["class_name"], value.get("module"), value.get("registered_name")
    if isinstance(name, str):
        field = (*path, "class_name")
        yield put("identity", "class_name in snake case", field, snake(name) if snake(name) != name else name + "_layer")
        yield put("identity", "blank before class_name", field, f" {name}")
        yield put("identity", "look-alike letter in class_name", field, look_alike(name))
        if isinstance(module, str):
            yield put("resolution", "class_name with its module", field, f"{module}.{name}")
            yield put("resolution", "class_name of an inner class", field, f"Outer.{name}")
    if isinstance(module, str):
        field = (*path, "module")
        below = f"{module}.{snake(name)}" if isinstance(name, str) else f"{module}.x"
        yield put("resolution", "module one level down", field, below)
        yield put("resolution", "module one level up", field, module.rpartition(".")[0] or "src")
        yield put("identity", "slashes in module", field, module.replace(".", "/") + "/")
        yield put("identity", "relative module", field, f".{module}")
        yield put("resolution", "module doubled", field, f"{module}.{module}")
    if isinstance(key, str) and ">" in key:
        package, _, bare = key.partition(">")
        field = (*path, "registered_name")
        yield put("resolution", "registered_name with two packages", field, f"company>{key}")
        yield put("resolution", "package in another case", field, f"{package.upper()}>{bare}")
        yield put("resolution", "dot instead of > in registered_name", field, f"{package}.{bare}")
        yield put("identity", "blank after > in registered_name", field, f"{package}> {bare}")
        yield put("resolution", "registered_name of a newer class", field, f"{key}V2")


def look_alike(name):
    """The name with one letter of another alphabet that looks the same."""
    alike = {"a": "а", "e": "е", "o": "о", "c": "с", "p": "р", "x": "х", "s": "ѕ", "i": "і", "D": "Ⅾ", "L": "Ⅼ"}
    for letter, other in alike.items():
        if letter in name:
            return name.replace(letter, other, 1)
    return name + "\u200b"


def damages(config, names, rng):
    objects = [(path, value) for path, value in places(config) if is_object(value)]
    classes = [(path, value) for path, value in objects if is_class(value)]
    for path, value in classes:
        yield from named(value, path)
        if path:
            yield put("strings", "class_name instead of the object", path, value["class_name"])
            yield put("loader", "only module and class_name left", path, {k: v for k, v in value.items() if k != "config"})
            other = rng.choice(classes)[1]
            if other is not value:
                yield put("another object", "another object of the config instead", path, other)
        if isinstance(value.get("module"), str) and isinstance(value["class_name"], str):
            changes = {"module": value["class_name"], "class_name": value["module"]}
            edits = [edit((*path, field), new) for field, new in changes.items()]
            yield Damage("identity", "module and class_name swapped", edits, place_name(path), pointer((*path, "class_name")))
    for path, value in objects:
        if value["class_name"] == "function" and isinstance(value["config"], str):
            at = (*path, "config")
            yield put("resolution", "function with its module", at, f"keras.activations.{value['config']}")
            yield put("identity", "blank after the function's name", at, value["config"] + " ")
            yield put("resolution", "function in another case", at, value["config"].title())


def call_damages(base, config):
    """Damages of the call: what the caller hands in."""
    handed = base.get("custom_objects") or base.get("scope")
    if handed:
        for key, path in handed.items():
            first = next((p for p, v in places(config) if is_class(v) and v.get("registered_name", v["class_name"]) == key), None)
            if first is None:
                continue
            at = pointer((*first, "registered_name"))
            for kind, objects in [
                ("custom object not handed in", {}),
                ("custom object handed in by another name", {f"optics>{key}": path}),
                ("custom object handed in by its path", {path: path}),
            ]:
                call = {"custom_objects" if "custom_objects" in base else "scope": objects}
                yield Damage("resolution", kind, [], base["door"] + kind, at, call)
    if base.get("safe_mode") is False:
        at = next(p for p, v in places(config) if is_object(v) and v["class_name"] == "__lambda__")
        yield Damage("safety", "lambda in safe mode", [], base["door"], pointer(at), {"safe_mode": True})
