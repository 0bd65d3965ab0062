"""Edits of a config that may let shapes no longer meet: one number, or one list of numbers, is another one."""

import copy


def places(config):
    """Every (pointer, value) of a number, or of a list of numbers and nulls, within what makes shapes."""
    found = []
    pending = [("", config)]
    while pending:
        pointer, value = pending.pop()
        if isinstance(value, dict):
            for key, member in value.items():
                if key in ("dtype", "kernel_initializer", "bias_initializer", "input_layers", "output_layers", "inbound_nodes", "cell"):
                    continue
                pending.append((f"{pointer}/{key}", member))
        elif isinstance(value, list) and not is_numbers(value):
            for index, member in enumerate(value):
                pending.append((f"{pointer}/{index}", member))
        elif is_numbers(value) or (isinstance(value, int) and not isinstance(value, bool)):
            found.append((pointer, value))
    return sorted(found, key=lambda place: place[0])


def is_numbers(value):
    return isinstance(value, list) and len(value) > 0 and all(v is None or type(v) is int for v in value)


def damaged(value, choose):
    if isinstance(value, int):
        return choose.choice([value + 1, value + 2, max(1, value - 1), 1, 2, 3, 7, 50])
    value = list(value)
    way = choose.random()
    if way < 0.15 and len(value) > 1:
        value.pop()
    elif way < 0.25:
        value.append(choose.choice([1, 2, 3]))
    else:
        index = choose.randrange(len(value))
        value[index] = choose.choice([1, 2, 3, 5, 9, 40, None]) if value[index] is None else damaged(value[index], choose)
    return value


def damages_of(config, choose, count):
    all_places = places(config)
    edits = []
    for _ in range(min(count, len(all_places))):
        pointer, value = choose.choice(all_places)
        edits.append({"at": pointer, "value": damaged(value, choose)})
    return edits


def with_edit(config, edit):
    config = copy.deepcopy(config)
    *parents, last = edit["at"].split("/")[1:]
    at = config
    for part in parents:
        at = at[int(part)] if isinstance(at, list) else at[part]
    if isinstance(at, list):
        at[int(last)] = edit["value"]
    else:
        at[last] = edit["value"]
    return config
