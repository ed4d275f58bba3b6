#!/usr/bin/env python3
"""DataFrames and Series of pandas, column by column.

    check_dataframes.py CONVERTER OUT_DIR

Runs in an environment with pandas. Each table goes through the C++ program; joblib loads the columns that it found, which have
to be those of pandas, and the table itself, which has to be the same.
"""
import pathlib
import subprocess
import sys
import warnings

import joblib
import numpy as np
import pandas as pd

warnings.simplefilter("ignore")


def frames():
    count = 7
    rng = np.random.default_rng(1)
    mixed = pd.DataFrame({
        "x": rng.random(count), "n": np.arange(count), "y": rng.random(count), "small": np.arange(count, dtype="i1"),
        "name": ["a", "b", "ä", "d" * 300, "", "f", "g"], "flag": np.arange(count) % 2 == 0,
        "kind": pd.Categorical(["u", "v", None, "u", "u", "w", "v"]), "size": pd.Categorical([3, 1, 2, 3, 1, 1, 1], ordered=True),
        "when": pd.date_range("2020-01-01", periods=count), "where": pd.date_range("2020-06-01", periods=count, tz="Europe/Paris"),
        "long": pd.to_timedelta(np.arange(count), unit="h"), "maybe": pd.array([1, None, 3, 4, None, 6, 7], dtype="Int64"),
        "some": pd.array([1, 2, 3, 4, 5, 6, 7], dtype="Int16"), "or": pd.array([True, None] * 3 + [False], dtype="boolean"),
        "real": pd.array([0.5, None] * 3 + [1.5], dtype="Float64"), "text": pd.array(["p", None, "q", "r", "s", "t", "u"], dtype="string"),
        "any": [1, "a", None, 2.5, (1, 2), [3], {"k": 4}]})
    yield "mixed", mixed
    yield "numbers", mixed[["x", "n", "y", "small"]]
    yield "by_name", mixed.set_index("name")
    yield "by_time", mixed.set_index("when")[["x", "n"]]
    yield "by_zone", mixed.set_index("where")[["x"]]
    yield "by_kind", mixed.set_index("size")[["x"]]
    yield "by_two", mixed.set_index(["n", "flag"])[["x", "name"]]
    yield "levels", mixed[["n", "x"]].groupby("n").agg(["min", "max"])
    yield "transposed", pd.DataFrame(rng.random((3, 5))).T
    yield "consolidated", pd.concat([mixed[["x", "n"]], mixed[["y", "flag"]]], axis=1).copy()
    yield "added", mixed[["x", "n"]].assign(z=1.5, a=2)
    yield "reordered", mixed[["y", "n", "x", "small", "name"]]
    yield "sliced", mixed.iloc[1:6:2]
    yield "negative_range", mixed[["x"]].iloc[::-1]
    yield "empty", pd.DataFrame()
    yield "no_rows", mixed.iloc[:0]
    yield "no_columns", mixed[[]]
    yield "twice", pd.DataFrame(rng.random((2, 2)), columns=["a", "a"])
    yield "fortran", pd.DataFrame(np.asfortranarray(rng.random((4, 3))))
    yield "series", mixed["x"]
    yield "unnamed_series", pd.Series(["a", None, "c"])
    yield "series_of_kinds", mixed["kind"]
    yield "series_by_name", mixed.set_index("name")["maybe"]


def plain(values):
    """What a column has to be: an array, or a list with None for what is missing."""
    dtype = values.dtype
    if isinstance(dtype, pd.DatetimeTZDtype):
        return np.asarray((values if isinstance(values, pd.Index) else values.dt).tz_convert(None))
    if isinstance(dtype, np.dtype) and dtype.kind != "O":
        return np.asarray(values)
    if not isinstance(dtype, np.dtype) and not isinstance(dtype, (pd.CategoricalDtype, pd.StringDtype)) and not values.isna().any():
        return values.to_numpy(dtype=dtype.numpy_dtype)
    if isinstance(dtype, np.dtype):
        return list(values)
    return [None if missing else value for value, missing in zip(values, values.isna())]


def same(want, got):
    if isinstance(want, np.ndarray):
        return isinstance(got, np.ndarray) and want.dtype == got.dtype and np.array_equal(want, got, equal_nan=want.dtype.kind in "fc")
    return isinstance(got, (list, np.ndarray)) and len(want) == len(got) and all(a == b or a is b for a, b in zip(want, got))


def differences(frame, found, again):
    series = isinstance(frame, pd.Series)
    names = [frame.name] if series else list(frame.columns)
    columns = [frame] if series else [frame.iloc[:, i] for i in range(frame.shape[1])]
    if list(found["names"]) != names:
        yield f"names: expected {names}, got {found['names']}"
    for name, want, got in zip(names, map(plain, columns), found["columns"]):
        if not same(want, got):
            yield f"column {name!r}: expected {want!r}, got {got!r}"
    index = list(frame.index) if isinstance(frame.index, pd.MultiIndex) else plain(frame.index)
    if not same(index, found["index"]):
        yield f"index: expected {index!r}, got {found['index']!r}"
    (pd.testing.assert_series_equal if series else pd.testing.assert_frame_equal)(again, frame)


def main(converter, out):
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    problems, count = [], 0
    for name, frame in frames():
        for protocol, ending in ((2, ".pkl"), (4, ".pkl"), (5, ".pkl.gz")):
            file = out / f"{name}-p{protocol}{ending}"
            joblib.dump(frame, file, protocol=protocol)
            results = [out / f"{file.name}.columns.pkl", out / f"{file.name}.frame.pkl"]
            done = subprocess.run([converter, file, *results], stderr=subprocess.PIPE, text=True, check=False)
            if done.returncode:
                problems.append(f"{file.name}: {done.stderr.strip()}")
                continue
            count += 1
            problems += [f"{file.name}: {each}" for each in differences(frame, *map(joblib.load, results))]
    print("\n".join([*problems, f"check_dataframes.py: pandas {pd.__version__}, {count} tables, {len(problems)} problems"]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
