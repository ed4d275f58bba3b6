#!/usr/bin/env python3
"""reader.py stays small and alone: at most 300 lines of at most 150 characters, modules of the standard library only."""
import ast
import sys

from vectors import SPEC, Failures

ALLOWED = {"bz2", "functools", "hashlib", "itertools", "json", "lzma", "math", "re", "struct", "sys", "zlib"}
EXECUTING = {"eval", "exec", "compile", "__import__", "globals", "pickle", "marshal"}


def main():
    check, text = Failures(), (SPEC / "reader.py").read_text()
    check.expect(text.count("\n") <= 300, "reader.py has", text.count("\n"), "lines")
    check.expect(max(map(len, text.splitlines())) <= 150, "reader.py has a line of more than 150 characters")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names = {alias.name for alias in node.names} if isinstance(node, ast.Import) else {node.module}
            check.expect(names <= ALLOWED, "reader.py imports", names - ALLOWED)
        if isinstance(node, ast.Name):
            check.expect(node.id not in EXECUTING, "reader.py uses", node.id)
    return check.status()


if __name__ == "__main__":
    sys.exit(main())
