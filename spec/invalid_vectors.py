"""The invalid vectors: files that a reader must refuse, each with one defect and everything else right."""
import struct
import zlib

from container_writer import FOOTER, bunzippable, container, crc32c, deflated, lzma_alone, seal_footer, unit, xz
from graph_writer import Array, Graph
from pickle_writer import u32, u64
from valid_vectors import DOUBLES, graph_of, nested


def fresh():
    return graph_of({"x": DOUBLES})


def flipped(data, at, mask=1):
    at %= len(data)
    return data[:at] + bytes([data[at] ^ mask]) + data[at + 1:]


def hand_made(*pieces, **options):
    """A container whose graph is given as opcodes."""
    graph = Graph()
    graph.put(b"".join(pieces))
    return container(graph, **options).bytes()


def lying_footer(**claims):
    return container(fresh(), edit_footer=lambda fields: fields.update(claims)).bytes()


def lying_directory(**claims):
    """Each claim: a function from the true column to the lie."""
    def edit(columns):
        for key, lie in claims.items():
            columns[key] = lie(columns[key])
    return container(fresh(), edit_directory=edit).bytes()


def replaced(old, new):
    """The graph says `new` where it should say `old`; checksums are right."""
    graph = fresh()
    at = bytes(graph.out).index(old)
    graph.out[at:at + len(old)] = new
    return container(graph).bytes()


def make_arrays(make):
    make("lying_shape.pkl", "format", "The record claims 4 items, the directory 3", replaced(b"K\x03\x85", b"K\x04\x85"))
    make("lying_order.pkl", "format", "The record says 'F', the directory 'C'", replaced(b"\x8c\x01C", b"\x8c\x01F"))
    make("lying_dtype.pkl", "format", "The record says >f8, the directory <f8", replaced(b"\x8c\x01<", b"\x8c\x01>"))
    make("bad_order.pkl", "format", "An order that is neither 'C' nor 'F', in both places",
         container(order_in_both(fresh()), edit_directory=lambda d: d.update(order=b"K")).bytes())
    make("negative_shape.pkl", "format", "A shape of (-3,)", replaced(b"K\x03\x85", b"J\xfd\xff\xff\xff\x85"))
    make("no_dtype.pkl", "format", "The record's dtype is a str", str_dtype())
    make("item_size_0.pkl", "format", "dtype V0: 2^40 items in no bytes", container(graph_of({"x": Array("|V0", (1 << 40,), b"")})).bytes())
    make("bad_dtype.pkl", "format", "dtype '<q9', in both places", container(graph_of({"x": Array("<q9", (1,), bytes(9))})).bytes())
    make("shape_overflow.pkl", "range", "The directory claims the shape (2^33, 2^33)", lying_directory(
        ndim=lambda c: b"\2", shape=lambda c: u64(1 << 33, 1 << 33)))


def order_in_both(graph):
    at = bytes(graph.out).index(b"\x8c\x01C")
    graph.out[at + 2] = ord("K")
    return graph


def str_dtype():
    """Filler takes the room that the dtype object leaves, so that the payload stays where the directory says."""
    graph = fresh()
    raw = bytes(graph.out)
    begin, end = raw.index(b"h\x05h\x0a\x93"), raw.index(b"\x8c\x0aallow_mmap")
    room = end - begin - len(b"\x8c\x03<f8") - 2 - 3
    graph.out[begin:end] = b"\x8c\x03<f8\x94\x94C" + bytes([room]) + bytes(room) + b"0"
    return container(graph).bytes()


