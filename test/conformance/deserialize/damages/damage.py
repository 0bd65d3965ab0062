"""What a damage is, and the places of a config."""

import random
from dataclasses import dataclass, field

MISSING = object()


@dataclass
class Damage:
    family: str
    kind: str
    edits: list
    """[{"at": pointer, "put": value} | {"at": pointer, "remove": true} | {"at": pointer, "rename": key}]"""
    place: str
    """The argument or list that holds what is damaged: a sample over places meets every kind of slot."""
    at: str = ""
    """JSON Pointer of the damaged value, or of where it was."""
    call: dict = field(default_factory=dict)
    """What changes in the call: custom_objects, safe_mode."""


def places(config):
    """Every value as (path from the root, value), parents before their members; iterative, as depth is the input's."""
    pending = [((), config)]
    while pending:
        path, value = pending.pop()
        yield path, value
        members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        pending.extend(((*path, key), member) for key, member in reversed(list(members)))


def pointer(path):
    return "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in path)


def place_name(path):
    """The argument or list that holds a value; a position in a list, and a name in a dict of losses, do not matter."""
    names = [key for key in path if isinstance(key, str) and key != "config"]
    return "/".join(names[-2:])


def is_object(value):
    return isinstance(value, dict) and "class_name" in value and "config" in value


def is_class(value):
    """An object of a class that Keras looks up; not a function, not one of the special values."""
    return is_object(value) and value["class_name"] != "function" and not str(value["class_name"]).startswith("__")


def edit(path, value):
    if value is MISSING:
        return {"at": pointer(path), "remove": True}
    return {"at": pointer(path), "put": value}


def put(family, kind, path, value):
    """A damage that puts a value in the place of another, or takes it out where it is MISSING."""
    return Damage(family, kind, [edit(path, value)], place_name(path), pointer(path))


def typo(name, rng: random.Random):
    """The name with two neighbours swapped, so that no test knows it by heart."""
    swaps = [i for i in range(1, len(name) - 1) if name[i] != name[i + 1]]
    if not swaps:
        return name + "x"
    place = rng.choice(swaps)
    return name[:place] + name[place + 1] + name[place] + name[place + 2 :]


def depth_of(config, path):
    """How many objects lie around the value at a path."""
    depth = 0
    for key in path:
        if is_class(config):
            depth += 1
        config = config[key]
    return depth
