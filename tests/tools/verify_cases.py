"""jlunpack --verify: 0 clean, 1 damaged and where, 2 unreadable."""
import pickle
import struct

from tools import ToolCase, floats, npy_bytes


class Verify(ToolCase):
    def setUp(self):
        super().setUp()
        self.write("w.npy", npy_bytes("<f8", (300_000,), floats(300_000)))
        self.write("v.npy", npy_bytes("<f8", (10,), floats(10)))
        self.pack("x.pkl", "w.npy", "v.npy")
        self.pack("x.pkl.gz", "w.npy", "v.npy")

    def damage(self, name, at):
        content = bytearray(self.read(name))
        content[at] ^= 1
        self.write(name, bytes(content))

    def test_clean_files(self):
        for name in ("x.pkl", "x.pkl.gz"):
            self.assertIn(b"ok, 2 arrays, 2.4 MB, every checksum agrees", self.ok("jlunpack", name, "--verify"))
        self.assertEqual(self.ok("jlunpack", "x.pkl", "--verify", "-q"), b"")

    def test_files_without_checksums(self):
        self.write("p.pkl", pickle.dumps([1]))
        self.assertIn(b"no checksums", self.ok("jlunpack", "p.pkl", "--verify"))

    def test_a_damaged_payload_is_named(self):
        self.damage("x.pkl", 2_000_000)
        self.refused(1, ["x.pkl", "'/w'", "checksum"], "jlunpack", "x.pkl", "--verify")

    def test_every_damaged_array_is_named(self):
        small = next(node for _, node in self.root("x.pkl")["items"] if node["path"] == "/v")["offset"]
        self.damage("x.pkl", 2_000_000)
        self.damage("x.pkl", small)
        done = self.run_tool("jlunpack", "x.pkl", "--verify")
        lines = done.stderr.decode().splitlines()
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stdout, b"")
        self.assertTrue(all(line.startswith("jlunpack: x.pkl: ") for line in lines), lines)
        self.assertTrue(any("'/w'" in line for line in lines) and any("'/v'" in line for line in lines), lines)

    def test_damage_anywhere_is_found(self):
        for name in ("x.pkl", "x.pkl.gz"):
            content = self.read(name)
            for at in [*range(20, len(content), len(content) // 25), len(content) - 1]:
                self.damage(name, at)
                self.assertEqual(self.run_tool("jlunpack", name, "--verify").returncode, 1, f"{name} at {at}")
                self.write(name, content)

    def test_truncation_is_found(self):
        for name in ("x.pkl", "x.pkl.gz"):
            content = self.read(name)
            for size in (1, 50, len(content) // 2, len(content) - 70, len(content) - 1):
                self.write(name, content[:size])
                self.refused(1, name, "jlunpack", name, "--verify")

    def test_what_lost_its_end_is_still_taken_with_a_warning(self):
        self.write("x.pkl", self.read("x.pkl")[:-5])
        self.assertIn(b"its end is lost", self.ok("jlunpack", "x.pkl"))
        for arguments in (("jlunpack", "x.pkl", "--convert", "y.pkl"), ("jlpack", "-q", "z.pkl", "x.pkl"), ("jlunpack", "x.pkl", "-o", "out", "-q")):
            done = self.run_tool(*arguments)
            self.assertEqual((done.returncode, done.stdout), (0, b""))
            self.assertEqual(done.stderr.count(b"warning: its end is lost"), 1)
        self.assertEqual(self.read("out/w.npy"), self.read("w.npy"))
        self.ok("jlunpack", "y.pkl", "--verify")

    def test_unreadable_is_2(self):
        self.refused(2, ["nope.pkl", "No such file"], "jlunpack", "nope.pkl", "--verify")
        self.refused(2, "directory", "jlunpack", ".", "--verify")

    def test_a_newer_version_is_unreadable_not_damaged(self):
        content = bytearray(self.read("x.pkl"))
        content[12] = 9
        self.write("x.pkl", bytes(content))
        done = self.run_tool("jlunpack", "x.pkl")
        self.assertEqual((done.returncode, b"9.0" in done.stderr), (2, True), done.stderr)

    def test_a_pipe(self):
        self.assertIn(b"standard input: ok", self.ok("jlunpack", "-", "--verify", stdin=self.read("x.pkl.gz")))
        self.refused(1, "standard input: ", "jlunpack", "-", "--verify", stdin=self.read("x.pkl.gz")[:-3])

    def test_a_file_that_is_being_modified(self):
        content = bytearray(self.read("x.pkl"))
        footer = len(content) - 73
        content[footer + 54] = 1
        content[footer + 60:footer + 64] = struct.pack("<I", crc32c(content[footer:footer + 60]))
        self.write("x.pkl", bytes(content))
        self.assertIn(b"modified in place", self.ok("jlunpack", "x.pkl", "--verify"))
        done = self.run_tool("jlunpack", "x.pkl", "--convert", "y.pkl")
        self.assertEqual((done.returncode, done.stderr.count(b"warning: it is being modified in place")), (0, 1), done.stderr)


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF
