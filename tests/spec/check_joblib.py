#!/usr/bin/env python3
"""Python's joblib on every valid vector: the values and identities of the expected tree, in memory and mapped.

    check_joblib.py --python PYTHON     PYTHON: an interpreter with joblib, numpy and blosc; without the option, this one
"""
import fractions
import hashlib
import subprocess
import sys
import warnings

from vectors import Failures, vectors


class Comparison:
    """One loaded value against its tree; yields a sentence for each difference."""
    def __init__(self, facts, mapped):
        self.digests, self.mapped, self.shown = dict(facts["arrays"]), mapped and facts.get("mapped", True), {}

    def node(self, node, value, path=""):
        """`path` is "" for the root."""
        kind = node["kind"]
        if kind == "ref":
            if value is not self.shown[node["path"]]:
                yield "%s is another object than %s" % (path, node["path"])
            return
        self.shown.setdefault(path or "/", value)
        check = getattr(self, kind, self.plain)
        yield from check(node, value, path)

    def plain(self, node, value, path):
        kind, claim = node["kind"], node.get("value")
        expected = {"none": lambda: None, "bool": lambda: claim, "int": lambda: int(claim), "float": lambda: float(claim),
                    "complex": lambda: complex(claim), "str": lambda: claim}[kind]()
        if type(value) is not type(expected) or repr(value) != repr(expected):
            yield "%s is %r, not %r" % (path, value, expected)

    def bytes(self, node, value, path):
        if type(value).__name__ != node["kind"] or len(value) != node["size"] or bytes(value[:64]).hex() != node["hex"]:
            yield "%s is %r" % (path, value)

    bytearray = bytes

    def list(self, node, value, path):
        if type(value).__name__ != node["kind"] or len(value) != len(node["items"]):
            yield "%s is %.100r" % (path, value)
            return
        for i, (item, found) in enumerate(zip(node["items"], value)):
            yield from self.node(item, found, "%s/%d" % (path, i))

    tuple = list

    def set(self, node, value, path):
        if type(value).__name__ != node["kind"] or value != {python(item) for item in node["items"]}:
            yield "%s is %.100r" % (path, value)

    frozenset = set

    def dict(self, node, value, path):
        if type(value) is not dict or [repr(key) for key in value] != [repr(python(key)) for key, _ in node["items"]]:
            yield "%s is %.100r" % (path, value)
            return
        for i, ((key, item), found) in enumerate(zip(node["items"], value.values())):
            yield from self.node(item, found, path + "/" + component(key, i))

    def array(self, node, value, path):
        import numpy
        self.shown[node["path"]] = value
        if not isinstance(value, numpy.ndarray) or list(value.shape) != node["shape"]:
            yield "%s is %.100r" % (path, value)
            return
        dtype = tuples(node["dtype"])
        swapped = isinstance(dtype, str) and dtype[0] == ">" and value.dtype.isnative
        found = value.dtype.newbyteorder(">") if swapped else value.dtype
        if (found.str if isinstance(dtype, str) else found.descr) != dtype:
            yield "%s has dtype %r" % (path, found)
        if "items" in node:
            yield from self.list({"kind": "list", "items": node["items"]}, value.ravel().tolist(), path)
            return
        flags = value.flags
        if not (flags.f_contiguous if node["order"] == "F" else flags.c_contiguous):
            yield "%s is not contiguous in order %s" % (path, node["order"])
        plain = numpy.zeros(value.shape, found, node["order"])  # joblib leaves padding as it finds it
        for name in found.names or (...,):
            plain[name] = value[name]
        digest = hashlib.sha256(plain.tobytes(node["order"])).hexdigest()
        if digest != self.digests.pop(node["path"], {"sha256": digest})["sha256"]:
            yield "%s has other values" % path
        if self.mapped and value.size and not (isinstance(value, numpy.memmap) and value.ctypes.data % 64 == 0):
            yield "%s is not mapped at a multiple of 64" % path

    def scalar(self, node, value, path):
        import numpy
        found = value.item() if value.dtype.kind not in "Mm" else int(value.view("i8"))
        found = found.decode() if isinstance(found, bytes) else found
        expected = node["value"]
        if isinstance(expected, str) and value.dtype.kind in "iufcMm":
            expected = {"f": float, "c": complex}.get(value.dtype.kind, int)(expected)
        if not isinstance(value, numpy.generic) or value.dtype.str != node["dtype"] or repr(found) != repr(expected):
            yield "%s is %r" % (path, value)

    def object(self, node, value, path):
        if "%s.%s" % (type(value).__module__, type(value).__qualname__) != node["class"]:
            yield "%s is %r" % (path, value)
        elif node["class"] == "fractions.Fraction":
            if value != fractions.Fraction(*(arg["value"] for arg in node["args"])):
                yield "%s is %r" % (path, value)
        else:
            yield from self.node(node["state"] if node["state"]["kind"] == "dict" else {"kind": "dict", "items": []}, vars(value), path)

    def klass(self, node, value, path):
        if not isinstance(value, type) or "%s.%s" % (value.__module__, value.__qualname__) != node["name"]:
            yield "%s is %r" % (path, value)


setattr(Comparison, "class", Comparison.klass)


def python(node):
    """The Python value of a hashable node."""
    if node["kind"] in ("tuple", "frozenset"):
        return {"tuple": tuple, "frozenset": frozenset}[node["kind"]](python(item) for item in node["items"])
    if node["kind"] == "bytes":
        return bytes.fromhex(node["hex"])
    return {"float": float}.get(node["kind"], lambda value: value)(node.get("value"))


def component(key, index):
    if key["kind"] == "str":
        return key["value"].replace("%", "%25").replace("/", "%2F")
    return str(key["value"]) if key["kind"] == "int" else "#%d" % index


def tuples(dtype):
    if isinstance(dtype, str):
        return dtype
    return [(name, tuples(kind), *(tuple(part) for part in shape)) for name, kind, *shape in dtype]


def check_vector(check, joblib, path, facts):
    for mode in (None, "r") if facts["codec"] == "none" else (None,):
        try:
            value = joblib.load(str(path), mmap_mode=mode)
        except Exception as error:
            check.expect(False, path.name, "mmap_mode", mode, "is refused:", repr(error))
            continue
        wrong = list(Comparison(facts, mode is not None).node(facts["root"], value))
        check.expect(not wrong, path.name, "mmap_mode", mode, *wrong[:3])


def check_stream(check, joblib, path):
    """Several containers from one open file."""
    with open(path, "rb") as stream:
        values = [joblib.load(stream), joblib.load(stream)]
    check.expect(values[0]["x"].tolist() == values[1][0].tolist() and values[1][1] == "second", path.name, "gives", values)


def main():
    import joblib
    import numpy
    check, left_out = Failures(), []
    print("Python %s, joblib %s, numpy %s" % (sys.version.split()[0], joblib.__version__, numpy.__version__))
    warnings.simplefilter("error", UserWarning)  # joblib's: not aligned, mmap_mode ignored
    warnings.filterwarnings("error", message=".*align")  # numpy's: dtype arguments
    for path, facts in vectors("valid"):
        if facts.get("joblib", True):
            check_vector(check, joblib, path, facts)
            if "containers" in facts:
                check_stream(check, joblib, path)
        else:
            left_out.append(path.name)
    print("not for joblib:", *left_out)
    return check.status()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--python"]:
        sys.exit(subprocess.run([sys.argv[2], "-B", __file__]).returncode)
    sys.exit(main())
