#!/usr/bin/env python3
"""Writes the corpus of the releases of joblib before 1.0, by their own code, with the expected trees beside the files.

    old_releases.py OUT_DIR RELEASES_DIR

Runs inside the environment that old_releases.json names; RELEASES_DIR/<release> holds the package (make_venvs.py). Of each
release only joblib.numpy_pickle is imported: the rest of the older ones does not run under today's Python. Besides what
they wrote under Python 3 there are files
  -vendored  with the wrappers of a copy inside of another package
  -python2   as under Python 2: str as STRING opcodes, ASCII text as str, other text as unicode; the wider ZF header
Every file is loaded again by the joblib of the environment and has to hold the same arrays; those of Python 2 with
Python's encoding='latin1', since joblib itself refuses them.
"""
import json
import pathlib
import pickle
import subprocess
import sys
import types
import warnings

HERE = pathlib.Path(__file__).resolve().parent
CASES = ["golden_small", "several", "object_mixed", "object_arrays", "scalars", "struct_nested", "order_f", "order_f_3d",
         "zero_d", "empty", "special_floats", "matrix", "times", "strings", "tuples", "dict_keys", "namespace", "large"]
SHARED = ["several", "object_arrays"]  # what companions or ZF store in another way than the pickle beside them
CODECS = ["zlib", "gzip", "bz2", "xz", "lzma"]
VENDORED = "sklearn.externals.joblib.numpy_pickle"


def load_release(release, folder):
    """joblib.numpy_pickle of that release, without the rest of its package."""
    package = types.ModuleType("joblib")
    package.__path__, package.__version__ = [str(folder / release / "joblib")], release
    sys.modules["joblib"] = package
    import joblib.numpy_pickle

    return joblib.numpy_pickle


def python2_strings(pickler):
    """A subclass of the pickler's dispatch table that spells str and bytes as Python 2 does."""
    def save_string(self, value):
        if isinstance(value, str) and not value.isascii():
            return pickle._Pickler.save_str(self, value)
        raw = value.encode() if isinstance(value, str) else value
        size = len(raw)
        self.write((b"U" + bytes([size]) if size < 256 else b"T" + size.to_bytes(4, "little")) + raw)
        return self.memoize(value)

    table = dict(pickler.dispatch)
    table[bytes] = table[str] = save_string
    return table


def vendor(numpy_pickle):
    sys.modules[VENDORED] = numpy_pickle
    for part in ("sklearn", "sklearn.externals", "sklearn.externals.joblib"):
        sys.modules.setdefault(part, types.ModuleType(part))
    for name in ("NDArrayWrapper", "ZNDArrayWrapper", "NumpyArrayWrapper"):
        if hasattr(numpy_pickle, name):
            setattr(getattr(numpy_pickle, name), "__module__", VENDORED)


def wide_header(path):
    """Python 2 and joblib before 0.8.5: one more space behind the length."""
    data = path.read_bytes()
    if data[:2] == b"ZF":
        path.write_bytes(data[:21] + b" " + data[21:])


