"""Values cross as JSON and arrive as exact built-in types; what a guest makes up does not arrive at all."""

import datetime as dt
import enum
import json
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from decimal import Decimal
from fractions import Fraction
from typing import Any, NoReturn

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu.codegrading.errors import BadValue, NotCarried
from hocvu.codegrading.values import Decoder, Encoder


def nothing_kept(value: Any) -> NoReturn:
    raise NotCarried(type(value).__name__)


def across(value: Any) -> Any:
    """Return what arrives of a value."""
    data = json.loads(json.dumps(Encoder(nothing_kept).encode(value), allow_nan=False))
    return Decoder(nothing_kept).decode(data)


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary() | st.fractions(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text() | st.integers() | st.booleans(), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(PLAIN)
def test_plain_values_arrive_as_they_are(value: Any) -> None:
    assert repr(across(value)) == repr(value)


@pytest.mark.parametrize(
    "value",
    [
        {1, 2}, frozenset("ab"), bytearray(b"x"), 2 + 3j, range(1, 9, 2), dt.date(2027, 1, 2), dt.timedelta(1, 2, 3),
        dt.datetime(2027, 1, 2, 3, 4, tzinfo=dt.UTC), Decimal("1.50"), Fraction(2, 3), Counter("aab"), deque([1]),
        OrderedDict(b=1, a=2), 1 << 300, float("inf"), -0.0,
    ],
)  # fmt: skip
def test_the_standard_librarys_values_arrive_as_they_are(value: Any) -> None:
    arrived = across(value)
    assert arrived == value and type(arrived) is type(value)


def test_subclasses_arrive_as_the_built_in_they_extend() -> None:
    class Yes(int):
        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = int.__hash__

    colour = enum.IntEnum("colour", "RED")
    point = namedtuple("point", "x y")
    for value, plain in ((Yes(3), 3), (colour.RED, 1), (point(1, 2), (1, 2)), (defaultdict(int, a=1), {"a": 1})):
        arrived = across(value)
        assert type(arrived) is type(plain) and arrived == plain
    assert across(Yes(3)) != 4


@pytest.mark.parametrize("dtype", ["?", "i1", "u8", "f4", "f8", "c16", "M8[ns]", "m8[s]", "U3", "S2", "O", ">i4"])
def test_arrays_arrive_with_dtype_and_shape(dtype: str) -> None:
    array = np.arange(6).reshape(2, 3).astype(dtype)
    arrived = across(array)
    assert arrived.dtype == array.dtype.newbyteorder("=") and arrived.shape == (2, 3)
    assert (arrived == array).all()
    scalar = across(array[0, 1])
    assert type(scalar) is type(array[0, 1]) and scalar == array[0, 1]


@pytest.mark.parametrize(
    "table",
    [
        pd.DataFrame({"a": [1, 2], "b": ["x", None], "c": [1.5, np.nan]}, index=["r", "s"]),
        pd.DataFrame({"k": list("aab"), "v": [1, 2, 3]}).groupby("k").agg(["sum", "mean"]),
        pd.DataFrame(columns=["a"]),
        pd.Series([1, 2], name="n", dtype="Int64"),
        pd.Series(["a", "b", "a"], dtype="category"),
        pd.Series(pd.date_range("2027-01-01", periods=3, tz="Asia/Ho_Chi_Minh")),
        pd.Series([1, 2, 3], index=pd.date_range("2027-01-01", periods=3, freq="D")),
        pd.Series([True, False]),
    ],
)
def test_tables_arrive_equal(table: Any) -> None:
    check = pd.testing.assert_frame_equal if isinstance(table, pd.DataFrame) else pd.testing.assert_series_equal
    check(across(table), table)


MADE_UP: list[Any] = [
    {"t": "pickle", "v": "gASV"}, {"no": "tag"}, {"t": 3}, {"t": "int", "v": 5}, {"t": "tuple", "v": 3},
    {"t": "nd", "dtype": "O8", "shape": [1], "v": []}, {"t": "nd", "dtype": "<f8", "shape": [10**9], "v": ""},
    {"t": "nd", "dtype": "<f8", "shape": [2], "v": "AAAA"},
    {"t": "nd", "dtype": "V8", "shape": [1], "v": "AAAAAAAAAAA="},
    {"t": "nd", "dtype": "<U999999", "shape": [99], "v": ["a"] * 99}, {"t": "dict", "v": [[[], 1]]},
    {"t": "frame", "index": {"t": "index", "names": [None], "range": [0, 1, 1]}, "columns": 3, "data": []},
    {"t": "fraction", "v": ["0x1", "0x0"]}, {"t": "bytes", "v": "*"},
    {"t": "date", "v": "never"}, {"t": "decimal", "v": []},
]  # fmt: skip


@pytest.mark.parametrize("data", MADE_UP)
def test_made_up_values_are_refused(data: Any) -> None:
    with pytest.raises((BadValue, NotCarried)):
        Decoder(nothing_kept).decode(data)


def test_what_is_too_deep_or_too_large_is_not_sent() -> None:
    deep: list[Any] = []
    for _ in range(100):
        deep = [deep]
    for value in (deep, "x" * 3_000_000, list(range(300_000)), np.zeros(10**6)):
        with pytest.raises(NotCarried):
            across(value)
