"""Cleaned rows and reports, packed small enough to wait in the store until somebody decides."""

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from hocvu.roster.issues import Issue
from hocvu.roster.rows import RosterRow

FIELDS = tuple(field.name for field in fields(RosterRow))
_DAYS = {FIELDS.index("starts_on"), FIELDS.index("ends_on")}
_BLOCK_BYTES = 1 << 16


class RowPacker:
    """Takes rows one by one; only the packed bytes stay in memory."""

    def __init__(self) -> None:
        self._packer = zlib.compressobj(6)
        self._pieces: list[bytes] = []
        self.rows = 0

    def add(self, row: RosterRow) -> None:
        values = [getattr(row, name) for name in FIELDS]
        line = json.dumps(values, ensure_ascii=False, default=date.isoformat)
        self._pieces.append(self._packer.compress(line.encode() + b"\n"))
        self.rows += 1

    def finish(self) -> bytes:
        return b"".join([*self._pieces, self._packer.flush()])


def unpack_rows(body: bytes) -> Iterator[RosterRow]:
    """Yield the rows again, a block at a time."""
    unpacker, rest = zlib.decompressobj(), b""
    for start in range(0, len(body), _BLOCK_BYTES):
        lines = (rest + unpacker.decompress(body[start : start + _BLOCK_BYTES])).split(b"\n")
        rest = lines.pop()
        yield from map(_row, lines)


def _row(line: bytes) -> RosterRow:
    values = json.loads(line)
    for place in _DAYS:
        values[place] = date.fromisoformat(values[place]) if values[place] else None
    return RosterRow(*values)


def pack_report(report: Mapping[str, Any], issues: Iterable[Issue]) -> bytes:
    whole = {**report, "issues": [list(asdict(one).values()) for one in issues]}
    return zlib.compress(json.dumps(whole, ensure_ascii=False).encode())


def unpack_report(packed: bytes) -> tuple[dict[str, Any], list[Issue]]:
    """Return the report and its findings."""
    report: dict[str, Any] = json.loads(zlib.decompress(packed))
    return report, [Issue(*values) for values in report.pop("issues")]
