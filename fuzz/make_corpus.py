#!/usr/bin/env python3
"""fuzz/make_corpus.py: writes the seed corpora of the file targets from the specification's test vectors.

Files of up to 1 500 bytes; machine gets uncompressed ones only, stream a leading byte for the length of its pieces. Where a
part is enough, a file's name decides, so that new vectors leave the other seeds as they are.
"""
import io
import pathlib
import shutil
import zlib
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


def main():
    fill_numpy()
    valid = [(f.name, f.read_bytes()) for f in vectors("valid")]
    invalid = [(f.name, f.read_bytes()) for f in vectors("invalid")]
    joblib = [(f.name, f.read_bytes()) for f in vectors("from_joblib")]
    plain = [(name, data) for name, data in valid + joblib if data[:1] not in b"\x1f\x78B\xfd\x04\x28"]
    fill("load", valid + part(2, joblib) + part(3, invalid))
    fill("mapped", part(2, plain))
    fill("trailer", [one for one in valid if one in plain])
    fill("machine", part(2, plain, 1))
    fill("stream", part(2, valid) + part(4, joblib, 1), lambda data: b"\x00" + data + data)
    structured = [one for one in plain if "struct" in one[0] or "times" in one[0] or "records" in one[0]]
    fill("dtype", [(f"text_{i:02}", text.encode()) for i, text in enumerate(DTYPES)] + structured)


if __name__ == "__main__":
    main()
