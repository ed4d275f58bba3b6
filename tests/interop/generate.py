#!/usr/bin/env python3
"""Writes the corpus of one environment: files by joblib.dump, each with the expected tree beside it.

    generate.py OUT_DIR [--check]

Runs inside one of the environments of make_venvs.py. Every case is written uncompressed by protocol 4, by one other
protocol, by one codec and by the plain pickle module, in rotation; the cases in FULL by every protocol and codec.
With --check each file is loaded again and has to give the same tree.
"""
import gzip
import itertools
import json
import pathlib
import pickle
import sys

import joblib

import cases_numpy
import cases_python
import cases_science
import numpy_files
from compare import compare
from expected import expected

CODECS = {"none": 0, "zlib3": ("zlib", 3), "gzip3": ("gzip", 3), "zlib1": ("zlib", 1), "zlib9": ("zlib", 9),
          "bz2-9": ("bz2", 9), "lzma-1": ("lzma", 1), "xz-1": ("xz", 1), "lz4-1": ("lz4", 1), "lz4-4": ("lz4", 4)}
FULL = ["several", "object_mixed", "object_arrays", "struct_nested", "strings", "integers", "shared", "scalars"]
DEEP = {"nested_100000": 100_000}
ANOTHER_AFTER_LOADING = ["model_search"]  # numpy gives its masked arrays of objects a fill value that they did not have
SMALL_JSON = 200_000


def variants(index, name):
    """(protocol, codec) pairs of one case; the codec "pickle" stands for the plain pickle module."""
    if name in FULL:
        full = set(itertools.product(range(6), ["none", "zlib3", "gzip3"]))
        return sorted(full | {(4, codec) for codec in CODECS} | {(2, "pickle"), (5, "pickle")})
    if name.startswith("nested_"):
        return [(4, "none"), (2, "none"), (4, "zlib3")]
    if name == "dict_100000":
        return [(4, "none"), (2, "zlib3")]
    codec = list(CODECS)[1 + index % (len(CODECS) - 1)]
    return [(4, "none"), ((5, 3, 2, 1, 0)[index % 5], "none"), (4, codec), ((5, 2, 4)[index % 3], "pickle")]


def write(value, path, protocol, codec):
    if codec != "pickle":
        joblib.dump(value, path, compress=CODECS[codec], protocol=protocol)
        return
    with open(path, "wb") as file:
        pickle.dump(value, file, protocol)


def tree(value, name, protocol, codec):
    method = (CODECS.get(codec) or ["none"])[0]
    if name in DEEP:
        return {"format": "pickle", "codec": method, "nested_lists": DEEP[name]}
    return expected(value, protocol, method, codec != "pickle")


def write_tree(document, path):
    text = json.dumps(document, separators=(",", ":"))
    if len(text) > SMALL_JSON:
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(text.encode(), 6, mtime=0))
    else:
        path.write_text(text + "\n")


def reload_problems(path, document, protocol, codec):
    """Loads the file in this environment and compares the tree of what came back."""
    if codec == "pickle":
        with open(path, "rb") as file:
            value = pickle.load(file)
    else:
        value = joblib.load(path)
    again = json.loads(json.dumps(expected(value, protocol, document["codec"], codec != "pickle")))
    want = json.loads(json.dumps(document))
    problems, _ = compare(want, again, any_byte_order=True)  # loading turns big-endian arrays into native ones
    if [a["sha256"] for a in want["values"]] != [a["sha256"] for a in again["values"]]:
        problems.append("digests differ")
    return [f"{path.name}: {problem}" for problem in problems]


def main(arguments):
    out = pathlib.Path(arguments[0])
    out.mkdir(parents=True, exist_ok=True)
    for old in [*out.glob("*-p[0-5]-*.pkl*"), *out.glob("*.np[yz]*")]:
        old.unlink()
    sys.setrecursionlimit(10_000_000)
    count, problems = 0, []
    cases = {**cases_python.CASES, **cases_numpy.CASES, **cases_science.CASES}
    for index, (name, make) in enumerate(cases.items()):
        for protocol, codec in variants(index, name):
            value = make()
            path = out / f"{name}-p{protocol}-{codec}.pkl"
            write(value, path, protocol, codec)
            document = tree(value, name, protocol, codec)
            write_tree(document, out / (path.name + ".json"))
            count += 1
            if "--check" in arguments and name not in (*DEEP, *ANOTHER_AFTER_LOADING):
                problems += reload_problems(path, document, protocol, codec)
    count += numpy_files.write(out)
    for problem in problems:
        print(problem)
    print(f"generate.py: joblib {joblib.__version__}: {count} files in {out.name}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
