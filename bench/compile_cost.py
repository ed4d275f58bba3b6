"""What a header of jl adds to the compilation of a file that includes it, over the standard headers that it needs.

    compile_cost.py [--compiler g++] [--pairs N] [HEADER]...      HEADER: jl/jl.hpp

Both files are compiled in turn, A B A B (-fsyntax-only); seconds are the compiler's own, the figure is the median difference.
"""
import argparse
import pathlib
import re
import resource
import statistics
import subprocess
import tempfile

INCLUDE = pathlib.Path(__file__).resolve().parent.parent / "include"


def needed(header, seen):
    """The headers of others that a header of jl includes, directly or through others of jl."""
    found = set()
    for name in re.findall(r"^#include <([^>]+)>", (INCLUDE / header).read_text(), re.M):
        if not name.startswith("jl/"):
            found.add(name)
        elif name not in seen:
            seen.add(name)
            found |= needed(name, seen)
    return found


def seconds(compiler, source):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([compiler, "-std=c++20", "-I", str(INCLUDE), "-fsyntax-only", str(source)], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("headers", nargs="*", default=["jl/jl.hpp"])
    parser.add_argument("--compiler", default="g++")
    parser.add_argument("--pairs", type=int, default=7)
    arguments = parser.parse_args()
    for header in arguments.headers:
        with tempfile.TemporaryDirectory() as folder:
            sources = [pathlib.Path(folder, name) for name in ("with.cpp", "without.cpp")]
            others = sorted(needed(header, {header}))
            sources[0].write_text(f"#include <{header}>\nint main() {{}}\n")
            sources[1].write_text("".join(f"#include <{name}>\n" for name in others) + "int main() {}\n")
            pairs = [[seconds(arguments.compiler, source) for source in sources] for _ in range(arguments.pairs)]
        both = [statistics.median(pair[i] for pair in pairs) for i in (0, 1)]
        added = statistics.median(a - b for a, b in pairs)
        print(f"{header}, {arguments.compiler}: {both[0]:.2f} s, its {len(others)} standard headers alone {both[1]:.2f} s, added {added:.2f} s")


if __name__ == "__main__":
    main()
