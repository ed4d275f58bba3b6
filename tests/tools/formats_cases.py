"""jlpack: each kind of input, what it becomes, and what is refused."""
import gzip
import pickle
import struct
import zipfile

from tools import ToolCase, floats, npy_bytes, npz_bytes, plain


class Npy(ToolCase):
    def check(self, descr, shape, payload, **options):
        self.write("w.npy", npy_bytes(descr, shape, payload, **options))
        self.pack("x.pkl", "w.npy")
        found = self.array("x.pkl", "/")
        self.assertEqual((found.descr, found.shape, found.payload), (descr, shape, payload))
        self.assertEqual(found.order, options.get("order", "C"))

    def test_dtypes_shapes_orders_and_versions(self):
        self.check("<f8", (2, 3), floats(6))
        self.check("<f8", (2, 3), floats(6), order="F")
        self.check(">i2", (4,), b"\0\1\0\2\0\3\0\4")
        self.check("|b1", (), b"\1")
        self.check("<U2", (2,), "ab".encode("utf-32-le") + "c\0".encode("utf-32-le"))
        self.check("<M8[ns]", (1,), struct.pack("<q", 5))
        self.check("<c16", (0, 7), b"")
        self.check("<f8", (3,), floats(3), version=2)
        self.check([("x", "<i4"), ("", "|V4"), ("y", "<f8", (2,))], (2,), bytes(range(48)))
        self.check([(("title", "ä"), "|S3"), ("n", [("a", "|u1"), ("b", ">f4")])], (1,), bytes(8), version=3)

    def test_a_gzipped_one(self):
        self.write("w.npy.gz", gzip.compress(npy_bytes("<f8", (3,), floats(3))))
        self.pack("x.pkl", "w.npy.gz")
        self.assertEqual(self.array("x.pkl", "/").payload, floats(3))

    def test_arrays_of_objects(self):
        items = (b"\x80\x02cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85U\1b\x87R(K\1K\2\x85"
                 b"cnumpy\ndtype\nU\2O8K\0K\1\x87R(K\3U\1|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?tb\x89](K\1Netb.")
        self.write("o.npy", npy_bytes("|O", (2,), items))
        self.pack("x.pkl", "o.npy")
        root = self.root("x.pkl")
        self.assertEqual((root["dtype"], root["shape"], [plain(item) for item in root["items"]]), ("|O", [2], [1, None]))

    def refuse(self, content, words, status=1):
        self.write("w.npy", content)
        self.refused(status, ["w.npy", *words], "jlpack", "x.pkl", "w.npy")
        self.assertEqual(self.names(), ["w.npy"])

    def test_claims_are_compared_with_what_is_there(self):
        good = npy_bytes("<f8", (3,), floats(3))
        self.refuse(good[:-1], ["24 bytes", "23 bytes"])
        self.refuse(good + b"x", ["24 bytes", "25 bytes"])
        self.refuse(good[:40], ["header", "40"])
        self.refuse(good[:9], ["9 bytes"])
        self.refuse(b"", ["\\x93NUMPY"])
        self.refuse(b"\x93NUMPY\x09" + good[7:], ["version 9"])
        self.refuse(npy_bytes("<f8", (1 << 61, 1 << 61), b""), ["64 bits"])
        self.refuse(npy_bytes("<q8", (1,), b""), ["<q8"])
        self.refuse(npy_bytes("<f8", (-1,), b""), ["shape"])
        self.refuse(b"\x93NUMPY\1\0\x10\0" + b"{'descr': eval()", ["character 10"])
        self.refuse(b"\x93NUMPY\1\0\xff\xff" + b"[" * 65535, ["nested too deeply"])
        self.refuse(b"\x93NUMPY\2\0\xff\xff\xff\xff", ["4294967295"])


