"""Makes cases.json.gz out of what releases wrote (`record.py write`) and the questions that are written by hand, and
cases-keras2.json.gz, with what tf-keras wrote.

Each file has {"workspaces", "bases", "cases"}. A base is a config as it was written, a case is a base and an edit (or none),
a door and the options of the call. A case's id is a hash of all that Keras gets to see, so that an outcome that is
recorded under it stays true when other cases come or go.
"""

import copy
import gzip
import hashlib
import json
import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
FILE = HERE / "cases.json.gz"
KERAS_2_FILE = HERE / "cases-keras2.json.gz"
CALL = (
    *("custom_objects", "scope", "safe_mode", "safe_mode_scope", "compile", "class", "backend", "object", "torch"),
    "then",
)


def read(path):
    return unpack(path) if path.exists() else {"workspaces": {}, "bases": [], "cases": []}


def joined(first, second):
    """The cases of two files; what both have comes twice, under one id."""
    moved = [{**case, "base": case["base"] + len(first["bases"])} for case in second["cases"]]
    return {
        "workspaces": {**second["workspaces"], **first["workspaces"]},
        "bases": first["bases"] + second["bases"],
        "cases": first["cases"] + moved,
    }


def unpack(path):
    return json.loads(gzip.decompress(path.read_bytes()))


def pack(path, value):
    """Writes JSON, compressed so that the same content gives the same bytes."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def workspaces():
    """The workspaces of the bases, by name: the files of a folder each."""
    folder = HERE / "workspaces"
    return {
        root.name: {str(path.relative_to(folder)): path.read_text() for path in sorted(root.rglob("*.py"))}
        for root in sorted(folder.iterdir())
        if root.is_dir()
    }


def edited(config, edits):
    """The config after the edits, each of which names its place by JSON Pointer."""
    changed = copy.deepcopy(config)
    for edit in edits:
        path = [key.replace("~1", "/").replace("~0", "~") for key in edit["at"].split("/")[1:]]
        if not path and "put" in edit:
            changed = copy.deepcopy(edit["put"])
            continue
        holder = changed
        for key in path if "add" in edit else path[:-1]:
            holder = holder[int(key) if isinstance(holder, list) else key]
        if "add" in edit:
            holder.update(copy.deepcopy(edit["add"]))
            continue
        key = int(path[-1]) if isinstance(holder, list) else path[-1]
        if "put" in edit:
            holder[key] = copy.deepcopy(edit["put"])
        elif "remove" in edit:
            del holder[key]
        else:
            items = [(edit["rename"] if name == key else name, value) for name, value in holder.items()]
            holder.clear()
            holder.update(items)
    return changed


def text_of(case, bases):
    """The config of a case as Keras gets to see it."""
    base = bases[case["base"]]
    edits = case.get("edits")
    return json.dumps(edited(json.loads(base["config"]), edits)) if edits else base["config"]


def call_of(case, bases):
    """The options of the call: those of the base, and what the case says otherwise."""
    base = bases[case["base"]]
    return {name: one[name] for one in (base, case) for name in CALL if name in one}


def identify(case, bases, files):
    base = bases[case["base"]]
    seen = [text_of(case, bases), base["door"], call_of(case, bases), files.get(base.get("workspace"), {})]
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()[:10]


def half_of(name):
    """Every second subject is held out; the ways of building and writing one subject stay together."""
    subject = re.sub(r"^a model of |, written for .*$|, serialized$", "", name)
    return "open" if hashlib.sha256(subject.encode()).digest()[0] % 2 else "held out"


def key_of(base):
    return json.dumps([base["config"], base["door"], {name: base.get(name) for name in (*CALL, "workspace")}])


def make(written, questions, path):
    """Writes the file at `path`. `written`: the files that `keras_oracle.write` made, in the order of releases."""
    files = workspaces()
    bases, cases, places = [], [], {}

    def add_base(base):
        """The same text by the same door is one base, written by its first writer."""
        key = key_of(base)
        if key not in places:
            places[key] = len(bases)
            bases.append({**base, "written_by_all": []})
            cases.append({"base": len(bases) - 1, "family": "as written", "kind": "as written"})
        bases[places[key]]["written_by_all"].append(base["written_by"])

    for release in written:
        for config in release["configs"]:
            workspace = config.get("workspace")
            half = ("open" if workspace == "audio" else "held out") if workspace else half_of(config["name"])
            more = {"backend": release["backend"]} if release.get("supplement") else {}
            base = {**config, "written_by": release["version"], "half": half, **more}
            if release.get("supplement") and key_of({**base, "backend": None}) in places:
                continue
            add_base(base)
    return finish({"workspaces": files, "bases": bases, "cases": cases + damaged(bases)}, questions, path)


def damaged(bases):
    """A case for each damage that is chosen of the bases with a workspace that releases wrote, in each half by itself."""
    from damages.choose import choose

    cases = []
    for half in ("open", "held out"):
        numbers = [
            number
            for number, base in enumerate(bases)
            if base["half"] == half and "workspace" in base and base["written_by"] != "hand"
        ]
        for number, damage in choose(bases, numbers):
            case = {"base": number, "family": damage.family, "kind": damage.kind, "at": damage.at}
            cases.append({**case, **({"edits": damage.edits} if damage.edits else {}), **damage.call})
    return cases


def damage_anew(path):
    """Chooses the damages of the file's bases again; what releases wrote and the questions by hand stay."""
    data = read(path)
    written = [case for case in data["cases"] if case["family"] == "as written"]
    by_hand = [case for case in data["cases"] if case["family"] == "by hand"]
    return finish({**data, "cases": [*written, *damaged(data["bases"]), *by_hand]}, [], path)


def ask_anew(questions):
    """Puts other questions in the place of those that the file has by hand; what releases wrote stays."""
    data = read(FILE)
    number = next((n for n, base in enumerate(data["bases"]) if base["written_by"] == "hand"), len(data["bases"]))
    cases = [case for case in data["cases"] if case["base"] < number]
    return finish({"workspaces": workspaces(), "bases": data["bases"][:number], "cases": cases}, questions, FILE)


def finish(data, questions, path):
    """Adds the questions that are written by hand, gives each case its id and writes the file."""
    files, bases, cases = data["workspaces"], data["bases"], data["cases"]
    known = {key_of(base) for base in bases}
    for question in questions:
        name = f"by hand: {question['name']}"
        call = {key: question[key] for key in CALL if key in question}
        base = {"name": question["name"], "door": question["door"], "config": question["config"], "half": "open", **call}
        if "about" in question:
            base["about"] = question["about"]
        if question["workspace"]:
            workspace = next((key for key, value in files.items() if value == question["workspace"]), name)
            files[workspace] = question["workspace"]
            base["workspace"] = workspace
        if key_of(base) in known:
            continue
        known.add(key_of(base))
        bases.append({**base, "written_by": "hand", "written_by_all": ["hand"]})
        cases.append({"base": len(bases) - 1, "family": "by hand", "kind": "by hand"})
    seen = set()
    unique = []
    for case in cases:
        case["id"] = identify(case, bases, files)
        if case["id"] not in seen:
            seen.add(case["id"])
            unique.append(case)
    pack(path, {"workspaces": files, "bases": bases, "cases": unique})
    return unique
