#!/usr/bin/env python3
"""Keys of values, written from hash.md alone: standard library only.

    hasher.py FILE...     md5, sha1 and xxh3_128 of the value in each file, one line a file
"""
import hashlib
import itertools
import json
import math
import struct
import sys

import reader
from xxh3 import digest

SHORT, CHUNK, PREFIX = 128, 1 << 20, b"JLH\x01"
NONE, FALSE, TRUE, INT, FLOAT, COMPLEX, STR, BYTES, BYTEARRAY, SCALAR, CLASS, DTYPE = (bytes((tag,)) for tag in range(0x0C))
LIST, TUPLE, SET, FROZENSET, DICT, ORDERED_DICT, ARRAY, OBJECT_ARRAY, OBJECT = (bytes((tag,)) for tag in range(0x10, 0x19))
ITEMS, PAIRS, STATE, PLAIN, STRUCTURE, SUBARRAY, CYCLIC = (bytes((tag,)) for tag in (0x20, 0x21, 0x22, 0x30, 0x31, 0x32, 0x40))


def u64(*numbers):
    return struct.pack("<%dQ" % len(numbers), *numbers)


def payload(data, size=1):  # of items of so many bytes
    step = max(1, CHUNK // max(1, size)) * size
    chunks = [] if len(data) <= SHORT else [digest(data[at:at + step]) for at in range(0, len(data), step)]
    return data if not chunks else chunks[0] if len(chunks) == 1 else digest(b"".join(chunks))


def sized(data):
    return u64(len(data)) + payload(data)


def text(value):
    return sized(value.encode("utf-8", "surrogatepass"))


# --- dtypes: short forms, descr lists, (base, shape) -------------------------------------------------------------------
def parts(dtype):  # of a descr list: (name, title, dtype), or None for a gap
    for name, kind, *shape in dtype:
        title, name = name if isinstance(name, tuple) else ("", name)
        yield None if name == "" else (name, title, (kind, *shape) if shape else kind), (kind, *shape) if shape else kind


def encoded_dtype(dtype):
    if isinstance(dtype, tuple):
        return SUBARRAY + u64(len(dtype[1]), *dtype[1]) + encoded_dtype(dtype[0])
    if isinstance(dtype, str):
        return PLAIN + text(dtype.replace(">", "<"))
    fields = [field for field, _ in parts(dtype) if field]
    each = b"".join(text(name) + text(title) + encoded_dtype(kind) for name, title, kind in fields)
    return STRUCTURE + digest(STRUCTURE + u64(len(fields)) + each)


def packed(dtype, data):  # one item: little-endian, without gaps
    if isinstance(dtype, tuple):
        size = reader.item_size(dtype[0], 0)
        return b"".join(packed(dtype[0], data[at:at + size]) for at in range(0, len(data), size))
    if not isinstance(dtype, str):
        out, at = b"", 0
        for field, kind in parts(dtype):
            size = reader.item_size(kind, 0)
            out, at = out + (packed(kind, data[at:at + size]) if field else b""), at + size
        return out
    kind, size = dtype[1], len(data)
    width = 4 if kind == "U" else size // 2 if kind == "c" else size
    if dtype[0] == ">":
        data = b"".join(data[at:at + width][::-1] for at in range(0, size, width))
    if kind in "fc" and width > 8:
        data = b"".join(data[at:at + 10] + bytes(width - 10) for at in range(0, size, width))
    return data


def row_major(order, shape):  # places in memory, in C order
    steps = list(itertools.accumulate(shape[:-1], lambda a, b: a * b, initial=1))
    if order == "F":
        return (sum(map(int.__mul__, index, steps)) for index in itertools.product(*map(range, shape)))
    return range(math.prod(shape))


def array_items(array):
    size = reader.item_size(array["dtype"], 0)
    if isinstance(array["dtype"], str) and array["dtype"][0] != ">" and array["order"] == "C":
        items = array["data"] if array["dtype"][1:] not in ("f16", "c32") else None
        if items is not None:
            return payload(items, size)
    items = [packed(array["dtype"], array["data"][size * at:size * at + size]) for at in row_major(array["order"], array["shape"])]
    return payload(b"".join(items), len(items[0]) if items else 1)


# --- values ------------------------------------------------------------------------------------------------------------
def summed(digests):  # as numbers of 128 bits
    return (sum(int.from_bytes(each, "big") for each in digests) % (1 << 128)).to_bytes(16, "big")


class Ref(tuple):
    """(tag, id): stands where the name of a value that contains itself will be."""


class Hasher:
    def __init__(self):
        self.open, self.done, self.cyclic, self.kept = set(), {}, {}, []  # ids; id: encoding; id: (tag, sorted?, items)

    def leaf(self, value):  # encoding of what has no body, or None
        if value is None or value is False or value is True:
            return {None: NONE, False: FALSE, True: TRUE}[value]
        if isinstance(value, reader.Class):
            return CLASS + text(value.module) + text(value[len(value.module) + 1:])
        if isinstance(value, reader.Object) and value["class"] == "numpy.dtype":
            kind = reader.describe(value, 0)
            return DTYPE + text(kind if isinstance(kind, str) else json.dumps(kind, ensure_ascii=False))
        if isinstance(value, reader.Scalar):
            dtype, data = value
            return SCALAR + encoded_dtype(dtype) + payload(packed(dtype, data), max(1, len(data)))
        if isinstance(value, int):
            size = next(n for n in itertools.count(1) if -(1 << 8 * n - 1) <= value < 1 << 8 * n - 1)
            return INT + sized(value.to_bytes(size, "little", signed=True))
        if isinstance(value, (float, complex)):
            return FLOAT + struct.pack("<d", value) if isinstance(value, float) else COMPLEX + struct.pack("<dd", value.real, value.imag)
        if isinstance(value, str):
            return STR + sized(value.encode("utf-8", "surrogatepass"))
        if isinstance(value, (bytes, bytearray)):
            return (BYTES if isinstance(value, bytes) else BYTEARRAY) + sized(value)

    def body(self, value):  # (tag, sorted?, items), an item being a list of bytes and Refs
        one, many = self.encoded, lambda values: [self.encoded(value) for value in values]
        if isinstance(value, reader.Array):
            if "items" in value:
                head = text("") + encoded_dtype(value["dtype"]) + u64(len(value["shape"]), *value["shape"])
                return OBJECT_ARRAY, False, [[head]] + many(value["items"])
            head = text("") + encoded_dtype(value["dtype"]) + u64(len(value["shape"]), *value["shape"])
            return ARRAY, False, [[head + array_items(value)]]
        if isinstance(value, reader.Object):
            items = [one(value["class"]), one(tuple(value["args"]))]
            if value.get("items"):
                items += [[ITEMS]] + [self.closed(LIST, False, many(value["items"]))]
            if value.get("entries"):
                pairs = [one(key) + one(item) for key, item in value["entries"].items()]
                unordered = value["class"] in ("collections.defaultdict", "collections.Counter")
                items += [[PAIRS]] + [self.closed(DICT if unordered else ORDERED_DICT, unordered, pairs)]
            return OBJECT, False, items + ([[STATE], one(value["state"])] if value["state"] is not None else [])
        if isinstance(value, dict):
            return DICT, True, [one(key) + one(item) for key, item in value.items()]
        if isinstance(value, reader.Items):
            return FROZENSET if isinstance(value, reader.Frozen) else SET, True, many(value)
        return LIST if isinstance(value, list) else TUPLE, False, many(value)

    def closed(self, tag, is_sorted, items, key=None):
        """The encoding of a body: its digest, or a Ref where it waits for a name."""
        refers = any(isinstance(part, Ref) for item in items for part in item)
        if not refers:
            return [tag + self.digest(tag, is_sorted, items)]
        key = key or object()
        self.cyclic[key] = tag, is_sorted, items
        return [Ref((tag, key))]

    def digest(self, tag, is_sorted, items):  # with nothing in the places
        filled = [b"".join(part[0] + bytes(16) if isinstance(part, Ref) else part for part in item) for item in items]
        return digest(tag + b"".join(sorted(map(digest, filled)) if is_sorted else filled))

    def named(self, base, tag, is_sorted, items, names):  # the digest of a node
        groups = [(item, [names[part[1]] for part in item if isinstance(part, Ref)]) for item in items]
        if not is_sorted:
            return digest(base + summed(digest(u64(i) + name) for i, name in enumerate(name for _, group in groups for name in group)))
        return digest(base + summed(digest(digest(b"".join(part[0] + bytes(16) if isinstance(part, Ref) else part for part in item))
                                           + summed(digest(u64(i) + name) for i, name in enumerate(group)))
                                    for item, group in groups if group))

    def tag_of(self, value):
        kinds = ((reader.Object, OBJECT), (dict, DICT), (reader.Frozen, FROZENSET), (reader.Items, SET), (list, LIST), (tuple, TUPLE))
        if isinstance(value, reader.Array):
            return OBJECT_ARRAY if "items" in value else ARRAY
        return next(tag for kind, tag in kinds if isinstance(value, kind))

    def encoded(self, value):
        leaf = self.leaf(value)
        if leaf is not None:
            return [leaf]
        key = id(value)
        if key in self.open:
            return [Ref((self.tag_of(value), key))]
        if key not in self.done:
            self.open.add(key)
            self.kept.append(value)  # ids are not given twice then
            self.done[key] = self.closed(*self.body(value), key)
            self.open.remove(key)
        return self.done[key]

    def solved(self, root):
        """Names and digests of everything that contains itself, in rounds."""
        bases = {key: self.digest(*body) for key, body in self.cyclic.items()}
        nodes, names, count = dict(self.cyclic), dict(bases), 0
        while count < len(set(names.values())):  # tells all apart that are not alike
            count = len(set(names.values()))
            names = {key: digest(names[key] + self.named(bases[key], *nodes[key], names)) for key in nodes}
        one = {name: key for key, name in names.items()}  # of those that are alike
        kept = {key: one[names[key]] for key in nodes}
        nodes = {key: nodes[key] for key in one.values()}
        names, digests = {key: bases[key] for key in nodes}, {key: b"" for key in nodes}
        for number in itertools.count(1):
            seen = {key: names[kept[key]] for key in kept}
            fresh = {key: self.named(bases[key], *nodes[key], seen) for key in nodes}
            next_names = dict(names)
            for name in set(names.values()):
                groups = [fresh[key] for key in nodes if names[key] == name]
                stays = min(groups, key=lambda each: (-groups.count(each), each))
                next_names.update({key: digest(u64(number) + name + fresh[key]) for key in nodes if names[key] == name and fresh[key] != stays})
            digests, names, before = fresh, next_names, names
            if names == before:
                return CYCLIC + root[0] + names[kept[root[1]]] + digest(b"".join(sorted({names[key] + digests[key] for key in names})))


def encoding(value):
    hasher = Hasher()
    parts_of_root = hasher.encoded(value)
    return PREFIX + (hasher.solved(parts_of_root[0]) if isinstance(parts_of_root[0], Ref) else b"".join(parts_of_root))


def keys(value):
    data = encoding(value)
    return hashlib.md5(data).hexdigest(), hashlib.sha1(data).hexdigest(), digest(data).hex()


if __name__ == "__main__":
    sys.setrecursionlimit(100000)
    for name in sys.argv[1:]:
        print(*keys(reader.load(name)), name)
