"""The valid vectors: files with the tree that a reader must find in them."""
import bz2
import struct
import zlib

from container_writer import CHUNK, bunzippable, container, deflated, lzma_alone, unit, xz
from graph_writer import Array, Class, Graph, ObjectArray, OpenArray, Scalar, Set, Struct
from pickle_writer import Structure, u32, u64

DOUBLES = Array("<f8", (3,), struct.pack("<3d", 1.5, -2.0, 1e300))


def numbers(code, *values):
    return struct.pack("<%d%s" % (len(values), code), *values)


def graph_of(value, **options):
    graph = Graph(**options)
    graph.emit(value)
    return graph


def plain_gzip(data):
    """An ordinary gzip file, as any program writes it."""
    return b"\x1f\x8b\x08\0\0\0\0\0\0\x03" + unit(data) + b"\x03\0" + u32(zlib.crc32(data), len(data))


def make_values(make):
    make.value("minimal.pkl", "A dict with one array: example.md", {"x": DOUBLES})
    make.value("none.pkl", "The smallest container", None)
    make.value("scalars.pkl", "Every plain scalar at the edges of its spellings", [
        None, True, False, 0, 255, 256, 65535, 65536, -1, -128, -129, 2**31 - 1, -2**31, 2**31, -2**31 - 1, 2**53, 2**53 + 1, 2**63 - 1,
        -2**63, 2**63, 2**64, -2**64, 2**127 - 1, -2**127, 10**700, 0.0, -0.0, 1.5, 5e-324, 1.7976931348623157e308, float("inf"),
        float("-inf"), float("nan"), 1 + 2j, complex(0.0, float("-inf")), "", "a", "\u00e4\u20ac\U0001f600", "x" * 255, "x" * 256, "line\nend\0",
        b"", b"abc", bytes(range(255)), bytes(256), bytearray(b"mutable"), Class("collections.OrderedDict"), Class("fractions.Fraction")])
    make.value("containers.pkl", "Every container: empty, of one, of many, nested", [
        [], [1], [[]], (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), {}, {"a": 1}, Set("set", []), Set("set", [1, 2]), Set("frozenset", []),
        Set("frozenset", ["a", (1, 2)]), {1: "int", -7: "negative", "": "empty", None: "none", 2.5: "float", (1, 2): "tuple", b"b": "bytes"}])
    make.value("batches.pkl", "Containers of 1000 and 1001 items: MARK and APPENDS, SETITEMS, ADDITEMS per 1000 at most",
               [[None] * 1000, [None] * 1001, {i: None for i in range(1001)}, Set("set", range(1001))])
    make.value("deep.pkl", "Lists nested 200 deep", nested(200))
    make.value("paths.pkl", "Arrays under keys that paths have to spell", {
        "a/b": array(1), "%": array(2), "": array(3), 3: array(4), "3": array(5), (1, 2): array(6), None: [array(7), (array(8),)],
        "\u00fc": Struct({"x": array(9)}), "b": {"": {"c": array(10)}}})
    make.value("objects.pkl", "Structs: plain, empty, nested, of a Python class, with a registered name", [
        Struct({}), Struct({"name": "first", "weights": DOUBLES, "score": None}), Struct({"name": "second", "weights": array(1), "score": 0.5}),
        Struct({"inner": Struct({"name": "third"})}), Struct({"alpha": 1.0, "beta": array(2)}, cls="argparse.Namespace"),
        Struct({"__jl_type__": "acme.Circle", "radius": 2.0})])


def nested(depth):
    value = []
    for _ in range(depth - 1):
        value = [value]
    return value


def array(number):
    return Array("<i4", (2,), numbers("i", number, -number))


