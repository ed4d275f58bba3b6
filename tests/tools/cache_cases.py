"""jlcache: entries as jl::Memory lays them out, listed, summed, removed, reduced, verified."""
import json
import os
import time

from tools import ToolCase

HASH = "0123456789abcdef0123456789abcde"


class Cache(ToolCase):
    """Five entries of two functions, the first ones used the longest time ago."""

    def setUp(self):
        super().setUp()
        self.write_floats("x.npy", 200)
        for i in range(5):
            self.entry("square" if i < 3 else "acme%3A%3Acube", HASH + str(i), age=1000 - 100 * i)

    def entry(self, function, hash, age):
        folder = f"cache/joblib/{function}/{hash}"
        self.write(f"{folder}/metadata.json", json.dumps({"duration": 1.5, "input_args": {"x": "array([1.])"}, "time": 1.7e9, "version": "3"}))
        self.ok("jlpack", "-q", f"{folder}/output.pkl", "x.npy")
        then = time.time() - age
        os.utime(self.folder / folder / "metadata.json", (then, then))

    def hashes(self):
        return [entry["hash"][-1] for entry in json.loads(self.ok("jlcache", "ls", "cache", "--json"))]

    def test_ls_shows_every_entry(self):
        lines = self.ok("jlcache", "ls", "cache").decode().splitlines()
        self.assertEqual(len(lines), 5)
        self.assertTrue(lines[0].startswith(f"acme::cube/{HASH}3  "), lines[0])
        for text in ("took 1.5 s", "version 3", "(x=array([1.]))"):
            self.assertIn(text, lines[0])
        self.assertEqual(self.ok("jlcache", "ls", "cache", "--function", "square").count(b"\n"), 3)
        self.assertEqual(self.ok("jlcache", "ls", "cache/joblib").count(b"\n"), 5)

    def test_ls_as_json(self):
        first = json.loads(self.ok("jlcache", "ls", "cache", "--json"))[0]
        size = sum(os.path.getsize(self.folder / f"cache/joblib/acme%3A%3Acube/{HASH}3" / name) for name in ("output.pkl", "metadata.json"))
        self.assertEqual((first["function"], first["hash"], first["bytes"], first["pinned"]), ("acme::cube", HASH + "3", size, False))
        self.assertEqual((first["duration"], first["version"], first["input_args"]), (1.5, "3", {"x": "array([1.])"}))

    def test_stats_sums(self):
        sums = json.loads(self.ok("jlcache", "stats", "cache", "--json"))
        self.assertEqual([(each["function"], each["entries"], each["duration"]) for each in sums["functions"]], [("acme::cube", 2, 3.0), ("square", 3, 4.5)])
        self.assertEqual(sums["entries"], 5)
        self.assertIn(b"square: 3 entries, ", self.ok("jlcache", "stats", "cache"))

    def test_rm(self):
        self.assertEqual(self.ok("jlcache", "rm", "cache", "square/" + HASH + "1"), b"1 entry removed\n")
        self.assertEqual(self.hashes(), ["3", "4", "0", "2"])
        self.assertEqual(self.ok("jlcache", "rm", "cache", "acme::cube", "-q"), b"")
        self.assertEqual(self.hashes(), ["0", "2"])
        self.assertEqual(self.ok("jlcache", "rm", "cache", "--all"), b"2 entries removed\n")
        self.assertEqual(self.hashes(), [])

    def test_rm_of_all_wants_a_sign_of_a_cache(self):
        self.write("src/joblib/notes/important.txt", "mine")
        for location in ("src", "src/joblib"):
            self.refused(2, "there is no cache here", "jlcache", "rm", location, "--all")
        self.write("cache/joblib/notes/important.txt", "mine")
        self.assertEqual(self.ok("jlcache", "rm", "cache", "--all"), b"5 entries removed\n")
        for location in ("src", "cache"):
            self.assertTrue((self.folder / location / "joblib/notes/important.txt").exists())

    def test_verify_reaches_entries_of_folders_that_tell_no_name(self):
        self.entry("Square+0123456789abcdef", HASH + "5", age=1)
        self.write(f"cache/joblib/Square+0123456789abcdef/{HASH}5/output.pkl", "garbage")
        self.refused(1, f"Square+0123456789abcdef/{HASH}5: ", "jlcache", "verify", "cache")

    def test_rm_of_what_is_not_there_removes_nothing(self):
        self.refused(2, "there is no entry nothing", "jlcache", "rm", "cache", "square", "nothing")
        self.refused(2, "--all", "jlcache", "rm", "cache")
        self.refused(2, "--all", "jlcache", "rm", "cache", "square", "--all")
        self.assertEqual(len(self.hashes()), 5)

    def test_reduce_takes_what_was_not_used_longest(self):
        self.assertEqual(self.ok("jlcache", "reduce", "cache", "--items", "3"), b"2 entries removed\n")
        self.assertEqual(self.hashes(), ["3", "4", "2"])
        self.assertEqual(self.ok("jlcache", "reduce", "cache", "--age", "750s"), b"1 entry removed\n")
        self.assertEqual(self.ok("jlcache", "reduce", "cache", "--age", "1h"), b"0 entries removed\n")
        self.assertEqual(self.ok("jlcache", "reduce", "cache", "--bytes", "3K"), b"1 entry removed\n")
        self.assertEqual(self.ok("jlcache", "reduce", "cache", "--bytes", "100"), b"1 entry removed\n")

    def test_reduce_keeps_pinned_entries(self):
        self.assertEqual(self.ok("jlcache", "pin", "cache", "square/" + HASH + "0"), b"1 entry pinned\n")
        self.ok("jlcache", "reduce", "cache", "--items", "0")
        self.assertEqual(self.hashes(), ["0"])
        self.assertIn(b"pinned", self.ok("jlcache", "ls", "cache"))
        self.ok("jlcache", "unpin", "cache", "square")
        self.ok("jlcache", "reduce", "cache", "--items", "0")
        self.assertEqual(self.hashes(), [])

    def test_reduce_wants_a_limit(self):
        self.refused(2, "--bytes, --items or --age", "jlcache", "reduce", "cache")
        self.refused(2, "Invalid literal for size give: 1Q", "jlcache", "reduce", "cache", "--bytes", "1Q")
        self.refused(2, "an age is", "jlcache", "reduce", "cache", "--age", "soon")

    def test_verify_names_damaged_entries(self):
        self.assertEqual(self.ok("jlcache", "verify", "cache"), b"5 entries checked, 0 damaged\n")
        used = json.loads(self.ok("jlcache", "ls", "cache", "--json"))[0]["last_access"]
        path = self.folder / f"cache/joblib/square/{HASH}1/output.pkl"
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
        done = self.run_tool("jlcache", "verify", "cache")
        self.assertEqual((done.returncode, done.stdout), (1, b"5 entries checked, 1 damaged\n"))
        self.assertTrue(done.stderr.startswith(b"jlcache: square/" + HASH.encode() + b"1: "), done.stderr)
        self.assertEqual(self.run_tool("jlcache", "verify", "cache", "--remove", "-q").returncode, 1)
        self.assertEqual(self.hashes(), ["3", "4", "0", "2"])
        self.ok("jlcache", "verify", "cache", "-q")
        self.assertEqual(json.loads(self.ok("jlcache", "ls", "cache", "--json"))[0]["last_access"], used)

    def test_what_files_say_cannot_command_the_terminal(self):
        folder = f"cache/joblib/square/{HASH}0"
        self.write(f"{folder}/metadata.json", '{"version": "\\u001b[2J", "input_args": {"a\\nb": "\\u001b]0;x"}}')
        shown = self.ok("jlcache", "ls", "cache")
        self.assertNotIn(b"\x1b", shown)
        self.assertEqual(shown.count(b"\n"), 5)

    def test_wrong_usage(self):
        self.refused(2, ["nope", "no cache"], "jlcache", "ls", "nope")
        self.refused(2, "no cache", "jlcache", "stats", ".")
        self.refused(2, "subcommand", "jlcache")
        self.refused(2, "backend", "jlcache", "ls", "cache", "--backend", "nope")
        self.assertIn(b"jlcache", self.ok("jlcache", "--version"))
