"""Records what packages, and the fixtures beside this file, register when real Keras imports them.

    python record.py --make-environments DIR             make the two environments, DIR/keras3 and DIR/keras2
    python record.py --environments DIR                  record everything
    python record.py --environments DIR keras-hub larq   record these packages, or fixtures, only

Writes recordings/<package>.json and recordings/fixtures/<fixture>.json: versions, the modules that could not be
imported with their exception, and for each key of the global registry that belongs to the package its object. The
environments may also be given one by one: --keras3 PYTHON --keras2 PYTHON.
"""

import argparse
import datetime
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
RECORDINGS = HERE / "recordings"
FIXTURES = HERE / "fixtures"
PACKAGES = json.loads((HERE / "packages.json").read_text("utf-8"))

REQUIREMENTS = {
    "keras3": ["tensorflow-cpu==2.21.0", "keras==3.15.1", "jax", "dm-tree", "namex==0.1.0"],
    "keras2": ["tensorflow-cpu==2.15.1", "numpy<2"],
}


def make_environments(folder):
    for name, requirements in REQUIREMENTS.items():
        subprocess.run([sys.executable, "-m", "venv", folder / name], check=True)
        wanted = [f"{one['name']}=={one['version']}" for one in PACKAGES if one["environment"] == name]
        pip = [folder / name / "bin/pip", "install", "-q"]
        subprocess.run([*pip, *requirements, *wanted], check=True)


def site_packages(python):
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    return subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


def import_in(python, backend, root, package, beside=()):
    """What import_package.py wrote, run by another Python."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.json"
        environment = {
            **os.environ,
            "KERAS_BACKEND": backend,
            "PYTHONHASHSEED": "0",
            "PYTHONDONTWRITEBYTECODE": "1",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "CUDA_VISIBLE_DEVICES": "",
            "MPLBACKEND": "agg",
        }
        command = [python, HERE / "import_package.py", root, package, out, *beside]
        # In a folder of its own: some modules write files when they are imported.
        run = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True)
        if not out.exists():
            raise SystemExit(f"{package} in {root}: ended with {run.returncode}\n{run.stderr[-3000:]}")
        return json.loads(out.read_text("utf-8"))


def write(path, head, recorded):
    """One key and one failed module per line, so that two recordings can be compared by eye."""

    def lines(entries):
        return ",\n".join(f"    {json.dumps(key)}: {json.dumps(value)}" for key, value in entries.items())

    def block(entries):
        return f"{{\n{lines(entries)}\n  }}" if entries else "{}"

    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(f"  {json.dumps(key)}: {json.dumps(value)},\n" for key, value in head.items())
    text = f'{{\n{text}  "failed": {block(recorded["failed"])},\n  "keys": {block(recorded["keys"])}\n}}\n'
    path.write_text(text, "utf-8")
    print(f"{path.relative_to(HERE)}: {len(recorded['keys'])} keys, {len(recorded['failed'])} modules not imported")


def record_package(package, python, today):
    root = site_packages(python)
    with tempfile.TemporaryDirectory() as folder:
        for name, lines in package.get("beside", {}).items():
            (Path(folder) / name).write_text("\n".join(lines), "utf-8")
        beside = [folder] if "beside" in package else []
        recorded = import_in(python, "tensorflow", root, package["package"], beside)
    head = {"name": package["name"], "version": package["version"], "versions": recorded["versions"], "date": today}
    write(RECORDINGS / f"{package['name']}.json", head, recorded)


def record_fixture(fixture, python, today):
    recorded = import_in(python, "numpy", fixture, ".")
    head = {"name": fixture.name, "versions": recorded["versions"], "date": today}
    write(RECORDINGS / "fixtures" / f"{fixture.name}.json", head, recorded)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--make-environments", type=Path, metavar="DIR")
    parser.add_argument("--environments", type=Path, metavar="DIR")
    parser.add_argument("--keras3", metavar="PYTHON")
    parser.add_argument("--keras2", metavar="PYTHON")
    args = parser.parse_args()
    if args.make_environments:
        make_environments(args.make_environments)
        return
    pythons = {"keras3": args.keras3, "keras2": args.keras2}
    if args.environments:
        pythons = {name: args.environments / name / "bin/python" for name in pythons}
    today = datetime.date.today().isoformat()

    def is_wanted(name):
        return not args.names or name in args.names

    for package in PACKAGES:
        if is_wanted(package["name"]) and pythons[package["environment"]]:
            record_package(package, pythons[package["environment"]], today)
    for fixture in sorted(path for path in FIXTURES.iterdir() if path.is_dir()):
        if is_wanted(fixture.name) and pythons["keras3"]:
            record_fixture(fixture, pythons["keras3"], today)


if __name__ == "__main__":
    main()
