#!/usr/bin/env python3
"""What jlpack writes: reader.py finds every claim and checksum right and the values that went in, random access included, and
the graph's bytes are those of the specification's own writer.

    check_jlpack.py JLPACK
"""
import hashlib
import json
import pathlib
import struct
import sys
import tempfile
import zlib

from vectors import SPEC, Failures, difference, run, same

sys.path.insert(0, str(SPEC))
import reader  # noqa: E402
from container_writer import container  # noqa: E402
from graph_writer import Array, Graph  # noqa: E402
from pickle_writer import itemsize  # noqa: E402

LONG = (1 << 20) // 8 + 500  # two chunks, two units
ARRAYS = {
    "small": Array("<f8", (2, 3), struct.pack("<6d", *range(6))),
    "columns": Array("<i4", (2, 3), struct.pack("<6i", *range(6)), "F"),
    "bytes": Array("|u1", (5,), bytes(range(5))),
    "empty": Array("<f4", (0, 4), b""),
    "again": Array("<f8", (2, 3), struct.pack("<6d", *range(6, 12))),
    "long": Array("<i8", (LONG,), struct.pack("<%dq" % LONG, *(n * n for n in range(LONG)))),
}


def npy(array):
    shape = "(%s)" % "".join("%d, " % extent for extent in array.shape)
    header = "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }" % (array.dtype, array.order == "F", shape)
    header = header.ljust(-10 % 64 + 64 * ((len(header) + 10) // 64) - 1) + "\n"
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(header)) + header.encode() + array.data


def check_file(check, path, codec, tree):
    try:
        found = reader.answer(str(path))[1]
        verdict = reader.answer(str(path), verify=True)[1]
    except reader.Refused as error:
        check.expect(False, path.name, "is refused:", error)
        return
    check.expect(found["codec"] == codec and found["format"] == "jl 1.0", path.name, "is", found["codec"], found["format"])
    check.expect(verdict == "ok", path.name, verdict)
    wrong = difference(same(tree), same(json.loads(json.dumps(found["root"]))))
    check.expect(not wrong, path.name, wrong)
    for name, array in ARRAYS.items():
        entry = reader.answer(str(path), array="/" + name)[1]
        check.expect(entry["sha256"] == hashlib.sha256(array.data).hexdigest(), path.name, name, "has other bytes")


def graph_bytes(raw):
    return raw[:int.from_bytes(raw[-57:-49], "little")]


def shuffled(array):
    """As --shuffle writes it."""
    possible = len(array.data) >= 4096 and 1 < itemsize(array.dtype) < 256
    return Array(array.dtype, array.shape, array.data, array.order, "shuffle" if possible else None)


def check_pack(check, jlpack, folder, inputs, extension, codec, *options):
    path = folder / ("packed.pkl" + extension)
    status, _, err = run(jlpack, path, *inputs, "-q", *options)
    check.expect(status == 0, path.name, "is not made:", err)
    if status:
        return
    graph = Graph(mmap=codec == "none")
    tree = graph.emit({name: shuffled(array) for name, array in ARRAYS.items()} if "--shuffle" in options else ARRAYS)
    check_file(check, path, codec, json.loads(json.dumps(tree)))
    graph = bytes(container(graph).bytes())
    raw = path.read_bytes()
    if codec != "none":
        decoded = zlib.decompress(raw, 47)
        raw = decoded[:len(decoded) - 69 - int.from_bytes(decoded[-25:-17], "little")]
        single = [run(jlpack, folder / "one", *inputs, "-q", "-c", codec, "-j", threads, *options)[0] or (folder / "one").read_bytes() for threads in (1, 3)]
        check.expect(single[0] == single[1], codec, "depends on the number of threads")
    at = next((i for i, (a, b) in enumerate(zip(graph_bytes(raw), graph_bytes(graph))) if a != b), None)
    check.expect(at is None and len(graph_bytes(raw)) == len(graph_bytes(graph)), path.name, "is not spelled canonically: differs at byte", at)


def check_append(check, jlpack, folder, inputs):
    path = folder / "appended.pkl"
    check.expect(run(jlpack, path, inputs[0], "-q")[0] == 0, path.name, "is not made")
    check.expect(run(jlpack, path, inputs[1], "-q", "--append")[0] == 0, path.name, "is not appended to")
    source = reader.open_source(str(path))[1]
    check.expect(len(reader.containers(source)) == 2, path.name, "has", len(reader.containers(source)), "containers")
    check.expect(reader.answer(str(path), verify=True)[1] == "ok", path.name, "is damaged")
    second = reader.Container(*reader.containers(source)[-1])
    check.expect(all((second.start + entry[3]) % 64 == 0 for entry in second.entries), path.name, "has a payload that is not aligned in the file")


def main():
    check = Failures()
    with tempfile.TemporaryDirectory() as folder:
        folder, inputs = pathlib.Path(folder), []
        for name, array in ARRAYS.items():
            (folder / (name + ".npy")).write_bytes(npy(array))
            inputs.append("%s=%s" % (name, folder / (name + ".npy")))
        for extension, codec in (("", "none"), (".gz", "gzip"), (".z", "zlib")):
            check_pack(check, sys.argv[1], folder, inputs, extension, codec)
        check_pack(check, sys.argv[1], folder, inputs, ".gz", "gzip", "--shuffle")
        check_append(check, sys.argv[1], folder, inputs)
    return check.status()


if __name__ == "__main__":
    sys.exit(main())
