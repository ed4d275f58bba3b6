#!/usr/bin/env python3
"""fuzz/make_corpus.py: writes the seed corpora of the file targets from the specification's test vectors.

Files of up to 1 500 bytes; machine gets uncompressed ones only, stream a leading byte for the length of its pieces. Where a
part is enough, a file's name decides, so that new vectors leave the other seeds as they are.
"""
import io
import pathlib
import shutil
import struct
import zipfile
import zlib

HERE = pathlib.Path(__file__).resolve().parent
VECTORS = HERE.parent / "spec" / "vectors"
DTYPES = ["<f8", ">i4", "|b1", "|S5", "<U4", "|V12", "<M8[ns]", "<m8[25s]", "|O", "=i2", "float64", "<c16", "<f2", "<g"]


def vectors(folder):
    files = [f for f in (VECTORS / folder).iterdir() if f.is_file() and f.suffix not in (".json", ".md")]
    return sorted(f for f in files if 0 < f.stat().st_size <= 1500)


def part(count, files, chosen=0):
    """One of `count` parts of the files."""
    return [(name, data) for name, data in files if zlib.crc32(name.encode()) % count == chosen]


def fill(target, files, change=lambda data: data):
    folder = HERE / "corpus" / target
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, data in files:
        (folder / name).write_bytes(change(data))


NPY_HEADERS = [
    "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }", "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }",
    "{'descr': [('x', '<i4'), ('', '|V4'), (('title', 'y'), '>f8', (2,))], 'fortran_order': True, 'shape': (), }",
    "{'descr': ('<f4', (2, 2)), 'fortran_order': False, 'shape': (3L,), }", "{'descr': '<U2', 'shape': (4294967296, 4294967296)}",
    "{'descr': [('\\xe4', '<i2'), (u\"q'\", [('n', '|S3')])], 'fortran_order': False, 'shape': (1, 0), }", "[[[[((((",
]


def npy(header, payload=bytes(48), version=1):
    text = header.encode() + b" " * 3 + b"\n"
    return b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<H" if version == 1 else "<I", len(text)) + text + payload


def npz(compression, comment=b""):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        archive.comment = comment
        for name, data in [("a.npy", npy(NPY_HEADERS[0])), ("b/c.npy", npy(NPY_HEADERS[2], bytes(20))), ("note", b"text")]:
            with archive.open(zipfile.ZipInfo(name), "w", force_zip64=name == "note") as member:
                member.write(data)
    return out.getvalue()


def zfile(content, claim=None, width=19):
    return b"ZF" + (claim or hex(len(content))).ljust(width).encode() + zlib.compress(content, 6)


def fill_numpy():
    fill("npy", [(f"header_{i}_{v}", npy(text, version=v)) for i, text in enumerate(NPY_HEADERS) for v in (1, 2, 3)])
    fill("npz", [("stored.npz", npz(zipfile.ZIP_STORED)), ("deflated.npz", npz(zipfile.ZIP_DEFLATED, b"a comment")),
                 ("empty.npz", npz(zipfile.ZIP_STORED)[-22:]), ("cut.npz", npz(zipfile.ZIP_DEFLATED)[:-30])])
    pickle = b"\x80\x02]q\x00(K\x01U\x02abe."
    wrapper = (b"cjoblib.numpy_pickle\nNDArrayWrapper\n)\x81}(U\x08filenameU\x03../U\x08subclasscnumpy\nndarray\n"
               b"U\nallow_mmap\x88ub.")
    fill("zfile", [("short_header", zfile(pickle)), ("long_header", zfile(pickle, width=20)), ("lie", zfile(pickle, "0x7")),
                   ("python2_long", zfile(pickle, hex(len(pickle)) + "L", 20)), ("wrapper", zfile(wrapper)),
                   ("cut", zfile(pickle)[:-3]), ("no_length", zfile(pickle, "0xg"))])


# What lies beside the outputs of a cache; a leading byte says which file it is.
METADATA = [
    '{"duration": 0.0012, "input_args": {"x": "4", "s": "\'\\u00fc\\ud83d\\ude00\'"}, "time": 1700000000.5}',
    '{"duration": 1e-05, "input_args": {}, "time": 1700000000.123456789, "function": "A::f", "version": "3", "output_bytes": 120}',
    '{"duration": [1, {"a": null}], "time": "late", "output_bytes": -5, "input_args": {"a/b": 1, "a/b": "\\\\"}}', '{"a": {"b": [[[[',
]


def fill_cache():
    counts = ["1200 3 1700000000000000000".ljust(79) + "\n", "0 0 0\n", "-1 5 0\n", "99999999999999999999 1 1\n", ""]
    names = ["A::f", "%41%3A%3Af", "square", "a%2Fb", "A%3A%3Af+0123456789abcdef", "con", "%2"]
    output = (VECTORS / "valid/ints.pkl")
    files = [(0, text.encode()) for text in METADATA] + [(1, text.encode()) for text in counts] + [(2, text.encode()) for text in names]
    files += [(3, output.read_bytes() if output.exists() else b"\x80\x04K\x02."), (3, b"K\x02."), (3, b"")]
    fill("cache", [(f"file_{kind}_{i:02}", bytes([kind]) + data) for i, (kind, data) in enumerate(files)])


def main():
    fill_numpy()
    fill_cache()
    valid = [(f.name, f.read_bytes()) for f in vectors("valid")]
    invalid = [(f.name, f.read_bytes()) for f in vectors("invalid")]
    joblib = [(f.name, f.read_bytes()) for f in vectors("from_joblib")]
    plain = [(name, data) for name, data in valid + joblib if data[:1] not in b"\x1f\x78B\xfd\x04\x28"]
    fill("load", valid + part(2, joblib) + part(3, invalid))
    fill("mapped", part(2, plain))
    fill("trailer", [one for one in valid if one in plain])
    fill("machine", part(2, plain, 1))
    fill("stream", part(2, valid) + part(4, joblib, 1), lambda data: b"\x00" + data + data)
    sequences = [(name, data + data) for name, data in part(2, valid, 1) + part(4, joblib)]
    fill("contents", sequences + [("torn_" + name, data + data[:-9]) for name, data in part(6, valid + joblib, 2)])
    structured = [one for one in plain if "struct" in one[0] or "times" in one[0] or "records" in one[0]]
    fill("dtype", [(f"text_{i:02}", text.encode()) for i, text in enumerate(DTYPES)] + structured)


if __name__ == "__main__":
    main()
