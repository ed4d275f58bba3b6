#!/usr/bin/env python3
"""joblib on the folder of a jl::Memory: check_memory.py PROGRAM OUT_DIR"""
import json
import pathlib
import shutil
import subprocess
import sys
import time
import warnings

import joblib
import numpy as np


def load(root, function):
    (folder,) = (path for path in (root / function).iterdir() if path.is_dir())
    call = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))
    output = folder / "output.pkl"
    assert set(call) >= {"duration", "input_args", "time", "function", "output_bytes"}, call
    assert call["output_bytes"] == output.stat().st_size, call
    assert 0 < call["duration"] < 600 and abs(time.time() - call["time"]) < 600, call
    return joblib.load(output), call, output


def main(program, folder):
    warnings.simplefilter("error")
    warnings.filterwarnings("ignore", "distutils Version", DeprecationWarning)  # joblib 1.1 itself
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([program, folder], check=True)
    root = pathlib.Path(folder) / "joblib"

    value, call, output = load(root, "square")
    a = np.vander(np.arange(3)).astype(float)
    assert np.array_equal(value, a * a) and value.dtype == np.float64, value
    assert np.array_equal(joblib.load(output, mmap_mode="r"), a * a)
    assert call["version"] == "3" and call["input_args"] == {"a": repr(a)}, call

    (words,) = (path.name for path in root.iterdir() if path.name.startswith("acme"))
    value, call, _ = load(root, words)
    assert value == {"words": ["fü'r"] * 3} and call["function"] == "acme::Words", (value, call)
    assert call["input_args"] == {"arg0": repr("fü'r"), "arg1": "3"}, call

    value, _, output = load(root, "packed")
    assert output.read_bytes()[:2] == b"\x1f\x8b" and np.array_equal(value, np.full(1000, 2, np.float32))

    memory = joblib.Memory(folder, verbose=0)
    assert len(memory.store_backend.get_items()) == 3
    if tuple(int(part) for part in joblib.__version__.split(".")[:2]) >= (1, 3):
        memory.reduce_size(items_limit=1)
        assert len(memory.store_backend.get_items()) == 1
    memory.clear(warn=False)
    assert memory.store_backend.get_items() == []
    subprocess.run([program, folder], check=True)
    assert len(memory.store_backend.get_items()) == 3
    print("joblib", joblib.__version__, "reads what jl::Memory kept")


main(*sys.argv[1:])
