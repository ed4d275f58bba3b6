"""The vectors of packed arrays, valid and invalid."""
import struct

from container_writer import CHUNK, container
from graph_writer import Array, Graph, ObjectArray
from invalid_vectors import flipped
from packed_writer import Form, shuffled_blocks
from pickle_writer import Structure, u32, u64
from valid_vectors import DOUBLES, graph_of, numbers


def make_valid(make):
    """Mostly without a codec around: small, and what stands in the file can be looked at."""
    doubles = numbers("d", *range(6))
    padded = Structure([("flag", "|b1", 0), ("value", "<f8", 8)], 16, 8)
    rows = b"".join(struct.pack("<?7xd", i % 2, i) for i in range(3))
    make.value("shuffled.pkl", "Arrays with shuffled bytes: items of 2, 4, 8, 16 and 255 bytes, both orders, both byte orders, structures", {
        "C": Array("<f8", (2, 3), doubles, packing="shuffle"), "F": Array("<f8", (2, 3), doubles, "F", "shuffle"),
        "big": Array(">i4", (3,), struct.pack(">3i", 1, -2, 3), packing="shuffle"), "one": Array("<u2", (), b"ab", packing="shuffle"),
        "complex": Array("<c16", (1,), numbers("d", 1.0, -2.0), packing="shuffle"),
        "str": Array("<U2", (2,), "abcd".encode("utf-32-le"), packing="shuffle"),
        "time": Array("<M8[ns]", (300,), numbers("q", *range(300)), packing="shuffle"),
        "bytes": Array("|S255", (2,), bytes(range(255)) * 2, packing="shuffle"),
        "structure": Array([("x", "<f4"), ("m", "<i2", (2, 2)), ("n", [("x", "<f4")])], (2,), bytes(range(1, 33)), packing="shuffle"),
        "aligned": Array(padded, (3,), rows, packing="shuffle")}, mapped=False)
    make.value("blosc_copied.pkl", "Arrays in Blosc chunks that are copies, items of 1, 3 and 8 bytes and structures", {
        "C": Array("<f8", (2, 3), doubles, packing="blosc"), "F": Array("<f8", (2, 3), doubles, "F", "blosc"),
        "bytes": Array("|u1", (5,), b"bytes", packing="blosc"), "void": Array("|V3", (), b"abc", packing="blosc"),
        "aligned": Array(padded, (3,), rows, packing="blosc")}, mapped=False)
    plain = Array("<f8", (2, 3), doubles)
    packed = Array("<f8", (2, 3), doubles[::-1], packing="shuffle")
    make.value("packed_and_plain.pkl", "Plain, empty, shuffled and Blosc's arrays side by side, twice each but for the empty one", [
        plain, packed, Array("<f8", (0,), b""), Array("<f8", (2, 3), doubles, packing="blosc"), packed, plain,
        ObjectArray((1,), [Array("<f8", (2, 3), doubles, packing="shuffle")]), Array("<f8", (2, 3), doubles[:24] * 2, packing="blosc")], mapped=False)
    small = {"s": Array("<f8", (3,), DOUBLES.data, packing="shuffle"), "b": Array("<f8", (3,), DOUBLES.data, packing="blosc"), "x": DOUBLES}
    make.value("packed.pkl", "A shuffled array, one of Blosc and a plain one", small, mapped=False)
    make.value("packed.pkl.gz", "The same inside gzip", small)
    many = CHUNK // 8 + 3
    make.value("shuffled_blocks.pkl.gz", "Shuffled inside gzip: five blocks, the last one filled up, two checksums", {
        "x": Array("<i8", (many,), numbers("q", *range(0, 16 * many, 16)), packing="shuffle")})
    graph = Graph()
    tree = graph.emit({"x": Array("<f8", (3,), DOUBLES.data, packing="shuffle")})
    make.valid("cut_behind_packed.pkl", "The trailer is lost behind a packed array", bytes(graph.out) + b".", tree, graph.arrays,
               verify="truncated", mapped=False)


def packed(packing="shuffle", dtype="<f8", data=DOUBLES.data, count=3):
    return {"x": Array(dtype, (count,), data, packing=packing)}


PLANES = shuffled_blocks(DOUBLES.data, 8)[0]


class ListPacking(Graph):
    """Packings are lists."""
    def packing(self, value):
        self.put(b"](")
        super().packing(value)
        self.out[-1:] = b"e"


class EditedForm(Graph):
    """Chunks of blosc are changed as they are put."""
    def __init__(self, edit_chunk):
        super().__init__()
        self.edit_chunk = edit_chunk

    def form(self, value):
        return Form(value, self.edit_chunk)


