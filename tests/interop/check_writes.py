#!/usr/bin/env python3
"""Loads every file of interop_writer with this environment's joblib, every warning an error.

    check_writes.py DIR

DIR holds CASE.pkl, CASE.pkl.gz and so on by every codec, and value/CASE.pkl (loaded by C++ as jl::Value and dumped again) for each case of
write_cases.py, packed/DTYPE.ORDER.WAY.pkl, and two.pkl: two dumps into one stream. Uncompressed files are also mapped (r, r+, c), loaded from an open
file, and twice from a stream that holds them twice; compressed ones are also decompressed by Python's own modules.
"""
import bz2
import gzip
import io
import lzma
import pathlib
import re
import shutil
import sys
import tempfile
import warnings
import zlib

import joblib
import lz4.frame
import numpy as np
import zstandard

from write_cases import CASES, difference, filled, problem

ALIGNMENT = 64
PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "codecs.md"
DECOMPRESS = {
    ".gz": gzip.decompress,
    ".z": zlib.decompress,
    ".bz2": bz2.decompress,
    ".lzma": lzma.decompress,
    ".xz": lzma.decompress,
    ".lz4": lambda data: lz4.frame.open(io.BytesIO(data)).read(),
    ".zst": lambda data: zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True).read(),
}


def register_zstd():
    """As the page on codecs tells Python people to; then both directions have to work."""
    exec(re.search(r"```python\n(.*?)```", PAGE.read_text(), re.S).group(1), {})


def check_zstd(folder):
    path = folder / "from_joblib.pkl.zst"
    joblib.dump({"x": np.arange(1000)}, path)
    yield None if path.read_bytes()[:4] == b"\x28\xb5\x2f\xfd" else "joblib.dump: not a zstd file"
    yield difference({"x": np.arange(1000)}, joblib.load(path))
    path.unlink()


def arrays_of(value, seen=None):
    """Every array of a loaded object, shared ones once."""
    seen = {} if seen is None else seen
    if id(value) in seen:
        return
    seen[id(value)] = value
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from arrays_of(item, seen)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from arrays_of(item, seen)
    elif hasattr(value, "__dict__"):
        yield from arrays_of(vars(value), seen)


def mapping_problem(value, mode):
    for array in arrays_of(value):
        if type(array) is not np.memmap:
            return f"mmap_mode={mode}: an array is a {type(array).__name__}"
        if array.size and array.ctypes.data % ALIGNMENT:
            return f"mmap_mode={mode}: an array starts {array.ctypes.data % ALIGNMENT} bytes after a multiple of {ALIGNMENT}"
        if array.flags.writeable != (mode != "r"):
            return f"mmap_mode={mode}: writeable is {array.flags.writeable}"
    return None


def check_mapped(path, name):
    for mode in ("r", "c"):
        value = joblib.load(path, mmap_mode=mode)
        yield problem(name, value)
        yield mapping_problem(value, mode)
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(shutil.copy(path, folder))
        value = joblib.load(copy, mmap_mode="r+")
        yield problem(name, value)
        yield mapping_problem(value, "r+")
        target = next((a for a in arrays_of(value) if a.size and a.dtype.names is None), None)
        if target is not None:
            target[...] = 1
            target.flush()
            again = next(a for a in arrays_of(joblib.load(copy)) if a.size)
            yield None if (again == 1).all() else "mmap_mode=r+: what was written is not in the file"


def check_streams(path, name):
    with open(path, "rb") as file:
        yield problem(name, joblib.load(file))
    with tempfile.TemporaryFile() as file:
        file.write(path.read_bytes() * 2)
        file.seek(0)
        yield problem(name, joblib.load(file))
        yield problem(name, joblib.load(file))


def check_compressed(path, name):
    yield problem(name, joblib.load(path))
    with tempfile.TemporaryFile() as file:
        file.write(DECOMPRESS[path.suffix](path.read_bytes()))
        file.seek(0)
        yield problem(name, joblib.load(file))


def check_ignored_mapping(path, name):
    """A compressed file cannot be mapped: joblib warns and loads it all the same."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        value = joblib.load(path, mmap_mode="r")
    yield problem(name, value)
    texts = [str(warning.message) for warning in caught]
    yield None if any("not compatible with compressed file" in text for text in texts) else f"warnings were {texts}"


def check_two(path):
    """jl::dump twice into one std::ofstream."""
    with open(path, "rb") as file:
        yield difference({"first": filled("f8", (3, 4))}, joblib.load(file))
        yield difference(["second", filled("i4", (2, 3), "F")], joblib.load(file))


def check_packed(folder):
    """Arrays that jl packed one by one: numpy alone undoes the shuffle, the package blosc its chunks."""
    paths = sorted(folder.glob("*.pkl"))
    yield None if len(paths) >= 90 else f"only {len(paths)} files"
    for path in paths:
        code, order, way = path.stem.split(".")
        got = joblib.load(path)
        yield difference({way: filled(code, (40, 300, 5), order)}, {way: got}, path.name)
        yield None if got.flags.writeable and got.flags.aligned else f"{path.name}: {got.flags}"


def check_case(folder, name):
    plain = folder / f"{name}.pkl"
    yield problem(name, joblib.load(plain))
    yield from check_mapped(plain, name)
    yield from check_streams(plain, name)
    for suffix in DECOMPRESS:
        yield from check_compressed(folder / f"{name}.pkl{suffix}", name)
        yield from check_ignored_mapping(folder / f"{name}.pkl{suffix}", name)
    yield problem(name, joblib.load(folder / "value" / f"{name}.pkl"))


def problems_of(name, checks):
    found = []
    try:
        found += [text for text in checks if text]
    except Exception as error:  # whatever joblib raises is a finding about this case
        found.append(f"{type(error).__name__}: {str(error)[:300]}")
    return [f"{name}: {text}" for text in dict.fromkeys(found)]


def main(arguments):
    folder = pathlib.Path(arguments[0])
    register_zstd()
    warnings.simplefilter("error")
    warnings.filterwarnings("ignore", "distutils Version classes", DeprecationWarning)  # joblib 1.1's own
    written = {path.name[: -len(".pkl")] for path in folder.glob("*.pkl")} - {"two"}
    problems = [f"{name}: no file" for name in sorted(set(CASES) - written)]
    problems += [f"{name}: a file without a case" for name in sorted(written - set(CASES))]
    for name in CASES:
        if name in written:
            problems += problems_of(name, check_case(folder, name))
    problems += problems_of("zstd", check_zstd(folder))
    problems += problems_of("packed", check_packed(folder / "packed"))
    problems += problems_of("two", check_two(folder / "two.pkl"))
    for text in problems:
        print(text)
    print(f"check_writes.py: joblib {joblib.__version__}, numpy {np.__version__}: {len(CASES)} cases, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
