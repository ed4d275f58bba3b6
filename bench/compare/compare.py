"""Side by side with the alternatives: pairs in one run, A B A B, medians; prints the table of bench/README.md.

    compare.py BIN_DIR PYTHON FOLDER [--pairs N] [--only TEXT]

BIN_DIR holds jl_worker and cereal_worker, PYTHON has joblib, numpy, scikit-learn and h5py, FOLDER takes about 4 GB (use a disk like the
one that matters). Each row: jl's time, the alternative's, their ratio (median of the pairs' ratios), the line of the design to reach.
"""
import argparse
import os
import statistics
import subprocess
import sys

# title, (worker, case), (worker, case), wanted speed-up of the first over the second, bytes or None
MB200 = 200 << 20
FACES = 13_233 * 2_914 * 4
ROWS = [
    ("raw dump / write(2)", ("jl", "raw_dump"), ("jl", "system_write"), 0.9, MB200),
    ("raw dump / np.save", ("jl", "raw_dump"), ("py", "np_save"), 1.0, MB200),
    ("raw dump / joblib", ("jl", "raw_dump"), ("py", "joblib_raw_dump"), None, MB200),
    ("raw dump / cereal", ("jl", "raw_dump"), ("cereal", "raw_dump"), None, MB200),
    ("raw dump / h5py", ("jl", "raw_dump"), ("py", "h5_dump"), None, MB200),
    ("raw load jl::xarray / read(2)", ("jl", "raw_load_array"), ("jl", "system_read"), 0.8, MB200),
    ("raw load xt::xarray / read(2)", ("jl", "raw_load_xarray"), ("jl", "system_read"), 0.8, MB200),
    ("raw load std::vector / read(2)", ("jl", "raw_load_vector"), ("jl", "system_read"), 0.8, MB200),
    ("raw load jl::xarray / np.load", ("jl", "raw_load_array"), ("py", "np_load"), 1.3, MB200),
    ("raw load xt::xarray / np.load", ("jl", "raw_load_xarray"), ("py", "np_load"), 1.3, MB200),
    ("raw load std::vector / np.load", ("jl", "raw_load_vector"), ("py", "np_load"), 1.3, MB200),
    ("raw load jl::xarray / joblib", ("jl", "raw_load_array"), ("py", "joblib_raw_load"), None, MB200),
    ("raw load jl::xarray / cereal", ("jl", "raw_load_array"), ("cereal", "raw_load"), 4.0, MB200),
    ("raw load std::vector / cereal", ("jl", "raw_load_vector"), ("cereal", "raw_load"), 4.0, MB200),
    ("raw load jl::xarray / h5py", ("jl", "raw_load_array"), ("py", "h5_load"), None, MB200),
    ("gzip 3 dump, images / joblib", ("jl", "gzip_dump_faces"), ("py", "gzip_dump_faces"), 15.0, FACES),
    ("gzip 3 dump, 2 threads / 1", ("jl", "gzip_dump_faces"), ("jl", "gzip_dump_1_faces"), 1.6, FACES),
    ("gzip load own, images / joblib", ("jl", "gzip_load_faces"), ("py", "gzip_load_faces"), 4.0, FACES),
    ("gzip load foreign, images / joblib", ("jl", "gzip_load_foreign_faces"), ("py", "gzip_load_faces"), 1.5, FACES),
    ("zlib 3 dump, images / joblib", ("jl", "zlib_dump_faces"), ("py", "zlib_dump_faces"), 15.0, FACES),
    ("zlib load own, images / joblib", ("jl", "zlib_load_faces"), ("py", "zlib_load_faces"), 4.0, FACES),
    ("gzip 3 dump, smooth / joblib", ("jl", "gzip_dump_smooth"), ("py", "gzip_dump_smooth"), 15.0, 40_000_000),
    ("gzip load own, smooth / joblib", ("jl", "gzip_load_smooth"), ("py", "gzip_load_smooth"), 4.0, 40_000_000),
    ("gzip 3 dump, random / joblib", ("jl", "gzip_dump_random"), ("py", "gzip_dump_random"), 15.0, 40_000_000),
    ("gzip load own, random / joblib", ("jl", "gzip_load_random"), ("py", "gzip_load_random"), 4.0, 40_000_000),
] + [
    (f"{title} {verb} / {other}", ("jl", f"{key}_{verb}"), (worker, f"{prefix}{key}_{verb}"), goal, None)
    for key, title in (("ints", "1 M ints"), ("dict", "500 k str->float"), ("arrays", "100 k arrays"))
    for verb in ("dump", "load")
    for other, worker, prefix, goal in (("C pickle", "py", "pickle_", 1.0), ("joblib", "py", "joblib_", None), ("cereal", "cereal", "", None))
]
ABSOLUTE = [("mapped open of 1 000 arrays", "mapped_open", 1e-3), ("one named array of 1 000", "mapped_one", 1e-4)]