class Npz(ToolCase):
    def arrays(self):
        return {"a.npy": npy_bytes("<f8", (3,), floats(3)), "b.npy": npy_bytes("<i4", (2, 2), bytes(range(16)), order="F")}

    def test_stored_and_deflated(self):
        for compression in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            self.write("w.npz", npz_bytes(self.arrays(), compression))
            self.pack("x.pkl", "w.npz")
            self.assertEqual(plain(self.root("x.pkl")), {"a": ("<f8", 3), "b": ("<i4", 2, 2)})
            found = self.array("x.pkl", "/b")
            self.assertEqual((found.payload, found.order), (bytes(range(16)), "F"))

    def test_long_members_in_pieces(self):
        payload = floats(400_000)
        self.write("w.npz", npz_bytes({"a.npy": npy_bytes("<f8", (400_000,), payload)}, zipfile.ZIP_DEFLATED))
        self.pack("x.pkl.gz", "w.npz")
        self.assertEqual(self.array("x.pkl.gz", "/a").payload, payload)

    def test_other_members_are_bytes_and_empty_archives_dicts(self):
        self.write("w.npz", npz_bytes({"folder/": b"", "folder/readme": b"hi"}))
        self.pack("x.pkl", "w.npz")
        self.assertEqual(self.root("x.pkl")["items"][0][1], {"kind": "bytes", "size": 2, "hex": "6869"})
        self.write("w.npz", npz_bytes({}))
        self.pack("x.pkl", "w.npz")
        self.assertEqual(plain(self.root("x.pkl")), {})

    def test_zip64_sizes(self):
        name = self.folder / "w.npz"
        with zipfile.ZipFile(name, "w") as archive, archive.open("a.npy", "w", force_zip64=True) as member:
            member.write(npy_bytes("<f8", (3,), floats(3)))
        self.pack("x.pkl", "w.npz")
        self.assertEqual(self.array("x.pkl", "/a").payload, floats(3))

    def refuse(self, content, words, status=1):
        self.write("w.npz", content)
        self.refused(status, ["w.npz", *words], "jlpack", "x.pkl", "w.npz")
        self.assertEqual(self.names(), ["w.npz"])

    def test_damage_is_told(self):
        for compression in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            good = npz_bytes({"a.npy": npy_bytes("<f8", (2000,), floats(2000))}, compression)
            self.refuse(good[:-30], ["end record"])
            flipped = bytearray(good)
            flipped[900] ^= 1
            self.refuse(bytes(flipped), ["a.npy"])
        self.refuse(b"PK", ["zip"])
        self.refuse(b"hello, world, this is no archive", ["zip"])

    def test_lying_archives(self):
        good = npz_bytes({"a.npy": npy_bytes("<f8", (3,), floats(3))})
        entry = good.index(b"PK\1\2")
        def patched(at, form, value):
            return good[:at] + struct.pack(form, value) + good[at + struct.calcsize(form):]
        self.refuse(patched(entry + 8, "<H", 1), ["a.npy", "encrypted"], 2)
        self.refuse(patched(entry + 10, "<H", 14), ["a.npy", "method 14"], 2)
        self.refuse(patched(entry + 20, "<I", 1 << 30), ["1073741824"])
        self.refuse(patched(entry + 24, "<I", 1 << 30), ["a.npy"])
        self.refuse(patched(entry + 42, "<I", 1 << 30), ["1073741824"])
        self.refuse(patched(entry + 42, "<I", 2), ["a.npy"])
        end = good.index(b"PK\5\6")
        self.refuse(patched(end + 10, "<H", 9), ["9 members"])
        self.refuse(patched(end + 16, "<I", 1 << 30), ["1073741824"])

    def test_a_member_whose_header_lies(self):
        self.refuse(npz_bytes({"a.npy": npy_bytes("<f8", (4,), floats(3))}), ["a.npy", "32 bytes", "24 bytes"])
        self.refuse(npz_bytes({"a.npy": b"junk"}), ["a.npy"])


