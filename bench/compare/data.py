"""Makes the data of the comparison: natural images in the shape of the faces set, smooth and random float32, raw float64.

    data.py FOLDER [--small]
"""
import os
import sys

import numpy as np
from sklearn.datasets import load_sample_images


def faces(rows):
    """Crops of the bundled photographs, halved and brought to grey as the faces set is: rows x 2914 float32 in [0, 1]."""
    rng = np.random.default_rng(7)
    images = load_sample_images().images
    result = np.empty((rows, 62 * 47), np.float32)
    for i in range(rows):
        image = images[i % len(images)]
        y = rng.integers(0, image.shape[0] - 124)
        x = rng.integers(0, image.shape[1] - 94)
        crop = image[y:y + 124, x:x + 94].astype(np.float32)
        halved = crop.reshape(62, 2, 47, 2, 3).mean(axis=(1, 3))
        result[i] = (np.round(halved).mean(axis=2) / 255).astype(np.float32).ravel()
    return result


def save(folder, name, array):
    target = os.path.join(folder, name + ".npy")
    np.save(target, array)
    with open(target, "rb") as made:
        header = made.read(10)
    assert int.from_bytes(header[8:10], "little") + 10 == 128, "the workers expect a header of 128 bytes"


def main(folder):
    os.makedirs(folder, exist_ok=True)
    rng = np.random.default_rng(1)
    save(folder, "raw", rng.random((200 << 20) // 8))
    save(folder, "faces", faces(13_233))
    t = np.linspace(0, 400, 10_000_000, dtype=np.float32)
    save(folder, "smooth", np.sin(t).astype(np.float32))
    save(folder, "random", rng.random(10_000_000, dtype=np.float32))


def small(folder):
    """96 MB of each kind for the quick codecs of codecs.py, 24 MB for the slow ones."""
    os.makedirs(folder, exist_ok=True)
    rng = np.random.default_rng(1)
    for prefix, count in (("", 24_000_000), ("small_", 6_000_000)):
        save(folder, prefix + "images", faces(count // 2_914).ravel())
        save(folder, prefix + "waves", np.sin(np.linspace(0, count / 15_000, count, dtype=np.float32)).astype(np.float32))
        save(folder, prefix + "noise", rng.random(count // 2))
        save(folder, prefix + "indices", np.cumsum(rng.integers(1, 1000, count // 2)))


(small if "--small" in sys.argv else main)(sys.argv[1])
