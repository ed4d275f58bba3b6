"""check.py ROOT: reads the #include lines of include/, src/ and tools/ against the floor table; status 1 on a breach."""

import sys

from floors import House

house = House(sys.argv[1])
for breach in house.check():
    print(breach)
print(f"{len(house.public)} public headers on their floors, {len(house.breaches)} breaches")
if not house.public:
    sys.exit("nothing was read: is this the root of the repository?")
sys.exit(bool(house.breaches))