class Csv(ToolCase):
    def packed(self, text):
        self.write("t.csv", text)
        self.pack("x.pkl", "t.csv")
        return plain(self.root("x.pkl"))

    def test_a_head_makes_columns(self):
        self.assertEqual(self.packed("a, b ,name\n1,2.5,x\n-2,1e3,y\n"), {"a": ("<i8", 2), "b": ("<f8", 2), "name": ["x", "y"]})
        self.assertEqual(self.array("x.pkl", "/a").payload, struct.pack("<2q", 1, -2))
        self.assertEqual(self.array("x.pkl", "/b").payload, struct.pack("<2d", 2.5, 1000))

    def test_a_head_that_begins_as_zlib_does(self):
        self.assertEqual(self.packed("x,y\n1,2\n"), {"x": ("<i8", 1), "y": ("<i8", 1)})

    def test_numbers_alone_make_a_2d_array(self):
        self.assertEqual(self.packed("1,2\n3,4\n5,6"), ("<i8", 3, 2))
        self.assertEqual(self.packed("1,2\r\n3,4.5\r\n"), ("<f8", 2, 2))
        self.assertEqual(self.array("x.pkl", "/").payload, struct.pack("<4d", 1, 2, 3, 4.5))

    def test_anything_else_makes_rows(self):
        self.assertEqual(self.packed("1,x\n2,y\n"), [[1, "x"], [2, "y"]])

    def test_an_empty_cell_among_numbers_is_nan(self):
        self.assertEqual(self.packed("a,b\n1,\n2,3\n"), {"a": ("<i8", 2), "b": ("<f8", 2)})
        self.assertIn(b"nan 3.0", self.ok("jlunpack", "x.pkl", "--cat", "/b"))

    def test_quotes(self):
        self.assertEqual(self.packed('\ufeffa,b\n"x, ""y""\n2",\n\n"",z\n'), {"a": ['x, "y"\n2', ""], "b": ["", "z"]})

    def test_integers_beyond_64_bits_are_floats(self):
        self.assertEqual(self.packed("9223372036854775808\n1\n"), ("<f8", 2, 1))

    def refuse(self, content, words):
        self.write("t.csv", content)
        self.refused(1, ["t.csv", *words], "jlpack", "x.pkl", "t.csv")

    def test_refusals_name_the_line(self):
        self.refuse("a,b\n1,2\n3\n", ["line 3", "1 cells", "2"])
        self.refuse('a\n"x\n', ["line 2", "never closed"])
        self.refuse('a\n"x"y\n', ["line 2", "closing quote"])
        self.refuse(b"a\n\xff\n", ["line 2", "UTF-8"])
        self.refuse("a,a\n1,2\n", ["'a'"])
        self.refuse("", ["no rows"])


class Json(ToolCase):
    def packed(self, text):
        self.write("j.json", text)
        self.pack("x.pkl", "j.json")
        return self.root("x.pkl")

    def test_values(self):
        text = '{"a": [1, 2.5, null, true, false, "\\u00fc\\u0000\\ud83d\\ude00"], "b": {}, "c": [], "": -0.0}'
        self.assertEqual(plain(self.packed(text)), {"a": [1, 2.5, None, True, False, "ü\0😀"], "b": {}, "c": [], "": 0})

    def test_integers_of_any_size(self):
        numbers = [2**53, 2**53 + 1, 2**63 - 1, 2**63, 2**64, -(2**63), -(2**63) - 1, 2**70, -(2**80), 10**300, -(256**20), 0]
        self.assertEqual(plain(self.packed(str(numbers))), numbers)
        self.ok("jlunpack", "x.pkl", "--verify")

    def test_deep_nesting(self):
        depth = 100_000
        self.write("j.json", "[" * depth + "]" * depth)
        self.pack("x.pkl", "j.json")
        self.assertEqual(self.ok("jlunpack", "x.pkl", "--json").count(b'"list"'), depth)

    def test_refusals_tell_the_place(self):
        for text, word in (("[1,\n2,,]", "line 2, column 3"), ("", "line 1"), ('{"a": 1} x', "column"), ("[NaN]", "column"),
                           ('{"k": 1, "k": 2}', "'k'"), ('["\\ud800"]', "column"), ("[1e999]", "1e999"), (b'["\xff"]', "UTF-8")):
            self.write("j.json", text)
            self.refused(1, ["j.json", word], "jlpack", "x.pkl", "j.json")


