"""jlunpack --cat."""
import pathlib
import pickle
import struct

from tools import ToolCase, floats, npy, npy_bytes


class Thing:
    pass


class Texts(ToolCase):
    def text(self, descr, shape, payload, **options):
        self.write("w.npy", npy_bytes(descr, shape, payload, **options))
        self.pack("-q", "x.pkl", "w=w.npy")
        return self.ok("jlunpack", "x.pkl", "--cat", "/w").decode()

    def test_arrays_as_numpy_prints_them(self):
        self.assertEqual(self.text("<f8", (3,), floats(3)), "[0.0 1.0 2.0]\n")
        self.assertEqual(self.text("<i2", (2, 3), struct.pack("<6h", 1, -20, 3, 4, 5, 600)), "[[  1 -20   3]\n [  4   5 600]]\n")
        self.assertEqual(self.text("<i2", (2, 3), struct.pack("<6h", 1, 4, 2, 5, 3, 6), order="F"), "[[1 2 3]\n [4 5 6]]\n")
        self.assertEqual(self.text("|u1", (2, 1, 2), bytes(range(4))), "[[[0 1]]\n\n [[2 3]]]\n")
        self.assertEqual(self.text(">f4", (), struct.pack(">f", 0.1)), "0.1\n")
        self.assertEqual(self.text("<M8[D]", (1,), struct.pack("<q", 0)), "[1970-01-01]\n")
        self.assertEqual(self.text("<U2", (2,), "äb".encode("utf-32-le") + bytes(8)), "['äb'   '']\n")
        self.assertEqual(self.text([("x", "<i4"), ("y", "|S2")], (1,), struct.pack("<i", 7) + b"ab"), "[(7, b'ab')]\n")

    def test_long_ones_are_cut(self):
        self.assertEqual(self.text("<u4", (100_000,), bytes(400_000)), "[0 0 0 ... 0 0 0]\n")
        text = self.text("|u1", (50, 50), bytes(2500))
        self.assertEqual(text.count("\n"), 7)
        self.assertLess(len(self.text("|u1", (2,) * 20, bytes(2**20))), 200_000)
        self.assertLess(len(self.text("|S100000", (3,), b"x" * 300_000)), 3000)

    def test_empty_ones_tell_their_shape(self):
        self.assertEqual(self.text("<f8", (0, 1 << 40), b""), "[] (shape (0, 1099511627776))\n")

    def test_columns_of_a_table(self):
        table = pathlib.Path(__file__).parents[2] / "spec" / "vectors" / "from_joblib" / "1.6-table-p4-none.pkl"
        self.assertEqual(self.ok("jlunpack", table, "--cat", "/x"), b"[ 0.0 0.25  0.5 0.75  1.0]\n")
        self.assertEqual(self.ok("jlunpack", table, "--cat", "/index"), b"[0 1 2 3 4]\n")
        self.refused(2, "/y: there is no 'y': a value of kind object is there", "jlunpack", table, "--cat", "/y")

    def test_other_values(self):
        value = {"s": "two\nlines", "i": 2**70, "f": 1e100, "n": None, "l": [1, [2]], "b": b"\0", "t": True}
        self.write("x.pkl", pickle.dumps(value))
        for path, text in (("/s", "two\nlines\n"), ("/i", f"{2**70}\n"), ("/f", "1e+100\n"), ("/n", "None\n"), ("/b", "b'\\x00'\n"), ("/t", "True\n"),
                           ("l", "list (2)\n├── 0: int 1\n└── 1: list (1) [2]\n")):
            self.assertEqual(self.ok("jlunpack", "x.pkl", "--cat", path).decode(), text)


class Paths(ToolCase):
    def test_all_that_the_json_shows(self):
        thing = Thing()
        thing.attribute = [10]
        value = {"a/b%": [0, (1, 2)], 3: "three", -4: "minus", (5, 6): "tuple", "": "empty", "o": thing}
        self.write("x.pkl", pickle.dumps(value))
        for path, text in (("/a%2Fb%25/1/0", "1"), ("a%2Fb%25/0", "0"), ("/3", "three"), ("/-4", "minus"), ("/#3", "tuple"),
                           ("/o/attribute/0", "10")):
            self.assertEqual(self.ok("jlunpack", "x.pkl", "--cat", path).decode(), text + "\n")
        self.assertIn(b"dict (6)", self.ok("jlunpack", "x.pkl", "--cat", "/"))

    def test_arguments_and_states(self):
        self.write("x.pkl", pickle.dumps({"e": OSError(2, "text"), "r": complex}))
        self.assertEqual(self.ok("jlunpack", "x.pkl", "--cat", "/e/args/1"), b"text\n")

    def test_what_is_not_there(self):
        self.write("x.pkl", pickle.dumps({"abc": [1], "n": 5}))
        self.refused(2, ["x.pkl", "'nope'", "abc"], "jlunpack", "x.pkl", "--cat", "/nope")
        self.refused(2, ["'1'", "list"], "jlunpack", "x.pkl", "--cat", "/abc/1")
        self.refused(2, ["'x'", "int"], "jlunpack", "x.pkl", "--cat", "/n/x")
        self.refused(2, ["'01'"], "jlunpack", "x.pkl", "--cat", "/abc/01")
        self.refused(2, "nope.pkl", "jlunpack", "nope.pkl", "--cat", "/")


class NpyOut(ToolCase):
    def setUp(self):
        super().setUp()
        self.write_floats("w.npy", 6, shape=(2, 3))
        self.pack("x.pkl.gz", "w=w.npy")

    def test_the_array_as_it_came(self):
        self.ok("jlunpack", "x.pkl.gz", "--cat", "/w", "-o", "out.npy")
        self.assertEqual(npy.read(self.folder / "out.npy").payload, floats(6))
        self.assertEqual(self.ok("jlunpack", "x.pkl.gz", "--cat", "/w", "-o", "-"), self.read("out.npy"))

    def test_only_arrays(self):
        self.refused(2, ["/: ", "kind dict"], "jlunpack", "x.pkl.gz", "--cat", "/", "-o", "out.npy")
        self.assertNotIn("out.npy", self.names())

    def test_a_place_that_is_not_there(self):
        self.refused(2, ["nodir", "No such file"], "jlunpack", "x.pkl.gz", "--cat", "/w", "-o", "nodir/out.npy")

    def test_damage_leaves_no_file(self):
        self.write_floats("w.npy", 100_000)
        self.pack("x.pkl", "w=w.npy")
        damaged = bytearray(self.read("x.pkl"))
        damaged[500_000] ^= 1
        self.write("x.pkl", bytes(damaged))
        self.refused(1, ["x.pkl", "'/w'", "checksum"], "jlunpack", "x.pkl", "--cat", "/w", "-o", "out.npy")
        self.assertEqual(self.names(), ["w.npy", "x.pkl", "x.pkl.gz"])
