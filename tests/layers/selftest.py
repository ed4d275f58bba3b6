"""Plants one breach at a time in a small sound house and expects it to be found, at its file and line."""

import sys
import tempfile
from pathlib import Path

from floors import check

SOUND = {
    "tests/layers/floors.txt": "limits base  # a comment\njl umbrella\ndetail/c* base\n",
    "include/jl/limits.hpp": "#pragma once\n#include <cstdint>\n",
    "include/jl/error.hpp": "#pragma once\n#include <string>\n#include <jl/limits.hpp>\n",
    "include/jl/detail/checked.hpp": "#pragma once\n#include <jl/error.hpp>\n",
    "include/jl/dump.hpp": "#pragma once\n#include <jl/error.hpp>\n#include <jl/value.hpp>\n",
    "include/jl/value.hpp": "#pragma once\n#include <jl/limits.hpp>\n",
    "include/jl/jl.hpp": "#pragma once\n#include <jl/dump.hpp>\n",
    "src/base/error.cpp": "#include <jl/error.hpp>\n#include <nmmintrin.h>\n",
    "src/io/input.hpp": "#include <jl/limits.hpp>\n",
    "src/io/input.cpp": '#include <unistd.h>\n#include "io/input.hpp"\n',
    "src/codec/deflate.hpp": '#include "io/input.hpp"\n',
    "src/codec/deflate.cpp": '#include "codec/deflate.hpp"\n#include <zlib.h>\n#include <thread>\n',
    "src/pickle/machine.hpp": '#include "io/input.hpp"\n',
    "src/array/dtype.hpp": '#include "io/input.hpp"\n#include <jl/error.hpp>\n',
    "src/graph/value.cpp": '#include <jl/value.hpp>\n#include "array/dtype.hpp"\n#include "pickle/machine.hpp"\n',
    "src/persist/dump.cpp": '#include <jl/dump.hpp>\n#include "codec/deflate.hpp"\n#include "array/dtype.hpp"\n',
    "tools/jlpack/main.cpp": '#include <jl/jl.hpp>\n#include "shell/args.hpp"\n#include <thread>\n',
    "tools/shell/args.hpp": "#include <string>\n",
}

# what is planted: (file, line to add, words of the rule); an include line lands at the file's end
PLANTED = [
    ("include/jl/error.hpp", '#include "io/input.hpp"', "include/ never includes src/"),
    ("include/jl/value.hpp", "#include <io/input.hpp>", "include/ never includes src/"),
    ("include/jl/limits.hpp", "#include <jl/value.hpp>", "floor base stands on the standard library, not on graph"),
    ("include/jl/value.hpp", "#  include  <jl/dump.hpp> // up", "floor graph stands on"),
    ("include/jl/value.hpp", "#include <jl/jl.hpp>", "is for users"),
    ("include/jl/value.hpp", "#include <jl/nothing.hpp>", "there is no <jl/nothing.hpp>"),
    ("src/base/error.cpp", "#include <zlib.h>", "base stands on the standard library only"),
    ("src/io/input.cpp", '#include "codec/deflate.hpp"', "floor io stands on base, not on codec"),
    ("src/io/input.cpp", "#include <thread>", "no thread starts on floor io"),
    ("src/codec/deflate.cpp", '#include "pickle/machine.hpp"', "floor codec stands on base, io, not on pickle"),
    ("src/pickle/machine.hpp", '#include "codec/deflate.hpp"', "not on codec"),
    ("src/array/dtype.hpp", '#include "pickle/machine.hpp"', "floor array stands on base, io, not on pickle"),
    ("src/array/dtype.hpp", '#include "dtype.hpp"', "there is no src/dtype.hpp"),
    ("src/graph/value.cpp", '#include "codec/deflate.hpp"', "not on codec"),
    ("src/graph/value.cpp", '#include "../io/input.hpp"', "climbs"),
    ("src/graph/value.cpp", "#include <jl/dump.hpp>", "not on persist"),
    ("tools/jlpack/main.cpp", '#include "io/input.hpp"', "tools use what is public"),
    ("tools/jlpack/main.cpp", "#include <jl/detail/checked.hpp>", "tools use what is public"),
    ("include/jl/limits.hpp", "#include <jl/error.hpp>", "in a circle"),
    ("src/io/input.hpp", '#include "io/input.hpp"', "in a circle"),
    ("tests/layers/floors.txt", "gone base", "there is no include/jl/gone.hpp"),
    ("tests/layers/floors.txt", "gone* base", "there is no include/jl/gone*.hpp"),
    ("tests/layers/floors.txt", "detail/* io", "its floor is not clear (base, io)"),
    ("tests/layers/floors.txt", "value attic", "not '<header> <floor>'"),
    ("include/jl/stray.hpp", "#pragma once", "its floor is not clear"),
    ("src/io/value.cpp", "", "its floor is not clear (io, graph)"),
    ("src/attic/old.cpp", "", "there is no floor attic"),
]

# Where the header whose floor became unclear is not the file that was planted.
HEADER_MEANT = {"detail/* io": "include/jl/detail/checked.hpp:1:", "src/io/value.cpp": "include/jl/value.hpp:1:"}


def build(folder, files):
    for name, text in files.items():
        path = Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def verdict(files):
    with tempfile.TemporaryDirectory() as folder:
        build(folder, files)
        return check(folder)


def main():
    failures = [f"the sound house has breaches: {found}" for found in [verdict(SOUND)] if found]
    for name, line, rule in PLANTED:
        text = SOUND.get(name, "")
        found = verdict({**SOUND, name: f"{text}{line}\n"})
        place = HEADER_MEANT.get(line or name, f"{name}:{text.count(chr(10)) + 1}:")
        if not any(breach.startswith(place) and rule in breach for breach in found):
            failures.append(f"planted '{line}' in {name}, expected '{place} … {rule} …', found {found}")
    for failure in failures:
        print(failure)
    print(f"{len(PLANTED)} planted breaches, {len(failures)} failures")
    return bool(failures)


sys.exit(main())
