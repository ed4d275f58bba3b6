#!/usr/bin/env python3
"""Matrices of scipy.sparse to Eigen and back.

    check_sparse.py CONVERTER OUT_DIR

Runs in an environment with scipy. Each form goes through the C++ program, as a file of joblib and of scipy.sparse.save_npz;
joblib loads what it wrote, and scipy finds the same matrix, in a form that computes.
"""
import pathlib
import subprocess
import sys

import joblib
import numpy as np
from scipy import sparse


def matrices():
    base = sparse.random(40, 30, density=0.1, format="csr", random_state=1)
    twice = sparse.coo_matrix(([1.0, 2.0, 4.0], ([0, 0, 1], [1, 1, 2])), shape=(2, 3))
    for form in ("csr", "csc", "coo"):
        yield form, base.asformat(form)
        yield form + "_array", getattr(sparse, form + "_array")(base)
        yield form + "_empty", getattr(sparse, form + "_matrix")((3, 4))
        yield form + "_float", base.asformat(form).astype("f4")
    yield "coo_twice", twice
    yield "square", sparse.csc_matrix(np.array([[0.0, 1.0], [2.0, 0.0]]))


def main(converter, out):
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    problems, count = [], 0
    for name, matrix in matrices():
        files = [out / f"{name}.pkl", out / f"{name}.pkl.gz"]
        for file in files:
            joblib.dump(matrix, file)
        if isinstance(matrix, sparse.spmatrix):
            files.append(out / f"{name}.npz")
            sparse.save_npz(files[-1], matrix)
        for file in files:
            results = [out / f"{file.name}.rows.pkl", out / f"{file.name}.columns.pkl"]
            subprocess.run([converter, file, *results], check=True)
            for result, form in zip(results, ("csr", "csc")):
                got = joblib.load(result)
                str(got)
                count += 1
                good = got.format == form and got.shape == matrix.shape and (got.toarray() == matrix.toarray()).all()
                if not good or (got @ np.ones(got.shape[1])).shape != (got.shape[0],):
                    problems.append(f"{result.name}: expected {matrix!r}, got {got!r}")
    print("\n".join([*problems, f"check_sparse.py: {count} matrices, {len(problems)} with problems"]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
