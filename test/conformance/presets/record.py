"""Writes presets.json.gz: what `save_to_preset` of KerasHub writes, damaged or not, and what real Keras makes of it.

    KERAS_CONFIG_ORACLE_TENSORFLOW_PYTHON=oracle/bin/python KERAS_CONFIG_ORACLE_RELEASES=releases \\
        python test/conformance/presets/record.py

The variables are those of `../deserialize/record.py`. The interpreter has TensorFlow, and keras-hub as
`../registry/requirements.txt` names it, whose text models want tensorflow-text. It wants Keras 3.15: only the newest is asked.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
DESERIALIZE = HERE.parent / "deserialize"
sys.path[:0] = [str(HERE), str(DESERIALIZE)]
VERSIONS = ["3.15.1"]
DAMAGED = {"bert", "gemma", "vit", "bert_text_classifier", "whisper_audio_converter"}
"""The presets whose files are damaged too."""


# --- in the interpreter of a release -------------------------------------------------------------------------------------


def write():
    """[{"name", "file", "config"}] of every JSON file of every preset that is a config."""
    import keras
    from models import BACKBONES, OTHERS

    written = []
    for name, make in {**BACKBONES, **OTHERS}.items():
        keras.utils.set_random_seed(0)
        keras.backend.clear_session()
        with tempfile.TemporaryDirectory() as folder:
            make().save_to_preset(folder)
            for file in sorted(Path(folder).glob("*.json")):
                if file.name != "metadata.json":
                    written.append({"name": name, "file": file.name, "config": file.read_text()})
    return written


def answer(cases):
    import keras
    import keras_hub  # noqa: F401
    from keras_oracle.answer import ask

    outcomes = []
    for case in cases:
        keras.backend.clear_session()
        outcomes.append(ask(lambda: keras.saving.deserialize_keras_object(json.loads(case["config"]))))
    return outcomes


# --- the cases -------------------------------------------------------------------------------------------------------


def objects_of(config):
    """The root, and the first object inside it that is of KerasHub too, each with its pointer."""
    yield "", config
    pending = [("/config", config["config"])]
    while pending:
        at, value = pending.pop(0)
        if not isinstance(value, dict):
            continue
        if at != "/config" and str(value.get("module")).startswith("keras_hub."):
            yield at, value
            return
        pending += [(f"{at}/{key}", held) for key, held in value.items()]


def damages_of(one):
    """(kind, pointer of what is damaged, fields to put) for an object: each is what a hand or an older release may have left."""
    name, module = one["class_name"], one["module"]
    yield "registered by keras_nlp", "registered_name", {"registered_name": f"keras_nlp>{name}"}
    yield "written by keras_nlp", "module", {
        "module": module.replace("keras_hub", "keras_nlp", 1),
        "registered_name": f"keras_nlp>{name}",
    }
    yield "module that is gone", "module", {"module": "keras_hub.src.models.gone"}
    yield "no registered name", "registered_name", {"registered_name": None}
    yield "no registered name, and a module that is gone", "module", {"module": "keras_hub.src.gone", "registered_name": None}
    yield "by the exported path alone", "module", {"module": "keras_hub.models", "registered_name": None}
    yield "letter missing in both names", "registered_name", {"class_name": name[:-1], "registered_name": f"keras_hub>{name[:-1]}"}
    yield "letter missing in the class name", "class_name", {"class_name": name[:-1]}
    yield "somebody else's package", "registered_name", {"module": "my.models", "registered_name": f"my>{name}"}


def cases_of(written):
    """Every file as it was written, and those of some presets with each damage of their objects."""
    for one in written:
        config = json.loads(one["config"])
        yield {**one, "kind": "as written"}
        for at, held in list(objects_of(config)) if one["name"] in DAMAGED else []:
            for kind, field, fields in damages_of(held):
                was = dict(held)
                held.update(fields)
                yield {**one, "kind": kind, "at": f"{at}/{field}", "config": json.dumps(config)}
                held.update(was)


def let(version, what, given=None):
    """What `write` or `answer` returns in a release."""
    release = Path(os.environ["KERAS_CONFIG_ORACLE_RELEASES"]).resolve() / version
    environment = {
        **os.environ,
        "KERAS_BACKEND": "tensorflow",
        "KERAS_HOME": tempfile.gettempdir(),
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": str(release),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
    }
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ("in.json", "out.json")]
        Path(paths[0]).write_text(json.dumps(given))
        command = [os.environ["KERAS_CONFIG_ORACLE_TENSORFLOW_PYTHON"], "-W", "ignore", __file__, what, *paths]
        subprocess.run(command, env=environment, check=True, stdout=sys.stderr)
        return json.loads(Path(paths[1]).read_text())


def main():
    if len(sys.argv) > 1:
        what, given, out = sys.argv[1:]
        Path(out).write_text(json.dumps(write() if what == "write" else answer(json.loads(Path(given).read_text()))))
        return
    from cases import pack

    cases = list(cases_of(let(VERSIONS[-1], "write")))
    for case in cases:
        case["outcomes"] = {}
    for version in VERSIONS:
        for case, outcome in zip(cases, let(version, "answer", cases)):
            case["outcomes"][version] = outcome
    pack(HERE / "presets.json.gz", {"cases": cases})
    print(f"{len(cases)} cases")


if __name__ == "__main__":
    main()
