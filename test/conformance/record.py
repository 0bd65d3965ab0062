"""Writes the recordings of test/recorded by asking real Keras, one release after the other.

    KERAS_CONFIG_ORACLE_PYTHON=oracle/bin/python KERAS_CONFIG_ORACLE_RELEASES=releases \\
        python test/conformance/record.py loads|cases|calls|finding [VERSION…]

`KERAS_CONFIG_ORACLE_RELEASES` is a folder with one folder per release (`pip install --no-deps --target releases/3.8.0
keras==3.8.0`), `KERAS_CONFIG_ORACLE_PYTHON` an interpreter with what all of them need (test/recorded/README.md). With
`KERAS_CONFIG_ORACLE_TENSORFLOW_PYTHON`, one that also has TensorFlow, `loads` adds the layers that need it.
"""

import gzip
import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
RECORDED = HERE.parent / "recorded"
RELEASES = {
    "loads": ["3.1.1", "3.3.3", "3.8.0", "3.12.4", "3.15.1"],
    "finding": ["3.3.3", "3.6.0", "3.9.2", "3.12.4", "3.15.1"],
    "cases": [
        *["3.0.0", "3.0.5", "3.1.1", "3.2.1", "3.3.3", "3.4.1", "3.5.0", "3.6.0", "3.7.0", "3.8.0", "3.9.2", "3.10.0"],
        *["3.11.3", "3.12.0", "3.12.4", "3.13.2", "3.14.1", "3.15.1"],
    ],
    "calls": ["3.0.5", "3.3.3", "3.6.0", "3.8.0", "3.9.2", "3.11.2", "3.11.3", "3.12.4", "3.14.0", "3.15.1"],
}
NEWEST = "3.15.1"


def run(module, version, *arguments, python="KERAS_CONFIG_ORACLE_PYTHON", backend=None):
    """Runs a recorder in the environment of one release and returns what it wrote."""
    release = Path(os.environ["KERAS_CONFIG_ORACLE_RELEASES"]).resolve() / version
    environment = {
        **os.environ,
        "KERAS_BACKEND": backend or ("jax" if version.startswith("3.0.") else "numpy"),
        "KERAS_HOME": tempfile.gettempdir(),
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": os.pathsep.join([str(release), str(HERE), *filter(None, [os.environ.get("PYTHONPATH")])]),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
    }
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out.json")
        command = [os.environ[python], "-W", "ignore", "-m", f"keras_oracle.{module}", out, *arguments]
        subprocess.run(command, env=environment, check=True, stdout=sys.stderr)
        with open(out) as file:
            return json.load(file)


def write(name, value):
    """Writes a recording, compressed so that the same content gives the same bytes."""
    path = RECORDED / name
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(f"{name}: {path.stat().st_size // 1024} KB", file=sys.stderr)


def record_loads(version):
    recording = run("record_loads", version, *(["--every-application"] if version == NEWEST else []))
    supplements = [("KERAS_CONFIG_ORACLE_PYTHON", "jax"), ("KERAS_CONFIG_ORACLE_TENSORFLOW_PYTHON", "tensorflow")]
    for python, backend in supplements:
        if python in os.environ:
            with tempfile.NamedTemporaryFile("w", suffix=".json") as before:
                json.dump(recording, before)
                before.flush()
                recording = run("record_loads", version, "--add-to", before.name, python=python, backend=backend)
    write(f"loads-{version}.json.gz", recording)


def record_finding(version):
    write(f"finding-{version}.json.gz", run("record_finding", version))


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


def ask_cases(versions, module):
    """Every case of a module in all releases: each has its outcomes by version, equal ones joined."""
    with ThreadPoolExecutor(2) as pool:
        answers = dict(zip(versions, pool.map(lambda version: run("record_cases", version, module), versions)))
    cases = []
    for index, case in enumerate(answers[versions[0]]["cases"]):
        outcomes = []
        for version in versions:
            outcome = answers[version]["cases"][index]["outcome"]
            outcome.pop("raised_in", None)  # files move from release to release
            known = next((one for one in outcomes if one["outcome"] == outcome), None)
            if known:
                known["versions"].append(version)
            else:
                outcomes.append({"versions": [version], "outcome": outcome})
        for one in outcomes:
            one["versions"] = ranges(one["versions"], versions)
        cases.append({**{key: value for key, value in case.items() if key != "outcome"}, "outcomes": outcomes})
    return {"python": answers[versions[0]]["python"], "versions": versions, "cases": cases}


def record_cases(versions):
    recording = ask_cases(versions, "model_cases")
    (RECORDED / "cases.json").write_text(json.dumps(recording, indent=1, ensure_ascii=False) + "\n")


def main():
    kind, *versions = sys.argv[1:]
    versions = versions or RELEASES[kind]
    if kind == "cases":
        record_cases(versions)
    elif kind == "calls":
        write("calls.json.gz", ask_cases(versions, "call_cases"))
    else:
        for version in versions:
            {"loads": record_loads, "finding": record_finding}[kind](version)


if __name__ == "__main__":
    main()
