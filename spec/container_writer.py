"""Containers and deflate framing around a graph: plain Python, standard library only. make_vectors.py uses it.

    raw = container(graph).bytes();  gz = deflated(raw, "gzip")

Every `edit` takes the fields just before they are sealed and may change them: that is how lying files are made.
Deflate and xz are done here, so that the bytes do not depend on the libraries at hand.
"""
import bz2
import lzma
import struct
import zlib

from pickle_writer import Pickle, u32, u64

CHUNK = 1 << 20
FOOTER_MAGIC, LOCATOR_MAGIC = b"\x89JLF\r\n\x1a\n", b"\x89JLB\r\n\x1a\n"

_TABLE = []
for _n in range(256):
    for _ in range(8):
        _n = _n >> 1 ^ (0x82F63B78 if _n & 1 else 0)
    _TABLE.append(_n)


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = _TABLE[(crc ^ byte) & 255] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


def crc32c_of_chunks(data):
    return [crc32c(data[at:at + CHUNK]) for at in range(0, len(data), CHUNK)]


def directory(arrays, extensions=()):
    """The directory's dict for Graph.arrays."""
    dtypes = []
    for array in arrays:
        if array["dtype"] not in dtypes:
            dtypes.append(array["dtype"])
    packed = {
        "packing": bytes((None, "shuffle", "blosc").index(a["packing"]) for a in arrays), "stored": u64(*(a["stored"] for a in arrays)),
        "chunks": u32(*(size for a in arrays for size in a["chunks"]))}
    return {
        "writer": "jl 0.1.0", "chunk": CHUNK, "paths": [a["path"] for a in arrays], "dtypes": dtypes,
        "dtype": u32(*(dtypes.index(a["dtype"]) for a in arrays)), "order": "".join(a["order"] for a in arrays).encode(),
        "ndim": bytes(len(a["shape"]) for a in arrays), "shape": u64(*(extent for a in arrays for extent in a["shape"])),
        "offset": u64(*(a["offset"] for a in arrays)), "nbytes": u64(*(a["nbytes"] for a in arrays)),
        **(packed if any(packed["packing"]) else {}), "extensions": list(extensions),
    }


FOOTER = (("length", "Q"), ("graph_bytes", "Q"), ("directory_offset", "Q"), ("directory_bytes", "Q"), ("checksum_bytes", "Q"),
          ("graph_crc", "I"), ("directory_crc", "I"), ("checksums_crc", "I"), ("major", "B"), ("minor", "B"), ("state", "B"),
          ("reserved", "B"), ("reserved2", "I"))


def seal_footer(fields):
    body = b"".join(struct.pack("<" + kind, fields[name]) for name, kind in FOOTER)
    return body + u32(crc32c(body)) + FOOTER_MAGIC


class Container(Pickle):
    """A graph, its STOP and its trailer; bytes() when done."""
    def __init__(self, graph):
        super().__init__(graph.out)
        self.notes, self.arrays = list(graph.notes), graph.arrays

    def bytes(self):
        return bytes(self.out)


def graph_crc_of(graph):
    """CRC32C and number of the bytes that are not payload."""
    rest, at = bytearray(), 0
    for array in graph.arrays:
        rest += graph.out[at:array["offset"]]
        at = array["offset"] + array["stored"]
    rest += graph.out[at:]
    return crc32c(rest), len(rest)


