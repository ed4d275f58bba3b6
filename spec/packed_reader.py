"""Packed arrays for reader.py (packed_arrays.md): forms are compared, their items unpacked. Of Blosc: chunks that are copies."""
import math, struct
CHUNK, BLOCK = 1 << 20, 1 << 18
SHUFFLE, BLOSC = 1, 2
class Refused(Exception): pass
def need(condition, code, at, text, *values):
    if not condition: raise Refused("at byte %d: %s: %s" % (at, code, text % values))
def packing_of(packing, dtype, descr, at):  # its number, and the dtype of the items
    if packing is None: return 0, dtype
    pair = isinstance(packing, tuple) and len(packing) == 2 and descr == "|O"
    need(pair, "format", at, "array of dtype %s claims the packing %r", descr, packing)
    need(packing[0] in ("shuffle", "blosc"), "version", at, "the packing %r is unknown", packing[0])
    return (SHUFFLE if packing[0] == "shuffle" else BLOSC), packing[1]
def possible(how, item, nbytes): return not how or nbytes > 0 and (how == BLOSC or 1 < item < 256)
def blocks(item, nbytes):  # how many, items in each
    items = min(BLOCK // item, nbytes // item)
    return -(-nbytes // (items * item)), items
def shuffled_bytes(item, nbytes): return item * math.prod(blocks(item, nbytes))
class Spelling:  # pickle_profile.md, types.md: as a writer spells them, with a memo
    def __init__(self): self.out, self.memo = b"\x80\x04", {}
    def known(self, key):  # fetches it, if it has been memoized
        index = self.memo.get(key)
        if index is not None: self.out += b"h%c" % index if index < 256 else b"j" + struct.pack("<I", index)
        return index is not None
    def memoize(self, key): self.out, self.memo[key] = self.out + b"\x94", len(self.memo)
    def named(self, *names):  # a class: module, name
        if self.known(names): return
        for name in names:
            if not self.known(name): self.data(name), self.memoize(name)
        self.out += b"\x93"
        self.memoize(names)
    def dtype(self, dtype):
        if self.known(repr(dtype)): return
        self.named("numpy", "dtype"), self.data(dtype["args"][0])
        self.out += b"\x89\x88\x87R"
        self.memoize(repr(dtype))
        self.data(dtype["state"])
        self.out += b"b"
    def data(self, value):
        if value is None: self.out += b"N"
        elif isinstance(value, int): self.out += self.integer(value)
        elif isinstance(value, dict) and "class" in value: self.dtype(value)
        elif isinstance(value, dict):
            pairs = list(value.items())
            self.out += b"}"
            for first in range(0, len(pairs), 1000): self.run([part for pair in pairs[first:first + 1000] for part in pair], b"(", b"u")
        elif isinstance(value, tuple): self.run(value, *((b"(", b"t") if len(value) > 3 else (b"", (b")", b"\x85", b"\x86", b"\x87")[len(value)])))
        else:
            raw, short, long = (value.encode(), b"\x8c", b"X") if isinstance(value, str) else (value, b"C", b"B")
            self.out += (short + bytes([len(raw)]) if len(raw) < 256 else long + struct.pack("<I", len(raw))) + raw
    def run(self, values, opening, closing):
        self.out += opening
        for value in values: self.data(value)
        self.out += closing
    def integer(self, value):
        for opcode, kind, low, high in ((b"K", "<B", 0, 1 << 8), (b"M", "<H", 0, 1 << 16), (b"J", "<i", -1 << 31, 1 << 31)):
            if low <= value < high: return opcode + struct.pack(kind, value)
        size = value.bit_length() // 8 + 1
        return b"\x8a%c" % size + value.to_bytes(size, "little", signed=True)
def head(how, dtype, shape, item, nbytes):  # up to the first unit
    form, (n, items) = Spelling(), blocks(item, nbytes)
    if how == BLOSC:
        form.named("blosc", "decompress")
        form.out += b"0"
    form.named("numpy", "ndarray")
    form.out += b"("
    form.data(shape), form.dtype(dtype)
    if how == BLOSC:
        form.named("builtins", "bytearray.join"), form.named("builtins", "bytearray")
        return form.out + b")R("
    form.named("numpy", "ascontiguousarray"), form.named("numpy", "transpose"), form.named("numpy", "ndarray")
    form.data((n, item, items)), form.data("u1")
    return form.out + b"\x8e" + struct.pack("<Q", n * item * items)
def tail(how, order):  # from behind the last unit
    return (b"t\x86R" if how == BLOSC else b"\x87RK\0K\2K\1\x87\x86R\x85R") + b"K\0N\x8c\1" + order.encode() + b"tR."
def unshuffled(raw, item, nbytes):
    (n, items), out = blocks(item, nbytes), bytearray(len(raw))
    for i in range(n):
        for j in range(item): out[i * item * items + j:(i + 1) * item * items:item] = raw[(i * item + j) * items:][:items]
    return bytes(out[:nbytes])
def copied(chunk, nbytes, at):  # the content of a chunk
    version, _, flags, _, claim, _, size = struct.unpack("<4B3I", chunk[:16])
    need((version, claim, size) == (2, nbytes, len(chunk)), "format", at, "a Blosc chunk's header claims %d bytes from %d", claim, size)
    need(flags & 2, "unsupported", at, "the Blosc chunk is compressed, only copies are read here")
    need(size == nbytes + 16, "format", at, "a Blosc chunk of %d bytes is a copy of %d", size, nbytes)
    return chunk[16:]
def unpacked(source, at, order, item, nbytes, how, stored, chunks):
    """The items of the form at `at`. Its head is what the other parts leave of `stored`: the directory does not tell how it is spelled."""
    sizes, end = [size + 13 for size in chunks] if how == BLOSC else [shuffled_bytes(item, nbytes)], tail(how, order)
    place, data = at + stored - len(end) - sum(sizes), b""
    need(place > at and source.read(at + stored - len(end), len(end)) == end, "format", at, "no packed array of %d bytes is here", stored)
    if how == SHUFFLE: return unshuffled(source.read(place, sizes[0]), item, nbytes)
    for left, size in zip(range(nbytes, 0, -CHUNK), sizes):
        unit = source.read(place, size)
        framed = unit[:11] == b"h\2\x8e" + struct.pack("<Q", size - 13) and unit[-2:] == b"\x85R"
        need(framed, "format", place, "no Blosc chunk of %d bytes is here", size - 13)
        place, data = place + size, data + copied(unit[11:-2], min(left, CHUNK), place)
    return data
def read_form(machine, array, dtype, item):
    """Reads the form behind a record; (packing, its size, the sizes of its chunks), the items."""
    at, (how, nbytes, _), sizes = machine.at, array["form"], []
    def take(expected): need(machine.take(len(expected)) == expected, "format", machine.at, "a packed array is not spelled as jl spells it")
    need(possible(how, item, nbytes), "format", at, "%d bytes in items of %d claim the packing %d", nbytes, item, how)
    need(shuffled_bytes(item, nbytes) < 1 << 64, "range", at, "the blocks of %d bytes are more than 64 bits can count", nbytes)
    take(head(how, dtype, array["shape"], item, nbytes))
    if how == SHUFFLE: machine.take(shuffled_bytes(item, nbytes))
    for left in range(nbytes, 0, -CHUNK) if how == BLOSC else ():
        size = int.from_bytes(machine.take(11)[3:], "little")
        need(16 <= size <= min(left, CHUNK) + 16, "format", machine.at, "a Blosc chunk of %d bytes for %d", size, min(left, CHUNK))
        machine.take(size + 2)
        sizes.append(size)
    take(tail(how, array["order"]))
    form = (how, machine.at - at, tuple(sizes))
    return {"form": form, "data": unpacked(machine.source, at, array["order"], item, nbytes, *form)}
def forms_of(directory, sizes, at):
    """(packing, stored, chunk sizes) of each array that a directory lists."""
    if "packing" not in directory: return [(0, size, ()) for size in sizes]
    packing, stored = directory["packing"], struct.unpack("<%dQ" % len(sizes), directory["stored"])
    need(len(packing) == len(sizes) > 0, "format", at, "%d packings are claimed for %d arrays", len(packing), len(sizes))
    need(max(packing) <= 2, "version", at, "directory claims the unknown packing %d", max(packing))
    counts, parts = [-(-size // CHUNK) if how == BLOSC else 0 for how, size in zip(packing, sizes)], struct.iter_unpack("<I", directory["chunks"])
    forms = [(how, taken, tuple(next(parts)[0] for _ in range(count))) for how, taken, count in zip(packing, stored, counts)]
    plain = all(how or taken == size for how, taken, size in zip(packing, stored, sizes))
    need(plain and not list(parts), "format", at, "directory claims other bytes or chunks than its arrays have")
    return forms


def nowhere(array):
    """What the tree says instead of a packed array's offset: its items are at no place where they could be mapped."""
    return {"offset": None} if array.get("form", ("",))[0] else {}
