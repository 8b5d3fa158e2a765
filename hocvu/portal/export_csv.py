"""The score table as CSV for Vietnamese spreadsheets, and its SHA-256, which every other format prints."""

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator
from datetime import datetime

from hocvu.portal.score_table import Cell, Line, Table, cells_of

CSV_TYPE = "text/csv; charset=utf-8"
BOM = b"\xef\xbb\xbf"  # without it Excel reads Vietnamese as another code page
LINES_AT_ONCE = 500
_FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠|%")


class CsvText:
    """CSV made line by line. sha256() is that of the whole file so far, so that an XLSX or PDF can name its twin."""

    def __init__(self, table: Table) -> None:
        self._buffer = io.StringIO()
        self._writer = csv.writer(self._buffer)
        self._hash = hashlib.sha256(BOM)
        self._writer.writerow([column.title for column in table.columns])

    def add(self, cells: Iterable[Cell]) -> None:
        self._writer.writerow([csv_text(cell) for cell in cells])

    def take(self) -> bytes:
        """Return what has come since the last time."""
        data = self._buffer.getvalue().encode()
        self._buffer.seek(0)
        self._buffer.truncate()
        self._hash.update(data)
        return data

    def sha256(self) -> str:
        self.take()
        return self._hash.hexdigest()


def csv_pieces(table: Table, lines: Iterable[Line]) -> Iterator[bytes]:
    """Yield the file piece by piece: numbers as 0,83 and dates as dd/mm/yyyy; no cell can start a formula."""
    text = CsvText(table)
    yield BOM
    for number, line in enumerate(lines, 1):
        text.add(cells_of(table, line))
        if number % LINES_AT_ONCE == 0:
            yield text.take()
    yield text.take()


def csv_text(cell: Cell) -> str:
    """Return a cell as CSV shows it; an apostrophe stands before what a spreadsheet would take for a formula."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if _is_formula(cell) else cell
    if isinstance(cell, datetime):
        return f"{cell:%d/%m/%Y}"
    return f"{cell:.4f}".rstrip("0").rstrip(".").replace(".", ",") if isinstance(cell, float) else str(cell)


def _is_formula(text: str) -> bool:
    return text != "" and (text[0] in _FORMULA_STARTS or text.lstrip()[:1] in _FORMULA_STARTS)


def sha256_of(table: Table, lines: Iterable[Line]) -> str:
    """Return the SHA-256 of the CSV file of these lines."""
    text = CsvText(table)
    for line in lines:
        text.add(cells_of(table, line))
    return text.sha256()
