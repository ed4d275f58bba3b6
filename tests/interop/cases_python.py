"""Cases of the corpus without arrays: name -> function that makes the object."""
import array
import collections
import datetime
import decimal
import fractions
import math
import pathlib
import types
import uuid

import samples

INTEGERS = [0, 1, -1, 127, 128, 255, 256, -128, -129, 32767, 65535, 65536, -32768, 2**31 - 1, 2**31, -(2**31),
            -(2**31) - 1, 2**32, 2**53, 2**53 + 1, -(2**53), -(2**53) - 1, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1,
            2**64 - 1, 2**64, 10**20, -(10**20), 10**40, -(10**40), 2**2040, -(2**2040), 2**10000 - 1, -(2**10000)]
FLOATS = [0.0, -0.0, 1.0, 0.1, -2.5, 1e308, 5e-324, 1e-5, 1e16, 123456789.123, math.pi,
          math.inf, -math.inf, math.nan]
STRINGS = ["", "a", "plain text", "caf\u00e9", "\u65e5\u672c\u8a9e", "\U0001f600 face", "nul\0inside", "line\nbreak\r\n",
           "back\\slash \\u0041", "quote\" and 'apostrophe'", "tab\tbell\x07",
           "\ufeff\uffff", "x" * 255, "x" * 256]
BYTES = [b"", b"a", bytes(range(256)), b"\n\r\\'\"", b"z" * 63, b"z" * 64, b"z" * 65, b"\xff" * 300]


def shared_references():
    part, text, pair = [1, 2], "shared text", (1, [2])
    return {"first": part, "second": part, "texts": [text, text], "pairs": [pair, pair], "empty": [(), ()]}


def cycle_list():
    ring = [1]
    ring.append({"back": ring})
    return ring


def cycle_dict():
    node = {"name": "node"}
    node["self"] = node
    return node


def cycle_tuple():
    inner = []
    outer = (inner, "end")
    inner.append(outer)
    return outer


def cycle_object():
    parent, child = samples.Plain(name="parent"), samples.Plain(name="child")
    parent.child, child.parent = child, parent
    return parent


def nested(depth):
    value = "bottom"
    for _ in range(depth):
        value = [value]
    return value


def ordered():
    return collections.OrderedDict([("z", 1), ("a", 2)])


def defaults():
    counts = collections.defaultdict(list)
    counts["a"].append(1)
    return counts


def big_dict():
    return {f"key {i}": i for i in range(100_000)}


def times():
    zone = datetime.timezone(datetime.timedelta(hours=5, minutes=30))
    return [datetime.datetime(2024, 2, 29, 12, 30, 1, 999999), datetime.datetime(1970, 1, 1, tzinfo=zone),
            datetime.date(2024, 2, 29), datetime.time(23, 59, 59), datetime.timedelta(days=-1, seconds=5)]


CASES = {
    "none": lambda: None,
    "true": lambda: True,
    "false": lambda: False,
    "integers": lambda: list(INTEGERS),
    "integer_root": lambda: 123456,
    "floats": lambda: list(FLOATS),
    "complexes": lambda: [0j, 1 + 2j, -0.5j, complex(math.nan, math.inf), complex(-0.0, -1e300)],
    "strings": lambda: list(STRINGS),
    "strings_surrogate": lambda: ["\ud800", "low \udc80 surrogate", {"\udfff": "\ud83d and \ude00 apart"}],
    "string_long": lambda: "0123456789" * 7000,
    "string_long_wide": lambda: "\u00e9\u65e5" * 20000,
    "bytes": lambda: list(BYTES),
    "bytes_long": lambda: bytes(range(256)) * 300,
    "bytearrays": lambda: [bytearray(b""), bytearray(range(256)), bytearray(b"x" * 70000)],
    "list_empty": lambda: [],
    "list_one": lambda: [1],
    "list_2500": lambda: list(range(2500)),
    "tuples": lambda: [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), ((), ((),))],
    "sets": lambda: [set(), {1, 2, 3}, {"a", "b"}, {(1, 2), None, True}, set(range(1500))],
    "frozensets": lambda: [frozenset([1]), frozenset("abc"), frozenset([frozenset([1, 2])])],
    "frozenset_empty": lambda: [frozenset(), frozenset()],
    "dict_empty": lambda: {},
    "dict_one": lambda: {"a": 1},
    "dict_keys": lambda: {1: "int", 2.5: "float", (1, "a"): "tuple", None: "none", True + 1j: "complex", b"x": "bytes",
                          frozenset([1]): "frozenset", -7: "negative", "": "empty", "a/b": "slash", "%41": "percent"},
    "dict_2500": lambda: {i: str(i) for i in range(2500)},
    "dict_100000": big_dict,
    "ordered_dict": ordered,
    "default_dict": defaults,
    "counter": lambda: collections.Counter("abracadabra"),
    "deques": lambda: [collections.deque([1, 2, 3]), collections.deque([1], maxlen=4), collections.deque()],
    "times": times,
    "decimals": lambda: [decimal.Decimal("1.50"), decimal.Decimal("-Infinity"), fractions.Fraction(-3, 7)],
    "uuid": lambda: uuid.UUID("12345678-1234-5678-1234-567812345678"),
    "paths": lambda: [pathlib.PurePosixPath("a/b.txt"), pathlib.PurePosixPath(".")],
    "namedtuple": lambda: samples.Point(1, 2.5),
    "dataclass": lambda: samples.Sample("n", (1, 2), ["x"]),
    "plain_object": lambda: samples.Plain(a=1, b=[2, {"c": 3}], empty=samples.Plain()),
    "slots": lambda: samples.Slotted(1, "r"),
    "new_args_ex": lambda: samples.WithNewArgs(size=3),
    "list_subclass": lambda: samples.Names(["a", "b"]),
    "other_subclasses": lambda: [samples.Label("text"), samples.Count(7), samples.Table({"a": 1}), samples.Group([1])],
    "array_array": lambda: [array.array("d", [0.5, 1.5]), array.array("b")],
    "exception": lambda: [ValueError("bad", 3), samples.Failure("x")],
    "enums": lambda: [samples.Color.RED, samples.Color.GREEN, samples.Level.HIGH],
    "namespace": lambda: types.SimpleNamespace(a=1, b="two", c=[3.0], d=types.SimpleNamespace(e=None)),
    "slices": lambda: [slice(None), slice(1, 10, 2), range(5), range(10, 0, -3)],
    "references": lambda: [len, int, dict, math.sqrt, samples.double, samples.Plain, samples.Color, ValueError,
                           collections.OrderedDict, datetime.datetime, object],
    "singletons": lambda: [Ellipsis, NotImplemented],
    "shared": shared_references,
    "cycle_list": cycle_list,
    "cycle_dict": cycle_dict,
    "cycle_tuple": cycle_tuple,
    "cycle_object": cycle_object,
    "nested_200": lambda: nested(200),
    "nested_100000": lambda: nested(100_000),
}
