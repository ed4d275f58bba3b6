"""The tree that `jlunpack FILE --json` has to print, derived from the Python object that was dumped.

Nothing here looks at the file. README.md says which node each kind of object becomes; a member that is left out of an
object node ("args", "state") is not compared, and a path that is None means "any path".
"""
import collections
import copyreg
import re
import types

import numpy as np

from digest import sha256

JOBLIB_ARRAYS = (np.ndarray, np.matrix, np.memmap)
NAMED_DICTS = (collections.OrderedDict, collections.defaultdict, collections.Counter)
SAFE_KEY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
EXACT = 2**53


def number(value):
    """A Python number as JSON writes it: anything that a double cannot hold exactly is a string."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) <= EXACT else str(value)
    if isinstance(value, float):
        return value if np.isfinite(value) else repr(value)
    return repr(value)


def dtype_json(dtype):
    def listed(entry):
        if isinstance(entry, (tuple, list)):
            return [listed(part) for part in entry]
        return entry

    return listed(dtype.descr) if dtype.names is not None else dtype.str


def class_name(cls):
    return f"{cls.__module__}.{cls.__qualname__}"


def below(path, key):
    """The path of a child, None when its spelling is not fixed by the interface."""
    if path is None or isinstance(key, bool) or not isinstance(key, (str, int)):
        return None
    text = str(key)
    if not SAFE_KEY.fullmatch(text):
        return None
    return "/" + text if path == "/" else path + "/" + text


class Expectation:
    """Walks one object. `document` is the whole expected file; `arrays` are the digests in document order."""

    def __init__(self, value, protocol, codec, joblib=True):
        self.protocol = protocol
        self.seen = {}
        self.keep = []
        self.nested = not joblib
        self.wrapped = False
        self.arrays = []
        root = self.node(value, "/")
        self.document = {
            "format": "joblib" if self.wrapped else "pickle",
            "codec": codec,
            "root": root,
            "arrays": self.arrays,
        }

    def node(self, value, path):
        if value is None:
            return {"kind": "none"}
        if isinstance(value, np.generic):
            return self.scalar(value)
        plain = {bool: "bool", int: "int", float: "float", complex: "complex", str: "str"}.get(type(value))
        if plain:
            return {"kind": plain, "value": value if plain == "str" else number(value)}
        if type(value) is bytes:
            return {"kind": "bytes", "size": len(value), "hex": value[:64].hex()}
        if isinstance(value, (type, types.FunctionType, types.BuiltinFunctionType)):
            return {"kind": "class", "name": class_name(value)}
        if type(value) in JOBLIB_ARRAYS and not self.nested:
            return self.wrapped_array(value, path)
        if type(value) == tuple and not value:
            return {"kind": "tuple", "items": []}
        if id(value) in self.seen:
            return {"kind": "ref", "path": self.seen[id(value)]}
        self.seen[id(value)] = path
        self.keep.append(value)
        return self.container(value, path)

    def scalar(self, value):
        node = {"kind": "scalar", "dtype": dtype_json(value.dtype)}
        kind = value.dtype.kind
        if kind in "mM":
            node["value"] = number(int(value.view("i8")))
        elif kind in "biufcU" and value.dtype.itemsize <= 16 and value.dtype.char not in "gG":
            node["value"] = number(value.item()) if kind != "U" else str(value)
        return node

    def wrapped_array(self, value, path):
        """An array in joblib's own form: never shared, and objects inside form a pickle with a memo of its own."""
        self.wrapped = True
        if not value.dtype.hasobject:
            return self.array(value, path)
        outer, self.seen, self.nested = self.seen, {id(value): path}, True
        node = self.array(value, path)
        self.seen, self.nested = outer, False
        return node

    def array(self, value, path):
        if value.dtype.kind == "T":
            return {"kind": "any"}
        flags = value.flags
        node = {
            "kind": "array",
            "path": path,
            "dtype": dtype_json(value.dtype),
            "shape": list(value.shape),
            "order": "F" if flags.f_contiguous and not flags.c_contiguous else "C",
            "nbytes": value.dtype.itemsize * value.size,
        }
        self.arrays.append({"path": path, "sha256": sha256(value)})
        if value.dtype.hasobject:
            items = np.array(value, copy=True, order="C").reshape(-1).tolist()
            flat = path if value.ndim == 1 else None
            node["items"] = [self.node(item, below(flat, i)) for i, item in enumerate(items)]
        return node

    def container(self, value, path):
        kind = type(value)
        if isinstance(value, np.ndarray) and not isinstance(value, np.ma.MaskedArray):
            return self.array(value, path)
        if kind in (list, tuple, set, frozenset, collections.deque):
            node = {"kind": "list" if kind is collections.deque else kind.__name__, "items": self.sequence(value, path)}
            return {**node, "class": "collections.deque"} if kind is collections.deque else node
        if kind is dict:
            return {"kind": "dict", "items": self.pairs(value, path)}
        if kind in NAMED_DICTS:
            return {"kind": "dict", "class": class_name(kind), "items": self.pairs(value, path)}
        if kind is bytearray:
            return {"kind": "bytearray", "size": len(value), "hex": bytes(value[:64]).hex()}
        return self.instance(value, path)

    def sequence(self, value, path):
        return [self.node(item, below(path, i)) for i, item in enumerate(value)]

    def pairs(self, value, path):
        return [[self.node(k, None), self.node(v, below(path, k))] for k, v in value.items()]

    def instance(self, value, path):
        reduced = value.__reduce_ex__(max(self.protocol, 2))
        self.keep.append(reduced)
        if isinstance(reduced, str):
            return {"kind": "class", "name": f"{value.__class__.__module__}.{reduced}"}
        function, arguments = reduced[:2]
        made_new = function in (copyreg.__newobj__, getattr(copyreg, "__newobj_ex__", None))
        node = {"kind": "object", "class": class_name(arguments[0] if made_new else function)}
        state = reduced[2] if len(reduced) > 2 else None
        if type(value) is types.SimpleNamespace:
            node["args"] = []
        if type(state) is dict:
            self.seen.setdefault(id(state), None)
            node["state"] = {"kind": "dict", "items": self.pairs(state, path)}
        return node


def expected(value, protocol, codec, joblib=True):
    """The expected file for `value`; `joblib` is False when the plain pickle module wrote it."""
    return Expectation(value, protocol, codec, joblib).document
