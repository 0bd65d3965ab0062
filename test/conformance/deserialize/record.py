"""Writes cases.json.gz and recordings/<version>.json.gz by asking real Keras, one release after the other.

    record.py write             lets the writing releases write configs, chooses damages, makes cases.json.gz
    record.py write-keras2      lets tf-keras write configs, chooses damages, makes cases-keras2.json.gz
    record.py questions         makes cases.json.gz again after questions by hand have changed; what releases wrote stays
    record.py damages           makes both files again after damages, or how many are chosen, have changed; all else stays
    record.py ask [VERSION…]    puts what is not recorded to releases, those of versions.json unless some are named;
                                without recordings/, that is everything
    record.py again VERSION     answers the cases whose ids are on standard input, on standard output

`KERAS_CONFIG_ORACLE_RELEASES` is a folder with one folder per release (`pip install --no-deps --target releases/3.8.0
keras==3.8.0`), `KERAS_CONFIG_ORACLE_PYTHON` an interpreter with what all of them need (README.md). With
`KERAS_CONFIG_ORACLE_TENSORFLOW_PYTHON`, one that also has TensorFlow, the layers that need it are written and asked too.
Keras 2 is asked where there is an interpreter for its release: see `keras2` in versions.json.
"""

import json
import os
import select
import subprocess
import sys
import tempfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cases as case_file

HERE = Path(__file__).resolve().parent
RELEASES = json.loads((HERE / "versions.json").read_text())
VERSIONS = {one["version"]: one for one in RELEASES["versions"]}
KERAS_2 = {one["version"]: one for one in RELEASES["keras2"]}
NEWEST = list(VERSIONS)[-1]
WRITERS = ["3.1.1", "3.3.3", "3.8.0", "3.12.4", "3.15.1"]
"""The releases whose own configs are cases, oldest first; the newest writes every application."""
BASE_WRITERS = ["3.0.5", "3.5.0", "3.15.1"]
"""The releases that write the bases of damages."""
SILENT_SECONDS = 600
"""A process that says nothing for so long hangs where no alarm reaches it."""
LARGE = 200_000
"""A config of more characters is asked only in the release that wrote it."""
RARE = {"blank after the function's name"}
"""Kinds of damage whose bases load in few releases: these cases are put to all."""
IN_PARALLEL = int(os.environ.get("KERAS_CONFIG_ORACLE_PROCESSES", "2"))


def environment(version, backend=None):
    release = Path(os.environ["KERAS_CONFIG_ORACLE_RELEASES"]).resolve() / version
    return {
        **os.environ,
        "KERAS_BACKEND": backend or {**KERAS_2, **VERSIONS}[version]["backend"],
        "KERAS_CONFIG_ORACLE_KERAS": "2" if version in KERAS_2 else "3",
        "KERAS_HOME": tempfile.gettempdir(),
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": os.pathsep.join([str(release), str(HERE), *filter(None, [os.environ.get("PYTHONPATH")])]),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
    }


def interpreter(version, backend=None):
    if version in KERAS_2:
        return os.environ[KERAS_2[version]["interpreter"]]
    return os.environ[f"KERAS_CONFIG_ORACLE_{'TENSORFLOW_' if backend == 'tensorflow' else ''}PYTHON"]


def command(version, backend, module, *arguments):
    return [interpreter(version, backend), "-W", "ignore", "-m", f"keras_oracle.{module}", *arguments]


# --- write -----------------------------------------------------------------------------------------------------------


def let_write(version, *arguments, backend=None):
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out.json")
        arguments = [out, *arguments]
        subprocess.run(
            command(version, backend, "write", *arguments), env=environment(version, backend), check=True, stdout=sys.stderr
        )
        with open(out) as file:
            written = json.load(file)
    print(f"{version}: {len(written['configs'])} configs written", file=sys.stderr)
    return written


def let_write_bases(version):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(case_file.workspaces(), file)
        file.flush()
        return let_write(version, "--workspaces", file.name)


