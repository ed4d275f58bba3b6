"""What Python has to find in the files of the C++ program writer.cpp: case name -> value, or a function that checks it.

A function takes the loaded object and returns None, or a sentence that says what is wrong.
"""
import math
import types

import numpy as np

import samples

Namespace = types.SimpleNamespace


def filled(code, shape, order="C"):
    """The arrays that writer_arrays.cpp fills by the same rule: numbers by flat index in C order."""
    numbers = np.arange(int(np.prod(shape)))
    dtype = np.dtype(code)
    if dtype.kind == "b":
        numbers = numbers % 2 == 1
    elif dtype.kind == "f":
        numbers = numbers - 1.5
    elif dtype.kind == "c":
        numbers = (numbers - 1.5) + 1j * numbers
    return np.array(numbers.astype(dtype).reshape(shape), order=order)


def difference(want, got, path="value"):
    """None when equal in type, value and array layout, else what differs first."""
    kind = np.ndarray if isinstance(got, np.memmap) else type(got)
    if kind is not type(want):
        return f"{path}: expected {type(want).__name__}, got {type(got).__name__}"
    if isinstance(want, np.ndarray):
        return array_difference(want, got, path)
    if isinstance(want, (list, tuple)):
        pairs = [(f"{path}[{i}]", a, b) for i, (a, b) in enumerate(zip(want, got))]
        return _parts(len(want), len(got), pairs, path)
    if isinstance(want, dict):
        if list(map(repr, want)) != list(map(repr, got)):
            return f"{path}: expected keys {list(want)[:9]}, got {list(got)[:9]}"
        return _parts(len(want), len(got), [(f"{path}[{key!r}]", want[key], got[key]) for key in want], path)
    if isinstance(want, (Namespace, samples.Plain)):
        return difference(vars(want), vars(got), path)
    if isinstance(want, np.generic) and want.dtype != got.dtype:
        return f"{path}: expected dtype {want.dtype}, got {got.dtype}"
    return None if _equal(want, got) else f"{path}: expected {want!r:.80}, got {got!r:.80}"


def _equal(want, got):
    """To the last bit: nan is nan, -0.0 is not 0.0, 1 is not True inside a set."""
    if isinstance(want, np.generic):
        return same_items(np.asarray(want), np.asarray(got))
    if isinstance(want, complex):
        return _equal(want.real, got.real) and _equal(want.imag, got.imag)
    if isinstance(want, float):
        if math.isnan(want):
            return math.isnan(got)
        return want == got and math.copysign(1, want) == math.copysign(1, got)
    if isinstance(want, (set, frozenset)):
        return want == got and sorted(map(repr, want)) == sorted(map(repr, got))
    return bool(want == got)


def same_items(want, got):
    """Of arrays with one dtype and shape; padding does not count."""
    if want.dtype.names is not None:
        return all(same_items(want[name], got[name]) for name in want.dtype.names)
    if want.dtype.kind == "c":
        return same_items(want.real, got.real) and same_items(want.imag, got.imag)
    if want.dtype.kind == "f":
        signs = np.signbit(want[~np.isnan(want)]), np.signbit(got[~np.isnan(got)])
        return np.array_equal(want, got, equal_nan=True) and np.array_equal(*signs)
    if want.dtype.kind in "mM":
        return np.array_equal(want.view("i8"), got.view("i8"))
    return np.array_equal(want, got)


def _parts(wanted, found, pairs, path):
    if wanted != found:
        return f"{path}: expected {wanted} items, got {found}"
    return next(filter(None, (difference(a, b, where) for where, a, b in pairs)), None)


def array_difference(want, got, path):
    facts = {name: (getattr(want, name), getattr(got, name)) for name in ("dtype", "shape")}
    facts["order"] = tuple("F" if a.flags.f_contiguous and not a.flags.c_contiguous else "C" for a in (want, got))
    for name, (a, b) in facts.items():
        if a != b:
            return f"{path}: {name}: expected {a}, got {b}"
    if want.dtype.kind == "f" and want.dtype.itemsize == 16:
        words = np.frombuffer(got.tobytes(), np.uint8).reshape(-1, 16)
        if words[:, 10:].any():
            return f"{path}: stray memory in the padding of long doubles: {words[:, 10:][words[:, 10:].any(1)][0]}"
    return None if same_items(want, got) else f"{path}: expected {want!r:.80}, got {got!r:.80}"


def shared(first, second, want):
    """The same object in two places, equal to `want`."""

    def check(value):
        a, b = first(value), second(value)
        return difference(want, a) or (None if a is b else "the shared object came back twice")

    return check


