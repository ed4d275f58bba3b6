"""Memory of the tools stays far below the size of the arrays; only memory of their own counts, not pages of files."""
import gzip
import resource
import zipfile

from tools import ToolCase, npy_bytes

COUNT = 96 << 20  # bytes in the array
LIMIT = 64 << 20  # bytes of private memory a tool may have


def limited():
    resource.setrlimit(resource.RLIMIT_DATA, (LIMIT, LIMIT))


class Bounded(ToolCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        block = bytes(range(256)) * 64
        cls.payload = b"".join((i.to_bytes(4, "big") + block)[: len(block)] for i in range(COUNT // len(block)))

    def bounded(self, tool, *arguments, **options):
        return self.ok(tool, *arguments, preexec_fn=limited, **options)

    def setUp(self):
        super().setUp()
        self.write("w.npy", npy_bytes("<i4", (COUNT // 4,), self.payload))

    def test_npy_to_files_and_back(self):
        self.bounded("jlpack", "-j", "2", "x.pkl", "w=w.npy")
        self.bounded("jlpack", "-j", "2", "-c", "gzip:1", "x.pkl.gz", "w=w.npy")
        for name in ("x.pkl", "x.pkl.gz"):
            self.bounded("jlunpack", "-j", "2", name)
            self.bounded("jlunpack", "-j", "2", name, "--json")
            self.bounded("jlunpack", "-j", "2", name, "--verify")
            self.bounded("jlunpack", "-j", "2", name, "--cat", "/w")
            self.bounded("jlunpack", "-j", "2", name, "--cat", "/w", "-o", "a.npy")
            self.assertEqual(self.read("a.npy"), self.read("w.npy"))
            self.bounded("jlunpack", "-j", "2", name, "-o", "out")
            self.assertEqual(self.read("out/w.npy"), self.read("w.npy"))
            self.bounded("jlunpack", "-j", "2", name, "--convert", "y.pkl.z", "-c", "zlib:1")
            self.bounded("jlpack", "-j", "2", "z.pkl", name, "-q")
            self.bounded("jlunpack", "z.pkl", "--verify")

    def test_packed_arrays(self):
        ways = {"lz4": ["--shuffle", "-c", "lz4"], "blosc": ["-c", "blosc:lz4:5"]}
        for settings in [settings for codec, settings in ways.items() if self.has(codec)]:
            self.bounded("jlpack", "-j", "2", *settings, "p.pkl", "w=w.npy")
            self.bounded("jlunpack", "-j", "2", "p.pkl")
            self.bounded("jlunpack", "-j", "2", "p.pkl", "--cat", "/w", "-o", "a.npy")
            self.assertEqual(self.read("a.npy"), self.read("w.npy"))
            self.bounded("jlunpack", "-j", "2", "p.pkl", "--convert", "y.pkl.gz", "-c", "gzip:1")
            self.bounded("jlunpack", "-j", "2", "y.pkl.gz", "--convert", "q.pkl", *settings)
            self.assertEqual(self.array("q.pkl", "/w").payload, self.payload)

    def test_npz_and_raw_binary(self):
        with zipfile.ZipFile(self.folder / "w.npz", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.write(self.folder / "w.npy", "w.npy")
        self.bounded("jlpack", "x.pkl", "w.npz")
        self.assertEqual(self.array("x.pkl", "/w").payload, self.payload)
        self.bounded("jlpack", "y.pkl", "w.npy", "-f", "raw", "--dtype", "u1")

    def test_pipes(self):
        self.pack("x.pkl", "w.npy")
        self.assertEqual(len(self.bounded("jlpack", "-", "-", stdin=self.read("w.npy"))), len(self.read("x.pkl")))
        self.bounded("jlunpack", "-", "--cat", "/", stdin=self.read("x.pkl"))

    def test_what_another_gzip_wrote(self):
        self.pack("x.pkl", "w.npy")
        self.write("x.pkl.gz", gzip.compress(self.read("x.pkl"), 1))
        self.bounded("jlunpack", "x.pkl.gz", "--convert", "y.pkl")
        self.assertEqual(self.array("y.pkl", "/").payload, self.payload)
