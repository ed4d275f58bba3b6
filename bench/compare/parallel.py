"""jl::Parallel beside joblib's backends and other libraries for threads; one table.

    parallel.py PARALLEL_BENCH PYTHON [--rounds N] [--only TEXT]

PYTHON has joblib and numpy. Each row alternates A B A B, the first pair warms up; medians of the times, and of the pairs' ratios.
"""
import argparse
import json
import statistics
import subprocess
import sys
import time

from compare import Worker

JOBS = 2
BULK, SMALL_BULK = 20_000, 2_000


def nothing(i):
    return None


def sum_of(array):
    return float(array[::512].sum())


def array_of(value):
    import numpy as np

    return np.full(12_500_000, value)


def python_worker(backend):
    import joblib
    import numpy as np

    big = np.ones(12_500_000)  # 100 MB
    delayed = joblib.delayed
    with joblib.Parallel(n_jobs=JOBS, backend=backend) as parallel:
        cases = {
            "bulk": (BULK, lambda: parallel(delayed(nothing)(i) for i in range(BULK))),
            "lone": (1, lambda: parallel(delayed(nothing)(i) for i in range(JOBS))),
            "big_argument": (1, lambda: parallel(delayed(sum_of)(big) for i in range(JOBS))),
            "big_result": (1, lambda: parallel(delayed(array_of)(1.0) for i in range(JOBS))),
        }
        print("ready", flush=True)
        for line in sys.stdin:
            tasks, case = cases[line.strip()]
            big = big.copy()  # another object: one that it has sent before joblib does not send again
            begin = time.perf_counter()
            case()
            print((time.perf_counter() - begin) / tasks, flush=True)


def of_bench(program, name):
    """Seconds a task of one benchmark, its share of the cores' time for `unbalanced`."""
    arguments = [f"--benchmark_filter=^{name}(/|$)", "--benchmark_min_time=0.2", "--benchmark_format=json"]
    told = subprocess.run([program, *arguments], check=True, capture_output=True, text=True).stdout
    result = json.loads(told)["benchmarks"][0]
    if "filled" in result:
        return result["filled"]
    scale = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3}[result["time_unit"]]
    rate = result.get("items_per_second")
    return 1 / rate if rate else result["real_time"] * scale


def text_of(seconds):
    for unit, scale in (("ms", 1e-3), ("us", 1e-6)):
        if seconds >= scale:
            return f"{seconds / scale:.1f} {unit}"
    return f"{seconds * 1e9:.0f} ns"


def main():
    if sys.argv[1:2] == ["--worker"]:
        return python_worker(sys.argv[2])
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("python")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="rows whose name has this text")
    options = parser.parse_args()

    workers = {name: Worker([options.python, __file__, "--worker", name])
               for name in ("threading", "loky", "multiprocessing")}
    rows = []
    for case in ("bulk", "lone"):
        ours = f"{case}<OfJl>"
        rows += [(case, ours, name, lambda case=case, worker=worker: worker.ask(case))
                 for name, worker in workers.items() if name == "threading"]
        rows += [(case, ours, name, lambda case=case, way=way: of_bench(options.program, f"{case}<{way}>"))
                 for name, way in (("parallel_for of oneTBB", "OfTbbLoop"), ("task_group of oneTBB", "OfTbbGroup"),
                                   ("OpenMP, dynamic", "OfOpenMp"), ("std::async", "OfAsync"))]
    for kind, names, ours_of in (("processes", ("loky", "multiprocessing"), ("OfJlProcesses", 1)),
                                 ("forks", ("multiprocessing",), ("OfJlForks", 2))):
        for case, ours in (("bulk", f"bulk<{ours_of[0]}>"), ("lone", f"lone<{ours_of[0]}>"),
                           ("big_argument", f"big_argument/{ours_of[1]}"), ("big_result", f"big_result/{ours_of[1]}")):
            rows += [(f"{kind}: {case}", ours, name, lambda worker=workers[name], case=case: worker.ask(case))
                     for name in names]
    rows += [(f"processes: {case}", f"{case}/1", "jl through the socket",
              lambda case=case: of_bench(options.program, f"{case}/0")) for case in ("big_argument", "big_result")]
    rows += [("nested", "nested<OfJl>", name, lambda way=way: of_bench(options.program, f"nested<{way}>"))
             for name, way in (("parallel_for of oneTBB", "OfTbbLoop"), ("task_group of oneTBB", "OfTbbGroup"))]
    rows += [("unbalanced", "unbalanced<OfJl>", name, lambda way=way: of_bench(options.program, f"unbalanced<{way}>"))
             for name, way in (("parallel_for of oneTBB", "OfTbbLoop"), ("OpenMP, dynamic", "OfOpenMp"))]

    print("| row | jl | alternative | | ratio |\n|---|---|---|---|---|")
    for case, ours, name, alternative in [row for row in rows if options.only in row[0]]:
        pairs = [(of_bench(options.program, ours), alternative()) for _ in range(options.rounds + 1)][1:]
        mine, theirs = (statistics.median(side) for side in zip(*pairs))
        if case == "unbalanced":  # a share, more is better
            print(f"| {case} | {mine:.0%} | {theirs:.0%} | {name} | {mine / theirs:.2f} |", flush=True)
            continue
        ratio = statistics.median(b / a for a, b in pairs)
        print(f"| {case} | {text_of(mine)} | {text_of(theirs)} | {name} | {ratio:.2f} |", flush=True)
    for worker in workers.values():
        worker.close()


if __name__ == "__main__":
    main()
