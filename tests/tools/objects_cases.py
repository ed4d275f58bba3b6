"""jlunpack on files of several objects: jl's and Python's, compressed or not, whole or torn."""
import gzip
import json
import pickle
import struct

from tools import ToolCase, floats


class SeveralObjects(ToolCase):
    def setUp(self):
        super().setUp()
        self.write_floats("w.npy", 100_000)
        self.pack("a.pkl", "w=w.npy")
        self.pack("a.pkl.gz", "w=w.npy")
        self.jl, self.packed = self.read("a.pkl"), self.read("a.pkl.gz")
        self.python = pickle.dumps({"loss": 0.5}, 4)
        self.parts = [self.jl, self.python, self.packed, self.python, self.jl]
        self.write("log.pkl", b"".join(self.parts))

    def place(self, number):
        return sum(map(len, self.parts[: number - 1]))

    def listed(self, *arguments):
        return self.ok("jlunpack", "log.pkl", *arguments).decode()

    def test_every_object_is_listed_with_its_number_and_place(self):
        text = self.listed()
        self.assertTrue(text.startswith("log.pkl: 5 objects\n"))
        self.assertIn("object 1, at byte 0: jl 1.0, 1 array of 800.0 kB\ndict (1)", text)
        self.assertIn(f"object 2, at byte {self.place(2)}: pickle, 0 arrays\ndict (1)\n└── 'loss': float 0.5\n", text)
        self.assertIn(f"object 3, at byte {self.place(3)}: jl 1.0, gzip, 1 array of 800.0 kB\n", text)
        self.assertIn(f"object 5, at byte {self.place(5)}: jl 1.0, 1 array", text)
        self.assertNotIn("lost", text)
        self.assertEqual(text.count("array <f8 (100000,)"), 3)
        self.assertEqual(self.listed("--stats").count("max 99999.0"), 3)
        self.assertIn("3 arrays, 2.4 MB", self.listed("--verify"))

    def test_python_first(self):
        self.write("log.pkl", self.python + self.jl)
        self.assertIn(f"object 2, at byte {len(self.python)}: jl 1.0", self.listed())
        self.refused(2, ["2 objects", "--object"], "jlunpack", "log.pkl", "--convert", "x.pkl")

    def test_one_of_them_by_its_number(self):
        self.assertTrue(self.listed("--object", "2").startswith(f"log.pkl: object 2 of 5, at byte {self.place(2)}: pickle"))
        self.assertEqual(self.listed("--object", "4", "--cat", "/loss"), "0.5\n")
        self.assertIn("[    0.0     1.0     2.0 ...", self.listed("--cat", "/w"))
        for number in "135":
            self.listed("--object", number, "--cat", "/w", "-o", "out.npy")
            self.assertEqual(self.read("out.npy"), self.read("w.npy"))
            self.assertIn(f"of object {number} of 5", self.listed("--object", number, "-o", "folder" + number))
            self.assertEqual(self.read(f"folder{number}/w.npy"), self.read("w.npy"))
        self.assertEqual(json.loads(self.read("folder5/tree.json"))["format"], "jl 1.0")
        self.listed("--object", "3", "--convert", "one.pkl")
        self.ok("jlunpack", "one.pkl", "--verify")
        self.assertIn("one.pkl: jl 1.0, 1 array of 800.0 kB\n", self.ok("jlunpack", "one.pkl").decode())

    def test_a_number_that_is_none(self):
        self.refused(2, ["log.pkl", "no object 6", "holds 5"], "jlunpack", "log.pkl", "--object", "6")
        self.refused(2, ["a.pkl", "no object 2", "holds one"], "jlunpack", "a.pkl", "--object", "2")
        self.refused(2, "--object", "jlunpack", "log.pkl", "--object", "0")
        self.refused(2, "--object", "jlunpack", "log.pkl", "--object", "x")
        self.refused(2, "--object", "jlunpack", "log.pkl", "--object", "2", "--verify")
        self.assertIn("jl 1.0", self.ok("jlunpack", "a.pkl", "--object", "1").decode())

    def test_json_tells_which_there_are(self):
        tree = self.tree("log.pkl")
        self.assertEqual((tree["object"], tree["format"], tree["root"]["kind"]), (1, "jl 1.0", "dict"))
        self.assertEqual([each["offset"] for each in tree["objects"]], [self.place(n) for n in range(1, 6)])
        self.assertEqual(tree["objects"][2], {"number": 3, "offset": self.place(3), "format": "jl 1.0", "codec": "gzip"})
        second = json.loads(self.listed("--object", "2", "--json"))
        self.assertEqual((second["object"], second["format"]), (2, "pickle"))
        self.assertNotIn("objects", self.tree("a.pkl"))

    def test_a_torn_end_is_told_and_the_others_are_shown(self):
        for last in (self.jl, self.python, self.packed):
            self.write("log.pkl", self.jl + self.python + last[:-7])
            done = self.run_tool("jlunpack", "log.pkl")
            self.assertEqual(done.returncode, 1)
            self.assertIn(b"log.pkl: 2 objects", done.stdout)
            self.assertIn(b"float 0.5", done.stdout)
            self.assertEqual(done.stderr.count(b"\n"), 1)
            self.assertTrue(done.stderr.startswith(b"jlunpack: log.pkl: "), done.stderr)
            self.assertIn(f"object 3, which begins at byte {len(self.jl) + len(self.python)}".encode(), done.stderr)
            self.assertEqual(self.listed("--object", "2", "--cat", "/loss"), "0.5\n")
            self.assertEqual(self.run_tool("jlunpack", "log.pkl", "--verify").returncode, 1)

    def test_verify_reads_them_all(self):
        for first in (self.packed, self.python, self.jl):
            parts = [first, *self.parts]
            self.write("log.pkl", b"".join(parts))
            self.assertIn("log.pkl: ok", self.listed("--verify"))
            for number in (4, 6):
                damaged = bytearray(self.read("log.pkl"))
                damaged[sum(map(len, parts[: number - 1])) + 20_000] ^= 1
                self.write("log.pkl", bytes(damaged))
                self.assertEqual(self.run_tool("jlunpack", "log.pkl", "--verify").returncode, 1)
                self.write("log.pkl", b"".join(parts))

    def test_damage_in_one_leaves_the_others(self):
        damaged = bytearray(self.read("log.pkl"))
        damaged[self.place(5) + 5_000] ^= 1
        self.write("log.pkl", bytes(damaged))
        self.refused(1, ["log.pkl", "checksum"], "jlunpack", "log.pkl", "--object", "5", "-o", "folder")
        self.listed("--object", "1", "-o", "folder")

    def test_several_in_one_compressed_stream(self):
        self.write("log.pkl", gzip.compress(self.jl + self.python + self.jl) + gzip.compress(self.python))
        first = len(gzip.compress(self.jl + self.python + self.jl))
        text = self.listed()
        self.assertIn(f"object 2, at byte {len(self.jl)} of the stream, at byte 0: pickle, gzip", text)
        self.assertIn(f"object 4, at byte {first}: pickle, gzip", text)
        self.listed("--object", "3", "--cat", "/w", "-o", "out.npy")
        self.assertEqual(self.read("out.npy"), self.read("w.npy"))
        self.write("log.pkl", gzip.compress(self.jl + self.python)[:-3])
        self.refused(1, "log.pkl", "jlunpack", "log.pkl")

    def test_pipes(self):
        text = self.ok("jlunpack", "-", stdin=self.read("log.pkl")).decode()
        self.assertTrue(text.startswith("standard input: 5 objects\n"))
        self.assertEqual(self.ok("jlunpack", "-", "--object", "4", "--cat", "/loss", stdin=self.read("log.pkl")), b"0.5\n")

    def test_of_many_the_first_have_their_trees(self):
        self.write("log.pkl", b"".join(pickle.dumps([i], 4) for i in range(100)))
        text = self.listed()
        self.assertEqual(text.count("list (1)"), 24)
        self.assertIn("\nobject 100, at byte ", text)

    def test_what_is_behind_an_object_of_python_and_none_is_passed_over(self):
        self.write("x.pkl", self.python + b"\0\0 trailing")
        self.assertTrue(self.ok("jlunpack", "x.pkl").startswith(b"x.pkl: pickle, 0 arrays\n"))
