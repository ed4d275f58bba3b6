"""jlunpack -o DIR: every array as .npy, the tree as JSON, and nothing outside of DIR."""
import json
import pickle
import stat

from tools import ToolCase, floats, npy, npy_bytes, npz_bytes


class ExtractCase(ToolCase):
    def extract(self, name="x.pkl", **options):
        self.ok("jlunpack", name, "-o", "out", **options)
        return self.names("out")

    def pack_named(self, *names):
        """A dict with an array under each name: .npz members may have any."""
        self.write("w.npz", npz_bytes({name + ".npy": npy_bytes("<f8", (1,), floats(1, i)) for i, name in enumerate(names)}))
        self.pack("x.pkl", "w.npz")


class Extract(ExtractCase):
    def test_arrays_by_their_paths(self):
        self.write_floats("w.npy", 6, shape=(2, 3))
        self.write("t.csv", "a,b\n1,2\n")
        self.pack("x.pkl.gz", "w=w.npy", "t=t.csv")
        self.assertEqual(self.extract("x.pkl.gz"), ["t/a.npy", "t/b.npy", "tree.json", "w.npy"])
        found = npy.read(self.folder / "out/w.npy")
        self.assertEqual((found.descr, found.shape, found.payload), ("<f8", (2, 3), floats(6)))
        self.assertEqual(json.loads(self.read("out/tree.json")), self.tree("x.pkl.gz"))

    def test_a_root_array(self):
        self.write_floats("w.npy")
        self.pack("x.pkl", "w.npy")
        self.assertEqual(self.extract(), ["root.npy", "tree.json"])

    def test_a_file_without_arrays(self):
        self.write("x.pkl", pickle.dumps([1]))
        self.assertEqual(self.extract(), ["tree.json"])

    def test_a_shared_array_once(self):
        self.write_floats("w.npy")
        self.pack("w.pkl", "w.npy")
        self.pack("x.pkl", "a=w.pkl", "b=w.pkl")
        self.assertEqual(self.extract(), ["a.npy", "b.npy", "tree.json"])  # two loads are two arrays

    def test_what_was_there_is_replaced(self):
        self.write_floats("w.npy")
        self.pack("x.pkl", "w=w.npy")
        self.write("out/w.npy", "old")
        self.write("out/other", "kept")
        self.assertEqual(self.extract(), ["other", "tree.json", "w.npy"])
        self.assertEqual(npy.read(self.folder / "out/w.npy").payload, floats(3))

    def test_from_a_pipe(self):
        self.write_floats("w.npy")
        self.pack("x.pkl", "w=w.npy")
        self.assertEqual(self.extract("-", stdin=self.read("x.pkl")), ["tree.json", "w.npy"])


class Names(ExtractCase):
    def test_awkward_keys_stay_inside(self):
        self.pack_named("../../evil", "/abs", "..", ".", "a b", "ä", "50%", "x\x1b\n", "%2E%2E/up", "-o")
        self.assertEqual(self.extract(), sorted(["..%2F..%2Fevil.npy", "%2Fabs.npy", "%2E%2E.npy", "%2E.npy", "a b.npy", "ä.npy", "50%25.npy",
                                                 "x%1B%0A.npy", "%252E%252E%2Fup.npy", "-o.npy", "tree.json"]))
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["out", "w.npz", "x.pkl"])

    def test_folders_of_any_name(self):
        self.write_floats("w.npy")
        self.pack("w.pkl", "w=w.npy")
        self.pack("x.pkl", "..=w.pkl", ".=w.pkl", "tree.json=w.pkl", "w.npy=w.pkl", "w=w.npy", "a=w.pkl")
        self.assertEqual(self.extract(), sorted(["%2E%2E/w.npy", "%2E/w.npy", "tree%2Ejson/w.npy", "w%2Enpy/w.npy", "w.npy", "a/w.npy", "tree.json"]))

    def test_an_empty_key(self):
        self.pack_named("", "a")
        self.assertEqual(self.extract(), ["a.npy", "root.npy", "tree.json"])

    def test_keys_of_one_path(self):
        reduce = (b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85U\1b\x87R(K\1)cnumpy\ndtype\nU\2u1K\0K\1\x87R"
                  b"(K\3U\1|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb\x89U\1%ctb")
        self.write("x.pkl", b"\x80\2}(K\3" + reduce % b"a" + b"X\1\0\0\x003" + reduce % b"b" + b"u.")
        self.assertEqual(self.extract(), ["3.npy", "3~2.npy", "tree.json"])
        self.assertEqual(self.read("out/3.npy")[-1:] + self.read("out/3~2.npy")[-1:], b"ab")

    def test_long_keys_and_deep_paths(self):
        self.pack_named("k" * 1000, "k" * 999, "ä" * 500, "/" * 100)
        names = self.extract()
        self.assertEqual(len(names), 5)
        self.assertLess(max(len(name.encode()) for name in names), 256)

    def test_lone_surrogates(self):
        self.pack_named("\ud83d".encode("utf-8", "surrogatepass").decode("latin-1"))
        self.extract()


