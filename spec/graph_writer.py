"""The object graph of a jl file, written canonically: plain Python, standard library only. make_vectors.py uses it.

    graph = Graph();  tree = graph.emit({"x": Array("<f8", (3,), data)})

emit returns the JSON tree (json_tree.md) of what it wrote. container_writer.py makes a container of a graph.
"""
import struct

from packed_writer import Form
from pickle_writer import Pickle, Structure, descr, u64

VERSION_MAGIC = b"\x89JLC\r\n\x1a\n"


# --- values that Python has no type for ---------------------------------------------------------------------------------
class Array:
    """dtype: short form, list of (name, dtype[, shape]) or Structure; packing: None, "shuffle" or "blosc"."""
    def __init__(self, dtype, shape, data, order="C", packing=None):
        self.dtype, self.shape, self.data, self.order, self.packing = dtype, tuple(shape), bytes(data), order, packing


class OpenArray(Array):
    """One that was written row after row: its first dimension was not known when its record was."""


class ObjectArray:
    def __init__(self, shape, items):
        self.shape, self.items = tuple(shape), items


class Struct:
    """Attributes in order; cls "module.Name" names a Python class."""
    def __init__(self, fields, cls=None):
        self.fields, self.cls = fields, cls


class Scalar:
    def __init__(self, dtype, data, value):
        self.dtype, self.data, self.value = dtype, data, value


class Set:
    def __init__(self, kind, items):
        self.kind, self.items = kind, items


class Class(str):
    """A class reference: "module.Name"."""


# --- the object graph ---------------------------------------------------------------------------------------------------
def component(key):
    if isinstance(key, str):
        return key.replace("%", "%25").replace("/", "%2F")
    return str(key) if type(key) is int else None


