"""A seeded choice of damages: of every kind some, spread over doors, bases and the places that hold objects."""

import json
import random
from collections import defaultdict

from damages import fields, keras2, measured_only, structure, values
from damages.names import NAMES

SEED = 20261128
PER_KIND = 12
PER_BASE_AND_KIND = 4
PER_KIND_THAT_MOSTLY_LOADS = 48
MOSTLY_LOADS = {
    "argument missing",
    "blank before class_name",
    "build_config a string",
    "class_name in snake case",
    "class_name instead of the object",
    "module by its private path",
    "module doubled",
    "module one level down",
    "module one level up",
    "registered_name Custom",
    "registered_name a number",
    "registered_name empty",
    "registered_name missing",
    "registered_name of another package",
    "registered_name of another package added",
    "registered_name of keras_hub",
    "registered_name that nobody registers",
    "registered_name without package",
    "relative module",
    "slashes in module",
}
"""Kinds of which real Keras refuses few: more of them are chosen, so that enough fail."""
WEIGHTS = {"3.0.5": 6, "3.5.0": 3}
"""What old releases wrote loads in most releases, and so says something of each of them; what is not here weighs 1."""


def all_damages(base, config, rng):
    names = NAMES[base["workspace"]]
    for module in (fields, values, structure, keras2):
        yield from module.damages(config, names, rng)
    if base["name"] == "deep":
        yield from fields.deep_damages(config, names, rng)
    if base["half"] == "held out":
        yield from measured_only.damages(config, names, rng)
        yield from measured_only.call_damages(base, config)


def candidates(bases, numbers, rng):
    """kind → [(number of the base, damage)], a few of each base."""
    by_kind = defaultdict(list)
    for number in numbers:
        base = bases[number]
        of_base = defaultdict(list)
        for damage in all_damages(base, json.loads(base["config"]), rng):
            of_base[damage.kind].append(damage)
        for kind, some in of_base.items():
            by_kind[kind] += [(number, damage) for damage in rng.sample(some, min(PER_BASE_AND_KIND, len(some)))]
    return by_kind


def choose(bases, numbers):
    """[(number of the base, damage)] of the bases of these numbers. What there is more of some kinds comes last: where two
    damages are one to Keras, the first stays."""
    rng = random.Random(SEED)
    chosen, more = [], []
    for kind, some in sorted(candidates(bases, numbers, rng).items()):
        some.sort(key=lambda one: -(rng.random() ** (1 / WEIGHTS.get(bases[one[0]]["written_by"], 1))))
        seen = set()
        first, rest = [], []
        for number, damage in some:
            group = (bases[number]["door"], damage.place)
            (rest if group in seen else first).append((number, damage))
            seen.add(group)
        in_order = [*first, *rest]
        chosen += in_order[:PER_KIND]
        if kind in MOSTLY_LOADS:
            more += in_order[PER_KIND:PER_KIND_THAT_MOSTLY_LOADS]
    return chosen + more
