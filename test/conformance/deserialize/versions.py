"""Writes versions.json: the releases of tf-keras, and which releases of Keras 3 can differ in loading a config, found by hashing the files that decide.

    python test/conformance/deserialize/versions.py RELEASES

RELEASES is a folder with every release (`pip install --no-deps --target RELEASES/3.8.0 keras==3.8.0`). Releases whose
deciding files are the same byte for byte are one group, and the newest of the group is asked for all of them.
"""

import hashlib
import json
import sys
from pathlib import Path

DECIDING = [
    "saving/serialization_lib.py",
    "saving/object_registration.py",
    "saving/saving_lib.py",
    "models/functional.py",
    "models/sequential.py",
    "legacy/saving/legacy_h5_format.py",
    "legacy/saving/saving_utils.py",
    "legacy/saving/serialization.py",
]
KERAS_2 = [
    {
        "version": version,
        "speaks_for": [version],
        "backend": "tensorflow",
        "interpreter": f"KERAS_CONFIG_ORACLE_TENSORFLOW_{tensorflow}_PYTHON",
    }
    for version, tensorflow in [("2.15.1", "2_15"), ("2.21.0", "2_21")]
]
"""tf-keras runs on the TensorFlow of its own release, and each is asked by an interpreter that has it."""
OUT = Path(__file__).resolve().parent / "versions.json"


def number(version):
    return tuple(int(part) for part in version.split("."))


def digest(release):
    hashed = hashlib.sha256()
    for name in DECIDING:
        hashed.update(name.encode() + b"\0" + (release / "keras" / "src" / name).read_bytes() + b"\0")
    return hashed.hexdigest()[:16]


def main():
    folder = Path(sys.argv[1])
    releases = sorted((path for path in folder.glob("3.*") if (path / "keras").is_dir()), key=lambda p: number(p.name))
    groups = {}
    for release in releases:
        groups.setdefault(digest(release), []).append(release.name)
    versions = [
        {"version": names[-1], "speaks_for": names, "backend": "jax" if names[-1].startswith("3.0.") else "numpy"}
        for names in groups.values()
    ]
    versions.sort(key=lambda one: number(one["version"]))
    OUT.write_text(json.dumps({"keras2": KERAS_2, "deciding_files": DECIDING, "versions": versions}, indent=2) + "\n")
    print(f"{len(releases)} releases, {len(versions)} different")


if __name__ == "__main__":
    main()
