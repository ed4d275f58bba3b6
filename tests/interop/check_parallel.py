#!/usr/bin/env python3
"""check_parallel.py PROGRAM: the lines and results of examples/31_every_backend are joblib's for the same call.

Times are left out, and whether a line says how many tasks there are: that is known from the moment on in which the range of
tasks ends.
"""
import contextlib
import io
import re
import subprocess
import sys
from math import sqrt

from joblib import Parallel, delayed

BACKENDS = ["sequential", "threading", "multiprocessing", "loky"]


def comparable(text):
    text = re.sub(r"(elapsed|remaining): +[\d.]+(s|min)", r"\1: T", text)
    text = re.sub(r"Done +(\d+) (tasks     |out of +\d+) \| elapsed: T( remaining: T)?\n", r"Done \1\n", text)
    text = re.sub(r".*Batch computation too .*\n", "", text)  # depends on times
    # The last but one is told only while their number is not known.
    return re.sub(r".*Done 5\n", "", text)


def of_joblib(backend):
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        results = Parallel(n_jobs=3, verbose=50, backend=backend)(delayed(sqrt)(i**2) for i in range(6))
    return printed.getvalue() + "".join("%g " % x for x in results) + "\n"


def main():
    told = subprocess.run(sys.argv[1:], check=True, capture_output=True, text=True, timeout=120).stdout
    ours = dict(re.findall(r"-- (\w+)\n(.*?)(?=-- |\Z)", told, re.DOTALL))
    theirs = {backend: of_joblib(backend) for backend in BACKENDS}
    begin = "[Parallel(n_jobs=3)]: Using backend ExampleParallelBackend with 3 concurrent workers.\n"
    theirs["example"] = begin + theirs["sequential"]  # it runs them in turn, too
    failed = 0
    for backend in theirs:
        ours_here, theirs_here = comparable(ours[backend]), comparable(theirs[backend])
        if ours_here != theirs_here:
            failed += 1
            print("-- %s\njoblib:\n%sjl:\n%s" % (backend, theirs[backend], ours[backend]))
    print("%d backends, %d failed" % (len(theirs), failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
