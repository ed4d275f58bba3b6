"""Opcodes and memo, classes and dtypes, written canonically: what graphs, directories and packed arrays are spelled with."""
import struct


def u32(*numbers):
    return struct.pack("<%dI" % len(numbers), *numbers)


def u64(*numbers):
    return struct.pack("<%dQ" % len(numbers), *numbers)


class Structure:
    """A numpy-aligned structure: fields (name, short form, offset)."""
    def __init__(self, fields, itemsize, alignment):
        self.fields, self.itemsize, self.alignment = fields, itemsize, alignment


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


# --- opcodes ---------------------------------------------------------------------------------------------------------------
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
