"""Importable classes whose instances the corpus holds."""
import dataclasses
import enum
import typing


class Color(enum.Enum):
    RED = 1
    GREEN = "green"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 10


class Point(typing.NamedTuple):
    x: int
    y: float


@dataclasses.dataclass
class Sample:
    name: str
    weights: object = None
    tags: list = dataclasses.field(default_factory=list)


class Plain:
    """An object with nothing but attributes."""

    def __init__(self, **attributes):
        self.__dict__.update(attributes)


class Slotted:
    __slots__ = ("left", "right")

    def __init__(self, left, right):
        self.left = left
        self.right = right


class WithNewArgs:
    """Pickled by NEWOBJ_EX (protocol 4 and later) with keyword arguments."""

    def __new__(cls, *, size):
        self = super().__new__(cls)
        self.size = size
        return self

    def __getnewargs_ex__(self):
        return (), {"size": self.size}


class Failure(Exception):
    pass


class Names(list):
    """A subclass of list: pickled as an object with list items."""


class Label(str):
    pass


class Count(int):
    pass


class Table(dict):
    pass


class Group(set):
    pass


def double(x):
    return 2 * x
