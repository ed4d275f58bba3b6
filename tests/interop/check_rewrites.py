#!/usr/bin/env python3
"""Every file of a corpus, loaded by jl and dumped again, has to be the same value to joblib.

    check_rewrites.py REWRITER CORPUS OUT

The corpus gets company: structures whose fields overlap or go back, which no array record may hold.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import warnings

import joblib
import numpy as np

from expected import expected_own

ODD = {
    "unordered": {"names": ["a", "b"], "formats": ["<i4", "<f4"], "offsets": [4, 0]},
    "overlapping": {"names": ["a", "b"], "formats": ["<i4", "<i2"], "offsets": [0, 2]},
    "inside": {"names": ["in", "c"], "formats": [np.dtype({"names": ["a", "b"], "formats": ["u1", ">i2"], "offsets": [2, 0]}), "<f8"],
               "offsets": [0, 8]},
}
TOO_DEEP = "nested_100000"  # comparing it in Python would end in a RecursionError


def odd_files(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for name, description in ODD.items():
        array = np.frombuffer(bytes(range(48)), np.dtype(description), count=3)
        joblib.dump({"odd": array, "even": np.arange(3.0), "again": [array[:2]]}, folder / f"{name}.pkl")


def same(a, b):
    """Arrays may have come to this machine's byte order; what a tree says nothing of is not compared (README.md)."""
    wanted, found = (re.sub(r'"[<>](\w+)"', r'"\1"', json.dumps(expected_own(value, "none"))) for value in (a, b))
    return wanted == found or '"kind": "any"' in wanted


def same_odd(a, b):
    return all(x.dtype == y.dtype and (x == y).all()
               for x, y in ((a["odd"], b["odd"]), (a["even"], b["even"]), (a["again"][0], b["again"][0])))


def rewritten(rewriter, source, target):
    done = subprocess.run([rewriter, source, target], capture_output=True, text=True, check=False)
    return done.stderr.splitlines() or (["the rewriter failed without a word"] if done.returncode else [])


def compare(source, target, alike):
    problems = []
    for path in sorted(source.glob("*.pkl")):
        if TOO_DEEP in path.name or not (target / path.name).exists():
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                again = joblib.load(target / path.name)
            if not alike(joblib.load(path), again):
                problems.append(f"{path.name}: another value")
        except Exception as error:  # whatever joblib may raise
            problems.append(f"{path.name}: {type(error).__name__}: {error}")
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("rewriter", "corpus", "out"):
        parser.add_argument(name, type=pathlib.Path)
    arguments = parser.parse_args()
    odd = arguments.out / "odd"
    odd_files(odd)
    problems = []
    for source, target, alike in ((arguments.corpus, arguments.out / "corpus", same), (odd, arguments.out / "odd_again", same_odd)):
        problems += rewritten(arguments.rewriter, source, target) + compare(source, target, alike)
    for problem in problems:
        print("FAIL", problem)
    count = len(list(arguments.out.glob("*/*.pkl")))
    print(f"{count} files, {len(problems)} problems")
    sys.exit(1 if problems or count == 0 else 0)


if __name__ == "__main__":
    main()
