"""jlunpack --json: the stable form (spec/json_tree.md). What Python's joblib writes is compared by tests/interop."""
import json
import math
import pickle
import struct
import uuid
from collections import OrderedDict, deque

from tools import ToolCase, npy_bytes


class Thing:
    def __init__(self, **attributes):
        self.__dict__.update(attributes)


class Slotted:
    __slots__ = ("a",)


class Listed(list):
    pass


class Tree(ToolCase):
    def shown(self, value, protocol=4):
        self.write("x.pkl", pickle.dumps(value, protocol))
        return self.root("x.pkl")

    def test_the_document(self):
        self.write("ä \"x\".pkl", pickle.dumps(None))
        self.assertEqual(self.tree("ä \"x\".pkl"), {"file": "ä \"x\".pkl", "format": "pickle", "codec": "none", "root": {"kind": "none"}})

    def test_a_file_name_that_is_no_text(self):
        self.write("\udcff.pkl", pickle.dumps(1))
        self.assertEqual(self.tree("\udcff.pkl")["file"], "\udcff.pkl")

    def test_numbers(self):
        for value, shown in ((2**53, 2**53), (-(2**53), -(2**53)), (2**53 + 1, str(2**53 + 1)), (10**100, str(10**100)), (0, 0)):
            self.assertEqual(self.shown(value), {"kind": "int", "value": shown})
        for value, shown in ((1.5, 1.5), (math.inf, "inf"), (-math.inf, "-inf"), (math.nan, "nan"), (1e300, 1e300), (5e-324, 5e-324)):
            self.assertEqual(self.shown(value), {"kind": "float", "value": shown})
        self.assertEqual(math.copysign(1, self.shown(-0.0)["value"]), -1)
        self.assertEqual(self.shown(complex(1, -2)), {"kind": "complex", "value": "(1-2j)"})
        self.assertEqual(complex(self.shown(complex(0.0, math.nan))["value"]).real, 0)
        self.assertEqual(self.shown(True), {"kind": "bool", "value": True})

    def test_texts(self):
        for text in ("", "ä☃😀", "\0\x01\x1f\x7f\"\\/\n\t\r\u2028", "\ud800", "a\udfff\ud83d", "\udc80"):
            self.assertEqual(self.shown(text), {"kind": "str", "value": text})

    def test_bytes(self):
        long = bytes(range(100))
        self.assertEqual(self.shown(long), {"kind": "bytes", "size": 100, "hex": long[:64].hex()})
        self.assertEqual(self.shown(bytearray(b"ab")), {"kind": "bytearray", "size": 2, "hex": "6162"})

    def test_containers(self):
        one = {"kind": "int", "value": 1}
        for value, kind in (([1], "list"), ((1,), "tuple"), ({1}, "set"), (frozenset([1]), "frozenset")):
            self.assertEqual(self.shown(value), {"kind": kind, "items": [one]})
        self.assertEqual(self.shown({1: None}), {"kind": "dict", "items": [[one, {"kind": "none"}]]})
        self.assertEqual(self.shown([]), {"kind": "list", "items": []})
        self.assertEqual(self.shown(OrderedDict([(1, None)])), {"kind": "dict", "class": "collections.OrderedDict", "items": [[one, {"kind": "none"}]]})
        self.assertEqual(self.shown(deque([1])), {"kind": "list", "class": "collections.deque", "items": [one]})

    def test_references(self):
        shared = [1]
        self.assertEqual(self.shown({"a": shared, "b": {"c/%": (shared, shared)}})["items"][1][1]["items"][0][1]["items"],
                         [{"kind": "ref", "path": "/a"}] * 2)
        cycle = []
        cycle.append(cycle)
        self.assertEqual(self.shown(cycle)["items"], [{"kind": "ref", "path": "/"}])
        inner = {"x/y": {"%": cycle}}
        self.assertEqual(self.shown([inner, cycle])["items"][1], {"kind": "ref", "path": "/0/x%2Fy/%25"})
        self.assertEqual(self.shown([(), ()])["items"], [{"kind": "tuple", "items": []}] * 2)
        text = "again"
        self.assertEqual(self.shown([text, text])["items"], [{"kind": "str", "value": "again"}] * 2)

    def test_objects(self):
        shown = self.shown(Thing(a=1))
        self.assertEqual(shown, {"kind": "object", "class": "json_cases.Thing", "args": [],
                                 "state": {"kind": "dict", "items": [[{"kind": "str", "value": "a"}, {"kind": "int", "value": 1}]]}})
        thing = Thing()
        thing.me = thing
        self.assertEqual(self.shown(thing)["state"]["items"][0][1], {"kind": "ref", "path": "/"})
        slotted = Slotted()
        slotted.a = 5
        self.assertEqual(self.shown(slotted)["state"]["kind"], "tuple")
        listed = Listed([1])
        self.assertEqual(self.shown(listed)["items"], [{"kind": "int", "value": 1}])
        self.assertEqual(self.shown(uuid.UUID(int=5))["class"], "uuid.UUID")
        self.assertEqual(self.shown(Thing), {"kind": "class", "name": "json_cases.Thing"})

    def test_attributes_are_on_the_path_of_their_object(self):
        shared = [1]
        shown = self.shown([Thing(a=shared), shared])
        self.assertEqual(shown["items"][1], {"kind": "ref", "path": "/0/a"})

    def test_arrays_and_offsets(self):
        self.write("w.npy", npy_bytes([("x", "<i4"), ("y", ">f8", (2, 3))], (2,), bytes(104)))
        self.write("v.npy", npy_bytes("<f4", (), struct.pack("<f", 1.5)))
        self.pack("x.pkl", "w.npy", "v.npy")
        w, v = (node for _, node in self.root("x.pkl")["items"])
        self.assertEqual({**w, "offset": 0}, {"kind": "array", "path": "/w", "dtype": [["x", "<i4"], ["y", ">f8", [2, 3]]], "shape": [2],
                                              "order": "C", "offset": 0, "nbytes": 104})
        self.assertEqual(self.read("x.pkl")[v["offset"]:][:4], struct.pack("<f", 1.5))
        self.assertEqual((v["shape"], v["offset"] % 64), ([], 0))

    def test_nesting_of_any_depth(self):
        depth = 100_000
        for opcodes in (b"]" * depth + b"a" * (depth - 1), b")" + b"\x85" * depth, b"}" + b"K\0}" * depth + b"s" * depth):
            self.write("x.pkl", b"\x80\4" + opcodes + b".")
            output = self.ok("jlunpack", "x.pkl", "--json")
            self.assertGreaterEqual(output.count(b'"items":['), depth)
            self.assertEqual(output.count(b"["), output.count(b"]"))

    def test_codecs_and_formats(self):
        self.write_floats("w.npy")
        for name, codec in (("x.pkl", "none"), ("x.pkl.gz", "gzip"), ("x.pkl.z", "zlib")):
            self.pack(name, "w.npy")
            tree = self.tree(name)
            self.assertEqual((tree["format"], tree["codec"]), ("jl 1.0", codec))

    def test_a_pipe(self):
        self.assertEqual(json.loads(self.ok("jlunpack", "-", "--json", stdin=pickle.dumps(1)))["file"], "-")
