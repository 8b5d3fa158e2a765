"""Values that cross between tests and learner code, as plain JSON: rebuilt here into exact built-in types.

A guest can write whatever it likes into a message; what `Decoder` makes of it is None, bool, int, float, complex,
str, bytes, a container of these, a date, an array or a table of a listed dtype, or a handle that stays in the guest.
So an object that is "equal to everything" never reaches a comparison.
"""

import base64
import datetime as dt
import math
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hocvu.codegrading.errors import BadValue, NotCarried
from hocvu.codegrading.tables import ArrayCodec, is_array_like

MAX_DEPTH = 30
MAX_NODES = 200_000
MAX_BYTES = 2_000_000  # of one value as JSON
SAFE_INT = 1 << 53
TAG = "t"

_SEQUENCES: dict[type, str] = {tuple: "tuple", set: "set", frozenset: "frozenset", deque: "deque"}
_DICTS: dict[type, str] = {dict: "dict", OrderedDict: "odict", Counter: "counter"}
_MAKE_SEQUENCE: dict[str, Callable[[list[Any]], Any]] = {
    "tuple": tuple, "set": set, "frozenset": frozenset, "deque": deque,
}  # fmt: skip
_MAKE_DICT: dict[str, Callable[[Any], Any]] = {
    "dict": dict, "odict": OrderedDict, "counter": lambda pairs: Counter(dict(pairs)),
}  # fmt: skip
Keep = Callable[[Any], dict[str, Any]]
Revive = Callable[[dict[str, Any]], Any]


class Encoder:
    """Turns one value into JSON; what cannot be carried goes to `keep`, which returns a tagged object or raises."""

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
        self._nodes = 0
        self._bytes = 0
        self._arrays = ArrayCodec(self.encode)

    def encode(self, value: Any, depth: int = 0) -> Any:
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise NotCarried(f"giá trị lồng quá {MAX_DEPTH} tầng hoặc có quá {MAX_NODES} phần tử")
        kind = type(value)
        if value is None or kind is bool:
            return value
        if kind is int:
            return self._int(value)
        if kind is float:
            return value if math.isfinite(value) else {TAG: "float", "v": repr(value)}
        if kind is str:
            return self._count(value)
        if kind is list:
            return [self.encode(item, depth + 1) for item in value]
        return self._tagged(value, kind, depth)

    def _int(self, value: int) -> Any:
        if -SAFE_INT < value < SAFE_INT:
            return value
        return {TAG: "int", "v": self._count(hex(value))}

    def _count(self, text: str) -> str:
        self._bytes += len(text)
        if self._bytes > MAX_BYTES:
            raise NotCarried(f"giá trị lớn hơn {MAX_BYTES} byte")
        return text

    def _tagged(self, value: Any, kind: type, depth: int) -> Any:
        if kind in _SEQUENCES:
            return {TAG: _SEQUENCES[kind], "v": [self.encode(item, depth + 1) for item in value]}
        if kind in _DICTS:
            pairs = [[self.encode(key, depth + 1), self.encode(item, depth + 1)] for key, item in value.items()]
            return {TAG: _DICTS[kind], "v": pairs}
        if kind is bytes or kind is bytearray:
            return {TAG: kind.__name__, "v": self._count(base64.b64encode(value).decode())}
        if is_array_like(value):
            made = self._arrays.encode(value, depth)
            if made is not None:
                self._count(made.get("v", "") if type(made.get("v")) is str else "")
                return made
        scalar = _encode_scalar(value, kind)
        if scalar is not None:
            return {TAG: scalar[0], "v": scalar[1]}
        return self._subclass(value, depth)

    def _subclass(self, value: Any, depth: int) -> Any:
        """Carry an instance of a subclass (IntEnum, namedtuple, defaultdict…) as the built-in that it extends."""
        if isinstance(value, type):
            return self._keep(value)
        if isinstance(value, int):
            return self._int(int.__add__(value, 0))
        for plain, copy in _PLAIN.items():
            if isinstance(value, plain):
                return self.encode(copy(value), depth)
        if isinstance(value, dict):
            return self.encode(dict(dict.items(value)), depth)
        return self._keep(value)


