"""Cases of the corpus with arrays: name -> function that makes the object."""
import tempfile
import types

import numpy as np

import samples

PLAIN = ["b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "f16", "c8", "c16", "c32"]
SWAPPED = [">i2", ">u4", ">i8", ">f2", ">f4", ">f8", ">c8", ">c16", ">U3", ">M8[s]"]
TIMES = ["M8[ns]", "M8[us]", "M8[ms]", "M8[s]", "M8[D]", "M8[M]", "M8[Y]", "m8[ns]", "m8[h]", "m8[25s]", "m8"]
TEXTS = ["S1", "S7", "U1", "U5", "V6"]
NUMPY_2 = int(np.__version__.split(".")[0]) >= 2


def filled(dtype, shape, order="C"):
    """An array of any dtype without references, every element different where the dtype has room."""
    dtype, count = np.dtype(dtype), int(np.prod(shape))
    if dtype.kind == "V":
        raw = np.arange(count * dtype.itemsize, dtype="u4").astype("u1")
        flat = np.frombuffer(raw.tobytes(), dtype).copy()
        return flat.reshape(shape, order="F" if order == "F" else "C")
    numbers = np.arange(count)
    if dtype.kind in "SU":
        flat = np.array([str(n)[::-1] for n in numbers]).astype(dtype)
    elif dtype.kind == "c":
        flat = (numbers - 1.5 + 1j * numbers).astype(dtype)
    elif dtype.kind in "mM":
        flat = (numbers * 1000 + 1).astype("i8").view(dtype.newbyteorder("=")).astype(dtype)
    elif dtype.kind == "f":
        flat = (numbers - 1.5).astype(dtype)
    else:
        flat = (numbers % 2 if dtype.kind == "b" else numbers).astype(dtype)
    return np.array(flat.reshape(shape, order=order), order=order)


def records(dtype, count=4):
    """A structured array whose fields are filled one by one, so that padding stays zero."""
    array = np.zeros(count, dtype)
    _fill_fields(array)
    return array


def _fill_fields(array):
    for name in array.dtype.names:
        field = array[name]
        if field.dtype.names is not None:
            _fill_fields(field)
        elif not field.dtype.hasobject:
            field[...] = filled(field.dtype, field.shape)


ALIGNED = np.dtype([("flag", "u1"), ("value", "f8"), ("code", "i2")], align=True)
NESTED = np.dtype([("id", "<i4"), ("inner", [("x", "<f4"), ("deep", [("y", "<u2")])]), ("name", "<U2")])
STRUCTURES = {
    "struct_plain": np.dtype([("a", "<i4"), ("b", "<f8"), ("c", "S3")]),
    "struct_aligned": ALIGNED,
    "struct_nested": NESTED,
    "struct_subarray": np.dtype([("m", "<f4", (2, 3)), ("v", "<i8", (2,)), ("n", ALIGNED, (2,))]),
    "struct_titles": np.dtype([(("Title of x", "x"), "<f4"), (("Title of y", "y"), "<i4")]),
    "struct_big_endian": np.dtype([("a", ">i4"), ("b", ">f8")]),
    "struct_mixed_endian": np.dtype([("a", ">i4"), ("b", "<f8"), ("c", "u1"), ("t", ">M8[s]")]),
    "struct_gap": np.dtype({"names": ["a", "b"], "formats": ["u1", "<f4"], "offsets": [2, 8], "itemsize": 16}),
    "struct_times": np.dtype([("when", "M8[ms]"), ("took", "m8[us]"), ("ok", "?")]),
}


def objects(items, shape=None, order="C"):
    array = np.empty(len(items), object)
    for i, item in enumerate(items):
        array[i] = item
    return array if shape is None else np.array(array.reshape(shape), order=order)


def object_self():
    array = np.empty(2, object)
    array[0], array[1] = array, "other"
    return array


def object_shared():
    part, inner = [1], np.arange(3.0)
    return {"outer": part, "array": objects([part, part, inner, inner, {"deep": inner}])}


def object_fields():
    array = np.zeros(2, [("a", "<i4"), ("o", object)])
    array["a"], array["o"][0], array["o"][1] = [1, 2], [1, "x"], None
    return array


def mapped():
    with tempfile.TemporaryFile() as file:
        array = np.memmap(file, "<f4", "w+", shape=(3, 4))
        array[...] = np.arange(12).reshape(3, 4)
        return array


def masked():
    return np.ma.MaskedArray([1.0, 2.0, 3.0], mask=[False, True, False], fill_value=-1.0)


def scalars():
    made = [np.dtype(code).type(1) for code in PLAIN if code not in ("f16", "c32")]
    made += [np.float32(0.1), np.float16(-0.0), np.float64("nan"), np.float64("-inf"), np.complex64(1 - 2j)]
    made += [np.int64(-(2**63)), np.uint64(2**64 - 1), np.bool_(False), np.str_("text \u00e9"), np.str_("")]
    made += [np.datetime64("2024-02-29", "D"), np.datetime64("2024-02-29T12:00:00.123", "ms"), np.timedelta64(-5, "h")]
    return made + [np.datetime64("NaT", "ns"), np.timedelta64(3), np.int32(7).astype(">i4")]


def odd_scalars():
    record = records(STRUCTURES["struct_plain"])[1]
    return [record, np.longdouble(0.5), np.clongdouble(1 + 2j), np.bytes_(b"raw\0x"), np.void(b"\x01\x02\x03")]


def several():
    same = np.arange(3.0)
    return {"same": [same, same], "tuple": (np.ones((2, 2), "f4"), "text"), "deep": [[{"x": np.arange(2, dtype="i2")}]],
            "namespace": types.SimpleNamespace(w=np.eye(2), b=None), "sample": samples.Sample("s", np.arange(4)),
            "fortran": np.asfortranarray(np.arange(6.0).reshape(2, 3)), "empty": np.zeros((0, 3)), "last": 1}


def awkward_keys():
    """Names that a file system or a path could take for something else."""
    names = ["a/b", "..", ".", "/", "%2F", "nul\0x", "caf\u00e9 ", "x.npy", "tree.json", "-o", "~", 3, -1, (1, 2), 1.5, True,
             b"x", 2**70, "k" * 200]
    keyed = {name: np.full(2, i) for i, name in enumerate(names)}
    return {**keyed, "a": {"b": np.arange(3.0)}, "tree": {"json": np.arange(2.0)}}


def strided():
    base = np.arange(60.0).reshape(3, 4, 5)
    return [base[::2], base[:, ::-1], base.transpose(1, 2, 0), np.broadcast_to(np.arange(3), (4, 3)), base[1, :, 2]]


def read_only():
    array = np.arange(4)
    array.flags.writeable = False
    return array


def subclasses():
    return [np.rec.fromarrays([[1, 2], [0.5, 1.5]], names="n,v"), np.rec.array(records(NESTED)),
            np.char.array(["ab", "c"])]


def dtypes():
    return [np.dtype("f8"), np.dtype(">i4"), np.dtype("U3"), NESTED, np.dtype("M8[ns]"), np.dtype(object)]


def small_arrays():
    return [np.full(1 + i % 3, i % 250, dtype=("f8", "i4", "u1")[i % 3]) for i in range(300)]


CASES = {f"dtype_{code}": lambda code=code: filled(code, (3, 4)) for code in PLAIN}
CASES.update({f"big_endian_{code[1:].split('[')[0]}": lambda code=code: filled(code, (2, 3)) for code in SWAPPED})
CASES.update({f"time_{code.replace('[', '_').strip(']')}": lambda code=code: filled(code, 5) for code in TIMES})
CASES.update({f"text_{code}": lambda code=code: filled(code, 6) for code in TEXTS})
CASES.update({name: lambda dtype=dtype: records(dtype) for name, dtype in STRUCTURES.items()})
CASES.update({
    "order_f": lambda: filled("f8", (3, 4), "F"),
    "order_f_3d": lambda: filled("i4", (2, 3, 4), "F"),
    "order_f_big_endian": lambda: filled(">f4", (3, 2), "F"),
    "order_f_struct": lambda: np.asfortranarray(records(ALIGNED, 6).reshape(2, 3)),
    "order_f_complex_4d": lambda: filled("c16", (2, 1, 3, 2), "F"),
    "awkward_keys": awkward_keys,
    "strided": strided,
    "zero_d": lambda: [np.array(2.5), np.array(7, "i1"), np.array("txt"), np.array(True), np.array(1j)],
    "zero_d_root": lambda: np.array(3, "<u2"),
    "empty": lambda: [np.zeros(0), np.zeros(0, "S3"), np.zeros((0, 4), "i2"), np.zeros((3, 0, 2), "f4", order="F")],
    "empty_root": lambda: np.zeros((5, 0), "c8"),
    "high_rank": lambda: filled("u1", (1, 2, 1, 2, 1, 2, 1, 2)),
    "rank_32": lambda: [filled("u1", (1,) * 29 + (2, 1, 3), order) for order in "CF"],
    "struct_many_fields": lambda: records(np.dtype([(f"f{i}", "<i4") for i in range(1000)]), 2),
    "struct_field_of_no_bytes": lambda: np.array([(b"", 1), (b"", 2)], [("none", "S0"), ("some", "<i4")]),
    "text_surrogate": lambda: np.array(["\ud800", "a\udc80"]),
    "special_floats": lambda: np.array([np.nan, np.inf, -np.inf, -0.0, 5e-324, 1e308]),
    "not_a_time": lambda: np.array(["NaT", "2000-01-01"], "M8[s]"),
    "matrix": lambda: np.matrix([[1, 2], [3, 4]], "i8"),
    "memmap": mapped,
    "read_only": read_only,
    "subclasses": subclasses,
    "masked": masked,
    "dtypes": dtypes,
    "metadata": lambda: np.zeros(3, np.dtype("f8", metadata={"unit": "m"})),
    "object_mixed": lambda: objects([None, 1, 2.5, "text", b"bytes", [1], {"k": (1,)}, 10**30, True]),
    "object_2d": lambda: objects([1, "b", None, [4], 5.0, (6,)], (2, 3)),
    "object_2d_f": lambda: objects([1, "b", None, [4], 5.0, (6,)], (2, 3), "F"),
    "object_empty": lambda: [np.zeros(0, object), np.array(None, object)],
    "object_arrays": lambda: objects([np.arange(3.0), filled("i2", (2, 2), "F"), filled("f4", (4, 4))[::2], np.array(1j),
                                      records(NESTED), filled(">i4", 3), np.array(["s", "tt"])]),
    "object_nested": lambda: objects([objects([1, objects(["deep"])]), np.float32(1.5), np.datetime64("2001-02-03")]),
    "object_strings": lambda: np.array(["alpha", "beta", "", None, "alpha"], object),
    "object_self": object_self,
    "object_shared": object_shared,
    "object_fields": object_fields,
    "scalars": scalars,
    "odd_scalars": odd_scalars,
    "several": several,
    "shared_subclass": lambda: (lambda a: [a, a])(np.rec.array(records(ALIGNED))),
    "small_arrays": small_arrays,
    "large": lambda: {"w": np.arange(70_000.0).reshape(700, 100), "b": np.arange(300_000, dtype="u2") % 997},
    "large_f": lambda: filled("f4", (350, 200), "F"),
})
if NUMPY_2:
    CASES["rank_64"] = lambda: [filled("u1", (1,) * 61 + (2, 1, 3), order) for order in "CF"]
    CASES["string_dtype"] = lambda: np.array(["variable", "", "\u00e9" * 40], np.dtypes.StringDType())