class Worker:
    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline().strip() != "ready":
            sys.exit(f"{command[0]} did not start")

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().strip()
        try:
            return float(answer)
        except ValueError:
            sys.exit(f"the case {line} failed: {answer!r}")

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def speed(count, seconds):
    return f"{count / seconds / 1e6:7.0f} MB/s" if count else f"{seconds * 1e3:8.2f} ms"


def compare(start, pairs, only):
    print("| row | jl | alternative | ratio | wanted |\n|---|---|---|---|---|")
    for title, ours, theirs, goal, count in ROWS:
        if only and only not in title:
            continue
        workers = {name: start(name) for name in {ours[0], theirs[0]}}
        times = []
        for i in range(pairs + 1):
            a = workers[ours[0]].ask(ours[1])
            b = workers[theirs[0]].ask(theirs[1])
            if i > 0:  # the first pair warms up
                times.append((a, b))
        for worker in workers.values():
            worker.close()
        a, b = (statistics.median(t[i] for t in times) for i in (0, 1))
        ratio = statistics.median(t[1] / t[0] for t in times)
        verdict = "" if goal is None else f"{goal:g} {'reached' if ratio >= goal else 'MISSED'}"
        print(f"| {title} | {speed(count, a)} | {speed(count, b)} | {ratio:.2f} | {verdict} |", flush=True)
    for title, case, goal in ABSOLUTE:
        if only and only not in title:
            continue
        worker = start("jl")
        worker.ask("mapped_open")
        times = [worker.ask(case) for _ in range(max(pairs, 21))]
        worker.close()
        median = statistics.median(times)
        print(f"| {title} | {median * 1e6:.0f} us | | | {goal * 1e6:.0f} us {'reached' if median <= goal else 'MISSED'} |", flush=True)


def file_sizes(folder):
    print("\n| file | jl | joblib | wanted |\n|---|---|---|---|")
    for name in ("faces.pkl.gz", "faces.pkl.z", "smooth.pkl.gz", "random.pkl.gz"):
        both = [os.path.join(folder, prefix + name) for prefix in ("jl_", "joblib_")]
        if all(map(os.path.exists, both)):
            a, b = map(os.path.getsize, both)
            print(f"| {name} | {a} | {b} | no larger {'reached' if a <= b else 'MISSED'} |")


def peaks(start):
    """Peak resident set of a whole process, against one that only holds the data."""
    chunk = 1 << 10  # KiB
    allowed = (2 + 2) * 2 * chunk
    print("\n| peak memory beyond the data, 147 MiB of images, 2 threads | jl | wanted |\n|---|---|---|")

    def peak(*cases):
        worker = start("jl")
        for case in cases:
            worker.ask(case)
        value = worker.ask("rss")
        worker.close()
        return value

    base = peak("hold")
    for title, case in (("raw dump", "dump_raw_faces"), ("gzip dump", "gzip_dump_faces"), ("zlib dump", "zlib_dump_faces"), ("raw load", "load_only_raw"),
                        ("gzip load", "gzip_load_faces"), ("zlib load", "zlib_load_faces"), ("gzip load, foreign", "gzip_load_foreign_faces")):
        extra = peak(case) - base
        print(f"| {title} | {extra / 1024:.1f} MiB | {allowed / 1024:.0f} MiB {'reached' if extra <= allowed else 'MISSED'} |", flush=True)


def prepared(description, made, data_options=(), **counts):
    """Options of the command line and what starts a worker by name; makes the data unless the file `made` is there."""
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    for name in ("bin_dir", "python", "folder"):
        parser.add_argument(name)
    for name, default in counts.items():
        parser.add_argument("--" + name, type=int, default=default)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    here = os.path.dirname(os.path.abspath(__file__))
    if not os.path.exists(os.path.join(options.folder, made)):
        subprocess.run([options.python, os.path.join(here, "data.py"), options.folder, *data_options], check=True)
    commands = {
        "jl": [os.path.join(options.bin_dir, "jl_worker"), options.folder],
        "cereal": [os.path.join(options.bin_dir, "cereal_worker"), options.folder],
        "py": [options.python, os.path.join(here, "worker.py"), options.folder],
    }
    return options, lambda name: Worker(commands[name])


def main():
    options, start = prepared(__doc__, "random.npy", pairs=7)
    compare(start, options.pairs, options.only)
    file_sizes(options.folder)
    if not options.only:
        peaks(start)


if __name__ == "__main__":
    main()
