"""The tree that `jlunpack FILE --json` has to print (spec/json_tree.md), derived from the Python object that was dumped.

Nothing here looks at the file. A member that is left out of an object node is not compared, a path that is None stands for
any path, and {"kind": "any"} for any node; README.md says where that is so.
"""
import collections
import copyreg
import types

import joblib
import numpy as np

from digest import sha256

JOBLIB_ARRAYS = (np.ndarray, np.matrix, np.memmap)
NAMED_DICTS = (collections.OrderedDict, collections.defaultdict, collections.Counter)
EXACT = 2**53
OBJECT_PROTOCOL = 5 if tuple(map(int, joblib.__version__.split(".")[:2])) >= (1, 5) else 2


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


def step(path, component):
    if path is None:
        return None
    return ("" if path == "/" else path) + "/" + component


def entry_component(key, index):
    """The path component of a dict entry or attribute (spec/trailer.md)."""
    if isinstance(key, str) and not isinstance(key, np.generic):
        return key.replace("%", "%25").replace("/", "%2F")
    return str(key) if type(key) is int and -(2**63) <= key < 2**63 else f"#{index}"


class Expectation:
    """Walks one object. `document` is the whole expected file; `values` are the digests of arrays in document order."""

    def __init__(self, value, protocol, codec, wrapped=True, own=False):
        self.protocol = protocol
        self.own = own
        self.seen = {}
        self.keep = []
        self.nested = not wrapped
        self.wrapped = False
        self.values = []
        root = self.node(value, "/")
        self.document = {
            "format": "jl 1.0" if own else "joblib" if self.wrapped else "pickle",
            "codec": codec,
            "root": root,
            "values": self.values,
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
        if type(value) in JOBLIB_ARRAYS and not self.nested and not self.own:
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
        elif kind == "V":
            node["value"] = value.tobytes().hex()
        elif kind == "S":
            node["value"] = value.decode("latin-1")
        elif kind == "U":
            node["value"] = str(value)
        elif value.dtype.char not in "gG":
            node["value"] = number(value.item())
        return node

    def wrapped_array(self, value, path):
        """An array in joblib's own form: never shared, and objects inside form a pickle with a memo of its own."""
        self.wrapped = True
        if not value.dtype.hasobject:
            return self.array(value, path)
        saved = self.seen, self.protocol
        self.seen, self.protocol, self.nested = {id(value): path}, OBJECT_PROTOCOL, True
        node = self.array(value, path)
        self.seen, self.protocol = saved
        self.nested = False
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
        self.values.append({"path": path, "sha256": sha256(value)})
        if value.dtype.hasobject:
            items = np.array(value, copy=True, order="C").reshape(-1).tolist()
            node["items"] = [self.node(item, step(path, str(i))) for i, item in enumerate(items)]
        return node

    def container(self, value, path):
        kind = type(value)
        if isinstance(value, np.ndarray) and not isinstance(value, np.ma.MaskedArray):
            return self.array(value, path)
        if kind in (list, tuple, set, frozenset, collections.deque):
            node = {"kind": "list" if kind is collections.deque else kind.__name__, "items": self.sequence(value, path)}
            return {**node, "class": "collections.deque"} if kind is collections.deque else node
        if kind is dict:
            return {"kind": "dict", "items": self.pairs(value.items(), path)}
        if kind in NAMED_DICTS:
            return {"kind": "dict", "class": class_name(kind), "items": self.pairs(value.items(), path)}
        if kind is bytearray:
            return {"kind": "bytearray", "size": len(value), "hex": bytes(value[:64]).hex()}
        return self.instance(value, path)

    def sequence(self, value, path):
        return [self.node(item, step(path, str(i))) for i, item in enumerate(value)]

    def pairs(self, entries, path):
        return [[self.node(key, None), self.node(item, step(path, entry_component(key, i)))]
                for i, (key, item) in enumerate(entries)]

    def instance(self, value, path):
        """An object as its class pickles it: constructor and arguments, items, entries, state."""
        reduced = value.__reduce_ex__(self.protocol)
        self.keep.append(reduced)
        if isinstance(reduced, str):
            return {"kind": "class", "name": f"{type(value).__module__}.{reduced}"}
        function, arguments, state, items, entries = (*reduced, None, None, None)[:5]
        if function is np.dtype or (function is copyreg.__newobj_ex__ and self.protocol < 4):
            return {"kind": "any"}
        node = {"kind": "object", "class": class_name(function)}
        if function is copyreg.__newobj__:
            node["class"], arguments = class_name(arguments[0]), arguments[1:]
        elif function is copyreg.__newobj_ex__:
            node["class"], arguments = class_name(arguments[0]), None
        elif function is copyreg._reconstructor:
            node["class"], arguments = class_name(arguments[0]), () if arguments[1] is object else None
        self.contents(node, arguments, items, entries, state, path)
        return node

    def contents(self, node, arguments, items, entries, state, path):
        if arguments is not None:
            node["args"] = self.sequence(arguments, step(path, "args"))
        for name, made in (("items", self.sequence(items or (), path)), ("entries", self.pairs(entries or (), path))):
            if made:
                node[name] = made
        if type(state) is dict:
            self.seen[id(state)] = None
            node["state"] = {"kind": "dict", "items": self.pairs(state.items(), path)}
        else:
            node["state"] = self.node(state, step(path, "state"))


def expected(value, protocol, codec, wrapped=True):
    """The expected file for `value`; `wrapped` is False when the plain pickle module wrote it."""
    return Expectation(value, protocol, codec, wrapped).document


def expected_own(value, codec):
    """The same for a file of jl, where one array in two places is stored once."""
    return Expectation(value, 4, codec, own=True).document