def container(graph, extensions=(), minor=0, major=1, state=0, stop=True, edit_directory=None, edit_table=None, edit_footer=None):
    result = Container(graph)
    if stop:
        graph.put(b".")
        result.put(b".", "STOP")
    index, columns = Pickle(), directory(graph.arrays, extensions)
    if edit_directory:
        edit_directory(columns)
    index.put(b"\x80\x04", "directory: PROTO 4")
    index.data(columns)
    index.put(b".", "STOP")
    crcs = [crc for array in graph.arrays for crc in crc32c_of_chunks(array["data"])]
    if edit_table:
        edit_table(crcs)
    graph_crc, graph_bytes = graph_crc_of(graph)
    start = len(result.out)
    fields = {
        "length": start + 95 + len(index.out) + 4 * len(crcs), "graph_bytes": graph_bytes, "directory_offset": start,
        "directory_bytes": len(index.out), "checksum_bytes": 4 * len(crcs), "graph_crc": graph_crc,
        "directory_crc": crc32c(index.out), "checksums_crc": crc32c(u32(*crcs)), "major": major, "minor": minor, "state": state,
        "reserved": 0, "reserved2": 0}
    if edit_footer:
        edit_footer(fields)
    result.put(b"\x8e" + u64(len(index.out)), "BINBYTES8: directory, %d bytes" % len(index.out))
    result.notes += [(at + len(result.out), size, note) for at, size, note in index.notes]
    result.out += index.out
    result.put(b"0", "POP")
    result.put(b"\x8e" + u64(4 * len(crcs)), "BINBYTES8: checksum table, %d bytes" % (4 * len(crcs)))
    for crc in crcs:
        result.put(u32(crc), "CRC32C of a chunk")
    result.put(b"0", "POP")
    footer(result, fields)
    return result


def footer(result, fields):
    result.put(b"C\x48", "SHORT_BINBYTES: footer, 72 bytes")
    sealed = seal_footer(fields)
    at = 0
    for name, kind in FOOTER + (("footer_crc", "I"), ("magic", "Q")):
        size = struct.calcsize(kind)
        number = int.from_bytes(sealed[at:at + size], "little")
        text = "" if name == "magic" else " %08x" % number if name.endswith("crc") else " %d" % number
        result.put(sealed[at:at + size], name.replace("reserved2", "reserved") + text)
        at += size
    result.put(b"0", "POP")


# --- deflate ------------------------------------------------------------------------------------------------------------
class Bits:
    def __init__(self):
        self.out, self.held, self.count = bytearray(), 0, 0

    def put(self, value, count):
        self.held |= value << self.count
        self.count += count
        while self.count >= 8:
            self.out.append(self.held & 255)
            self.held >>= 8
            self.count -= 8

    def code(self, value, count):
        """A Huffman code: most significant bit first."""
        self.put(int(format(value, "0%db" % count)[::-1], 2), count)

    def symbol(self, value):
        """A literal or length symbol in the fixed code."""
        if value < 144:
            self.code(0x30 + value, 8)
        elif value < 256:
            self.code(0x190 + value - 144, 9)
        elif value < 280:
            self.code(value - 256, 7)
        else:
            self.code(0xC0 + value - 280, 8)


def _bases(first, symbols_without_extra, step, count):
    table, base = [], first
    for index in range(count):
        extra = 0 if index < symbols_without_extra else (index - symbols_without_extra) // step + 1
        table.append((base, extra))
        base += 1 << extra
    return table


LENGTHS, DISTANCES = _bases(3, 8, 4, 28) + [(258, 0)], _bases(1, 4, 2, 30)


def _put_match(bits, length, distance):
    for table, value, put in ((LENGTHS, length, lambda s: bits.symbol(257 + s)), (DISTANCES, distance, lambda s: bits.code(s, 5))):
        symbol = max(i for i, (base, _) in enumerate(table) if base <= value)
        put(symbol)
        bits.put(value - table[symbol][0], table[symbol][1])


def _match(data, at, candidate):
    length, most = 0, min(258, len(data) - at)
    while length < most and data[candidate + length] == data[at + length]:
        length += 1
    return length


def unit(data):
    """One fixed-code block and a full flush."""
    bits, last, at = Bits(), {}, 0
    bits.put(0b010, 3)
    while at < len(data):
        key = data[at:at + 3]
        candidate = last.get(key)
        last[key] = at
        length = _match(data, at, candidate) if candidate is not None and at - candidate <= 32768 else 0
        if length >= 3:
            _put_match(bits, length, at - candidate)
            at += length
        else:
            bits.symbol(data[at])
            at += 1
    bits.symbol(256)
    bits.put(0, 3)
    bits.put(0, -bits.count % 8)
    return bytes(bits.out) + b"\x00\x00\xff\xff"