def let_write_all(version):
    """What a release writes on its own backend, and on TensorFlow what it cannot build there."""
    written = let_write(version, *(["--every-application"] if version == NEWEST else []))
    yield written
    if "KERAS_CONFIG_ORACLE_TENSORFLOW_PYTHON" in os.environ:
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump([one["name"] for one in written["unbuilt"]], file)
            file.flush()
            yield {**let_write(version, "--only", file.name, backend="tensorflow"), "supplement": True}


def write():
    from keras_oracle.all_questions import CASES

    written = [let_write_bases(version) for version in BASE_WRITERS]
    for version in WRITERS:
        written += let_write_all(version)
    made = case_file.make(written, CASES, case_file.FILE)
    print(f"{len(made)} cases", file=sys.stderr)


def write_keras2():
    from keras_oracle.keras2_questions import CASES

    written = [let_write_bases(version) for version in KERAS_2] + [let_write(version) for version in KERAS_2]
    made = case_file.make(written, CASES, case_file.KERAS_2_FILE)
    print(f"{len(made)} cases", file=sys.stderr)


# --- ask -------------------------------------------------------------------------------------------------------------


def is_asked(case, base, version):
    """Which cases a release is asked: all that is written by hand and all bases of damages; of what releases write what
    it wrote itself, and some of what others wrote; a third of the damages, so that each is asked in ten releases. Of
    Keras 2, each damage of what one of the two wrote is asked in one of them."""
    number = list(KERAS_2 if version in KERAS_2 else VERSIONS).index(version) + zlib.crc32(case["id"].encode())
    if "backend" in base and base["written_by"] != "hand":
        return version == base["written_by"]
    if "edits" in case and base["written_by"] in KERAS_2:
        return number % 2 == 0
    if "edits" in case:
        return number % 3 == 0 or case["kind"] in RARE
    if "at" in case or "workspace" in base or case["family"] == "by hand":
        return True
    if version in base["written_by_all"]:
        return True
    return len(base["config"]) < LARGE and number % 12 == 0


def questions_of(version, data, ids=None):
    """The cases for a release, in an order in which bases come before what is damaged of them."""
    files, bases = data["workspaces"], data["bases"]
    as_written = {case["base"]: case["id"] for case in data["cases"] if "at" not in case}
    asked, seen = [], set()
    for case in data["cases"]:
        base = bases[case["base"]]
        if case["id"] in seen or not (is_asked(case, base, version) if ids is None else case["id"] in ids):
            continue
        seen.add(case["id"])
        question = {
            "id": case["id"],
            "family": case["family"],
            "door": base["door"],
            "config": case_file.text_of(case, bases),
            **case_file.call_of(case, bases),
        }
        if "workspace" in base:
            question["workspace"] = base["workspace"]
        if "at" in case and ids is None:
            question["needs"] = as_written[case["base"]]
        asked.append(question)
    asked.sort(key=lambda one: ("needs" in one, one.get("workspace", "")))
    return {"workspaces": files, "cases": asked}


