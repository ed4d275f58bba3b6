"""jlunpack FILE: the listing for people."""
import pickle
from collections import OrderedDict

from tools import ToolCase


class Cycle:
    pass


class Listing(ToolCase):
    def listed(self, value):
        self.write("x.pkl", pickle.dumps(value, 4))
        return self.ok("jlunpack", "x.pkl").decode()

    def test_kinds_and_values(self):
        text = self.listed({"n": None, "t": True, "i": 5, "f": 1.5, "c": 1 + 2j, "s": "it's", "b": b"\0a", "l": [1, 2], "d": {}})
        for line in ("x.pkl: pickle, 0 arrays", "dict (9)", "'n': None", "'t': bool True", "'i': int 5", "'f': float 1.5",
                     "'c': complex (1+2j)", "'s': str \"it's\"", "'b': bytes (2) b'\\x00a'", "'l': list (2) [1, 2]", "'d': dict (0)"):
            self.assertIn(line, text)

    def test_arrays(self):
        self.write_floats("w.npy", 6, shape=(2, 3))
        self.pack("x.pkl.gz", "w=w.npy")
        text = self.ok("jlunpack", "x.pkl.gz").decode()
        self.assertEqual(text, "x.pkl.gz: jl 1.0, gzip, 1 array of 48 B\ndict (1)\n└── 'w': array <f8 (2, 3) 48 B [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]\n")

    def test_long_containers_are_folded(self):
        text = self.listed([[i] for i in range(1000)])
        self.assertIn("… 976 more", text)
        self.assertLess(text.count("\n"), 40)
        text = self.listed({i: i for i in range(1000)})
        self.assertIn("… 976 more", text)
        self.assertIn("list (1000) [0, 1, 2, 3, 4, 5, 6, 7, …]", self.listed(list(range(1000))))

    def test_long_texts_are_cut(self):
        text = self.listed(["x" * 1000, b"y" * 1000, 10**1000])
        self.assertLess(max(map(len, text.splitlines())), 120)

    def test_deep_nesting_is_folded(self):
        depth = 100_000
        self.write("x.pkl", b"\x80\4" + b"]" * depth + b"a" * (depth - 1) + b".")
        text = self.ok("jlunpack", "x.pkl").decode()
        self.assertIn("└── …", text)
        self.assertLess(text.count("\n"), 50)

    def test_sharing_and_cycles_are_told(self):
        shared = [[], []]
        shared.append(shared)
        text = self.listed({"a": shared, "b": shared})
        self.assertIn("2: the same as /a\n", text)
        self.assertIn("'b': the same as /a\n", text)

    def test_objects_and_known_containers(self):
        thing = Cycle()
        thing.name = "x"
        text = self.listed([thing, OrderedDict(a=1), Cycle, {1, 2}, frozenset([3])])
        self.assertIn("0: object list_cases.Cycle\n", text)
        self.assertIn("│   └── .name: str 'x'", text)
        self.assertIn("dict collections.OrderedDict (1)", text)
        self.assertIn("class list_cases.Cycle", text)
        self.assertIn("frozenset (1) [3]", text)

    def test_nothing_that_a_terminal_would_obey(self):
        evil = "\x1b[2J\x07\x9b31m\u202e\ud800\r\n"
        thing = Cycle()
        setattr(thing, evil, evil)
        text = self.listed({evil: evil, (evil,): [evil.encode("utf-8", "surrogatepass")], 3: thing})
        self.assertNotRegex(text.replace("\n", ""), "[\x00-\x1f\x7f-\x9f\u202e]")
        self.assertIn("\\x1b[2J", text)

    def test_a_pipe(self):
        self.assertIn(b"standard input: pickle", self.ok("jlunpack", "-", stdin=pickle.dumps([1])))

    def test_usage(self):
        self.refused(2, "FILE", "jlunpack")
        self.refused(2, "--bogus", "jlunpack", "x.pkl", "--bogus")
        self.refused(2, ["nope.pkl", "No such file"], "jlunpack", "nope.pkl")
        self.refused(2, "directory", "jlunpack", ".")
        self.refused(2, "excludes", "jlunpack", "x.pkl", "--json", "--verify")
        self.refused(2, "--codec", "jlunpack", "x.pkl", "-c", "gzip")
        self.assertIn(b"Examples:", self.ok("jlunpack", "--help"))
        self.assertRegex(self.ok("jlunpack", "--version"), rb"^jlunpack \d+\.\d+\.\d+ \(format 1\.0\)\n$")

    def test_what_is_no_pickle(self):
        self.write("x.pkl", "hello")
        self.refused(1, "x.pkl", "jlunpack", "x.pkl")
        self.write("x.pkl", "")
        self.refused(1, ["x.pkl", "empty"], "jlunpack", "x.pkl")

    def test_a_full_disk_is_told(self):
        self.write("x.pkl", pickle.dumps([1]))
        with open("/dev/full", "wb") as full:
            import subprocess

            import tools
            done = subprocess.run([tools.BIN / "jlunpack", self.folder / "x.pkl"], stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"standard output: cannot write: No space left", done.stderr)

    def test_sparse_matrices_have_their_names(self):
        for module, name in (("scipy.sparse._csr", "csr_matrix"), ("scipy.sparse.csc", "csc_matrix"), ("scipy.sparse._coo", "coo_array"),
                             ("scipy.sparse._bsr", "bsr_array"), ("scipy.sparse._dia", "dia_matrix"), ("scipy.sparse._lil", "lil_matrix"),
                             ("scipy.sparse._dok", "dok_array")):
            state = b"}(\x8c\x06_shapeK\x07K\x05\x86\x8c\x04dataNub."
            self.write("x.pkl", b"\x80\4c" + f"{module}\n{name}\n".encode() + b")\x81" + state)
            text = self.ok("jlunpack", "x.pkl").decode()
            self.assertIn(f"object {module}.{name} (7, 5) {name[:3]}\n", text)
            self.assertIn("├── .shape: tuple (2) [7, 5]", text)
            self.assertEqual(self.ok("jlunpack", "x.pkl", "--cat", "/format").decode(), name[:3] + "\n")
            self.assertEqual(self.ok("jlunpack", "x.pkl", "--cat", "/shape/0").decode(), "7\n")
            self.assertEqual(self.ok("jlunpack", "x.pkl", "--cat", "/_shape/1").decode(), "5\n")
        self.write("x.pkl", b"\x80\4cmy.sparse\ncsr_matrix\n)\x81}\x8c\x06_shapeK\x07sb.")
        self.refused(2, "no 'format'", "jlunpack", "x.pkl", "--cat", "/format")
        self.assertIn("._shape", self.ok("jlunpack", "x.pkl").decode())
