"""Compares the tree that jlunpack printed with the expected one; the result is a list of sentences, empty when equal."""
import _compat_pickle
import json
import math
import struct

MEMBERS = {
    "none": set(), "bool": {"value"}, "int": {"value"}, "float": {"value"}, "complex": {"value"}, "str": {"value"},
    "bytes": {"size", "hex"}, "bytearray": {"size", "hex"}, "tuple": {"items"}, "set": {"items"},
    "frozenset": {"items"}, "list": {"items", "class", "args", "state"}, "dict": {"items", "class", "args", "state"},
    "array": {"path", "dtype", "shape", "order", "offset", "nbytes", "items"}, "scalar": {"dtype", "value"},
    "object": {"class", "args", "state", "items", "entries"}, "class": {"name"}, "ref": {"path"},
}
EXACT = 2**53


def python3_name(name):
    """The name as Python 3 spells it; protocols 0 to 2 write the names of Python 2."""
    module, _, attribute = name.rpartition(".")
    if (module, attribute) in _compat_pickle.NAME_MAPPING:
        return ".".join(_compat_pickle.NAME_MAPPING[module, attribute])
    return _compat_pickle.IMPORT_MAPPING.get(module, module) + "." + attribute


def same_float(want, got):
    want, got = float(want), float(got)
    if math.isnan(want) or math.isnan(got):
        return math.isnan(want) and math.isnan(got)
    return want == got and math.copysign(1, want) == math.copysign(1, got)


def same_number(kind, want, got):
    if kind == "bool":
        return want is got
    if kind == "int":
        in_range = abs(int(want)) <= EXACT
        return int(got) == int(want) and isinstance(got, int if in_range else str) and not isinstance(got, bool)
    if kind == "float":
        return isinstance(got, str) != math.isfinite(float(want)) and same_float(want, got)
    a, b = complex(want), complex(got)
    return isinstance(got, str) and same_float(a.real, b.real) and same_float(a.imag, b.imag)


def rounded(size, value):
    """The number in its own precision: bytes of a float of 2, 4 or 8 bytes."""
    return b"nan" if math.isnan(value) else struct.pack({2: "<e", 4: "<f", 8: "<d"}[size], value)