def make_arrays(make):
    plain = {
        "|b1": bytes([1, 0, 1, 1, 0, 0]), "|i1": numbers("b", -128, 127, 0, 1, 2, 3), "|u1": bytes(range(250, 256)),
        "<i2": numbers("h", -32768, 32767, 0, 1, 2, 3), ">i2": struct.pack(">6h", -32768, 32767, 0, 1, 2, 3), "<u2": numbers("H", *range(6)),
        "<i4": numbers("i", *range(6)), "<u4": numbers("I", *range(6)), "<i8": numbers("q", *range(6)), "<u8": numbers("Q", *range(6)),
        "<f2": numbers("e", *range(6)), "<f4": numbers("f", *range(6)), "<f8": numbers("d", *range(6)), ">f8": struct.pack(">6d", *range(6)),
        "<c8": numbers("f", *range(12)), "<c16": numbers("d", *range(12)), "|S5": b"ab\0\0\0hello" * 3, "<U2": "a\0bc".encode("utf-32-le") * 3,
        "|V3": bytes(range(18)), "<M8[ns]": numbers("q", *range(6)), "<m8[25s]": numbers("q", *range(6)), "<M8": numbers("q", -2**63, 1, 2, 3, 4, 5)}
    make.value("dtypes.pkl", "Every plain dtype, shape (2, 3)", {dtype: Array(dtype, (2, 3), data) for dtype, data in plain.items()})
    six = numbers("d", *range(6))
    make.value("shapes.pkl", "Shapes, orders, and records that share class, keys, dtype and state", [
        Array("<f8", (), numbers("d", 7.0)), Array("<f8", (0,), b""), Array("<f8", (2, 0, 3), b""), Array("<f8", (6,), six),
        Array("<f8", (2, 3), six), Array("<f8", (2, 3), six, "F"), Array("<f8", (1, 2, 3, 1), six), Array("<f8", (2, 3), six[::-1]),
        Array("<f8", (6,), six[::-1]), Array("<f8", (1,) * 32, six[:8])])
    make.value("array.pkl", "An array as the root", DOUBLES)
    make.value("structured.pkl", "Structured dtypes: packed, padded and aligned, nested, with sub-array and str", [
        Array([("x", "<f8"), ("y", "<i4")], (2,), struct.pack("<didi", 1.0, 2, 3.0, 4)),
        Array(Structure([("flag", "|b1", 0), ("value", "<f8", 8), ("tail", "<i2", 16)], 24, 8), (2,),
              struct.pack("<?7xdh6x?7xdh6x", 1, 2.0, 3, 0, 5.0, 6)),
        Array([("inner", [("a", "<i2"), ("b", "<i2")]), ("c", "<f4")], (1,), struct.pack("<hhf", 1, 2, 3.0)),
        Array([("m", "<i4", (2, 3)), ("id", "|u1")], (1,), struct.pack("<6iB", *range(7))),
        Array([("name", "<U2"), ("raw", "|S3")], (1,), "ab".encode("utf-32-le") + b"xyz")])
    scalars = [("<f8", numbers("d", 1.5), 1.5), ("<f4", numbers("f", float("nan")), "nan"), ("<f2", numbers("e", 0.5), 0.5),
               ("<i8", numbers("q", 2**60), str(2**60)), ("|u1", b"\xff", 255), ("|b1", b"\1", True), ("<c16", numbers("d", 1.0, -2.0), "(1-2j)"),
               ("<M8[ns]", numbers("q", 1700000000000000000), "1700000000000000000"), ("<m8[s]", numbers("q", 90), 90),
               ("|S3", b"abc", "abc"), ("<U2", "\u00e4b".encode("utf-32-le"), "\u00e4b")]
    make.value("numpy_scalars.pkl", "numpy scalars, one dtype used by two and by an array", [Scalar(*s) for s in scalars] + [
        Scalar("<f8", numbers("d", 2.5), 2.5), DOUBLES])
    make.value("object_array.pkl", "Arrays of objects, an array record inside one of them",
               {"o": ObjectArray((2, 2), [1, "two", None, [DOUBLES]]), "empty": ObjectArray((0,), [])})
    make.value("chunks.pkl.gz", "Payload of 2.5 chunks over four units; the neighbours straddle units", [
        Array("|u1", (CHUNK - 700,), bytes(CHUNK - 700)), Array("<i4", (5 * CHUNK // 8,), numbers("i", *([7] * (5 * CHUNK // 8)))), DOUBLES])
    make.value("arrays.pkl.z", "zlib framing, several arrays", {"a": DOUBLES, "b": Array("<f4", (2, 2), numbers("f", *range(4)), "F"), "c": DOUBLES})
    make.value("open_rows.pkl", "Arrays whose first dimension was told by the rows that came, and one of their dtype and shape that was known", {
        "rows": OpenArray("<f8", (3, 2), six), "none": OpenArray("<f4", (0,), b""), "again": OpenArray("<f8", (3, 2), six[32:] + six[16:32] + six[:16]),
        "known": Array("<f8", (3, 2), six), "count": 3})
    many = {"m%d" % i: Array("|u1", (i,), bytes(i)) for i in range(300)}
    make.value("long_memo.pkl.gz", "300 shapes: memo indexes beyond 255, LONG_BINGET, and paddings of every length", [many, list(many.values())[-3:]])


def make_sharing(make):
    one, two = [1], {"k": DOUBLES}
    cycle = [1]
    cycle.append(cycle)
    both = (one, 2)
    struct_ = Struct({"x": one})
    buffer = bytearray(b"shared")
    make.value("shared.pkl", "The same array, list, dict, tuple, struct and bytearray twice; a list that holds itself",
               [DOUBLES, DOUBLES, one, one, two, two, both, both, struct_, struct_, buffer, buffer, cycle],
               shared=(one, two, both, struct_, buffer, cycle))
    laugh = ["ha"]
    layers = [laugh]
    for _ in range(40):
        layers.append([layers[-1], layers[-1]])
    make.value("laughs.pkl", "40 lists that hold the one below twice: 2^40 values if it were expanded", layers[-1], shared=tuple(layers))


def make_framings(make):
    graph = Graph(mmap=False)
    tree = graph.emit({"x": DOUBLES})
    raw = container(graph).bytes()
    zipped = deflated(raw, "gzip")
    facts = {"root": tree, "arrays": graph.arrays}
    make.valid("minimal.pkl.gz", "gzip framing", zipped, codec="gzip", **facts)
    make.valid("minimal.pkl.z", "zlib framing", deflated(raw, "zlib"), codec="zlib", **facts)
    make.valid("gunzipped.pkl", "What gunzip makes of minimal.pkl.gz: table and locator records after the footer",
               zlib.decompress(zipped, 31), mapped=False, **facts)
    make.valid("plain_gzip.pkl.gz", "A container in an ordinary gzip file: no table, no locator", plain_gzip(raw), codec="gzip", **facts)
    make.valid("regzipped.pkl.gz", "gunzipped.pkl compressed by an ordinary gzip: the records inside describe a stream that is gone",
               plain_gzip(zlib.decompress(zipped, 31)), codec="gzip", **facts)
    make.valid("two_members.pkl.gz", "An ordinary gzip file of two members; joblib reads such files for ever",
               plain_gzip(raw[:100]) + plain_gzip(raw[100:]), codec="gzip", joblib=False, **facts)
    names = b"\x1f\x8b\x08\x1c\0\0\0\0\0\x03" + struct.pack("<H", 4) + b"AB\0\0" + b"name.pkl\0comment\0"
    make.valid("gzip_names.pkl.gz", "gzip header with extra field, name and comment", names + plain_gzip(raw)[10:], codec="gzip", **facts)
    bunzipped = bz2.decompress(bunzippable(raw))
    make.valid("minimal.pkl.bz2", "bz2 framing: a unit, the table, the locator, each a stream", bunzippable(raw), codec="bz2", **facts)
    make.valid("bunzipped.pkl", "What bunzip2 makes of minimal.pkl.bz2: table and locator records after the footer", bunzipped, mapped=False, **facts)
    make.valid("plain_bz2.pkl.bz2", "A container in an ordinary bz2 file", bz2.compress(raw), codec="bz2", **facts)
    make.valid("minimal.pkl.xz", "xz framing: one block", xz(raw), codec="xz", **facts)
    make.valid("blocks.pkl.xz", "xz of three short blocks", xz(raw, len(raw) // 3 + 1), codec="xz", **facts)
    make.valid("two_streams.pkl.xz", "Two xz streams, one behind the other", xz(raw[:100]) + xz(raw[100:]), codec="xz", **facts)
    make.valid("minimal.pkl.lzma", "lzma (alone)", lzma_alone(raw), codec="lzma", **facts)


def make_versions(make):
    def one(name, about, options, **facts):
        graph = Graph(minor=options.get("minor", 0))
        tree = graph.emit({"x": DOUBLES})
        make.valid(name, about, container(graph, **options).bytes(), tree, graph.arrays, **facts)

    def newer(columns):
        columns["invented_later"] = [1, {"a": "b"}]

    def reserved(fields):
        fields["reserved"], fields["reserved2"] = 7, 8

    one("newer_minor.pkl", "Minor 7: an unknown directory key, an unknown extension that may be ignored, reserved bytes in use",
        {"minor": 7, "extensions": [("acme.colours", {"depth": 3}, False)], "edit_directory": newer, "edit_footer": reserved}, format="jl 1.7")
    one("extension.pkl", "An unknown extension without must_understand", {"extensions": [("acme.colours", None, False)]})

    graph = Graph()
    tree = graph.emit({"x": DOUBLES})
    raw = container(graph, state=1).bytes()
    at = graph.arrays[0]["offset"]
    changed = numbers("d", 8.0, 9.0, 10.0)
    entry = dict(graph.arrays[0], data=changed)
    make.valid("in_place.pkl", "State 1: a payload was changed in place and the file not closed", raw[:at] + changed + raw[at + 24:], tree, [entry],
               verify="modified in place")
    late = lambda crcs: crcs.__setitem__(0, crcs[0] ^ 1)
    make.valid("in_place_table.pkl", "State 1: the table was being rewritten when the writer was killed, so checksums_crc is old too",
               container(graph_of({"x": DOUBLES}), state=1, edit_table=late, edit_footer=lambda f: f.update(checksums_crc=1)).bytes(),
               tree, graph.arrays, verify="modified in place")


def make_streams(make):
    first = Graph()
    tree = first.emit({"x": DOUBLES})
    raw = container(first).bytes()
    second = Graph(at=len(raw))
    second.emit([DOUBLES, "second"])
    make.valid("two.pkl", "Two containers in one stream; payloads of the second are aligned in the file", raw + container(second).bytes(), tree,
               first.arrays, containers=2)
    stop = int.from_bytes(raw[-57:-49], "little")
    for name, size, place in (
            ("after_stop", stop, "right after STOP"), ("in_frame", stop + 4, "inside the directory's frame"),
            ("in_directory", stop + 50, "inside the directory"), ("before_table", len(raw) - 75 - 14, "before the checksum table"),
            ("in_table", len(raw) - 75 - 3, "inside the checksum table"), ("before_footer", len(raw) - 75, "before the footer"),
            ("in_footer", len(raw) - 20, "inside the footer"), ("last_byte", len(raw) - 1, "before the last POP")):
        make.valid("cut_%s.pkl" % name, "The trailer is lost: cut %s" % place, raw[:size], tree, first.arrays, verify="truncated")
    make.valid("trailing_bytes.pkl", "Bytes after the container that are none", raw + b"\0\0\0", tree, first.arrays, verify="format")
    path = container(graph_of({"x": DOUBLES}), edit_directory=lambda d: d.update(paths=["/y"])).bytes()
    make.valid("lying_path.pkl", "The directory names a path at which the array does not stand", path, tree, (), verify="format")


def make_opcodes(make):
    """Opcodes that the canonical writer never uses."""
    text = lambda value: b"\x8c" + bytes([len(value)]) + value.encode()
    n = lambda kind, value=None: {"kind": kind} if value is None else {"kind": kind, "value": value}
    i = lambda value: n("int", value)
    s = lambda value: n("str", value)
    space = {"kind": "object", "class": "types.SimpleNamespace", "args": [], "state": n("none")}
    cases = [
        (b"I1\n", i(1)), (b"I01\n", n("bool", True)), (b"I00\n", n("bool", False)), (b"L-5L\n", i(-5)), (b"F2.5\n", n("float", 2.5)),
        (b"S'it\\'s'\n", s("it's")), (b"Vsn\\u00f6\n", s("sn\u00f6")),
        (b"T\3\0\0\0abc", s("abc")), (b"U\3abc", s("abc")), (b"X\3\0\0\0abc", s("abc")), (b"\x8d" + u64(3) + b"abc", s("abc")),
        (b"B\3\0\0\0abc", {"kind": "bytes", "size": 3, "hex": "616263"}), (b"\x8e" + u64(3) + b"abc", {"kind": "bytes", "size": 3, "hex": "616263"}),
        (b"\x96" + u64(3) + b"abc", {"kind": "bytearray", "size": 3, "hex": "616263"}), (b"\x8b" + u32(2) + b"\0\1", i(256)), (b"\x8a\0", i(0)),
        (b"(K\1K\2l", {"kind": "list", "items": [i(1), i(2)]}), (b"(K\1t", {"kind": "tuple", "items": [i(1)]}),
        (b"(K\1K\2d", {"kind": "dict", "items": [[i(1), i(2)]]}), (b"]K\1aK\2a", {"kind": "list", "items": [i(1), i(2)]}),
        (b"}K\1K\2s", {"kind": "dict", "items": [[i(1), i(2)]]}), (b"K\1K\x630", i(1)), (b"K\1(K\2K\x031", i(1)), (b"K\1(0", i(1)),
        (b"K\x072\x86", {"kind": "tuple", "items": [i(7), i(7)]}), (b"K\x09p5\n0g5\n", i(9)), (b"K\x0aq\x060h\x06", i(10)),
        (b"K\x0br\7\0\0\x000j\7\0\0\0", i(11)), (b"ctypes\nSimpleNamespace\n)R", space), (b"(itypes\nSimpleNamespace\n", space),
        (b"(ctypes\nSimpleNamespace\no", space), (text("fractions") + text("Fraction") + b"\x93K\1K\2\x86}\x92",
                                                  {"kind": "object", "class": "fractions.Fraction", "args": [i(1), i(2)], "state": n("none")}),
        (text("builtins") + text("set") + b"\x93](K\1e\x85R", {"kind": "set", "items": [i(1)]}),
        (b"\x80\2c__builtin__\nfrozenset\n](K\1e\x85R", {"kind": "frozenset", "items": [i(1)]}),
        (b"c_codecs\nencode\nX\1\0\0\0aX\6\0\0\0latin1\x86R", {"kind": "bytes", "size": 1, "hex": "61"}),
        (b"c__builtin__\nbytearray\n)R", {"kind": "bytearray", "size": 0, "hex": ""}),
        (b"ccopy_reg\n_reconstructor\n(cargparse\nNamespace\nc__builtin__\nobject\nNtR", {**space, "class": "argparse.Namespace"}),
        (b"\x80\5K\x0c", i(12)), (b"\x80\0K\x0d", i(13))]
    graph = Graph()
    graph.put(b"(" + b"".join(opcodes for opcodes, _ in cases) + b"\x95" + u64(4) + b"K\x0eK\x0f" + b"l")
    items = [tree for _, tree in cases] + [i(14), i(15)]
    make.valid("opcodes.pkl", "Opcodes of protocols 0 to 5 that a reader accepts and no canonical writer uses", container(graph).bytes(),
               {"kind": "list", "items": items})


def make(maker):
    for part in (make_values, make_arrays, make_sharing, make_framings, make_versions, make_streams, make_opcodes):
        part(maker)
