#!/usr/bin/env python3
"""An independent reader of jl files (raw, gzip, zlib), written from the specification. Executes nothing that a file says.
    reader.py FILE [--container I]  the tree as JSON (json_tree.md)
    reader.py FILE --array PATH     one array, by directory and block table, decoding nothing else
    reader.py FILE --verify         every claim and checksum of every container; "ok", or what is wrong
Options: --depth N (1000), --ratio N (none). Damage: exit 1 and one line "reader.py: FILE: at byte N: CODE: claim and truth".
load(path) gives plain data: arrays {"dtype", "shape", "order", "data", ...}, objects {"class", "args", "state"}, sets as Items. """
import functools, hashlib, json, math, re, struct, sys, zlib

class Refused(Exception):
    def __init__(self, code, at, text): super().__init__("at byte %d: %s: %s" % (at, code, text)), setattr(self, "code", code)
class Array(dict): __hash__ = object.__hash__
class Object(dict): __hash__ = object.__hash__
class Class(str): pass
class Scalar(tuple): pass  # dtype, bytes
class Items(list):
    __hash__ = object.__hash__
    def __init__(self, items=(), kind="set"): super().__init__(items), setattr(self, "kind", kind)

def need(condition, code, at, text, *values):
    if not condition: raise Refused(code, at, text % values)

