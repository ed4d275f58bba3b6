"""The floor table of the house and what an #include line may name.

Each rule has a breach in selftest.py that must be found. check(root) returns sorted "file:line: rule" sentences.
"""

import re
from fnmatch import fnmatch
from pathlib import Path

# floor: the floors it stands on; what those stand on is allowed as well.
STANDS_ON = {
    "base": [],
    "io": ["base"],
    "codec": ["io"],
    "pickle": ["io"],
    "array": ["io"],
    "graph": ["pickle", "array"],
    "hash": ["graph", "codec"],
    "persist": ["graph", "array", "codec"],
    "memory": ["persist", "hash"],
    "parallel": ["persist"],
}
STARTS_THREADS = {"codec", "parallel"}
UMBRELLA = "umbrella"

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
STANDARD = re.compile(r"[a-z_]+|c[a-z]+|\w*intrin\.h|cpuid\.h|arm_acle\.h")


def below(floor):
    found = set(STANDS_ON[floor])
    for lower in STANDS_ON[floor]:
        found |= below(lower)
    return found


ALLOWED = {floor: below(floor) | {floor} for floor in STANDS_ON}


class House:
    def __init__(self, root):
        self.root = Path(root)
        self.breaches = []
        self.public = {}  # "error.hpp", "detail/checked.hpp": floor
        self.edges = {}  # header: [(header, line)]
        self.private = {p.relative_to(self.root / "src").as_posix() for p in self.root.glob("src/*/**/*.hpp")}

    def breach(self, place, line, rule):
        self.breaches.append(f"{place}:{line}: {rule}")

    def read_floors(self):
        table, name = {}, "tests/layers/floors.txt"
        for number, text in enumerate((self.root / name).read_text().splitlines(), 1):
            words = text.split("#")[0].split()
            if not words:
                continue
            if len(words) != 2 or words[1] not in {*STANDS_ON, UMBRELLA}:
                self.breach(name, number, f"not '<header> <floor>': {text}")
            elif not any((self.root / "include/jl").glob(f"{words[0]}.hpp")):
                self.breach(name, number, f"there is no include/jl/{words[0]}.hpp")
            else:
                table[words[0]] = words[1]
        return table

    def place_headers(self):
        table = self.read_floors()
        for header in sorted((self.root / "include/jl").rglob("*.hpp")):
            stem = header.relative_to(self.root / "include/jl").with_suffix("").as_posix()
            homes = [f for f in STANDS_ON if (self.root / "src" / f / f"{Path(stem).name}.cpp").is_file()]
            if stem in table:
                homes = [table[stem]]
            elif not homes:
                homes = sorted({floor for pattern, floor in table.items() if fnmatch(stem, pattern)})
            if len(homes) == 1:
                self.public[f"{stem}.hpp"] = homes[0]
            else:
                self.breach(f"include/jl/{stem}.hpp", 1,
                            f"its floor is not clear ({', '.join(homes) or 'no source of this stem'}): name it in tests/layers/floors.txt")

    def check_file(self, path, floor):
        place = path.relative_to(self.root).as_posix()
        for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            match = INCLUDE.match(text)
            if match:
                self.check_include(place, number, floor, *match.groups())

    def check_include(self, place, line, floor, bracket, name):
        if ".." in name.split("/"):
            self.breach(place, line, f"'{name}' climbs: include from the root of include/, src/ or tools/")
        elif name.startswith("jl/"):
            self.check_public(place, line, floor, name[3:])
        elif name in self.private:
            self.check_private(place, line, floor, name)
        elif bracket == '"' and floor != "tools":
            self.breach(place, line, f"there is no src/{name}: quotes are for private headers, from the root of src/")
        elif floor == "base" and not STANDARD.fullmatch(name):
            self.breach(place, line, f"base stands on the standard library only, not on <{name}>")
        elif name in {"thread", "future"} and floor not in STARTS_THREADS | {"tools", "memory"}:
            self.breach(place, line, f"no thread starts on floor {floor}, so no <{name}>")

    def check_public(self, place, line, floor, name):
        target = self.public.get(name)
        if not (self.root / "include/jl" / name).is_file():
            self.breach(place, line, f"there is no <jl/{name}>")
        elif floor == "tools":
            if name.startswith("detail/"):
                self.breach(place, line, f"tools use what is public, not <jl/{name}>")
        elif target == UMBRELLA and floor != UMBRELLA:
            self.breach(place, line, f"<jl/{name}> is for users: include what is used")
        elif target and floor != UMBRELLA and target not in ALLOWED[floor]:
            self.breach(place, line, f"floor {floor} stands on {self.names(floor)}, not on {target} (<jl/{name}>)")
        if place.startswith("include/jl/"):
            self.edges.setdefault(place, []).append((f"include/jl/{name}", line))

    def check_private(self, place, line, floor, name):
        target = name.split("/")[0]
        if place.startswith("include/"):
            self.breach(place, line, f"include/ never includes src/ ({name})")
        elif floor == "tools":
            self.breach(place, line, f"tools use what is public, not src/{name}")
        elif target in STANDS_ON and target not in ALLOWED[floor]:
            self.breach(place, line, f"floor {floor} stands on {self.names(floor)}, not on {target} ({name})")
        if place.endswith(".hpp"):
            self.edges.setdefault(place, []).append((f"src/{name}", line))

    def names(self, floor):
        return ", ".join(f for f in STANDS_ON if f in ALLOWED[floor] and f != floor) or "the standard library"

    def check_circles(self):
        done = set()

        def visit(header, path):
            for target, line in self.edges.get(header, []):
                if target in path:
                    self.breach(header, line, f"includes go in a circle: {' -> '.join([*path[path.index(target):], target])}")
                elif target not in done:
                    visit(target, [*path, target])
            done.add(header)

        for header in sorted(self.edges):
            if header not in done:
                visit(header, [header])

    def check(self):
        self.place_headers()
        for name, floor in self.public.items():
            self.check_file(self.root / "include/jl" / name, floor)
        for path in sorted(self.root.glob("src/**/*.[ch]pp")):
            floor = path.relative_to(self.root / "src").parts[0]
            if floor in STANDS_ON:
                self.check_file(path, floor)
            else:
                self.breach(path.relative_to(self.root).as_posix(), 1, f"there is no floor {floor}")
        for path in sorted(self.root.glob("tools/**/*.[ch]pp")):
            self.check_file(path, "tools")
        self.check_circles()
        return sorted(self.breaches)


def check(root):
    return House(root).check()