class Links(ToolCase):
    def setUp(self):
        super().setUp()
        self.write_floats("w.npy")
        self.pack("w.pkl", "w=w.npy")
        self.pack("x.pkl", "w=w.npy", "d=w.pkl")
        (self.folder / "outside").mkdir()
        (self.folder / "out").mkdir()

    def test_a_link_for_a_folder_is_refused(self):
        (self.folder / "out/d").symlink_to("../outside")
        self.refused(2, "out/d", "jlunpack", "x.pkl", "-o", "out")
        self.assertEqual(self.names("outside"), [])

    def test_a_link_for_a_file_is_replaced(self):
        target = self.write("outside/precious", "precious")
        (self.folder / "out/w.npy").symlink_to(target)
        (self.folder / "out/tree.json").symlink_to(target)
        self.ok("jlunpack", "x.pkl", "-o", "out")
        self.assertEqual(self.read("outside/precious"), b"precious")
        self.assertFalse((self.folder / "out/w.npy").is_symlink())

    def test_the_folder_itself_may_be_a_link(self):
        (self.folder / "link").symlink_to("out")
        self.ok("jlunpack", "x.pkl", "-o", "link")
        self.assertEqual(self.names("out"), ["d/w.npy", "tree.json", "w.npy"])

    def test_a_file_in_the_way(self):
        self.write("out/d", "a file")
        self.refused(2, "out/d", "jlunpack", "x.pkl", "-o", "out")
        self.refused(2, "w.npy", "jlunpack", "x.pkl", "-o", "w.npy")
        self.assertFalse([name for name in self.names("out") if name.endswith(".tmp")])


class Damage(ToolCase):
    def test_an_unreadable_file_makes_no_folder(self):
        self.write("x.pkl", "junk")
        self.refused(1, "x.pkl", "jlunpack", "x.pkl", "-o", "out")
        self.refused(2, "nope.pkl", "jlunpack", "nope.pkl", "-o", "out")
        self.assertEqual(self.names(), ["x.pkl"])

    def test_a_damaged_payload_is_not_extracted(self):
        self.write_floats("w.npy", 100_000)
        for name in ("x.pkl", "x.pkl.gz"):
            self.pack(name, "w=w.npy")
            content = bytearray(self.read(name))
            content[len(content) // 2] ^= 1
            self.write(name, bytes(content))
            self.refused(1, name, "jlunpack", name, "-o", "out")
            self.assertNotIn("out/w.npy", self.names())

    def test_permissions_follow_the_umask(self):
        self.write_floats("w.npy")
        self.pack("x.pkl", "w=w.npy")
        self.ok("jlunpack", "x.pkl", "-o", "out", umask=0o027)
        self.assertEqual(stat.S_IMODE((self.folder / "out/w.npy").stat().st_mode), 0o640)
