"""The test vectors of spec/, and how trees and runs of programs are compared."""
import json
import pathlib
import subprocess

SPEC = pathlib.Path(__file__).resolve().parents[2] / "spec"


class Failures:
    """Counts checks, prints what fails, ends with an exit status."""
    def __init__(self):
        self.checks, self.failed = 0, 0

    def expect(self, condition, *message):
        self.checks += 1
        if not condition:
            self.failed += 1
            print("FAIL", *message)

    def status(self):
        print("%d checks, %d failed" % (self.checks, self.failed))
        return 1 if self.failed or not self.checks else 0


def vectors(kind, spec=SPEC):
    """(file, facts) of every vector in spec/vectors/KIND."""
    for path in sorted((spec / "vectors" / kind).glob("*.json")):
        yield path.with_suffix(""), json.loads(path.read_text())


def run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=300)
    return done.returncode, done.stdout, done.stderr


def same(node):
    """A tree with everything equal that json_tree.md calls equal."""
    if isinstance(node, list):
        return [same(item) for item in node]
    if not isinstance(node, dict):
        return node
    node = {key: same(value) for key, value in node.items()}
    if isinstance(node.get("value"), str) and (node["kind"] == "complex" or node["kind"] == "scalar" and "c" in node["dtype"][1]):
        node["value"] = repr(complex(node["value"]))
    return node


def difference(expected, found, path="root"):
    """Where two trees first differ, as a sentence; empty when they do not."""
    if isinstance(expected, dict) and isinstance(found, dict) and expected.keys() == found.keys():
        pairs = [(expected[key], found[key], "%s.%s" % (path, key)) for key in expected]
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        pairs = [(a, b, "%s[%d]" % (path, i)) for i, (a, b) in enumerate(zip(expected, found))]
    else:
        agree = expected == found and isinstance(expected, bool) == isinstance(found, bool)
        return "" if agree else "%s: expected %.200r, found %.200r" % (path, expected, found)
    return next(filter(None, (difference(*pair) for pair in pairs)), "")
