"""What the cases share: running the tools in a folder of their own, and writing small .npy, .npz and pickle files."""
import io
import json
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "interop"))
import npy  # noqa: E402

BIN = None
TIMEOUT = 120


def npy_bytes(descr, shape, payload, order="C", version=1):
    """An .npy file as numpy writes it, with room for the shape to grow; descr is the Python literal's value."""
    header = f"{{'descr': {descr!r}, 'fortran_order': {order == 'F'}, 'shape': {shape!r}, }}".encode()
    header += b" " * (21 - len(repr(shape[-1 if order == "F" else 0])) if shape else 0)
    prefix = 10 if version == 1 else 12
    header += b" " * (-(prefix + len(header) + 1) % 64) + b"\n"
    length = struct.pack("<H" if version == 1 else "<I", len(header))
    return b"\x93NUMPY" + bytes([version, 0]) + length + header + payload


def floats(count, start=0):
    return struct.pack(f"<{count}d", *range(start, start + count))


def npz_bytes(members, compression=zipfile.ZIP_STORED):
    """members: name in the archive -> bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


class ToolCase(unittest.TestCase):
    """A test with a folder of its own as the working directory of the tools."""

    maxDiff = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="jl-tools-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def read(self, name):
        return (self.folder / name).read_bytes()

    def write_floats(self, name, count=3, shape=None, start=0):
        return self.write(name, npy_bytes("<f8", shape or (count,), floats(count, start)))

    def run_tool(self, tool, *arguments, stdin=b"", **options):
        return subprocess.run([BIN / tool, *arguments], input=stdin, capture_output=True, cwd=self.folder, timeout=TIMEOUT, **options)

    def ok(self, tool, *arguments, **options):
        done = self.run_tool(tool, *arguments, **options)
        self.assertEqual(done.returncode, 0, done.stderr.decode(errors="replace"))
        self.assertEqual(done.stderr, b"")
        return done.stdout

    def refused(self, status, words, tool, *arguments, **options):
        """One line on standard error that begins with the program and holds the words."""
        done = self.run_tool(tool, *arguments, **options)
        message = done.stderr.decode(errors="replace")
        self.assertEqual(done.returncode, status, message)
        self.assertTrue(message.startswith(tool + ": "), message)
        self.assertEqual(message.count("\n"), 1, message)
        for word in [words] if isinstance(words, str) else words:
            self.assertIn(word, message)
        return message

    def has(self, codec):
        """Whether a codec is built in; one that is not is refused by its name."""
        self.write_floats("has.npy")
        done = self.run_tool("jlpack", "-c", codec, "has.pkl", "has.npy")
        if done.returncode != 0:
            self.assertIn(f"{codec.split(':')[0]}, which is not built into this jl", done.stderr.decode())
        return done.returncode == 0

    def pack(self, *arguments, **options):
        return self.ok("jlpack", *arguments, **options)

    def tree(self, name, **options):
        return json.loads(self.ok("jlunpack", name, "--json", **options))

    def root(self, name):
        return self.tree(name)["root"]

    def array(self, name, path):
        """The array at a path, as npy.py reads it."""
        self.ok("jlunpack", name, "--cat", path, "-o", "extracted.npy")
        return npy.read(self.folder / "extracted.npy")

    def names(self, folder="."):
        base = self.folder / folder
        return sorted(os.path.relpath(os.path.join(at, name), base) for at, _, files in os.walk(base) for name in files)


def plain(node):
    """A JSON node as Python data: numbers of arrays left out."""
    kind = node["kind"]
    if kind == "none":
        return None
    if kind in ("int", "float", "str", "bool"):
        return int(node["value"]) if kind == "int" else node["value"]
    if kind in ("list", "tuple"):
        return [plain(item) for item in node["items"]]
    if kind == "dict":
        return {plain(key): plain(value) for key, value in node["items"]}
    if kind == "array":
        return (node["dtype"] if isinstance(node["dtype"], str) else str(node["dtype"]), *node["shape"])
    return node
