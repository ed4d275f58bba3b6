"""The Python side of the comparison: joblib, numpy, pickle and h5py, one case a line (see protocol.hpp)."""
import os
import pickle
import resource
import sys
import time

import joblib
import numpy as np

folder = sys.argv[1]


def path(name):
    return os.path.join(folder, name)


def npy(name):
    return np.load(path(name + ".npy"))


def ints():
    return list(range(1_000_000))


def dictionary():
    return {"key%d" % i: i * 0.5 for i in range(500_000)}


def arrays():
    return [np.full(10, 1.5) for _ in range(100_000)]


def pickled(make, name):
    value = make()

    def run():
        with open(path(name), "wb") as out:
            pickle.dump(value, out, protocol=5)
    return run


def unpickled(name):
    def run():
        with open(path(name), "rb") as source:
            pickle.load(source)
    return run


def dumped(make, name, compress=0):
    value = make()
    return lambda: joblib.dump(value, path(name), compress=compress)


def loaded(name):
    return lambda: joblib.load(path(name))


def h5_dump():
    import h5py
    x = npy("raw")

    def run():
        with h5py.File(path("raw.h5"), "w") as out:
            out["x"] = x
    return run


def h5_load():
    import h5py

    def run():
        with h5py.File(path("raw.h5"), "r") as source:
            source["x"][()]
    return run


def saved():
    x = npy("raw")
    return lambda: np.save(path("np_raw.npy"), x)


CASES = {
    "joblib_raw_dump": lambda: dumped(lambda: npy("raw"), "joblib_raw.pkl"),
    "joblib_raw_load": lambda: loaded("joblib_raw.pkl"),
    "np_save": saved,
    "np_load": lambda: (lambda: np.load(path("np_raw.npy"))),
    "h5_dump": h5_dump,
    "h5_load": h5_load,
    "hold": lambda: (lambda x: (lambda: None))(npy("faces")),
}
for data in ("faces", "smooth", "random"):
    CASES["gzip_dump_" + data] = lambda data=data: dumped(lambda: npy(data).ravel(), f"joblib_{data}.pkl.gz", ("gzip", 3))
    CASES["gzip_load_" + data] = lambda data=data: loaded(f"joblib_{data}.pkl.gz")
    CASES["zlib_dump_" + data] = lambda data=data: dumped(lambda: npy(data).ravel(), f"joblib_{data}.pkl.z", ("zlib", 3))
    CASES["zlib_load_" + data] = lambda data=data: loaded(f"joblib_{data}.pkl.z")
for name, make in (("ints", ints), ("dict", dictionary), ("arrays", arrays)):
    CASES[f"pickle_{name}_dump"] = lambda name=name, make=make: pickled(make, f"{name}.p5")
    CASES[f"pickle_{name}_load"] = lambda name=name: unpickled(f"{name}.p5")
    CASES[f"joblib_{name}_dump"] = lambda name=name, make=make: dumped(make, f"joblib_{name}.pkl")
    CASES[f"joblib_{name}_load"] = lambda name=name: loaded(f"joblib_{name}.pkl")



def codec_case(line):
    """dump:DATA:CODEC:LEVEL: and load:…, for codecs.py."""
    work, data, codec, level, _ = line.split(":")
    name = f"joblib_{data}_{codec}_{level}.pkl"
    return loaded(name) if work == "load" else dumped(lambda: npy(data), name, 0 if codec == "none" else (codec, int(level)) if int(level) else codec)


ready = {}
print("ready", flush=True)
for line in sys.stdin:
    line = line.strip()
    if line == "rss":
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, flush=True)
        continue
    if line not in ready:
        ready[line] = CASES[line]() if line in CASES else codec_case(line)
    begin = time.perf_counter()
    ready[line]()
    print(time.perf_counter() - begin, flush=True)
