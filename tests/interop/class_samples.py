"""The classes of Python whose instances class_converter.cpp reads and makes."""
import collections
import dataclasses
import enum


class Plain:
    def __init__(self):
        raise TypeError("objects of this class are never made by a call")


class Outer:
    class Nested:
        pass

    class Color(enum.Enum):
        RED = 1
        GREEN = 2


@dataclasses.dataclass(eq=False)
class Data:
    name: str
    values: object
    score: float


@dataclasses.dataclass(frozen=True)
class FrozenPoint:
    x: float
    y: float


@dataclasses.dataclass(slots=True)
class SlottedPoint:
    x: float
    y: float


@dataclasses.dataclass(slots=True, frozen=True)
class FrozenSlottedPoint:
    x: float
    y: float


NamedPoint = collections.namedtuple("NamedPoint", ["x", "y"])


class Checked:
    def __init__(self, limit):
        self.limit, self.squared = limit, limit * limit

    def __reduce__(self):
        return Checked, (self.limit,)


class Level(enum.Enum):
    LOW = "low"
    HIGH = "high"