def same_scalar(dtype, want, got):
    """Numpy scalars agree when they are the same number in their own precision."""
    kind = dtype[1] if isinstance(dtype, str) else "V"
    if kind in "mM":
        return int(got) == int(want)
    if kind in "SUV":
        return want == got
    if kind == "b":
        return want is got
    if kind in "iu":
        return same_number("int", want, got)
    size = int(dtype[2:])
    if kind == "c":
        a, b = complex(want), complex(got)
        return all(rounded(size // 2, x) == rounded(size // 2, y) for x, y in ((a.real, b.real), (a.imag, b.imag)))
    return rounded(size, float(want)) == rounded(size, float(got))


class Comparison:
    def __init__(self, any_byte_order=False, limit=5):
        self.problems = []
        self.any_byte_order = any_byte_order
        self.limit = limit
        self.pairs = []  # (expected array node, got array node) in document order

    def problem(self, where, want, got):
        if len(self.problems) < self.limit:
            self.problems.append(f"{where}: expected {brief(want)}, got {brief(got)}")

    def same(self, where, want, got):
        if want != got:
            self.problem(where, want, got)

    def node(self, where, want, got):
        kind = want["kind"]
        if kind == "any":
            return
        if "class" in want and kind in ("list", "dict") and isinstance(got, dict) and got.get("kind") == "object":
            want, got = plain_object(want, got)
        if not isinstance(got, dict) or got.get("kind") != kind:
            self.problem(where, want, got)
            return
        extra = set(got) - MEMBERS[kind] - {"kind"}
        if extra:
            self.problem(where, f"members of {kind}", sorted(extra))
        missing = set(want) - set(got)
        if missing:
            self.problem(where, sorted(missing), "nothing")
            return
        getattr(self, "check_" + kind, self.check_members)(where, want, got)

    def check_members(self, where, want, got):
        for name in ("size", "hex", "class"):
            if name in want or (name == "class" and name in got):
                self.same(f"{where}.{name}", want.get(name), got.get(name))
        if "value" in want:
            self.check_value(where, want, got)
        if "items" in want:
            self.items(where, want["items"], got["items"])

    def check_value(self, where, want, got):
        kind, a, b = want["kind"], want["value"], got["value"]
        try:
            equal = a == b if kind == "str" else same_number(kind, a, b)
        except (TypeError, ValueError):
            equal = False
        if not equal:
            self.problem(where, want, got)

    def check_scalar(self, where, want, got):
        self.same(where + ".dtype", want["dtype"], got["dtype"])
        if "value" in want:
            try:
                equal = same_scalar(want["dtype"], want["value"], got["value"])
            except (TypeError, ValueError):
                equal = False
            if not equal:
                self.problem(where, want, got)

    def check_array(self, where, want, got):
        dtypes = [node["dtype"] for node in (want, got)]
        if self.any_byte_order:
            dtypes = [json.dumps(dtype).replace(">", "<") for dtype in dtypes]
        self.same(where + ".dtype", *dtypes)
        self.same(where + ".shape", want["shape"], got["shape"])
        self.same(where + ".order", want["order"], got["order"])
        if want["path"] is not None:
            self.same(where + ".path", want["path"], got["path"])
        self.pairs.append((want, got))
        if "items" in want:
            self.items(where, want["items"], got["items"])
        else:
            self.same(where + ".nbytes", want["nbytes"], got["nbytes"])

    def check_object(self, where, want, got):
        called = python3_name(got["class"])
        if called != "copyreg._reconstructor" or "args" in want:
            self.same(where + ".class", python3_name(want["class"]), called)
        if "args" in want:
            self.items(where + ".args", want["args"], got["args"])
        if "state" in want:
            self.node(where + ".state", want["state"], got["state"])

    def check_class(self, where, want, got):
        self.same(where, python3_name(want["name"]), python3_name(got["name"]))

    def check_ref(self, where, want, got):
        if want["path"] is not None:
            self.same(where + ".ref", want["path"], got["path"])

    def check_set(self, where, want, got):
        self.items(where, *(sorted(node["items"], key=canonical) for node in (want, got)))

    check_frozenset = check_set

    def check_dict(self, where, want, got):
        self.same(where + ".class", want.get("class"), got.get("class"))
        if len(want["items"]) != len(got["items"]):
            self.problem(where, f"{len(want['items'])} items", f"{len(got['items'])} items")
        for (a, x), (b, y) in zip(want["items"], got["items"]):
            self.node(where + ".key", a, b)
            self.node(f"{where}[{brief(a.get('value', a['kind']))}]", x, y)

    def items(self, where, want, got):
        if len(want) != len(got):
            self.problem(where, f"{len(want)} items", f"{len(got)} items")
        for i, (a, b) in enumerate(zip(want, got)):
            self.node(f"{where}[{i}]", a, b)


def plain_object(want, got):
    """A deque, OrderedDict, defaultdict or Counter may also be shown as the object that its pickle makes."""
    name = "items" if want["kind"] == "list" else "entries"
    items = got.get(name)
    if items is None and got.get("args") and got["args"][0].get("kind") == "dict":
        items = got["args"][0]["items"]
    return want, {"kind": want["kind"], "class": got.get("class"), "items": items or []}


def canonical(node):
    return json.dumps(node, sort_keys=True)


def brief(thing):
    text = thing if isinstance(thing, str) else json.dumps(thing)
    return text if len(text) <= 100 else text[:97] + "..."


def compare(want, got, any_byte_order=False):
    """Both are whole documents. Returns (problems, pairs of array nodes)."""
    comparison = Comparison(any_byte_order)
    for name in ("format", "codec"):
        comparison.same(name, want[name], got.get(name))
    if "objects" in got:  # a file of several: the root is the first one's
        comparison.same("numbers", list(range(1, max(2, len(got["objects"])) + 1)), [each["number"] for each in got["objects"]])
        comparison.same("object", 1, got.pop("object", None))
        del got["objects"]
    extra = set(got) - {"file", "format", "codec", "root", "values"}
    if extra or "root" not in got:
        comparison.problem("document", "file, format, codec, root", sorted(got))
    else:
        comparison.node("root", want["root"], got["root"])
    return comparison.problems, comparison.pairs