class Graph(Pickle):
    """The graph of one container; `at`: its place in the decoded file; `shared`: values that are memoized because they occur twice."""
    def __init__(self, at=0, mmap=True, shared=(), major=1, minor=0, flags=0):
        super().__init__()
        self.at, self.mmap, self.shared, self.arrays, self.shown = at, mmap, {id(value) for value in shared}, [], {}
        self.keep = list(shared)
        self.put(b"\x80\x04", "PROTO 4")
        self.put(b"C\x0c" + VERSION_MAGIC + bytes([major, minor]) + struct.pack("<H", flags) + b"0",
                 "version record: magic, major %d, minor %d, flags %d; POP" % (major, minor, flags))

    def memo_if_shared(self, value, path):
        self.shown[id(value)] = path
        if id(value) in self.shared:
            self.memoize(id(value))

    def state(self, value):
        """Memoizes what an array record fetches; the key of its state dict."""
        dtype = vars(value.dtype) if isinstance(value.dtype, Structure) else value.dtype
        is_open = isinstance(value, OpenArray)
        key = "state %r" % ((dtype, value.shape, value.order, value.packing, is_open and id(value)),)
        if key in self.memo:
            return key
        if "class joblib.numpy_pickle.NumpyArrayWrapper" not in self.memo:
            self.cls("joblib.numpy_pickle", "NumpyArrayWrapper")
            self.put(b"0", "POP")
        self.put(b"}", "EMPTY_DICT")
        self.memoize(key)
        self.put(b"(", "MARK")
        self.name("subclass"), self.cls("numpy", "ndarray")
        self.name("shape"), self.open_shape(value.shape) if is_open else self.data(value.shape)
        self.name("order"), self.text(value.order)
        self.name("dtype"), self.dtype("|O8" if value.packing else value.dtype)
        self.name("allow_mmap"), self.data(self.mmap and not value.packing)
        if value.packing:
            self.name("packing"), self.packing(value)
        self.put(b"u0", "SETITEMS POP")
        return key

    def open_shape(self, shape):
        def size(pair):
            if pair[0] > 0:
                self.data(pair[1])
            else:
                self.put(b"\x8a\x08" + u64(pair[1]), "int %d, entered when the last row was written" % pair[1])
        self.tuple(list(enumerate(shape)), size)

    def packing(self, value):
        self.text(value.packing)
        self.dtype(value.dtype)
        self.put(b"\x86", "TUPLE2")

    def form(self, value):
        return Form(value)

    def array(self, value, path):
        indexes = [self.memo[self.state(value)], self.memo["class joblib.numpy_pickle.NumpyArrayWrapper"]]
        gap = -(self.at + len(self.out) + 3 + sum(2 if index < 256 else 5 for index in indexes)) % 64
        gap += 64 if 0 < gap < 3 else 0
        if gap:
            self.put(b"C" + bytes([gap - 3]) + bytes(gap - 3) + b"0", "filler: SHORT_BINBYTES, %d zero bytes, POP" % (gap - 3))
        self.cls("joblib.numpy_pickle", "NumpyArrayWrapper")
        self.put(b")\x81", "EMPTY_TUPLE NEWOBJ")
        self.get(self.state(value), "state")
        self.put(b"b", "BUILD")
        form = self.form(value) if value.packing else None
        stored = bytes(form.out) if form else value.data
        entry = {"path": path, "dtype": descr(value.dtype), "shape": value.shape, "order": value.order,
                 "offset": len(self.out), "nbytes": len(value.data), "data": value.data,
                 "packing": value.packing, "stored": len(stored), "chunks": form.chunks if form else []}
        self.arrays.append(entry)
        self.put(stored, "payload of %s" % path)
        self.memoize(id(value), "MEMOIZE the array as")
        self.shown[id(value)] = path
        node = {"kind": "array", **{k: entry[k] for k in ("path", "dtype", "shape", "order", "offset", "nbytes")}}
        return {**node, "offset": None} if value.packing else node

    def object_array(self, value, where):
        path = where or "/"
        self.cls("numpy.core.multiarray", "_reconstruct")
        self.cls("numpy", "ndarray")
        self.put(b"K\x00\x85C\x01b\x87R")
        self.memo_if_shared(value, path)
        self.put(b"(K\x01")
        self.data(value.shape)
        self.dtype("|O8")
        self.put(b"\x89]")
        items = []
        self.batches(list(enumerate(value.items)), lambda p: items.append(self.emit(p[1], "%s/%d" % (where, p[0]))), b"e", None)
        self.put(b"tb")
        return {"kind": "array", "path": path, "dtype": "|O", "shape": value.shape, "order": "C", "offset": None,
                "nbytes": 8 * len(value.items), "items": items}

    def struct(self, value, where):
        self.cls(*(value.cls or "types.SimpleNamespace").rsplit(".", 1))
        self.put(b")\x81" if value.cls else b")R", "EMPTY_TUPLE " + ("NEWOBJ" if value.cls else "REDUCE"))
        self.memo_if_shared(value, where or "/")
        self.put(b"}", "EMPTY_DICT")
        pairs = []

        def attribute(pair):
            self.name(pair[0])
            pairs.append([{"kind": "str", "value": pair[0]}, self.emit(pair[1], where + "/" + component(pair[0]))])

        self.batches(list(value.fields.items()), attribute, b"u", "SETITEMS")
        self.put(b"b", "BUILD")
        return {"kind": "object", "class": value.cls or "types.SimpleNamespace", "args": [], "state": {"kind": "dict", "items": pairs}}

    def scalar(self, value):
        self.cls("numpy.core.multiarray", "scalar")
        self.dtype(value.dtype)
        self.bytes(value.data)
        self.put(b"\x86R")
        return {"kind": "scalar", "dtype": value.dtype, "value": value.value}

    def simple(self, value):
        if value is None:
            self.data(value)
            return {"kind": "none"}
        if isinstance(value, Class):
            self.cls(*value.rsplit(".", 1))
            return {"kind": "class", "name": str(value)}
        if isinstance(value, Scalar):
            return self.scalar(value)
        if isinstance(value, float):
            self.put(b"G" + struct.pack(">d", value), "float %r" % value)
            return {"kind": "float", "value": value if abs(value) < float("inf") else repr(value)}
        if isinstance(value, complex):
            self.cls("builtins", "complex")
            self.simple(value.real), self.simple(value.imag)
            self.put(b"\x86R", "TUPLE2 REDUCE")
            return {"kind": "complex", "value": repr(value)}
        self.data(value)
        if isinstance(value, bytes):
            return {"kind": "bytes", "size": len(value), "hex": value[:64].hex()}
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 1 << 53:
            return {"kind": "int", "value": str(value)}
        return {"kind": type(value).__name__, "value": value}

    def emit(self, value, where=""):
        """Writes one value; `where` is its path, "" for the root."""
        path = where or "/"
        if id(value) in self.memo:
            self.get(id(value))
            return {"kind": "ref", "path": self.shown[id(value)]}
        if isinstance(value, Array):
            return self.array(value, path)
        if isinstance(value, ObjectArray):
            return self.object_array(value, where)
        if isinstance(value, Struct):
            return self.struct(value, where)
        if isinstance(value, bytearray):
            self.cls("builtins", "bytearray")
            self.bytes(bytes(value))
            self.put(b"\x85R", "TUPLE1 REDUCE")
            self.memo_if_shared(value, path)
            return {"kind": "bytearray", "size": len(value), "hex": value[:64].hex()}
        if isinstance(value, dict):
            return self.dict(value, where)
        if isinstance(value, (list, tuple, Set)):
            return self.sequence(value, where)
        return self.simple(value)

    def dict(self, value, where):
        self.put(b"}", "EMPTY_DICT")
        self.memo_if_shared(value, where or "/")
        pairs = []

        def entry(pair):
            index, (key, item) = pair
            name = component(key)
            key = self.emit(key, where + "/")
            pairs.append([key, self.emit(item, where + "/" + ("#%d" % index if name is None else name))])

        self.batches(list(enumerate(value.items())), entry, b"u", "SETITEMS")
        return {"kind": "dict", "items": pairs}

    def sequence(self, value, where):
        kind = value.kind if isinstance(value, Set) else type(value).__name__
        items, start = [], {"list": b"]", "set": b"\x8f", "frozenset": b"(", "tuple": b""}[kind]
        numbered = list(enumerate(value.items if isinstance(value, Set) else value))
        each = lambda pair: items.append(self.emit(pair[1], "%s/%d" % (where, pair[0])))
        if start:
            self.put(start, {"list": "EMPTY_LIST", "set": "EMPTY_SET", "frozenset": "MARK"}[kind])
        if kind in ("list", "set"):
            self.memo_if_shared(value, where or "/")
            self.batches(numbered, each, b"e" if kind == "list" else b"\x90", "APPENDS" if kind == "list" else "ADDITEMS")
            return {"kind": kind, "items": items}
        if kind == "tuple":
            self.tuple(numbered, each)
        else:
            for pair in numbered:
                each(pair)
            self.put(b"\x91", "FROZENSET")
        self.memo_if_shared(value, where or "/")
        return {"kind": kind, "items": items}
