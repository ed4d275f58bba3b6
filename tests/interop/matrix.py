#!/usr/bin/env python3
"""The matrix of types, from Python: runs in an environment of make_venvs.py.

    matrix.py check WRITTEN       joblib.load of every file that `interop_matrix write WRITTEN` wrote
    matrix.py dump WRITTEN OUT    joblib.dump of the same values, for `interop_matrix read OUT`

The table of samples is WRITTEN/samples.pkl: names, and the expressions that are evaluated here. Each is loaded and dumped
alone, twice in a list in a dict, as one object in two places, and as the attribute of an object; raw and as gzip. The
protocols 0 to 5 take turns.
"""
import collections
import math
import pathlib
import shutil
import sys
import types
import warnings

import joblib
import numpy as np

import samples
from write_cases import difference, filled

FEWEST_FILES = 300
NAMES = {"np": np, "collections": collections, "samples": samples, "filled": filled, "nan": math.nan, "inf": math.inf,
         "Namespace": types.SimpleNamespace}
ARRANGEMENTS = {
    "plain": lambda make: make(),
    "nested": lambda make: {"items": [make(), make()]},
    "shared": lambda make: [make()] * 2,
    "struct": lambda make: types.SimpleNamespace(name="held", value=make()),
}
CODECS = {"": 0, ".gz": ("gzip", 3)}


def has_identity(value):
    """Objects of which there may be two that are equal; numbers, text and bytes are one as Python likes."""
    if isinstance(value, tuple):
        return len(value) > 0
    return isinstance(value, (list, dict, set, np.ndarray, types.SimpleNamespace, samples.Plain))


def identity_problem(arrangement, found):
    if arrangement not in ("nested", "shared"):
        return None
    first, second = found["items"] if arrangement == "nested" else found
    if has_identity(first) and (first is second) != (arrangement == "shared"):
        return f"the two are {'one object' if first is second else 'two objects'}"
    return None


def files(table):
    """(sample, expression evaluated anew by a call, arrangement, file name) of each file of the matrix."""
    for sample in table:
        code = compile(sample.python, sample.name, "eval")

        def make(code=code):
            return eval(code, dict(NAMES))

        for arrangement in ARRANGEMENTS:
            for ending in CODECS:
                yield sample, make, arrangement, f"{sample.name}.{arrangement}.pkl{ending}"


def check_file(path, arrangement, make):
    found = joblib.load(path)
    return difference(ARRANGEMENTS[arrangement](make), found) or identity_problem(arrangement, found)


def dump_file(path, arrangement, make, protocol):
    codec = CODECS[path.suffix if path.suffix in CODECS else ""]
    joblib.dump(ARRANGEMENTS[arrangement](make), path, compress=codec, protocol=protocol)


def run(table, skip, one):
    """Calls `one` for every file but those of samples with the attribute `skip`; returns their number and the problems."""
    count, problems = 0, []
    for sample, make, arrangement, name in files(table):
        if getattr(sample, skip):
            continue
        try:
            problem = one(name, arrangement, make, count)
        except Exception as error:  # whatever joblib raises is a finding about this file
            problem = f"{type(error).__name__}: {str(error)[:300]}"
        count += 1
        if problem:
            problems.append(f"{name}: {problem}")
    return count, problems


def main(arguments):
    if arguments[:1] not in (["check"], ["dump"]) or len(arguments) != {"check": 2, "dump": 3}[arguments[0]]:
        print(__doc__, file=sys.stderr)
        return 2
    warnings.simplefilter("error")
    warnings.filterwarnings("ignore", "distutils Version classes", DeprecationWarning)  # joblib 1.1's own
    warnings.filterwarnings("ignore", "the matrix subclass", PendingDeprecationWarning)
    written = pathlib.Path(arguments[1])
    table = joblib.load(written / "samples.pkl")
    twice = [name for name, times in collections.Counter(sample.name for sample in table).items() if times > 1]
    if arguments[0] == "check":
        count, problems = run(table, "read_only", lambda name, how, make, n: check_file(written / name, how, make))
    else:
        out = pathlib.Path(arguments[2])
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir(parents=True)
        count, problems = run(table, "write_only", lambda name, how, make, n: dump_file(out / name, how, make, n % 6))
    problems += [f"{name}: two samples have this name" for name in twice]
    if count < FEWEST_FILES:
        problems.append(f"at least {FEWEST_FILES} files are wanted")
    for problem in problems:
        print(problem)
    print(f"matrix.py {arguments[0]}: joblib {joblib.__version__}, numpy {np.__version__}: "
          f"{len(table)} samples, {count} files, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
