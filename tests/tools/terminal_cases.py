"""Progress bars stand on terminals only, and binary data never does."""
import os
import pty
import subprocess

import tools
from tools import ToolCase, floats, npy_bytes


class Terminal(ToolCase):
    def setUp(self):
        super().setUp()
        self.write("w.npy", npy_bytes("<f8", (300_000,), floats(300_000)))

    def on_terminal(self, tool, *arguments, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL):
        """(status, what the terminal got) with standard error, and where asked standard output and input, on a terminal."""
        leader, follower = pty.openpty()
        ends = [follower if end == "terminal" else end for end in (stdin, stdout)]
        done = subprocess.Popen([tools.BIN / tool, *arguments], cwd=self.folder, stdin=ends[0], stdout=ends[1], stderr=follower)
        os.close(follower)
        shown = b""
        while True:
            try:
                piece = os.read(leader, 65536)
            except OSError:
                break
            if not piece:
                break
            shown += piece
        os.close(leader)
        done.communicate(timeout=tools.TIMEOUT)
        return done.returncode, shown

    def test_bars(self):
        for arguments in (("jlpack", "x.pkl.gz", "w.npy"), ("jlunpack", "x.pkl.gz", "--verify"), ("jlunpack", "x.pkl.gz", "-o", "out"),
                          ("jlunpack", "x.pkl.gz", "--convert", "y.pkl")):
            status, shown = self.on_terminal(*arguments)
            self.assertEqual(status, 0, shown)
            self.assertIn(b"MB/s", shown)
            self.assertTrue(shown.endswith(b"\n"), shown)

    def test_no_bars_on_request(self):
        for option in ("--no-progress", "-q"):
            self.assertEqual(self.on_terminal("jlpack", option, "x.pkl.gz", "w.npy"), (0, b""))
            self.assertEqual(self.on_terminal("jlunpack", option, "x.pkl.gz", "--verify"), (0, b""))

    def test_an_error_stands_on_a_line_of_its_own(self):
        self.on_terminal("jlpack", "x.pkl", "w.npy")
        content = bytearray(self.read("x.pkl"))
        content[-200_000] ^= 1
        self.write("x.pkl", bytes(content))
        status, shown = self.on_terminal("jlunpack", "x.pkl", "--convert", "y.pkl.gz")
        self.assertEqual(status, 1)
        self.assertRegex(shown, rb"(^|\n|\r\x1b\[K)jlunpack: x.pkl: ")

    def test_binary_data_is_not_written_to_a_terminal(self):
        status, shown = self.on_terminal("jlpack", "-", "w.npy", stdout="terminal")
        self.assertEqual(status, 2)
        self.assertIn(b"standard output is a terminal", shown)
        self.pack("x.pkl", "w.npy")
        for arguments in (("--convert", "-"), ("--cat", "/", "-o", "-")):
            status, shown = self.on_terminal("jlunpack", "x.pkl", *arguments, stdout="terminal")
            self.assertEqual(status, 2)
            self.assertIn(b"standard output is a terminal", shown)

    def test_a_terminal_is_no_input(self):
        status, shown = self.on_terminal("jlunpack", "-", stdin="terminal")
        self.assertEqual(status, 2)
        self.assertIn(b"standard input: is a terminal", shown)

    def test_texts_are_escaped_there(self):
        self.write("t.txt", "a\x1b[31m\n")
        self.pack("x.pkl", "t.txt")
        self.assertEqual(self.ok("jlunpack", "x.pkl", "--cat", "/"), b"a\x1b[31m\n")
        status, shown = self.on_terminal("jlunpack", "x.pkl", "--cat", "/", stdout="terminal")
        self.assertEqual((status, shown), (0, b"a\\x1b[31m\\n\r\n"))
