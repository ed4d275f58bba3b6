"""rows.py ROWS_BENCH: arrays written row after row, by jl::Writer beside numpy, and beside one jl::dump of the whole.

numpy writes the header of np.lib.format and then each chunk behind it, as programs do that have more than memory holds.
256 MB of float32, 5 000 rows at a time; medians of --pairs pairs that alternate, the first pair warms up.
"""
import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time

import numpy as np

ROWS, COLUMNS, AT_ONCE = 125_000, 512, 5_000
BYTES = ROWS * COLUMNS * 4


def of_jl(program, name):
    """Bytes a second of one benchmark of rows_bench."""
    arguments = [f"--benchmark_filter=^{name}/real_time$", "--benchmark_min_time=0.001", "--benchmark_format=json"]
    told = subprocess.run([program, *arguments], check=True, capture_output=True, text=True).stdout
    return json.loads(told)["benchmarks"][0]["bytes_per_second"]


def of_numpy(data, path):
    begun = time.perf_counter()
    with open(path, "wb") as file:
        np.lib.format.write_array_header_1_0(
            file, {"descr": "<f4", "fortran_order": False, "shape": (ROWS, COLUMNS)}
        )
        for row in range(0, ROWS, AT_ONCE):
            data[row : row + AT_ONCE].tofile(file)
    taken = time.perf_counter() - begun
    os.remove(path)
    return BYTES / taken


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--pairs", type=int, default=7)
    options = parser.parse_args()
    data = (np.arange(ROWS * COLUMNS) % 10_007).astype("<f4").reshape(ROWS, COLUMNS)
    path = os.path.join(tempfile.gettempdir(), "jl_rows_numpy.npy")
    alternatives = {"jl::dump": lambda: of_jl(options.program, "dump"), "numpy": lambda: of_numpy(data, path)}
    for name, alternative in alternatives.items():
        pairs = [(of_jl(options.program, f"writer/{AT_ONCE}"), alternative()) for _ in range(options.pairs + 1)][1:]
        ours, theirs = (statistics.median(side) / 1e6 for side in zip(*pairs))
        ratio = statistics.median(a / b for a, b in pairs)
        print(f"| rows by jl::Writer / {name} | {ours:.0f} MB/s | {theirs:.0f} MB/s | {ratio:.2f} |")


main()
