#!/usr/bin/env python3
"""Puts the expected tree beside each file of interop_writer, derived from what joblib.load makes of it.

    expect_writes.py DIR

check_reads.py then holds jlunpack against DIR and DIR/value: both readers have to see the same.
"""
import json
import pathlib
import sys

import joblib

from expected import expected_own

CODECS = {".pkl": "none", ".gz": "gzip", ".z": "zlib", ".bz2": "bz2", ".lzma": "lzma", ".xz": "xz", ".lz4": "lz4"}


def main(arguments):
    folder = pathlib.Path(arguments[0])
    files = [path for place in (folder, folder / "value") for path in sorted(place.glob("*.pkl*")) if path.suffix in CODECS]
    for path in files:
        document = expected_own(joblib.load(path), CODECS[path.suffix])
        path.with_name(path.name + ".json").write_text(json.dumps(document, separators=(",", ":")) + "\n")
    print(f"expect_writes.py: {len(files)} files")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
