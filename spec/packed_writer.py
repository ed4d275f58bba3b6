"""The pickle that stands in place of a packed array's payload (packed_arrays.md): standard library only."""
import struct

from pickle_writer import Pickle, itemsize, u64

BLOCK, CHUNK = 1 << 18, 1 << 20
HEAD = struct.Struct("<BBBBIII")  # of a chunk


def shuffled_blocks(data, item):
    """(the blocks, how many, items in each)."""
    count = len(data) // item
    k = min(BLOCK // item, count)
    blocks = [data[at:at + k * item] for at in range(0, len(data), k * item)]
    return b"".join(block[j::item].ljust(k, b"\0") for block in blocks for j in range(item)), len(blocks), k


def stored_chunk(data, item):
    """A chunk as Blosc 1.21 makes it at level 0: a header that says "copied", and the bytes."""
    return HEAD.pack(2, 1, 0x33, min(item, 255), len(data), len(data), len(data) + HEAD.size) + data


class Form(Pickle):
    """`chunks`: the chunk sizes of blosc; edit_chunk changes a chunk before it is put."""
    def __init__(self, array, edit_chunk=None):
        super().__init__(b"\x80\x04")
        self.chunks, self.edit_chunk = [], edit_chunk or (lambda chunk: chunk)
        if array.packing == "blosc":
            self.cls("blosc", "decompress")
            self.put(b"0")
        self.cls("numpy", "ndarray")
        self.put(b"(")
        self.data(array.shape)
        self.dtype(array.dtype)
        (self.join if array.packing == "blosc" else self.transpose)(array)
        self.data(0), self.data(None), self.data(array.order)
        self.put(b"tR.")

    def long_bytes(self, data):
        self.put(b"\x8e" + u64(len(data)) + data)

    def transpose(self, array):
        item = itemsize(array.dtype)
        blocks, n, k = shuffled_blocks(array.data, item)
        self.cls("numpy", "ascontiguousarray")
        self.cls("numpy", "transpose")
        self.cls("numpy", "ndarray")
        self.data((n, item, k)), self.data("u1")
        self.long_bytes(blocks)
        self.put(b"\x87R")
        self.data((0, 2, 1))
        self.put(b"\x86R\x85R")

    def join(self, array):
        self.cls("builtins", "bytearray.join")
        self.cls("builtins", "bytearray")
        self.put(b")R(")
        for at in range(0, len(array.data), CHUNK):
            chunk = self.edit_chunk(stored_chunk(array.data[at:at + CHUNK], itemsize(array.dtype)))
            self.chunks.append(len(chunk))
            self.get("class blosc.decompress")
            self.long_bytes(chunk)
            self.put(b"\x85R")
        self.put(b"t\x86R")
