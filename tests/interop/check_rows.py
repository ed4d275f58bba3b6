#!/usr/bin/env python3
"""joblib on the files of jl::Writer and jl::create_mapped, in memory and mapped: check_rows.py PROGRAM OUT_DIR"""
import pathlib
import subprocess
import sys
import warnings

import joblib
import numpy as np


def check_rows(name, value):
    assert list(value) == ["x", "name", "points", "scale"], (name, list(value))
    x = value["x"]
    assert x.dtype == np.float32 and x.shape == (600, 512), (name, x.dtype, x.shape)
    assert np.array_equal(x, np.arange(600 * 512, dtype=np.float32).reshape(600, 512)), name
    assert value["name"] == "run 7" and value["scale"] == 0.5, name
    assert value["points"].dtype.names == ("id", "x") and value["points"]["x"].tolist() == [0.5, 1.5], name


def check_mapped(name, value):
    assert value.dtype == np.float64 and np.array_equal(value, np.arange(100000.0).reshape(1000, 100)), name


def check_named(name, value):
    assert list(value) == ["a", "F"] and value["a"].tolist() == [0, 0, 0, 0, 4], (name, value)
    assert value["F"].flags.f_contiguous and value["F"].tolist() == [[0, 0, 0], [0, 0, 12]], (name, value)


def main(program, folder):
    warnings.simplefilter("error")
    warnings.filterwarnings("ignore", "distutils Version", DeprecationWarning)  # joblib 1.1 itself
    subprocess.run([program, folder], check=True)
    files = sorted(pathlib.Path(folder).iterdir())
    assert len(files) == 8, files
    for path in files:
        check = {"mapped.pkl": check_mapped, "named.pkl": check_named}.get(path.name, check_rows)
        check(path.name, joblib.load(path))
        if path.suffix == ".pkl":
            value = joblib.load(path, mmap_mode="r")
            check(path.name + " mapped", value)
            array = value if isinstance(value, np.ndarray) else next(iter(value.values()))
            assert isinstance(array, np.memmap), (path.name, type(array))
            del value, array
    print("%d files" % len(files))


if __name__ == "__main__":
    main(*sys.argv[1:])
