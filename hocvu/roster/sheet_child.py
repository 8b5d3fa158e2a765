"""Reads a workbook in a process of its own, with bounded memory: a hostile file can only end this process.

Run as a script: the workbook comes on standard input, JSON lines go out: {"sheet", "formulas"} then one list per row.
A date is {"d": "2027-01-31"}. It imports nothing of this package.
"""

import io
import json
import re
import resource
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

import python_calamine as calamine

MEMORY_BYTES, CPU_S = 2_000_000_000, 180
MOST_FORMULAS = 5000
BLOCK_BYTES = 1 << 20
_FORMULA = re.compile(rb'<c r="([A-Z]{1,3}[0-9]{1,7})"[^>]{0,200}><f')
_SHEET = re.compile(rb'<sheet [^>]*?name="([^"]*)"[^>]*?r:id="([^"]*)"')
_TARGETS = (
    re.compile(rb'<Relationship [^>]*?Id="([^"]*)"[^>]*?Target="([^"]*)"'),
    re.compile(rb'<Relationship [^>]*?Target="([^"]*)"[^>]*?Id="([^"]*)"'),
)


def main() -> int:
    """Write the rows of every visible sheet; 3 a password, 4 not a workbook."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    data = sys.stdin.buffer.read()
    try:
        workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        for about in workbook.sheets_metadata:
            if about.typ == calamine.SheetTypeEnum.WorkSheet and about.visible == calamine.SheetVisibleEnum.Visible:
                _write({"sheet": about.name, "formulas": _formulas(data, about.name)})
                for row in workbook.get_sheet_by_name(about.name).iter_rows():
                    _write([_plain(cell) for cell in row])
    except calamine.PasswordError:
        return 3
    except Exception:  # the last edge of a process that reads hostile files; the parent says it
        return 4
    return 0


def _write(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=True, allow_nan=True) + "\n")


def _plain(cell: Any) -> Any:
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < 1e15 else cell
    if isinstance(cell, datetime):
        return {"d": cell.date().isoformat()}
    if isinstance(cell, date):
        return {"d": cell.isoformat()}
    return str(cell) if isinstance(cell, (time, timedelta)) else cell


def _formulas(data: bytes, sheet: str) -> list[str]:
    """The addresses of cells with a formula, as far as the file's parts can be found."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            path = _path_of(archive, sheet)
            return _scan(archive, path) if path else []
    except (KeyError, ValueError, NotImplementedError, zipfile.BadZipFile):
        return []


def _path_of(archive: zipfile.ZipFile, sheet: str) -> str:
    ids = {name.decode(errors="replace"): id for name, id in _SHEET.findall(archive.read("xl/workbook.xml"))}
    relations = archive.read("xl/_rels/workbook.xml.rels")
    targets = dict(_TARGETS[0].findall(relations)) or {id: target for target, id in _TARGETS[1].findall(relations)}
    target = targets.get(ids.get(sheet, b""), b"").decode(errors="replace")
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}" if target else ""


def _scan(archive: zipfile.ZipFile, path: str) -> list[str]:
    found: dict[str, None] = {}
    tail = b""
    with archive.open(path) as part:
        while (block := part.read(BLOCK_BYTES)) and len(found) < MOST_FORMULAS:
            found.update(dict.fromkeys(address.decode() for address in _FORMULA.findall(tail + block)))
            tail = block[-300:]
    return list(found)


if __name__ == "__main__":
    sys.exit(main())
