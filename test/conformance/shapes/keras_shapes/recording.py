"""How recordings are written."""

import gzip
import json


def write(target, value, separators=(",", ":")):
    text = json.dumps(value, separators=separators).encode()
    with gzip.GzipFile(target, "wb", compresslevel=9, mtime=0) as file:
        file.write(text)
