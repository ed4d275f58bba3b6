#!/usr/bin/env python3
"""Instances of Python's own classes, made in C++ and there and back.

    check_classes.py CONVERTER OUT_DIR [--sklearn]

Runs in an environment. What CONVERTER makes has to be what class_samples makes, and what joblib dumps of those has to
come back so through CONVERTER. With --sklearn, which is an error where it is not installed: estimators that were never
fitted in Python predict, and fitted ones predict the same after the way through C++. Every warning is an error.
"""
import pathlib
import subprocess
import sys
import types
import warnings

import joblib
import numpy as np

import class_samples as samples

X = np.array([[1.0, 2.0], [3.0, 5.0], [4.0, 4.0], [0.0, 9.0]])


def fitted():
    from sklearn.linear_model import LinearRegression
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import StandardScaler

    y = X @ [2.0, -1.0] + 0.5
    pipeline = Pipeline([("scale", StandardScaler()), ("regress", LinearRegression())])
    return LinearRegression().fit(X, y), pipeline.fit(X, y)


def made_in_python(sklearn):
    plain = samples.Plain.__new__(samples.Plain)
    plain.a, plain.b = 5, "five"
    nested = samples.Outer.Nested()
    nested.weights = np.array([0.5, 1.5])
    regression, pipeline = fitted() if sklearn else (None, None)
    return types.SimpleNamespace(
        plain=plain, nested=nested,
        dataclass=samples.Data("d", np.array([1, 2, 3], dtype="f4"), 0.25),
        frozen=samples.FrozenPoint(1.0, 2.0), slotted=samples.SlottedPoint(3.0, 4.0),
        frozen_slotted=samples.FrozenSlottedPoint(5.0, 6.0), named=samples.NamedPoint(7.0, 8.0),
        keys={samples.NamedPoint(0.0, 1.0): "a", samples.NamedPoint(2.0, 3.0): "b"}, checked=samples.Checked(9),
        colors=[samples.Outer.Color.RED, samples.Outer.Color.GREEN, samples.Outer.Color.RED], level=samples.Level.HIGH,
        regression=regression, pipeline=pipeline)


def problems_of(got, expected):
    for name in ("plain", "nested", "dataclass", "checked"):
        one, other = getattr(got, name), getattr(expected, name)
        same = type(one) is type(other) and vars(one).keys() == vars(other).keys()
        if not same or not all(np.array_equal(vars(one)[key], vars(other)[key]) for key in vars(one)):
            yield f"{name}: {one!r} {getattr(one, '__dict__', None)}"
    for name in ("frozen", "slotted", "frozen_slotted", "named", "keys"):
        one, other = getattr(got, name), getattr(expected, name)
        if type(one) is not type(other) or one != other or repr(one) != repr(other):
            yield f"{name}: {one!r}"
    if any(one is not other for one, other in zip(got.colors, expected.colors, strict=True)):
        yield f"colors: {got.colors}"
    if got.level is not expected.level:
        yield f"level: {got.level}"
    if type(next(iter(got.keys))) is not samples.NamedPoint:
        yield "keys: they are no NamedPoint"


def estimator_problems(got, expected):
    for name in ("regression", "pipeline"):
        one, other = getattr(got, name), getattr(expected, name)
        if type(one) is not type(other):
            yield f"{name}: {type(one)}"
        elif not np.array_equal(one.predict(X), other.predict(X)):
            yield f"{name}: predicts {one.predict(X)}, expected {other.predict(X)}"
        elif repr(one) != repr(other):
            yield f"{name}: {one!r}"


def own_estimator_problems(got):
    if not np.array_equal(got.regression.predict(X), X @ [2.0, -1.0] + 0.5):
        yield f"regression made in C++: predicts {got.regression.predict(X)}"
    if not np.array_equal(got.pipeline.predict(X), ((X - [1, 2]) / [2, 4]) @ [2.0, -1.0] + 0.5):
        yield f"pipeline made in C++: predicts {got.pipeline.predict(X)}"
    if got.regression.get_params()["fit_intercept"] is not True or "LinearRegression" not in repr(got.regression):
        yield f"regression made in C++: {got.regression!r}"


def main(converter, out, *options):
    warnings.simplefilter("error")
    sklearn = "--sklearn" in options
    version = __import__("sklearn").__version__ if sklearn else ""
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    expected = made_in_python(sklearn)
    made = out / "made.pkl"
    subprocess.run([converter, "--make", version, made], check=True)
    got = joblib.load(made)
    problems = [f"made in C++: {text}" for text in problems_of(got, expected)]
    if sklearn:
        problems += own_estimator_problems(got)
    for protocol in range(2, 6):
        for ending in ("pkl", "pkl.gz"):
            python, back = out / f"python{protocol}.{ending}", out / f"back{protocol}.{ending}"
            joblib.dump(expected, python, protocol=protocol)
            subprocess.run([converter, python, back], check=True)
            got = joblib.load(back)
            problems += [f"{back.name}: {text}" for text in problems_of(got, expected)]
            if sklearn:
                problems += [f"{back.name}: {text}" for text in estimator_problems(got, expected)]
    joblib.dump(types.SimpleNamespace(plain=types.SimpleNamespace(a=1, b="b")), out / "other.pkl")
    refused = subprocess.run([converter, out / "other.pkl", out / "x.pkl"], stderr=subprocess.PIPE, text=True, check=False)
    if refused.returncode != 1 or "/plain: an object of class class_samples.Plain is needed" not in refused.stderr:
        problems.append(f"another class is not refused: {refused.stderr}")
    print("\n".join([*problems, f"check_classes.py: {len(problems)} problems"]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