def locator(fields):
    body = u64(*(fields[k] for k in ("decoded_length", "block_bytes", "unit_count", "table_offset", "table_bytes"))) + u32(fields["table_crc"])
    return b"C8" + body + u32(crc32c(body)) + LOCATOR_MAGIC + b"0"


def deflated(raw, codec, edit_table=None, edit_locator=None):
    """`raw` (whole containers) as a gzip or zlib file with block table, level 3 by its header."""
    out = bytearray(b"\x1f\x8b\x08\0\0\0\0\0\0\x03" if codec == "gzip" else b"\x78\x5e")
    units = [unit(raw[at:at + CHUNK]) for at in range(0, len(raw), CHUNK)]
    table = [len(u) for u in units]
    if edit_table:
        edit_table(table)
    record = b"\x8e" + u64(4 * len(table)) + u32(*table) + b"0"
    out += b"".join(units)
    fields = {"decoded_length": len(raw), "block_bytes": CHUNK, "unit_count": len(units), "table_offset": len(out),
              "table_bytes": 4 * len(units), "table_crc": crc32c(u32(*table))}
    if edit_locator:
        edit_locator(fields)
    last = locator(fields)
    out += unit(record) + b"\x01\x3b\x00\xc4\xff" + last
    decoded = raw + record + last
    if codec == "gzip":
        return bytes(out + u32(zlib.crc32(decoded), len(decoded) & 0xFFFFFFFF))
    return bytes(out + struct.pack(">I", zlib.adler32(decoded)))


def bunzippable(raw, edit_locator=None):
    """`raw` as a bz2 file with block table, level 9. bzip2's coder has been the same since version 1.0."""
    block = 4 * (900000 - 20)
    units = [bz2.compress(raw[at:at + block]) for at in range(0, len(raw), block)]
    table = u32(*map(len, units))
    fields = {"decoded_length": len(raw), "block_bytes": block, "unit_count": len(units), "table_offset": sum(map(len, units)),
              "table_bytes": len(table), "table_crc": crc32c(table)}
    if edit_locator:
        edit_locator(fields)
    return b"".join(units) + bz2.compress(b"\x8e" + u64(len(table)) + table + b"0") + bz2.compress(locator(fields))


def crc64(data):
    """As xz has it."""
    crc = (1 << 64) - 1
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xC96C5795D7870F42 if crc & 1 else 0)
    return crc ^ (1 << 64) - 1


def xz_number(value):
    return bytes([value & 127 | 128]) + xz_number(value >> 7) if value > 127 else bytes([value])


def _xz_padded(data):
    return data + bytes(-len(data) % 4)


def xz(raw, unit_bytes=1 << 24):
    """`raw` as an xz file of blocks, each stored in chunks of LZMA2: made here, since liblzma's choices may change."""
    flags, blocks, records = b"\0\x04", b"", b""
    for at in range(0, len(raw), unit_bytes):
        content, data = raw[at:at + unit_bytes], b""
        for begin in range(0, len(content), 1 << 16):
            part = content[begin:begin + (1 << 16)]
            data += (b"\x02" if begin else b"\x01") + struct.pack(">H", len(part) - 1) + part
        data += b"\0"
        head = b"\xc0" + xz_number(len(data)) + xz_number(len(content)) + b"\x21\x01\x08"
        head = _xz_padded(b"\0" + head)
        head = bytes([len(head) // 4]) + head[1:]
        block = head + u32(zlib.crc32(head)) + _xz_padded(data) + u64(crc64(content))
        records += xz_number(len(head) + 4 + len(data) + 8) + xz_number(len(content))
        blocks += block
    index = _xz_padded(b"\0" + xz_number(-(-len(raw) // unit_bytes)) + records)
    index += u32(zlib.crc32(index))
    foot = u32(len(index) // 4 - 1) + flags
    return b"\xfd7zXZ\0" + flags + u32(zlib.crc32(flags)) + blocks + index + u32(zlib.crc32(foot)) + foot + b"YZ"


def lzma_alone(raw):
    """`raw` as liblzma writes it for LZMA_alone."""
    return lzma.compress(raw, lzma.FORMAT_ALONE, preset=6)
