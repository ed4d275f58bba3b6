"""The Python half of the demo.

    demo.py make FOLDER     fits models on bundled data, dumps them, their predictions and images with joblib.dump
    demo.py check FOLDER    loads what the C++ half wrote with joblib.load and compares every value
"""

import sys
import time
from pathlib import Path

import joblib
import numpy as np
from sklearn.datasets import load_digits, load_sample_images
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

FRAMES = 32
failures = 0


def compare(what, ok):
    global failures
    failures += not ok
    print(f"  {'same' if ok else 'DIFFERENT'}: {what}")


def report(what, path, seconds):
    print(f"  {what}: {path.name}, {path.stat().st_size / 1e6:.2f} MB, {seconds * 1e3:.1f} ms")


def dump(value, path, **options):
    start = time.perf_counter()
    joblib.dump(value, path, **options)
    report("joblib.dump", path, time.perf_counter() - start)


def load(path, **options):
    start = time.perf_counter()
    value = joblib.load(path, **options)
    report("joblib.load", path, time.perf_counter() - start)
    return value


def pictures():
    """Name -> frames of one bundled photograph in ever brighter light: frame, row, column, channel."""
    photographs = load_sample_images()
    light = np.linspace(0.25, 1, FRAMES, dtype=np.float32).reshape(-1, 1, 1, 1)
    return {
        Path(name).stem: light * image.astype(np.float32) / np.float32(255)
        for name, image in zip(photographs.filenames, photographs.images, strict=True)
    }


def make(folder):
    digits = load_digits()
    train, test, train_labels, labels = train_test_split(digits.data / 16, digits.target, test_size=0.4, random_state=0)
    logistic = LogisticRegression(max_iter=1000).fit(train, train_labels)
    forest = RandomForestClassifier(100, random_state=0).fit(train, train_labels)
    dump(logistic, folder / "logistic.pkl")
    dump(forest, folder / "forest.pkl.gz", compress=("gzip", 3))
    images = pictures()
    dump(images, folder / "images.pkl")
    expected = {
        "data": test,
        "labels": labels,
        "logistic": {"predicted": logistic.predict(test), "probabilities": logistic.predict_proba(test)},
        "forest": {"predicted": forest.predict(test), "probabilities": forest.predict_proba(test)},
        "means": {name: frames.mean(axis=(1, 2, 3), dtype=np.float64) for name, frames in images.items()},
    }
    dump(expected, folder / "expected.pkl.z", compress=3)


def check_report(found, expected, images):
    for model in ("logistic", "forest"):
        ours, theirs = getattr(found, model), expected[model]
        compare(f"{model}: predicted classes", np.array_equal(ours.predicted, theirs["predicted"]))
        compare(f"{model}: probabilities to 1e-12", np.allclose(ours.probabilities, theirs["probabilities"], 0, 1e-12))
        accuracy = float(np.mean(theirs["predicted"] == expected["labels"]))
        compare(f"{model}: accuracy {accuracy:.4f}", ours.accuracy == accuracy)
    compare("names", found.pictures == sorted(images))
    for name, frames in images.items():
        compare(f"{name}: means to 1e-9", np.allclose(found.means[name], expected["means"][name], 0, 1e-9))
        compare(f"{name}: the brightest frame", np.array_equal(found.brightest[name], frames[-1]))
    negative = found.negative
    compare("negative of china, in F order",
            negative.flags.f_contiguous and np.array_equal(negative, 1 - images["china"][-1]))
    compare("a picture stored once is one object", found.cover is found.brightest["flower"])
    compare("no note", found.note is None)


def check(folder):
    expected = joblib.load(folder / "expected.pkl.z")
    images = joblib.load(folder / "images.pkl")
    for name in ("result.pkl", "result.pkl.gz"):
        found = load(folder / name)
        check_report(found, expected, images)
    mapped = load(folder / "result.pkl", mmap_mode="r")
    compare("mapped arrays", isinstance(mapped.negative, np.memmap)
            and np.array_equal(mapped.negative, found.negative))
    changed = load(folder / "frames.pkl")
    compare("frames changed in place through a map",
            np.array_equal(changed["china"][0], np.zeros_like(images["china"][0]))
            and np.array_equal(changed["china"][1:], images["china"][1:])
            and np.array_equal(changed["flower"], images["flower"]))


def main(verb, folder):
    {"make": make, "check": check}[verb](Path(folder))
    if failures:
        sys.exit(f"demo.py: {failures} comparisons failed")


main(*sys.argv[1:])