def make_directory(make):
    make("directory_offset.pkl", "format", "The directory claims an offset 64 too high", lying_directory(offset=lambda c: u64(256)))
    make("directory_offset_low.pkl", "format", "The directory claims an offset 8 too low", lying_directory(offset=lambda c: u64(184)))
    make("directory_offset_beyond.pkl", "format", "The directory claims an offset near 2^64", lying_directory(offset=lambda c: u64(2**64 - 16)))
    make("directory_nbytes.pkl", "format", "The directory claims 32 bytes for 3 items of 8", lying_directory(nbytes=lambda c: u64(32)))
    make("directory_shape.pkl", "format", "The directory claims 2 items, the record 3", lying_directory(
        shape=lambda c: u64(2), nbytes=lambda c: u64(16)))
    make("directory_dtype.pkl", "format", "The directory claims <i8, the record <f8", lying_directory(dtypes=lambda c: ["<i8"]))
    make("directory_dtype_index.pkl", "format", "A dtype index beyond the list of dtypes", lying_directory(dtype=lambda c: u32(1)))
    make("directory_order.pkl", "format", "The directory claims 'F', the record 'C'", lying_directory(order=lambda c: b"F"))
    make("directory_count.pkl", "format", "Two paths, columns for one array", lying_directory(paths=lambda c: c + ["/y"]))
    twice = lambda c: c * 2
    make("directory_extra.pkl", "format", "The directory lists the array twice", lying_directory(**dict.fromkeys(
        ("paths", "dtype", "order", "ndim", "shape", "offset", "nbytes"), twice)))
    make("directory_missing.pkl", "format", "The directory lists no array", container(fresh(), edit_directory=lambda d: d.update(
        {key: value[:0] for key, value in d.items() if key in ("paths", "dtype", "order", "ndim", "shape", "offset", "nbytes")})).bytes())
    make("directory_key.pkl", "format", "The directory lacks the key 'offset'", container(fresh(), edit_directory=lambda d: d.pop("offset")).bytes())
    make("directory_chunk.pkl", "format", "The directory claims chunks of 1 byte", lying_directory(chunk=lambda c: 1))
    make("directory_class.pkl", "format", "The directory names a class", directory_with_class())
    make("must_understand.pkl", "version", "An unknown extension with must_understand",
         container(fresh(), extensions=[("acme.encryption", {"cipher": "rot13"}, True)]).bytes())


def directory_with_class():
    """'writer' is replaced by a class reference of the same length: 0a 'jl 0.1.0' -> GLOBAL."""
    raw = container(fresh()).bytes()
    at = raw.index(b"\x8c\x08jl 0.1.0")
    return resealed(raw[:at] + b"cos\nabort\n" + raw[at + 10:])


def fields_of(raw):
    return dict(zip([name for name, _ in FOOTER], struct.unpack("<" + "".join(kind for _, kind in FOOTER), raw[-73:-13])))


def resealed(raw):
    """The directory's checksum made right, and the footer's."""
    fields = fields_of(raw)
    at = fields["directory_offset"] + 9
    fields["directory_crc"] = crc32c(raw[at:at + fields["directory_bytes"]])
    return raw[:-73] + seal_footer(fields) + b"0"


def make_footer(make):
    raw = container(fresh()).bytes()
    stop = fields_of(raw)["directory_offset"]
    other = container(graph_of(["another", DOUBLES])).bytes()
    make("footer_of_another.pkl", "format", "The footer of another container", raw[:-75] + other[-75:])
    for name, value in (("length", len(raw) + 1), ("directory_offset", stop - 1), ("directory_bytes", 1 << 60),
                        ("checksum_bytes", 8), ("state", 2), ("minor", 9)):
        make("footer_%s.pkl" % name, "format", "The footer claims %s %d" % (name, value), lying_footer(**{name: value}))
    make("footer_major.pkl", "version", "The footer claims major 2, the version record 1", lying_footer(major=2))
    make("footer_sizes_wrap.pkl", "format", "Sizes whose sum is right only modulo 2^64", lying_footer(
        directory_bytes=2**64 - 4, checksum_bytes=fields_of(raw)["directory_bytes"] + 8))
    make("footer_graph_bytes.pkl", "checksum", "The footer claims another number of bytes under graph_crc", lying_footer(graph_bytes=1))
    make("crc_footer.pkl", "checksum", "One bit of footer_crc", flipped(raw, -12))
    make("crc_graph.pkl", "checksum", "One bit of the key 'x'", flipped(raw, 21))
    make("crc_graph_claim.pkl", "checksum", "The footer claims another graph_crc", lying_footer(graph_crc=1))
    make("crc_directory.pkl", "checksum", "One bit of the writer's name", flipped(raw, raw.index(b"jl 0.1.0")))
    make("crc_checksums.pkl", "checksum", "One bit of the checksum table", flipped(raw, -77))
    make("crc_payload.pkl", "checksum", "One bit of the payload", flipped(raw, 200))
    make("crc_table_lies.pkl", "checksum", "The table, itself unharmed, claims another CRC32C for the payload",
         container(fresh(), edit_table=lambda crcs: crcs.__setitem__(0, 0)).bytes())


def make_versions(make):
    make("newer_major.pkl", "version", "Format 2.0", container(graph_of(None, major=2), major=2).bytes())
    make("major_0.pkl", "version", "Format 0.0", container(graph_of(None, major=0), major=0).bytes())
    make("version_record.pkl", "format", "Two bytes of the version record's magic are damaged", flipped(flipped(container(fresh()).bytes(), 5), 6))
    make("unknown_flag.pkl", "version", "Flag bit 15 of the version record", container(graph_of(None, flags=0x8000)).bytes())