def any_order(want):
    """Equal values; C++ may write an expression in either order."""

    def check(value):
        return difference(np.ascontiguousarray(want), np.ascontiguousarray(value))

    return check


def shared_cycle(value):
    """a -> b by `next`, b -> a by `back` (a weak pointer in C++)."""
    names = [value.name, value.next.name]
    if names != ["a", "b"] or value.next.next is not None or value.back is not None:
        return f"unexpected links: {value!r:.80}"
    return None if value.next.back is value else "the cycle is not closed"


def ring(value):
    return None if value.next.next is value and value.back is None else "the ring is not closed"


def shared_array_in_map(value):
    problem = difference(filled("f8", (2, 3)), value["first"])
    return problem or (None if value["first"] is value["second"] else "the shared array came back twice")


def particles(count):
    dtype = np.dtype([("x", "<f4"), ("mass", "<f8"), ("id", "<i4")], align=True)
    array = np.zeros(count, dtype)
    numbers = np.arange(count)
    array["x"], array["mass"], array["id"] = numbers + 0.5, numbers * 2.0, -numbers
    return array


def pixels(count):
    dtype = np.dtype([("rgb", "u1", (3,)), ("weight", "<f4", (2,))], align=True)
    array = np.zeros(count, dtype)
    array["rgb"] = np.arange(3 * count).reshape(count, 3)
    array["weight"] = np.arange(2 * count).reshape(count, 2)
    return array


def layer(name, size):
    return Namespace(name=name, weights=filled("f4", (size, 2)))


def model():
    return Namespace(name="ridge", weights=filled("f4", (3, 2)), score=0.5, missing=None,
                     layers=[layer("in", 2), layer("out", 1)], best=layer("best", 3), tags={"a": 1, "b": 2})


SCALARS = {
    "nullptr": None, "monostate": None, "bool_true": True, "bool_false": False,
    "int8_min": -128, "int16_min": -(2**15), "int32_min": -(2**31), "int64_min": -(2**63), "int64_max": 2**63 - 1,
    "uint8_max": 255, "uint16_max": 2**16 - 1, "uint32_max": 2**32 - 1, "uint64_max": 2**64 - 1,
    "int128_big": 2**100 + 7, "int128_min": -(2**127), "uint128_max": 2**128 - 1,
    "float_tenth": float(np.float32(0.1)), "double_tenth": 0.1, "double_negative_zero": -0.0, "double_tiny": 5e-324,
    "double_nan": math.nan, "double_inf": math.inf, "double_minus_inf": -math.inf,
    "complex_double": 1.5 - 2j, "complex_float": 0.25 + 0.5j,
    "string": "plain", "string_empty": "", "string_unicode": "caf\u00e9 \u65e5\u672c\u8a9e \U0001f600 nul\0end",
    "string_long": "0123456789" * 7000, "string_view": "view", "char_pointer": "pointer",
    "path": "data/file.bin", "bytes": bytes(range(256)), "bytes_empty": b"", "bytes_long": b"\x80\x02}" * 30000,
    "enum_plain": 2, "enum_class": -7,
    "duration_s": np.timedelta64(90, "s"), "duration_ns": np.timedelta64(-5, "ns"),
    "duration_h": np.timedelta64(48, "h"), "duration_25s": np.timedelta64(3, "25s"),
    "time_point_ms": np.datetime64("2024-02-29T12:30:01.250", "ms"), "time_point_ns": np.datetime64(1, "ns"),
    "dtypes": [np.dtype(x) for x in ("<f8", ">i2", "<U7", "<M8[25us]", "O", [("a", "<i4"), ("b", "S3")])],
}

