"""Cheat or accident: a file that is no notebook. It is said what is wrong with it, and the next one is graded."""

import json
from typing import Any

import pytest

from hocvu.codegrading import NotebookStatus
from tests.attacks.code_story import HONEST, PRICES, honest_work_is_graded
from tests.codegrading.notebooks import as_bytes, code, handed_in
from tests.codegrading.story import Classroom, test_points

GOOD = as_bytes(handed_in(PRICES, HONEST))


def changed(**parts: Any) -> bytes:
    return json.dumps(json.loads(GOOD) | parts).encode()


def with_cell(cell: Any) -> bytes:
    return changed(cells=[*json.loads(GOOD)["cells"], cell])


BROKEN = {
    "empty": b"",
    "text": b"print('xin chao')",
    "a picture": b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
    "a zip": b"PK\x03\x04" + b"\0" * 100,
    "truncated": GOOD[:-20],
    "UTF-16": GOOD.decode().encode("utf-16"),
    "UTF-32": GOOD.decode().encode("utf-32"),
    "Latin-1": GOOD.replace("muộn".encode(), b"mu\xf4n"),
    "a scalar": b"3",
    "null": b"null",
    "a list": b"[" + GOOD + b"]",
    "deep": b"[" * 200_000 + b"]" * 200_000,
    "deep but parseable": changed(metadata=json.loads("[" * 300 + "]" * 300)),
    "NaN": changed(metadata={"x": float("nan")}),
    "Infinity": changed(metadata={"x": float("inf")}),
    "duplicate keys": b'{"cells": [], ' + GOOD[1:],
    "huge number": changed(nbformat=4).replace(b'"nbformat": 4', b'"nbformat": ' + b"4" * 5000),
    "nbformat 3": changed(nbformat=3),
    "nbformat true": changed(nbformat=True),
    "nbformat 4.0": changed(nbformat=4.0),
    "no cells": changed(cells=None),
    "cells as a dict": changed(cells={"0": {}}),
    "cells of numbers": changed(cells=[1, 2]),
    "cell of no type": with_cell({"source": "1"}),
    "cell of a strange type": with_cell(code("1") | {"cell_type": "heading"}),
    "source of numbers": with_cell(code("1") | {"source": [1]}),
    "source missing": changed(cells=[{"cell_type": "code", "source": None}]),
    "NUL": with_cell(code("a\0b")),
    "surrogate": with_cell(code("\ud800")),
    "a huge cell": with_cell(code("x" * 2_000_000)),
    "many cells": changed(cells=[code("1")] * 100_000),
    "a huge file": GOOD + b" " * 60_000_000,
    "no ids at all": changed(cells=[code("price = 1")]),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_reported_and_costs_nobody_else(room: Classroom, name: str) -> None:
    graded = room.grade(PRICES, BROKEN[name])
    assert graded.status is NotebookStatus.NOT_CHECKED
    assert graded.reason and "Traceback" not in graded.reason
    assert set(test_points(graded).values()) == {None}
    honest_work_is_graded(room)


def test_a_byte_order_mark_and_crlf_are_no_fault(room: Classroom) -> None:
    data = b"\xef\xbb\xbf" + GOOD.replace(b"\\n", b"\\r\\n")
    assert test_points(room.grade(PRICES, data))["t-open"] == 2.0