def make_truncated(make):
    raw = container(fresh()).bytes()
    stop = fields_of(raw)["directory_offset"]
    for name, size, place in (
            ("empty", 0, "nothing is left"), ("in_version", 9, "inside the version record"), ("in_graph", 100, "inside the graph"),
            ("in_payload", 200, "inside the payload"), ("before_stop", stop - 1, "before STOP")):
        make("truncated_%s.pkl" % name, "truncated", "Cut: %s" % place, raw[:size])


def make_opcodes(make):
    for name, opcodes in (("persid", b"Pname\n"), ("binpersid", b"NQ"), ("ext1", b"\x82\1"), ("ext2", b"\x83\1\0"), ("ext4", b"\x84\1\0\0\0"),
                          ("next_buffer", b"\x97"), ("readonly_buffer", b"N\x98")):
        make("opcode_%s.pkl" % name, "unsupported", "%s" % name.upper(), hand_made(opcodes))
    for name, error, about, opcodes in (
            ("opcode_unknown", "format", "The byte 07 is no opcode", b"\x07"),
            ("proto_6", "version", "PROTO 6", b"\x80\6N"),
            ("memo_never_put", "format", "BINGET 7 in an empty memo", b"h\7"),
            ("memo_bomb", "format", "LONG_BINPUT of index 2^32 - 1", b"Nr\xff\xff\xff\xff"),
            ("stack_underflow", "format", "TUPLE2 on a stack of one", b"N\x86"),
            ("stack_below_mark", "format", "TUPLE2 reaches below a MARK", b"N(N\x86"),
            ("mark_missing", "format", "APPENDS without MARK", b"]Ne"),
            ("stop_on_nothing", "format", "STOP on an empty stack", b"N0"),
            ("stop_on_two", "format", "STOP with two values", b"NN"),
            ("append_to_int", "format", "APPEND on an int", b"K\1Na"),
            ("setitems_on_list", "format", "SETITEMS on a list", b"](NNu"),
            ("odd_dict", "format", "SETITEMS of three values", b"}(NNNu"),
            ("build_on_int", "format", "BUILD on an int", b"K\1}b"),
            ("reduce_of_str", "format", "REDUCE of a str", b"\x8c\x01x)R"),
            ("reduce_args", "format", "REDUCE with a list of arguments", b"cfractions\nFraction\n]R"),
            ("stack_global_int", "format", "STACK_GLOBAL of two ints", b"K\1K\2\x93"),
            ("bad_utf8", "format", "A str that is not UTF-8", b"\x8c\2\xc3\x28"),
            ("bad_int", "format", "INT of a word", b"Iseven\n"),
            ("bytes_bomb", "truncated", "BINBYTES8 of 2^60 bytes", b"\x8e" + u64(1 << 60)),
            ("str_bomb", "truncated", "BINUNICODE of 2^32 - 1 bytes", b"X\xff\xff\xff\xff"),
            ("long_bomb", "truncated", "LONG4 of 2^31 - 1 bytes", b"\x8b\xff\xff\xff\x7f")):
        make(name + ".pkl", error, about, hand_made(opcodes))
    make("trailer_missing.pkl", "format", "In sequence, another opcode where the trailer begins", hand_made(b"N.N")[:-10])
    make("stop_missing.pkl", "truncated", "The graph has no STOP, the trailer follows at once", hand_made(b"N", stop=False))
    make("stop_early.pkl", "format", "STOP stands before the place that the footer claims", hand_made(b"N.N"))
    make("unterminated.pkl", "truncated", "The file ends without STOP and trailer", hand_made(b"N")[:18])


