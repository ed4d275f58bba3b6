"""jlpack --append."""
import fcntl
import gzip
import pickle
import subprocess

import tools
from tools import ToolCase, floats, npy_bytes, npz_bytes


class Append(ToolCase):
    def setUp(self):
        super().setUp()
        self.write_floats("w.npy")
        self.write("j.json", "[1, 2]")
        self.pack("log.pkl", "w.npy")

    def test_adds_containers_behind_the_first(self):
        first = self.read("log.pkl")
        self.pack("--append", "log.pkl", "j.json")
        self.pack("--append", "log.pkl", "w=w.npy")
        self.assertTrue(self.read("log.pkl").startswith(first))
        self.assertEqual(self.root("log.pkl")["kind"], "array")
        self.assertIn(b"log.pkl: 3 objects", self.ok("jlunpack", "log.pkl"))
        self.ok("jlunpack", "log.pkl", "--verify")

    def test_payloads_stay_aligned_in_the_file(self):
        self.write("other.npy", npy_bytes("<f8", (2,), floats(2, 77)))
        self.pack("--append", "log.pkl", "other.npy")
        self.assertEqual(self.read("log.pkl").index(floats(2, 77)) % 64, 0)

    def test_a_failure_leaves_the_file_as_it_was(self):
        before = self.read("log.pkl")
        damaged = bytearray(npz_bytes({"a.npy": npy_bytes("<f8", (500_000,), floats(500_000))}))
        damaged[3_000_000] ^= 1
        self.write("bad.npz", bytes(damaged))
        self.refused(1, ["bad.npz", "checksum"], "jlpack", "--append", "log.pkl", "bad.npz")
        self.assertEqual(self.read("log.pkl"), before)

    def test_only_plain_files(self):
        self.pack("x.pkl.gz", "w.npy")
        self.refused(2, ["x.pkl.gz", "gzip"], "jlpack", "--append", "x.pkl.gz", "w.npy")
        self.write("t.pkl", "<html>")
        self.refused(1, ["t.pkl", "begins with '<html>'"], "jlpack", "--append", "t.pkl", "w.npy")
        self.refused(2, "No such file", "jlpack", "--append", "none/none.pkl", "w.npy")
        self.refused(2, "--append", "jlpack", "--append", "-", "w.npy")
        self.refused(2, "-c", "jlpack", "--append", "log.pkl", "w.npy", "-c", "gzip")

    def test_not_behind_a_damaged_end(self):
        self.write("log.pkl", self.read("log.pkl")[:-5])
        self.refused(1, ["log.pkl", "object 1", "--repair"], "jlpack", "--append", "log.pkl", "w.npy")
        self.refused(2, "--append", "jlpack", "--repair", "log.pkl", "w.npy")
        self.pack("--append", "--repair", "log.pkl", "w.npy")
        self.ok("jlunpack", "log.pkl", "--verify")

    def test_makes_the_file_and_follows_other_programs_pickles(self):
        self.pack("--append", "new.pkl", "w.npy")
        self.ok("jlunpack", "new.pkl", "--verify")
        self.write("p.pkl", pickle.dumps([1]))
        self.pack("--append", "p.pkl", "w.npy")
        self.assertTrue(self.read("p.pkl").startswith(pickle.dumps([1])))

    def test_one_program_at_a_time(self):
        with open(self.folder / "log.pkl", "rb") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            command = [tools.BIN / "jlpack", "-q", "--append", "log.pkl", "w.npy"]
            waiting = subprocess.Popen(command, cwd=self.folder)
            with self.assertRaises(subprocess.TimeoutExpired):
                waiting.wait(0.5)
        self.assertEqual(waiting.wait(tools.TIMEOUT), 0)
        self.ok("jlunpack", "log.pkl", "--verify")

    def test_several_containers_are_not_silently_one(self):
        self.pack("--append", "log.pkl", "j.json")
        self.refused(2, "2 objects", "jlunpack", "log.pkl", "--convert", "x.pkl.gz")
        self.refused(2, "2 objects", "jlpack", "x.pkl", "log.pkl")
        self.write("log.pkl.gz", gzip.compress(self.read("log.pkl")))
        self.refused(2, "2 objects", "jlunpack", "log.pkl.gz", "--convert", "x.pkl")
        self.assertNotIn("x.pkl", self.names())
