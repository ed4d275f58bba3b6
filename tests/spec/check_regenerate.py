#!/usr/bin/env python3
"""make_vectors.py gives the committed vectors and example.md, byte for byte."""
import pathlib
import subprocess
import sys
import tempfile

from vectors import SPEC, Failures

MADE = ("vectors/valid", "vectors/invalid")


def files(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for part in MADE for path in (folder / part).iterdir()} | {
        "example.md": (folder / "example.md").read_bytes()}


def main():
    check = Failures()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-B", SPEC / "make_vectors.py", folder], check=True)
        fresh = files(pathlib.Path(folder))
    committed = files(SPEC)
    check.expect(sum(map(len, committed.values())) < 1_000_000, "the vectors take a megabyte or more")
    for name in sorted(fresh.keys() | committed.keys()):
        check.expect(name in committed, name, "is made, but not committed")
        check.expect(name in fresh, name, "is committed, but not made")
        check.expect(fresh.get(name) == committed.get(name), name, "differs")
    return check.status()


if __name__ == "__main__":
    sys.exit(main())