def make_compressed(make):
    raw = container(graph_of({"x": DOUBLES}, mmap=False)).bytes()
    whole = {codec: deflated(raw, codec) for codec in ("gzip", "zlib")}
    for codec, ending in (("gzip", "gz"), ("zlib", "z")):
        file = whole[codec]
        tail = 8 if codec == "gzip" else 4
        put = lambda name, error, about, data: make("%s.pkl.%s" % (name, ending), error, about, data)
        put("bad_check", "checksum", "One bit of the crc32 or adler32", flipped(file, -tail))
        put("check_missing", "truncated", "The last 4 bytes are missing", file[:-4])
        put("cut_in_locator", "truncated", "Cut inside the locator", file[:-tail - 20])
        put("cut_in_unit", "truncated", "Cut inside the first unit", file[:100])
        put("garbage_after", "format", "A zero byte after the stream", file + b"\0")
        put("locator_crc", "checksum", "One bit of locator_crc", repacked(file, codec, lambda f: flipped(f, -tail - 13)))
    edit = lambda **claims: deflated(raw, "gzip", edit_locator=lambda fields: fields.update(claims))
    make("bad_isize.pkl.gz", "checksum", "The length field is one too high", flipped(whole["gzip"], -4))
    make("locator_length.pkl.gz", "format", "The locator claims one decoded byte too many", edit(decoded_length=len(raw) + 1))
    make("locator_length_huge.pkl.gz", "format", "The locator claims 2^60 decoded bytes in 2^40 units", edit(
        decoded_length=1 << 60, unit_count=1 << 40, table_bytes=1 << 42))
    make("locator_count.pkl.gz", "format", "The locator claims two units", edit(unit_count=2, table_bytes=8))
    make("locator_block.pkl.gz", "format", "The locator claims blocks of 4096 bytes", edit(block_bytes=4096))
    make("locator_offset.pkl.gz", "format", "The locator's table_offset is one too low", edit(table_offset=len(whole["gzip"]) - 8 - 64 - 30))
    make("locator_offset_beyond.pkl.gz", "format", "The locator's table_offset is beyond the file", edit(table_offset=1 << 40))
    make("table_length.pkl.gz", "format", "The table claims a unit one byte too long",
         deflated(raw, "gzip", edit_table=lambda t: t.__setitem__(0, t[0] + 1)))
    make("table_crc.pkl.gz", "checksum", "The locator claims another table_crc", edit(table_crc=1))
    two = container(graph_of(Array("|u1", (1 << 20,), bytes(1 << 20)), mmap=False)).bytes()
    make("table_shift.pkl.gz", "format", "Of two units the first is claimed longer and the second as much shorter",
         deflated(two, "gzip", edit_table=lambda t: t.__setitem__(slice(0, 2), [t[0] + 1, t[1] - 1])))
    make("crc_payload.pkl.gz", "checksum", "One bit of a payload inside an unharmed stream", deflated(flipped(two, 5000), "gzip"))


def make_other_codecs(make):
    raw = container(graph_of({"x": DOUBLES}, mmap=False)).bytes()
    for ending, file in (("bz2", bunzippable(raw)), ("xz", xz(raw)), ("lzma", lzma_alone(raw))):
        put = lambda name, error, about, data: make("%s.pkl.%s" % (name, ending), error, about, data)
        put("cut_at_end", "truncated", "The last byte is missing", file[:-1])
        put("cut_in_unit", "truncated", "Cut inside the first unit", file[:100])
        put("garbage_after", "format", "Bytes after the stream that begin no further one", file + b"garbage")
    make("zeros_after.pkl.xz", "format", "Stream padding, which only xz itself allows", xz(raw) + bytes(4))
    make("bad_check.pkl.bz2", "format", "One bit of the first block's CRC", flipped(bunzippable(raw), 10))
    make("bad_content.pkl.xz", "format", "One bit of the content: its CRC64 differs", flipped(xz(raw), 300))
    make("bad_index.pkl.xz", "format", "One bit of the index", flipped(xz(raw), -20))
    make("crc_payload.pkl.lzma", "checksum", "One bit of a payload: lzma (alone) has no checksum, the container has",
         lzma_alone(flipped(raw, raw.find(DOUBLES.data))))


def repacked(file, codec, change):
    """The locator's bytes changed and the stream's own checksum made right again."""
    changed = change(file)
    if codec == "gzip":
        data = inflated(changed[10:-8])
        return changed[:-8] + u32(zlib.crc32(data), len(data))
    return changed[:-4] + struct.pack(">I", zlib.adler32(inflated(changed[2:-4])))


def inflated(data):
    coder = zlib.decompressobj(-15)
    return coder.decompress(data)


def make_limits(make):
    graph = Graph(mmap=False)
    tree = graph.emit(Array("|u1", (5 << 18,), bytes(5 << 18)))
    raw = container(graph).bytes()
    make("ratio_bomb.pkl.gz", "limit", "1.25 MiB of zeros in 12 KiB, beyond the ratio 20", deflated(raw, "gzip"), limits={"ratio": 20},
         format="jl 1.0", codec="gzip", root=tree)
    graph = Graph()
    tree = graph.emit(nested(150))
    make("depth_bomb.pkl", "limit", "Lists nested 150 deep, beyond the depth 100", container(graph).bytes(), limits={"depth": 100},
         format="jl 1.0", codec="none", root=tree)


def make(maker):
    for part in (make_arrays, make_directory, make_footer, make_versions, make_truncated, make_opcodes, make_compressed, make_other_codecs, make_limits):
        part(maker.invalid)