class Release:
    def __init__(self, release, folder, out, dialect):
        self.release, self.out, self.dialect = release, out, dialect
        self.old = release.startswith(("0.8", "0.9"))
        if self.old:  # they ask for the highest, which was 3 in their time
            pickle.HIGHEST_PROTOCOL = pickle.DEFAULT_PROTOCOL = self.protocol()
        self.numpy_pickle = load_release(release, folder)
        if dialect == "vendored":
            vendor(self.numpy_pickle)
        if dialect == "python2":
            pickler = self.numpy_pickle.NumpyPickler
            pickler.dispatch = python2_strings(pickler)

    def variants(self):
        """(name, keyword arguments of dump)"""
        if self.old:
            yield from [("none", {}), ("ZF", {"compress": 3}), ("ZFcompanions", {"compress": 3, "cache_size": 0})]
        else:
            yield "none", {}
            for codec in CODECS if self.dialect == "python3" else CODECS[:1]:
                yield codec, {"compress": (codec, 3)}

    def protocol(self):
        return 2 if self.dialect == "python2" else 3 if self.old else 4

    def dump(self, value, path, keywords):
        extra = {} if self.old else {"protocol": self.protocol()}
        self.numpy_pickle.dump(value, str(path), **keywords, **extra)
        if self.dialect == "python2":
            for file in [path, *path.parent.glob(path.name + "_*.z")]:
                wide_header(file)

    def expected(self, value, path, variant):
        from expected import Expectation

        python2 = self.dialect == "python2"

        class Expected(Expectation):
            def node(self, item, where):
                if python2 and type(item) is bytes and item.isascii():
                    return {"kind": "str", "value": item.decode()}
                return super().node(item, where)

        companions = any(path.parent.glob(path.name + "_*"))
        wrapped = companions if self.old else True
        codec = "zlib" if variant.startswith("ZF") else variant
        document = Expected(value, self.protocol(), codec, wrapped).document
        if self.old and (companions or variant.startswith("ZF")):
            document["format"] = "joblib-0.9"
        return document

    def write(self, cases):
        written = []
        for name in CASES:
            for variant, keywords in self.variants():
                if (variant.startswith("ZF") or self.dialect == "python2") and name in ("object_mixed", *SHARED):
                    continue
                value = cases[name]()
                path = self.out / f"{self.release}-{name}-{self.dialect}-{variant}.pkl"
                self.dump(value, path, keywords)
                document = self.expected(value, path, variant)
                path.with_name(path.name + ".json").write_text(json.dumps(document) + "\n")
                written.append(path.name)
        print("\n".join(written))


def write_one(release, folder, out, dialect):
    import collections
    import collections.abc

    for name in ("Sized", "Iterable", "Mapping"):  # joblib 0.8 and 0.9 look for them where Python 2 had them
        setattr(collections, name, getattr(collections.abc, name))
    one = Release(release, folder, out, dialect)
    import make_golden

    one.write(make_golden.CASES)


def reload_digests(path, python2):
    """Digests of the arrays that today's joblib finds."""
    from expected import Expectation
    from joblib import load, numpy_pickle, numpy_pickle_compat, numpy_pickle_utils

    if not python2:
        value = load(path)
    else:
        with open(path, "rb") as file, numpy_pickle_utils._read_fileobject(file, str(path)) as content:
            if isinstance(content, str):
                file.seek(0)
                unpickler = numpy_pickle_compat.ZipNumpyUnpickler(str(path), file_handle=file)
            else:
                unpickler = numpy_pickle.NumpyUnpickler(str(path), content)
            unpickler.encoding = "latin1"
            value = unpickler.load()
    return [each["sha256"] for each in Expectation(value, 4, "none", True).document["values"]]


def main(arguments):
    if arguments[0] == "--one":
        release, folder, out, dialect = arguments[1:]
        return write_one(release, pathlib.Path(folder), pathlib.Path(out), dialect)
    warnings.simplefilter("ignore")
    out, folder = map(pathlib.Path, arguments)
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob("*.pkl*"):
        old.unlink()
    count, problems = 0, []
    for release in json.loads((HERE / "old_releases.json").read_text())["releases"]:
        for dialect in ("python3", "vendored", "python2"):
            command = [sys.executable, "-W", "ignore", __file__, "--one", release, folder, out, dialect]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=HERE)
            for name in done.stdout.split():
                count += 1
                want = json.loads((out / (name + ".json")).read_text())["values"]
                if dialect == "vendored":
                    continue  # joblib looks for the class in the package that is not there
                try:
                    found = reload_digests(out / name, dialect == "python2")
                except Exception as error:  # whatever it is, the file is not what it should be
                    found = f"{type(error).__name__}: {error}"
                if found != [each["sha256"] for each in want]:
                    problems.append(f"{name}: joblib finds other arrays: {found}")
    print("\n".join([*problems, f"old_releases.py: {count} files in {out}, {len(problems)} with problems"]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
