"""The object graph of a jl file, written canonically: plain Python, standard library only. make_vectors.py uses it.

    graph = Graph();  tree = graph.emit({"x": Array("<f8", (3,), data)})

emit returns the JSON tree (json_tree.md) of what it wrote. container_writer.py makes a container of a graph.
"""
import struct

VERSION_MAGIC = b"\x89JLC\r\n\x1a\n"


def u32(*numbers):
    return struct.pack("<%dI" % len(numbers), *numbers)


def u64(*numbers):
    return struct.pack("<%dQ" % len(numbers), *numbers)


# --- values that Python has no type for ---------------------------------------------------------------------------------
class Array:
    """dtype: short form, list of (name, dtype[, shape]) or Structure."""
    def __init__(self, dtype, shape, data, order="C"):
        self.dtype, self.shape, self.data, self.order = dtype, tuple(shape), bytes(data), order


class Structure:
    """A numpy-aligned structure: fields (name, short form, offset)."""
    def __init__(self, fields, itemsize, alignment):
        self.fields, self.itemsize, self.alignment = fields, itemsize, alignment


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


# --- dtypes -------------------------------------------------------------------------------------------------------------
def split(dtype):
    """'<M8[25s]' -> '<', 'M', 8, ('s', 25)."""
    order, kind, size = dtype[0], dtype[1], dtype[2:].partition("[")[0]
    unit = dtype.partition("[")[2].rstrip("]") or "generic"
    name = unit.lstrip("0123456789")
    return order, kind, int(size) * (4 if kind == "U" else 1), (name, int(unit[:len(unit) - len(name)] or 1))


def itemsize(dtype):
    if isinstance(dtype, str):
        return split(dtype)[2]
    if isinstance(dtype, Structure):
        return dtype.itemsize
    if isinstance(dtype, tuple):
        return itemsize(dtype[0]) * product(dtype[1])
    return sum(product(field[2] if len(field) > 2 else ()) * itemsize(field[1]) for field in dtype)


def descr(dtype):
    if not isinstance(dtype, Structure):
        return dtype
    fields, at = [], 0
    for name, kind, offset in dtype.fields + [("", None, dtype.itemsize)]:
        if offset > at:
            fields.append(("", "|V%d" % (offset - at)))
        if kind:
            fields.append((name, kind))
            at = offset + itemsize(kind)
    return fields


def product(shape):
    result = 1
    for extent in shape:
        result *= extent
    return result