def answers_of(version, questions, backend=None, loaded=()):
    """The outcome of each question, or None where its base does not load. A process that hangs is ended, and its case
    recorded as one that hangs; one that dies is recorded by what ended it; the next process goes on after it. `loaded` are
    the ids of the cases that are known to load."""
    answers = []
    cases = questions["cases"]
    while len(answers) < len(cases):
        now = [case["id"] for case, answer in zip(cases, answers) if answer and "loads" in answer]
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump({**questions, "load": [*loaded, *now]}, file)
            file.flush()
            process = subprocess.Popen(
                command(version, backend, "ask", file.name, str(len(answers))),
                env=environment(version, backend),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            before = len(answers)
            ended = read_answers(process, answers)
        if len(answers) >= len(cases):
            break
        if ended != "hangs" and len(answers) == before and before == 0:
            raise RuntimeError(f"Keras {version} does not start")
        answers.append({"hangs": True} if ended == "hangs" else {"dies": ended})
    return answers


def read_answers(process, answers):
    """Reads lines until the process ends; returns its exit status, or "hangs"."""
    pending = b""
    while True:
        ready, _, _ = select.select([process.stdout], [], [], SILENT_SECONDS)
        if not ready:
            process.kill()
            process.wait()
            return "hangs"
        piece = os.read(process.stdout.fileno(), 1 << 20)
        if not piece:
            return process.wait()
        *lines, pending = (pending + piece).split(b"\n")
        answers += [json.loads(line) for line in lines]


def python_version(version):
    program = "import sys; print('.'.join(map(str, sys.version_info[:2])))"
    return subprocess.run([interpreter(version), "-c", program], capture_output=True, text=True, check=True).stdout.strip()


def recorded(version):
    """The outcomes of a release by the ids of cases, as far as they are recorded."""
    path = HERE / "recordings" / f"{version}.json.gz"
    if not path.exists():
        return {}
    recording = case_file.unpack(path)
    return {case: recording["outcomes"][number] for case, number in recording["answers"].items()}


def ask(version, data):
    questions = questions_of(version, data)
    known = recorded(version)
    loaded = [case for case, outcome in known.items() if "loads" in outcome]
    answered = {case["id"]: known[case["id"]] for case in questions["cases"] if case["id"] in known}
    for backend in (None, "tensorflow"):
        if backend and "KERAS_CONFIG_ORACLE_TENSORFLOW_PYTHON" not in os.environ:
            continue
        cases = [one for one in questions["cases"] if one.get("backend") == backend and one["id"] not in known]
        answers = answers_of(version, {**questions, "cases": cases}, backend, loaded) if cases else []
        answered |= {case["id"]: outcome for case, outcome in zip(cases, answers) if outcome is not None}
    outcomes, places, numbers = [], {}, {}
    for case, outcome in sorted(answered.items()):
        key = json.dumps(outcome, sort_keys=True)
        if key not in places:
            places[key] = len(outcomes)
            outcomes.append(outcome)
        numbers[case] = places[key]
    path = HERE / "recordings" / f"{version}.json.gz"
    path.parent.mkdir(exist_ok=True)
    case_file.pack(path, {"version": version, "python": python_version(version), "outcomes": outcomes, "answers": numbers})
    print(f"{version}: {len(numbers)} answers, {path.stat().st_size // 1024} KB", file=sys.stderr)


def again(version, data):
    """The outcomes of some cases once more, whatever their bases come to."""
    questions = questions_of(version, data, set(json.load(sys.stdin)))
    outcomes = {}
    for backend in (None, "tensorflow"):
        cases = [one for one in questions["cases"] if one.get("backend") == backend]
        answers = answers_of(version, {**questions, "cases": cases}, backend) if cases else []
        outcomes |= {case["id"]: answer for case, answer in zip(cases, answers)}
    json.dump({"python": python_version(version), "outcomes": outcomes}, sys.stdout)


def asked_releases():
    """All of Keras 3, and of Keras 2 those for which there is an interpreter."""
    return [version for version, one in KERAS_2.items() if one["interpreter"] in os.environ] + list(VERSIONS)


def main():
    what, *versions = sys.argv[1:]
    if what == "write":
        write()
        return
    if what == "questions":
        from keras_oracle.all_questions import CASES

        case_file.ask_anew(CASES)
        return
    if what == "damages":
        for path in (case_file.FILE, case_file.KERAS_2_FILE):
            print(f"{path.name}: {len(case_file.damage_anew(path))} cases", file=sys.stderr)
        return
    if what == "write-keras2":
        write_keras2()
        return
    keras3 = case_file.read(case_file.FILE)
    both = case_file.joined(keras3, case_file.read(case_file.KERAS_2_FILE))
    if what == "again":
        again(versions[0], both)
        return
    with ThreadPoolExecutor(IN_PARALLEL) as pool:
        list(pool.map(lambda version: ask(version, both if version in KERAS_2 else keras3), versions or asked_releases()))


if __name__ == "__main__":
    main()
