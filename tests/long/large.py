#!/usr/bin/env python3
"""Arrays and bytes of more than 4 GiB and dicts of a million pairs, both ways between jl and this environment's joblib.

    large.py PROGRAM      PROGRAM is jl_long_large; files are made below TMPDIR and removed again
"""
import pathlib
import subprocess
import sys
import tempfile
import time
import types

import joblib
import numpy as np

GIGA = 1 << 30
BYTES = 4 * GIGA + GIGA // 2 + 17
NUMBERS = BYTES // 8
PAIRS = 1_000_000
SPOTS = [0, 1, 2 * GIGA - 1, 2 * GIGA, 4 * GIGA - 1, 4 * GIGA, 4 * GIGA + 1, BYTES - 1]
AFTER = np.array([7, 8, 9], "i4")


def large(big):
    return types.SimpleNamespace(before=1, big=big, after=AFTER)


def sparse_bytes():
    array = np.zeros(BYTES, "u1")
    array[SPOTS] = range(1, len(SPOTS) + 1)
    return array


def require(condition, what):
    if not condition:
        raise SystemExit(f"large.py: {what}")


def check_large(value, dtype, count):
    require((value.before, list(value.after)) == (1, [7, 8, 9]), "what stands around the array is another")
    require((value.big.shape, value.big.dtype) == ((count,), np.dtype(dtype)), f"{value.big.shape}, {value.big.dtype}")


def check_bytes(value):
    check_large(value, "u1", BYTES)
    require(list(value.big[SPOTS]) == list(range(1, len(SPOTS) + 1)), "the bytes are others")
    require(int(np.count_nonzero(value.big)) == len(SPOTS), "other bytes are not zero")


def check_numbers(value):
    check_large(value, "f8", NUMBERS)
    for first in range(0, NUMBERS, 1 << 24):
        part = value.big[first : first + (1 << 24)]
        require(np.array_equal(part, np.arange(first, first + len(part)) * 0.5), f"numbers from {first} on are others")


def check_rest(folder):
    pairs = joblib.load(folder / "dict.pkl")
    require(pairs == {i: str(i) for i in range(PAIRS)}, "the dict is another")
    text = joblib.load(folder / "text.pkl")
    require((type(text), len(text), text[0], text[-1]) == (bytes, 4 * GIGA + 1, 1, 2), "the bytes are others")


def check(folder):
    for mode in ("r", None):
        check_bytes(joblib.load(folder / "bytes.pkl", mmap_mode=mode))
    check_numbers(joblib.load(folder / "numbers.pkl", mmap_mode="r"))
    check_numbers(joblib.load(folder / "numbers.pkl.gz"))
    check_rest(folder)


def dump(folder):
    joblib.dump(large(sparse_bytes()), folder / "from_joblib.bytes.pkl")
    joblib.dump(large(np.arange(NUMBERS) * 0.5), folder / "from_joblib.numbers.pkl.gz", compress=("gzip", 1))
    joblib.dump({i: str(i) for i in range(PAIRS)}, folder / "from_joblib.dict.pkl")
    text = bytearray(4 * GIGA + 1)
    text[0], text[-1] = 1, 2
    joblib.dump(bytes(text), folder / "from_joblib.text.pkl")


def main(arguments):
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2

    def program(verb):
        subprocess.run([arguments[0], verb, folder], check=True)

    with tempfile.TemporaryDirectory(prefix="jl-long-") as name:
        folder = pathlib.Path(name)
        steps = {"write": lambda: program("write"), "check": lambda: check(folder), "reread": lambda: program("reread"),
                 "dump": lambda: (clear(folder), dump(folder)), "read": lambda: program("read")}
        for word, step in steps.items():
            begun = time.monotonic()
            step()
            print(f"large.py: joblib {joblib.__version__}: {word}: {time.monotonic() - begun:.0f} s", flush=True)
    return 0


def clear(folder):
    for path in folder.iterdir():
        path.unlink()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