CHUNK, MAGIC = 1 << 20, {name: b"\x89JL" + name.encode() + b"\r\n\x1a\n" for name in "CFB"}
CRC = [functools.reduce(lambda crc, _: crc >> 1 ^ 0x82F63B78 * (crc & 1), range(8), byte) for byte in range(256)]
BROKEN = (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError, struct.error)  # what wrong shapes of data lead to
def crc32c(data): return functools.reduce(lambda crc, byte: CRC[(crc ^ byte) & 255] ^ crc >> 8, data, 0xFFFFFFFF) ^ 0xFFFFFFFF
def unpack_all(kind, data): return struct.unpack("<%d%s" % (len(data) // struct.calcsize(kind), kind), data)
def framed(data): return b"\x8e" + struct.pack("<Q", len(data)) + data + b"0"
def chunks(size): return -(-size // CHUNK)

# --- codecs.md: bytes as they are, or unit by unit through the block table ---------------------------------------------------
class Raw:
    def __init__(self, data): self.data, self.size = data, len(data)
    def read(self, at, n): return self.data[at:at + n] if at >= 0 else b""

class Units:
    HEADERS = [b"x\x01", b"x\x5e", b"x\x9c", b"x\xda"] + [b"\x1f\x8b\x08\0\0\0\0\0" + level + b"\x03" for level in (b"\0", b"\x02", b"\x04")]
    def __init__(self, file, gzip, ratio):
        end, first, self.file = len(file) - (72 if gzip else 68), 10 if gzip else 2, file
        body = file[end + 7:end + 63]
        self.size, block, count, table_at, table_bytes, table_crc, crc = struct.unpack_from("<5Q2I", body)
        need(crc == crc32c(body[:44]), "checksum", end, "locator claims CRC32C %08x, has %08x", crc, crc32c(body[:44]))
        good = block == CHUNK and count == chunks(self.size) and table_bytes == 4 * count
        need(good, "format", end, "locator claims %d units of %d and a table of %d for %d bytes", count, block, table_bytes, self.size)
        need(file[:first] in self.HEADERS, "format", 0, "stream with a locator has the header %s", file[:first].hex())
        need(first <= table_at < end and 4 * count <= 1032 * (end - table_at), "format", end, "%d lengths claimed at %d", count, table_at)
        record = self.inflate(table_at, end - table_at, 4 * count + 10)
        need(record == framed(record[9:-1]), "format", table_at, "no table record there")
        need(crc32c(record[9:-1]) == table_crc, "checksum", table_at, "block table is not the one with CRC32C %08x", table_crc)
        self.starts = [first]
        for length in unpack_all("I", record[9:-1]): self.starts.append(self.starts[-1] + max(length, 5))
        need(self.starts[-1] == table_at, "format", table_at, "units end at %d, their table begins at %d", self.starts[-1], table_at)
        need(not ratio or self.size <= ratio * len(file), "limit", end, "ratio: %d bytes of %d, limit %g", self.size, len(file), ratio)
    @functools.lru_cache(1)
    def inflate(self, at, length, size):
        coder, raw = zlib.decompressobj(-15), self.file[at:at + length]
        try: data = coder.decompress(raw, size + 1)
        except zlib.error as error: raise Refused("format", at, "unit does not inflate: %s" % error)
        good = len(data) == size and raw.endswith(b"\0\0\xff\xff") and not coder.eof and not coder.unconsumed_tail
        need(good, "format", at, "unit of %d bytes does not decode to %d", length, size)
        return data
    def read(self, at, n):
        first, last = at // CHUNK, min(len(self.starts) - 1, chunks(at + n))
        units = [self.inflate(self.starts[i], self.starts[i + 1] - self.starts[i], min(CHUNK, self.size - i * CHUNK)) for i in range(first, last)]
        return b"".join(units)[at - first * CHUNK:][:n]

def decoded(file, gzip, ratio):
    out, rest = bytearray(), file
    while rest:
        coder, data = zlib.decompressobj(31 if gzip else 15), rest
        try:
            while data and not coder.eof:
                out += coder.decompress(data, CHUNK)
                data = coder.unconsumed_tail
                need(not ratio or len(out) <= CHUNK + ratio * len(file), "limit", len(out), "ratio: %d bytes, limit %g", len(out), ratio)
        except zlib.error as error: raise Refused("checksum" if str(error).endswith("check") else "format", len(out), str(error))
        need(coder.eof, "truncated", len(out), "the compressed stream ends early")
        rest = coder.unused_data
        need(not rest or rest[:1] == file[:1], "format", len(out), "%d bytes after the end of the stream", len(rest))
    return Raw(bytes(out))

def open_source(path, ratio=0, whole=True):
    with open(path, "rb") as handle: file = handle.read()
    codec = {b"\x1f": "gzip", b"\x78": "zlib"}.get(file[:1], "none")
    if codec == "none": return codec, Raw(file)
    block, units = file[:-8 if codec == "gzip" else -4][-64:], None
    if block[:7] == b"\x01\x3b\0\xc4\xffC8" and block[55:] == MAGIC["B"] + b"0": units = Units(file, codec == "gzip", ratio)
    if units and not whole: return codec, units
    raw = decoded(file, codec == "gzip", ratio)
    for at in range(0, units.size if units else 0, CHUNK):
        need(units.read(at, CHUNK) == raw.read(at, min(CHUNK, units.size - at)), "format", at, "the block table leads to other bytes")
    return codec, raw

# --- types.md ----------------------------------------------------------------------------------------------------------------
SHORT = re.compile(r"[<>|](b1|[iu][1248]|f(2|4|8|12|16)|c(8|16|24|32)|[SUV][0-9]{1,19}|[Mm]8(\[[0-9]*[a-zA-Z]+\])?)")
def product(shape, at):
    need(math.prod(shape) < 1 << 64, "range", at, "shape and item size %s do not fit in 64 bits", shape)
    return math.prod(shape)
def item_size(dtype, at):
    if isinstance(dtype, list): return sum(product((item_size(field[1], at), *(field[2] if field[2:] else ())), at) for field in dtype)
    if isinstance(dtype, tuple): return product((item_size(dtype[0], at), *dtype[1]), at)
    need(SHORT.fullmatch(dtype), "format", at, "%r is no dtype", dtype)
    return int(dtype[2:].partition("[")[0]) * (4 if dtype[1] == "U" else 1)
def describe(value, at):
    """Short form or descr list of a dtype object; (base, shape) for a sub-array."""
    need(isinstance(value, Object) and value["class"] == "numpy.dtype", "format", at, "a dtype is expected")
    code, state = value["args"][0], value["state"]
    if state is None: return code if code[0] in "<>|" else ("|" if code[1:] == "1" else "<") + code
    order, base, names, fields, size = state[1:6]
    if base: return describe(base[0], at), base[1]
    if names is None:
        unit, count = (state[8][1][0].decode(), state[8][1][1]) if code[0] in "Mm" else ("generic", 1)
        return order + code.replace("O8", "O") + ("[%s%s]" % (count if count > 1 else "", unit) if unit != "generic" else "")
    descr, end = [], 0
    for name, (kind, start, *title) in ((name, fields[name]) for name in names):
        kind = describe(kind, at)
        need(start >= end, "format", at, "fields of a structure overlap")
        descr += [("", "|V%d" % (start - end))] if start > end else []
        descr.append(((title[0], name) if title else name,) + (kind if isinstance(kind, tuple) else (kind,)))
        end = start + item_size(kind, at)
    return descr + ([("", "|V%d" % (size - end))] if size > end else [])

# --- pickle_profile.md: the machine ------------------------------------------------------------------------------------------
REFUSED = dict(zip(b"PQ\x82\x83\x84\x97\x98", "PERSID BINPERSID EXT1 EXT2 EXT4 NEXT_BUFFER READONLY_BUFFER".split()))
EMPTY = {b"N": lambda: None, b"\x88": lambda: True, b"\x89": lambda: False, b")": tuple, b"]": list, b"}": dict, b"\x8f": lambda: Items()}
NUMBER = {b"J": "<i", b"K": "<B", b"M": "<H", b"G": ">d", b"q": "<B", b"r": "<I", b"h": "<B", b"j": "<I"}
utf8, latin1 = lambda data: data.decode("utf-8", "surrogatepass"), lambda data: data.decode("latin-1")
twos = lambda data: int.from_bytes(data, "little", signed=True)
SIZED = {b"X": ("<I", utf8), b"\x8c": ("<B", utf8), b"\x8d": ("<Q", utf8), b"B": ("<I", bytes), b"C": ("<B", bytes), b"\x8e": ("<Q", bytes),
         b"\x96": ("<Q", bytearray), b"T": ("<i", latin1), b"U": ("<B", latin1), b"\x8a": ("<B", twos), b"\x8b": ("<i", twos)}
LINE = {b"I": lambda s: s == b"01" if s in (b"00", b"01") else int(s), b"L": lambda s: int(s.rstrip(b"L")), b"F": float,
        b"S": lambda s: s[1:-1].decode("unicode_escape"), b"V": lambda s: s.decode("raw_unicode_escape")}
def pairs(items): return zip(items[::2], items[1::2], strict=True)
def frozen(items=()): return Items(items, "frozenset")
FROM_MARK = {b"t": tuple, b"l": list, b"\x91": frozen, b"d": lambda items: dict(pairs(items))}
ONTO = {b"a": list, b"s": dict, b"e": list, b"u": dict, b"\x90": Items}
MADE = {"builtins.complex": complex, "builtins.set": Items, "builtins.frozenset": frozen, "builtins.bytearray": bytearray, "builtins.bytes": bytes,
        "_codecs.encode": lambda text, code: text.encode("latin-1"), "numpy.core.multiarray._reconstruct": lambda *args: Array(offset=None),
        "copyreg._reconstructor": lambda cls, base, state: Object({"class": cls, "args": [], "state": None})}

class Machine:
    def __init__(self, source, at, end, start=0, on_array=None):  # without on_array: data only, as in a directory
        self.source, self.at, self.end, self.start, self.on_array = source, at, end, start, on_array
        self.stack, self.marks, self.memo = [], [], {}
    def need(self, condition, text, *values, code="format"): need(condition, code, self.at, text, *values)
    def take(self, n):
        self.need(0 <= n <= self.end - self.at, "%d bytes claimed, %d remain", n, self.end - self.at, code="truncated" if n > 0 else "format")
        self.at += n
        return self.source.read(self.at - n, n)
    def number(self, kind): return struct.unpack(kind, self.take(struct.calcsize(kind)))[0]
    def line(self): return b"".join(iter(lambda: self.take(1), b"\n"))
    def pop(self, n): return [self.stack.pop() for _ in range(n)][::-1]
    def pop_mark(self):
        items, self.stack = self.stack, self.marks.pop()
        return items
    def name(self, module, name):
        self.need(self.on_array, "a class is named where none may be")
        return Class((module + "." + name).replace("__builtin__.", "builtins.").replace("copy_reg.", "copyreg."))
    def call(self, cls, args, made=MADE):
        self.need(isinstance(cls, (Class, Object)) and isinstance(args, tuple), "a call of %s", type(cls).__name__)
        name = str(cls).replace("numpy._core.", "numpy.core.")
        if name == "numpy.core.multiarray.scalar": return Scalar((describe(args[0], self.at), args[1]))
        return made[name](*args) if name in made else Object({"class": cls, "args": list(args), "state": None})
    def build(self, node, state):
        if isinstance(node, Array):
            _, shape, dtype, fortran, items = state
            node.update(dtype=describe(dtype, self.at), shape=shape, order="CF"[fortran], nbytes=8 * len(items), items=items)
        elif node["class"].endswith("joblib.numpy_pickle.NumpyArrayWrapper"): node = self.array(**state)
        else: node["state"] = state
        return node
    def array(self, dtype, shape, order, subclass, allow_mmap):
        dtype = describe(dtype, self.at)
        size = item_size(dtype, self.at)
        self.need(size and order in ("C", "F") and min(shape, default=0) >= 0, "array claims shape %s of dtype %s", shape, dtype)
        array = Array(dtype=dtype, shape=shape, order=order, offset=self.at - self.start, nbytes=product((size, *shape), self.at))
        self.on_array(array)
        array["data"] = self.take(array["nbytes"])
        return array
    def run(self):
        for op in iter(lambda: self.take(1), b"."):
            try: self.step(op, self.stack.append)
            except BROKEN as error: self.need(False, "opcode %s: %r", op.hex(), error)
        self.need(len(self.stack) == 1 and not self.marks, "STOP with %d values and %d marks", len(self.stack), len(self.marks))
        return self.stack[0]
    def step(self, op, push):
        if op in EMPTY: push(EMPTY[op]())
        elif op in b"JKMG": push(self.number(NUMBER[op]))
        elif op in SIZED: push(SIZED[op][1](self.take(self.number(SIZED[op][0]))))
        elif op in LINE: push(LINE[op](self.line()))
        elif op in b"p\x94qr":
            index = len(self.memo) if op == b"\x94" else int(self.line()) if op == b"p" else self.number(NUMBER[op])
            self.need(0 <= index <= self.at - self.start, "memo index %d after %d bytes", index, self.at - self.start, code="limit")
            self.memo[index] = self.stack[-1]
        elif op in b"ghj": push(self.memo[int(self.line()) if op == b"g" else self.number(NUMBER[op])])
        elif op == b"(": self.stack = self.marks.append(self.stack) or []
        elif op in FROM_MARK:
            items = self.pop_mark()
            self.stack.append(FROM_MARK[op](items))
        elif op in ONTO:
            items, node, kind = self.pop_mark() if op in b"eu\x90" else self.pop(2 if op == b"s" else 1), self.stack[-1], ONTO[op]
            if isinstance(node, Object): node = node.setdefault("entries" if kind is dict else "items", kind())
            self.need(type(node) is kind, "items put on %s", type(node).__name__)
            node.update(pairs(items)) if kind is dict else node.extend(items)
        elif op in b"\x85\x86\x87": push(tuple(self.pop(op[0] - 0x84)))
        elif op == b"R": push(self.call(*self.pop(2)))
        elif op in b"\x81\x92": push(self.call(*self.pop(2 if op == b"\x81" else 3)[:2], made={}))
        elif op == b"b": push(self.build(*self.pop(2)))
        elif op == b"c": push(self.name(self.line().decode(), self.line().decode()))
        elif op == b"\x93": push(self.name(*self.pop(2)))
        elif op in b"io":
            cls, args = self.name(self.line().decode(), self.line().decode()) if op == b"i" else None, self.pop_mark()
            self.stack.append(self.call(cls or args.pop(0), tuple(args)))
        elif op == b"0" and self.stack: self.pop(1)
        elif op in b"01": self.pop_mark()
        elif op == b"2": push(self.stack[-1])
        elif op == b"\x80": self.need(self.number("B") <= 5, "PROTO beyond 5")
        elif op == b"\x95": self.need(self.number("<Q") <= self.end - self.at, "FRAME beyond the end", code="truncated")
        else: self.need(False, "opcode %s", REFUSED.get(op[0], "0x" + op.hex()), code="unsupported" if op[0] in REFUSED else "format")

# --- container.md, trailer.md ------------------------------------------------------------------------------------------------
def sealed(source, end, size, letter):
    """The fields of a footer or locator record that ends at `end`; empty if none does."""
    raw = source.read(end - size - 3, size + 3) if end > size + 3 else b""
    good = raw[:2] == bytes((0x43, size)) and raw[-9:] == MAGIC[letter] + b"0" and raw[-13:-9] == struct.pack("<I", crc32c(raw[2:-13]))
    return raw[2:-1] if good else b""

def containers(source):
    """(start, end) of every container; [(0, None)] if the chain of footers does not reach byte 0."""
    end, found = source.size, []
    table = int.from_bytes(sealed(source, end, 56, "B")[32:40], "little")  # a decompressed file ends with the records of a block table
    if table and source.read(end - 69 - table, 9) == b"\x8e" + struct.pack("<Q", table): end -= 69 + table
    while end > 0 and sealed(source, end, 72, "F"):
        start = end - struct.unpack("<Q", source.read(end - 73, 8))[0]
        found.insert(0, (start, end))
        end = start if start >= 0 and source.read(start, 12) == b"\x80\x04C\x0c" + MAGIC["C"] else -1
    return found if end == 0 and found else [(0, None)]

class Container:
    """One container; `end` None: read in sequence, else its trailer comes first."""
    def __init__(self, source, start, end, graph=True):
        self.source, self.start, self.arrays, self.entries, self.root, self.state, self.end = source, start, [], None, None, 0, end
        head, stop = self.bytes(start, 17), source.size
        need(head[:12] == b"\x80\x04C\x0c" + MAGIC["C"] and head[16:] == b"0", "format", start, "no jl container begins here")
        need(head[12] == 1, "version", start, "written in format %d.%d, this reader knows 1.x", head[12], head[13])
        need(head[14:16] == b"\0\0", "version", start, "flags %02x%02x are unknown", head[15], head[14])
        self.version = (head[12], head[13])
        if end: stop = self.trailer(start + struct.unpack("<Q", self.bytes(end - 57, 8))[0], end)
        if not graph: return
        machine = Machine(source, start + 17, stop, start, self.on_array)
        self.root = machine.run()
        need(not end or machine.at == stop, "format", machine.at, "STOP here, the footer claims %d", stop)
        if not end and machine.at < source.size: stop = self.trailer(machine.at, None)
        if self.entries is not None: self.check(stop)
    def bytes(self, at, n):
        need(at <= self.source.size - n, "truncated", at, "%d bytes claimed, %d remain", n, self.source.size - at)
        return self.source.read(at, n)
    def trailer(self, stop, end):
        if not end:  # in sequence: the frames of directory and table lead to the footer
            for end in (stop, None):
                at = stop if end else at + 10 + struct.unpack("<Q", head[1:])[0]
                head = self.bytes(at, 9)
                need(head[:1] == b"\x8e", "format", at, "no directory or checksum table here")
            end = at + 85 + struct.unpack("<Q", head[1:])[0]
        self.end, foot = end, self.bytes(end - 75, 75)
        length, graph_bytes, offset, n, m, self.graph_crc, directory_crc, table_crc, major, minor, self.state = struct.unpack_from("<5Q3I3B", foot, 2)
        need(foot[:2] == b"CH" and foot[66:] == MAGIC["F"] + b"0", "format", end - 75, "no footer here")
        need(sealed(self.source, end, 72, "F"), "checksum", end - 75, "footer has another CRC32C than it claims")
        good = (major, minor) == self.version and self.state < 2 and offset == stop - self.start and offset + n + m + 95 == length == end - self.start
        need(good, "format", end - 75, "footer claims length %d, directory of %d at %d, checksums of %d", length, n, offset, m)
        index, table = self.bytes(stop, n + 10), self.bytes(stop + n + 10, m + 10)
        need(index == framed(index[9:-1]) and table == framed(table[9:-1]), "format", stop, "no directory and table of the claimed sizes")
        need(crc32c(index[9:-1]) == directory_crc, "checksum", stop, "directory has another CRC32C than the footer claims")
        try: self.directory(stop + 9, n, offset)
        except BROKEN as error: need(False, "format", stop, "directory: %r", error)
        sizes, self.table = [entry[4] for entry in self.entries], unpack_all("I", table[9:-1])
        good = m == 4 * sum(map(chunks, sizes)) and graph_bytes + sum(sizes) == offset
        need(good, "format", end - 75, "footer claims %d bytes of graph and %d of checksums", graph_bytes, m)
        need(self.state or crc32c(table[9:-1]) == table_crc, "checksum", stop + n + 10, "checksum table has another CRC32C than the footer claims")
        return stop
    def directory(self, at, n, stop):
        machine, last = Machine(self.source, at, at + n, at), 17
        d = machine.run()
        shapes, ndim = iter(unpack_all("Q", d["shape"])), d["ndim"]
        need(machine.at == at + n and d["chunk"] == CHUNK and len(d["shape"]) == 8 * sum(ndim), "format", at, "directory has wrong columns")
        dtypes = [d["dtypes"][i] for i in unpack_all("I", d["dtype"])]
        columns = dtypes, [tuple(next(shapes) for _ in range(dims)) for dims in ndim], d["order"].decode(), unpack_all("Q", d["offset"]), unpack_all("Q", d["nbytes"])
        self.paths, self.entries = d["paths"], list(zip(*columns, strict=True))
        need(len(self.paths) == len(self.entries), "format", at, "directory has %d paths for %d arrays", len(self.paths), len(self.entries))
        for path, (dtype, shape, order, offset, size) in zip(self.paths, self.entries):
            good = product((item_size(dtype, at), *shape), at) == size and item_size(dtype, at) and order in "CF" and last <= offset and offset + size < stop
            need(good, "format", at, "%s: directory claims %d bytes at %d for shape %s of %s", path, size, offset, shape, dtype)
            last = offset + size
        for name, _, must_understand in d["extensions"]: need(not must_understand, "version", at, "extension %r is needed and unknown", name)
    def agree(self, i, array):
        truth, at = tuple(array[key] for key in ("dtype", "shape", "order", "offset", "nbytes")), self.start + array["offset"]
        need(i < len(self.entries), "format", at, "array %d is not in the directory of %d", i, len(self.entries))
        need(truth == self.entries[i], "format", at, "array %d is %s, the directory claims %s", i, truth, self.entries[i])
    def on_array(self, array):
        if self.entries is not None: self.agree(len(self.arrays), array)
        self.arrays.append(array)
    def check(self, stop):
        for i, array in enumerate(self.arrays): self.agree(i, array)
        need(len(self.arrays) == len(self.entries), "format", stop, "%d arrays, the directory has %d", len(self.arrays), len(self.entries))
        ends = [self.start] + [self.start + entry[3] + entry[4] for entry in self.entries]
        begins = [self.start + entry[3] for entry in self.entries] + [stop]
        graph = b"".join(self.source.read(at, to - at) for at, to in zip(ends, begins))
        need(crc32c(graph) == self.graph_crc, "checksum", self.start, "graph has another CRC32C than the footer claims")
        for i in range(len(self.entries)): self.payload(i)
    def payload(self, i):
        dtype, shape, order, offset, size = self.entries[i]
        data, first = self.bytes(self.start + offset, size), sum(chunks(entry[4]) for entry in self.entries[:i])
        for k in range(0 if self.state else chunks(size)):
            good = crc32c(data[k * CHUNK:][:CHUNK]) == self.table[first + k]
            need(good, "checksum", self.start + offset + k * CHUNK, "%s: chunk %d has another CRC32C than the table claims", self.paths[i], k)
        return {"dtype": dtype, "shape": shape, "order": order, "offset": offset, "nbytes": size, "data": data}

# --- json_tree.md ------------------------------------------------------------------------------------------------------------
def component(key, index):
    if isinstance(key, int): return str(int(key))
    return re.sub("[%/\x00-\x1f\x7f]", lambda m: "%%%02X" % ord(m[0]), key) if isinstance(key, str) else "%%%d" % index

def scalar(dtype, data):
    kind, size, order = dtype[1], len(data), "big" if dtype[0] == ">" else "little"
    if kind in "biumM": return bool(data[0]) if kind == "b" else int.from_bytes(data, order, signed=kind != "u")
    letter = {"f2": "e", "f4": "f", "f8": "d", "c8": "ff", "c16": "dd"}.get(dtype[1:])
    if letter: return (complex if kind == "c" else float)(*struct.unpack(dtype[0] + letter, data))
    return data.decode("utf-32-%ce" % order[0]).rstrip("\0") if kind == "U" else data.rstrip(b"\0").decode() if kind == "S" else data.hex()

def shown(value):
    big = isinstance(value, int) and abs(value) > 1 << 53 or isinstance(value, float) and not math.isfinite(value)
    return repr(value) if big or isinstance(value, complex) else value

def tree(value, where="", seen=None, depth=1, limit=1000):
    """The NODE of a value; `seen`: path of every node with identity that was shown."""
    path, kind = where or "/", {bool: "bool", int: "int", float: "float", complex: "complex", str: "str"}.get(type(value))
    if kind or value is None: return {"kind": kind, "value": shown(value)} if kind else {"kind": "none"}
    if isinstance(value, bytes): return {"kind": "bytes", "size": len(value), "hex": value[:64].hex()}
    if isinstance(value, Class): return {"kind": "class", "name": value}
    if isinstance(value, Scalar): return {"kind": "scalar", "dtype": value[0], "value": shown(scalar(*value))}
    if id(value) in seen and value != (): return {"kind": "ref", "path": seen[id(value)]}
    seen[id(value)] = path
    if isinstance(value, bytearray): return {"kind": "bytearray", "size": len(value), "hex": value[:64].hex()}
    need(depth <= limit, "limit", 0, "%s: depth: nested deeper than %d", path, limit)
    def child(item, name): return tree(item, where + "/" + name, seen, depth + 1, limit)
    def items(values): return [child(item, str(i)) for i, item in enumerate(values)]
    def entries(values): return [[child(key, ""), child(item, component(key, i))] for i, (key, item) in enumerate(values.items())]
    if isinstance(value, (list, tuple)): return {"kind": getattr(value, "kind", type(value).__name__), "items": items(value)}
    if isinstance(value, Array):
        value["path"] = path
        node = {"kind": "array", **{key: value[key] for key in ("path", "dtype", "shape", "order", "offset", "nbytes")}}
        return {**node, "items": items(value["items"])} if "items" in value else node
    if not isinstance(value, Object): return {"kind": "dict", "items": entries(value)}
    node = {"kind": "object", "class": value["class"], "args": [child(arg, "args/%d" % i) for i, arg in enumerate(value["args"])]}
    if "items" in value: node["items"] = items(value["items"])
    if "entries" in value: node["entries"] = entries(value["entries"])
    state = value["state"]
    return {**node, "state": tree(state, where, seen, depth + 1, limit) if type(state) is dict else child(state, "state")}

def problems(source, found):
    """What verify reports: yields sentences."""
    for start, end in found:
        container = Container(source, start, end)
        tree(container.root, seen={})
        if container.entries is None: yield "truncated: the trailer is lost"
        elif container.state: yield "modified in place: payload checksums are stale"
        for array, path in zip(container.arrays, container.paths if container.entries else ()):
            if array.get("path", path) != path: yield "format: array at %s, the directory claims %s" % (array["path"], path)
        if not end and container.end and container.end < source.size: yield "format: %d bytes after the container" % (source.size - container.end)

def load(path, index=0):
    source = open_source(path)[1]
    return Container(source, *containers(source)[index]).root

def main(argv):
    option = {argv[i]: argv[i + 1] for i in range(1, len(argv) - 1) if argv[i].startswith("--")}
    path, index, limit = argv[1], int(option.get("--container", 0)), int(option.get("--depth", 1000))
    sys.setrecursionlimit(10 * limit + 1000)
    try:
        codec, source = open_source(path, float(option.get("--ratio", 0)), "--array" not in option)
        found = containers(source)
        if "--verify" in argv:
            report = list(problems(source, found))
            print("\n".join(report) or "ok")
            return bool(report)
        container = Container(source, *found[index], "--array" not in option)
        if "--array" not in option:
            root = tree(container.root, seen={}, limit=limit)
            print(json.dumps({"file": path, "format": "jl %d.%d" % container.version, "codec": codec, "root": root}))
            return 0
        name = "/" + option["--array"].lstrip("/")
        need(container.entries is not None and name in container.paths, "missing", 0, "%s: no such array in the directory", name)
        array = container.payload(container.paths.index(name))
        data = array.pop("data")
        print(json.dumps({**array, "sha256": hashlib.sha256(data).hexdigest(), "hex": data[:64].hex()}))
        return 0
    except Refused as error:
        print("reader.py: %s: %s" % (path, error), file=sys.stderr)
        return 1

if __name__ == "__main__": sys.exit(main(sys.argv))
