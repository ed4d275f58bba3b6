#!/usr/bin/env python3
"""Writes the files of spec/vectors/from_joblib that the joblib of this environment is responsible for.

    make_golden.py OUT_DIR

Run once per release, in an environment with it; the files are committed and stay as they are. joblib 0.8 and 0.9 write arrays into
files of their own beside the pickle, and compressed pickles in the form that begins with ZF: those are in before_0.10.
"""
import collections
import collections.abc
import hashlib
import json
import pathlib
import sys

for name in ("Sized", "Iterable", "Mapping"):  # joblib 0.8 and 0.9 look for them where Python 2 had them
    if not hasattr(collections, name):
        setattr(collections, name, getattr(collections.abc, name))

import joblib
import numpy as np

import cases_numpy
import cases_python
import cases_science
from expected import Expectation
from generate import CODECS

EARLY = [("golden_small", None, "none"), ("object_mixed", None, "none"), ("order_f", None, "none")]
LATE = [("several", 4, "none"), ("object_arrays", 4, "none"), ("scalars", 4, "none"), ("struct_nested", 4, "gzip3")]
GOLDEN = {
    "0.8": EARLY + [("golden_small", None, "ZF3")],
    "0.9": EARLY + [("golden_small", None, "ZF3"), ("golden_small", None, "ZF3-companions"), ("dict_keys", None, "none")],
    "0.10": [("several", 3, "none"), ("object_mixed", 3, "none"), ("golden_small", 3, "zlib3")],
    "0.17": [("several", 4, "none"), ("golden_small", 2, "none"), ("shared", 4, "gzip3")],
    "1.1": LATE + [("subclasses", 4, "none"), ("golden_small", 0, "none")],
    "1.2": LATE + [("big_endian_f4", 4, "none"), ("order_f_struct", 2, "zlib9"), ("golden_small", 1, "none")],
    "1.4": LATE + [("times", 4, "none"), ("object_2d_f", 4, "none"), ("matrix", 3, "none")],
    "1.5": LATE + [("struct_subarray", 5, "none"), ("strings", 0, "none"), ("object_self", 4, "zlib1")],
    "1.6": LATE + [("cycle_object", 4, "none"), ("table", 4, "none"), ("model_tree", 4, "none"),
                   ("model_linear", 4, "gzip3"), ("zero_d", 5, "none")],
}


def golden_small():
    return {"ints": np.arange(6, dtype="i4").reshape(2, 3), "floats": np.array([0.5, -1.0]), "text": "caf\u00e9",
            "nested": [1, 2.5, None, True, (b"bytes", {"deep": np.array([[1j]])})], 3: "three"}


CASES = {**cases_python.CASES, **cases_numpy.CASES, **cases_science.CASES, "golden_small": golden_small}


def payload(array):
    order = "F" if array.flags.f_contiguous and not array.flags.c_contiguous else "C"
    raw = array.tobytes(order)
    return raw.hex() if len(raw) <= 64 else hashlib.sha256(raw).hexdigest()


class Golden(Expectation):
    """Keeps the payloads as they are stored, too (spec/json_tree.md)."""

    def __init__(self, *arguments):
        self.payloads = {}
        super().__init__(*arguments)

    def array(self, value, path):
        node = super().array(value, path)
        if node["kind"] == "array" and not value.dtype.hasobject:
            self.payloads[path] = payload(value)
        return node


def write(value, path, protocol, codec):
    if codec.startswith("ZF"):
        joblib.dump(value, path, compress=3, cache_size=0 if "companions" in codec else 100)
    elif protocol is None:
        joblib.dump(value, path)
    else:
        joblib.dump(value, path, compress=CODECS[codec], protocol=protocol)


def document(value, path, case, protocol, codec):
    """The expected tree. Before 0.10 an array in a file of its own counts as wrapped, one in the pickle does not."""
    zf, companions = codec.startswith("ZF"), any(path.parent.glob(path.name + "_*"))
    golden = Golden(value, protocol or 4, "zlib" if zf else codec.rstrip("0123456789"), bool(protocol is not None or companions))
    tree = golden.document
    if zf or (protocol is None and companions):
        tree["format"] = "joblib-0.9"
    spelling = "default protocol" if protocol is None else f"protocol {protocol}"
    about = f"{case}, written by joblib {joblib.__version__} and numpy {np.__version__}, {spelling}"
    return {"about": about, **tree, "arrays": golden.payloads}


def main(arguments):
    release = ".".join(joblib.__version__.split(".")[:2])
    out = pathlib.Path(arguments[0]) / ("before_0.10" if release in ("0.8", "0.9") else "")
    out.mkdir(exist_ok=True)
    for case, protocol, codec in GOLDEN[release]:
        value = CASES[case]()
        path = out / f"{release}-{case}{'' if protocol is None else f'-p{protocol}'}-{codec}.pkl"
        write(value, str(path), protocol, codec)
        text = json.dumps(document(value, path, case, protocol, codec), indent=1)
        (out / (path.name + ".json")).write_text(text + "\n")
    print(f"make_golden.py: joblib {joblib.__version__}: {len(GOLDEN[release])} files")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
