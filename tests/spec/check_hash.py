#!/usr/bin/env python3
"""check_hash.py [JLUNPACK]: spec/hasher.py gives the keys of spec/vectors/hash/keys.txt. The files of joblib, which reader.py does not
read, are checked as JLUNPACK converts them."""
import pathlib
import subprocess
import sys
import tempfile

from vectors import SPEC, Failures

sys.path.insert(0, str(SPEC))
import hasher  # noqa: E402
import reader  # noqa: E402
import xxh3  # noqa: E402

CLASSES = ("-matrix-", "-subclasses-")  # of arrays, which reader.py does not keep
# By the reference implementation: nothing, and so many zeros.
KNOWN = {
    0: "99aa06d3014798d86001c324468d497f",
    1: "a6cd5e9392000f6ac44bdff4074eecdb",
    3: "f21da334f2869f1beb5d658bb22f286b",
    4: "2a33816ed7e0c373dbe563c737220b65",
    8: "2c0a8a99dc147d5445c3b49d035665b2",
    9: "be637bf2e7ab4aec17dbb924bfd111e6",
    16: "e5189a9599e3f86205ea23ef06e28b2d",
    17: "a3d7e4cef35b1f44c2915ca0df7ad4c1",
    128: "d3c4f706d8fc547f093c29f27ecfcf21",
    129: "5dc489d54b6d88d4dd4911635f2c7a91",
    240: "0550e1dd88b6c17ca499f0a80fd3850a",
    241: "b9b45065a364c5b95c5b5d5d40c59ce3",
    1024: "0717191e67688313de5f15ab6daf7941",
    1025: "29e523d2db09ee9d64ace6654784c523",
    5000: "4f64c6c36836832295929931b75a6d9f",
}


def main():
    check = Failures()
    sys.setrecursionlimit(100_000)
    for length, known in KNOWN.items():
        check.expect(xxh3.digest(bytes(length)).hex() == known, "XXH3 of", length, "bytes")
    with tempfile.TemporaryDirectory() as folder:
        for line in (SPEC / "vectors/hash/keys.txt").read_text().splitlines():
            *expected, name = line.split()
            path = SPEC / "vectors" / name
            if name.startswith("from_joblib/"):
                if len(sys.argv) < 2 or any(each in name for each in CLASSES):
                    continue
                path, original = pathlib.Path(folder) / "converted.pkl", path
                subprocess.run([sys.argv[1], "--convert", path, original], check=True)
            check.expect(hasher.keys(reader.load(path)) == tuple(expected), name, "has another key")
    return check.status()


if __name__ == "__main__":
    sys.exit(main())
