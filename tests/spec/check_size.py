#!/usr/bin/env python3
"""The reader stays small and alone: reader.py at most 300 lines, packed_reader.py 130, hasher.py 230, xxh3.py 130, of at most 150
characters, modules of the standard library only."""
import ast
import sys

from vectors import SPEC, Failures

ALLOWED = {"bz2", "functools", "hashlib", "itertools", "json", "lzma", "math", "re", "struct", "sys", "zlib"}
EXECUTING = {"eval", "exec", "compile", "__import__", "globals", "pickle", "marshal"}


def check_file(check, name, lines, allowed):
    text = (SPEC / name).read_text()
    check.expect(text.count("\n") <= lines, name, "has", text.count("\n"), "lines")
    check.expect(max(map(len, text.splitlines())) <= 150, name, "has a line of more than 150 characters")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names = {alias.name for alias in node.names} if isinstance(node, ast.Import) else {node.module}
            check.expect(names <= allowed, name, "imports", names - allowed)
        if isinstance(node, ast.Name):
            check.expect(node.id not in EXECUTING, name, "uses", node.id)


def main():
    check = Failures()
    check_file(check, "reader.py", 300, ALLOWED | {"packed_reader"})
    check_file(check, "packed_reader.py", 130, ALLOWED)
    check_file(check, "hasher.py", 230, ALLOWED | {"reader", "xxh3"})
    check_file(check, "xxh3.py", 130, ALLOWED)
    return check.status()


if __name__ == "__main__":
    sys.exit(main())