CONTAINERS = {
    "vector_double": np.array([1.5, -2.0, math.inf]), "vector_float": np.array([0.5, 0.25], "f4"),
    "vector_int32": np.array([1, -2, 3], "i4"), "vector_uint8": np.array([0, 255], "u1"),
    "vector_complex": np.array([1 + 2j, -0.5j]), "vector_empty": np.zeros(0), "vector_bool": np.array([True, False, True]),
    "array_double": np.array([1.0, 2.0, 3.0]), "span_int64": np.array([7, 8], "i8"),
    "vector_string": ["a", "", "caf\u00e9"], "vector_string_empty": [],
    "vector_vector_double": [np.array([1.0]), np.zeros(0), np.array([2.0, 3.0])],
    "vector_optional": [1, None, 3],
    "list_int": [1, 2, 3], "deque_double": [0.5, 1.5], "list_2500": list(range(2500)),
    "pair": (1, "one"), "tuple_mixed": (1, "two", 3.5, True, None), "tuple_empty": (), "tuple_one": (1,),
    "tuple_nested": ((1, 2), ("x", (0.5,))),
    "set_string": {"a", "b"}, "set_empty": set(), "unordered_set_int": {3, 1, 2},
    "map_string_int": {"a": 1, "b": 2}, "map_int_string": {-1: "minus", 5: "five"}, "map_empty": {},
    "unordered_map": {"a": 0.5, "b": 1.5, "c": 2.5}, "map_tuple_keys": {(1, "a"): 0.5, (2, "b"): 1.5},
    "map_nested": {"outer": {"inner": [np.array([1.0])]}}, "map_2500": {i: i * i for i in range(2500)},
    "optional_empty": None, "optional_full": 5,
    "variant_int": 3, "variant_string": "text", "variant_array": np.array([1.0, 2.0]),
    "unique_ptr": 7, "unique_ptr_null": None, "shared_ptr": 2.5, "weak_ptr_empty": None,
    "shared_twice": shared(lambda v: v[0], lambda v: v[1], Namespace(name="both", weights=filled("f4", (2, 2)))),
    "shared_vector": shared(lambda v: v["x"], lambda v: v["y"], ["in", "common"]),
    "shared_cycle": shared_cycle, "shared_ring": ring,
    "shapes": [Namespace(__jl_type__="acme.Circle", name="c", radius=2.5),
               Namespace(__jl_type__="acme.Square", name="s", side=3.0)],
    "struct_model": model(), "struct_described": Namespace(base=1, own="two", hidden=3.5),
    "struct_empty": Namespace(), "struct_python_class": samples.Plain(a=1, b="two"),
    "vector_struct": [Namespace(key="a", value=1), Namespace(key="b", value=2)],
    "struct_array": particles(4), "struct_array_fields": pixels(3),
    "struct_array_std_array": particles(2), "struct_array_empty": particles(0),
}

VALUES = {
    "value_none": None,
    "value_built": {"name": "jl", "xs": np.array([1.0, 2.0]), 7: [1, (True, 0.5), {1, 2}], "object": Namespace(a=1, b=[])},
    "value_ring": lambda v: None if len(v) == 2 and v[0] == 1 and v[1] is v else f"no ring: {v!r:.80}",
    "value_shared": shared(lambda v: v[0], lambda v: v[1], {"k": np.array([1, 2], "i4")}),
}

CODES = ["b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f4", "f8", "f16", "c8", "c16"]
SHAPES = [(), (5,), (3, 4), (2, 3, 4), (2, 3, 2, 2)]

ARRAYS = {f"array_{code}_{order.lower()}": filled(code, (3, 4), order) for code in CODES for order in "CF"}
ARRAYS.update({f"array_{len(shape)}d": filled("f8", shape) for shape in SHAPES})
ARRAYS.update({f"array_{len(shape)}d_f": filled("f8", shape, "F") for shape in SHAPES})
ARRAYS.update({
    "tensor": filled("i4", (2, 3)), "tensor_fixed": filled("f8", (2, 2)),
    "array_no_rows": np.zeros((0, 3)), "array_no_columns": np.zeros((3, 0), "f4"),
    "view_rows": filled("f8", (6, 4))[1:6:2], "view_column": filled("f8", (6, 4))[:, 2],
    "view_transposed": any_order(filled("f8", (3, 4)).T),
    "lazy": filled("f8", (40, 30)) * 2.0 + 1.0, "lazy_broadcast": filled("f8", (3, 4)) + filled("f8", (4,)),
    "lazy_bool": filled("f8", (3, 4)) > 2.0,
    "shared_array": shared(lambda v: v[0], lambda v: v[1], filled("f8", (2, 3))),
    "shared_array_in_map": shared_array_in_map,
    "arrays_in_map": {"a": filled("f8", (3, 4)), "b": filled("f8", (2, 3, 4)), "c": filled("f8", ())},
    "small_arrays": [np.full(3, i, "f8") for i in range(1000)],
    "odd_sizes": [filled("u1", (n,)) for n in range(70)],
    "large": filled("f8", (300, 1000)),
})

EIGEN = {
    "eigen_matrix": filled("f8", (3, 4), "F"), "eigen_row_major": filled("f4", (3, 4)),
    "eigen_fixed": filled("i4", (2, 2), "F"), "eigen_vector": filled("f8", (5,)),
    "eigen_complex": filled("c16", (2, 3), "F"), "eigen_block": any_order(filled("f8", (4, 4))[1:3, 1:4]),
    "eigen_expression": any_order(filled("f8", (3, 4)) * 2.0),
}

CASES = {**SCALARS, **CONTAINERS, **VALUES, **ARRAYS, **EIGEN}


def problem(name, value):
    case = CASES[name]
    return case(value) if callable(case) and not isinstance(case, type) else difference(case, value)