def with_chunk(edit_chunk):
    graph = EditedForm(edit_chunk)
    graph.emit(packed("blosc"))
    return container(graph).bytes()


def changed(value, old, new, **options):
    """`new` stands where `old` should, once; all checksums of what is there are right."""
    graph = graph_of(value)
    assert len(old) == len(new) and bytes(graph.out).count(old) == 1, (old, new)
    at = bytes(graph.out).index(old)
    graph.out[at:at + len(old)] = new
    return container(graph, **options).bytes()


def lying_columns(value, **columns):
    return container(graph_of(value), edit_directory=lambda d: d.update(columns)).bytes()


def make_invalid(make):
    shuffled, blosc = packed(), packed("blosc")
    make("packing_unknown.pkl", "version", "The record says packing 'unknown', the directory 1", changed(shuffled, b"\7shuffle", b"\7unknown"))
    graph = ListPacking()
    graph.emit(shuffled)
    make("packing_list.pkl", "format", "The packing is a list", container(graph).bytes())
    make("packing_of_numbers.pkl", "format", "A packing in a record whose dtype is not one of objects",
         changed(shuffled, b"\x8c\x02O8\x89\x88\x87R\x94(K\3\x8c\1|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?",
                 b"\x8c\x02i8\x89\x88\x87R\x94(K\3\x8c\1<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0"))
    make("shuffle_of_bytes.pkl", "format", "Items of 1 byte, shuffled", container(graph_of(packed(dtype="|u1", data=b"abc"))).bytes())
    make("shuffle_of_256.pkl", "format", "Items of 256 bytes, shuffled", container(graph_of(packed(dtype="|S256", data=bytes(768)))).bytes())
    nothing = packed("blosc", data=b"", count=0)
    make("packing_of_nothing.pkl", "format", "No items, in a form without chunks", container(graph_of(nothing)).bytes())
    for name, about, old, new in (
            ("form_class", "The form names numpy.ascontiguousarraz", b"ascontiguousarray", b"ascontiguousarraz"),
            ("form_shape", "The form's shape is (4,)", b"\x94\x93\x94(K\3\x85", b"\x94\x93\x94(K\4\x85"),
            ("form_dtype", "The form's dtype is big-endian", b"R\x94(K\3\x8c\1<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tbh\0\x8c\x11asc",
             b"R\x94(K\3\x8c\1>NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tbh\0\x8c\x11asc"),
            ("form_blocks", "The form claims one byte of blocks more", b"\x8e" + u64(24), b"\x8e" + u64(25)),
            ("form_axes", "The form transposes to (1, 0, 2)", b"K\0K\2K\1\x87", b"K\1K\0K\2\x87"),
            ("form_order", "The form says order 'F'", b"K\0N\x8c\1CtR.", b"K\0N\x8c\1FtR."),
            ("form_spelling", "The form's order is a SHORT_BINSTRING", b"\x8c\1CtR.", b"U\1CtR."),
            ("form_memo", "The form fetches another class", b"\x93\x94h\2K\1K\x08K\3\x87", b"\x93\x94h\7K\1K\x08K\3\x87"),
            ("form_stop", "POP in place of the form's STOP", b"\x8c\1CtR.\x94", b"\x8c\1CtR0\x94")):
        make(name + ".pkl", "format", about, changed(shuffled, old, new))
    for name, about, old, new in (
            ("form_decompress", "The form names blosc.decompresz", b"blosc\x94\x8c\ndecompress", b"blosc\x94\x8c\ndecompresz"),
            ("form_join", "The form names bytearray.copy", b"bytearray.join", b"bytearray.copy"),
            ("chunk_size_low", "A chunk is claimed to have 39 bytes", b"h\2\x8e" + u64(40), b"h\2\x8e" + u64(39)),
            ("chunk_size_high", "A chunk is claimed to have 41 bytes", b"h\2\x8e" + u64(40), b"h\2\x8e" + u64(41)),
            ("chunk_size_bomb", "A chunk is claimed to have 2^60 bytes", b"h\2\x8e" + u64(40), b"h\2\x8e" + u64(1 << 60)),
            ("chunk_size_of_full", "A chunk of 24 bytes is claimed to have 2^20", b"h\2\x8e" + u64(40), b"h\2\x8e" + u64(1 << 20)),
            ("chunk_call", "TUPLE2 behind a chunk", DOUBLES.data + b"\x85R", DOUBLES.data + b"\x86R")):
        make(name + ".pkl", "format", about, changed(blosc, old, new))
    lying = lambda at, number: with_chunk(lambda chunk: chunk[:at] + u32(number) + chunk[at + 4:])
    make("chunk_version.pkl", "format", "A chunk of version 9", with_chunk(lambda chunk: b"\x09" + chunk[1:]))
    make("chunk_content.pkl", "format", "A chunk's header claims 25 bytes of content", lying(4, 25))
    make("chunk_content_huge.pkl", "format", "A chunk's header claims 2^31 - 1 bytes of content", lying(4, (1 << 31) - 1))
    make("chunk_length.pkl", "format", "A chunk's header claims 41 bytes for itself", lying(12, 41))
    make("chunk_headless.pkl", "format", "A chunk of 15 bytes", with_chunk(lambda chunk: chunk[:15]))
    make("chunk_longer.pkl", "format", "A chunk of 17 bytes more than its content", with_chunk(lambda chunk: chunk + b"\0"))
    plain, one, two = {"x": DOUBLES}, b"\1", b"\2"
    stored = lambda value, more=0: u64(graph_of(value).arrays[0]["stored"] + more)
    make("directory_packing.pkl", "format", "The directory claims shuffle, the array is plain",
         lying_columns(plain, packing=one, stored=u64(24), chunks=b""))
    make("directory_not_packed.pkl", "format", "The directory claims a plain array, the record a shuffled one",
         lying_columns(shuffled, packing=b"\0", stored=u64(24)))
    make("directory_other_packing.pkl", "format", "The directory claims blosc, the record shuffle",
         lying_columns(shuffled, packing=two, chunks=u32(40)))
    make("directory_packing_unknown.pkl", "version", "The directory claims packing 3", lying_columns(shuffled, packing=b"\3"))
    make("directory_packing_column.pkl", "format", "The column 'packing' has two entries for one array", lying_columns(shuffled, packing=one * 2))
    make("directory_stored_low.pkl", "format", "The directory claims a byte less for the form", lying_columns(shuffled, stored=stored(shuffled, -1)))
    make("directory_stored_high.pkl", "format", "The directory claims a byte more for the form", lying_columns(shuffled, stored=stored(shuffled, 1)))
    make("directory_stored_plain.pkl", "format", "The directory claims 25 bytes for a plain array of 24",
         lying_columns(plain, packing=b"\0", stored=u64(25), chunks=b""))
    make("directory_stored_missing.pkl", "format", "The directory lacks the key 'stored'",
         container(graph_of(shuffled), edit_directory=lambda d: d.pop("stored")).bytes())
    make("directory_chunks.pkl", "format", "The directory claims 39 bytes for a chunk of 40", lying_columns(blosc, chunks=u32(39)))
    make("directory_chunks_missing.pkl", "format", "The directory lists no chunk", lying_columns(blosc, chunks=b""))
    make("directory_chunks_extra.pkl", "format", "The directory lists two chunks", lying_columns(blosc, chunks=u32(40, 40)))
    make("crc_payload_blosc.pkl", "checksum", "One bit of the items in a chunk", changed(blosc, DOUBLES.data, flipped(DOUBLES.data, 9)))
    make("crc_payload_shuffled.pkl", "checksum", "One bit of the shuffled items", changed(shuffled, PLANES, flipped(PLANES, 9)))
    raw, form = container(graph_of(blosc)).bytes(), graph_of(blosc).arrays[0]["offset"]
    for name, size, place in (("in_form", form + 20, "inside a form's head"), ("in_chunk_head", raw.index(b"h\2\x8e") + 5, "before a chunk"),
                              ("in_chunk", raw.index(DOUBLES.data) + 5, "inside a chunk"),
                              ("behind_chunk", raw.index(DOUBLES.data) + 24, "behind a chunk")):
        make("truncated_%s.pkl" % name, "truncated", "Cut: %s" % place, raw[:size])
    raw, form = container(graph_of(shuffled)).bytes(), graph_of(shuffled).arrays[0]
    make("truncated_in_block.pkl", "truncated", "Cut: inside a shuffled block", raw[:form["offset"] + form["stored"] - 30])
    make("shuffle_beyond_64_bits.pkl", "range", "Shuffled blocks of 2^64 bytes; no trailer", beyond_64_bits())


def beyond_64_bits():
    """2^61 - 1 items of 8 bytes fill 2^46 blocks; a reader that counts them modulo 2^64 finds none, and all of them there."""
    shape = (1 << 61) - 1
    graph = graph_of(packed())
    raw = bytes(graph.out).replace(b"K\3\x85", b"\x8a\x08" + u64(shape) + b"\x85")
    raw = raw.replace(b"K\1K\x08K\3\x87", b"\x8a\6" + u64(1 << 46)[:6] + b"K\x08M\0\x80\x87")
    return raw.replace(b"\x8e" + u64(24) + PLANES, b"\x8e" + u64(0)) + b"."


def make(maker):
    make_valid(maker)
    make_invalid(maker.invalid)
