"""Files that numpy itself writes, .npy in each version of its header and .npz, with the expected trees beside them.

    write(OUT_DIR) -> how many

Called by generate.py; numpy reads each file again before it counts.
"""
import json

import numpy as np
from numpy.lib import format as npy_format

import cases_numpy
from expected import Expectation

CASES = ["struct_plain", "struct_aligned", "struct_nested", "struct_subarray", "struct_titles", "order_f", "order_f_3d",
         "order_f_struct", "order_f_complex_4d", "strided", "zero_d_root", "empty_root", "special_floats", "not_a_time",
         "object_2d", "object_2d_f", "object_strings", "object_nested", "object_fields", "large_f"]


def arrays():
    """Every array of the cases, by name."""
    found = {}
    for name in CASES:
        value = cases_numpy.CASES[name]()
        members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else [("", value)]
        for key, member in members:
            if isinstance(member, np.ndarray):
                found[f"{name}_{key}".rstrip("_")] = np.asarray(member)
    return found


def put(path, document, form):
    document["format"] = form
    path.with_name(path.name + ".json").write_text(json.dumps(document) + "\n")


def write_npy(out, name, array):
    document = Expectation(array, 3, "none", False).document
    count = 0
    for version in ((1, 0), (2, 0), (3, 0)):
        path = out / f"{name}-v{version[0]}.npy"
        with open(path, "wb") as file:
            npy_format.write_array(file, array, version=version)
        again = np.load(path, allow_pickle=True)
        assert again.dtype == array.dtype and again.shape == array.shape
        put(path, dict(document), "npy")
        count += 1
    return count


def write_npz(out, name, members, save):
    path = out / f"{name}.npz"
    save(path, **members)
    assert list(np.load(path, allow_pickle=True)) == list(members)
    document = Expectation(members, 4, "none", True).document
    put(path, document, "npz")
    return 1


def write(out):
    count = 0
    every = arrays()
    plain = {name: array for name, array in every.items() if not array.dtype.hasobject}
    for name, array in every.items():
        count += write_npy(out, name, array)
    for name, save in (("stored", np.savez), ("deflated", np.savez_compressed)):
        count += write_npz(out, name, plain, save) + write_npz(out, name + "_none", {}, save)
    return count
