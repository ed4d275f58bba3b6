#!/usr/bin/env python3
"""fuzz/make_corpus.py: writes the seed corpora of the file targets from the specification's test vectors.

Files of up to 1 500 bytes; machine gets uncompressed ones only, stream a leading byte for the length of its pieces.
"""
import pathlib
import shutil

HERE = pathlib.Path(__file__).resolve().parent
VECTORS = HERE.parent / "spec" / "vectors"
DTYPES = ["<f8", ">i4", "|b1", "|S5", "<U4", "|V12", "<M8[ns]", "<m8[25s]", "|O", "=i2", "float64", "<c16", "<f2", "<g"]


def vectors(folder):
    files = [f for f in (VECTORS / folder).iterdir() if f.is_file() and f.suffix != ".json"]
    return sorted(f for f in files if 0 < f.stat().st_size <= 1500)


def fill(target, files, change=lambda data: data):
    folder = HERE / "corpus" / target
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, data in files:
        (folder / name).write_bytes(change(data))


def main():
    valid = [(f.name, f.read_bytes()) for f in vectors("valid")]
    invalid = [(f.name, f.read_bytes()) for f in vectors("invalid")]
    joblib = [(f.name, f.read_bytes()) for f in vectors("from_joblib")]
    plain = [(name, data) for name, data in valid + joblib if data[:1] not in b"\x1f\x78B\xfd\x04\x28"]
    fill("load", valid + joblib[::2] + invalid[::3])
    fill("mapped", [one for one in valid + joblib if one in plain][::2])
    fill("trailer", [one for one in valid if one in plain])
    fill("machine", plain[1::2])
    fill("stream", valid[::2] + joblib[1::4], lambda data: b"\x00" + data + data)
    structured = [one for one in plain if "struct" in one[0] or "times" in one[0] or "records" in one[0]]
    fill("dtype", [(f"text_{i:02}", text.encode()) for i, text in enumerate(DTYPES)] + structured)


if __name__ == "__main__":
    main()