_PLAIN: dict[type, Callable[[Any], Any]] = {
    float: lambda value: float.__add__(value, 0.0),
    str: lambda value: str.__getitem__(value, slice(None)),
    bytes: lambda value: bytes.__getitem__(value, slice(None)),
    list: lambda value: list(list.__iter__(value)),
    tuple: lambda value: tuple(tuple.__iter__(value)),
    set: lambda value: set(set.__iter__(value)),
    frozenset: lambda value: frozenset(frozenset.__iter__(value)),
}


def _encode_scalar(value: Any, kind: type) -> tuple[str, Any] | None:
    if kind is complex:
        return "complex", [repr(value.real), repr(value.imag)]
    if kind is range:
        return "range", [hex(value.start), hex(value.stop), hex(value.step)]
    if kind in (dt.date, dt.datetime, dt.time):
        return kind.__name__, value.isoformat()
    if kind is dt.timedelta:
        return "timedelta", [value.days, value.seconds, value.microseconds]
    if kind is Decimal:
        return "decimal", str(value)
    if kind is Fraction:
        return "fraction", [hex(value.numerator), hex(value.denominator)]
    return None


class Decoder:
    """Builds exact built-in values from a guest's JSON; `revive` makes something of handles. Raises BadValue."""

    def __init__(self, revive: Revive) -> None:
        self._revive = revive
        self._nodes = 0
        self._arrays = ArrayCodec(self.decode)

    def decode(self, data: Any, depth: int = 0) -> Any:
        self._nodes += 1
        if depth > MAX_DEPTH + 2 or self._nodes > MAX_NODES:
            raise BadValue("a value that is too deep or has too many parts")
        if data is None or type(data) in (bool, int, float, str):
            return data
        if type(data) is list:
            return [self.decode(item, depth + 1) for item in data]
        if type(data) is not dict or type(data.get(TAG)) is not str:
            raise BadValue("an untagged object")
        try:
            return self._tagged(data[TAG], data, depth)
        except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
            raise BadValue(f"a malformed {data[TAG][:20]!r}: {type(error).__name__}") from error

    def _tagged(self, tag: str, data: dict[str, Any], depth: int) -> Any:
        if tag in _MAKE_SEQUENCE:
            return _MAKE_SEQUENCE[tag](self._list(data["v"], depth))
        if tag in _MAKE_DICT:
            return _MAKE_DICT[tag]([(key, item) for key, item in (self._list(pair, depth) for pair in data["v"])])
        if tag in ("bytes", "bytearray"):
            raw = base64.b64decode(data["v"], validate=True)
            return raw if tag == "bytes" else bytearray(raw)
        if tag in _SCALARS:
            return _SCALARS[tag](data["v"])
        if tag in ArrayCodec.TAGS:
            return self._arrays.decode(tag, data, depth)
        return self._revive(data)

    def _list(self, items: Any, depth: int) -> list[Any]:
        if type(items) is not list:
            raise BadValue("a sequence that is not a list")
        return [self.decode(item, depth + 1) for item in items]


def _hex(text: Any) -> int:
    if type(text) is not str or len(text) > MAX_BYTES:
        raise BadValue("an integer that is not text")
    return int(text, 16)


def _float(text: Any) -> float:
    if type(text) is not str or len(text) > 40:
        raise BadValue("a float that is not text")
    return float(text)


def _short(text: Any) -> str:
    if type(text) is not str or len(text) > 10_000:
        raise BadValue("text expected")
    return text


_SCALARS: dict[str, Callable[[Any], Any]] = {
    "int": _hex,
    "float": _float,
    "complex": lambda v: complex(_float(v[0]), _float(v[1])),
    "range": lambda v: range(_hex(v[0]), _hex(v[1]), _hex(v[2])),
    "date": lambda v: dt.date.fromisoformat(_short(v)),
    "datetime": lambda v: dt.datetime.fromisoformat(_short(v)),
    "time": lambda v: dt.time.fromisoformat(_short(v)),
    "timedelta": lambda v: dt.timedelta(days=int(v[0]), seconds=int(v[1]), microseconds=int(v[2])),
    "decimal": lambda v: Decimal(_short(v)),
    "fraction": lambda v: Fraction(_hex(v[0]), _hex(v[1])),
}