class TextRawAndPickle(ToolCase):
    def test_text_is_one_str(self):
        self.write("t.txt", "héllo\r\nwörld")
        self.pack("x.pkl", "t.txt")
        self.assertEqual(plain(self.root("x.pkl")), "héllo\r\nwörld")

    def test_text_that_is_no_utf8_is_refused(self):
        self.write("t.txt", b"ab\xffc")
        self.refused(1, ["t.txt", "byte 2", "UTF-8"], "jlpack", "x.pkl", "t.txt")

    def test_raw_binary(self):
        self.write("r.bin", struct.pack("<6f", *range(6)))
        for shape, found in (((), [6]), (("--shape", "2,3"), [2, 3]), (("--shape", "-1,2"), [3, 2]), (("--shape", "2x-1"), [2, 3])):
            self.pack("x.pkl", "r.bin", "--dtype", "<f4", *shape)
            self.assertEqual((self.root("x.pkl")["shape"], self.root("x.pkl")["dtype"]), (found, "<f4"))
        self.assertEqual(self.array("x.pkl", "/").payload, self.read("r.bin"))

    def test_any_name_is_raw_with_a_dtype(self):
        self.write("blob", b"\1\2\3")
        self.refused(2, "--dtype", "jlpack", "x.pkl", "blob")
        self.pack("x.pkl", "blob", "--dtype", "u1")
        self.assertEqual(plain(self.root("x.pkl")), ("|u1", 3))

    def test_sizes_that_do_not_fit_are_told(self):
        self.write("r.bin", bytes(24))
        self.refused(1, ["24 bytes", "28"], "jlpack", "x.pkl", "r.bin", "--dtype", "<f4", "--shape", "7")
        self.refused(1, ["24 bytes", "4,-1", "multiple of 16"], "jlpack", "x.pkl", "r.bin", "--dtype", "<f4", "--shape", "4,-1")
        self.refused(1, ["24 bytes", "multiple of 16"], "jlpack", "x.pkl", "r.bin", "--dtype", "<c16")
        self.refused(1, "64 bits", "jlpack", "x.pkl", "r.bin", "--dtype", "<f4", "--shape", "4294967296,4294967296")
        self.refused(2, "--dtype", "jlpack", "x.pkl", "r.bin")
        self.refused(2, "--shape", "jlpack", "x.pkl", "r.bin", "--shape", "3")
        for text in ("a", "3,,4", "-2", "-1,-1", "3,"):
            self.refused(2, ["--shape", text], "jlpack", "x.pkl", "r.bin", "--dtype", "<f4", "--shape", text)
        for text in ("q7", "|O", "S", ""):
            self.refused(2, "--dtype", "jlpack", "x.pkl", "r.bin", "--dtype=" + text)

    def test_pickles_of_python(self):
        value = {"a": [1, "x", (2.5, None)], "b": b"raw"}
        for protocol in range(6):
            self.write("p.pkl", pickle.dumps(value, protocol))
            self.pack("x.pkl", "p.pkl")
            self.assertEqual(plain(self.root("x.pkl"))["a"], [1, "x", [2.5, None]])

    def test_other_files_of_jl_keep_sharing(self):
        shared = [1, 2]
        self.write("p.pkl.gz", gzip.compress(pickle.dumps([shared, shared])))
        self.pack("x.pkl", "p.pkl.gz")
        self.assertEqual(self.root("x.pkl")["items"][1], {"kind": "ref", "path": "/0"})

    def test_a_pickle_that_is_none_is_refused(self):
        self.write("p.pkl", "hello")
        self.refused(1, "p.pkl", "jlpack", "x.pkl", "p.pkl")
        self.write("p.pkl", "")
        self.refused(1, "p.pkl", "jlpack", "x.pkl", "p.pkl")
