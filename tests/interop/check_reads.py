#!/usr/bin/env python3
"""Runs jlunpack over a corpus and compares what it says with the expected trees.

    check_reads.py BIN_DIR CORPUS [--jobs N] [--only TEXT] [--show N]

Every FILE.pkl, .npy and .npz in CORPUS with a FILE.pkl.json (or .json.gz) beside it is listed by `jlunpack FILE --json`; where it
holds arrays, `jlunpack FILE -o DIR` extracts them, and shape, dtype, order and values of each .npy have to agree. The
arrays are loaded by numpy where it is installed, else by npy.py.
"""
import argparse
import concurrent.futures
import gzip
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse

import npy
from compare import compare

try:
    import numpy as np

    from digest import sha256
except ImportError:
    np = None

TIMEOUT = 60


class Refused(Exception):
    pass


def run(command):
    done = subprocess.run(command, capture_output=True, timeout=TIMEOUT)
    if done.returncode != 0:
        message = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no message"]
        raise Refused(f"exit status {done.returncode}: {message[0][:300]}")
    return done.stdout


def read_expected(path):
    plain = path.with_name(path.name + ".json")
    if plain.is_file():
        return json.loads(plain.read_text())
    return json.loads(gzip.decompress(path.with_name(path.name + ".json.gz").read_bytes()))


def check_nested_lists(output, document):
    depth = len(re.findall(rb'"kind"\s*:\s*"list"', output))
    wanted = document["nested_lists"]
    return [] if depth == wanted else [f"expected {wanted} nested lists, got {depth}"]


def loaded(file):
    """(descr, shape, order, digest) of an .npy file."""
    if np is None:
        array = npy.read(file)
        return array.descr, array.shape, array.order, array.digest()
    array = np.load(file, max_header_size=1 << 20)  # a thousand fields take more than numpy's 10 000 bytes
    descr = array.dtype.descr if array.dtype.names is not None else array.dtype.str
    order = "F" if array.flags.f_contiguous and not array.flags.c_contiguous else "C"
    return descr, array.shape, order, sha256(array)


def check_npy(file, node, digest):
    """One extracted array against its expected node; the byte order may have become the native one."""
    descr, shape, order, found = loaded(file)
    facts = {
        "shape": (node["shape"], list(shape)),
        "order": (node["order"], order),
        "dtype": (json.dumps(node["dtype"]).replace(">", "<"), json.dumps(descr).replace(">", "<")),
        "sha256": (digest, found),
    }
    return [f".npy of {node['path']}: {name}: expected {a}, got {b}" for name, (a, b) in facts.items() if a != b]


def array_path(file):
    """The path of the array that is in `file`: %XX stands for what a file name should not hold."""
    parts = [urllib.parse.unquote(part) for part in (*file.parts[:-1], file.name[: -len(".npy")])]
    return "/" if parts == ["root"] else "".join("/" + part.replace("%", "%25").replace("/", "%2F") for part in parts)


def check_extracted(jlunpack, path, listed, pairs):
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        run([jlunpack, path, "-o", folder])
        tree = json.loads(pathlib.Path(folder, "tree.json").read_text())
        if {**tree, "file": None} != {**listed, "file": None}:
            problems.append("tree.json differs from --json")
        names = {array_path(file.relative_to(folder)): file for file in pathlib.Path(folder).rglob("*.npy")}
        for (want, got), digest in pairs:
            file = names.pop(got["path"], None)
            if file is None:
                problems.append(f"no .npy for {got['path']}")
            else:
                problems += check_npy(file, {**want, "path": got["path"]}, digest)
    return problems


def check(jlunpack, path):
    """The problems of one file."""
    document = read_expected(path)
    try:
        output = run([jlunpack, path, "--json"])
        if "nested_lists" in document:
            return check_nested_lists(output, document)
        listed = json.loads(output)
        problems, pairs = compare(document, listed)
        if problems:
            return problems
        digests = [entry["sha256"] for entry in document["values"]]
        extracted = [(pair, digest) for pair, digest in zip(pairs, digests, strict=True) if digest is not None]
        return check_extracted(jlunpack, path, listed, extracted) if extracted else []
    except Refused as refused:
        return [str(refused)]
    except (ValueError, KeyError, OSError, subprocess.TimeoutExpired) as error:
        return [f"{type(error).__name__}: {str(error)[:300]}"]


def arguments_of(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bin_dir", type=pathlib.Path)
    parser.add_argument("corpus", type=pathlib.Path)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default="", help="only files whose path contains this text")
    parser.add_argument("--show", type=int, default=60, help="how many files with problems to list")
    return parser.parse_args(arguments)


def main(arguments):
    options = arguments_of(arguments)
    sys.setrecursionlimit(20_000)
    jlunpack = options.bin_dir / "jlunpack"
    files = sorted(path for path in [*options.corpus.glob("*.pkl*"), *options.corpus.glob("*.np[yz]")]
                   if not path.name.endswith((".json", ".json.gz")) and options.only in str(path)
                   and (path.with_name(path.name + ".json").exists() or path.with_name(path.name + ".json.gz").exists()))
    if not files or not jlunpack.exists():
        print(f"check_reads.py: nothing to check: {len(files)} files, {jlunpack}", file=sys.stderr)
        return 2
    start = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        results = list(pool.map(lambda path: check(jlunpack, path), files))
    failed = [(path, problems) for path, problems in zip(files, results) if problems]
    for path, problems in failed[: options.show]:
        print(f"{path.relative_to(options.corpus)}: {'; '.join(problems)}")
    if len(failed) > options.show:
        print(f"... and {len(failed) - options.show} more")
    print(f"check_reads.py: {len(files)} files, {len(failed)} with problems, {time.monotonic() - start:.1f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
