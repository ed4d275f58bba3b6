"""jl::hash beside joblib.hash, XXH3, md5, sha1 and reading the memory: pairs in one run, A B A B, medians; prints the table of bench/README.md.

    hashes.py BIN_DIR PYTHON [--pairs N] [--only TEXT]

BIN_DIR holds hash_worker, PYTHON has joblib and numpy. Takes 800 MB of memory.
"""
import argparse
import statistics
import sys
import time

from compare import Worker

MB400 = 400_000_000
ROWS = [
    ("400 MB array / reading it, all cores", "array", ("jl", "read"), 0.5, MB400),
    ("400 MB array / XXH3, 1 core", "array", ("jl", "xxh3"), None, MB400),
    ("400 MB array, 1 thread / XXH3", "array_1_thread", ("jl", "xxh3"), None, MB400),
    ("400 MB array / md5", "array", ("jl", "md5"), None, MB400),
    ("400 MB array / sha1", "array", ("jl", "sha1"), None, MB400),
    ("400 MB array / joblib", "array", ("py", "array"), None, MB400),
    ("400 MB array in Fortran order / joblib", "array_f", ("py", "array_f"), None, MB400),
    ("1 000 x array of 1 000 doubles / joblib", "small_array", ("py", "small_array"), None, None),
    ("1 000 x (1, 2, 3) / joblib", "three_ints", ("py", "three_ints"), None, None),
    ("1 000 x ('image', 0.5, array of 10) / joblib", "arguments", ("py", "arguments"), None, None),
    ("list of 100 k texts / joblib", "texts", ("py", "texts"), None, None),
    ("list of 100 k texts, a jl::Value / joblib", "texts_loaded", ("py", "texts"), None, None),
    ("dict of 100 k texts to floats / joblib", "dict", ("py", "dict"), None, None),
]


def python_worker():
    import joblib
    import numpy as np

    def array(order):
        return np.asarray(np.arange(50_000_000).reshape(4_000, 12_500) * 0.5, order=order)

    makers = {
        "array": lambda: (array("C"), 1), "array_f": lambda: (array("F"), 1), "small_array": lambda: (np.full(1_000, 1.5), 1_000),
        "three_ints": lambda: ((1, 2, 3), 1_000), "arguments": lambda: (("image", 0.5, np.full(10, 1.5)), 1_000),
        "texts": lambda: (["text %d" % i for i in range(100_000)], 1), "dict": lambda: ({"key%d" % i: i * 0.5 for i in range(100_000)}, 1),
    }
    made = {}
    print("ready", flush=True)
    for line in sys.stdin:
        value, times = made.setdefault(line, None) or made.update({line: makers[line.strip()]()}) or made[line]
        begin = time.perf_counter()
        for _ in range(times):
            joblib.hash(value)
        print(time.perf_counter() - begin, flush=True)


def shown(count, seconds):
    return f"{count / seconds / 1e6:7.0f} MB/s" if count else f"{seconds * 1e3:8.2f} ms"


def main():
    if sys.argv[1:] == ["--worker"]:
        return python_worker()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bin_dir")
    parser.add_argument("python")
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    commands = {"jl": [options.bin_dir + "/hash_worker"], "py": [options.python, __file__, "--worker"]}
    print("| row | jl | alternative | ratio | wanted |\n|---|---|---|---|---|")
    for title, case, (worker, other), goal, count in ROWS:
        if options.only not in title:
            continue
        ours, theirs = Worker(commands["jl"]), Worker(commands[worker])
        times = [(ours.ask(case), theirs.ask(other)) for _ in range(options.pairs + 1)][1:]  # the first pair warms up
        ours.close(), theirs.close()
        a, b = (statistics.median(pair[i] for pair in times) for i in (0, 1))
        ratio = statistics.median(pair[1] / pair[0] for pair in times)
        verdict = "" if goal is None else f"{goal:g} {'reached' if ratio >= goal else 'MISSED'}"
        print(f"| {title} | {shown(count, a)} | {shown(count, b)} | {ratio:.2f} | {verdict} |", flush=True)


if __name__ == "__main__":
    main()
