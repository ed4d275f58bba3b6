"""jlpack: names, codecs, pipes, wrong usage."""
import gzip
import zlib

from tools import ToolCase, floats, npy_bytes, plain


class Names(ToolCase):
    def test_one_input_becomes_the_value_itself(self):
        self.write_floats("w.npy")
        self.pack("x.pkl", "w.npy")
        self.assertEqual(plain(self.root("x.pkl")), ("<f8", 3))

    def test_a_named_one_becomes_a_dict(self):
        self.write_floats("w.npy")
        self.pack("x.pkl", "weights=w.npy")
        self.assertEqual(plain(self.root("x.pkl")), {"weights": ("<f8", 3)})

    def test_several_are_named_by_their_files(self):
        self.write_floats("a/w.npy")
        self.write("notes.txt", "hello")
        self.write("t.json.gz", gzip.compress(b"[1, 2]"))
        self.pack("x.pkl", "a/w.npy", "notes.txt", "t.json.gz")
        self.assertEqual(plain(self.root("x.pkl")), {"w": ("<f8", 3), "notes": "hello", "t": [1, 2]})

    def test_an_equals_sign_behind_a_slash_belongs_to_the_path(self):
        self.write_floats("a=b.npy")
        self.pack("x.pkl", "./a=b.npy", "n=a=b.npy")
        self.assertEqual(plain(self.root("x.pkl")), {"a=b": ("<f8", 3), "n": ("<f8", 3)})

    def test_two_of_one_name_are_refused(self):
        self.write_floats("w.npy")
        self.refused(2, ["'w'", "NAME=INPUT"], "jlpack", "x.pkl", "w.npy", "w.npy")
        self.assertEqual(self.names(), ["w.npy"])

    def test_names_need_both_sides(self):
        self.refused(2, "NAME=INPUT", "jlpack", "x.pkl", "=w.npy")
        self.refused(2, "NAME=INPUT", "jlpack", "x.pkl", "w=")

    def test_a_name_that_is_no_text_is_refused(self):
        self.write_floats("w.npy")
        self.refused(1, "UTF-8", "jlpack", "x.pkl", b"\xff=w.npy")


class Codecs(ToolCase):
    def setUp(self):
        super().setUp()
        self.write("w.npy", npy_bytes("<f8", (50000,), floats(50000)))

    def test_the_ending_tells_the_codec(self):
        self.pack("x.pkl", "w.npy")
        self.pack("x.pkl.gz", "w.npy")
        self.pack("x.pkl.z", "w.npy")
        self.assertEqual(self.tree("x.pkl")["codec"], "none")
        self.assertEqual(self.tree("x.pkl.gz")["codec"], "gzip")
        self.assertEqual(self.tree("x.pkl.z")["codec"], "zlib")
        self.assertTrue(gzip.decompress(self.read("x.pkl.gz")).startswith(b"\x80\x04"))
        self.assertTrue(zlib.decompress(self.read("x.pkl.z")).startswith(b"\x80\x04"))

    def test_the_option_wins_over_the_ending(self):
        self.pack("x.pkl", "-c", "gzip:1", "w.npy")
        self.pack("y.pkl", "-c", "gzip:9", "w.npy")
        self.pack("z.pkl.gz", "-c", "none", "w.npy")
        self.assertEqual([self.tree(n)["codec"] for n in ("x.pkl", "y.pkl", "z.pkl.gz")], ["gzip", "gzip", "none"])
        self.assertNotEqual(self.read("y.pkl"), self.read("x.pkl"))

    def test_a_level_alone_is_zlib(self):
        self.pack("x.pkl", "-c", "5", "w.npy")
        self.assertEqual(self.tree("x.pkl")["codec"], "zlib")

    def test_the_bytes_do_not_depend_on_the_threads(self):
        self.pack("a.pkl.gz", "-j", "1", "w.npy")
        self.pack("b.pkl.gz", "-j", "4", "w.npy")
        self.assertEqual(self.read("a.pkl.gz"), self.read("b.pkl.gz"))

    def test_unknown_codecs_and_levels_are_refused_by_name(self):
        self.refused(2, ['"zap"', "gzip"], "jlpack", "x.pkl", "-c", "zap", "w.npy")
        self.refused(2, ['"99"', "9"], "jlpack", "x.pkl", "-c", "gzip:99", "w.npy")
        self.refused(2, "gzip:x", "jlpack", "x.pkl", "-c", "gzip:x", "w.npy")
        self.refused(2, "gzip:-1", "jlpack", "x.pkl", "-c", "gzip:-1", "w.npy")
        self.assertEqual(self.names(), ["w.npy"])


