"""Every codec beside joblib, the codec's own tool and its library, in one run; prints the codec table of bench/README.md.

    codecs.py BIN_DIR PYTHON FOLDER [--rounds N] [--only TEXT]

BIN_DIR holds jl_worker, PYTHON has joblib, lz4, numpy, scikit-learn and pillow; pigz, lbzip2, xz, lz4 and zstd are on the path. 96 MB of each kind of
data, 24 MB for the slow codecs. In a round each member of a row takes its turn, another one first; MB/s are medians of the rounds. `x2` is the library's speed on one core, times two.
Each loads twice and the second time counts: a virtual machine may have given free memory back to its host, and whoever takes it first waits for that.
"""
import os
import shutil
import statistics
import subprocess
import sys
import time

from compare import prepared

DATA = ("images", "waves", "noise", "indices")
SETTINGS = [("none", 0), ("gzip", 1), ("gzip", 3), ("gzip", 6), ("gzip", 9), ("bz2", 1), ("bz2", 9), ("xz", 1), ("xz", 6), ("lz4", 0), ("lz4", 9), ("zstd", 1),
            ("zstd", 3), ("zstd", 9), ("zstd", 19), ("shuffle+gzip", 3), ("shuffle+lz4", 0), ("shuffle+zstd", 1), ("shuffle+zstd", 3),
            ("blosc:lz4", 5), ("blosc:zstd", 3)]
SLOW = [("gzip", 9), ("bz2", 1), ("bz2", 9), ("zstd", 19)]
IN_JOBLIB, IN_LIBRARY = ("none", "gzip", "bz2", "xz", "lz4"), ("lz4", "zstd", "blosc:lz4")
TOOLS = {"gzip": ("pigz", "-p2"), "bz2": ("lbzip2", "-n2"), "xz": ("xz", "-T2"), "lz4": ("lz4", "-f"), "zstd": ("zstd", "-T2", "-f")}


class Tool:
    """The codec's own program on the bare items; answers as a worker does."""
    def __init__(self, folder, data, codec, level):
        self.raw, self.packed = (os.path.join(folder, name) for name in (data + ".npy", "tool_" + data))
        self.program = list(TOOLS[codec])
        self.level = "-%d" % level if codec != "lz4" or level else "-1"

    def ask(self, work):
        how = [self.level, "-c", self.raw] if work == "dump" else ["-d", "-c", self.packed]
        begin = time.perf_counter()
        with open(self.packed if work == "dump" else os.devnull, "wb") as out:
            subprocess.run(self.program + how, stdout=out, stderr=subprocess.DEVNULL, check=True)
        return time.perf_counter() - begin

    def close(self):
        os.remove(self.packed)


class Member:
    """One column: who works, and what it is asked for a dump and for a load."""
    def __init__(self, worker, dump, load):
        self.worker, self.cases, self.times = worker, {"dump": dump, "load": load}, {"dump": [], "load": []}

    def run(self, work):
        if work == "load":
            self.worker.ask(self.cases[work])
        self.times[work].append(self.worker.ask(self.cases[work]))

    def speed(self, work, size):
        return size / statistics.median(self.times[work]) / 1e6


def members(start, folder, data, codec, level):
    jl, case = start("jl"), ":%s:%s:%d:" % (data, codec, level)
    found = {str(threads): Member(jl, f"dump{case}{threads}", f"load{case}{threads}") for threads in (1, 2)}
    if codec in IN_JOBLIB:
        found["joblib"] = Member(start("py"), "dump" + case, "load" + case)
    if codec in TOOLS and shutil.which(TOOLS[codec][0]):
        found["tool"] = Member(Tool(folder, data, codec, level), "dump", "load")
    if codec in IN_LIBRARY:
        found["x2"] = Member(jl, f"encode{case}1", f"decode{case}1")
    return found


def row(start, folder, data, codec, level, rounds):
    found, size = members(start, folder, data, codec, level), os.path.getsize(os.path.join(folder, data + ".npy"))
    turns = list(found.values())
    for turn in range(rounds):
        for work in ("dump", "load"):
            for i in range(len(turns)):
                turns[(i + turn) % len(turns)].run(work)
    written = os.path.join(folder, "jl_%s_%s_%d.pkl" % (data, codec.replace(":", "_").replace("+", "_"), level))
    cells = [f"{codec} {level}", data.removeprefix("small_"), "%.3f" % (os.path.getsize(written) / size)]
    theirs = os.path.join(folder, "joblib_%s_%s_%d.pkl" % (data, codec, level))
    cells.append("%.3f" % (os.path.getsize(theirs) / size) if os.path.exists(theirs) else "")
    for work in ("dump", "load"):
        for name in ("1", "2", "joblib", "tool", "x2"):
            factor = 2 if name == "x2" else 1
            cells.append("%.*f" % (1 if found[name].speed(work, size) < 10 else 0, factor * found[name].speed(work, size)) if name in found else "")
    for worker in {id(member.worker): member.worker for member in found.values()}.values():
        worker.close()
    print("| " + " | ".join(cells) + " |", flush=True)


def main():
    options, start = prepared(__doc__, "small_indices.npy", ["--small"], rounds=3)
    print("| codec, level | data | size | joblib's | dump 1 thread | 2 | joblib | tool, 2 threads | library x2 | load 1 | 2 | joblib | tool | library x2 |")
    print("|" + "---|" * 14)
    for codec, level in SETTINGS:
        for data in DATA:
            if options.only in f"{codec} {level} {data}":
                source = ("small_" if (codec, level) in SLOW else "") + data
                row(start, options.folder, source, codec, level, options.rounds)


if __name__ == "__main__":
    sys.exit(main())
