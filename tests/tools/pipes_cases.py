"""jlpack - and jlunpack - between the pipes of a real shell, in every codec."""
import subprocess

import tools
from tools import ToolCase, floats

CODECS = ["none", "zlib", "gzip", "bz2", "lzma", "xz", "lz4", "zstd"]


class Pipes(ToolCase):
    def shell(self, command):
        script = "set -o pipefail; " + command
        done = subprocess.run(["bash", "-c", script], cwd=self.folder, capture_output=True, timeout=tools.TIMEOUT,
                              env={"PATH": f"{tools.BIN}:/usr/bin:/bin"})
        self.assertEqual(done.returncode, 0, done.stderr.decode(errors="replace"))
        return done.stdout

    def test_every_verb_in_every_codec(self):
        self.write_floats("w.npy", 40_000)
        for codec in filter(self.has, CODECS):
            with self.subTest(codec):
                packed = f"cat w.npy | jlpack - -c {codec} w=- | cat"
                self.assertIn(b"<f8", self.shell(f"{packed} | jlunpack -"))
                self.assertIn(b'"array"', self.shell(f"{packed} | jlunpack - --json"))
                self.assertIn(b"every checksum agrees", self.shell(f"{packed} | jlunpack - --verify"))
                self.assertEqual(self.shell(f"{packed} | jlunpack - --cat /w -o -")[-320_000:], floats(40_000))
                self.shell(f"{packed} | jlunpack - --convert - -c gzip | gunzip | jlunpack - -o out")
                self.assertEqual(self.read("out/w.npy"), self.read("w.npy"))
