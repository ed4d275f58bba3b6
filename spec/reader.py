#!/usr/bin/env python3
"""An independent reader of jl files (not lz4, zstd, Blosc's compressors), written from the specification. Executes nothing that a file says.
    reader.py FILE [--container I] [--depth N] [--ratio N]    the tree as JSON (json_tree.md); load(path) gives plain data
    reader.py FILE --array PATH     one array, by directory and block table, decoding nothing else
    reader.py FILE --verify         every claim and checksum of every container; "ok", or what is wrong
Damage: exit 1 and one line "reader.py: FILE: at byte N: CODE: claim and truth"."""
import bz2, functools, hashlib, itertools, json, lzma, math, re, struct, sys, zlib
from packed_reader import CHUNK, Refused, forms_of, need, nowhere, packing_of, possible, read_form, unpacked
Class, Scalar = (type(name, (base,), {}) for name, base in (("Class", str), ("Scalar", tuple)))  # "module.Name", which has .module; (dtype, bytes)
Array, Object = (type(name, (dict,), {"__hash__": object.__hash__}) for name in ("Array", "Object"))
def class_of(module, name, found=None): return setattr(found := Class(module + "." + name), "module", module) or found
class Items(list): __hash__, kind = object.__hash__, "set"
class Frozen(Items): kind = "frozenset"
ENTRY, MAGIC = ("dtype", "shape", "order", "offset", "nbytes", "form"), {name: b"\x89JL" + name.encode() + b"\r\n\x1a\n" for name in "CFB"}
HEAD = b"\x80\x04C\x0c" + MAGIC["C"]
CRC = [functools.reduce(lambda crc, _: crc >> 1 ^ 0x82F63B78 * (crc & 1), range(8), byte) for byte in range(256)]
BROKEN = (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError, RuntimeError, struct.error)  # what wrong data leads to
def crc32c(data): return functools.reduce(lambda crc, byte: CRC[(crc ^ byte) & 255] ^ crc >> 8, data, 0xFFFFFFFF) ^ 0xFFFFFFFF
def unpack_all(kind, data): return struct.unpack("<%d%s" % (len(data) // struct.calcsize(kind), kind), data)
framed, chunks = lambda data: b"\x8e" + struct.pack("<Q", len(data)) + data + b"0", lambda size: -(-size // CHUNK)
# --- codecs.md: bytes as they are, or unit by unit through the block table ---------------------------------------------------------
HEADERS = [b"x\x01", b"x\x5e", b"x\x9c", b"x\xda"] + [b"\x1f\x8b\x08\0\0\0\0\0" + level + b"\x03" for level in (b"\0", b"\x02", b"\x04")]
class Raw(bytes):
    size, read = property(len), lambda self, at, n: self[at:at + n]
class Units:
    def __init__(self, file, tail, ratio):
        end, first, self.file = len(file) - tail - 64, 10 if tail == 8 else 2, file
        self.size, block, count, table_at, table_bytes, table_crc, crc = struct.unpack("<5Q2I", file[end + 7:end + 55])
        need(crc == crc32c(file[end + 7:end + 51]), "checksum", end, "locator claims CRC32C %08x, it has another", crc)
        good = block == CHUNK and count == chunks(self.size) and 4 * count == table_bytes <= 1032 * (end - table_at) and first <= table_at < end
        need(good and file[:first] in HEADERS, "format", end, "locator claims %s", (self.size, block, count, table_at, table_bytes))
        record = self.inflate(table_at, end - table_at, 4 * count + 10)
        need(record == framed(record[9:-1]), "format", table_at, "no table record there")
        need(crc32c(record[9:-1]) == table_crc, "checksum", table_at, "block table is not the one with CRC32C %08x", table_crc)
        self.starts = list(itertools.accumulate((max(length, 5) for length in unpack_all("I", record[9:-1])), initial=first))
        need(self.starts[-1] == table_at, "format", table_at, "units end at %d, their table begins at %d", self.starts[-1], table_at)
        need(not ratio or self.size <= max(CHUNK, ratio * len(file)), "limit", end, "ratio: %d bytes of %d, limit %g", self.size, len(file), ratio)
    @functools.lru_cache(1)
    def inflate(self, at, length, size):
        coder, raw = zlib.decompressobj(-15), self.file[at:at + length]
        try: data = coder.decompress(raw, size + 1)
        except zlib.error as error: need(False, "format", at, "unit does not inflate: %s", error)
        whole = len(data) == size and raw.endswith(b"\0\0\xff\xff") and not coder.eof and not coder.unconsumed_tail
        return need(whole, "format", at, "unit of %d bytes does not decode to %d", length, size) or data
    def read(self, at, n):
        first, last = at // CHUNK, min(len(self.starts) - 1, chunks(at + n))
        units = [self.inflate(self.starts[i], self.starts[i + 1] - self.starts[i], min(CHUNK, self.size - i * CHUNK)) for i in range(first, last)]
        return b"".join(units)[at - first * CHUNK:][:n]
CODECS = {0x1F: ("gzip", lambda: zlib.decompressobj(47), 8), 0x78: ("zlib", lambda: zlib.decompressobj(47), 4), 0x42: ("bz2", bz2.BZ2Decompressor, 0),
          0xFD: ("xz", lzma.LZMADecompressor, 0), 0x5D: ("lzma", lzma.LZMADecompressor, 0), 0x04: ("lz4", None, 0), 0x28: ("zstd", None, 0)}
def decoded(file, make, ratio):
    out, rest, most = b"", file, int(max(CHUNK, ratio * len(file))) if ratio else 1 << 60
    while rest:
        coder = make()
        try: out += coder.decompress(rest, most + 1 - len(out))
        except (zlib.error, OSError, lzma.LZMAError) as error:
            need(False, "checksum" if str(error).endswith(("data check", "length check")) else "format", len(out), "%s", error)
        need(len(out) <= most, "limit", len(out), "ratio: more than %d bytes, limit %g", most, ratio)
        need(coder.eof, "truncated", len(out), "the compressed stream ends early")
        need(not (rest := coder.unused_data) or rest[:1] == file[:1], "format", len(out), "%d bytes after the end of the stream", len(rest))
    return Raw(out)
def sealed(source, end, size, letter):  # the fields of a footer or locator record that ends at `end`; empty if none does
    raw = source.read(end - size - 3, size + 3) if end > size + 3 else b""
    good = raw[:2] == bytes((0x43, size)) and raw[-9:] == MAGIC[letter] + b"0" and raw[-13:-9] == struct.pack("<I", crc32c(raw[2:-13]))
    return raw[2:-1] if good else b""
def without_records(raw):  # those of a block table, at the end of a decompressed file
    table = int.from_bytes(sealed(raw, raw.size, 56, "B")[32:40], "little")
    return Raw(raw[:-69 - table]) if table and raw[-69 - table:][:9] == b"\x8e" + struct.pack("<Q", table) else raw
def open_source(path, ratio=0, whole=True):
    with open(path, "rb") as handle: file = handle.read()
    codec, make, tail = CODECS.get((file or b"\0")[0], ("none", lambda: None, 0))
    need(make, "unsupported", 0, "the codec %s is not in Python's standard library", codec)
    if codec == "none": return codec, without_records(Raw(file))
    located = tail and file[-tail - 64:][:7] == b"\x01\x3b\0\xc4\xffC8" and file[-tail - 9:-tail] == MAGIC["B"] + b"0"
    units = Units(file, tail, ratio) if located else None
    if units and not whole: return codec, units
    raw = without_records(decoded(file, make, ratio))
    same = not units or all(units.read(at, CHUNK) == raw.read(at, CHUNK) for at in range(0, max(units.size, raw.size), CHUNK))
    return need(same, "format", 0, "the block table leads to other bytes") or (codec, raw)
# --- types.md ----------------------------------------------------------------------------------------------------------------------
SHORT = re.compile(r"[<>|](b1|[iu][1248]|f(2|4|8|12|16)|c(8|16|24|32)|[SUV][0-9]{1,19}|[Mm]8(\[[0-9]*[a-zA-Z]+\])?)")
def product(shape, at): return need(math.prod(shape) < 1 << 64, "range", at, "sizes %s multiply to more than 64 bits", shape) or math.prod(shape)
def item_size(dtype, at):
    if isinstance(dtype, list): return sum(product((item_size(field[1], at), *(field[2] if field[2:] else ())), at) for field in dtype)
    if isinstance(dtype, tuple): return product((item_size(dtype[0], at), *dtype[1]), at)
    return need(SHORT.fullmatch(dtype), "format", at, "%r is no dtype", dtype) or int(dtype[2:].partition("[")[0]) * (4 if dtype[1] == "U" else 1)
def describe(value, at):  # a dtype object's short form or descr list; (base, shape) for a sub-array
    need(isinstance(value, Object) and value["class"] == "numpy.dtype", "format", at, "a dtype is expected")
    code, state = value["args"][0], value["state"]
    if state is None: return code if code[0] in "<>|" else ("|" if code[1:] == "1" else "<") + code
    order, base, names, fields, size = state[1:6]
    if base: return describe(base[0], at), base[1]
    unit = "[%s%s]" % (state[8][1][1], state[8][1][0].decode()) if code[0] in "Mm" else ""
    if names is None: return order + code.replace("O8", "O") + unit.replace("[1generic]", "").replace("[1", "[" if unit[2:3].isalpha() else "[1")
    descr, end = [], 0
    for name, (kind, start, *title) in ((name, fields[name]) for name in names):
        kind = need(start >= end, "format", at, "fields of a structure overlap") or describe(kind, at)
        field = ((title[0], name) if title else name,) + (kind if isinstance(kind, tuple) else (kind,))
        descr, end = descr + ([("", "|V%d" % (start - end))] if start > end else []) + [field], start + item_size(kind, at)
    return descr + ([("", "|V%d" % (size - end))] if size > end else [])
def scalar(dtype, data):
    kind, order, letter = dtype[1], "big" if dtype[0] == ">" else "little", {"f2": "e", "f4": "f", "f8": "d", "c8": "ff", "c16": "dd"}.get(dtype[1:])
    if kind in "biumM": return bool(data[0]) if kind == "b" else int.from_bytes(data, order, signed=kind != "u")
    if letter: return (complex if kind == "c" else float)(*struct.unpack(dtype[0] + letter, data))
    return data.decode("utf-32-%ce" % order[0]).rstrip("\0") if kind == "U" else data.rstrip(b"\0").decode() if kind == "S" else data.hex()
# --- pickle_profile.md: the machine ------------------------------------------------------------------------------------------------
REFUSED = dict(zip(b"PQ\x82\x83\x84\x97\x98", "PERSID BINPERSID EXT1 EXT2 EXT4 NEXT_BUFFER READONLY_BUFFER".split()))
utf8, twos = lambda data: data.decode("utf-8", "surrogatepass"), lambda data: int.from_bytes(data, "little", signed=True)
old, pairs = lambda data: data.decode() if data.isascii() else data, lambda items: zip(items[::2], items[1::2], strict=True)
NUMBER = {b"J": "<i", b"K": "<B", b"M": "<H", b"G": ">d", b"q": "<B", b"r": "<I", b"h": "<B", b"j": "<I"}
SIZED = {b"X": ("<I", utf8), b"\x8c": ("<B", utf8), b"\x8d": ("<Q", utf8), b"B": ("<I", bytes), b"C": ("<B", bytes), b"\x8e": ("<Q", bytes),
         b"\x96": ("<Q", bytearray), b"T": ("<I", old), b"U": ("<B", old), b"\x8a": ("<B", twos), b"\x8b": ("<I", twos)}
LINE = {b"I": lambda s: s == b"01" if s in (b"00", b"01") else int(s), b"L": lambda s: int(s.rstrip(b"L")), b"F": float,
        b"S": lambda s: old(s[1:-1].decode("unicode_escape").encode("latin-1")), b"V": lambda s: s.decode("raw_unicode_escape")}
PUSHED = {b"N": lambda m: None, b"\x88": lambda m: True, b"\x89": lambda m: False, b")": lambda m: (), b"]": lambda m: [], b"}": lambda m: {},
          b"\x8f": lambda m: Items(), b"\x85": lambda m: tuple(m.pop(1)), b"\x86": lambda m: tuple(m.pop(2)), b"\x87": lambda m: tuple(m.pop(3)),
          b"2": lambda m: m.stack[-1], b"b": lambda m: m.build(*m.pop(2)), b"R": lambda m: m.call(*m.pop(2)), b"\x93": lambda m: m.name(*m.pop(2)),
          b"\x81": lambda m: m.call(*m.pop(2), {}), b"\x92": lambda m: m.call(*m.pop(3)[:2], {}), b"c": lambda m: m.named(),
          b"i": lambda m: m.call(m.named(), tuple(m.pop_mark())), b"o": lambda m: (lambda cls, *args: m.call(cls, args))(*m.pop_mark())}
FROM_MARK = {b"t": tuple, b"l": list, b"\x91": Frozen, b"d": lambda items: dict(pairs(items))}
ONTO = {b"a": list, b"s": dict, b"e": list, b"u": dict, b"\x90": Items}
MADE = {"builtins.complex": complex, "builtins.set": Items, "builtins.frozenset": Frozen, "builtins.bytearray": bytearray, "builtins.bytes": bytes,
        "_codecs.encode": lambda text, code: text.encode("latin-1"), "numpy.core.multiarray._reconstruct": lambda *args: Array(offset=None),
        "copyreg._reconstructor": lambda cls, base, state: Object({"class": cls, "args": [], "state": None}),
        "numpy.core.multiarray.scalar": lambda dtype, data: Scalar((describe(dtype, 0), data))}
class Machine:
    def __init__(self, source, at, end, start=0, on_array=None):  # without on_array: data only, as in a directory
        self.source, self.at, self.end, self.start, self.on_array = source, at, end, start, on_array
        self.stack, self.marks, self.memo, self.frames = [], [], {}, [0]  # where they end
    def need(self, condition, text, *values, code="format"): need(condition, code, self.at, text, *values)
    def take(self, n):
        self.need(n <= self.end - self.at, "%d bytes claimed, %d remain", n, self.end - self.at, code="truncated")
        self.at += n
        return self.source.read(self.at - n, n)
    push, number = lambda self, value: self.stack.append(value), lambda self, kind: struct.unpack(kind, self.take(struct.calcsize(kind)))[0]
    def line(self): return b"".join(iter(lambda: self.take(1), b"\n"))
    pop, named = lambda self, n: [self.stack.pop() for _ in range(n)][::-1], lambda self: self.name(utf8(self.line()), utf8(self.line()))
    def pop_mark(self): return [self.stack, setattr(self, "stack", self.marks.pop())][0]
    def record(self, op):
        self.need(self.take(1) == op, "no directory, checksum table and footer here")
        return self.step(op) or self.need(self.take(1) == b"0", "no POP after a record") or self.stack.pop()
    def name(self, module, name): return self.need(self.on_array, "a class is named where none may be") or class_of(module, name)
    def call(self, cls, args, made=MADE):
        name = str(cls).replace("numpy._core.", "numpy.core.").replace("__builtin__.", "builtins.").replace("copy_reg.", "copyreg.")
        self.need(isinstance(cls, (Class, Object)) and isinstance(args, tuple), "a call of %s", type(cls).__name__)
        known = name in made and (name != "copyreg._reconstructor" or args[2:] == (None,))
        return made[name](*args) if known else Object({"class": cls, "args": list(args), "state": None})
    def build(self, node, state):
        if isinstance(node, Object) and node["class"].endswith("joblib.numpy_pickle.NumpyArrayWrapper"): return self.array(**state)
        more = lambda _, shape, dtype, f, items: dict(dtype=describe(dtype, self.at), shape=shape, order="CF"[f], nbytes=8 * len(items), items=items)
        return node.update(more(*state) if isinstance(node, Array) else {"state": state}) or node
    def array(self, dtype, shape, order, subclass, allow_mmap, packing=None):
        how, kind = packing_of(packing, dtype, describe(dtype, self.at), self.at)
        dtype, size = describe(kind, self.at), item_size(describe(kind, self.at), self.at)
        self.need(size and order in ("C", "F") and min(shape, default=0) >= 0, "array claims shape %s of dtype %s", shape, dtype)
        nbytes = product((size, *shape), self.at)
        array = Array(dtype=dtype, shape=shape, order=order, offset=self.at - self.start, nbytes=nbytes, form=(how, nbytes, ()))
        return self.on_array(array) or array.update(read_form(self, array, kind, size) if how else {"data": self.take(nbytes)}) or array
    def run(self):
        for op in iter(lambda: self.take(1), b"."):
            try: self.step(op)
            except BROKEN as error: self.need(False, "opcode %s: %r", op.hex(), error)
        self.need(self.frames[-1] <= self.at, "STOP in a FRAME up to %d", self.frames[-1], code=("format", "truncated")[self.frames[-1] > self.end])
        return self.need(len(self.stack) == 1 and not self.marks, "STOP with %d values and marks", len(self.stack)) or self.stack[0]
    def step(self, op):
        if op in PUSHED: self.push(PUSHED[op](self))
        elif op in b"JKMG": self.push(self.number(NUMBER[op]))
        elif op in SIZED: self.push(SIZED[op][1](self.take(self.number(SIZED[op][0]))))
        elif op in LINE: self.push(LINE[op](self.line()))
        elif op in b"p\x94qr":
            index = len(self.memo) if op == b"\x94" else int(self.line()) if op == b"p" else self.number(NUMBER[op])
            self.need(0 <= index <= self.at - self.start, "memo index %d after %d bytes", index, self.at - self.start)
            self.memo[index] = self.stack[-1]
        elif op in b"ghj": self.push(self.memo[int(self.line()) if op == b"g" else self.number(NUMBER[op])])
        elif op == b"(": self.stack = self.marks.append(self.stack) or []
        elif op in FROM_MARK: self.push(FROM_MARK[op](self.pop_mark()))
        elif op in ONTO:
            items, node, kind = self.pop_mark() if op in b"eu\x90" else self.pop(2 if op == b"s" else 1), self.stack[-1], ONTO[op]
            if isinstance(node, Object): node = node.setdefault("entries" if kind is dict else "items", kind())
            self.need(type(node) is kind, "items put on %s", type(node).__name__)
            node.update(pairs(items)) if kind is dict else node.extend(items)
        elif op in b"01": self.pop(1) if op == b"0" and self.stack else self.pop_mark()
        elif op == b"\x80": self.need(self.number("B") <= 5, "PROTO beyond 5", code="version")
        elif op == b"\x95": self.need(self.frames[-1] <= self.at + 8, "FRAME in a FRAME") or self.frames.append(self.at + 8 + self.number("<Q"))
        else: self.need(False, "opcode %s", REFUSED.get(op[0], "0x" + op.hex()), code="unsupported" if op[0] in REFUSED else "format")
# --- container.md, trailer.md ------------------------------------------------------------------------------------------------------
def containers(source):  # (source, start, end) of every container; (source, 0, None) if the chain of footers does not reach byte 0
    end, found = source.size, []
    while end > 0 and sealed(source, end, 72, "F"):
        found.insert(0, (source, max(end - struct.unpack("<Q", source.read(end - 73, 8))[0], -1), end))
        end = found[0][1] if source.read(max(found[0][1], 0), 12) == HEAD else -1
    return found if end == 0 and found else [(source, 0, None)]
class Container:  # `end` None: read in sequence, else its trailer comes first
    def __init__(self, source, start, end, graph=True):
        self.source, self.start, self.arrays, self.entries, self.paths, self.state, self.end = source, start, [], None, [], 0, end
        self.head, stop = head, stop = Machine(source, start, source.size).take(17), source.size
        need(head[:12] == HEAD and head[16:] == b"0", "format", start, "no jl container begins here")
        need(head[12] == 1 and head[14:16] == b"\0\0", "version", start, "format %d.%d with flags %02x%02x, 1.x without is known", *head[12:16])
        if end: self.trailer(stop := start + struct.unpack("<Q", source.read(end - 57, 8))[0])
        if not graph: return
        machine = Machine(source, start + 17, stop, start, self.on_array)
        self.root = machine.run()
        need(not end or machine.at == stop, "format", machine.at, "STOP here, the footer claims %d", stop)
        try: self.trailer(machine.at) if not end and source.read(machine.at, 1) else None
        except Refused as error:
            if ": truncated: " not in str(error): raise
        if self.entries is not None: self.check(machine.at)
    def trailer(self, stop):
        machine = Machine(self.source, stop, self.source.size)
        index, table, foot, at = *[machine.record(op) for op in (b"\x8e", b"\x8e", b"C")], machine.at
        need(len(foot) == 72 and foot[64:] == MAGIC["F"], "format", at, "no footer ends here")
        need(sealed(self.source, at, 72, "F"), "checksum", at, "footer has another CRC32C than it claims")
        length, graph_bytes, offset, n, m, graph_crc, directory_crc, table_crc, major, minor, self.state = struct.unpack("<5Q3I3B", foot[:55])
        good = (length, offset, n, m, major, minor) == (at - self.start, stop - self.start, len(index), len(table), *self.head[12:14])
        need(good and self.state < 2 and self.end in (None, at), "format" if major == 1 else "version", at, "footer claims what is not there")
        need(crc32c(index) == directory_crc, "checksum", stop, "directory has another CRC32C than the footer claims")
        try: self.directory(stop + 9, n, offset)
        except BROKEN as error: need(False, "format", stop, "directory: %r", error)
        sizes, self.table, self.end, self.graph_sum = [entry[4] for entry in self.entries], unpack_all("I", table), at, (graph_bytes, graph_crc)
        need(m == 4 * sum(map(chunks, sizes)), "format", at, "%d bytes of checksums are claimed for %d arrays", m, len(sizes))
        need(self.state or crc32c(table) == table_crc, "checksum", stop, "checksum table has another CRC32C than the footer claims")
    def directory(self, at, n, stop):
        machine, last = Machine(self.source, at, at + n, at), 17
        d = machine.run()
        shapes, dtype, self.paths = iter(unpack_all("Q", d["shape"])), [d["dtypes"][i] for i in unpack_all("I", d["dtype"])], d["paths"]
        shape = [tuple(next(shapes) for _ in range(dims)) for dims in d["ndim"]]
        offsets, sizes = unpack_all("Q", d["offset"]), unpack_all("Q", d["nbytes"])
        rows = list(zip(self.paths, dtype, shape, d["order"].decode(), offsets, sizes, forms_of(d, sizes, at), strict=True))
        need(machine.at == at + n and d["chunk"] == CHUNK and not list(shapes), "format", at, "directory has wrong columns")
        for path, dtype, shape, order, offset, size, (how, stored, _) in rows:
            item = item_size(dtype, at)
            good = product((item, *shape), at) == size and item and order in "CF" and last <= offset < stop - stored and possible(how, item, size)
            need(good, "format", at, "%s: directory claims %d bytes at %d, in %d, for shape %s of %s", path, size, offset, stored, shape, dtype)
            last = offset + stored
        for name, _, needed in d["extensions"]: need(not needed, "version", at, "extension %r is needed and unknown", name)
        self.entries = [row[1:] for row in rows]
    def on_array(self, array):
        self.arrays.append(array)
        claim = self.entries and [entry[:5] for entry in self.entries[len(self.arrays) - 1:][:1]]
        truth = [tuple(array[key] for key in ENTRY[:5])]
        need(claim == truth or self.entries is None, "format", self.start + array["offset"], "array is %s, the directory claims %s", truth, claim)
    def check(self, stop):
        need([tuple(array[key] for key in ENTRY) for array in self.arrays] == self.entries, "format", stop, "the directory lists other arrays")
        cuts = [self.start] + [self.start + cut for entry in self.entries for cut in (entry[3], entry[3] + entry[5][1])] + [stop]
        graph = b"".join(self.source.read(at, to - at) for at, to in zip(cuts[::2], cuts[1::2]))
        need((len(graph), crc32c(graph)) == self.graph_sum, "checksum", self.start, "graph has another size or CRC32C than the footer claims")
        for i in range(len(self.entries)): self.payload(i)
    def payload(self, i):
        dtype, _, order, offset, size, form = self.entries[i]
        at, first = self.start + offset, sum(chunks(entry[4]) for entry in self.entries[:i])
        data = unpacked(self.source, at, order, item_size(dtype, at), size, *form) if form[0] else self.source.read(at, size)
        for k in range(chunks(size)):
            good = self.state or crc32c(data[k * CHUNK:][:CHUNK]) == self.table[first + k]
            need(good, "checksum", at, "%s: chunk %d has another CRC32C than the table claims", self.paths[i], k)
        return {**dict(zip(ENTRY[:5], self.entries[i])), "sha256": hashlib.sha256(data).hexdigest(), "hex": data[:64].hex()}
    def notes(self, last):  # what verify adds to load
        if self.entries is None: yield "truncated: the trailer is lost"
        if self.state: yield "modified in place: payload checksums are stale"
        if last and self.entries is not None and self.end < self.source.size: yield "format: bytes after the container"
        if [array.get("path", path) for array, path in zip(self.arrays, self.paths)] != self.paths: yield "format: paths differ from the graph"
# --- json_tree.md ------------------------------------------------------------------------------------------------------------------
def component(key, i): return key.replace("%", "%25").replace("/", "%2F") if isinstance(key, str) else str(key) if type(key) is int else "#%d" % i
def shown(v): return repr(v) if type(v) is complex or type(v) is int and abs(v) > 1 << 53 or type(v) is float and v - v != 0 else v
def tree(value, where, seen, depth, limit):
    path, kind = where or "/", {bool: "bool", int: "int", float: "float", complex: "complex", str: "str"}.get(type(value))
    if kind or value is None: return {"kind": kind, "value": shown(value)} if kind else {"kind": "none"}
    if isinstance(value, Class): return {"kind": "class", "name": value}
    if isinstance(value, Scalar): return {"kind": "scalar", "dtype": value[0], "value": shown(scalar(*value))}
    if id(value) in seen and value != () and type(value) is not bytes: return {"kind": "ref", "path": seen[id(value)]}
    seen[id(value)] = path
    if isinstance(value, (bytes, bytearray)): return {"kind": type(value).__name__, "size": len(value), "hex": value[:64].hex()}
    need(depth <= limit, "limit", 0, "%s: depth: nested deeper than %d", path, limit)
    def child(item, name): return tree(item, where + name, seen, depth + 1, limit)
    def items(values): return [child(item, "/%d" % i) for i, item in enumerate(values)]
    def entries(values): return [[child(key, "/"), child(item, "/" + component(key, i))] for i, (key, item) in enumerate(values.items())]
    if isinstance(value, (list, tuple)): return {"kind": getattr(value, "kind", type(value).__name__), "items": items(value)}
    if isinstance(value, Array):
        node = {"kind": "array", **{key: value.update(path=path) or value[key] for key in ("path", *ENTRY[:5])}, **nowhere(value)}
        return {**node, "items": items(value["items"])} if "items" in value else node
    if not isinstance(value, Object): return {"kind": "dict", "items": entries(value)}
    node = {"kind": "object", "class": value["class"], "args": [child(arg, "/args/%d" % i) for i, arg in enumerate(value["args"])]}
    node.update({key: make(value[key]) for key, make in (("items", items), ("entries", entries)) if key in value})
    return {**node, "state": child(value["state"], "" if type(value["state"]) is dict else "/state")}
def load(path): return Container(*containers(open_source(path)[1])[0]).root
def answer(path, array=None, container=0, depth=1000, ratio=0, verify=False):
    codec, source = open_source(path, float(ratio), array is None)
    some = containers(source)[int(container):][:None if verify else 1]
    chosen = [Container(*place, array is None or not place[2]) for place in some]
    if array is not None:
        need(array in chosen[0].paths, "missing", 0, "%s: the directory has no such array", array)
        return 0, chosen[0].payload(chosen[0].paths.index(array))
    nodes = [tree(one.root, "", {}, 1, int(depth)) for one in chosen]
    notes = [note for one in chosen for note in one.notes(one is chosen[-1])]
    if verify: return len(notes) > 0, "\n".join(notes) or "ok"
    return 0, {"file": path, "format": "jl %d.%d" % tuple(chosen[0].head[12:14]), "codec": codec, "root": nodes[0]}
if __name__ == "__main__":
    words, _ = iter(sys.argv[2:]), sys.setrecursionlimit(100000)
    try: status, said = answer(sys.argv[1], **{word[2:]: word == "--verify" or next(words) for word in words})
    except (Refused, *BROKEN) as error: sys.exit("reader.py: %s: %s%s" % (sys.argv[1], "at byte 0: format: " * (type(error) != Refused), error))
    sys.exit(print(json.dumps(said) if isinstance(said, dict) else said) or status)
