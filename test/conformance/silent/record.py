"""Writes test/recorded/silent.json by asking real Keras, one release after the other.

    KERAS_CONFIG_ORACLE_TENSORFLOW_PYTHON=oracle/bin/python KERAS_CONFIG_ORACLE_RELEASES=releases \\
        python test/conformance/silent/record.py [VERSION…]

The variables are those of `../deserialize/record.py`; the interpreter has TensorFlow, which the text layers and TFSMLayer need.
"""

import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
CONFORMANCE = HERE.parent

RELEASES = [
    *["3.3.3", "3.6.0", "3.8.0", "3.9.2", "3.10.0", "3.11.2", "3.11.3", "3.12.0", "3.12.2", "3.12.4", "3.13.0"],
    *["3.13.2", "3.14.1", "3.15.1"],
]


def ask(version):
    release = Path(os.environ["KERAS_CONFIG_ORACLE_RELEASES"]).resolve() / version
    environment = {
        **os.environ,
        "KERAS_BACKEND": "tensorflow",
        "KERAS_HOME": tempfile.gettempdir(),
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": os.pathsep.join([str(release), str(CONFORMANCE), str(CONFORMANCE / "deserialize")]),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
    }
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out.json")
        command = [os.environ["KERAS_CONFIG_ORACLE_TENSORFLOW_PYTHON"], "-W", "ignore", "-m", "silent.ask", out]
        subprocess.run(command, env=environment, check=True, stdout=sys.stderr, stderr=subprocess.DEVNULL)
        with open(out) as file:
            return json.load(file)


def ranges(some, every):
    """Versions as ranges of the ones asked: `3.0.0..3.11.3`."""
    runs = []
    for index, version in enumerate(every):
        if version in some:
            if runs and runs[-1][1] == index - 1:
                runs[-1][1] = index
            else:
                runs.append([index, index])
    return [every[first] if first == last else f"{every[first]}..{every[last]}" for first, last in runs]


def main():
    versions = sys.argv[1:] or RELEASES
    with ThreadPoolExecutor(2) as pool:
        answers = dict(zip(versions, pool.map(ask, versions)))
    cases = []
    for index, case in enumerate(answers[versions[0]]["cases"]):
        outcomes = []
        for version in versions:
            outcome = answers[version]["cases"][index]["outcome"]
            known = next((one for one in outcomes if one["outcome"] == outcome), None)
            if known:
                known["versions"].append(version)
            else:
                outcomes.append({"versions": [version], "outcome": outcome})
        for one in outcomes:
            one["versions"] = ranges(one["versions"], versions)
        cases.append({**{key: value for key, value in case.items() if key != "outcome"}, "outcomes": outcomes})
    recording = {"python": answers[versions[0]]["python"], "versions": versions, "cases": cases}
    path = CONFORMANCE.parent / "recorded/silent.json"
    path.write_text(json.dumps(recording, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
