"""jlunpack --convert."""
import gzip
import pickle
import zlib

from tools import ToolCase, floats, npy_bytes


class Convert(ToolCase):
    def setUp(self):
        super().setUp()
        self.write("w.npy", npy_bytes("<f8", (300_000,), floats(300_000)))
        self.write("t.csv", "a,b\n1,x\n2,y\n")
        self.pack("x.pkl", "w.npy", "t.csv")

    def test_every_codec_to_every_other(self):
        roots = {}
        for source, _ in (("x.pkl", 0),):
            self.ok("jlunpack", source, "--convert", "a.pkl.gz")
            self.ok("jlunpack", "a.pkl.gz", "--convert", "b.pkl.z")
            self.ok("jlunpack", "b.pkl.z", "--convert", "c.pkl")
        for name, codec in (("a.pkl.gz", "gzip"), ("b.pkl.z", "zlib"), ("c.pkl", "none")):
            self.ok("jlunpack", name, "--verify")
            tree = self.tree(name)
            self.assertEqual((tree["format"], tree["codec"]), ("jl 1.0", codec))
            roots[name] = tree["root"]
            self.assertEqual(self.array(name, "/w").payload, floats(300_000))
        self.assertEqual(roots["a.pkl.gz"], roots["b.pkl.z"])
        self.ok("jlunpack", "c.pkl", "--convert", "d.pkl.gz")
        self.assertEqual(self.read("a.pkl.gz"), self.read("d.pkl.gz"))

    def test_codec_and_level_by_option_and_into_a_pipe(self):
        self.ok("jlunpack", "x.pkl", "--convert", "y.pkl", "-c", "zlib:9")
        self.assertEqual(self.tree("y.pkl")["codec"], "zlib")
        self.assertTrue(zlib.decompress(self.read("y.pkl")).startswith(b"\x80\4"))
        piped = self.ok("jlunpack", "-", "--convert", "-", "-c", "gzip", stdin=self.read("y.pkl"))
        self.assertTrue(gzip.decompress(piped).startswith(b"\x80\4"))

    def test_in_place(self):
        self.ok("jlunpack", "x.pkl", "--convert", "x.pkl", "-c", "gzip")
        self.assertEqual(self.tree("x.pkl")["codec"], "gzip")

    def test_what_python_wrote(self):
        shared = [1, {"x": (2, 3)}]
        value = {"a": shared, "b": shared, "s": {1, 2}, "big": 2**100, "text": "ä\ud800"}
        self.write("p.pkl.gz", gzip.compress(pickle.dumps(value)))
        before = self.root("p.pkl.gz")
        self.ok("jlunpack", "p.pkl.gz", "--convert", "q.pkl")
        self.assertEqual(self.root("q.pkl"), before)
        self.assertEqual(pickle.loads(self.read("q.pkl")), value)

    def test_nesting_of_any_depth(self):
        depth = 100_000
        self.write("p.pkl", b"\x80\4" + b"]" * depth + b"a" * (depth - 1) + b".")
        self.ok("jlunpack", "p.pkl", "--convert", "q.pkl.gz")
        self.assertEqual(self.ok("jlunpack", "q.pkl.gz", "--json").count(b'"list"'), depth)

    def test_damage_stops_it_and_leaves_the_old_file(self):
        content = bytearray(self.read("x.pkl"))
        content[1_000_000] ^= 1
        self.write("x.pkl", bytes(content))
        self.write("y.pkl.gz", "old")
        message = self.refused(1, ["x.pkl: ", "'/w'", "checksum"], "jlunpack", "x.pkl", "--convert", "y.pkl.gz")
        self.assertNotIn("y.pkl.gz", message)
        self.assertEqual(self.read("y.pkl.gz"), b"old")
        self.assertEqual(self.names(), ["t.csv", "w.npy", "x.pkl", "y.pkl.gz"])

    def test_refusals(self):
        self.refused(2, "zap", "jlunpack", "x.pkl", "--convert", "y.pkl", "-c", "zap")
        self.refused(2, "nodir", "jlunpack", "x.pkl", "--convert", "nodir/y.pkl")
        self.refused(2, "nope.pkl", "jlunpack", "nope.pkl", "--convert", "y.pkl")
        self.assertEqual(self.names(), ["t.csv", "w.npy", "x.pkl"])
