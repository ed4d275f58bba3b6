"""jl::Memory beside joblib.Memory: hits and misses in pairs, A B A B, medians; processes that want the same results; many entries.

    memory.py BIN_DIR PYTHON FOLDER [--pairs N] [--processes P] [--keys K] [--entries E]

BIN_DIR holds memory_worker, PYTHON has joblib and numpy, FOLDER takes the caches (1 million entries: 9 GB on ext4). Both sides write
there, without syncing.
"""
import argparse
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

from compare import Worker

CALLS = 1_000
GOALS = {"hit": 30}  # microseconds


def product(x, y):
    return x * y


def same(x):
    return x


def contended(x):
    import numpy as np
    return np.full(100, float(x))


def python_worker(folder):
    import joblib
    import numpy as np

    memory = joblib.Memory(folder, verbose=0)
    cached, same_cached, thousand = memory.cache(product), memory.cache(same), np.full(1_000, 1.5)
    fresh = iter(range(10**9))
    cases = {
        "hit": lambda: cached(-1, 2.0),
        "hit_array": lambda: same_cached(thousand),
        "miss": lambda: cached(next(fresh), 3.0),
    }
    print("ready", flush=True)
    for line in sys.stdin:
        case = cases[line.strip()]
        begin = time.perf_counter()
        for _ in range(CALLS):
            case()
        print(time.perf_counter() - begin, flush=True)


def python_contend(folder, keys):
    import joblib

    computed = []

    def f(x):
        computed.append(x)
        return contended(x)

    cached = joblib.Memory(folder, verbose=0).cache(f)
    for key in range(keys):
        cached(key)
    print(len(computed))


def pairs_of(commands, case, pairs):
    workers = [Worker(command) for command in commands]
    times = [[worker.ask(case) for worker in workers] for _ in range(pairs + 1)][1:]  # the first pair warms up
    for worker in workers:
        worker.close()
    return times


def run_together(commands):
    begin = time.perf_counter()
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for command in commands]
    computed = sum(int(process.communicate()[0]) for process in running)
    return time.perf_counter() - begin, computed


def main():
    if sys.argv[1:2] == ["--worker"]:
        return python_worker(sys.argv[2])
    if sys.argv[1:2] == ["--contend"]:
        return python_contend(sys.argv[2], int(sys.argv[3]))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("bin_dir", "python", "folder"):
        parser.add_argument(name)
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--keys", type=int, default=1_000)
    parser.add_argument("--entries", type=int, default=0, help="1000000 takes minutes")
    options = parser.parse_args()
    program, folder = options.bin_dir + "/memory_worker", pathlib.Path(options.folder)
    folder.mkdir(parents=True, exist_ok=True)

    print("| row | jl | joblib | ratio | wanted |\n|---|---|---|---|---|")
    for case in ("hit", "hit_array", "miss"):
        commands = ([program, str(folder / "jl")], [options.python, __file__, "--worker", str(folder / "py")])
        times = pairs_of(commands, case, options.pairs)
        a, b = (statistics.median(pair[i] for pair in times) / CALLS * 1e6 for i in (0, 1))
        ratio = statistics.median(pair[1] / pair[0] for pair in times)
        verdict = f"{GOALS[case]} us {'reached' if a <= GOALS[case] else 'MISSED'}" if case in GOALS else ""
        print(f"| {case} | {a:.1f} us | {b:.1f} us | {ratio:.1f} | {verdict} |", flush=True)
        for name in ("jl", "py"):
            shutil.rmtree(folder / name, ignore_errors=True)

    keys = str(options.keys)
    for name, command in (("jl", [program, str(folder / "jl"), "contend", keys]),
                          ("joblib", [options.python, __file__, "--contend", str(folder / "py"), keys])):
        seconds, computed = run_together([command] * options.processes)
        print(f"{name}: {options.processes} processes x {keys} keys: {seconds:.2f} s, {computed} computed", flush=True)
    if options.entries:
        subprocess.run([program, str(folder / "many"), "many", str(options.entries)], check=True)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