# --- the object graph ---------------------------------------------------------------------------------------------------
class Pickle:
    """Opcodes and memo; `notes` holds (offset, length, text) for annotated dumps."""
    def __init__(self, start=b""):
        self.out, self.memo_size, self.memo, self.notes = bytearray(start), 0, {}, []

    def put(self, data, note=None):
        if note:
            self.notes.append((len(self.out), len(data), note))
        self.out += data

    def memoize(self, key, note="MEMOIZE"):
        self.put(b"\x94", "%s %d" % (note, self.memo_size))
        self.memo[key] = self.memo_size
        self.memo_size += 1

    def get(self, key, what=""):
        index = self.memo[key]
        self.put(b"h" + bytes([index]) if index < 256 else b"j" + u32(index), "BINGET %d%s" % (index, what and ": " + what))

    def sized(self, data, short, medium, long, note):
        size = len(data)
        head = (bytes([short, size]) if size < 256 else bytes([medium]) + u32(size) if size < 1 << 32 else bytes([long]) + u64(size))
        self.put(head + data, note)

    def text(self, value, note=None):
        self.sized(value.encode(), 0x8C, 0x58, 0x8D, note or "str %r" % value)

    def bytes(self, value, note=None):
        self.sized(value, 0x43, 0x42, 0x8E, note or "bytes, %d" % len(value))

    def integer(self, value):
        if 0 <= value < 256:
            data = b"K" + bytes([value])
        elif 0 <= value < 65536:
            data = b"M" + struct.pack("<H", value)
        elif -1 << 31 <= value < 1 << 31:
            data = b"J" + struct.pack("<i", value)
        else:
            raw = value.to_bytes((value if value >= 0 else ~value).bit_length() // 8 + 1, "little", signed=True)
            data = (b"\x8a" + bytes([len(raw)]) if len(raw) < 256 else b"\x8b" + u32(len(raw))) + raw
        self.put(data, "int %s" % value if abs(value) < 1 << 64 else "int")

    def batches(self, items, each, opcode, note):
        for first in range(0, len(items), 1000):
            self.put(b"(", "MARK")
            for item in items[first:first + 1000]:
                each(item)
            self.put(opcode, note)

    def data(self, value):
        """Plain data, nothing memoized: the directory."""
        if isinstance(value, bool) or value is None:
            self.put({None: b"N", True: b"\x88", False: b"\x89"}[value], str(value))
        elif isinstance(value, int):
            self.integer(value)
        elif isinstance(value, str):
            self.text(value)
        elif isinstance(value, bytes):
            self.bytes(value)
        elif isinstance(value, list):
            self.put(b"]", "EMPTY_LIST")
            self.batches(value, self.data, b"e", "APPENDS")
        elif isinstance(value, tuple):
            self.tuple(value, self.data)
        else:
            self.put(b"}", "EMPTY_DICT")
            self.batches(list(value.items()), lambda pair: (self.data(pair[0]), self.data(pair[1])), b"u", "SETITEMS")

    def tuple(self, items, each):
        if len(items) > 3:
            self.put(b"(", "MARK")
        for item in items:
            each(item)
        self.put((b")", b"\x85", b"\x86", b"\x87")[len(items)] if len(items) < 4 else b"t", "TUPLE, %d" % len(items))


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

    def name(self, text):
        if "name " + text in self.memo:
            self.get("name " + text, repr(text))
        else:
            self.text(text)
            self.memoize("name " + text)

    def cls(self, module, name):
        key = "class " + module + "." + name
        if key in self.memo:
            return self.get(key, name)
        self.name(module)
        self.name(name)
        self.put(b"\x93", "STACK_GLOBAL")
        self.memoize(key)

    def dtype(self, dtype):
        key = "dtype %r" % ((vars(dtype) if isinstance(dtype, Structure) else dtype),)
        if key in self.memo:
            return self.get(key, "dtype")
        order, kind, size, unit = ("|", "V", itemsize(dtype), None) if not isinstance(dtype, str) else split(dtype)
        self.cls("numpy", "dtype")
        self.text("%s%d" % (kind, size // 4 if kind == "U" else size))
        self.put(b"\x89\x88\x87R", "False True TUPLE3 REDUCE: dtype(code, False, True)")
        self.memoize(key)
        self.put(b"(", "MARK")
        self.integer(4 if kind in "Mm" else 3)
        self.text(order)
        if isinstance(dtype, str):
            self.put(b"NNN", "None None None: subdtype, names, fields")
            for number in {"S": (size, 1, 0), "U": (size, 4, 8), "V": (size, 1, 0), "O": (-1, -1, 63)}.get(kind, (-1, -1, 0)):
                self.integer(number)
        elif isinstance(dtype, tuple):
            self.dtype(dtype[0])
            self.data(dtype[1])
            self.put(b"\x86NN")
            for number in (size, max(1, itemsize(dtype[0])) if split(dtype[0])[1] not in "SV" else 1, 0):
                self.integer(number)
        else:
            self.structure(dtype, size)
        if kind in "Mm":
            self.put(b"}(")
            self.bytes(unit[0].encode())
            for number in (unit[1], 1, 1):
                self.integer(number)
            self.put(b"t\x86")
        self.put(b"tb", "TUPLE BUILD: (version, byte order, subdtype, names, fields, size, alignment, flags)")

    def structure(self, dtype, size):
        fields, at = [], 0
        if isinstance(dtype, Structure):
            fields = dtype.fields
        else:
            for name, kind, *shape in dtype:
                kind = (kind, shape[0]) if shape else kind
                fields.append((name, kind, at))
                at += itemsize(kind[0]) * product(kind[1]) if shape else itemsize(kind)
        self.put(b"N", "None")
        self.tuple([name for name, _, _ in fields], self.text)
        self.put(b"}")
        self.batches(fields, lambda f: (self.text(f[0]), self.dtype(f[1]), self.integer(f[2]), self.put(b"\x86")), b"u", None)
        unicode_flag = 8 if any(isinstance(kind, str) and kind[1] == "U" for _, kind, _ in fields) else 0
        self.integer(size)
        self.integer(dtype.alignment if isinstance(dtype, Structure) else 1)
        self.integer((-112 if isinstance(dtype, Structure) else 16) + unicode_flag)

    def state(self, value):
        """Memoizes what an array record fetches; the key of its state dict."""
        dtype = vars(value.dtype) if isinstance(value.dtype, Structure) else value.dtype
        key = "state %r" % ((dtype, value.shape, value.order),)
        if key in self.memo:
            return key
        if "class joblib.numpy_pickle.NumpyArrayWrapper" not in self.memo:
            self.cls("joblib.numpy_pickle", "NumpyArrayWrapper")
            self.put(b"0", "POP")
        self.put(b"}", "EMPTY_DICT")
        self.memoize(key)
        self.put(b"(", "MARK")
        self.name("subclass"), self.cls("numpy", "ndarray")
        self.name("shape"), self.data(value.shape)
        self.name("order"), self.text(value.order)
        self.name("dtype"), self.dtype(value.dtype)
        self.name("allow_mmap"), self.data(self.mmap)
        self.put(b"u0", "SETITEMS POP")
        return key

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
        entry = {"path": path, "dtype": descr(value.dtype), "shape": value.shape, "order": value.order,
                 "offset": len(self.out), "nbytes": len(value.data), "data": value.data}
        self.arrays.append(entry)
        self.put(value.data, "payload of %s" % path)
        self.memoize(id(value), "MEMOIZE the array as")
        self.shown[id(value)] = path
        return {"kind": "array", **{k: entry[k] for k in ("path", "dtype", "shape", "order", "offset", "nbytes")}}

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
