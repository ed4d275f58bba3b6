"""Reads .npy files with the standard library alone: what check_reads.py needs where there is no numpy.

    file = read(path)         file.descr, file.shape, file.order, file.digest()

The digest is that of digest.py: values in C order and native (little-endian) byte order, padding left out.
"""
import ast
import dataclasses
import hashlib
import itertools
import math
import re
import struct


@dataclasses.dataclass
class Npy:
    descr: object
    shape: tuple
    order: str
    payload: bytes

    def digest(self):
        digest, size = hashlib.sha256(), size_of(self.descr)
        _feed(digest, self.descr, self.payload, self._starts(size), size)
        return digest.hexdigest()

    def _starts(self, size):
        """Where each item starts, in C order."""
        if self.order == "C":
            return range(0, math.prod(self.shape) * size, size)
        strides = [size * math.prod(self.shape[:axis]) for axis in range(len(self.shape))]
        indexes = itertools.product(*map(range, self.shape))
        return [sum(i * stride for i, stride in zip(index, strides)) for index in indexes]


def read(path):
    data = path.read_bytes()
    if data[:6] != b"\x93NUMPY":
        raise ValueError(f"{path.name} has no .npy magic")
    length, start = struct.unpack_from("<H", data, 8)[0], 10
    if data[6] > 1:
        length, start = struct.unpack_from("<I", data, 8)[0], 12
    header = ast.literal_eval(data[start : start + length].decode("utf-8"))
    file = Npy(header["descr"], header["shape"], "F" if header["fortran_order"] else "C", data[start + length :])
    if len(file.payload) != size_of(file.descr) * math.prod(file.shape):
        raise ValueError(f"{path.name} holds {len(file.payload)} bytes for {file.shape} of {file.descr}")
    if (start + length) % 64:
        raise ValueError(f"{path.name} has a header of {start + length} bytes, not a multiple of 64")
    return file


def size_of(descr):
    if isinstance(descr, list):
        return sum(size_of(field[1]) * math.prod(field[2] if len(field) > 2 else ()) for field in descr)
    kind, digits = re.fullmatch(r"[<>|]([a-zA-Z])(\d+)(?:\[.*\])?", descr).groups()
    return int(digits) * (4 if kind == "U" else 1)


def _feed(digest, descr, payload, starts, stride):
    if isinstance(descr, str):
        _feed_leaf(digest, descr, payload, starts, stride)
        return
    offset = 0
    for name, field, *shape in descr:
        size, count = size_of(field), math.prod(shape[0] if shape else ())
        if name != "":
            parts = [start + offset + i * size for start in starts for i in range(count)]
            _feed(digest, field, payload, parts, None)
        offset += size * count


def _feed_leaf(digest, descr, payload, starts, stride):
    size, kind = size_of(descr), descr[1]
    unit = {"c": size // 2, "U": 4}.get(kind, size)
    swap, trim = descr[0] == ">", kind in "fc" and unit == 16
    if isinstance(starts, range) and stride == size and not swap and not trim:
        digest.update(payload)
        return
    for start in starts:
        for at in range(start, start + size, unit):
            value = payload[at : at + unit]
            value = value[::-1] if swap else value
            digest.update(value[:10] if trim else value)