class Pipes(ToolCase):
    def test_standard_output(self):
        self.write_floats("w.npy")
        packed = self.pack("-", "w.npy")
        self.pack("x.pkl", "w.npy")
        self.assertEqual(packed, self.read("x.pkl"))

    def test_a_pipe_is_compressed_on_request(self):
        self.write_floats("w.npy")
        self.assertTrue(gzip.decompress(self.pack("-", "-c", "gzip", "w.npy")).startswith(b"\x80\x04"))

    def test_standard_input_is_known_by_its_first_bytes(self):
        array = npy_bytes("<f8", (3,), floats(3))
        self.pack("x.pkl", "-", stdin=array)
        self.assertEqual(plain(self.root("x.pkl")), ("<f8", 3))
        self.pack("y.pkl", "a=-", stdin=self.read("x.pkl"))
        self.assertEqual(plain(self.root("y.pkl")), {"a": ("<f8", 3)})

    def test_standard_input_of_another_kind_needs_a_word(self):
        self.refused(2, ["standard input", "--format"], "jlpack", "x.pkl", "-", stdin=b"[1]")
        self.pack("x.pkl", "-f", "json", "-", stdin=b"[1]")
        self.assertEqual(plain(self.root("x.pkl")), [1])

    def test_standard_input_is_taken_once(self):
        self.refused(2, "once", "jlpack", "x.pkl", "-", "-")
        self.refused(2, "once", "jlpack", "x.pkl", "a=-", "b=-")

    def test_an_empty_pipe_is_refused(self):
        self.refused(2, "standard input", "jlpack", "x.pkl", "-")
        self.refused(1, "standard input", "jlpack", "x.pkl", "-f", "npy", "-")
        self.assertEqual(self.names(), [])


class Usage(ToolCase):
    def test_help_shows_examples_and_version_the_format(self):
        self.assertIn(b"Examples:", self.pack("--help"))
        self.assertRegex(self.pack("--version"), rb"^jlpack \d+\.\d+\.\d+ \(format 1\.0\)\n$")

    def test_missing_and_unknown_arguments(self):
        self.refused(2, "OUT", "jlpack")
        self.refused(2, "INPUT", "jlpack", "x.pkl")
        self.refused(2, "--bogus", "jlpack", "--bogus")
        self.refused(2, ["--threads", "many"], "jlpack", "x.pkl", "w.npy", "-j", "many")
        self.refused(2, "zip", "jlpack", "x.pkl", "w.npy", "-f", "zip")

    def test_swapped_arguments_overwrite_nothing(self):
        self.write_floats("w.npy")
        before = self.read("w.npy")
        self.refused(2, ["OUT comes first", "w.npy"], "jlpack", "w.npy", "x.pkl")
        self.assertEqual(self.read("w.npy"), before)

    def test_files_that_are_not_there(self):
        self.refused(2, ["nope.npy", "No such file"], "jlpack", "x.pkl", "nope.npy")
        self.write_floats("w.npy")
        self.refused(2, ["nodir/x.pkl", "No such file"], "jlpack", "nodir/x.pkl", "w.npy")
        self.refused(2, ["."], "jlpack", "x.pkl", ".")

    def test_a_failure_leaves_the_old_file(self):
        self.write_floats("w.npy")
        self.pack("x.pkl", "w.npy")
        before = self.read("x.pkl")
        self.write("bad.npy", npy_bytes("<f8", (4,), floats(3)))
        self.refused(1, "bad.npy", "jlpack", "x.pkl", "w.npy", "bad.npy")
        self.assertEqual(self.read("x.pkl"), before)
        self.assertEqual(self.names(), ["bad.npy", "w.npy", "x.pkl"])

    def test_quiet_says_nothing(self):
        self.write_floats("w.npy")
        self.assertEqual(self.pack("-q", "x.pkl", "w.npy"), b"")
        self.assertIn(b"x.pkl", self.pack("x.pkl", "w.npy"))
