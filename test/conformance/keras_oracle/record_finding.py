"""Damages configs in one place each and asks the running release: the recording `finding-<version>.json.gz`.

    python -m keras_oracle.record_finding OUT.json

The damages are a seeded sample: some of every kind, loader and place, so that a run can be repeated.
"""

import json
import random
import sys
from collections import defaultdict
from pathlib import Path

from absl import logging

from keras_oracle.bases import bases
from keras_oracle.loading import LOADERS, Workspace, ask, python_version
from keras_oracle.mutations import mutations

import keras  # isort: skip

logging.set_verbosity(logging.ERROR)

SEED = 20260101
PER_BASE = 60
PER_KIND = 50
FOLDER = Path(__file__).resolve().parents[1] / "workspace"


def workspace_files():
    return {str(path.relative_to(FOLDER)): path.read_text() for path in sorted(FOLDER.rglob("*.py"))}


def sample(all_bases):
    """The damaged configs to ask about: (base name, loader, kind, pointer, text).

    One of each kind, loader and place, whichever base it falls on, and not too many of one base; then more of the kinds
    that few places know.
    """
    rng = random.Random(SEED)
    groups = defaultdict(list)
    for name, loader, text in all_bases:
        for kind, place, pointer, config in mutations(json.loads(text), rng):
            groups[(kind, loader, place)].append((name, loader, kind, pointer, json.dumps(config)))
    by_base = defaultdict(list)
    by_kind = defaultdict(list)
    for group in groups.values():
        rng.shuffle(group)
        by_base[group[0][:2]].append(group[0])
    chosen = [one for some in by_base.values() for one in rng.sample(some, min(PER_BASE, len(some)))]
    texts = {one[4] for one in chosen}
    for group in groups.values():
        by_kind[group[0][2]] += [one for one in group if one[4] not in texts]
    for kind, rest in by_kind.items():
        wanted = PER_KIND - sum(one[2] == kind for one in chosen)
        chosen += rng.sample(rest, max(0, min(wanted, len(rest))))
    order = {(name, loader): index for index, (name, loader, _) in enumerate(all_bases)}
    return sorted(chosen, key=lambda one: (order[one[:2]], one[3], one[2]))


def main():
    files = workspace_files()
    workspace = Workspace(files)
    records = []
    seen = set()

    def add(name, loader, kind, pointer, text):
        if (loader, text) in seen:
            return
        seen.add((loader, text))
        workspace.register_again()
        outcome = ask(lambda: LOADERS[loader](text))
        records.append(
            {
                "id": f"{name}, {loader}: {kind} at {pointer or 'the root'}",
                "version": keras.__version__,
                "loader": loader,
                "workspace": "audio",
                "mutation": kind,
                "pointer": pointer,
                "config": text,
                "outcome": outcome,
            }
        )

    with workspace.imported() as modules:
        all_bases = list(bases(modules["audio"]))
        for name, loader, text in all_bases:
            add(name, loader, "none", "", text)
        for one in sample(all_bases):
            add(*one)
    with open(sys.argv[1], "w") as out:
        json.dump(
            {
                "version": keras.__version__,
                "python": python_version(),
                "workspaces": {"audio": files},
                "records": records,
            },
            out,
        )


if __name__ == "__main__":
    main()
